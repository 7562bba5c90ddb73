"""Periods over which a town is looked at, and what happened in them, place by place.

Periods are counted from `start_date`: months of 30 days, quarters of 90, half-years of 180. A period
that the run does not finish gives no row. The burn-in is looked at too where a window reaches into it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np

from odssim.core.declare import Parameter
from odssim.core.types import Array
from odssim.observe.result import RunResult
from odssim.world.codes import PLACE_TALLIES

Values = Mapping[str, Any]
MONTH, QUARTER, HALF_YEAR = 30, 90, 180
"""Lengths of the periods, days."""
CITY = -1
"""The place of rows that are about the whole city."""


@dataclass(frozen=True)
class Window:
    """What happened in a period: sums of the tallies and the mean nuisance of each place."""

    end: int
    """Kept days up to and including the last of the period."""
    days: int
    """Days of the period of which there is a record (fewer than asked for at the start of a run)."""
    tally: Array
    """int64 [P, tallies]."""
    nuisance: Array
    """float64 [P], mean over the days."""

    def count(self, *names: str) -> Array:
        """Return the sum of the named tallies, float64[P]; a name that is not counted adds nothing."""
        columns = [PLACE_TALLIES.index(name) for name in names if name in PLACE_TALLIES]
        return self.tally[:, columns].sum(axis=1).astype(np.float64)


@dataclass
class Rows:
    """Rows for the outcome table: day (0 is the first kept), place (or `CITY`), outcome, value."""

    days: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, end: int, outcome: str, places: Any, values: Any) -> None:
        """Add a row per place for the period that ends with day `end` - 1; what is not a number is left out."""
        for place, value in zip(np.atleast_1d(places), np.atleast_1d(values), strict=True):
            if np.isfinite(value):
                self.days.append(end - 1)
                self.places.append(int(place))
                self.outcomes.append(outcome)
                self.values.append(float(value))


def window(result: RunResult, end: int, days: int) -> Window:
    """Return the `days` days up to and including kept day `end` - 1."""
    records = [*result.past, *result.days_kept]
    last = len(result.past) + end
    records = records[max(0, last - days) : last]
    n_places, n_tallies = len(result.city.place_cell), len(PLACE_TALLIES)
    tally, nuisance = np.zeros(n_places * n_tallies), np.zeros(n_places)
    if records:
        place = np.concatenate([r.place for r in records]).astype(np.int64)
        kind = np.concatenate([r.tally for r in records])
        amount = np.concatenate([r.value for r in records])
        tally = np.bincount(place * n_tallies + kind, amount, n_places * n_tallies)
        sore = np.concatenate([r.nuisance_place for r in records])
        nuisance = np.bincount(sore, np.concatenate([r.nuisance for r in records]), n_places) / len(records)
    return Window(end, len(records), tally.reshape(n_places, n_tallies).astype(np.int64), nuisance)


def ends(n_days: int, step: int) -> list[int]:
    """Return the ends of the whole periods of `step` days in a run of `n_days`."""
    return list(range(step, n_days + 1, step))


def stamp(result: RunResult, end: int) -> int:
    """Return the number of a period's last day, the same in every run that has that day."""
    return (result.scenario.start_date + timedelta(days=end - 1)).toordinal()


def values_of(parameters: tuple[Parameter, ...], given: Mapping[str, float]) -> Values:
    """Return value (or tuple of values) by `Parameter.field`; the default where a scenario has none."""
    values: dict[str, Any] = {}
    for p in parameters:
        entries = tuple(float(given.get(key, default)) for key, default in zip(p.ids, p.defaults, strict=True))
        values[p.field] = entries if p.by else entries[0]
    return values
