"""What the patterns say about each parameter, and what they leave open."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from odssim.core.types import Array
from odssim.language.written import figures
from odssim.studies.sensitivity.space import Factor, Space

SAME_AS_PRIOR = 0.1
"""A marginal whose distribution function is nowhere farther than this from the prior's says nothing; assumption."""
N_BINS = 10
NEARLY_NONE = 0.05
"""A part of the range with less than this share of what it would hold by the prior is called implausible."""


@dataclass(frozen=True)
class Marginal:
    """One parameter's values that are not ruled out, over all values of the others."""

    parameter: str
    low: float
    high: float
    left_low: float
    left_median: float
    left_high: float
    distance: float
    """Largest distance between its distribution function and the prior's (0 to 1)."""
    implausible: str
    """Parts of the range that are all but ruled out, in words; empty if none."""
    verdict: str


def marginals(nroy: Array, space: Space) -> list[Marginal]:
    """Return one row per parameter from a uniform sample of what is not ruled out, float64[n, k]."""
    n = len(nroy)
    slack = 1.36 / np.sqrt(n)  # the sample's own distance from its law, with probability 0.95 (Kolmogorov)
    rows = []
    for i, factor in enumerate(space.factors):
        sorted_values = np.sort(nroy[:, i])
        steps = np.arange(1, n + 1) / n
        distance = float(max((steps - sorted_values).max(), (sorted_values - steps + 1 / n).max()))
        low, high, *left = factor.values(np.array([0, 1, *np.quantile(nroy[:, i], [0.05, 0.5, 0.95])])).tolist()
        verdict = "not identified: as wide as before" if distance < SAME_AS_PRIOR + slack else "narrowed"
        rows.append(Marginal(factor.id, low, high, left[0], left[1], left[2], distance, _holes(nroy[:, i], factor), verdict))
    return sorted(rows, key=lambda row: -row.distance)


def _holes(column: Array, factor: Factor) -> str:
    counts, _ = np.histogram(column, bins=N_BINS, range=(0, 1))
    is_empty = counts < NEARLY_NONE * len(column) / N_BINS
    parts, start = [], None
    for b in range(N_BINS + 1):
        if b < N_BINS and is_empty[b]:
            start = b if start is None else start
        elif start is not None:
            low, high = factor.values(np.array([start / N_BINS, b / N_BINS]))
            parts.append(f"{figures(low, 4)} to {figures(high, 4)}")
            start = None
    return "; ".join(parts)


def implausible_corners(nroy: Array, ids: Sequence[str]) -> list[str]:
    """Return pairs of halves of two parameters' ranges that are all but ruled out together, in words.

    Only where neither half is ruled out on its own.
    """
    found = []
    is_high = nroy > 0.5
    for i, j in combinations(range(len(ids)), 2):
        for high_i, high_j in ((False, False), (False, True), (True, False), (True, True)):
            here_i, here_j = is_high[:, i] == high_i, is_high[:, j] == high_j
            alone = min(here_i.mean(), here_j.mean())
            if alone > 4 * NEARLY_NONE and (here_i & here_j).mean() < NEARLY_NONE * alone:
                words = [f"{ids[p]} in its {'upper' if up else 'lower'} half" for p, up in ((i, high_i), (j, high_j))]
                found.append(" with ".join(words))
    return found
