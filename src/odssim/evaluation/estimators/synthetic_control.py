"""Synthetic control: the weighted mean of untouched places that tracks the treated ones before the start.

Abadie, Diamond and Hainmueller (2010), Journal of the American Statistical Association 105. Weights minimise the
squared gap before the start, none negative, sum one. That is the point of the donors' convex hull nearest to the
treated series, found exactly by non-negative least squares (Lawson and Hanson 1974, chapter 23).

Inside the hull (many donors, few periods) many weights fit alike, and which are found depends on the order of the
donors (Abadie and L'Hour 2021, Journal of the American Statistical Association 116; recalled). Places therefore stand
in the order of their own counts: who was treated decides nothing but which group is looked at.
"""

import zlib

import numpy as np
from scipy.optimize import nnls

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.estimates import LOG_RATIO, Estimates, safe_log, warning
from odssim.evaluation.estimators.panel import CONTROL, FAR, TREATED, Panel, Plan
from odssim.evaluation.estimators.permutation import inverted
from odssim.evaluation.lottery.over_places import complete
from odssim.language.written import p_text

PLACEBOS = 99
"""Placebo groups drawn where there are more; with them no p is below 0.01."""
POOR = 0.25
NOTHING = 1e-12
"""A weight that is none."""


def weights(treated: Array, donors: Array) -> Array:
    """Return the donors' weights, float64[P, n], from series before the start, float64[P, T] and [P, n, T].

    Which donors count is found one by one; their weights are then solved for anew, and once more for what the
    rounding left, in an order of sums that does not depend on the processor.
    """
    gap = donors - treated[:, None]
    scale = np.maximum(np.abs(gap).max(axis=(1, 2), keepdims=True), 1e-12)
    stacked = np.concatenate([gap / scale, np.ones((*gap.shape[:2], 1))], axis=2)
    wanted = np.append(np.zeros(gap.shape[2]), 1.0)
    found = np.stack([nnls(one.T, wanted, maxiter=50 * len(one) + 100)[0] for one in stacked])
    counts = found > NOTHING
    first = np.argsort(~counts, axis=1, kind="stable")[:, : counts.sum(axis=1).max(), None]
    x = np.take_along_axis(np.where(counts[..., None], stacked, 0.0), first, axis=1)
    square, turned = maths.product(x, x.transpose(0, 2, 1)), x.transpose(0, 2, 1)
    solved = maths.solve(square, maths.product(x, np.tile(wanted[:, None], (len(x), 1, 1))))
    solved = solved + maths.solve(square, maths.product(x, wanted[:, None] - maths.product(turned, solved)))
    result = np.zeros(found.shape)
    np.put_along_axis(result, first[..., 0], solved[..., 0], axis=1)
    return result / result.sum(axis=1, keepdims=True)


def fit_groups(series: Array, groups: Array, before: Array, after: Array) -> tuple[Array, Array]:
    """Return the log ratios after the start of groups' means over their synthetic controls, and the gaps before it.

    `series`: float64[places, T], in the order of their counts, the earliest period first: equals before the start are
    neighbours.
    `groups`: which places are taken for treated, equally many, bool[P, places]; the others are donors.
    """
    n = int(groups[0].sum())
    own = maths.product(groups * 1.0, series) / n
    donors = np.argsort(groups, axis=1, kind="stable")[:, : len(series) - n]
    shares = np.zeros(groups.shape)
    np.put_along_axis(shares, donors, weights(own[:, before], series[donors][:, :, before]), axis=1)
    synthetic = maths.product(shared(shares, ~groups, series[:, before]), series)
    ratio = safe_log(own[:, after].sum(axis=1)) - safe_log(synthetic[:, after].sum(axis=1))
    return ratio, np.sqrt(((own - synthetic)[:, before] ** 2).mean(axis=1))


def shared(weight: Array, donor: Array, series: Array) -> Array:
    """Return weights, float64[P, places], where donors with equal series, which are neighbours, have equal ones."""
    first = np.flatnonzero(np.append(True, (series[1:] != series[:-1]).any(axis=1)))
    mean = np.add.reduceat(weight, first, axis=1) / np.maximum(np.add.reduceat(donor * 1.0, first, axis=1), 1.0)
    return np.asarray(donor * np.repeat(mean, np.diff(first, append=len(series)), axis=1))


def placebo_groups(own: Array, series: Array, seed: int) -> Array:
    """Return groups of as many places as the treated, bool[places], who are left out if all are listed, bool[P, places].

    Other counts, another draw: with one draw for all data the size would be that of the draw.
    """
    lottery = complete(len(own), int(own.sum()))
    if lottery.n_assignments() > PLACEBOS + 1:
        return lottery.draw(PLACEBOS, np.random.default_rng([seed, zlib.crc32(series.tobytes())]))
    every = lottery.every()
    return np.asarray(every[(every != own).any(axis=1)])


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
        warnings = (warning("few_donors", n=int(n_donors.min()), p=p_text(least.max())),)
    if np.nanmedian(miss) > POOR:
        warnings = (*warnings, warning("poor_fit", percent=100 * float(np.nanmedian(miss))))
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
    places = np.flatnonzero(treated | donor)
    places = places[np.lexsort(panel.counts[r, places].T[::-1])]
    series, own = panel.counts[r, places], treated[places]
    groups = placebo_groups(own, series, plan.seed)
    (effect, *others), (gap, *_) = (
        x.tolist() for x in fit_groups(series, np.vstack([own, groups]), panel.before, panel.after)
    )
    placebos = np.array(others)
    reach = np.where(np.isfinite(placebos), np.abs(placebos), np.inf)[None, :]
    p, low, high = (float(values[0]) for values in inverted(effect - reach, effect + reach, False, plan.alpha))
    known = placebos[np.isfinite(placebos)]
    spread = float(known.std(ddof=1)) if len(known) > 1 else np.nan
    level = max(float(series[own][:, panel.before].mean()), 1e-9)
    return effect, spread, p, low, high, n, 1.0 / (len(groups) + 1), gap / level
