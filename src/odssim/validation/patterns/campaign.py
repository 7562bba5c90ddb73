"""All patterns on many seeds: what is run where, in processes, and what comes of it.

Finished seeds are kept on disk, a line each: a campaign that is killed goes on where it was.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from odssim.core.files import naming_faults
from odssim.core.processes import local_pool
from odssim.engine.build import PARAMETERS
from odssim.engine.key import EVERYTHING, city_of, digest, program_hash, run_key
from odssim.errors import ScenarioError, Sentence
from odssim.interventions.catalogue import CATALOGUE
from odssim.scenario.load import load
from odssim.scenario.records import Scenario
from odssim.validation.patterns.bands import PAGES, ROWS, row_of
from odssim.validation.patterns.findings import Finding, Validation, Value
from odssim.validation.patterns.judge import combine, judge
from odssim.validation.patterns.seeds import measure_seed, work_days

PATTERNS = (*(page.id for page in PAGES), "A45")
CITY, COUNTY, TOWN = "stockholm-city", "stockholm-county", "teaching-town"
SHIPPED = {
    CITY: 'city = "stockholm-city"\nburn_in_days = 365\n',
    COUNTY: 'city = "stockholm-county"\nburn_in_days = 365\n',
    TOWN: 'city = "teaching-town"\nburn_in_days = 182\npopulation_multiplier = 8\n',
}
"""As the scenarios of the same names in the library."""
WHERE = {COUNTY: ("V2",), CITY: tuple(p for p in PATTERNS if p not in ("V8", "V13")), TOWN: ("V8", "V13")}
"""Which patterns are measured in which city: V8 and V13 need every event, which a town of 20,000 can keep."""
COST = {CITY: 3.0, COUNTY: 9.0}
"""Work of a day in a city over that in the town."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Job:
    """One seed of one scenario; `label` tells the jobs of one call apart."""

    label: str
    scenario: Scenario
    seed: int
    patterns: tuple[str, ...]

    @property
    def work(self) -> int:
        """Its length in the town's simulated days."""
        return round(work_days(self.scenario, self.patterns) * COST.get(str(self.scenario.city), 1.0))


