"""The state of a run: a handful of arrays, which the compiled kernels read and write in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np

from odssim.core.declare import Parameter
from odssim.core.types import Array
from odssim.world import codes, columns
from odssim.world.fetch import LINE
from odssim.world.handle import Handle

RING_MINUTES = 2880
"""How far ahead an event may lie, minutes."""
LOG_ROOM = 1 << 20
"""Log lines kept before the engine hands them over."""
LEDGER_ROOM = 1 << 18

LONGEST_AGE = 1 << 14
"""Days for which what is left of a buyer's knowledge is noted: longer than any run and its burn-in."""
FURTHEST_MIN = 1000
"""Travel times are cut off here, minutes."""

EVENT, CALENDAR, LEDGER = columns.record("events"), columns.record("calendar"), columns.record("ledger")
DISTRICT, DISTRICT_PLACE = columns.record("districts"), columns.record("district_places")
TABLES, LEVERS, CLOCK = columns.record("tables"), columns.record("levers"), columns.record("clock")


@dataclass
class State(Handle):
    """Everything a rule may see; tables are record arrays of the columns in columns.csv."""

    buyers: Array
    sellers: Array
    places: Array
    visits: Array
    units: Array
    importers: Array
    wholesalers: Array
    programmes: Array
    targets: Array
    """Target places of the programmes, one after the other, row of places; -1: none chosen yet."""
    rail_min: Array
    """Minutes by rail between stations, shape (stations, stations)."""
    districts: Array
    district_places: Array
    fade: Array
    """What is left of a buyer's knowledge by its age in days, 0..1."""
    reach: Array
    """What is left of a place's pull by travel time in minutes, 0..1."""
    calendar: Array
    par: Array
    """The parameters: one record, a field per parameter (table in ODD.md, section 9)."""
    keys: Array
    """The keys of the random numbers: one record, a field per kind of draw."""
    tables: Array
    levers: Array
    clock: Array
    events: Array
    heads: Array
    """First event of each minute and phase, row of events, shape (RING_MINUTES, phases); -1: none."""
    order_hash: Array
    """Hashes of the events that run now, in their order."""
    order_event: Array
    """Rows of those events."""
    place_tally: Array
    """Today's tallies of places, shape (places, PLACE_TALLIES of world/codes.py)."""
    city_tally: Array
    """Today's tallies of the city (CITY_TALLIES of world/codes.py)."""
    log: Array
    """Lines of the event log, shape (lines, 6): minute, code, who, place, other, value; -1: none."""
    ledger: Array

    def __post_init__(self) -> None:
        """Copy the arrays into one block of memory and write down where they lie there."""
        self.gather()
        self.refresh()

    def gather(self) -> None:
        """Lay the arrays side by side on cache lines: one large block gets large pages, small ones do not."""
        arrays = {name: getattr(self, name) for name in self.FIELDS}
        sizes = {name: -(-array.nbytes // LINE) * LINE for name, array in arrays.items()}
        block = np.zeros(sum(sizes.values()) + LINE, dtype=np.uint8)
        at = -block.ctypes.data % LINE
        for name, array in arrays.items():
            place = block[at : at + array.nbytes].view(array.dtype).reshape(array.shape)
            place[...] = array
            setattr(self, name, place)
            at += sizes[name]

    def __getstate__(self) -> dict[str, Array]:
        """Return what is pickled: the arrays, not their addresses."""
        return {name: getattr(self, name) for name in self.FIELDS}

    def __setstate__(self, arrays: dict[str, Array]) -> None:
        """Take over pickled arrays."""
        self.__dict__.update(arrays)
        self.__post_init__()

    def __deepcopy__(self, _memo: object) -> State:
        """Return an independent copy."""
        return copy_state(self)


State.FIELDS = tuple(field.name for field in fields(State))


def pack_parameters(parameters: Iterable[Parameter], values: Mapping[str, float]) -> Array:
    """Return the parameter record (length 1): one field per parameter, a sub-array for a vector.

    `parameters`: all declared parameters.
    `values`: scalar ids to values; what is missing takes its default.
    """
    declared = list(parameters)
    shape = [(p.field, "f8", (len(p.by),)) if p.by else (p.field, "f8") for p in declared]
    record = np.zeros(1, dtype=shape)
    for p in declared:
        numbers = [values.get(i, v) for i, v in zip(p.ids, p.defaults, strict=True)]
        record[p.field] = numbers if p.by else numbers[0]
    return record


def make_calendar(first_day: date, n_days: int) -> Array:
    """Return weekday (0 = Monday), month and day of month of `n_days` days from `first_day`."""
    calendar = np.zeros(n_days, dtype=CALENDAR)
    for d in range(n_days):
        day = first_day + timedelta(days=d)
        calendar[d] = (day.weekday(), day.month, day.day)
    return calendar


def make_districts(places: Array) -> tuple[Array, Array]:
    """Return the table of districts and that of the places by district.

    Within a district the places that attract most come first: a race among them is over sooner.
    """
    n = int(places["district"].max()) + 1
    members = np.argsort(places["district"], kind="stable")
    districts = np.zeros(n, dtype=DISTRICT)
    districts["n"] = np.bincount(places["district"], minlength=n)
    districts["first"] = np.cumsum(districts["n"]) - districts["n"]
    for row in districts:
        mine = members[row["first"] : row["first"] + row["n"]]
        total = 0.0
        for p in mine:
            total += float(places["attraction"][p])
        row["attraction"] = total
        row["centre"] = mine[np.argmax(places["attraction"][mine])] if len(mine) else columns.NOBODY
    rows = np.zeros(len(places), dtype=DISTRICT_PLACE)
    members = np.lexsort((-places["attraction"], places["district"]))
    rows["place"] = members
    for column in ("station", "x_m", "y_m", "station_min"):
        rows[column] = places[column][members]
    return districts, rows


def needs_on_a_busy_day(buyers: Array, par: Array) -> int:
    """Return how many needs to make room for: those of the busiest day, and half as many again."""
    busiest = par["need_weekday"][0].max() * par["need_payday"][0] / 30
    return int(1.5 * np.minimum(columns.MAX_NEEDS, buyers["rate"] * busiest).sum()) + len(buyers) // 8


def assemble(
    *,
    buyers: Array,
    sellers: Array,
    places: Array,
    units: Array,
    importers: Array,
    wholesalers: Array,
    programmes: Array,
    targets: Array,
    rail_min: Array,
    calendar: Array,
    par: Array,
    keys: Array,
    tables: Array,
) -> State:
    """Return the state at minute 0 of day 0: the given tables plus empty queues, tallies and logs."""
    n_visits = int(par["patrol_visits_per_shift"][0]) * len(units) + 64 * len(targets) + 64
    n_events = 2 * len(buyers) + 16 * len(sellers) + 8 * n_visits + needs_on_a_busy_day(buyers, par) + 4096
    n_order = n_events // 8 + 4096
    events = np.zeros(n_events, dtype=EVENT)
    events["next"] = np.arange(1, n_events + 1)
    events["next"][-1] = -1
    clock = np.zeros(1, dtype=CLOCK)
    districts, district_places = make_districts(places)
    return State(
        buyers=buyers, sellers=sellers, places=places, visits=np.zeros(2 * n_visits, dtype=columns.VISIT), units=units,
        importers=importers, wholesalers=wholesalers, programmes=programmes, targets=targets, rail_min=rail_min,
        districts=districts, district_places=district_places, fade=np.zeros(LONGEST_AGE), reach=np.zeros(FURTHEST_MIN + 1),
        calendar=calendar, par=par, keys=keys, tables=tables, levers=np.zeros(1, dtype=LEVERS), clock=clock, events=events,
        heads=np.full((RING_MINUTES, codes.N_PHASES), -1, dtype=np.int32), order_hash=np.zeros(n_order, dtype=np.uint64),
        order_event=np.zeros(n_order, dtype=np.int64),
        place_tally=np.zeros((len(places), len(codes.PLACE_TALLIES)), dtype=np.int64),
        city_tally=np.zeros(len(codes.CITY_TALLIES), dtype=np.int64), log=np.zeros((0, 6), dtype=np.int64),
        ledger=np.zeros(0, dtype=LEDGER),
    )  # fmt: skip


def copy_state(state: State) -> State:
    """Return an independent copy: the snapshot from which a scenario and its alternative branch."""
    return State(*(getattr(state, name) for name in state.FIELDS))
