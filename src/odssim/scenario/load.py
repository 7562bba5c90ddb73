"""Read a scenario file, check it, fill in every default: TOML in, `Scenario` out."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from hashlib import blake2b
from os import PathLike, fspath
from pathlib import Path as FilePath
from typing import Any

from odssim.core.declare import Intervention, Parameter
from odssim.core.reading import reading
from odssim.scenario.checks import check_start_date, check_visits, check_weights, intervention_dates, targeting
from odssim.scenario.document import COMMAND_LINE, Draft, read_chain
from odssim.scenario.faults import named_file
from odssim.scenario.locate import Path, origin_of
from odssim.scenario.records import (
    CITY_FILES,
    CITY_MULTIPLIER,
    SUBSTANCES,
    CityFiles,
    InterventionSpec,
    OptionValue,
    Scenario,
)
from odssim.scenario.schema import CityFilesKeys, ScenarioKeys, scenario_model
from odssim.scenario.validate import checked_scenario
from odssim.scenario.vectors import expand_vectors

USER_SUPPLIED = "(initial beliefs user-supplied)"
"""Stands after the name of a scenario with a private file of known activity, and so in every output."""


def load(
    path: str | PathLike[str],
    *,
    parameters: Iterable[Parameter],
    catalogue: Mapping[str, Intervention],
    overrides: Iterable[str] = (),
    text: str | None = None,
) -> Scenario:
    """Return the checked scenario of a file.

    Parameters
    ----------
    path
        The TOML file; its name is used in messages as given.
    parameters, catalogue
        All that a scenario may set, ``odssim.rules.PARAMETERS`` and ``odssim.interventions.CATALOGUE``.
    overrides
        Texts ``key=value`` that go above the file, as from ``--set``: ``days=30``,
        ``parameters.need.rate_month.occasional=1.5``, ``interventions.patrol.visits_per_day=2``.
    text
        What is read in place of the file, which is then only what messages call it.

    Raises ScenarioError: on the first fault, in one line.
    """
    with reading(path):
        return resolve(read_chain(fspath(path), overrides, text), parameters, catalogue)


def resolve(
    draft: Draft,
    parameters: Iterable[Parameter],
    catalogue: Mapping[str, Intervention],
    model: type[ScenarioKeys] | None = None,
) -> Scenario:
    """Return the checked scenario of a draft, every default filled in.

    `model`: the `scenario_model` of parameters and catalogue, from whoever resolves many drafts: making it takes longer
    than all the rest.

    Raises ScenarioError: on the first fault, in one line.
    """
    expand_vectors(draft, parameters)
    keys = checked_scenario(draft, model or scenario_model(parameters, catalogue))
    check_start_date(draft, keys.start_date)
    end_date = keys.start_date + timedelta(days=keys.days)
    first_day = keys.start_date - timedelta(days=keys.burn_in_days)
    tables: list[Any] = keys.interventions  # type: ignore[attr-defined]
    specs = [_resolve(draft, table, catalogue[table.type], keys.start_date, end_date, first_day) for table in tables]
    values = keys.parameters.model_dump(by_alias=True)  # type: ignore[attr-defined]
    check_weights(draft, parameters, values, keys.substances)
    decisive: dict[str, Any] = {
        "start_date": keys.start_date,
        "days": keys.days,
        "burn_in_days": keys.burn_in_days,
        "city": _city_files(draft, keys.city) if isinstance(keys.city, CityFilesKeys) else keys.city,
        "population_multiplier": _multiplier(keys),
        "substances": tuple(name for name in SUBSTANCES if name in keys.substances),
        "parameters": values,
        "budget": dict(sorted(keys.budget.items())),
        "interventions": tuple(sorted(specs, key=lambda spec: spec.id)),
    }
    if keys.known_activity is not None:
        decisive["known_activity"] = _file(draft, ("known_activity",), keys.known_activity)
    return Scenario(
        name=f"{keys.name} {USER_SUPPLIED}" if keys.known_activity else keys.name,
        seed=keys.seed,
        files=draft.files,
        overrides=draft.overrides,
        content_hash=_content_hash(decisive),
        origins=draft.origins,
        **decisive,
    )


def _multiplier(keys: ScenarioKeys) -> float:
    """Return the multiplier as written, else the city's default."""
    default = CITY_MULTIPLIER.get(keys.city, 1.0) if isinstance(keys.city, str) else 1.0
    return default if keys.population_multiplier is None else keys.population_multiplier


def _resolve(
    draft: Draft, table: Any, entry: Intervention, start_date: date, end_date: date, first_day: date
) -> InterventionSpec:
    start, end = intervention_dates(draft, table, start_date, end_date)
    options: dict[str, OptionValue] = {}
    for option in entry.options:
        value = getattr(table, option.id)
        if option.kind == "range" and option.unit != "min":
            value = [float(number) for number in value]
        options[option.id] = tuple(value) if isinstance(value, list) else value
    if entry.lever == "visits":
        check_visits(draft, table.id, options)
    return InterventionSpec(
        id=table.id,
        type=entry.id,
        start=start,
        end=end,
        ramp_days=table.ramp_days,
        dose=table.dose,
        resources=table.resources,
        payer=table.payer,
        places=targeting(draft, table.id, table.places, start, first_day) if entry.targets_places else None,
        options=options,
        delivery=table.delivery,
        late_days=table.late_days,
        fade_weeks=table.fade_weeks,
    )


def _city_files(draft: Draft, city: CityFilesKeys) -> CityFiles:
    """Return the files of one's own city as absolute paths, seen from where each was written."""
    files: dict[str, str | int] = {"cell_m": city.cell_m}
    if city.name is not None:
        files["name"] = city.name
    for key in CITY_FILES:
        name = getattr(city, key)
        if name is None:
            continue
        files[key] = _file(draft, ("city", key), name)
    return files


def _file(draft: Draft, key: Path, name: str) -> str:
    """Return a file as an absolute path, seen from where its key was written."""
    origin = origin_of(draft.origins, key)
    folder = FilePath(origin.file).parent if origin and origin.file != COMMAND_LINE else FilePath()
    return str(named_file(draft, key, folder, name).resolve())


def _content_hash(decisive: Mapping[str, Any]) -> str:
    """Return the hash of all that decides a run but the seed; own files count by what they hold."""
    city = decisive["city"]
    if isinstance(city, Mapping):
        given = {key: FilePath(city[key]).read_bytes() for key in CITY_FILES if key in city}
        city = {**city, **{key: blake2b(content).hexdigest() for key, content in given.items()}}
    specs = [asdict(spec) for spec in decisive["interventions"]]
    plain = {**decisive, "city": city, "interventions": specs}
    if "known_activity" in plain:
        plain["known_activity"] = blake2b(FilePath(plain["known_activity"]).read_bytes()).hexdigest()
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False, default=date.isoformat)
    return blake2b(text.encode(), digest_size=16).hexdigest()
