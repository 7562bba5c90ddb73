"""Synthetic control: the weighted mean of untouched places that tracks the treated ones before the start.

Abadie, Diamond and Hainmueller (2010), Journal of the American Statistical Association 105. Weights minimise the
squared gap before the start, none negative, sum one. That is the point of the donors' convex hull nearest to the
treated series, found exactly by non-negative least squares (Lawson and Hanson 1974, chapter 23).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from odssim.core.numerals import told_p
from odssim.evaluation.assign import complete
from odssim.evaluation.estimates import LOG_RATIO, Array, Estimates, safe_log
from odssim.evaluation.panel import CONTROL, FAR, TREATED, Panel
from odssim.evaluation.permutation import inverted
from odssim.evaluation.plan import Plan
from odssim.language import marked

PLACEBOS = 99
"""Placebo groups drawn where there are more; with them no p is below 0.01."""
FEW_DONORS = marked("with {} donors a placebo p can never be below {}")
POOR_FIT = "before the start the synthetic place misses the treated one by {0:.0f} % of its level: outside the hull"
POOR = 0.25


def weights(treated: Array, donors: Array) -> Array:
    """Return the donors' weights, float64[J], from series before the start, float64[T] and [J, T]."""
    gap = donors - treated
    scale = max(float(np.abs(gap).max()), 1e-12)
    stacked = np.vstack([gap.T / scale, np.ones(len(donors))])
    found, _ = nnls(stacked, np.append(np.zeros(len(treated)), 1.0), maxiter=50 * len(donors) + 100)
    return np.asarray(found / found.sum())


def fit_group(series: Array, group: Array, before: Array, after: Array) -> tuple[float, float]:
    """Return the log ratio after the start of a group's mean over its synthetic control, and the gap before it.

    Parameters
    ----------
    series
        float64[places, T].
    group
        Which places are taken for treated, bool[places]; the others are donors.
    """
    own, donors = series[group].mean(axis=0), series[~group]
    synthetic = weights(own[before], donors[:, before]) @ donors
    ratio = safe_log(np.asarray(own[after].sum())) - safe_log(np.asarray(synthetic[after].sum()))
    return float(ratio), float(np.sqrt(((own - synthetic)[before] ** 2).mean()))


def placebo_groups(n_treated: int, n_places: int, seed: int) -> Array:
    """Return groups of as many places as the treated, who come first and are left out, bool[P, places]."""
    lottery = complete(n_places, n_treated)
    if lottery.n_assignments() > PLACEBOS + 1:
        return lottery.draw(PLACEBOS, np.random.default_rng(seed))
    every = lottery.every()
    return np.asarray(every[~every[:, :n_treated].all(axis=1)])


def synthetic_control(panel: Panel, plan: Plan) -> Estimates:
    """E6: log of the treated places' mean over its synthetic control after the start.

    Placebo groups of as many places are drawn among treated places and donors, all of them if they are few, and the
    others are their donors. p is the share of groups, the treated among them, with as large an effect; a supposed effect is
    taken from the treated places' own, so that the interval is their effect and the placebos' spread on both sides.
    Donors nearer than the exclusion radius are not used.
    """
    found = [_one(panel, r, plan) for r in range(panel.n_replicates)]
    estimate, se, p, low, high, n_donors, least, miss = (np.array(column) for column in zip(*found, strict=True))
    ok = np.isfinite(estimate) & np.isfinite(p)
    warnings: tuple[str, ...] = ()
    if least.max() > plan.alpha:
        warnings = (FEW_DONORS.format(int(n_donors.min()), told_p(least.max())),)
    if np.nanmedian(miss) > POOR:
        warnings = (*warnings, POOR_FIT.format(100 * float(np.nanmedian(miss))))
    return Estimates(
        "synthetic_control", LOG_RATIO, estimate, se, low, high, np.where(ok, p, np.nan), ok, plan.alpha, warnings,
        {"n_donors": n_donors, "gap_before": miss},
    )  # fmt: skip


def _one(panel: Panel, r: int, plan: Plan) -> tuple[float, ...]:
    """Return estimate, placebos' spread, p, interval, number of donors, smallest p and relative gap before."""
    treated, donor = panel.area[r] == TREATED, np.isin(panel.area[r], (CONTROL, FAR))
    if panel.distance_m.size:
        donor &= panel.distance_m[r] >= plan.exclude_within_m
    n_treated, n = int(treated.sum()), int(donor.sum())
    if n < 2 or not n_treated:
        return np.nan, np.nan, np.nan, np.nan, np.nan, n, 1.0, np.nan
    series = np.vstack([panel.counts[r, treated], panel.counts[r, donor]])
    own = np.arange(len(series)) < n_treated
    effect, gap = fit_group(series, own, panel.before, panel.after)
    groups = placebo_groups(n_treated, len(series), plan.seed)
    placebos = np.array([fit_group(series, group, panel.before, panel.after)[0] for group in groups])
    reach = np.where(np.isfinite(placebos), np.abs(placebos), np.inf)[None, :]
    p, low, high = (float(values[0]) for values in inverted(effect - reach, effect + reach, False, plan.alpha))
    known = placebos[np.isfinite(placebos)]
    spread = float(known.std(ddof=1)) if len(known) > 1 else np.nan
    level = max(float(series[own][:, panel.before].mean()), 1e-9)
    return effect, spread, p, low, high, n, 1.0 / (len(groups) + 1), gap / level
