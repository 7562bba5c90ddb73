"""The model as Mesa users know it: `OpenDrugSceneModel`, a real `mesa.Model` on top of the engine.

One unit of `model.time` is one day; the engine follows it to the nearest minute, so `step`, `run_for`,
`run_until` and scheduled events all see the state of their own minute. Time 0 is midnight of `start_date`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from math import floor
from os import PathLike
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.agentset import AbstractAgentSet
from mesa.experimental.mesa_signals import Observable
from mesa.experimental.scenarios import Scenario as MesaScenario

from odssim.engine.agents import Everyone, Rows
from odssim.engine.day import MINUTES_PER_DAY
from odssim.engine.keywords import DEFAULT_SOURCE, OWN_SEED, as_arguments, labels_of, resolve
from odssim.engine.run import Run, checked_city, simulate_past
from odssim.engine.views import KINDS, Row
from odssim.observe.outcomes import OUTCOMES, in_city
from odssim.observe.result import RunResult
from odssim.observe.scenes import WINDOW_DAYS
from odssim.scenario.records import Scenario
from odssim.world.codes import PRICES, PlaceTally
from odssim.world.state import State

if TYPE_CHECKING:
    from odssim.engine.space import SceneGrid

FIRST_OWN_ID = 1 << 62
"""Where Mesa starts to number agents that a user adds: above every `unique_id` of the engine's."""
REPORTERS = ("open_deals", "hidden_deals", *PRICES, "sellers_active", "arrests")


class FileScenario(MesaScenario):  # type: ignore[misc]
    """What Mesa's pages know of a scenario: its file, or the name of a built-in city."""

    source: str = DEFAULT_SOURCE


class EngineTime(Observable):  # type: ignore[misc]
    """Mesa's clock, with the engine bound to it: setting the time runs the engine up to that minute."""

    def __set__(self, model: OpenDrugSceneModel, value: float) -> None:
        """Run the engine, then tell who listens to the clock."""
        engine = model.engine
        start = engine.scenario.burn_in_days * MINUTES_PER_DAY
        engine.clockwork.run_until(start + round(MINUTES_PER_DAY * value))
        super().__set__(model, value)


