"""How many places have each of the ten indicators of an open drug scene, compared pair by pair."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from odssim.analysis.statistics.intervals import paired_difference
from odssim.core.types import Array
from odssim.observe.indicators import ENOUGH, INDICATORS, truth
from odssim.observe.instruments import PARAMETERS
from odssim.observe.result import RunResult
from odssim.observe.windows import values_of

COUNTED = ("candidates", *(indicator.id for indicator in INDICATORS), "seven_or_more")
"""What is counted: candidate places, those with each indicator, those with seven or more."""


@dataclass(frozen=True)
class IndicatorRow:
    """How many places have one of the indicators at the end, with and without a mix."""

    alternative: str
    indicator: str
    """One of `COUNTED`."""
    unit: str
    base: float | None
    other: float | None
    """Places in the base's world and in the mix's, mean over seeds."""
    difference: float | None
    low: float | None
    high: float | None
    """Mean of other - base with its 95 % interval."""
    n_seeds: int


def indicator_counts(result: RunResult, end: int) -> Array:
    """Return the places behind each name of `COUNTED` in the 90 days up to kept day `end` - 1, float64[12]."""
    met = truth(result, end, values_of(PARAMETERS, result.scenario.parameters)).met
    return np.array([len(met), *met.sum(axis=0), (met.sum(axis=1) >= ENOUGH).sum()], dtype=np.float64)


def indicator_rows(label: str, base: Sequence[Array], other: Sequence[Array]) -> list[IndicatorRow]:
    """Return one row per name of `COUNTED`: places in both worlds, the paired difference with its interval.

    `base`, `other`: one float64[12] per seed.
    """
    rows = []
    for k, name in enumerate(COUNTED):
        pairs = paired_difference([counts[k] for counts in base], [counts[k] for counts in other], event=1.0)
        change = pairs.difference
        rows.append(
            IndicatorRow(label, name, "places", pairs.base, pairs.other, change.value, change.low, change.high, change.n)
        )
    return rows
