"""Before-after, WDD and RIRR: the sums of two or four areas before and after, as arrays over replicates.

The formulas of `analysis.wdd` and `analysis.rirr`, many replicates at once; a test holds them equal.
"""

from __future__ import annotations

import numpy as np

from odssim.evaluation.estimates import EVENTS, LOG_RATIO, Array, Estimates, from_se, safe_log
from odssim.evaluation.panel import BUFFER, BUFFER_CONTROL, CONTROL, TREATED, Panel
from odssim.evaluation.plan import Plan

POISSON_SE = (
    "the standard error takes counts as Poisson; monthly counts of a place vary more, and the test then rejects "
    "far too often: give a dispersion, or read the permutation test"
)
ANYWAY = "before-after: what would have changed anyway, regression to the mean above all, is read as effect"
ONE_PLACE = "one treated place: the interval rests on how periods vary, not on how places do"


def before_after(panel: Panel, plan: Plan) -> Estimates:
    """E1: log of after over before at the treated places; the interval from how places differ.

    Variance: scores u_j = after_j - n_j p with p the share of all events that came after; linearised as in
    the fixed-effects Poisson difference in differences, CR1 and t. With one place, from how its periods vary.
    """
    treated = panel.area == TREATED
    before, after = panel.sums()
    b, a = (before * treated).sum(axis=1), (after * treated).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = safe_log(a) - safe_log(b) - np.log(panel.time_ratio)
        share = a / (a + b)
        u = np.where(treated, after - (before + after) * share[:, None], 0.0)
        n = treated.sum(axis=1)
        variance = (u**2).sum(axis=1) / ((a + b) * share * (1 - share)) ** 2 * n / (n - 1)
        alone = (1 / a + 1 / b) * period_dispersion(panel)
    lonely = n == 1
    se, df = np.sqrt(np.where(lonely, alone, variance)), np.where(lonely, panel.n_periods - 2, n - 1)
    warnings = (ANYWAY, ONE_PLACE) if lonely.any() else (ANYWAY,)
    return from_se("before_after", LOG_RATIO, estimate, se, alpha=plan.alpha, df=df, warnings=warnings)


def period_dispersion(panel: Panel) -> Array:
    """Return the variance over mean of the target's period counts around their before and after means, [R]."""
    series = (panel.counts * (panel.area == TREATED)[:, :, None]).sum(axis=1)
    squares = np.zeros(panel.n_replicates)
    degrees = 0
    for inside in (panel.before, panel.after):
        part = series[:, inside]
        mean = part.mean(axis=1, keepdims=True)
        squares += ((part - mean) ** 2 / np.maximum(mean, 1e-12)).sum(axis=1)
        degrees += int(inside.sum()) - 1
    return np.maximum(1.0, squares / max(degrees, 1))


def wdd(panel: Panel, plan: Plan) -> Estimates:
    """E2: weighted difference of treated and control, in events at the treated places."""
    return _weighted_difference(panel, plan, ((TREATED, 1, TREATED), (CONTROL, -1, TREATED)))


def wdd_areas(panel: Panel, plan: Plan) -> tuple[Estimates, Estimates] | None:
    """Return the WDD of the buffer alone and of target and buffer together; None without buffers of both."""
    if not (panel.has(BUFFER) and panel.has(BUFFER_CONTROL)):
        return None
    near = ((BUFFER, 1, BUFFER), (BUFFER_CONTROL, -1, BUFFER))
    total = ((TREATED, 1, TREATED), (CONTROL, -1, TREATED), *near)
    return _weighted_difference(panel, plan, near), _weighted_difference(panel, plan, total)


def _weighted_difference(panel: Panel, plan: Plan, areas: tuple[tuple[int, int, int], ...]) -> Estimates:
    """Return the sum over (area, sign, area it stands for) of changes.

    An area's counts are divided by the number of its places over that of the area it stands for, and by the
    length of the period over that of the after period.
    """
    phi = 1.0 if plan.dispersion is None else plan.dispersion
    total, variance = np.zeros(panel.n_replicates), np.zeros(panel.n_replicates)
    for area, sign, stands_for in areas:
        weight = np.maximum(panel.n_of(area), 1) / np.maximum(panel.n_of(stands_for), 1)
        for count, side, time in zip(panel.area_sums(area), (-1, 1), (1 / panel.time_ratio, 1.0), strict=True):
            total = total + sign * side * count / (weight * time)
            variance = variance + phi * count / (weight * time) ** 2
    warnings = () if plan.dispersion is not None else (POISSON_SE,)
    return from_se("wdd", EVENTS, total, np.sqrt(variance), alpha=plan.alpha, warnings=warnings)


def rirr(panel: Panel, plan: Plan) -> Estimates:
    """E2: log of the target's after/before ratio over the controls'; SE from the four sums."""
    phi = 1.0 if plan.dispersion is None else plan.dispersion
    sums = [*panel.area_sums(TREATED), *panel.area_sums(CONTROL)]
    rb, ra, cb, ca = (safe_log(count) for count in sums)
    with np.errstate(divide="ignore"):
        variance = sum(phi / count for count in sums)
    warnings = () if plan.dispersion is not None else (POISSON_SE,)
    estimate = ra - rb - ca + cb
    return from_se("rirr", LOG_RATIO, estimate, np.sqrt(variance), alpha=plan.alpha, warnings=warnings)
