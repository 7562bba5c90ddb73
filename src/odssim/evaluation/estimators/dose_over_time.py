"""Estimators that regress counts on a dose which varies over time: dose response, stepped wedge, crossover."""

from dataclasses import replace

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.arms import ENOUGH_PLACES
from odssim.evaluation.estimators.estimates import LOG_RATIO, Estimates, from_se, warning
from odssim.evaluation.estimators.panel import CONTROL, FAR, TREATED, Panel, Plan
from odssim.evaluation.estimators.permutation import inverted, spans_of_lines
from odssim.evaluation.estimators.poisson_panel import fit
from odssim.evaluation.lottery.over_time import TimeLottery

STRONG = 0.5
ALONE = 1e-9
"""A place with less than this left of 1 less its leverage is fitted exactly, and says nothing of how places vary."""
SMALL_STEP, LARGE_STEP = 0.01, 3.0


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
    """Return the coefficient of the dose with errors clustered by place that allow for few places.

    The jackknife of Bell and McCaffrey (2002, CR3): a place's influence over 1 less its leverage, here its share of the
    information and, for the period effects, of the events (close to exact with one start and a dose of 0 or 1). Student's t
    with two less than the effective number of places, 1 / sum of squared shares of the information (Carter, Schnepel and
    Steigerwald 2017, Review of Economics and Statistics 99; recalled), at least 1.
    """
    found = fit(panel.counts, panel.dose[..., None], used)
    information = found.information[:, :, 0]
    free = 1.0 - information - found.events
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = (found.influence[:, :, 0] / np.where(free > ALONE, free, np.nan)) ** 2
        variance = squares.sum(axis=1) * (information * free).sum(axis=1)
        effective = 1.0 / (information**2).sum(axis=1)
    se = np.where(found.converged, np.sqrt(variance), np.nan)
    least = float(np.nanmin(effective))
    few = (warning("few_places_in_effect", n=f"{least:.1f}"),) if least < 2 * ENOUGH_PLACES else ()
    df = np.maximum(effective - 2.0, 1.0)
    return from_se(name, LOG_RATIO, found.beta[:, 0], se, alpha=plan.alpha, df=df, warnings=warnings + few)


def dose_response(panel: Panel, plan: Plan) -> Estimates:
    """E11: log ratio per unit of dose, from a Poisson regression with place and period effects."""
    inside = panel.area == TREATED
    before, _ = panel.sums()
    given = panel.dose[:, :, panel.after].mean(axis=2)
    r = correlation(np.where(inside, before, np.nan), np.where(inside, given, np.nan))
    warnings = (warning("dose_follows", r=f"{r:+.2f}"),) if abs(r) > STRONG else ()
    return _regression("dose_response", panel, plan, used_cells(panel), warnings)


def correlation(a: Array, b: Array) -> float:
    """Return the mean over replicates of the correlation of two measures of places; 0 where one does not vary."""
    x, y = (v - np.nanmean(v, axis=1, keepdims=True) for v in (a, b))
    scale = np.sqrt(np.nansum(x * x, axis=1) * np.nansum(y * y, axis=1))
    found = np.divide(np.nansum(x * y, axis=1), scale, out=np.zeros(len(scale)), where=scale > 1e-12)
    return float(found.mean())


def stepped_wedge(panel: Panel, plan: Plan) -> Estimates:
    """E10: log ratio of on to off from a Poisson regression with place and period effects.

    With a lottery over the order of the places, p and interval are those of the permutation test of the score.
    """
    found = _regression("stepped_wedge", panel, plan, used_cells(panel), ())
    return _with_lottery(found, panel, plan, washout=0)


def crossover(panel: Panel, plan: Plan) -> Estimates:
    """E9: log ratio of on to off periods; off periods within the washout after an on period are left out.

    Periods before the start count as off. With a lottery over the periods, p and interval are those of the permutation
    test of the difference between on and clean off periods, place and period means taken out.
    """
    clean = clean_of_carry_over(panel.dose > 0, panel.washout)
    found = _regression("crossover", panel, plan, used_cells(panel) & clean, ())
    return _with_lottery(found, panel, plan, washout=panel.washout)


def _with_lottery(found: Estimates, panel: Panel, plan: Plan, washout: int) -> Estimates:
    if plan.time_lottery is None:
        return replace(found, warnings=(*found.warnings, warning("no_lottery")))
    p, low, high, smallest = time_test(panel, plan.time_lottery, washout, plan, found.estimate)
    p, low, high = (np.where(found.ok, values, np.nan) for values in (p, low, high))
    return replace(found, p=p, low=low, high=high, parts={"smallest_p": np.array(smallest)})


def time_test(
    panel: Panel, lottery: TimeLottery, washout: int, plan: Plan, estimate: Array
) -> tuple[Array, Array, Array, float]:
    """Return p and interval of a dose drawn over time, float64[R] each, and the smallest p there can be.

    The statistic is the mean residual in periods that are on less that in clean off periods. The interval takes
    residuals to change with the supposed effect as they do between none and the estimate.
    """
    units = np.isin(panel.area[0], (TREATED, CONTROL))
    y, dose = panel.counts[:, units, panel.start :], panel.dose[:, units, panel.start :]
    step = np.clip(np.nan_to_num(estimate), -LARGE_STEP, LARGE_STEP)
    step = np.where(np.abs(step) < SMALL_STEP, SMALL_STEP, step)
    residual = _residual(y)
    change = (_residual(y * maths.exp(-step[:, None, None] * dose)) - residual) / step[:, None, None]
    table, is_all = lottery.table(plan.n_draws, np.random.default_rng(plan.seed))
    seen, drawn = (_on_and_off(on, washout) for on in (dose > 0, table))
    flat = [values.reshape(len(y), -1) for values in (residual, change)]
    observed, slope = (_mean(values * seen[0], seen[0]) - _mean(values * seen[1], seen[1]) for values in flat)
    values, slopes = (
        np.subtract(*(maths.sums(values, cells.T) / np.maximum(cells.sum(axis=1), 1) for cells in drawn)) for values in flat
    )
    n = len(table)
    found = inverted(*spans_of_lines(observed, slope, values, slopes), is_all, plan.alpha)
    return *found, 1.0 / n if is_all else 1.0 / (1 + n)


def _residual(y: Array) -> Array:
    """Return counts less what places and periods would have without any effect, row total x column total / total."""
    expected = y.sum(axis=2, keepdims=True) * y.sum(axis=1, keepdims=True)
    return np.asarray(y - expected / np.maximum(y.sum(axis=(1, 2), keepdims=True), 1e-300))


def _on_and_off(on: Array, washout: int) -> tuple[Array, Array]:
    """Return which cells are on and which are clean off cells, bool[n, J x T] each."""
    off = clean_of_carry_over(on, washout) & ~on
    return on.reshape(len(on), -1), off.reshape(len(on), -1)


def _mean(values: Array, cells: Array) -> Array:
    return np.asarray(values.sum(axis=1) / np.maximum(cells.sum(axis=1), 1))
