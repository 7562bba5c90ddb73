"""History matching in waves: run, emulate, rule out, run again where nothing has been ruled out (NROY)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from odssim.core.types import Array
from odssim.errors import OdssimError
from odssim.language.written import figures
from odssim.studies.calibration.implausibility import CUTOFF, PatternEmulator, Target, fit_patterns, worst

Evaluate = Callable[[Array, int], Mapping[str, Array]]
"""(points float64[n, k] of the unit cube, wave from 1) -> by pattern, float64[n, replicates]."""
N_CANDIDATES = 1 << 13
MOST_CANDIDATES = 1 << 17
LEAST_FOUND = 100
ROUNDS = 12
"""Rounds of jumps from points that are not ruled out, where plain sampling finds too few."""


@dataclass(frozen=True)
class Wave:
    """One wave: what was run, which patterns could be used, and how much of the prior is left after it."""

    number: int
    points: Array
    emulators: tuple[PatternEmulator, ...]
    not_used: Mapping[str, str]
    nroy_share: float


@dataclass(frozen=True)
class History:
    """All waves of a match over a unit cube of `k` parameters."""

    k: int
    seed: int
    waves: tuple[Wave, ...] = field(default_factory=tuple)

    def is_plausible(self, points: Array) -> Array:
        """Return which points no wave rules out, bool[n]."""
        left = np.ones(len(points), dtype=bool)
        for wave in self.waves:
            rows = np.flatnonzero(left)
            if len(rows):
                left[rows] = worst(wave.emulators, points[rows]) <= CUTOFF
        return left

    @property
    def nroy_share(self) -> float:
        """Share of the prior that is not ruled out."""
        return self.waves[-1].nroy_share if self.waves else 1.0


def match(
    evaluate: Evaluate,
    targets: Sequence[Target],
    k: int,
    *,
    n_waves: int = 3,
    n_points: Sequence[int] = (100,),
    seed: int = 1,
    may_start: Callable[[Array, int], bool] = lambda points, wave: True,
) -> History:
    """Return the history of up to `n_waves` waves.

    `n_points`: of each wave; the last number holds for all later ones.
    `may_start`: asked before each wave, with its points; False ends the match there (no time left).

    Raises OdssimError: if everything is ruled out: the model cannot show these patterns together, or a band is too
    narrow.
    """
    history = History(k, seed)
    points, outcomes = np.zeros((0, k)), {target.id: np.zeros((0, 0)) for target in targets}
    for number in range(1, n_waves + 1):
        size = n_points[min(number, len(n_points)) - 1]
        fresh = latin(size, k, seed) if number == 1 else sample_nroy(history, size)
        if not may_start(fresh, number):
            break
        answers = evaluate(fresh, number)
        points = np.concatenate([points, fresh])
        outcomes = {
            key: np.concatenate([old, answers[key]]) if old.size else np.asarray(answers[key])
            for key, old in outcomes.items()
        }
        near = history.is_plausible(points)
        emulators, without = fit_patterns(points[near], {key: y[near] for key, y in outcomes.items()}, targets)
        wave = Wave(number, fresh, tuple(emulators), without, 0.0)
        history = _with_share(History(k, seed, (*history.waves, wave)))
    return history


def _with_share(history: History) -> History:
    candidates = latin(N_CANDIDATES, history.k, history.seed + 1)
    share = float(history.is_plausible(candidates).mean())
    return replace(history, waves=(*history.waves[:-1], replace(history.waves[-1], nroy_share=share)))


def latin(n: int, k: int, seed: int) -> Array:
    """Return a Latin hypercube sample, float64[n, k]."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(k, rng=np.random.default_rng([seed, n, k])).random(n))


def sample_nroy(history: History, n: int) -> Array:
    """Return `n` points that are not ruled out, spread out, float64[n, k].

    Plain candidates first; where they leave fewer than `n`, jumps from those found, with the spread of the
    found, until there are enough.

    Raises OdssimError: if no candidate is left.
    """
    rng = np.random.default_rng([history.seed, n, len(history.waves)])
    candidates = latin(N_CANDIDATES, history.k, history.seed + 1)
    found = candidates[history.is_plausible(candidates)]
    if len(found) == 0:
        found = _from_runs(history)
    for _ in range(ROUNDS):
        if len(found) >= 3 * n:
            break
        spread = np.maximum(found.std(axis=0), 0.01)
        jumps = found[rng.integers(len(found), size=4 * n)] + 0.7 * spread * rng.normal(size=(4 * n, history.k))
        inside = jumps[((jumps >= 0) & (jumps <= 1)).all(axis=1)]
        found = np.concatenate([found, inside[history.is_plausible(inside)]])
    if len(found) < n:
        raise OdssimError(
            "only {n} parameter sets that no pattern rules out were found: check bands and ranges", n=len(found)
        )
    return spread_out(found, n, rng)


def uniform_nroy(history: History, n: int) -> Array:
    """Return up to `n` points spread evenly over what is not ruled out, float64[n, k], drawn as by rejection.

    Fewer where `MOST_CANDIDATES` candidates hold fewer; none is an error as in `sample_nroy`, of which the points are
    then, denser near the runs.
    """
    found, tried = np.zeros((0, history.k)), 0
    while len(found) < n and tried < MOST_CANDIDATES:
        candidates = latin(N_CANDIDATES, history.k, history.seed + 2 + tried // N_CANDIDATES)
        found = np.concatenate([found, candidates[history.is_plausible(candidates)]])
        tried += N_CANDIDATES
    return found[:n] if len(found) >= min(n, LEAST_FOUND) else sample_nroy(history, n)


def _from_runs(history: History) -> Array:
    """Return the run points that are left when none of the candidates is."""
    runs = np.concatenate([wave.points for wave in history.waves])
    left = runs[history.is_plausible(runs)]
    if len(left) == 0:
        raise OdssimError(
            "every parameter set is ruled out: the model cannot show these patterns together within these "
            "ranges; alone they leave {shares}; widen a band or its discrepancy",
            shares=_left_alone(history),
        )
    return left


def _left_alone(history: History) -> str:
    """Return what each pattern alone leaves of the prior, the least first, in words."""
    candidates = latin(N_CANDIDATES, history.k, history.seed + 1)
    shares: dict[str, float] = {}
    for wave in history.waves:
        for one in wave.emulators:
            share = float((one.implausibility(candidates) <= CUTOFF).mean())
            shares[one.target.id] = min(share, shares.get(one.target.id, 1.0))
    return ", ".join(f"{key} {figures(100 * share, 2)} %" for key, share in sorted(shares.items(), key=lambda item: item[1]))


def spread_out(points: Array, n: int, rng: np.random.Generator) -> Array:
    """Return `n` of the points, each new one the farthest from those taken among a few random others."""
    left = list(rng.permutation(len(points)))
    taken = [left.pop()]
    nearest = ((points - points[taken[0]]) ** 2).sum(axis=1)
    while len(taken) < n:
        few = left[-10:]
        best = max(few, key=lambda i: nearest[i])
        left.remove(best)
        taken.append(best)
        nearest = np.minimum(nearest, ((points - points[best]) ** 2).sum(axis=1))
    return points[taken]
