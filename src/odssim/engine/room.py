"""Makes room in a state for interventions, without changing anything that happens."""

from dataclasses import fields
from typing import Any

import numpy as np

from odssim.core.types import Array
from odssim.world.codes import Event
from odssim.world.columns import NOBODY, PROGRAMME, UNIT, VISIT
from odssim.world.state import State

VISITS_PER_TARGET = 64
"""Visits per target place and day for which there is room."""
VISIT_KINDS = (Event.VISIT_END, Event.VISIT_START, Event.STOP, Event.STASH)


def _moved(rows: Array, half: int, shift: int) -> Array:
    """Return visit rows after the second half of the table has moved by `shift`."""
    return np.where(rows >= half, rows + shift, rows)


def _scheduled(st: State) -> Array:
    """Return which slots of the event pool hold a scheduled event, bool."""
    used = np.ones(len(st.events), dtype=bool)
    e = int(st.clock["free_event"][0])
    while e >= 0:
        used[e] = False
        e = int(st.events["next"][e])
    return used


def make_room(st: State, n_programmes: int, n_targets: int) -> State:
    """Return a copy of `st` with idle rows for programmes, their targets, units and visits."""
    half, shift = len(st.visits) // 2, VISITS_PER_TARGET * n_targets
    arrays: dict[str, Any] = {f.name: getattr(st, f.name).copy() for f in fields(st)}
    visits: Any = np.zeros(2 * (half + shift), dtype=VISIT)
    visits[:half], visits[half + shift : 2 * half + shift] = st.visits[:half], st.visits[half:]
    for column in ("previous", "next"):
        visits[column] = _moved(visits[column], half, shift)
    arrays["visits"] = visits
    arrays["places"]["first_visit"] = _moved(arrays["places"]["first_visit"], half, shift)
    events: Any = st.events
    used = _scheduled(st) & np.isin(events["kind"], VISIT_KINDS)
    arrays["events"]["who"][used] = _moved(events["who"][used], half, shift)
    extra: Any = np.zeros(8 * VISITS_PER_TARGET * n_targets, dtype=st.events.dtype)
    n_old = len(st.events)
    if len(extra):
        extra["next"] = np.arange(n_old + 1, n_old + len(extra) + 1)
        extra["next"][-1] = arrays["clock"]["free_event"][0]
        arrays["clock"]["free_event"] = n_old
        arrays["events"] = np.concatenate([arrays["events"], extra])
        for name in ("order_hash", "order_event"):
            arrays[name] = np.zeros(len(arrays[name]) + len(extra), dtype=arrays[name].dtype)
    units = np.zeros(n_targets, dtype=UNIT)
    units["uid"] = len(st.units) + np.arange(n_targets)
    units["district"] = units["shift"] = NOBODY
    arrays["units"] = np.concatenate([st.units, units])
    arrays["programmes"] = np.zeros(n_programmes, dtype=PROGRAMME)
    arrays["targets"] = np.full(n_targets, NOBODY, dtype=np.int64)
    return State(**arrays)
