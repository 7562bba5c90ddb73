"""The runs of a study: their content, keys and seeds, and which of them share a past."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from odssim.engine.key import RunKey, city_of
from odssim.scenario.records import Scenario
from odssim.studies.study.records import STREAM_LENGTH, Study, World, replicate_seed
from odssim.studies.study.resolve import numbers_of, resolve_all
from odssim.studies.study.values import SCENARIO_NUMBERS

DAYS_OF_REDUCING = 10
"""What copying a state and making rows of a result cost, in simulated days; for the size of chunks only."""


@dataclass(frozen=True)
class Job:
    """One run of a study."""

    key: str
    """`engine.key.run_key` of the run."""
    past: str
    """The same for runs that differ in days, interventions and budget only: their past is simulated once."""
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


class Plan:
    """A study taken apart into jobs; scenarios are made when asked for."""

    def __init__(self, study: Study) -> None:
        """Resolve every mix and give every job its key.

        Raises ScenarioError: if a mix is wrong.
        """
        self.study = study
        self.resolved = resolve_all(study)
        self.worlds = {world.id: world for world in study.worlds}
        self.jobs = list(self._make_jobs())
        self.by_key = {job.key: job for job in self.jobs}

    def _make_jobs(self) -> Iterable[Job]:
        study = self.study
        keys = {at: RunKey(scenario, city_of(scenario.city)) for at, scenario in self.resolved.items()}
        for world, mix in study.combinations:
            at = numbers_of(world), mix.id
            numbers = range(STREAM_LENGTH * world.stream + 1, STREAM_LENGTH * world.stream + study.n_replicates + 1)
            seeds = [replicate_seed(study.seed, r) for r in numbers]
            pasts = keys[at].pasts(parameters_of(self.resolved[at], world), seeds)
            for r, seed, past in zip(numbers, seeds, pasts, strict=True):
                yield Job(keys[at].run(past), past, world.id, mix.id, r, seed)

    def task(self, job: Job) -> Task:
        """Return what a worker needs to run a job."""
        world = self.worlds[job.world]
        scenario = self.resolved[numbers_of(world), job.mix]
        parameters = parameters_of(scenario, world)
        return Task(job.key, replace(scenario, parameters=parameters, seed=job.seed, origins={}))

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
    first_day = scenarios[0].first_day
    starts = [(spec.start - first_day).days for one in scenarios for spec in one.interventions]
    return min([*(one.burn_in_days + one.days for one in scenarios), *starts])


def parameters_of(scenario: Scenario, world: World) -> Mapping[str, float]:
    """Return a scenario's parameters with a world's values."""
    own = {key: float(value) for key, value in world.parameters.items() if key not in SCENARIO_NUMBERS}
    return {**scenario.parameters, **own}
