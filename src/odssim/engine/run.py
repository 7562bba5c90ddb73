"""Running scenarios: the burn-in once, then the run, or several alternatives that share their past."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from odssim.city.city import City
from odssim.core.types import Array
from odssim.engine.build import build_state
from odssim.engine.cache import load_past, store_past
from odssim.engine.clockwork import Clockwork, keep_log
from odssim.engine.day import MINUTES_PER_DAY
from odssim.engine.idle import why_idle
from odssim.engine.key import city_of, past_key
from odssim.engine.known_activity import believe, check_in_city, read_known
from odssim.engine.levers import Levers
from odssim.interventions.catalogue import CATALOGUE
from odssim.observe.recorder import Recorder
from odssim.observe.result import RunResult
from odssim.scenario.checks import check_against_city
from odssim.scenario.records import Scenario
from odssim.world.codes import Fate
from odssim.world.columns import BuyerAct
from odssim.world.state import LEDGER, State, copy_state

Progress = Callable[[int, int], None]
PROCESS = ("planned_visits", "planned_min", "delivered_visits", "delivered_min")
"""What is kept of an intervention that sends people to places, in the order of `DayRecord.process`."""


def checked_city(scenario: Scenario) -> City:
    """Load the scenario's city and check all that the scenario names in it.

    Raises ScenarioError, CityError: if a file is damaged or a named place or district does not exist.
    """
    city = city_of(scenario.city)
    check_in_city(scenario, city)
    return city


def new_state(scenario: Scenario, city: City) -> State:
    """Return the state at the first simulated minute, before any burn-in."""
    state = build_state(
        city,
        parameters=scenario.parameters,
        seed=scenario.seed,
        first_day=scenario.first_day,
        substances=scenario.substances,
        multiplier=scenario.population_multiplier,
    )
    if scenario.known_activity is not None:
        believe(state, city, read_known(scenario.known_activity, city))
    return state


class Run:
    """One scenario on its way: state, clockwork, levers and records.

    `past` may be shared by several runs; each `Run` works on its own copy of the state.
    """

    def __init__(
        self, scenario: Scenario, city: City, st: State, recorder: Recorder,
        *, ledger: bool = False, events: bool = False, progress: Progress | None = None,
    ) -> None:  # fmt: skip
        """Install the interventions of `scenario` in a copy of `st`."""
        self.scenario, self.city, self.recorder, self.progress = scenario, city, recorder, progress
        self.levers = Levers(scenario, city, recorder, CATALOGUE)
        self.state = self.levers.install(st)
        keep_log(self.state, events=events, ledger=ledger)
        self.clockwork = Clockwork(self.state, before_midnight=self.before_midnight, after_day=self.after_day)
        self.costs: list[dict[str, tuple[float, float, float]]] = []
        self.started = time.perf_counter()

    def before_midnight(self, d: int) -> None:
        """Let the interventions set up day `d`."""
        self.levers.before_midnight(self.state, d)

    def after_day(self, d: int) -> None:
        """Write down day `d`."""
        record = self.recorder.note_day(self.state)
        if d >= self.scenario.burn_in_days:
            self.costs.append(self.levers.add_cost(self.state, record, d))
        if self.progress is not None:
            self.progress(d + 1, self.scenario.burn_in_days + self.scenario.days)

    def run_to_day(self, d: int) -> None:
        """Run up to midnight before day `d` (day 0 is the first simulated day)."""
        self.clockwork.run_until(d * MINUTES_PER_DAY)

    def process_rows(self) -> list[dict[str, Any]]:
        """Return, per intervention, what was planned and delivered, its cost, and why it works nowhere if so."""
        rows = []
        kept = self.recorder.days[self.scenario.burn_in_days :]
        for spec in self.scenario.interventions:
            row: dict[str, Any] = {"id": spec.id, "type": spec.type, "payer": spec.payer}
            row["start"], row["end"], row["dose"] = spec.start, spec.end, spec.dose
            spent = np.array([day.get(spec.id, (0.0, 0.0, 0.0)) for day in self.costs]).reshape(-1, 3)
            row["cost_sek"], row["plan_sek"], row["cut_sek"] = map(float, spent.sum(axis=0))
            row["budget_sek"] = self.scenario.budget.get(spec.payer)
            row |= dict.fromkeys(PROCESS, 0)
            row["daily"] = {}
            if spec in self.levers.visits:
                g = self.levers.visits.index(spec)
                none = np.zeros(len(PROCESS), dtype=np.int64)
                counts = np.array([r.process[g] if len(r.process) > g else none for r in kept])
                daily = np.diff(counts, axis=0, prepend=0)
                for i, key in enumerate(PROCESS):
                    row[key] = int(counts[-1, i]) if len(counts) else 0
                    row["daily"][key] = daily[:, i].tolist()
            row["works_nowhere"] = why_idle(self.levers, spec, row["delivered_visits"])
            rows.append(row)
        return rows

    def result(self) -> RunResult:
        """Return the result of the days from `start_date` up to now."""
        n_past = self.scenario.burn_in_days
        ledgers = [*self.clockwork.ledgers, unfinished_needs(self.state)]
        logs = [*self.clockwork.logs, np.zeros((0, 6), dtype=np.int64)]
        clock = self.state.clock[0]
        return RunResult(
            scenario=self.scenario, city=self.city, seed=self.scenario.seed, past=self.recorder.days[:n_past],
            days_kept=self.recorder.days[n_past:], targets=frozenset(self.levers.worked_at), process=self.process_rows(),
            ledger=np.concatenate(ledgers) if clock["ledger_on"] else None,
            events=np.concatenate(logs) if clock["log_on"] else None, wall_s=time.perf_counter() - self.started,
        )  # fmt: skip


def unfinished_needs(st: State) -> Array:
    """Return ledger rows of the needs that are still open."""
    busy = np.isin(st.buyers["act"], (BuyerAct.TRAVELLING, BuyerAct.WAITING, BuyerAct.AWAITING_DELIVERY, BuyerAct.POSTPONED))
    open_needs = st.buyers[busy]
    rows = np.zeros(len(open_needs), dtype=LEDGER)
    rows["buyer"], rows["day"], rows["i"] = open_needs["uid"], open_needs["need_day"], open_needs["need_i"]
    rows["minute"], rows["closed"] = open_needs["need_minute"], int(st.clock["now"][0])
    rows["fate"], rows["substance"] = Fate.UNFINISHED, open_needs["need_substance"]
    rows["place"] = rows["seller"] = -1
    rows["attempts"] = open_needs["attempt"] + 1
    return rows


def simulate_past(scenario: Scenario, city: City, progress: Progress | None = None) -> tuple[State, Recorder]:
    """Return state and records at midnight of `start_date`, from the cache if it has them."""
    bare = replace(scenario, interventions=())
    if scenario.burn_in_days == 0:
        return new_state(bare, city), Recorder()
    key = past_key(bare, city)  # before the work: what is stored afterwards answers this question
    stored = load_past(key)
    if stored is not None:
        return stored
    run = Run(bare, city, new_state(bare, city), Recorder(), progress=progress)
    run.run_to_day(scenario.burn_in_days)
    store_past(key, run.state, run.recorder)
    return run.state, run.recorder


def run_scenario(
    scenario: Scenario, *, progress: Progress | None = None, ledger: bool = False, events: bool = False
) -> RunResult:
    """Run one scenario from `start_date` for `days` days, after its burn-in.

    `progress`: called with (days done, days in all), burn-in included.
    `ledger`, `events`: keep one row per need; keep every event.
    """
    city = checked_city(scenario)
    st, recorder = simulate_past(scenario, city, progress)
    run = Run(scenario, city, st, recorder, ledger=ledger, events=events, progress=progress)
    run.run_to_day(scenario.burn_in_days + scenario.days)
    return run.result()


def common_past(scenarios: Sequence[Scenario]) -> int:
    """Return how many days from the first simulated day the scenarios share.

    0 if they differ in anything but their interventions; else the days up to the first intervention that
    not all have in common.
    """
    first = scenarios[0]
    alike = [replace(s, interventions=(), name="", content_hash="", files=()) for s in scenarios]
    if any(other != alike[0] for other in alike[1:]):
        return 0
    everywhere = set.intersection(*({repr(i) for i in s.interventions} for s in scenarios))
    starts = [i.start for s in scenarios for i in s.interventions if repr(i) not in everywhere]
    days = first.burn_in_days + first.days
    return min([days, *((start - first.first_day).days for start in starts)])


def run_pair(base: Scenario, alternatives: Sequence[Scenario], seed: int, *, ledger: bool = True) -> list[RunResult]:
    """Run a base and its alternatives with one seed; the past that they share is simulated once.

    Returns
    -------
    list
        Results in the order given, the base first.
    """
    scenarios = [replace(s, seed=seed) for s in (base, *alternatives)]
    shared = common_past(scenarios)
    if shared == 0 or base.interventions:
        return [run_scenario(s, ledger=ledger) for s in scenarios]
    city = checked_city(scenarios[0])
    st, recorder = simulate_past(scenarios[0], city)
    trunk = Run(scenarios[0], city, st, recorder, ledger=ledger)
    trunk.run_to_day(shared)
    results = []
    for scenario in scenarios:
        check_against_city(scenario, city.place_name, city.districts)
        branch = Run(scenario, city, copy_state(trunk.state), Recorder(trunk.recorder.days), ledger=ledger)
        branch.clockwork.ledgers = list(trunk.clockwork.ledgers)
        branch.costs = list(trunk.costs)
        branch.run_to_day(scenario.burn_in_days + scenario.days)
        results.append(branch.result())
    return results
