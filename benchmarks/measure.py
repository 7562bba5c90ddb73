"""What `run.py` measures; every function returns numbers and prints nothing."""

from __future__ import annotations

import math
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numba
import numpy as np
from restart import at_first_day

from odssim import __version__
from odssim.city.city import City
from odssim.engine.clockwork import Clockwork, keep_log, run_days
from odssim.engine.day import MINUTES_PER_DAY
from odssim.engine.keywords import resolve
from odssim.engine.run import Run, checked_city, new_state
from odssim.observe.recorder import DayRecord, Recorder
from odssim.scenario.records import Scenario
from odssim.world import codes
from odssim.world.state import State, copy_state

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from reference.compare import compare
from reference.model import TwinModel

PLACE_EVENTS = (codes.PlaceTally.MEETINGS, codes.PlaceTally.OPEN_DEALS)
CITY = codes.CityTally
CITY_EVENTS = (CITY.NEEDS, CITY.CHOICES, CITY.WAITS, CITY.MEETINGS_HIDDEN, CITY.HIDDEN_DEALS)
"""Market events, as counted per place and for the city."""
Task = Callable[[], object]


def cpu_seconds(task: Task) -> float:
    """Return the CPU time of one call."""
    started = time.process_time()
    task()
    return time.process_time() - started


def in_turns(first: Task, second: Task, turns: int) -> tuple[float, float, float]:
    """Return the median CPU seconds of two tasks done in turns, and the median of first over second."""
    pairs = [(cpu_seconds(first), cpu_seconds(second)) for _ in range(turns)]
    ratio = statistics.median(a / b for a, b in pairs)
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), ratio


def market_events(days: list[DayRecord]) -> int:
    """Return needs, choices, waits, meetings and deals of these days."""
    in_city = sum(int(record.city[list(CITY_EVENTS)].sum()) for record in days)
    return in_city + sum(int(record.value[np.isin(record.tally, PLACE_EVENTS)].sum()) for record in days)


def versions() -> dict[str, str]:
    """Return what the numbers depend on beside the machine."""
    return {"odssim": __version__, "python": platform.python_version(), "numpy": np.__version__,
            "numba": numba.__version__}  # fmt: skip


def bare(source: str, **keys: Any) -> tuple[Scenario, City, State]:
    """Return a scenario without burn-in, its city and its first state."""
    scenario = resolve(source, None, {"burn_in_days": 0, **keys})
    city = checked_city(scenario)
    return scenario, city, new_state(scenario, city)


def compile_engine() -> float:
    """Compile (or load) the engine, with and without its log; return the seconds by the wall clock."""
    started = time.perf_counter()
    _, _, state = bare("teaching-town")
    run_days(state, 1)
    return time.perf_counter() - started


def speedup(burn_in_days: int, days: int, turns: int) -> dict[str, float]:
    """Let the engine and its twin run the burnt-in teaching town in turns.

    Raises
    ------
    AssertionError
        If the two runs are not equal event by event.
    """
    scenario, city, fresh = bare("teaching-town")
    past = Run(scenario, city, fresh, Recorder())
    past.run_to_day(burn_in_days)
    start = at_first_day(past.state, fresh, burn_in_days)
    twin, engine = TwinModel(start), copy_state(start)
    twin.run(days)
    log, place_tally, city_tally = run_days(engine, days)
    difference = compare(engine, log, twin)
    assert difference is None, f"engine and twin differ: {difference}"
    events = int(city_tally[:, CITY_EVENTS].sum() + place_tally[:, :, PLACE_EVENTS].sum())
    twins, engines = ([make(start) for _ in range(turns)] for make in (TwinModel, logged))
    end = days * MINUTES_PER_DAY
    slow, fast, ratio = in_turns(lambda: twins.pop().run(days), lambda: engines.pop().run_until(end), turns)
    return {"speedup_over_reference": ratio, "reference_events_per_second": events / slow,
            "town_events_per_second": events / fast, "town_events": events}  # fmt: skip


def logged(start: State) -> Clockwork:
    """Return the clockwork of a copy of `start` that logs every event, as the twin does."""
    state = copy_state(start)
    keep_log(state, events=True)
    return Clockwork(state)


def exponent(source: str, multipliers: tuple[float, ...], days: int, turns: int) -> tuple[float, Any]:
    """Return the slope of log time against log events over sizes of a city, and its points."""
    points = []
    for multiplier in multipliers:
        scenario, city, state = bare(source, population_multiplier=multiplier)
        run = Run(scenario, city, state, Recorder())
        run.run_to_day(days)
        seconds = []
        for turn in range(turns):
            seconds.append(cpu_seconds(lambda run=run, turn=turn: run.run_to_day((turn + 2) * days)))
        events = market_events(run.recorder.days[days:]) / turns
        points.append((events, statistics.median(seconds)))
    return float(np.polyfit(*np.log(np.array(points)).T, 1)[0]), points


def memory() -> dict[str, float]:
    """Return the bytes of all arrays of the state per buyer added."""
    size = []
    for multiplier in (1, 2):
        _, _, state = bare("stockholm-city", population_multiplier=multiplier)
        size.append((len(state.buyers), sum(getattr(state, name).nbytes for name in state.FIELDS)))
    (n, small), (n_twice, large) = size
    return {"bytes_per_buyer": (large - small) / (n_twice - n), "city_state_mib": small / 2**20, "city_buyers": n}


def years(source: str, days: int) -> tuple[Run, dict[str, float]]:
    """Return a run after `days` of burn-in and as many more, and their CPU seconds and events per second."""
    scenario, city, state = bare(source)
    run = Run(scenario, city, state, Recorder())
    burn_in = cpu_seconds(lambda: run.run_to_day(days))
    seconds = cpu_seconds(lambda: run.run_to_day(2 * days))
    rate = market_events(run.recorder.days[days:]) / seconds
    return run, {"burn_in": burn_in, "run": seconds, "events_per_second": rate}


def empty_list(after: Run, days: int, turns: int) -> dict[str, float]:
    """Return the time of a run without interventions over that of clockwork and recorder alone."""
    now = len(after.recorder.days)
    scenario = replace(after.scenario, interventions=())
    run = Run(scenario, after.city, after.state, Recorder(after.recorder.days))
    state, recorder = copy_state(after.state), Recorder(after.recorder.days)
    clockwork = Clockwork(state, after_day=lambda _: recorder.note_day(state))

    def run_on() -> None:
        run.run_to_day(len(run.recorder.days) + days)

    def bare_on() -> None:
        clockwork.run_until((len(recorder.days) + days) * MINUTES_PER_DAY)

    ratio = in_turns(run_on, bare_on, turns)[2]
    assert len(recorder.days) == now + turns * days
    return {"empty_intervention_list_cost": ratio}


def mesa_overhead(source: str, days: int, turns: int) -> float:
    """Return the time of steps of the Mesa model over that of the same days of a bare run."""
    from odssim.engine.model import OpenDrugSceneModel

    scenario, city, state = bare(source)
    model = OpenDrugSceneModel(scenario)
    run = Run(scenario, city, state, Recorder())
    model.step()
    run.run_to_day(1)

    def step() -> None:
        for _ in range(days):
            model.step()

    ratio = in_turns(step, lambda: run.run_to_day(len(run.recorder.days) + days), turns)[2]
    assert math.isclose(model.hidden_deals, run.recorder.days[-1].city[codes.CityTally.HIDDEN_DEALS])
    return ratio