def shipped(city: str, overrides: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a built-in city as it is, with values from the command line above it."""
    text = f'name = "{city}"\nstart_date = 2018-01-01\ndays = 365\n{SHIPPED[city]}'
    return load(f"{city}.toml", parameters=PARAMETERS, catalogue=CATALOGUE, overrides=overrides, text=text)


def chosen(patterns: Sequence[str] | None) -> tuple[str, ...]:
    """Return the patterns named, or all.

    Raises ScenarioError: if there is no such pattern.
    """
    for name in patterns or ():
        if name not in PATTERNS:
            raise ScenarioError(
                "no such pattern", key="--pattern", value=name, remedy=Sentence("one of {words}", words=", ".join(PATTERNS))
            )
    return tuple(p for p in PATTERNS if patterns is None or p in patterns)


def jobs_of(scenario: Scenario | None, patterns: Sequence[str], seeds: int, overrides: Sequence[str]) -> list[Job]:
    """Return the jobs: each pattern in its city, or all of them in the scenario given."""
    if scenario is not None:
        worlds = [(scenario, tuple(patterns))]
    else:
        worlds = [(shipped(city, overrides), tuple(p for p in mine if p in patterns)) for city, mine in WHERE.items()]
    return [
        Job(str(world.city) if isinstance(world.city, str) else world.name, world, world.seed + i, mine)
        for world, mine in worlds
        if mine
        for i in range(seeds)
    ]


def run_jobs(
    jobs: Sequence[Job], workers: int | None = None, progress: Progress | None = None, kept: Path | None = None
) -> dict[str, list[dict[str, Value]]]:
    """Return, by label, what each seed says, in the order of the seeds.

    Parameters
    ----------
    workers
        Processes; None takes one per core. With 1, everything runs in this process.
    progress
        Called with (work done, work in all).
    kept
        File of finished seeds (`Kept`), read first; it is deleted when all are done.
    """
    store = Kept(kept)
    keys = [key_of(job.scenario, job.seed, job.patterns) for job in jobs]
    left = [(job, key) for job, key in zip(jobs, keys, strict=True) if key not in store.values]
    total = sum(job.work for job in jobs)
    done = total - sum(job.work for job, _ in left)
    for job, key, values in _finished(left, workers or os.cpu_count() or 1):
        store.add(key, values)
        done += job.work
        if progress is not None:
            progress(done, total)
    by_label: dict[str, list[dict[str, Value]]] = defaultdict(list)
    for job, key in zip(jobs, keys, strict=True):
        by_label[job.label].append(store.values[key])
    store.done()
    return by_label


def _finished(left: Sequence[tuple[Job, str]], workers: int) -> Iterator[tuple[Job, str, dict[str, Value]]]:
    if workers == 1 or not left:
        for job, key in left:
            yield job, key, measure_seed(job.scenario, job.seed, job.patterns)
        return
    with local_pool(min(workers, len(left))) as pool:
        longest_first = sorted(left, key=lambda one: -one[0].work)
        futures = {pool.submit(measure_seed, job.scenario, job.seed, job.patterns): (job, key) for job, key in longest_first}
        for future in as_completed(futures):
            yield *futures[future], future.result()


def findings_of(city: str, seeds: Sequence[dict[str, Value]]) -> list[Finding]:
    """Return a finding for every row that the seeds have a value of, in the order of the table."""
    keys = [row.key for row in ROWS if row.key in seeds[0]]
    return [judge(row_of(key, city), city, [one[key] for one in seeds]) for key in keys]


def notes_of(seeds: Sequence[dict[str, Value]]) -> dict[str, float]:
    """Return what is reported beside the patterns, pooled over seeds."""
    keys = [key for key in seeds[0] if key.startswith("note ")]
    pooled = {key.removeprefix("note "): combine([one[key] for one in seeds])[0].value for key in keys}
    return {key: value for key, value in pooled.items() if value is not None}


def validate(
    scenario: Scenario | None = None, *, seeds: int = 20, patterns: Sequence[str] | None = None,
    overrides: Sequence[str] = (), workers: int | None = None, progress: Progress | None = None, kept: Path | None = None,
) -> Validation:  # fmt: skip
    """Measure the patterns on `seeds` seeds and set each row beside its band.

    Parameters
    ----------
    scenario
        Where all patterns are measured, its own interventions left out; None takes each in its city (`WHERE`).
    overrides
        ``key=value`` for the built-in cities.
    kept
        File of finished seeds, by which a call that was killed goes on.
    """
    started = time.perf_counter()
    found = run_jobs(jobs_of(scenario, chosen(patterns), seeds, overrides), workers, progress, kept)
    findings = [f for city, values in found.items() for f in findings_of(city, values)]
    order = {row.key: i for i, row in enumerate(ROWS)}
    notes = {key: value for values in found.values() for key, value in notes_of(values).items()}
    return Validation(tuple(sorted(findings, key=lambda f: order[f.row.key])), seeds, time.perf_counter() - started, notes)


def key_of(scenario: Scenario, seed: int, patterns: Sequence[str]) -> str:
    """Return a key over all that decides a seed's values, the code included."""
    run = run_key(replace(scenario, seed=seed), city_of(scenario.city))
    return digest(program_hash(EVERYTHING), run, *patterns)


class Kept:
    """The values by key in a file of JSON lines, each with its digest; a line that was cut off or changed counts as none."""

    def __init__(self, file: Path | None) -> None:
        """Read what the file has; without a file nothing is kept, and one of the user's is refused."""
        self.file = file
        self.values: dict[str, dict[str, Value]] = {}
        text = file.read_text(encoding="utf-8", errors="replace") if file is not None and file.is_file() else ""
        for line in text.splitlines():
            if not line.startswith('["'):
                raise ScenarioError("holds no finished seeds of odssim", file=str(file), remedy="move it away")
            try:
                key, plain, seal = json.loads(line)
                if seal == digest(json.dumps([key, plain])):
                    self.values[key] = {name: _value(one) for name, one in plain.items()}
            except (ValueError, RecursionError):
                continue

    def add(self, key: str, values: dict[str, Value]) -> None:
        """Write down a finished seed."""
        self.values[key] = values
        if self.file is not None:
            plain = {name: _plain(one) for name, one in values.items()}
            line = json.dumps([key, plain, digest(json.dumps([key, plain]))])
            with naming_faults(self.file):
                self.file.parent.mkdir(parents=True, exist_ok=True)
                with self.file.open("a", encoding="utf-8") as out:
                    out.write(f"{line}\n")

    def done(self) -> None:
        """Delete the file: the campaign is over."""
        if self.file is not None:
            self.file.unlink(missing_ok=True)


def _plain(value: Value) -> Any:
    return [np.asarray(part).tolist() for part in value] if isinstance(value, tuple) else float(value)


def _value(plain: Any) -> Value:
    if not isinstance(plain, list):
        return float(plain)
    first, second = plain
    return (np.array(first), np.array(second)) if isinstance(first, list) else (first, second)
