"""One parameter at a time from the base, with the band that chance leaves around each value.

The start for understanding a mechanism (ten Broeke, van Voorn and Ligtenberg 2016), blind to interactions.
Differences from the base are paired by replicate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from odssim.analysis.statistics.intervals import Estimate, difference_estimate, mean_estimate, never_differs
from odssim.core.types import Array
from odssim.errors import OdssimError
from odssim.studies.sensitivity.index import DOES_NOT, LEAST, MATTERS, UNKNOWN
from odssim.studies.sensitivity.space import DUMMY, Space

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where each parameter is put, as a share of its range."""


@dataclass(frozen=True)
class Level:
    """The outcome with one parameter at one value: mean with 95 % band, and the paired difference from the base."""

    parameter: str
    share_of_range: float
    parameter_value: float
    value: float
    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float


def oat_levels(y: Array, space: Space, base: Array, levels: Sequence[float] = LEVELS) -> list[Level]:
    """Return the response to each parameter.

    `y`: outcomes float64[1 + parameters * levels, replicates] of `design.one_at_a_time`.
    `base`: the base point in the unit cube, float64[k].

    Raises OdssimError: with one replicate, or if the base has no outcome.
    """
    if y.shape[1] < 2:
        raise OdssimError("bands need at least 2 replicates per point")
    if not np.isfinite(y[0]).any():
        raise OdssimError("the base point has no outcome")
    rows, without_chance = [], not np.ptp(y, axis=1).any()
    for i, name in enumerate(space.ids):
        for j, share in enumerate(levels):
            point = base.copy()
            point[i] = share
            here = y[1 + i * len(levels) + j]
            change = difference_estimate(here - y[0], planned=without_chance)
            rows.append(Level(name, share, float(space.values(point)[i]), *_band(mean_estimate(here)), *_band(change)))
    return rows


def _band(estimate: Estimate) -> tuple[float, float, float]:
    numbers = (0.0, 0.0, 0.0) if never_differs(estimate) else (estimate.value, estimate.low, estimate.high)
    value, low, high = (np.nan if number is None else float(number) for number in numbers)
    return value, low, high


@dataclass(frozen=True)
class Swing:
    """The two levels of a parameter between which the outcome moves most, and the verdict."""

    parameter: str
    value: float
    low_end: Level
    high_end: Level
    verdict: str

    def row(self) -> dict[str, Any]:
        """Return the swing as a row of a table."""
        ends = {"lowest": self.low_end, "highest": self.high_end}
        row: dict[str, Any] = {"parameter": self.parameter, "value": self.value}
        for key, end in ends.items():
            row |= {f"{key}_at": end.parameter_value, key: end.value}
        return {**row, "verdict": self.verdict}


def swings(levels: Sequence[Level], share: float = LEAST) -> list[Swing]:
    """Return each parameter's swing, the largest first.

    A parameter matters if at some level its difference from the base is clear of zero and larger than what the
    dummy reaches; it does not if all its bands lie within `share` of the largest swing around the base.
    """
    by_name: dict[str, list[Level]] = {}
    for level in levels:
        by_name.setdefault(level.parameter, []).append(level)
    spans = {n: (min(ls, key=_value), max(ls, key=_value)) for n, ls in by_name.items()}
    size = {name: top.value - bottom.value for name, (bottom, top) in spans.items()}
    smallest = share * max((s for name, s in size.items() if name != DUMMY), default=0.0)
    ends = [x for level in by_name.get(DUMMY, []) for x in (level.difference_low, level.difference_high)]
    floor = max((abs(x) for x in ends if not np.isnan(x)), default=0.0)
    found = [Swing(name, size[name], *spans[name], _verdict(name, by_name[name], smallest, floor)) for name in by_name]
    return sorted(found, key=lambda row: (row.parameter == DUMMY, -row.value))


def _value(level: Level) -> float:
    return level.value


def _verdict(name: str, levels: Sequence[Level], smallest: float, floor: float) -> str:
    if name == DUMMY:
        return "chance alone"
    if all(-smallest < row.difference_low and row.difference_high < smallest for row in levels):
        return DOES_NOT
    clear = [row for row in levels if row.difference_low > 0 or row.difference_high < 0]
    return MATTERS if any(abs(row.difference) > floor for row in clear) else UNKNOWN
