"""Run a study: what is missing in its store is simulated, what is there is kept."""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from odssim.engine.keywords import resolve
from odssim.engine.run import run_scenario
from odssim.studies.study.dispatch import STRIKES, Dispatcher, share
from odssim.studies.study.jobs import Job, Plan
from odssim.studies.study.records import Study
from odssim.studies.study.store import add_records, count_status, missing_keys, note_study, open_store
from odssim.studies.study.work import Group, Record, run_chunk, run_group
from odssim.studies.study.workers import LocalWorkers

Progress = Callable[[int, int], None]
AHEAD = 2
"""Chunks that a foreign executor holds beyond its workers: handing over takes time there."""


@dataclass(frozen=True)
class Summary:
    """What a study has come to."""

    study: str
    n_runs: int
    """Runs of the study; two with the same content count as two and are done once."""
    n_new: int
    """Runs stored by this call, failed ones included; not those that another call on the same store was first with."""
    n_done: int
    n_failed: int
    n_missing: int
    """How the store now stands."""
    wall_s: float


@dataclass(frozen=True)
class Estimate:
    """What a batch will take, measured on one probe run."""

    n_runs: int
    n_missing: int
    seconds: float
    megabytes: float
    probe_s: float
    workers: int


def run_study(
    study: Study, store: Path, *, workers: int | None = None, executor: Executor | None = None,
    progress: Progress | None = None, retry_failed: bool = False, only: Collection[str] | None = None,
) -> Summary:  # fmt: skip
    """Run what the store does not hold of a study; the same call again goes on where this one stopped.

    Parameters
    ----------
    store
        SQLite file; made if it is missing. Several studies may share it.
    workers
        Processes; with an `executor`, how many calls it works on at a time. Default: the cores at hand.
    executor
        Any of the `concurrent.futures` API; its workers must be able to import odssim. Default: local
        processes, of which killed ones are replaced.
    progress
        Called with (runs stored, runs in all).
    retry_failed
        Also do again what failed with an error before.
    only
        Keys of the runs to do, of a shard; default: all.

    Raises ScenarioError, StoreError, BrokenEngineError: before anything is run; or, the last, if a foreign executor
    breaks for good.
    """
    started = time.perf_counter()
    plan = Plan(study)
    n_workers = workers or default_workers()
    with open_store(store, create=True) as db:
        note_study(db, plan)
        missing = missing_keys(db, plan, retry_failed=retry_failed)
        missing = missing if only is None else missing & set(only)
        writer = Writer(db, plan, missing, progress)
        if missing:
            warm_up()
            _dispatch(plan, missing, writer, n_workers, executor)
        return summary(db, plan, writer.n_new, time.perf_counter() - started)


def summary(db: sqlite3.Connection, plan: Plan, n_new: int, wall_s: float) -> Summary:
    """Return how far a study is in a store."""
    status, study = count_status(db, plan), plan.study
    n_failed = status["failed"] + status["killed"]
    return Summary(study.name, study.n_runs, n_new, status["done"], n_failed, status["missing"], wall_s)


class Writer:
    """Puts what workers return into the store and tells how far the batch is."""

    def __init__(self, db: sqlite3.Connection, plan: Plan, missing: set[str], progress: Progress | None) -> None:
        """Tell at once how many runs are there already."""
        self.db, self.plan, self.progress = db, plan, progress
        self.n_new, self.n_done, self.n_all = 0, len(plan.by_key) - len(missing), len(plan.by_key)
        self._tell()

    def add(self, records: Sequence[Record]) -> None:
        """Store the records of one chunk in one transaction."""
        details = [self.plan.detail(self.plan.by_key[record.key]) for record in records]
        self.n_new += add_records(self.db, zip(records, details, strict=True))
        self.n_done += len(records)
        self._tell()

    def give_up(self, job: Job) -> None:
        """Store that a run took its worker with it each time it was tried."""
        error = f"its worker died {STRIKES} times (killed, or out of memory)"
        self.add([Record(job.key, job.seed, "killed", error, 0.0, "")])

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.n_done, self.n_all)


def _dispatch(plan: Plan, missing: set[str], writer: Writer, n_workers: int, executor: Executor | None) -> None:
    def pack(groups: Sequence[Sequence[Job]]) -> list[Group]:
        return [tuple((plan.task(job), plan.detail(job)) for job in group) for group in groups]

    dispatcher = Dispatcher(run_chunk, pack, plan.cost, writer.add, writer.give_up)
    groups = plan.groups(missing)
    if executor is not None:
        dispatcher.run(groups, executor, n_workers, ahead=AHEAD)
        return
    n_local = min(n_workers, len(missing))
    local = LocalWorkers(n_local)
    try:
        dispatcher.run(groups, local, n_local)
    except BaseException:
        local.shutdown(wait=False)
        raise
    local.shutdown()


def default_workers() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def warm_up() -> None:
    """Compile the engine here if it is not yet, so that workers load it instead of compiling it all at once."""
    resolved = resolve(None, 1, {"days": 1, "burn_in_days": 0, "population_multiplier": 1})
    run_scenario(resolved)


def estimate(study: Study, store: Path, *, workers: int | None = None) -> Estimate:
    """Return how many runs a study has, and what they will take, from one probe run; writes nothing.

    Raises ScenarioError, StoreError: if the study or the store is wrong.
    """
    plan = Plan(study)
    n_workers = workers or default_workers()
    missing = set(plan.by_key)
    if store.is_file():
        with open_store(store, study=study.name) as db:
            missing = missing_keys(db, plan)
    if not missing:
        return Estimate(study.n_runs, 0, 0.0, 0.0, 0.0, n_workers)
    groups = share(plan.groups(missing), n_workers)
    probe = [min(groups, key=plan.cost)[0]]
    warm_up()
    started = time.perf_counter()
    records = list(run_group(tuple((plan.task(job), plan.detail(job)) for job in probe)))
    probe_s = time.perf_counter() - started
    work_s = probe_s * sum(plan.cost(group) for group in groups) / plan.cost(probe)
    megabytes = len(missing) * stored_bytes(plan, records) / 1e6
    return Estimate(study.n_runs, len(missing), work_s / n_workers, megabytes, probe_s, n_workers)


def stored_bytes(plan: Plan, records: Sequence[Record]) -> int:
    """Return what records take in a store, measured on one made for it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "probe.sqlite")
        with open_store(file, create=True) as db:
            pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            empty = db.execute(pages).fetchone()[0]
            details = [plan.detail(plan.by_key[record.key]) for record in records]
            add_records(db, zip(records, details, strict=True))
            return int(db.execute(pages).fetchone()[0] - empty)
