"""A table of scenarios as an alternative to crossed axes: one row is one world with one mix."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from odssim.scenario.document import Draft, value_of_text
from odssim.scenario.locate import Origin
from odssim.scenario.locate import Path as KeyPath
from odssim.study.mixes import scenario_file
from odssim.study.records import Mix, World
from odssim.study.sheet import Sheet, SheetRow, read_sheet
from odssim.study.values import checked_number, world_key

MIX_COLUMNS = ("interventions.", "budget.")


def make_pairs(draft: Draft, file: Path) -> dict[str, Any]:
    """Return worlds, mixes and pairs of a table with the columns ``id``, ``scenario`` and keys to set.

    Empty cells change nothing; dates, lists and tables are written as in TOML. Rows with the same
    parameters share a world.

    Raises
    ------
    ScenarioError
        If the file or a cell is wrong.
    """
    sheet = read_sheet(file, draft, ("scenarios",))
    worlds: dict[str, World] = {}
    mixes: dict[str, Mix] = {}
    pairs = []
    origins = dict(draft.origins)
    for row in sheet.rows:
        given = {column: value for column, value in row.values.items() if value is not None}
        label = str(given.pop("id", f"s{row.number}"))
        if label in mixes:
            raise sheet.draft(row, "id").fault(("id",), "is used twice")
        at: KeyPath = ("scenarios", label)
        overrides = {c: _plain(value) for c, value in given.items() if c.startswith(MIX_COLUMNS)}
        origins |= {(*at, "set", column): Origin(str(file), row.line) for column in overrides}
        origins[at] = origins[*at, "scenario"] = Origin(str(file), row.line)
        scenario = None
        if "scenario" in given:
            here = sheet.draft(row, "scenario")
            scenario = scenario_file(here, ("scenario",), file.parent / str(given["scenario"]))
        values = _world_values(sheet, row, [c for c in given if c not in overrides and c != "scenario"])
        world = worlds.setdefault(repr(sorted(values.items())), World(f"w{len(worlds) + 1}", values))
        mixes[label] = Mix(label, scenario, None, overrides, at=at)
        pairs.append((world.id, label))
    return {
        "worlds": tuple(worlds.values()), "mixes": tuple(mixes.values()), "pairs": tuple(pairs), "origins": origins,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a cell's value as a scenario takes it."""
    if isinstance(value, datetime):  # a spreadsheet's date
        return value.date()
    return value_of_text(value) if isinstance(value, str) else value


def _world_values(sheet: Sheet, row: SheetRow, columns: list[str]) -> dict[str, float]:
    values = {}
    for column in columns:
        here = sheet.draft(row, column)
        key = world_key(here, (column,), column)
        values[key] = checked_number(here, (column,), key, row.values[column])
    return values
