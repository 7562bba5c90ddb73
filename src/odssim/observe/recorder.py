"""Writes down, day by day, what the engine counted: sparse per place, dense for the city."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from odssim.core.types import Array
from odssim.observe.outcomes import PLACE_COLUMNS, PLACE_LEVELS
from odssim.world.codes import PlaceTally
from odssim.world.columns import NOBODY, SUBSTANCES, Status
from odssim.world.state import State

NUISANCE_FLOOR, FEAR_FLOOR = 0.1, 0.001
"""A place with less than both is not written."""


@dataclass
class DayRecord:
    """One day: non-zero place tallies as (place, tally, value), city tallies, signs of disorder, prices, cameras."""

    place: Array
    tally: Array
    value: Array
    city: Array
    nuisance_place: Array
    nuisance: Array
    fear: Array
    fear_share: float
    price_sek: Array
    price_cv: Array
    camera_place: Array = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    camera: Array = field(default_factory=lambda: np.zeros(0))
    cost_sek: float = 0.0
    cost_by_payer_sek: Mapping[str, float] = field(default_factory=dict)
    harm_cost_sek: float = 0.0
    process: Array = field(default_factory=lambda: np.zeros((0, 4), dtype=np.int64))


def price_levels(st: State) -> tuple[Array, Array]:
    """Return median price (SEK/g) and its coefficient of variation per substance, NaN where no seller."""
    medians, spread = np.full(len(SUBSTANCES), np.nan), np.full(len(SUBSTANCES), np.nan)
    selling = np.where(st.sellers["status"] == Status.FREE, st.sellers["substance"], NOBODY)
    price_sek = st.sellers["price"] / 100.0
    for k in range(len(SUBSTANCES)):
        prices = price_sek[selling == k]
        if len(prices):
            medians[k] = np.median(prices)
            spread[k] = prices.std() / prices.mean()
    return medians, spread


def by_day(records: Sequence[DayRecord], tally: PlaceTally, n_places: int) -> Array:
    """Return a tally per day and place, float32[days, P]."""
    table = np.zeros((len(records), n_places), dtype=np.float32)
    for d, record in enumerate(records):
        mine = record.tally == tally
        table[d, record.place[mine]] = record.value[mine]
    return table


class Recorder:
    """Keeps a `DayRecord` for each finished day; day 0 is the first simulated day."""

    def __init__(self, days: list[DayRecord] | None = None) -> None:
        """Start empty, or from the days of a stored past."""
        self.days: list[DayRecord] = list(days or [])

    def note_day(self, st: State) -> DayRecord:
        """Write down the day that has just ended."""
        counted = np.flatnonzero(st.place_tally.ravel() != 0)
        place, tally = np.divmod(counted, st.place_tally.shape[1])
        nuisance, fear = st.places["nuisance"], st.places["fear"]
        sore = np.flatnonzero((nuisance > NUISANCE_FLOOR) | (fear > FEAR_FLOOR))
        medians, spread = price_levels(st)
        watched = np.flatnonzero(st.places["camera"] > 0)
        record = DayRecord(
            place=place.astype(np.int32), tally=tally.astype(np.int8), value=st.place_tally[place, tally],
            city=st.city_tally.copy(), nuisance_place=sore.astype(np.int32),
            nuisance=nuisance[sore], fear=fear[sore],
            fear_share=float(np.average(fear, weights=st.places["footfall"])), price_sek=medians, price_cv=spread,
            camera_place=watched.astype(np.int32), camera=st.places["camera"][watched],
            process=np.column_stack([st.programmes[name] for name in
                                     ("n_planned", "planned_min", "n_delivered", "delivered_min")]),
        )  # fmt: skip
        self.days.append(record)
        return record

    def place_sum(self, outcome: str, first: int, last: int, n_places: int) -> Array:
        """Return the outcome per place summed over days first..last-1, float64[P]."""
        total = np.zeros(n_places)
        for record in self.days[max(0, first) : last]:
            if outcome in PLACE_LEVELS:
                total[record.nuisance_place] += getattr(record, PLACE_LEVELS[outcome])
            else:
                for column in PLACE_COLUMNS[outcome]:
                    mine = record.tally == column
                    total[record.place[mine]] += record.value[mine]
        return total
