"""Estimators that regress counts on a dose which varies over time: dose response, stepped wedge, crossover."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from odssim.evaluation.assign_time import TimeLottery
from odssim.evaluation.estimates import LOG_RATIO, Array, Estimates, from_se
from odssim.evaluation.panel import CONTROL, FAR, TREATED, Panel
from odssim.evaluation.permutation import permutation_p
from odssim.evaluation.plan import Plan
from odssim.evaluation.poisson_did import ENOUGH_CLUSTERS, FEW_CLUSTERS
from odssim.evaluation.poisson_panel import fit

DOSE_FOLLOWS = (
    "dose goes with how busy a place was before ({0:+.2f}): police go where crime rises, and the sign may flip; "
    "let the lot decide the dose"
)
STRONG = 0.5
NO_LOTTERY = "the order over time was not drawn by lot: no permutation test"


def used_cells(panel: Panel) -> Array:
    """Return the cells that count, bool[R, J, T]: treated, control and far places, all periods."""
    inside = np.isin(panel.area, (TREATED, CONTROL, FAR))
    return np.broadcast_to(inside[:, :, None], panel.counts.shape)


def clean_of_carry_over(on: Array, washout: int) -> Array:
    """Return the cells that are on, or off with at least `washout` off periods since the last on, bool[..., T]."""
    on = np.asarray(on, dtype=bool)
    tainted = np.zeros(on.shape, dtype=bool)
    for lag in range(1, washout + 1):
        tainted[..., lag:] |= on[..., :-lag]
    return on | ~tainted


def _regression(name: str, panel: Panel, plan: Plan, used: Array, warnings: tuple[str, ...]) -> Estimates:
    """Return the coefficient of the dose with errors clustered by place; t with places - 1 degrees of freedom."""
    found = fit(panel.counts, panel.dose[..., None], used)
    few = (FEW_CLUSTERS,) if found.n_clusters.min() < ENOUGH_CLUSTERS else ()
    with np.errstate(invalid="ignore"):
        se = np.where(found.converged, np.sqrt(found.covariance[:, 0, 0]), np.nan)
    return from_se(
        name, LOG_RATIO, found.beta[:, 0], se, alpha=plan.alpha, df=found.n_clusters - 1.0, warnings=warnings + few
    )


def dose_response(panel: Panel, plan: Plan) -> Estimates:
    """E11: log ratio per unit of dose, from a Poisson regression with place and period effects."""
    inside = panel.area == TREATED
    before, _ = panel.sums()
    given = panel.dose[:, :, panel.after].mean(axis=2)
    r = correlation(np.where(inside, before, np.nan), np.where(inside, given, np.nan))
    warnings = (DOSE_FOLLOWS.format(float(r)),) if abs(r) > STRONG else ()
    return _regression("dose_response", panel, plan, used_cells(panel), warnings)


def correlation(a: Array, b: Array) -> float:
    """Return the mean over replicates of the correlation of two measures of places; 0 where one does not vary."""
    x, y = (v - np.nanmean(v, axis=1, keepdims=True) for v in (a, b))
    scale = np.sqrt(np.nansum(x * x, axis=1) * np.nansum(y * y, axis=1))
    found = np.divide(np.nansum(x * y, axis=1), scale, out=np.zeros(len(scale)), where=scale > 1e-12)
    return float(found.mean())


def stepped_wedge(panel: Panel, plan: Plan) -> Estimates:
    """E10: log ratio of on to off from a Poisson regression with place and period effects.

    With a lottery over the order of the places, p is that of the permutation test of the score.
    """
    found = _regression("stepped_wedge", panel, plan, used_cells(panel), ())
    return _with_lottery(found, panel, plan, washout=0)


def crossover(panel: Panel, plan: Plan) -> Estimates:
    """E9: log ratio of on to off periods; off periods within the washout after an on period are left out.

    Periods before the start count as off. With a lottery over the periods, p is that of the permutation test
    of the difference between on and clean off periods, place and period means taken out.
    """
    clean = clean_of_carry_over(panel.dose > 0, panel.washout)
    found = _regression("crossover", panel, plan, used_cells(panel) & clean, ())
    return _with_lottery(found, panel, plan, washout=panel.washout)


def _with_lottery(found: Estimates, panel: Panel, plan: Plan, washout: int) -> Estimates:
    if plan.time_lottery is None:
        return replace(found, warnings=(*found.warnings, NO_LOTTERY))
    p, smallest = time_test(panel, plan.time_lottery, washout, plan.n_draws, plan.seed)
    return replace(found, p=np.where(found.ok, p, np.nan), parts={"smallest_p": np.array(smallest)})


def time_test(panel: Panel, lottery: TimeLottery, washout: int, n_draws: int, seed: int) -> tuple[Array, float]:
    """Return the permutation p of a dose drawn over time, float64[R], and the smallest there can be.

    The statistic is the mean residual in periods that are on less that in clean off periods, after what places
    and periods would have without any effect: count - place total x period total / total.
    """
    units = np.isin(panel.area[0], (TREATED, CONTROL))
    y = panel.counts[:, units, panel.start :]
    expected = y.sum(axis=2, keepdims=True) * y.sum(axis=1, keepdims=True)
    residual = y - expected / np.maximum(y.sum(axis=(1, 2), keepdims=True), 1e-300)
    table, is_all = lottery.table(n_draws, np.random.default_rng(seed))
    flat = residual.reshape(len(y), -1)
    on = panel.dose[:, units, panel.start :] > 0
    observed = (flat * _contrast(on, washout).reshape(len(y), -1)).sum(axis=1)
    statistics = flat @ _contrast(table, washout).reshape(len(table), -1).T
    n = len(table)
    return permutation_p(statistics, observed, is_all), 1.0 / n if is_all else 1.0 / (1 + n)


def _contrast(on: Array, washout: int) -> Array:
    """Return weights of the mean of on less the mean of clean off cells, float64[..., J, T]."""
    off = clean_of_carry_over(on, washout) & ~on
    n_on, n_off = on.sum(axis=(-2, -1), keepdims=True), off.sum(axis=(-2, -1), keepdims=True)
    return np.asarray(on / np.maximum(n_on, 1) - off / np.maximum(n_off, 1))
