"""Exposure mapping: what a place meets under an assignment, and unbiased means over the lottery.

Aronow and Samii (2017), Annals of Applied Statistics 11. Each place is treated, near a treated place, or neither;
how likely each is follows from the lottery, by listing or drawing its assignments. Places that can never meet an
exposure are reported, not left out in silence.
"""

from dataclasses import dataclass

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.estimates import EVENTS, Estimates, from_se, stacked, warning
from odssim.evaluation.estimators.panel import CONTROL, FAR, TREATED, Panel, Plan
from odssim.evaluation.estimators.permutation import inverted, spans_of_lines
from odssim.evaluation.lottery.over_places import Mechanism, assignments_of

DIRECT, NEAR, NONE = range(3)
EXPOSURES = ("treated", "near a treated place", "neither")
MIN_DRAWS = 10_000


def exposures(assignments: Array, between_m: Array, range_m: float) -> Array:
    """Return what each place meets, int8[P, J]: DIRECT, NEAR (untreated within range) or NONE."""
    treated = np.asarray(assignments, dtype=bool)
    reach = (between_m <= range_m) & ~np.eye(len(between_m), dtype=bool)
    near = maths.counted(treated, reach) > 0
    return np.where(treated, DIRECT, np.where(near, NEAR, NONE)).astype(np.int8)


@dataclass(frozen=True)
class ExposureMap:
    """Chances over a lottery."""

    single: Array
    """Chance of each exposure for each place, float64[3, J]."""
    joint: Array
    """Chance that place i meets exposure d and place j exposure e, float64[3, 3, J, J]."""

    def never(self, exposure: int) -> Array:
        """Return the places that can never meet an exposure, bool[J]."""
        return np.asarray(self.single[exposure] <= 0)


def exposure_map(
    mechanism: Mechanism, between_m: Array, range_m: float, *, n_draws: int = MIN_DRAWS, seed: int = 1
) -> ExposureMap:
    """Return the chances of exposures, by listing all assignments or from at least 10,000 drawn ones."""
    rng = np.random.default_rng(seed)
    table, _ = assignments_of(mechanism, max(n_draws, MIN_DRAWS), rng)
    met = exposures(table, between_m, range_m)
    all_of = range(len(EXPOSURES))
    indicator = np.stack([met == d for d in all_of]).astype(np.float64)
    joint = np.empty((len(all_of), len(all_of), met.shape[1], met.shape[1]))
    for d in all_of:
        for e in all_of[d:]:
            joint[d, e] = maths.counted(indicator[d].T, indicator[e]) / len(table)
            joint[e, d] = joint[d, e].T
    return ExposureMap(indicator.mean(axis=1), joint)


def mean_outcome(y: Array, met: Array, chances: ExposureMap, exposure: int, *, hajek: bool = False) -> Array:
    """Return the mean outcome had all places met an exposure, float64[R], by inverse chances (Horvitz-Thompson).

    Only places that can meet it enter, and the mean is over them.

    `y`, `met`: outcome and exposure of each place, float64[R, J] and int8[R, J].
    `hajek`: divide by the sum of inverse chances in place of the number of places: biased a little, far steadier.
    """
    weight = _weights(met, chances, exposure)
    total = weight.sum(axis=1) if hajek else np.full(len(y), float((~chances.never(exposure)).sum()))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((weight * y).sum(axis=1) / total)


def _weights(met: Array, chances: ExposureMap, exposure: int) -> Array:
    """Return the inverse chances of the places that met an exposure, 0 for the others, float64[n, J]."""
    return np.where(met == exposure, _inverse(chances, exposure), 0.0)


def _inverse(chances: ExposureMap, exposure: int) -> Array:
    """Return the inverse chances of an exposure, 0 for places that can never meet it, float64[J]."""
    return np.where(chances.never(exposure), 0.0, 1.0 / np.maximum(chances.single[exposure], 1e-300))


