"""A study as the source of a report: its mixes set against the first one, paired by world and by random numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from odssim.analysis.comparison.averted_rows import AvertedRow
from odssim.analysis.comparison.contrast import Window
from odssim.analysis.comparison.set_apart import Values, parameters_apart
from odssim.analysis.comparison.tables import Tables
from odssim.analysis.decision.choose import Decision, decide
from odssim.analysis.decision.objective import ALL_DEALS, Objective
from odssim.analysis.decision.ranking import evidence_of
from odssim.city.city import City
from odssim.city.load import load_city
from odssim.core.types import Array
from odssim.engine.comparable import first_difference
from odssim.engine.key import program_hash
from odssim.errors import ScenarioError, Sentence
from odssim.observe.write import scenario_record, versions
from odssim.report.page.source import ComparisonFiles, Row, Source, StudyFiles
from odssim.scenario.command import command, from_here
from odssim.scenario.records import Scenario
from odssim.studies.study.choice import paired_rows
from odssim.studies.study.jobs import Plan, parameters_of
from odssim.studies.study.records import PARAMETER, Study
from odssim.studies.study.resolve import numbers_of
from odssim.studies.study.store import open_store
from odssim.studies.study.study import load_study
from odssim.studies.study.tables import frames, options_of, runs_table
from odssim.studies.study.work import DAY_OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

SMALLEST = 0.05
"""Smallest difference of interest as a share of the base, as `odssim compare` has it."""
MOST_ALTERNATIVES = 24
OUTCOMES = (*DAY_OUTCOMES, ALL_DEALS)
BOUGHT = "open deal averted"


@dataclass(frozen=True)
class Axis:
    """What is compared in a study, the base first: its mixes, or its worlds where there is one mix."""

    names: tuple[str, ...]
    column: str
    """Where the store has what is compared: ``mix`` or ``world``."""
    runs: pd.DataFrame
    """Finished runs, a row each: ``mix`` is what is compared, ``world`` and ``replicate`` what pairs them."""

    @property
    def by_world(self) -> bool:
        """Whether a pair is a world, mean over its replicates, and not a run."""
        return bool(self.runs["world"].nunique() > 1)


def read_study(file: Path, store: Path) -> Source:
    """Return what a store holds of a study.

    Raises ScenarioError, StoreError: if the study or the store is wrong, or nothing in it can be compared.
    """
    study, plan = _planned(file)
    runs = runs_table(store, study)
    axis = _axis(study, runs[runs["status"] == "done"].assign(**{ALL_DEALS: _all_deals}), file)
    job = next((job for job in plan.jobs if job.key in set(axis.runs["key"])), plan.jobs[0])  # keys are of a model
    detail, scenario = plan.detail(job), plan.task(job).scenario
    window, city = Window(scenario.start_date, detail.first, detail.end), load_city(scenario.city)
    scenarios = _scenarios(study, plan, axis)
    places = _places(store, study, axis, city, window)
    files = StudyFiles(
        study.name, file, store, axis.by_world, axis.runs["world"].nunique(), study.n_replicates,
        n_left_out=study.n_runs - len(axis.runs), same_model=_models(store, study, axis.runs["key"]) == {program_hash()},
        worlds=_worlds(axis, study.varied) if axis.by_world else [],
        options=options_of(axis.runs) if axis.column == "mix" else {},
    )  # fmt: skip
    named = tuple(scenario_record(one) | {"name": name} for name, one in zip(axis.names, scenarios, strict=True))
    return Source(
        file, city, named, tuple(sorted({int(s) for s in axis.runs["seed"]})),
        command("batch", from_here(file), "--store", from_here(store)), versions(), window.first_date, window.last_date,
        study=files, comparison=_comparison(axis, window, parameters_apart(axis.names, scenarios), places),
    )  # fmt: skip


def _planned(file: Path) -> tuple[Study, Plan]:
    study = load_study(file)
    return study, Plan(study)


def _all_deals(runs: pd.DataFrame) -> pd.Series[float]:
    return runs["open_deals"] + runs["hidden_deals"]


def _axis(study: Study, runs: pd.DataFrame, file: Path) -> Axis:
    """Return what is compared; of one mix its worlds, if they share their random numbers."""
    column, names = "mix", tuple(mix.id for mix in study.mixes if mix.id in set(runs["mix"]))
    if len(names) < 2 and len({world.stream for world in study.worlds}) == 1:
        column, names = "world", tuple(world.id for world in study.worlds if world.id in set(runs["world"]))
        runs = runs.assign(mix=runs["world"], world="all")
    if not 2 <= len(names) <= MOST_ALTERNATIVES:
        raise ScenarioError(
            "has {n} finished mixes or worlds to compare; a report has 2 to {most}",
            file=str(file),
            remedy="odssim batch runs what is missing, odssim sensitivity analyses many worlds",
            n=len(names),
            most=MOST_ALTERNATIVES,
        )
    return Axis(names, column, runs)


def _models(store: Path, study: Study, keys: Any) -> set[str]:
    """Return the hashes of the models that the runs were made with."""
    with open_store(store, study=study.name) as db:
        made = dict(db.execute("SELECT key, model FROM runs"))
    return {made[key] for key in keys}


def _scenarios(study: Study, plan: Plan, axis: Axis) -> list[Scenario]:
    """Return the scenarios of what is compared, the base first; mixes in the first world.

    Raises ScenarioError: if they are not of one world.
    """
    found: dict[str, Scenario] = {}
    for world, mix in study.combinations:
        scenario = plan.resolved[numbers_of(world), mix.id]
        scenario = replace(scenario, parameters=parameters_of(scenario, world))
        found.setdefault(mix.id if axis.column == "mix" else world.id, scenario)
    base = found[axis.names[0]]
    for name in axis.names:
        if (key := first_difference(base, found[name])) is not None:
            rule = Sentence(
                "{name} differs from {first} in more than parameters: they cannot be compared",
                name=name,
                first=axis.names[0],
            )
            raise ScenarioError(rule, file=str(study.scenario), key=key, value=str(getattr(found[name], key)))
    return [found[name] for name in axis.names]


def _comparison(axis: Axis, window: Window, apart: Values, places: tuple[Array, ...]) -> ComparisonFiles:
    """Return what a comparison has, as far as runs without a ledger can tell it."""
    others = axis.names[1:]
    decision = _decision(axis, window)
    tables = Tables(
        differences=paired_rows(axis.runs, axis.names, window, SMALLEST, by_world=axis.by_world, outcomes=OUTCOMES),
        displacement=(), indicators=(), cost_per_unit=() if decision is None else _bought(decision),
    )  # fmt: skip
    standings = () if decision is None else decision.ranking.standings
    return ComparisonFiles(
        axis.names[0], others, tables, dict.fromkeys(others, ()), Objective().outcome, standings, apart, places
    )


def _bought(decision: Decision) -> tuple[AvertedRow, ...]:
    pairs = zip(decision.mixes[1:], decision.increments, strict=True)
    return tuple(
        AvertedRow(mix, BOUGHT, one.sek_per_unit, one.low, one.high, one.effect.value, one.cost.value, one.effect.n)
        for mix, one in pairs
    )


def _decision(axis: Axis, window: Window) -> Decision | None:
    try:
        evidence = evidence_of(axis.runs, Objective(), axis.names, window.days)
    except ValueError:  # no world and replicate has every mix: there are differences, but no ranking
        return None
    return decide(evidence, Objective(), SMALLEST)


def _worlds(axis: Axis, varied: tuple[str, ...]) -> list[Row]:
    """Return a row per world: what it sets, and open deals a day under each mix."""
    rows: list[Row] = []
    for world, runs in axis.runs.groupby("world", sort=False):
        values = {key: float(runs[f"{PARAMETER}{key}"].iloc[0]) for key in varied}
        deals = runs.groupby("mix")["open_deals"].mean().to_dict()
        rows.append({"world": str(world), "values": values, "open_deals": deals})
    return rows


def _places(store: Path, study: Study, axis: Axis, city: City, window: Window) -> tuple[Array, ...]:
    """Return open deals a day at each place, mean over runs, by what is compared; none if the study kept no places."""
    total = {name: np.zeros(city.n_places) for name in axis.names}
    for part in frames(store, study, "run_places"):
        for name, rows in part[part[axis.column].isin(axis.names)].groupby(axis.column):
            places = rows["place"].map(city.place_index).to_numpy(dtype=np.int64)
            total[str(name)] += np.bincount(places, rows["open_deals"], city.n_places)
    if not any(deals.any() for deals in total.values()):
        return ()
    n_runs = axis.runs.groupby("mix").size()
    return tuple(total[name] / (n_runs[name] * window.days) for name in axis.names)
