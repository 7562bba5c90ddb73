"""Synthetic control: the weighted mean of untouched places that tracks the treated ones before the start.

Abadie, Diamond and Hainmueller (2010), Journal of the American Statistical Association 105. Weights minimise the
squared gap before the start, none negative, sum one. That is the point of the donors' convex hull nearest to the
treated series, found exactly by non-negative least squares (Lawson and Hanson 1974, chapter 23).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls
from scipy.special import ndtri

from odssim.evaluation.estimates import LOG_RATIO, Array, Estimates, safe_log
from odssim.evaluation.panel import CONTROL, FAR, TREATED, Panel
from odssim.evaluation.plan import Plan

FEW_DONORS = "with {0} donors a placebo p can never be below {1:.3g}"
POOR_FIT = "before the start the synthetic place misses the treated one by {0:.0f} % of its level: outside the hull"
POOR = 0.25


def weights(treated: Array, donors: Array) -> Array:
    """Return the donors' weights, float64[J], from series before the start, float64[T] and [J, T]."""
    gap = donors - treated
    scale = max(float(np.abs(gap).max()), 1e-12)
    stacked = np.vstack([gap.T / scale, np.ones(len(donors))])
    found, _ = nnls(stacked, np.append(np.zeros(len(treated)), 1.0), maxiter=50 * len(donors) + 100)
    return np.asarray(found / found.sum())


def fit_one(series: Array, treated: int, donors: Array, before: Array, after: Array) -> tuple[float, float, float]:
    """Return the log ratio after the start, and the root mean squared gap before and after it.

    Parameters
    ----------
    series
        float64[places, T].
    treated, donors
        Row of the place in question, rows of its donors.
    """
    w = weights(series[treated, before], series[donors][:, before])
    synthetic = w @ series[donors]
    gap = series[treated] - synthetic
    ratio = safe_log(series[treated, after].sum()) - safe_log(synthetic[after].sum())
    return float(ratio), float(np.sqrt((gap[before] ** 2).mean())), float(np.sqrt((gap[after] ** 2).mean()))


def synthetic_control(panel: Panel, plan: Plan) -> Estimates:
    """E6: log of the treated places' mean over its synthetic control after the start.

    p is the rank of the post/pre ratio of root mean squared gaps among all donors taken for treated in turn,
    itself counted; the interval is estimate +- the placebos' spread. Donors nearer than the exclusion radius
    are not used.
    """
    found = [_one(panel, r, plan) for r in range(panel.n_replicates)]
    estimate, se, p, n_donors, miss = (np.array(column) for column in zip(*found, strict=True))
    ok = np.isfinite(estimate) & np.isfinite(p)
    reach = ndtri(1.0 - plan.alpha / 2.0) * se
    warnings: tuple[str, ...] = ()
    if 1.0 / (n_donors.min() + 1.0) > plan.alpha:
        warnings = (FEW_DONORS.format(int(n_donors.min()), 1.0 / (n_donors.min() + 1.0)),)
    if np.nanmedian(miss) > POOR:
        warnings = (*warnings, POOR_FIT.format(100 * float(np.nanmedian(miss))))
    return Estimates(
        "synthetic_control", LOG_RATIO, estimate, se, estimate - reach, estimate + reach, p, ok, plan.alpha,
        warnings, {"n_donors": n_donors, "gap_before": miss},
    )  # fmt: skip


def _one(panel: Panel, r: int, plan: Plan) -> tuple[float, float, float, int, float]:
    """Return estimate, placebo spread, placebo p, number of donors and relative gap before, of one replicate."""
    area = panel.area[r]
    donor = np.isin(area, (CONTROL, FAR))
    if panel.distance_m.size:
        donor &= panel.distance_m[r] >= plan.exclude_within_m
    pool = panel.counts[r, donor]
    n = len(pool)
    if n < 2 or not (area == TREATED).any():
        return np.nan, np.nan, np.nan, n, np.nan
    series = np.vstack([panel.counts[r, area == TREATED].mean(axis=0), pool])
    rows = np.arange(n + 1)
    fits = [
        fit_one(series, row, rows[(rows != row) & (rows != 0)], panel.before, panel.after) for row in range(n + 1)
    ]
    ratio = np.array([after / max(before, 1e-9) for _, before, after in fits])
    p = float((ratio >= ratio[0] * (1 - 1e-9)).sum() / (n + 1))
    placebos = np.array([effect for effect, _, _ in fits[1:]])
    placebos = placebos[np.isfinite(placebos)]
    spread = float(placebos.std(ddof=1)) if len(placebos) > 1 else np.nan
    return fits[0][0], spread, p, n, fits[0][1] / max(float(series[0, panel.before].mean()), 1e-9)
