"""The first difference between a run of the engine and a run of the twin."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from odssim.world import codes
from odssim.world.state import State

from .model import TwinModel
from .records import Record
from .surroundings import MINUTES_PER_DAY
from .worlds_care import set_city_levers
from .worlds_guard import LEVERS, set_levers

Array = np.ndarray[Any, Any]
FIELDS = ("minute", "code", "who", "place", "other", "value")
AT_END = -1


class Difference(NamedTuple):
    """What differs first: a line of the log, else a tally, else a column at the end of the run."""

    minute: int
    name: str
    column: str
    uid: int
    engine: Any
    twin: Any


def compare(state: State, log: Array, twin: TwinModel) -> Difference | None:
    """Compare log and final columns; `state` is the engine's state after the run."""
    return compare_logs(log, twin) or compare_columns(state, twin)


def compare_logs(log: Array, twin: TwinModel) -> Difference | None:
    """Compare the lines minute by minute; their order within a minute has no meaning."""
    ours = sorted(tuple(line) for line in log.tolist())
    theirs = sorted(twin.log)
    for engine_line, twin_line in zip(ours, theirs, strict=False):
        if engine_line != twin_line:
            return line_difference(engine_line, twin_line)
    if len(ours) > len(theirs):
        return line_difference(ours[len(theirs)], None)
    if len(theirs) > len(ours):
        return line_difference(None, theirs[len(ours)])
    return None


def line_difference(engine_line: Any, twin_line: Any) -> Difference:
    """Name the field if both wrote a line of this code about this agent, else the missing line."""
    first = min(line for line in (engine_line, twin_line) if line is not None)
    column = "line missing"
    if engine_line and twin_line and engine_line[:3] == twin_line[:3]:
        column = next(f for f, a, b in zip(FIELDS, engine_line, twin_line, strict=True) if a != b)
    return Difference(first[0], codes.LOG[first[1]], column, first[2], engine_line, twin_line)


def compare_columns(state: State, twin: TwinModel) -> Difference | None:
    for table, columns in twin.columns().items():
        rows = getattr(state, table)
        for name, values in columns.items():
            for row, (engine, ours) in enumerate(zip(rows[name].tolist(), values, strict=True)):
                if engine != ours:
                    uid = int(rows["uid"][row]) if "uid" in rows.dtype.names else row
                    return Difference(AT_END, table, name, uid, engine, ours)
    base = int(state.clock["care_base"][0])
    if base != twin.care_base:
        return Difference(AT_END, "clock", "care_base", -1, base, twin.care_base)
    return None


def compare_tallies(place_tally: Array, city_tally: Array, twin: TwinModel) -> Difference | None:
    """Compare the daily counts; `uid` is the place, or -1 for the city, `minute` the day's first."""
    for day, (places, city) in enumerate(zip(twin.place_tally, twin.city_tally, strict=True)):
        minute = day * 1440
        for i, name in enumerate(codes.CITY_TALLIES):
            if city_tally[day, i] != city[name]:
                return Difference(minute, "city_tally", name, -1, int(city_tally[day, i]), city[name])
        for p, counts in enumerate(places):
            for i, name in enumerate(codes.PLACE_TALLIES):
                engine = int(place_tally[day, p, i])
                if engine != counts[name]:
                    return Difference(minute, "place_tally", name, p, engine, counts[name])
    return None


def run_engine(state: State, n_days: int) -> tuple[Array, Array, Array]:
    """Run the compiled engine in place; return log, place tallies and city tallies."""
    from odssim.engine.clockwork import run_days

    log, place_tally, city_tally = run_days(state, n_days)
    return log, place_tally, city_tally


def run_both_with_levers(state: State, k: int, n_days: int) -> tuple[Array, Array, Array, TwinModel]:
    """Run both, the levers of all places and of the city drawn anew before each midnight but the first."""
    from odssim.engine.clockwork import Clockwork, keep_log

    twin = TwinModel(state)
    keep_log(state, events=True)
    work = Clockwork(state)
    place_tally, city_tally = [], []
    for day in range(n_days):
        if day > 0:
            set_levers(np.random.default_rng((k, day)), state.places)
            set_city_levers(np.random.default_rng((k, day, 1)), state.levers)
            twin.levers = Record(state.levers[0])
            for place, row in zip(twin.places, state.places, strict=True):
                for lever in ("closed", *LEVERS):
                    setattr(place, lever, row[lever].item())
        work.run_until((day + 1) * MINUTES_PER_DAY)
        twin.step()
        place_tally.append(state.place_tally.copy())
        city_tally.append(state.city_tally.copy())
    return np.concatenate(work.logs), np.array(place_tally), np.array(city_tally), twin
