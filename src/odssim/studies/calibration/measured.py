"""Patterns and contrasts of the runs in a store."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from odssim.city.load import load_city
from odssim.core.types import Array
from odssim.studies.study.jobs import Job, Plan, parameters_of
from odssim.studies.study.records import STREAM_LENGTH, Study
from odssim.studies.study.resolve import numbers_of
from odssim.studies.study.store import open_store
from odssim.studies.study.work import DAY_OUTCOMES
from odssim.validation.patterns import measure_counts


def patterns_of_study(store: Path, study: Study, labels: Sequence[str], ids: Sequence[str]) -> dict[str, Array]:
    """Return, by pattern or outcome id, float64[points, replicates] of the study's first mix; NaN where a run failed.

    Parameters
    ----------
    labels
        The world of each point.
    """
    plan = Plan(study)
    rows = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    found = {key: np.full((len(rows), study.n_replicates), np.nan) for key in ids}
    with open_store(store, study=study.name) as db:
        for job in plan.jobs:
            if job.mix != study.mixes[0].id or job.world not in rows:
                continue
            values = _one_run(db, plan, job)
            for key in ids:
                found[key][rows[job.world], (job.replicate - 1) % STREAM_LENGTH] = values.get(key, np.nan)
    order = [rows[label] for label in labels]
    return {key: values[order] for key, values in found.items()}


def _one_run(db: Any, plan: Plan, job: Job) -> dict[str, float]:
    columns = ", ".join(f'"{name}"' for name in DAY_OUTCOMES)
    days = db.execute(f"SELECT {columns} FROM run_days WHERE key = ? ORDER BY day", (job.key,)).fetchall()
    if not days:
        return {}
    table = np.array(days, dtype=np.float64)
    series = {name: table[:, i] for i, name in enumerate(DAY_OUTCOMES)}
    world = plan.worlds[job.world]
    scenario = plan.resolved[numbers_of(world), job.mix]
    detail = plan.detail(job)
    places = db.execute(
        "SELECT SUM(open_deals) FROM run_places WHERE key = ? AND n_days = ? GROUP BY place",
        (job.key, detail.end - detail.first),
    ).fetchall()
    residents = float(load_city(scenario.city).residents.sum()) * scenario.population_multiplier
    margin = parameters_of(scenario, world)["selling.margin_share"]
    means = {name: float(np.nanmean(v)) if np.isfinite(v).any() else np.nan for name, v in series.items()}
    return {**means, **measure_counts(series, np.array([n for (n,) in places] or [0.0]), residents, margin)}


def change_in_per_cent(levels: Array) -> Array:
    """Return the change from the first mix to the second in per cent of the first, float64[points, replicates].

    Parameters
    ----------
    levels
        float64[points, 2, replicates]. Each replicate's difference is divided by its point's mean of the first mix: a
        replicate with few deals must not weigh more.
    """
    base = levels[:, 0].mean(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(base > 0, 100 * (levels[:, 1] - levels[:, 0]) / base, np.nan))
