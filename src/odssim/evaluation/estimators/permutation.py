"""Randomisation inference: what the estimate would have been, had other places been drawn."""

from dataclasses import replace

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.estimates import LOG_RATIO, Estimates, warning
from odssim.evaluation.estimators.nb_did import poisson_did
from odssim.evaluation.estimators.panel import CONTROL, TREATED, Panel, Plan
from odssim.evaluation.lottery.over_places import LARGEST_LIST, Blocks, Mechanism, assignments_of, complete
from odssim.language.written import p_text

TIE = 1e-9
"""Statistics that differ by less, relative to the observed, are ties."""
CHUNK = 4_000_000
"""Entries of an array of statistics held at a time."""


def spans_of_lines(observed: Array, slope: Array, values: Array, slopes: Array) -> tuple[Array, Array]:
    """Return between which supposed effects each assignment is at least as extreme as the observed, float64[R, P] each.

    `observed`, `slope`: the observed statistic and how it changes with the effect that is taken out, float64[R].
    `values`, `slopes`: the same under every assignment, float64[R, P].
    """
    seen, by = observed[:, None], slope[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = (values - seen) / (by - slopes), -(values + seen) / (by + slopes)
    always = ~(np.abs(slopes) < np.abs(by) * (1.0 - TIE)) | np.isnan(values)
    return np.where(always, -np.inf, np.minimum(*ends)), np.where(always, np.inf, np.maximum(*ends))


def inverted(lows: Array, highs: Array, is_all: bool, alpha: float, nothing: float = 0.0) -> tuple[Array, Array, Array]:
    """Return the p of no effect and the effects that the test does not reject, float64[R] each; both from one count.

    All spans hold the estimate, so that a supposed effect's p is the share of spans that hold it, and the ends of the
    interval are ranks of the spans' ends: p exceeds alpha if and only if the interval holds no effect.

    Parameters
    ----------
    lows, highs
        Spans of `spans_of_lines`, float64[R, P], on any rising scale.
    is_all
        Whether they are of all assignments; if not, the observed one is added to the drawn.
    nothing
        No effect, on that scale.
    """
    lows, highs = (np.where(np.abs(ends - nothing) < TIE, nothing, ends) for ends in (lows, highs))
    more = 0 if is_all else 1
    n = lows.shape[1] + more
    p = (((lows <= nothing) & (highs >= nothing)).sum(axis=1) + more) / n
    left_out = int(alpha * n + TIE) - more
    if left_out < 0:
        return p, np.full(len(p), -np.inf), np.full(len(p), np.inf)
    return p, maths.ranked(lows, left_out), -maths.ranked(-highs, left_out)


def permutation(panel: Panel, plan: Plan) -> Estimates:
    """E8: the Poisson difference in differences, with p and interval from the lottery that drew the places.

    The statistic is the log RIRR of summed counts; the interval holds the effects that, taken out of the treated
    places' counts after the start, the test does not reject.
    """
    base = poisson_did(panel, plan)
    nothing = np.full(panel.n_replicates, np.nan)
    if plan.mechanism is None:
        return replace(
            base, estimator="permutation", low=nothing, high=nothing, p=nothing,
            ok=np.zeros(panel.n_replicates, dtype=bool), warnings=(warning("not_drawn"),),
        )  # fmt: skip
    units = np.isin(panel.area[0], (TREATED, CONTROL))
    if (np.isin(panel.area, (TREATED, CONTROL)) != units).any():
        raise ValueError("a permutation test needs the same places, treated or control, in all replicates")
    before, after = (sums[:, units] for sums in panel.sums())
    treated = panel.area[:, units] == TREATED
    table, is_all = assignments_of(plan.mechanism, plan.n_draws, np.random.default_rng(plan.seed))
    rows = max(1, CHUNK // len(table))
    parts = []
    for first in range(0, panel.n_replicates, rows):
        r = slice(first, first + rows)
        # an effect's factor falls as the effect rises: minus the factor is a rising scale
        parts.append(inverted(*_spans(before[r], after[r], treated[r], table), is_all, plan.alpha, nothing=-1.0))
    p, low, high = (np.concatenate(part) for part in zip(*parts, strict=True))
    ok = np.isfinite(base.estimate)
    with np.errstate(divide="ignore"):
        low, high = (np.where(ok, -maths.log(-ends), np.nan) for ends in (low, high))
    smallest = smallest_p(plan.mechanism, plan.n_draws)
    warnings: tuple[str, ...] = ()
    if smallest > plan.alpha:
        warnings = (warning("too_coarse", p=p_text(smallest), alpha=f"{100 * plan.alpha:g}"),)
    return Estimates(
        "permutation", LOG_RATIO, base.estimate, base.se, low, high, np.where(ok, p, np.nan), ok, plan.alpha, warnings,
        {"smallest_p": np.array(smallest)},
    )  # fmt: skip


def placebo(panel: Panel, plan: Plan) -> Estimates:
    """E8 without a lottery: the same test as if so many treated places had been drawn among treated and controls."""
    n_treated, n_control = int(panel.n_of(TREATED)[0]), int(panel.n_of(CONTROL)[0])
    found = permutation(panel, replace(plan, mechanism=complete(n_treated + n_control, n_treated)))
    return replace(found, estimator="placebo", warnings=(warning("placebo"), *found.warnings))


def _spans(before: Array, after: Array, treated: Array, table: Array) -> tuple[Array, Array]:
    """Return the spans of all assignments, float64[R, P] each, on the scale of minus the factor x of an effect.

    With x for the treated, an assignment's RIRR is k (p x + q) / (r x + s) and the observed one c x: p and q are what it
    treats of the treated and of the others after the start, r and s what it leaves, k the inverse odds before.
    """
    own, rest = after * treated, after * ~treated
    b, p, q = (maths.sums(events, table.T) for events in (before, own, rest))
    total, own_all, rest_all = (sums.sum(axis=1, keepdims=True) for sums in (before, own, rest))
    r, s = own_all - p, rest_all - q
    with np.errstate(divide="ignore", invalid="ignore"):
        k = np.where((p + q > 0) & (r + s > 0), (total - b) / b, np.nan)
        treated_before = (before * treated).sum(axis=1, keepdims=True)
        c = own_all / rest_all * (total - treated_before) / treated_before
        as_large = _positive_root(c * r, c * s, k * p, k * q)
        as_small = _positive_root(k * c * p, k * c * q, r, s)
    # the assignment drawn and its like are always as extreme; one without a statistic counts so, the cautious side
    always = np.isnan(as_large + as_small) | (k == 0) | (k == np.inf)
    low = np.where(always, -np.inf, -np.maximum(as_large, as_small))
    return low, np.where(always, 0.0, -np.minimum(as_large, as_small))


def _positive_root(a: Array, plus: Array, minus: Array, c: Array) -> Array:
    """Return the positive root of a x^2 + (plus - minus) x = c, none of them negative.

    0 or infinite where there is none, NaN where all x solve it.
    """
    b = plus - minus
    b = np.where(np.abs(b) <= TIE * (plus + minus), 0.0, b)
    root = np.sqrt(b * b + 4.0 * a * c)
    return np.asarray(np.where(b > 0, 2.0 * c / (b + root), np.where(a > 0, root - b, c - b) / (2.0 * a)))


def smallest_p(mechanism: Mechanism, n_draws: int) -> float:
    """Return the smallest p that any data can give with this lottery."""
    if mechanism.n_assignments() > LARGEST_LIST:
        return 1.0 / (1 + n_draws)
    return mechanism.smallest_p() if isinstance(mechanism, Blocks) else 1.0 / mechanism.n_assignments()
