"""Variants of a random world that must, or must not, change what happens."""

from __future__ import annotations

from typing import Any

import numpy as np

from odssim.engine.build import prepare
from odssim.world.columns import NOBODY, PROGRAMME, UNIT, Status
from odssim.world.state import State, assemble

Array = np.ndarray[Any, Any]
TABLES = (
    "buyers", "sellers", "places", "units", "importers", "wholesalers", "programmes", "targets",
    "rail_min", "calendar", "par", "keys", "tables",
)  # fmt: skip
"""What `assemble` takes."""
FAR_M = 1e6
"""Distance of the second half of a doubled world, metres: 1000 minutes, the longest trip."""
UID_STEP = 100_000
"""Added to every uid of the second half."""


def rebuild(state: State, **changed: Array) -> State:
    """Return a fresh state from copies of an initial state's tables, some of them replaced."""
    tables = {name: getattr(state, name).copy() for name in TABLES}
    fresh = assemble(**(tables | changed))
    fresh.levers[...] = state.levers
    prepare(fresh)
    return fresh


def with_parameters(state: State, **values: float) -> State:
    """Return the world with some scalar parameters (field names) set."""
    par = state.par.copy()
    for field, value in values.items():
        par[field] = value
    return rebuild(state, par=par)


def uncouple(state: State) -> State:
    """Take away, in place, what all persons of a city share beyond places and trade: care, lists, help."""
    state.levers["care_places"] = 1e6
    for lever in ("compulsory_year", "exits_year", "target_list"):
        state.levers[lever] = 0.0
    return state


def permute_buyers(state: State, order: Array) -> State:
    """Return the world with the buyers in another row order; `order[i]` is the old row at new row i."""
    new_row = np.argsort(order)
    buyers = state.buyers[order]
    buyers["tie"] = move(buyers["tie"], new_row)
    sellers = state.sellers.copy()
    sellers["buyer"] = move(sellers["buyer"], new_row)
    return rebuild(state, buyers=buyers, sellers=sellers)


def move(index: Array, new: Array) -> Array:
    """Return indices rewritten by `new`; NOBODY stays."""
    return np.where(index >= 0, new[np.maximum(index, 0)], NOBODY)


def add_isolated_buyer(state: State, uid: int) -> State:
    """Append a copy of the first buyer who knows nothing and talks to himself, and whom nobody knows."""
    loner = state.buyers[:1].copy()
    loner["uid"], loner["status"] = uid, Status.FREE
    loner["last_kind"] = 0
    loner["tie"] = len(state.buyers)
    for name in ("seller", "known", "contact", "last_seller"):
        loner[name] = NOBODY
    return rebuild(state, buyers=np.concatenate([state.buyers, loner]))


def add_programme(state: State, targets: Array, dose: float) -> State:
    """Append a programme of long visits with units of its own to the given places."""
    row = np.zeros(1, dtype=PROGRAMME)
    row["uid"], row["dose"], row["last_day"] = 999, dose, len(state.calendar)
    row["visits_per_day"], row["weekdays"], row["delivery"] = 12, 127, 1.0
    row["min_minutes"], row["max_minutes"] = 30, 60
    row["from_minute"], row["to_minute"] = 0, 1439
    row["irregular"] = row["added"] = row["may_search"] = row["may_arrest"] = 1
    row["unit"] = len(state.units)
    row["first_target"], row["n_targets"] = len(state.targets), len(targets)
    units = np.zeros(len(targets), dtype=UNIT)
    units["uid"], units["district"] = 900 + np.arange(len(targets)), NOBODY
    return rebuild(
        state,
        programmes=np.concatenate([state.programmes, row]),
        units=np.concatenate([state.units, units]),
        targets=np.concatenate([state.targets, targets]).astype(np.int32),
    )


def double(state: State) -> State:
    """Return two far copies of the world in one; the second shares nobody and nothing with the first."""
    second = {name: getattr(state, name).copy() for name in TABLES}
    for name in ("buyers", "sellers", "units", "importers", "wholesalers", "programmes"):
        second[name]["uid"] += UID_STEP
    n = {name: len(getattr(state, name)) for name in TABLES}
    for table, column, what in (
        ("buyers", "home", "places"), ("buyers", "routine", "places"), ("buyers", "known", "places"),
        ("buyers", "seller", "sellers"), ("buyers", "contact", "sellers"), ("buyers", "tie", "buyers"),
        ("sellers", "home", "places"), ("sellers", "spot", "places"), ("sellers", "buyer", "buyers"),
        ("sellers", "wholesaler", "wholesalers"), ("wholesalers", "importer", "importers"),
        ("places", "station", "rail_min"), ("programmes", "unit", "units"),
    ):  # fmt: skip
        second[table][column] = shift(second[table][column], n[what])
    second["buyers"]["last_seller"] = shift(second["buyers"]["last_seller"], UID_STEP)
    second["places"]["x_m"] += FAR_M
    n_districts = int(state.places["district"].max()) + 1
    for table in ("places", "units"):
        second[table]["district"] = shift(second[table]["district"], n_districts)
    second["programmes"]["first_target"] += n["targets"]
    second["targets"] += n["places"]
    shared = {"calendar", "par", "keys", "tables", "rail_min"}
    both = {m: np.concatenate([getattr(state, m), second[m]]) for m in TABLES if m not in shared}
    rail = np.full((2 * n["rail_min"], 2 * n["rail_min"]), 1e6)
    rail[: n["rail_min"], : n["rail_min"]] = rail[n["rail_min"] :, n["rail_min"] :] = state.rail_min
    return rebuild(state, rail_min=rail, **both)


def shift(index: Array, by: int) -> Array:
    return np.where(index >= 0, index + by, NOBODY)
