"""A burnt-in town as a fresh start: what people know and own is kept, what they are doing is not.

The twin reads tables, not the engine's queue of events; so the day begins with everybody at home.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from odssim.world.columns import NOBODY
from odssim.world.state import State, assemble, copy_state

Array = np.ndarray[Any, Any]
LASTING: dict[str, tuple[str, ...]] = {
    "buyers": ("uid", "type", "substance", "status", "rate", "basket_mg", "wallet", "income",
               "seller", "known", "avail", "risk", "wait", "price", "contact", "contact_uid", "contact_avail",
               "last_kind", "last_slot", "last_seller"),
    "sellers": ("uid", "kind", "status", "buyer", "stock", "cash", "price", "order_mg", "spot",
                "profit", "risk", "hidden_profit"),
    "places": ("nuisance", "attention"),
    "importers": ("stock", "cash", "n_sent", "capacity"),
    "wholesalers": ("stock", "cash", "price"),
}  # fmt: skip
DAYS: dict[str, tuple[str, ...]] = {
    "buyers": ("status_until", "credit_day", "seen_day"),
    "sellers": ("status_until",),
    "importers": ("next_day",),
}
"""Columns that hold a day, counted anew from the fresh start."""


def at_first_day(burnt_in: State, fresh: State, day: int) -> State:
    """Return a state at minute 0 in which day `day` of `burnt_in` begins; `fresh` is of the same scenario."""
    tables = copy_state(fresh)
    for name, columns in LASTING.items():
        for column in columns:
            getattr(tables, name)[column] = getattr(burnt_in, name)[column]
    for name, columns in DAYS.items():
        for column in columns:
            getattr(tables, name)[column] = getattr(burnt_in, name)[column] - day
    ordered = burnt_in.sellers["order_day"]
    tables.sellers["order_day"] = np.where(ordered == NOBODY, NOBODY, np.maximum(ordered - day, 0))
    return assemble(
        buyers=tables.buyers, sellers=tables.sellers, places=tables.places, units=tables.units,
        importers=tables.importers, wholesalers=tables.wholesalers, programmes=tables.programmes,
        targets=tables.targets, rail_min=tables.rail_min, calendar=tables.calendar[day:].copy(),
        par=tables.par, keys=tables.keys, tables=tables.tables,
    )  # fmt: skip