class OpenDrugSceneModel(mesa.Model):  # type: ignore[misc]
    """Open drug scenes in a city; a step is a day.

    All chance in the engine comes from keyed draws of the scenario's seed. Mesa's `random` and `rng` have the
    same seed and are for what a user adds: drawing from them changes nothing in the engine.
    """

    time = EngineTime()

    def __init__(
        self, scenario: Scenario | MesaScenario | str | PathLike[str] | None = None, *, rng: Any = OWN_SEED, **overrides: Any
    ) -> None:
        """Read the scenario and run its burn-in (stored and reused).

        Parameters
        ----------
        scenario
            A scenario file, a built-in city's name, or a `Scenario`; the teaching town if left out.
        rng
            The seed; the scenario's own if left out. None is a new seed, as in Mesa, unless ``seed`` is among
            the overrides; other things that NumPy makes generators from give a seed by one draw. What it was
            stands in the collected data (``seed``).
        overrides
            Keys of the scenario: ``days=30``; a parameter's id with ``__`` for each dot,
            ``belief__halflife_days=10``; a key of one intervention, ``patrol__visits_per_day=2``; ``dose``
            of all interventions; ``interventions`` as for `odssim.run`.

        Raises ScenarioError, CityError: if something of that is wrong.
        """
        if isinstance(scenario, MesaScenario):
            rng = rng if isinstance(rng, int | np.integer) else OWN_SEED if scenario.rng is None else scenario.rng
            scenario = getattr(scenario, "source", None)
        with as_arguments(labels_of(overrides.get("interventions"))):
            resolved = resolve(scenario, rng, overrides)
            city = checked_city(resolved)
        self.engine = Run(resolved, city, *simulate_past(replace(resolved, interventions=()), city))
        source = resolved.name if isinstance(scenario, Scenario) else str(scenario or DEFAULT_SOURCE)
        super().__init__(scenario=FileScenario(rng=resolved.seed, source=source))
        self.agent_id_counter = FIRST_OWN_ID
        self._rows = {kind: Rows(self, kind) for kind in KINDS}
        self.datacollector = mesa.DataCollector(model_reporters={name: name for name in REPORTERS} | {"seed": seed_of})

    def __repr__(self) -> str:
        """Return scenario, date and number of agents in angle brackets."""
        return f"<odssim.Model: {self.engine.scenario.name}, {self.today}, {len(self.agents)} agents>"

    def step(self) -> None:
        """Write down the day that has just ended; what happened in it the engine has done on the way."""
        self.datacollector.collect(self)
        self.running = self.time < self.engine.scenario.days

    # ---- what the engine holds

    @property
    def state(self) -> State:
        """The engine's tables."""
        return self.engine.state

    @property
    def today(self) -> date:
        """The calendar date."""
        minute = self.engine.clockwork.now - self.engine.scenario.burn_in_days * MINUTES_PER_DAY
        return self.engine.scenario.start_date + timedelta(days=floor(minute / MINUTES_PER_DAY))

    def result(self) -> RunResult:
        """Return all outcomes of the finished days, as `run_scenario` does."""
        return self.engine.result()

    def __getattr__(self, name: str) -> Any:
        """Return an outcome of the day that has just ended, by its id (`observe.outcomes`), in its unit."""
        if name not in OUTCOMES:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        days = self.engine.recorder.days
        return outcome_of_day(self.engine, name) if days else float("nan")

    # ---- agents and space

    @property
    def agents(self) -> AbstractAgentSet:
        """Buyers, sellers and units, then agents of one's own."""
        return Everyone([*self._rows.values(), super().agents], self.random)

    @property
    def agents_by_type(self) -> dict[type, AbstractAgentSet]:
        """The agents of each type."""
        return {**self._rows, **super().agents_by_type}

    @property
    def agent_types(self) -> list[type]:
        """The types of agents."""
        return list(self.agents_by_type)

    @property
    def own_agents(self) -> AbstractAgentSet:
        """Agents that a user has added to the engine's."""
        return super().agents

    def view(self, kind: type[Row], row: int) -> Row:
        """Return the view of one row of a table."""
        return self._rows[kind].view(row)

    def coordinate(self, place: int) -> tuple[int, int]:
        """Return the grid coordinate (column, row) of a place."""
        row, column = divmod(int(self.engine.city.place_cell[place]), self.engine.city.width)
        return column, row

    @cached_property
    def grid(self) -> SceneGrid:
        """The city's raster as a Mesa space; made when first asked for."""
        from odssim.engine.space import SceneGrid

        return SceneGrid(self)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled or copied: all but the grid, which is made anew when asked for."""
        return {name: value for name, value in self.__dict__.items() if name != "grid"}


def seed_of(model: OpenDrugSceneModel) -> int:
    """Return the seed of the run, by which it can be made again."""
    return model.engine.scenario.seed


def outcome_of_day(run: Run, outcome: str) -> float:
    """Return one outcome, city-wide, of the last finished day; the same number as in the run's result.

    What a data collector asks for every day is read from the day's record alone.
    """
    record = run.recorder.days[-1]
    if OUTCOMES[outcome].of in ("place", "city"):
        places = np.bincount(record.tally, record.value, len(PlaceTally))
        return float(in_city(OUTCOMES[outcome], places, record.city))
    if outcome in PRICES:
        return float(record.price_sek[PRICES[outcome]])
    past = run.recorder.days[-WINDOW_DAYS:-1]
    last = RunResult(scenario=run.scenario, city=run.city, seed=run.scenario.seed, past=past, days_kept=[record])
    return float(last.city_series[outcome][0])
