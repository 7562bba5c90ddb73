"""Counts per place of one world, in truth and as each instrument that counts by place has them.

Registers enter late and twice, observers and cameras count only where they look. Survey and price reports do not
count by place (`NOT_BY_PLACE` says why), so that neither can be put into a displacement quotient.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from odssim.analysis.displacement.concentration import GAMMAS, nuisance_index
from odssim.analysis.displacement.rings import AREAS
from odssim.core.types import Array
from odssim.language import marked
from odssim.observe.instruments import count
from odssim.observe.result import RunResult
from odssim.observe.windows import MONTH, window

TRUTH = "open_deals"
TALLIED: Mapping[str, tuple[str, ...]] = {
    TRUTH: ("open_deals",),
    "recorded_offences": ("recorded_sale", "recorded_possession", "recorded_use"),
    "recorded_sale": ("recorded_sale",),
    "tips": ("tips",),
}
"""Sources counted every day, and the tallies that they add up."""
MONTHLY: Mapping[str, tuple[str, ...]] = {
    "seen.recorded_offences": ("seen.recorded_sale", "seen.recorded_possession", "seen.recorded_use"),
    "seen.tips": ("seen.tips",),
    "seen.observer_deals": ("seen.observer_deals",),
    "seen.camera_deals": ("seen.camera_deals",),
}
"""Instruments that report at the end of each month, and the readings that they add up."""
EVERYWHERE = ("seen.recorded_offences", "seen.tips")
"""Those for which silence is a zero; the others look at some places only."""
LABELS: Mapping[str, str] = {
    TRUTH: "open deals (truth)", "recorded_offences": "recorded offences", "recorded_sale": "recorded sales",
    "tips": "tips", "seen.recorded_offences": "register of offences", "seen.tips": "register of calls",
    "seen.observer_deals": "observers", "seen.camera_deals": "cameras",
}  # fmt: skip
NOT_BY_PLACE = (
    marked("the survey asks residents within 500 m, who live at the targets and in the buffer at once, for a share"),
    marked("the price reports give one level for the city"),
    marked("the raters say yes or no to a place"),
)
"""Instruments without a WDQ, a WDD or a rate ratio, and why."""


@dataclass(frozen=True)
class PlaceCounts:
    """One source in one world: counts per period of about a month and place, float64[periods, P].

    NaN where the source does not look.
    """

    source: str
    counts: Array


@dataclass(frozen=True)
class AreaCounts:
    """One source in two worlds of one seed: counts per period and area, float64[periods, 5], and H per gamma.

    A place counts in the periods in which the source looks at it in both worlds.
    """

    base_periods: Array
    other_periods: Array
    h_base: tuple[float, ...]
    h_other: tuple[float, ...]

    @property
    def base(self) -> Array:
        """Sums per area (`AREAS`) in the base world, float64[5]."""
        return np.asarray(self.base_periods.sum(axis=0))

    @property
    def other(self) -> Array:
        """Sums per area in the other world, float64[5]."""
        return np.asarray(self.other_periods.sum(axis=0))


def place_counts(result: RunResult, first: int, end: int) -> list[PlaceCounts]:
    """Return the counts of every source from kept day `first` to before `end`.

    What is reported monthly counts if the whole month lies within those days.
    """
    parts = np.array_split(np.arange(first, end), max(1, round((end - first) / MONTH)))
    tallies = [window(result, int(part[-1]) + 1, len(part)) for part in parts]
    found = [PlaceCounts(source, np.array([tally.count(*names) for tally in tallies])) for source, names in TALLIED.items()]
    rows, n_places = count(result), len(result.city.place_cell)
    ends = [e for e in range(MONTH, end + 1, MONTH) if e - MONTH >= first]
    for source, readings in MONTHLY.items():
        table = np.full((len(ends), n_places), 0.0 if source in EVERYWHERE else np.nan)
        for day, place, outcome, value in zip(rows.days, rows.places, rows.outcomes, rows.values, strict=True):
            if outcome in readings and day + 1 in ends:
                at = ends.index(day + 1), place
                table[at] = value + (table[at] if source in EVERYWHERE else 0.0)
        found.append(PlaceCounts(source, table))
    return found


def area_counts(base: list[PlaceCounts], other: list[PlaceCounts], area: Array) -> dict[str, AreaCounts]:
    """Return the sums per area of each source that counted anything in either world."""
    found = {}
    for mine, theirs in zip(base, other, strict=True):
        both = ~(np.isnan(mine.counts) | np.isnan(theirs.counts))
        worlds = [np.where(both, one.counts, 0.0) for one in (mine, theirs)]
        if any(world.any() for world in worlds):
            sums = [_by_area(world, area) for world in worlds]
            h = [tuple(nuisance_index(world.sum(axis=0), gamma) for gamma in GAMMAS) for world in worlds]
            found[mine.source] = AreaCounts(sums[0], sums[1], h[0], h[1])
    return found


def _by_area(counts: Array, area: Array) -> Array:
    return np.array([np.bincount(area, weights=period, minlength=len(AREAS)) for period in counts])
