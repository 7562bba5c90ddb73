"""Read a study file, check it, work out its axes: TOML in, `Study` out."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from os import PathLike
from pathlib import Path as FilePath
from typing import Any

from odssim.core.reading import reading
from odssim.scenario.document import Draft, parse_file
from odssim.scenario.faults import named_file
from odssim.scenario.locate import Origin, Path, key_lines
from odssim.scenario.shipped import located
from odssim.scenario.validate import checked_keys
from odssim.studies.study.mixes import make_mixes, make_pairs, sweep_mixes
from odssim.studies.study.problem import axes_of_problem
from odssim.studies.study.records import MOST_RUNS, Mix, Study, World
from odssim.studies.study.resolve import check_study
from odssim.studies.study.schema import PERIOD_DAYS, StudyKeys, SweepKeys
from odssim.studies.study.values import checked_number, dotted, steps, world_key
from odssim.studies.study.worlds import make_worlds

__all__ = ["Mix", "Study", "World", "load_study"]
MIX_SWEEPS = ("interventions.", "budget.")


def load_study(path: str | PathLike[str]) -> Study:
    """Return the checked study of a file; every scenario of it has been resolved once.

    Raises ScenarioError: on the first fault, in one line: in the study, a table or a scenario that it names.
    """
    with reading(path):
        return _load(located(path))


def _load(file: str) -> Study:
    draft, keys = read_keys(file)
    folder = FilePath(file).parent
    scenario = named_file(draft, ("scenario",), folder, keys.scenario)
    bare = Study(
        name=keys.name, scenario=scenario, n_replicates=keys.replicates, seed=keys.seed, settings=dotted(keys.settings),
        window=None if keys.window is None else (keys.window.first, keys.window.last),
        period_days=PERIOD_DAYS[keys.period], place_days=keys.place_days, origins=draft.origins,
    )  # fmt: skip
    study = replace(bare, **_axes(draft, keys, folder, bare))
    check_study(study)
    return study


def read_keys(file: str) -> tuple[Draft, StudyKeys]:
    """Return a study file's tree with the lines of its keys, and its checked keys, a SALib problem read as parameters.

    Raises ScenarioError: on the first fault.
    """
    draft = _read(file)
    keys = checked_keys(draft, StudyKeys, page="see odssim schema --study")
    if keys.worlds is not None and keys.worlds.problem is not None:
        axes = axes_of_problem(draft, keys.worlds, FilePath(file).parent)
        keys = keys.model_copy(update={"worlds": keys.worlds.model_copy(update={"parameters": axes})})
    return draft, keys


def _axes(draft: Draft, keys: StudyKeys, folder: FilePath, bare: Study) -> dict[str, Any]:
    """Return the fields of `Study` that hold its worlds, mixes and pairs."""
    if keys.scenarios is not None:
        for name in ("worlds", "mixes", "sweep"):
            if draft.has((name,)):
                raise draft.fault((name,), "is not used beside scenarios, a table of them", "leave one out")
        return make_pairs(draft, folder, keys.scenarios)
    worlds = (World("base"),) if keys.worlds is None else make_worlds(draft, keys.worlds, folder)
    mixes = make_mixes(draft, keys.mixes, folder)
    for text, axis in keys.sweep.items():
        path = ("sweep", text)
        if text.startswith(MIX_SWEEPS):
            mixes = sweep_mixes(draft, path, bare, mixes, steps(draft, path, axis))
        else:
            worlds = _sweep_worlds(draft, path, worlds, text, axis)
        _check_number(draft, path, len(worlds) * len(mixes) * keys.replicates)
    _check_number(draft, ("replicates",), len(worlds) * len(mixes) * keys.replicates)
    return {"worlds": worlds, "mixes": mixes}


def _check_number(draft: Draft, path: Path, n_runs: int) -> None:
    if n_runs > MOST_RUNS:
        raise draft.fault(
            path, "makes {n_runs:,} runs; a study may have {most:,}", "divide it", n_runs=n_runs, most=MOST_RUNS
        )


def _sweep_worlds(draft: Draft, path: Path, worlds: tuple[World, ...], text: str, axis: SweepKeys) -> tuple[World, ...]:
    key = world_key(draft, path, text)
    values = [checked_number(draft, path, key, value) for value in steps(draft, path, axis)]
    return tuple(
        World(f"{'' if world.id == 'base' else world.id + ' '}{key}={value:.12g}", {**world.parameters, key: value})
        for world, value in product(worlds, values)
    )


class StudyDraft(Draft):
    """A study's tree, whose lists are entered by index."""

    def value(self, path: Path) -> Any:
        """Return the value as written at `path`, None if there is none."""
        value: Any = self.tree
        for part in path:
            if isinstance(value, list) and isinstance(part, int):
                value = value[part] if part < len(value) else None
            else:
                value = value.get(part) if isinstance(value, Mapping) else None
        return value


def _read(file: str) -> Draft:
    """Return the file's tree with the line of every key; sweeps have their dotted key as one name."""
    text, tree = parse_file(file, "name and scenario")
    draft = StudyDraft(tree=tree, origins={(): Origin(file, None)}, files=(file,))
    for path, line in key_lines(text).items():
        draft.origins[path] = Origin(file, line)
    for at in (("sweep",), ("worlds", "parameters")):
        _join_names(draft, at)
    return draft


def _join_names(draft: Draft, at: Path) -> None:
    """Let ``sweep.need.rate_month = {...}``, unquoted, mean the same as with the id in quotes."""
    table = draft.value(at)
    if not isinstance(table, dict):
        return
    joined: dict[str, Any] = {}
    for name, value in _axis_tables(table):
        joined[".".join(name)] = value
        for path in [p for p in draft.origins if p[: len(at) + len(name)] == (*at, *name)]:
            draft.origins[(*at, ".".join(name), *path[len(at) + len(name) :])] = draft.origins[path]
    table.clear()
    table.update(joined)


def _axis_tables(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for key, value in table.items():
        nested = isinstance(value, dict) and value and all(isinstance(v, dict) for v in value.values())
        found += _axis_tables(value, (*above, key)) if nested else [((*above, key), value)]
    return found
