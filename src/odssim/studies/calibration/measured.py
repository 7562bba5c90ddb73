"""What a store's runs say to a calibration: patterns, contrasts, and what changes at the places that a mix works at."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from odssim.city.load import load_city
from odssim.core.types import Array
from odssim.engine.targets import RANK_DAYS
from odssim.errors import OdssimError
from odssim.scenario.records import InterventionSpec, Targeting
from odssim.studies.study.jobs import Job, Plan, parameters_of
from odssim.studies.study.records import STREAM_LENGTH, Study
from odssim.studies.study.resolve import numbers_of
from odssim.studies.study.store import open_store
from odssim.studies.study.tables import places_table
from odssim.studies.study.work import DAY_OUTCOMES
from odssim.validation.patterns import measure_counts


def patterns_of_study(store: Path, study: Study, labels: Sequence[str], ids: Sequence[str]) -> dict[str, Array]:
    """Return, by pattern or outcome id, float64[points, replicates] of the study's first mix; NaN where a run failed.

    `labels`: the world of each point.
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

    `levels`: float64[points, 2, replicates]. Each replicate's difference is divided by its point's mean of the first
    mix: a replicate with few deals must not weigh more.
    """
    base = levels[:, 0].mean(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(base > 0, 100 * (levels[:, 1] - levels[:, 0]) / base, np.nan))


def check_treated(study: Study, file: str, mixes: Iterable[str]) -> None:
    """Refuse mixes of which the table of places cannot say where they work.

    Raises OdssimError: if a mix is not one intervention at places by name or by one rank, or the study's periods do not
    hold the days of the ranking apart from those of the work.
    """
    plan = Plan(study)
    for mix in mixes:
        spec, places = _work(plan, mix, file)
        detail = plan.detail(next(job for job in plan.jobs if job.mix == mix))
        start = next(iter(plan.resolved.values())).start_date
        edges = {start + timedelta(days=first) for first, _ in detail.periods}
        needed = {spec.start} if places.kind == "names" else {spec.start, *_ranked(spec, places)}
        if not needed <= edges:
            raise OdssimError(
                "{file}: mix {mix!r}: a period must begin on {days}, so that the places treated are known; "
                "see window and period",
                file=file,
                mix=mix,
                days=", ".join(map(str, sorted(needed - edges))),
            )


def _work(plan: Plan, mix: str, file: str = "") -> tuple[InterventionSpec, Targeting]:
    """Return the one intervention of a mix, and where it works."""
    scenario = next(one for (_, name), one in plan.resolved.items() if name == mix)
    specs = scenario.interventions
    places = specs[0].places if len(specs) == 1 else None
    fixed = places is not None and (
        places.kind == "names" or (places.kind == "rank" and places.rerank_days is None and not places.within)
    )
    if not fixed or places is None:
        rule = "{file}: mix {mix!r} must be one intervention at places by names or by one rank of the whole city"
        raise OdssimError(rule, file=file, mix=mix)
    return specs[0], places


def _ranked(spec: InterventionSpec, places: Targeting) -> tuple[date, date]:
    """Return the first day by which places are ranked, and the day after the last."""
    end = (places.at or spec.start - timedelta(days=1)) + timedelta(days=1)
    return end - timedelta(days=RANK_DAYS), end


def levels_at_treated(store: Path, study: Study, labels: Sequence[str], mixes: tuple[str, str], outcome: str) -> Array:
    """Return an outcome at the places that the second mix works at, from its start on, in both mixes.

    Places by rank are those of the base world's ranking, which both worlds share.

    Returns
    -------
    Array
        Sums, float64[points, 2, replicates]; NaN where a run failed.
    """
    spec, places = _work(Plan(study), mixes[1])
    table = places_table(store, study)
    table = table[table["mix"].isin(mixes)]
    rows = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    found = np.full((len(rows), 2, study.n_replicates), np.nan)
    for (world, replicate), run in table.groupby(["world", "replicate"]):
        if world not in rows or set(run["mix"]) != set(mixes):
            continue
        chosen = list(places.names)
        if places.kind == "rank":
            first, end = _ranked(spec, places)
            before = run[(run["mix"] == mixes[0]) & (run["first_day"] >= first) & (run["first_day"] < end)]
            total = before.groupby("place")[places.rank].sum()
            chosen = list(total[total > 0].nlargest(places.top).index)
        at_work = run[run["place"].isin(chosen) & (run["first_day"] >= spec.start)]
        sums = at_work.groupby("mix")[outcome].sum()
        found[rows[world], :, (int(replicate) - 1) % STREAM_LENGTH] = [float(sums.get(mix, 0.0)) for mix in mixes]
    return np.asarray(found[[rows[label] for label in labels]])
