"""Interventions of a mix, or of the base, that work nowhere or that a budget cuts: what each lost, in how many runs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from odssim.analysis.comparison.contrast import SeedContrast


@dataclass(frozen=True)
class IdleRow:
    """An intervention that works nowhere."""

    mix: str
    id: str
    why: str
    n_runs: int
    of_runs: int
    """In how many runs, and of how many."""


@dataclass(frozen=True)
class CutRow:
    """An intervention that its payer's budget cut: means over the runs in which it did."""

    mix: str
    id: str
    n_runs: int
    of_runs: int
    """In how many runs, and of how many."""
    plan_sek: float
    cut_sek: float
    cost_sek: float
    """SEK planned, beyond the budget, and delivered for, over the whole run."""


def idle_rows(label: str, contrasts: Sequence[SeedContrast]) -> list[IdleRow]:
    """Return a row per intervention that works nowhere in some run."""
    found = Counter(idle for contrast in contrasts for idle in contrast.idle)
    return [IdleRow(label, key, why, n, len(contrasts)) for (key, why), n in found.items()]


def cut_rows(label: str, contrasts: Sequence[SeedContrast]) -> list[CutRow]:
    """Return a row per intervention that a budget cut in some run."""
    cuts: dict[str, list[tuple[float, float, float]]] = {}
    for contrast in contrasts:
        for key, *sums in contrast.cut:
            cuts.setdefault(key, []).append((sums[0], sums[1], sums[2]))
    return [CutRow(label, key, len(sums), len(contrasts), *np.mean(sums, axis=0).tolist()) for key, sums in cuts.items()]