def variance_bound(y: Array, met: Array, chances: ExposureMap, a: int, b: int) -> Array:
    """Return the estimated variance of mean_outcome(a) - mean_outcome(b), at least right on average, float64[R].

    Aronow and Samii's estimator: pairs of places that can never be seen together in their exposures are bounded
    by Young's inequality.
    """
    total = np.zeros(len(y))
    n = {d: max(int((~chances.never(d)).sum()), 1) for d in (a, b)}
    for d in (a, b):
        seen, pi = (met == d).astype(np.float64), np.where(chances.single[d] > 0, chances.single[d], np.inf)
        z = seen * y / pi
        pair = chances.joint[d, d]
        off = ~np.eye(len(pi), dtype=bool)
        known = (pair > 0) & off
        q = np.where(known, (pair - np.outer(chances.single[d], chances.single[d])) / np.where(known, pair, 1.0), 0.0)
        own = (z**2 * np.where(np.isfinite(pi), 1.0 - pi, 0.0)).sum(axis=1)
        never = (pair <= 0) & off & np.outer(np.isfinite(pi), np.isfinite(pi))
        young = (seen * np.where(np.isfinite(pi), y**2 / pi, 0.0) * never.sum(axis=1)).sum(axis=1)
        total += (own + np.einsum("ri,ij,rj->r", z, q, z) + young) / n[d] ** 2
    pi_a, pi_b = (np.where(chances.single[d] > 0, chances.single[d], np.inf) for d in (a, b))
    pair = chances.joint[a, b]
    known = pair > 0
    q = np.where(known, (pair - np.outer(chances.single[a], chances.single[b])) / np.where(known, pair, 1.0), 0.0)
    za, zb = (met == a) * y / pi_a, (met == b) * y / pi_b
    cross = np.einsum("ri,ij,rj->r", za, q, zb)
    never = ~known & np.outer(np.isfinite(pi_a), np.isfinite(pi_b))
    ya = ((met == a) * y**2 / pi_a * never.sum(axis=1)).sum(axis=1)
    yb = ((met == b) * y**2 / pi_b * never.sum(axis=0)).sum(axis=1)
    return np.asarray(total - (2.0 * cross - ya - yb) / (n[a] * n[b]))


def exposure(panel: Panel, plan: Plan) -> Estimates:
    """E12: change in events at treated places against places neither treated nor near one (Hajek).

    The error is the published bound; p and interval are the lottery's, which hold with few places too.

    The outcome of a place is its change, after less before at equal length. `parts` hold the same for places
    near a treated one, per place.
    """
    if plan.mechanism is None or not panel.between_m.size:
        nothing = np.full(panel.n_replicates, np.nan)
        return from_se("exposure", EVENTS, nothing, nothing, alpha=plan.alpha, warnings=(warning("no_map"),))
    if panel.between_m.ndim == 3:
        return stacked([exposure(panel.replicate(r), plan) for r in range(panel.n_replicates)])
    units = np.isin(panel.area[0], (TREATED, CONTROL, FAR))
    between = panel.between_m[np.ix_(units, units)]
    chances = exposure_map(plan.mechanism, between, plan.range_m, n_draws=plan.n_draws, seed=plan.seed)
    met = exposures(panel.area[:, units] == TREATED, between, plan.range_m)
    before, after = panel.sums()
    y = (after - before * panel.time_ratio)[:, units]
    means = [mean_outcome(y, met, chances, d, hajek=True) for d in range(len(EXPOSURES))]
    centred = y - np.select([met == d for d in range(3)], [np.nan_to_num(m)[:, None] for m in means])
    n = panel.n_of(TREATED)
    direct, near = means[DIRECT] - means[NONE], means[NEAR] - means[NONE]
    se = np.sqrt(np.maximum(variance_bound(centred, met, chances, DIRECT, NONE), 0.0))
    p, low, high = _by_lottery(y, met, direct, chances, between, plan)
    ok = np.isfinite(direct)
    low, high, p = (np.where(ok, values, np.nan) for values in (n * low, n * high, p))
    return Estimates(
        "exposure", EVENTS, n * direct, n * se, low, high, p, ok, plan.alpha, not_estimable(chances),
        {"near_per_place": near},
    )  # fmt: skip


def _by_lottery(
    y: Array, met: Array, direct: Array, chances: ExposureMap, between_m: Array, plan: Plan
) -> tuple[Array, Array, Array]:
    """Return p and interval of the direct effect per place from the lottery, float64[R] each."""
    assert plan.mechanism is not None
    table, is_all = assignments_of(plan.mechanism, plan.n_draws, np.random.default_rng(plan.seed))
    drawn = exposures(table, between_m, plan.range_m)
    n, rows = len(y), np.vstack([y, met == DIRECT, np.ones(y.shape[1])])
    treated, neither = (maths.sums(rows * _inverse(chances, d), (drawn == d).T) for d in (DIRECT, NONE))
    with np.errstate(divide="ignore", invalid="ignore"):
        contrast = treated[:-1] / treated[-1] - neither[:-1] / neither[-1]
    return inverted(*spans_of_lines(direct, np.full(n, -1.0), contrast[:n], -contrast[n:]), is_all, plan.alpha)


def not_estimable(chances: ExposureMap) -> tuple[str, ...]:
    """Return a sentence for each exposure that some places can never meet."""
    never = [(int(chances.never(d).sum()), name) for d, name in enumerate(EXPOSURES)]
    return tuple(warning("not_estimable", n=n, places=chances.single.shape[1], exposure=name) for n, name in never if n)
