"""What every method answers with, one row per parameter, and the verdict in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from odssim.core.types import Array
from odssim.studies.sensitivity.space import DUMMY

MATTERS, DOES_NOT, UNKNOWN = "matters", "does not matter", "cannot be told yet: N too small"
LEAST = 0.05
"""The smallest index that matters: a twentieth of the variance, or of the strongest effect; assumption."""


@dataclass(frozen=True)
class Index:
    """One index of one parameter or group with its 95 % interval."""

    parameter: str
    measure: str
    """What the index is: ``S1``, ``ST``, ``effect``, ``swing``, ``pawn``, ``shapley``."""
    value: float
    low: float
    high: float
    smallest: float = LEAST
    """From where on it matters, in the unit of `value`."""
    verdict: str = ""
    """In words; empty for what is not judged."""


def indices_of(
    names: Sequence[str], measure: str, value: Array, low: Array, high: Array, smallest: float = LEAST
) -> list[Index]:
    """Return one index per name from arrays, float64[names] each."""
    ends = zip(names, value.tolist(), low.tolist(), high.tolist(), strict=True)
    return [Index(name, measure, v, down, up, smallest) for name, v, down, up in ends]


def judge(indices: Iterable[Index]) -> list[Index]:
    """Return the indices of one measure with their verdicts, the largest first, the dummy last.

    A parameter does not matter if its interval lies below `smallest`; it matters if its interval lies above
    zero and its value above all that the dummy could be; else more runs are needed.
    """
    rows = list(indices)
    ceiling = max((row.high for row in rows if row.parameter == DUMMY), default=0.0)
    judged = [replace(row, verdict=_verdict(row, ceiling)) for row in rows]
    return sorted(judged, key=lambda row: (row.parameter == DUMMY, -row.value))


def _verdict(row: Index, ceiling: float) -> str:
    if row.parameter == DUMMY:
        return "chance alone"
    if row.high < row.smallest:
        return DOES_NOT
    if row.low > 0 and row.value > max(ceiling, 0.0) and row.high >= row.smallest:
        return MATTERS
    return UNKNOWN


def judged_by_strongest(indices: Sequence[Index], share: float = LEAST) -> list[Index]:
    """Return `judge` of indices that have no natural scale: `smallest` is a share of the largest value."""
    largest = max((abs(row.value) for row in indices if row.parameter != DUMMY), default=0.0)
    return judge(replace(row, smallest=share * largest) for row in indices)
