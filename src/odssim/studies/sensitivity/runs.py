"""Run a sample as a study: every point a world, in the same store as any other batch."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from odssim.core.types import Array
from odssim.errors import OdssimError, Sentence
from odssim.scenario.faults import nearest
from odssim.studies.sensitivity.sample import Sample
from odssim.studies.sensitivity.space import DUMMY, Factor, Space
from odssim.studies.study.batch import run_study
from odssim.studies.study.records import STREAM_LENGTH, Study, World
from odssim.studies.study.tables import runs_table

Progress = Callable[[int, int], None]


def study_of(study: Study, name: str, space: Space, values: Array, stream: Array) -> tuple[Study, list[str]]:
    """Return the study of the given points, and each point's world.

    `values`, `stream`: float64[n, k] and int[n].

    Notes
    -----
    A world's id is a hash of its content: the same point is the same world in a larger sample. The dummy is no
    parameter of the model; it shows in the random numbers alone.
    """
    worlds: dict[str, World] = {}
    labels = []
    for row, number in zip(values.tolist(), stream.tolist(), strict=True):
        parameters = {key: v for key, v in zip(space.ids, row, strict=True) if key != DUMMY}
        label = "w" + blake2b(repr((sorted(parameters.items()), number)).encode(), digest_size=6).hexdigest()
        worlds.setdefault(label, World(label, parameters, number))
        labels.append(label)
    return replace(study, name=name, worlds=tuple(worlds.values()), pairs=None), labels


def run_points(
    study: Study,
    name: str,
    space: Space,
    values: Array,
    stream: Array,
    store: Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Any = None,
) -> tuple[Any, Study, list[str]]:
    """Run the points that the store does not have; return the table of runs, the study and each point's world."""
    batch, labels = study_of(study, name, space, values, stream)
    run_study(batch, store, workers=workers, executor=executor, progress=progress)
    return runs_table(store, batch), batch, labels


def outcomes_of(table: Any, labels: Sequence[str], mixes: Sequence[str], outcome: str, n_replicates: int) -> Array:
    """Return float64[points, mixes, replicates] of one outcome; NaN where a run failed.

    Raises OdssimError: if there is no such outcome.
    """
    if outcome not in table.columns:
        known = [c for c in table.columns if not c.startswith("p.")]
        raise OdssimError(
            "no such outcome: {outcome!r}; {remedy}",
            outcome=outcome,
            remedy=nearest(outcome, known) or Sentence("see odssim where"),
        )
    rows = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    found = np.full((len(rows), len(mixes), n_replicates), np.nan)
    columns = (table["world"], table["mix"], table["replicate"], table["status"], table[outcome])
    for world, mix, replicate, status, value in zip(*columns, strict=True):
        if status == "done" and world in rows and mix in mixes:
            found[rows[world], mixes.index(mix), (int(replicate) - 1) % STREAM_LENGTH] = value
    return np.asarray(found[[rows[label] for label in labels]])


def run_sample(study: Study, sample: Sample, mixes: Sequence[str], outcome: str, store: Path, **how: Any) -> Array:
    """Return the outcomes of a sample, float64[blocks, rows, mixes, replicates]; `how` goes to `run_study`."""
    n, m, k = sample.unit.shape
    chosen = replace(study, mixes=tuple(mix for mix in study.mixes if mix.id in mixes))
    name = f"{study.name} / {sample.method}"
    values, stream = sample.values.reshape(n * m, k), sample.stream.ravel()
    table, batch, labels = run_points(chosen, name, sample.space, values, stream, store, **how)
    y = outcomes_of(table, labels, list(mixes), outcome, batch.n_replicates)
    return y.reshape(n, m, len(mixes), batch.n_replicates)


def space_of_study(path: str | Path, groups: dict[str, str] | None = None) -> Space:
    """Return the space of a study file: its ``[worlds.parameters]`` or SALib problem, whatever the worlds' method.

    Raises ScenarioError: if the file has no such table, or a distribution is wrong.
    """
    from odssim.studies.study.problem import groups_of_problem
    from odssim.studies.study.study import read_keys
    from odssim.studies.study.values import WHOLE_NUMBERS, quantiles, world_key

    draft, keys = read_keys(str(path))
    axes = (keys.worlds.parameters if keys.worlds else None) or {}
    if not axes:
        raise draft.fault(("worlds", "parameters"), "is missing: name the parameters to vary, each with its range")
    own = groups_of_problem(draft, keys.worlds, Path(path).parent) if keys.worlds and keys.worlds.problem else {}
    own |= groups or {}
    factors = []
    for text, axis in axes.items():
        at = ("worlds", "parameters", text)
        key = world_key(draft, at, text)
        law = partial(quantiles, draft, at, key, axis)
        low, high = (float(v) for v in law(np.array([0.0, 1.0])))
        is_plain = axis.distribution == "uniform" and key not in WHOLE_NUMBERS
        factors.append(Factor(key, low, high, own.get(key, ""), axis.log, None if is_plain else law))
    return Space(tuple(factors))
