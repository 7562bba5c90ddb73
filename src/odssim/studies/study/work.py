"""What a worker does: runs of one past, branched where their interventions begin, reduced to rows."""

import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from odssim.city.city import City
from odssim.core.types import Array
from odssim.engine.key import city_of, run_key
from odssim.engine.run import Run, new_state
from odssim.errors import OdssimError
from odssim.observe.outcomes import OUTCOMES, PLACE_OUTCOMES, at_places
from odssim.observe.recorder import Recorder
from odssim.observe.result import RunResult
from odssim.observe.windows import window
from odssim.scenario.checks import check_against_city
from odssim.scenario.records import Scenario
from odssim.studies.study.jobs import Detail, Task, shared_days
from odssim.world.state import copy_state

DAY_OUTCOMES = tuple(OUTCOMES)
"""Columns of the table run x day."""
PLACE_TABLE_OUTCOMES = (*(outcome.id for outcome in PLACE_OUTCOMES), "nuisance")
"""Columns of the tables run x place x period; nuisance is a mean, the others are sums."""
LONGEST_ERROR = 500


@dataclass(frozen=True)
class PlaceRows:
    """Places with anything to tell in one period: names, values float64[n, outcomes]."""

    first: int
    n_days: int
    place: list[str]
    values: Array


@dataclass(frozen=True)
class Record:
    """One run: status ``done``, ``failed`` with an error, or ``killed`` with its worker.

    `days` is float64[days, outcomes], empty where there is no result.
    """

    key: str
    seed: int
    status: str
    error: str | None
    wall_s: float
    host: str
    days: Array = field(default_factory=lambda: np.zeros((0, len(DAY_OUTCOMES))))
    places: tuple[PlaceRows, ...] = ()
    place_days: tuple[PlaceRows, ...] = ()


class ChangedError(OdssimError):
    """What is asked is not what was planned."""


Group = tuple[tuple[Task, Detail], ...]
"""Runs of one past, each with the rows that are wanted of it."""


def run_chunk(groups: Sequence[Group]) -> list[Record]:
    """Run groups one after the other; what fails becomes a record with its error."""
    return [record for group in groups for record in run_group(group)]


def run_group(group: Group) -> Iterator[Record]:
    """Run the past once, then every run of a group from where the first intervention begins.

    Raises ChangedError: if the files or the program are not those with which the runs were given their keys.
    """
    started = time.perf_counter()
    first = group[0][0].scenario
    bare = replace(first, interventions=(), budget={})
    city = city_of(first.city)
    if run_key(first, city) != group[0][0].key:
        raise ChangedError("a file that the scenario names, or the program, has changed since the batch began; run again")
    try:
        trunk = Run(bare, city, new_state(bare, city), Recorder())
        trunk.run_to_day(shared_days([task.scenario for task, _ in group]))
    except Exception as error:
        yield from (_failed(task, error, started) for task, _ in group)
        return
    for task, detail in group:
        try:
            result = _branch(trunk, task.scenario, city).result()
            yield _record(task, result, detail, time.perf_counter() - started)
        except Exception as error:
            yield _failed(task, error, started)
        started = time.perf_counter()


def _branch(trunk: Run, scenario: Scenario, city: City) -> Run:
    """Return the finished run of a scenario that shares all before its interventions with `trunk`."""
    check_against_city(scenario, city.place_name, city.districts)
    run = Run(scenario, city, copy_state(trunk.state), Recorder(trunk.recorder.days))
    run.run_to_day(scenario.burn_in_days + scenario.days)
    return run


def _failed(task: Task, error: Exception, started: float) -> Record:
    text = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_ERROR]
    seed, wall_s = task.scenario.seed, time.perf_counter() - started
    return Record(task.key, seed, "failed", text, wall_s, platform.node())


def _record(task: Task, result: RunResult, detail: Detail, wall_s: float) -> Record:
    series = result.city_series
    days = np.column_stack([series[outcome] for outcome in DAY_OUTCOMES])
    places = tuple(_place_rows(result, first, n) for first, n in detail.periods)
    every_day = replace(detail, period_days=1).periods if detail.place_days else []
    return Record(
        task.key, task.scenario.seed, "done", None, wall_s, platform.node(), days, places,
        tuple(_place_rows(result, first, n) for first, n in every_day),
    )  # fmt: skip


def _place_rows(result: RunResult, first: int, n_days: int) -> PlaceRows:
    """Return sums per place over days [first, first + n_days), places without anything left out."""
    seen = window(result, first + n_days, n_days)
    sums = [at_places(outcome, seen.tally) for outcome in PLACE_OUTCOMES]
    values = np.column_stack([*sums, seen.nuisance])
    where = np.flatnonzero(values.any(axis=1))
    return PlaceRows(first, n_days, [result.city.place_name[p] for p in where], values[where])
