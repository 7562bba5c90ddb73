"""Before-after, WDD and RIRR: the sums of two or four areas before and after, as arrays over replicates.

The formulas of `analysis.wdd` and `analysis.rirr`, many replicates at once; a test holds them equal.
"""

import math
from dataclasses import replace

import numpy as np

from odssim.core.types import Array
from odssim.evaluation.estimators.arms import Arm, arm, beside, few_places, mean_arm, together
from odssim.evaluation.estimators.estimates import EVENTS, LOG_RATIO, Estimates, from_se, safe_log, warning
from odssim.evaluation.estimators.nb_did import poisson_did
from odssim.evaluation.estimators.panel import BUFFER, BUFFER_CONTROL, CONTROL, TREATED, Panel, Plan


def before_after(panel: Panel, plan: Plan) -> Estimates:
    """E1: log of after over before at the treated places; the interval from how places differ (see `arms`).

    With one place the interval is from how its periods vary, and there is no verdict.
    """
    before, after = panel.sums()
    group = arm(before, after, panel.area == TREATED)
    estimate = group.log - math.log(panel.time_ratio)
    se, df = together((1.0, group))
    found = from_se("before_after", LOG_RATIO, estimate, se, alpha=plan.alpha, df=df, warnings=(warning("anyway"),))
    lonely = panel.n_of(TREATED) == 1
    if not lonely.any():
        return replace(found, warnings=(warning("anyway"), *few_places(panel, TREATED)))
    b, a = panel.area_sums(TREATED)
    with np.errstate(divide="ignore"):
        alone = np.sqrt((1 / a + 1 / b) * period_dispersion(panel))
    return from_se(
        "before_after", LOG_RATIO, estimate, np.where(lonely, alone, se), alpha=plan.alpha,
        df=np.where(lonely, panel.n_periods - 2, df), warnings=(warning("anyway"), warning("one_place")), decides=found,
    )  # fmt: skip


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
    before, after = panel.sums()
    change = after - before * panel.time_ratio
    sides: dict[int, list[tuple[Array | float, Arm]]] = {}
    for area, sign, stands_for in areas:
        weight = np.maximum(panel.n_of(area), 1) / np.maximum(panel.n_of(stands_for), 1)
        total = np.where(panel.n_of(area) > 0, total, np.nan)
        group = mean_arm(np.where(panel.area == area, change, np.nan))
        sides.setdefault(sign, []).append((panel.n_of(area) / weight, group))
        for count, side, time in zip(panel.area_sums(area), (-1, 1), (1 / panel.time_ratio, 1.0), strict=True):
            total = total + sign * side * count / (weight * time)
            variance = variance + phi * count / (weight * time) ** 2
    found = from_se("wdd", EVENTS, total, np.sqrt(variance), alpha=plan.alpha)
    se, df = together(*((1.0, beside(*parts)) for parts in sides.values()))
    few = few_places(panel, *(area for area, _, _ in areas))
    return _published(found, plan, from_se("wdd", EVENTS, total, se, alpha=plan.alpha, df=df, warnings=few))


def rirr(panel: Panel, plan: Plan) -> Estimates:
    """E2: log of the target's after/before ratio over the controls'; SE from the four sums."""
    phi = 1.0 if plan.dispersion is None else plan.dispersion
    sums = [*panel.area_sums(TREATED), *panel.area_sums(CONTROL)]
    rb, ra, cb, ca = (safe_log(count) for count in sums)
    with np.errstate(divide="ignore"):
        variance = sum(phi / count for count in sums)
    found = from_se("rirr", LOG_RATIO, ra - rb - ca + cb, np.sqrt(variance), alpha=plan.alpha)
    return _published(found, plan, poisson_did(panel, plan))


def _published(found: Estimates, plan: Plan, decides: Estimates) -> Estimates:
    """Return a published answer with the one that gives the verdict; with a known dispersion its own number does."""
    if plan.dispersion is not None:
        return found
    return replace(found, warnings=(warning("poisson_se"), *decides.warnings), decides=decides)
