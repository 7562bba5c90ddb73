"""A study in shards for a cluster that takes scripts only: plan, work on each, merge."""

import json
import os
import time
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from odssim.core.files import atomic_folder
from odssim.core.package_data import package_text
from odssim.core.reading import read_json
from odssim.engine.key import program_hash
from odssim.errors import OdssimError, ScenarioError
from odssim.language import marked
from odssim.studies.study.batch import Progress, Summary, run_study, summary
from odssim.studies.study.dispatch import share
from odssim.studies.study.jobs import Plan
from odssim.studies.study.store import merge_into, note_study, open_store
from odssim.studies.study.study import load_study

PLAN = "plan.json"
AGAIN = marked("odssim batch plan STUDY --shards K --out DIR makes it")
SCRIPT = "array.sh"
"""Written as it stands beside this module, with the number of shards."""


class ShardError(OdssimError):
    """A folder of shards is none, or does not fit the study or the model any more."""


def plan_shards(study_file: Path, n_shards: int, out: Path) -> list[int]:
    """Write a plan, one file of run keys per shard and a SLURM array script into `out`, all or nothing.

    Where the same plan stands already, nothing is replaced: its shards may be under way. Another one replaces it only
    while no shard has begun.

    Runs that share a past stay together, and the dearest go first to the shard that has least to do.

    Returns
    -------
    list
        Runs per shard.

    Raises ScenarioError: if the study is wrong or has fewer runs than shards, or `out` holds more than a plan.
    """
    plan = Plan(load_study(study_file))
    groups = sorted(share(plan.groups(plan.by_key), n_shards), key=lambda group: (-plan.cost(group), group[0].key))
    if len(groups) < n_shards:
        raise ScenarioError("must be at most {n} for this study", key="--shards", value=n_shards, n=len(groups))
    shards: list[list[str]] = [[] for _ in range(n_shards)]
    costs = [0.0] * n_shards
    for group in groups:
        lightest = costs.index(min(costs))
        shards[lightest] += [job.key for job in group]
        costs[lightest] += plan.cost(group)
    study = os.path.relpath(study_file, out)
    content = {"study": Path(study).as_posix(), "model": program_hash(), "n_shards": n_shards}
    files = {PLAN: _text(content), **{f"{shard_name(i)}.json": _text(keys) for i, keys in enumerate(shards, start=1)}}
    if not all(_holds(out / name, text) for name, text in files.items()):
        files[SCRIPT] = package_text(__package__, SCRIPT).replace("N_SHARDS", str(n_shards))
        with atomic_folder(out) as folder:
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8")
    return [len(keys) for keys in shards]


def _holds(file: Path, text: str) -> bool:
    return file.is_file() and file.read_bytes() == text.encode()


def shard_name(i: int) -> str:
    """Return the name of shard `i` (from 1), without suffix."""
    return f"shard-{i:04d}"


def work_on(
    folder: Path, i: int, *, workers: int = 1, executor: Executor | None = None, progress: Progress | None = None
) -> Summary:
    """Do the runs of one shard into a store of its own, as `run_study` does; the same call again goes on.

    Raises ScenarioError, ShardError: if there is no such shard or its file is damaged; if the study or the model has
    changed since it was planned.
    """
    plan, shard = _planned(folder), folder / f"{shard_name(i)}.json"
    keys = _read(shard)
    if not (isinstance(keys, list) and all(isinstance(key, str) for key in keys)):
        raise ScenarioError("must hold a list of keys of runs", file=str(shard), remedy=AGAIN)
    store = folder / f"{shard_name(i)}.sqlite"
    if not set(keys) <= set(plan.by_key):
        raise ShardError("{folder}: the study has changed since it was planned; plan it again", folder=folder)
    return run_study(plan.study, store, workers=workers, executor=executor, progress=progress, only=keys)


def merge(folder: Path, store: Path) -> Summary:
    """Put the runs of all shards that have begun into one store.

    Raises ScenarioError, ShardError: if the folder holds no plan, or a damaged one; if it is of another study or model.
    """
    started = time.perf_counter()
    plan = _planned(folder)
    with open_store(store, create=True) as db:
        note_study(db, plan)
        for shard in sorted(folder.glob("shard-*.sqlite")):
            merge_into(db, shard)
        return summary(db, plan, 0, time.perf_counter() - started)


def _planned(folder: Path) -> Plan:
    """Return the plan of a folder, made anew from its study."""
    match _read(folder / PLAN):
        case {"model": str(model), "study": str(study)}:
            if model != program_hash():
                raise ShardError("{folder}: odssim has changed since this was planned; plan it again", folder=folder)
            return Plan(load_study(folder / study))
    raise ScenarioError("must name a study and a model", file=str(folder / PLAN), remedy=AGAIN)


def _read(file: Path) -> Any:
    try:
        return read_json(file)
    except ScenarioError as error:
        raise ScenarioError(error.rule, file=error.file, line=error.line, key=error.key, remedy=AGAIN) from None


def _text(content: Any) -> str:
    return json.dumps(content, indent=1) + "\n"
