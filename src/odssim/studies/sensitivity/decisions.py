"""Which mix is best where in parameter space, and which parameter turns the choice."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from odssim.analysis.statistics.intervals import ROUNDING, half_width
from odssim.core.types import Array
from odssim.errors import OdssimError

N_SHUFFLES = 200
SMALLEST_LEAF = 0.1
"""A split must leave this share of the points on either side."""


@dataclass(frozen=True)
class MixShare:
    """In which share of parameter space a mix is best (Wilson interval), and there clearly so."""

    mix: str
    share: float
    low: float
    high: float
    clear_share: float


@dataclass(frozen=True)
class Flip:
    """What one parameter says about which mix is best."""

    parameter: str
    threshold: float
    """The value that parts the points best."""
    below: str
    below_share: float
    above: str
    """The mix that is most often best on either side, with how often."""
    above_share: float
    gain: float
    """Share of points whose best mix is named right by this split, less that of always naming the most
    frequent mix; and what the 95 % quantile of shuffled parameters reaches."""
    gain_by_chance: float
    verdict: str


def best_mixes(y: Array, *, lower_is_better: bool = True) -> tuple[Array, Array]:
    """Return the best mix of each point and whether it is clear, int[points] and bool[points].

    `y`: outcomes float64[points, mixes, replicates]; replicate r has the same seed in all mixes of a point.

    Notes
    -----
    Clear: the paired 95 % t interval of the difference from the runner-up lies on one side of zero; a difference
    that is equal in all replicates is not clear, unless there is no chance in any outcome.
    """
    n = y.shape[2]
    if n < 2:
        raise OdssimError("which mix is best needs at least 2 replicates per point")
    signed = y if lower_is_better else -y
    order = np.argsort(signed.mean(axis=2), axis=1, kind="stable")
    rows = np.arange(len(y))
    best = order[:, 0]
    if y.shape[1] == 1:
        return best, np.ones(len(y), dtype=bool)
    apart = signed[rows, order[:, 1]] - signed[rows, best]
    reach = half_width(1.0, n) * apart.std(axis=1, ddof=1) / np.sqrt(n)
    varies = np.ptp(apart, axis=1) > ROUNDING * np.abs(apart).max(axis=1)
    return best, np.asarray((apart.mean(axis=1) > reach) & (varies | ~np.ptp(y, axis=2).any()))


def mix_shares(best: Array, clear: Array, mixes: Sequence[str]) -> list[MixShare]:
    """Return the share of the points in which each mix is best, the largest first."""
    n, z = len(best), 1.959963984540054
    rows = []
    for m, mix in enumerate(mixes):
        p = float((best == m).mean())
        centre, reach = (p + z * z / (2 * n)), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        low, high = ((centre + sign * reach) / (1 + z * z / n) for sign in (-1, 1))
        rows.append(MixShare(mix, p, max(0.0, float(low)), min(1.0, float(high)), float(((best == m) & clear).mean())))
    return sorted(rows, key=lambda row: -row.share)


def flips(points: Array, values: Array, best: Array, mixes: Sequence[str], names: Sequence[str]) -> list[Flip]:
    """Return, per parameter, the split that best tells which mix is best, the most telling first.

    `points`, `values`: float64[points, names]: in the unit cube (for the split) and as parameter values (for the
    threshold).
    """
    rng = np.random.default_rng([1, len(best)])
    found = []
    for i, name in enumerate(names):
        gain, cut = _best_split(points[:, i], best)
        chance = [_best_split(rng.permutation(points[:, i]), best)[0] for _ in range(N_SHUFFLES)]
        bound = float(np.quantile(chance, 1 - 0.05 / len(names)))
        is_below = points[:, i] <= cut
        sides = [_most_frequent(best[side]) for side in (is_below, ~is_below)]
        turns = gain > bound and sides[0][0] != sides[1][0]
        threshold = float((values[is_below, i].max() + values[~is_below, i].min()) / 2)
        verdict = "turns the choice" if turns else "does not turn the choice, as far as these runs tell"
        (low_mix, low_share), (high_mix, high_share) = sides
        found.append(Flip(name, threshold, mixes[low_mix], low_share, mixes[high_mix], high_share, gain, bound, verdict))
    return sorted(found, key=lambda row: (row.verdict != "turns the choice", -row.gain))


def _most_frequent(best: Array) -> tuple[int, float]:
    counts = np.bincount(best)
    return int(counts.argmax()), float(counts.max() / len(best))


def _best_split(x: Array, best: Array) -> tuple[float, float]:
    """Return the gain of the best split of a column, and where it lies."""
    order = np.argsort(x, kind="stable")
    hot = np.eye(int(best.max()) + 1)[best[order]]
    below = np.cumsum(hot, axis=0)
    right = below.max(axis=1) + (below[-1] - below).max(axis=1)
    edge = max(1, round(SMALLEST_LEAF * len(x)))
    if len(x) < 2 * edge + 1:
        raise OdssimError("{n} points are too few to say which parameter turns the choice", n=len(x))
    at = edge - 1 + int(right[edge - 1 : len(x) - edge].argmax())
    return float((right[at] - below[-1].max()) / len(x)), float(x[order][at])
