"""A burnt-in town as a fresh start: what people know and own is kept, what they are doing is not.

The twin reads tables, not the engine's queue of events; so the day begins with everybody at home.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from odssim.engine.build import prepare
from odssim.world.columns import NOBODY
from odssim.world.state import State, assemble, copy_state

Array = np.ndarray[Any, Any]
TRANSIENT: dict[str, tuple[str, ...]] = {
    "buyers": ("act", "need_day", "need_i", "need_minute", "need_substance", "attempt", "tried", "deadline",
               "place", "slot", "wait_start", "until", "woken", "waited", "carry_mg", "previous", "next"),
    "sellers": ("plan", "plan_slot", "plan_start", "plan_end", "act", "slot", "place", "start", "end",
                "until", "shift", "emerging", "saw_guardian", "pushes", "busy_until", "shift_income", "sold",
                "turned_away", "worked", "order_day", "previous", "next"),
    "places": ("first_buyer", "first_seller", "first_visit", "n_police", "n_others", "n_buyers",
               "n_visible"),
    "importers": (),
    "wholesalers": (),
}  # fmt: skip
"""Columns that hold what is going on; all others of these tables are kept."""
DAYS: dict[str, tuple[str, ...]] = {
    "buyers": ("status_until", "credit_day", "seen_day"),
    "sellers": ("status_until",),
    "importers": ("next_day",),
}
"""Columns that hold a day, counted anew from the fresh start."""


def at_first_day(burnt_in: State, fresh: State, day: int) -> State:
    """Return a state at minute 0 in which day `day` of `burnt_in` begins; `fresh` is of the same scenario."""
    tables = copy_state(fresh)
    for name, transient in TRANSIENT.items():
        for column in set(getattr(tables, name).dtype.names) - set(transient):
            getattr(tables, name)[column] = getattr(burnt_in, name)[column]
    for name, columns in DAYS.items():
        for column in columns:
            getattr(tables, name)[column] = getattr(burnt_in, name)[column] - day
    ordered = burnt_in.sellers["order_day"]
    tables.sellers["order_day"] = np.where(ordered == NOBODY, NOBODY, np.maximum(ordered - day, 0))
    state = assemble(
        buyers=tables.buyers, sellers=tables.sellers, places=tables.places, units=tables.units,
        importers=tables.importers, wholesalers=tables.wholesalers, programmes=tables.programmes,
        targets=tables.targets, rail_min=tables.rail_min, calendar=tables.calendar[day:].copy(),
        par=tables.par, keys=tables.keys, tables=tables.tables,
    )  # fmt: skip
    prepare(state)
    return state
