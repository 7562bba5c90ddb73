"""Randomisation inference: what the estimate would have been, had the lot fallen otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from odssim.evaluation.assign import (
    LARGEST_LIST,
    Array,
    Blocks,
    Mechanism,
    assignments_of,
    difference_weights,
)
from odssim.evaluation.estimates import LOG_RATIO, Estimates
from odssim.evaluation.panel import CONTROL, TREATED, Panel
from odssim.evaluation.plan import Plan
from odssim.evaluation.poisson_did import poisson_did

TIE = 1e-9
"""Statistics that differ by less, relative to the observed, are ties."""
CHUNK = 4_000_000
"""Entries of an array of statistics held at a time."""
NOT_DRAWN = "places were not drawn by lot: no permutation test"
BISECTIONS = 40


def permutation_p(statistics: Array, observed: Array, is_all: bool, *, side: int = 0) -> Array:
    """Return the share of assignments with a statistic at least as extreme as the observed one, float64[R].

    Parameters
    ----------
    statistics
        Under every assignment (the observed one among them), or under drawn ones, float64[R, P].
    observed
        float64[R].
    is_all
        Whether `statistics` holds every assignment; if not, the observed one is added to the drawn.
    side
        0 two-sided on the absolute statistic, -1 for a fall, 1 for a rise.
    """
    values, seen = (np.abs(statistics), np.abs(observed)) if side == 0 else (side * statistics, side * observed)
    margin = TIE * np.maximum(np.abs(seen), 1e-300)
    n = (values >= (seen - margin)[:, None]).sum(axis=1)
    n_all = statistics.shape[1]
    p = n / n_all if is_all else (1 + n) / (1 + n_all)
    return np.where(np.isfinite(observed), p, np.nan)


def difference_test(
    scores: Array, treated: Array, mechanism: Mechanism, *, n_draws: int = 2000, seed: int = 1, side: int = 0
) -> tuple[Array, Array]:
    """Return the difference of mean scores, weighted by block size, and its permutation p, float64[R] each.

    Parameters
    ----------
    scores
        One per place, such as the change of its counts, float64[R, J] or [J].
    treated
        The assignment that was drawn, bool[R, J] or [J].
    """
    values = np.atleast_2d(np.asarray(scores, dtype=np.float64))
    drawn = np.broadcast_to(np.asarray(treated, dtype=bool), values.shape)
    table, is_all = assignments_of(mechanism, n_draws, np.random.default_rng(seed))
    observed = (values * difference_weights(drawn, mechanism.block)).sum(axis=1)
    statistics = values @ difference_weights(table, mechanism.block).T
    return observed, permutation_p(statistics, observed, is_all, side=side)


def permutation(panel: Panel, plan: Plan) -> Estimates:
    """E8: the Poisson difference in differences, with p from the lottery that drew the places.

    The statistic is the log RIRR of summed counts. Its interval inverts the test (counts after the start
    divided by a supposed effect) if the plan asks for it, and is else that of the errors clustered by place.
    """
    base = poisson_did(panel, plan)
    if plan.mechanism is None:
        nothing = np.full(panel.n_replicates, np.nan)
        return replace(
            base, estimator="permutation", p=nothing, ok=np.zeros(panel.n_replicates, dtype=bool),
            warnings=(NOT_DRAWN,),
        )  # fmt: skip
    units = np.isin(panel.area[0], (TREATED, CONTROL))
    if (np.isin(panel.area, (TREATED, CONTROL)) != units).any():
        raise ValueError("a permutation test needs the same places, treated or control, in all replicates")
    before, after = (sums[:, units] for sums in panel.sums())
    treated = panel.area[:, units] == TREATED
    test = _Test(before, after, treated, plan)
    estimate = test.observed(np.zeros(panel.n_replicates))
    p = test.p(np.zeros(panel.n_replicates))
    ok = np.isfinite(estimate) & np.isfinite(p)
    warnings: tuple[str, ...] = ()
    if test.smallest > plan.alpha:
        warnings = (
            f"with this lottery p can never be below {test.smallest:.3g}: no outcome can reach {100 * plan.alpha:g} %",
        )
    low, high = test.interval(base) if plan.intervals else (base.low, base.high)
    return Estimates(
        "permutation", LOG_RATIO, estimate, base.se, low, high, p, ok, plan.alpha, warnings,
        {"smallest_p": np.array(test.smallest)},
    )  # fmt: skip


class _Test:
    """The test of one panel: sums of all places and the assignments to compare with."""

    def __init__(self, before: Array, after: Array, treated: Array, plan: Plan) -> None:
        assert plan.mechanism is not None
        rng = np.random.default_rng(plan.seed)
        self.before, self.after, self.treated, self.alpha = before, after, treated, plan.alpha
        table, self.is_all = assignments_of(plan.mechanism, plan.n_draws, rng)
        self.table = table.astype(np.float64).T
        self.smallest = smallest_p(plan.mechanism, plan.n_draws)
        # one matrix product gives every assignment's treated sums
        self.before_t = before @ self.table

    def observed(self, effect: Array) -> Array:
        """Return the statistic once a supposed effect is taken out, float64[R]."""
        after = self._without(effect)
        b, a = (self.before * self.treated).sum(axis=1), (after * self.treated).sum(axis=1)
        return _log_rirr(b, a, self.before.sum(axis=1), after.sum(axis=1))

    def p(self, effect: Array) -> Array:
        """Return the p of a supposed effect, float64[R]."""
        after = self._without(effect)
        rows = max(1, CHUNK // self.table.shape[1])
        p = np.empty(len(effect))
        seen = self.observed(effect)
        for first in range(0, len(effect), rows):
            r = slice(first, first + rows)
            total_b, total_a = self.before[r].sum(axis=1), after[r].sum(axis=1)
            statistics = _log_rirr(self.before_t[r], after[r] @ self.table, total_b[:, None], total_a[:, None])
            # an assignment without a statistic (an arm without events) counts as extreme: the cautious side
            statistics = np.where(np.isnan(statistics), np.inf, statistics)
            p[r] = permutation_p(statistics, seen[r], self.is_all)
        return p

    def interval(self, base: Estimates) -> tuple[Array, Array]:
        """Return the effects that the test does not reject, float64[R] each; inf where it can reject none."""
        centre = self.observed(np.zeros(len(base.estimate)))
        reach = np.where(np.isfinite(base.se) & (base.se > 0), base.se, 1.0)
        ends = []
        for side in (-1.0, 1.0):
            inner, outer = centre.copy(), centre + side * 2.0 * reach
            for _ in range(6):  # widen until the test rejects
                kept = self.p(outer) > self.alpha
                inner, outer = np.where(kept, outer, inner), np.where(kept, centre + (outer - centre) * 2, outer)
            open_end = self.p(outer) > self.alpha
            for _ in range(BISECTIONS):
                middle = (inner + outer) / 2
                kept = self.p(middle) > self.alpha
                inner, outer = np.where(kept, middle, inner), np.where(kept, outer, middle)
            ends.append(np.where(open_end, side * np.inf, inner))
        return ends[0], ends[1]

    def _without(self, effect: Array) -> Array:
        return np.where(self.treated, self.after * np.exp(-effect)[:, None], self.after)


def smallest_p(mechanism: Mechanism, n_draws: int) -> float:
    """Return the smallest p that any data can give with this lottery."""
    if mechanism.n_assignments() > LARGEST_LIST:
        return 1.0 / (1 + n_draws)
    return mechanism.smallest_p() if isinstance(mechanism, Blocks) else 1.0 / mechanism.n_assignments()


def _log_rirr(before: Array, after: Array, all_before: Array, all_after: Array) -> Array:
    """Return the log RIRR of a treated sum against the rest; NaN where a sum is not positive."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(after * (all_before - before) / (before * (all_after - after)))
    return np.where(np.isfinite(found), found, np.nan)
