"""The runs of a study: their content, keys and seeds, and which of them share a past."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from hashlib import blake2b
from typing import Any

from odssim.city.load import load_city
from odssim.core.folders import source_hash
from odssim.engine.cache import city_hash
from odssim.scenario.records import CityFiles, Scenario
from odssim.study.records import Study, World, replicate_seed
from odssim.study.resolve import numbers_of, resolve_all
from odssim.study.values import SCENARIO_NUMBERS

MODEL_ROOMS = (
    "core/", "scenario/", "city/", "world/", "population/", "rules/", "interventions/", "observe/", "engine/",
)  # fmt: skip
"""Folders of the package whose sources decide what a run gives."""
KEY_BYTES = 10
DAYS_OF_REDUCING = 10
"""What copying a state and making rows of a result cost, in simulated days; for the size of chunks only."""


@dataclass(frozen=True)
class Job:
    """One run of a study.

    Attributes
    ----------
    key
        Hash of all that decides the run: resolved scenario, city, seed and the model's sources.
    past
        The same for runs that differ in interventions and budget only: their past is simulated once.
    """

    key: str
    past: str
    world: str
    mix: str
    replicate: int
    seed: int


@dataclass(frozen=True)
class Task:
    """What a worker gets of a job: its key and its scenario, seed included."""

    key: str
    scenario: Scenario


@dataclass(frozen=True)
class Detail:
    """Which rows per place are wanted of a run: the days [first, end) in periods of `period_days` (0: none).

    `place_days` asks for every day too.
    """

    first: int
    end: int
    period_days: int
    place_days: bool = False

    @property
    def periods(self) -> list[tuple[int, int]]:
        """First day and length of every period; the last may be shorter."""
        step = self.period_days
        starts = range(self.first, self.end, step) if step else ()
        return [(day, min(step, self.end - day)) for day in starts]


@cache
def model_hash() -> str:
    """Return a hash of the sources that decide what a run gives."""
    return source_hash(*MODEL_ROOMS)


class Plan:
    """A study taken apart into jobs; scenarios are made when asked for."""

    def __init__(self, study: Study) -> None:
        """Resolve every mix and give every job its key.

        Raises
        ------
        ScenarioError
            If a mix is wrong.
        """
        self.study = study
        self.resolved = resolve_all(study)
        self.worlds = {world.id: world for world in study.worlds}
        self.jobs = list(self._make_jobs())
        self.by_key = {job.key: job for job in self.jobs}

    def _make_jobs(self) -> Iterable[Job]:
        study = self.study
        seeds = [replicate_seed(study.seed, r) for r in range(1, study.n_replicates + 1)]
        frames = {at: _frame(scenario) for at, scenario in self.resolved.items()}
        for world, mix in study.combinations:
            at = numbers_of(world), mix.id
            frame, measures = frames[at]
            par = json.dumps(dict(sorted(parameters_of(self.resolved[at], world).items())))
            for r, seed in enumerate(seeds, start=1):
                past = digest(model_hash(), frame, par, str(seed))
                yield Job(digest(past, measures), past, world.id, mix.id, r, seed)

    def task(self, job: Job) -> Task:
        """Return what a worker needs to run a job."""
        world = self.worlds[job.world]
        scenario = self.resolved[numbers_of(world), job.mix]
        return Task(job.key, replace(scenario, parameters=parameters_of(scenario, world), seed=job.seed))

    def detail(self, job: Job) -> Detail:
        """Return which rows per place are wanted of a job."""
        study, scenario = self.study, self.resolved[numbers_of(self.worlds[job.world]), job.mix]
        first, end = 0, scenario.days
        if study.window is not None:
            first, last = ((day - scenario.start_date).days for day in study.window)
            end = last + 1
        period = end - first if study.period_days is None else study.period_days
        return Detail(first, end, period, study.place_days)

    def groups(self, keys: Iterable[str]) -> list[tuple[Job, ...]]:
        """Return the jobs of some keys, those that share a past together, in the study's order."""
        found: dict[str, dict[str, Job]] = {}
        wanted = set(keys)
        for job in self.jobs:
            if job.key in wanted:
                found.setdefault(job.past, {})[job.key] = job
        return [tuple(group.values()) for group in found.values()]

    def cost(self, group: Sequence[Job]) -> float:
        """Return the days that a group simulates: the shared past once, then what is each run's own."""
        scenarios = [self.resolved[numbers_of(self.worlds[job.world]), job.mix] for job in group]
        total = scenarios[0].burn_in_days + scenarios[0].days
        shared = shared_days(scenarios)
        return shared + len(group) * (total - shared + DAYS_OF_REDUCING)


def shared_days(scenarios: Sequence[Scenario]) -> int:
    """Return the days before the first intervention of runs of one past, burn-in included."""
    first = scenarios[0]
    starts = [(spec.start - first.first_day).days for one in scenarios for spec in one.interventions]
    return min([first.burn_in_days + first.days, *starts])


def parameters_of(scenario: Scenario, world: World) -> Mapping[str, float]:
    """Return a scenario's parameters with a world's values."""
    own = {key: float(value) for key, value in world.parameters.items() if key not in SCENARIO_NUMBERS}
    return {**scenario.parameters, **own}


def _frame(scenario: Scenario) -> tuple[str, str]:
    """Return what runs of one past have in common but parameters and seed, and what is a mix's own."""
    common = [
        scenario.start_date, scenario.days, scenario.burn_in_days, scenario.population_multiplier,
        scenario.substances, _city_digest(json.dumps(scenario.city, sort_keys=True)),
    ]  # fmt: skip
    own = [dict(sorted(scenario.budget.items())), [asdict(spec) for spec in scenario.interventions]]
    return _plain(common), _plain(own)


@cache
def _city_digest(city: str) -> str:
    ref: str | CityFiles = json.loads(city)
    return city_hash(load_city(ref))


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=date.isoformat)


def digest(*parts: str) -> str:
    """Return a hash of texts, 20 hexadecimal digits."""
    return blake2b("\0".join(parts).encode(), digest_size=KEY_BYTES).hexdigest()
