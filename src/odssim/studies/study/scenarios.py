"""A table of scenarios as an alternative to crossed axes: one row is one world with one mix."""

from pathlib import Path
from typing import Any

from odssim.core.tables import Row, read_table
from odssim.scenario.document import Draft, value_of_text
from odssim.scenario.faults import named_file
from odssim.scenario.locate import Origin
from odssim.scenario.locate import Path as KeyPath
from odssim.studies.study.records import Mix, World
from odssim.studies.study.values import cell_draft, cell_values

MIX_COLUMNS = ("interventions.", "budget.")


def make_pairs(draft: Draft, folder: Path, name: str) -> dict[str, Any]:
    """Return worlds, mixes and pairs of a table with the columns ``id``, ``scenario`` and keys to set.

    Empty cells change nothing; dates, lists and tables are written as in TOML. Rows with the same
    parameters share a world.

    Raises
    ------
    ScenarioError
        If the file or a cell is wrong.
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
