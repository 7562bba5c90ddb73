"""The axis of mixes: named sets of interventions, and grids over their options; or a table, one row a world with one mix."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from odssim.core.tables import Row, read_table
from odssim.interventions.catalogue import CATALOGUE
from odssim.scenario.document import Draft, value_of_text
from odssim.scenario.faults import named_file, nearest
from odssim.scenario.locate import Origin
from odssim.scenario.locate import Path as KeyPath
from odssim.studies.study.records import Mix, Study, World
from odssim.studies.study.resolve import mix_draft
from odssim.studies.study.schema import MixKeys
from odssim.studies.study.values import cell_draft, cell_values, dotted


def make_mixes(draft: Draft, tables: Sequence[MixKeys] | None, folder: Path) -> tuple[Mix, ...]:
    """Return the mixes of ``[[mixes]]``; without any, the base scenario's own interventions.

    Raises ScenarioError: if an id is used twice or a scenario file does not exist.
    """
    mixes: list[Mix] = []
    for k, table in enumerate(tables or ()):
        at: KeyPath = ("mixes", k)
        if table.id in [mix.id for mix in mixes]:
            raise draft.fault((*at, "id"), "is used twice")
        scenario = None if table.scenario is None else named_file(draft, (*at, "scenario"), folder, table.scenario)
        interventions = None if table.interventions is None else tuple(table.interventions)
        mixes.append(Mix(table.id, scenario, interventions, dotted(table.settings), at=at))
    return tuple(mixes) or (Mix("base"),)


def sweep_mixes(draft: Draft, path: KeyPath, study: Study, mixes: Sequence[Mix], values: Sequence[Any]) -> tuple[Mix, ...]:
    """Return every mix that has the swept key's intervention once per value; the others as they are.

    A budget is swept in every mix that has interventions.

    Raises ScenarioError: if no mix has that intervention.
    """
    key = str(path[-1])
    head, label, *rest = key.split(".")
    trees = [mix_draft(study, mix).tree.get("interventions", {}) for mix in mixes]
    swept = [bool(tree) if head == "budget" else label in tree for tree in trees]
    if not any(swept):
        known = sorted({name for tree in trees for name in tree})
        raise draft.fault(path, "no mix has this intervention", nearest(label, known))
    grown: list[Mix] = []
    for mix, tree, is_swept in zip(mixes, trees, swept, strict=True):
        kind = tree[label].get("type") if is_swept and head != "budget" else None
        lowest = _lowest(str(kind), ".".join(rest))
        grown += [_swept(mix, key, label, value, lowest) for value in values] if is_swept else [mix]
    return tuple(grown)


def _lowest(kind: str, option_id: str) -> float:
    """Return the least value of an intervention's option; 0 for keys common to all."""
    options = CATALOGUE[kind].options if kind in CATALOGUE else ()
    return next((option.low or 0.0 for option in options if option.id == option_id), 0.0)


def _swept(mix: Mix, key: str, label: str, value: Any, lowest: float) -> Mix:
    """Return a mix with one value of a sweep; 0 of what begins at 1, visits say, is the mix without it."""
    before = "" if mix.id == "base" else f"{mix.id} "
    name = f"{before}{key.removeprefix('interventions.')}={value}"
    swept = {**mix.swept, key: value}
    if value == 0 and lowest > 0:
        return replace(mix, id=name, swept=swept, without=(*mix.without, label))
    return replace(mix, id=name, swept=swept, overrides={**mix.overrides, key: value})


MIX_COLUMNS = ("interventions.", "budget.")


def make_pairs(draft: Draft, folder: Path, name: str) -> dict[str, Any]:
    """Return worlds, mixes and pairs of a table with the columns ``id``, ``scenario`` and keys to set.

    Empty cells change nothing; dates, lists and tables are written as in TOML. Rows with the same
    parameters share a world.

    Raises ScenarioError: if the file or a cell is wrong.
    """
    file = named_file(draft, ("scenarios",), folder, name)
    table = read_table(file)
    world_columns = [c for c in table.columns if c not in ("id", "scenario") and not c.startswith(MIX_COLUMNS)]
    worlds: dict[str, World] = {}
    mixes: dict[str, Mix] = {}
    pairs = []
    origins = dict(draft.origins)
    for number, row in enumerate(table.rows, start=1):
        label = row.text("id") or f"s{number}"
        if label in mixes:
            raise row.fail("is used twice", "id")
        at: KeyPath = ("scenarios", label)
        overrides = {c: _plain(row, c) for c in table.columns if c.startswith(MIX_COLUMNS) and row.text(c)}
        origins |= {(*at, "set", column): Origin(row.file, row.line) for column in overrides}
        origins[at] = origins[*at, "scenario"] = Origin(row.file, row.line)
        scenario = None
        if row.text("scenario"):
            scenario = named_file(cell_draft(row, "scenario"), ("scenario",), file.parent, row.text("scenario"))
        values = cell_values(row, world_columns)
        world = worlds.setdefault(repr(sorted(values.items())), World(f"w{len(worlds) + 1}", values))
        mixes[label] = Mix(label, scenario, None, overrides, at=at)
        pairs.append((world.id, label))
    return {"worlds": tuple(worlds.values()), "mixes": tuple(mixes.values()), "pairs": tuple(pairs), "origins": origins}


def _plain(row: Row, column: str) -> Any:
    """Return a cell as a scenario takes it: a number, or what the text is in TOML."""
    if not row.is_number(column):
        return value_of_text(row.text(column))
    value = row.number(column)
    return int(value) if value.is_integer() else value
