"""What a report is made of: tables, pictures with their finding, sections; all texts in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from odssim.core.package_data import package_toml
from odssim.language import say
from odssim.language.written import grouped, number, percent

TEXTS = package_toml(__package__, "texts.toml")
"""Texts without values, by what they are of."""
Cell = str | float | int | bool | None


@dataclass(frozen=True)
class Column:
    """One column: its id in the workbook, what readers see above it, what it means, its unit."""

    id: str
    label: str
    meaning: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A table."""

    id: str
    """Name of its sheet in the workbook, at most 31 characters."""
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """Values as numbers and words, one tuple per row; None where there is no number."""
    shown: tuple[tuple[str, ...], ...]
    """The same rows as readers see them."""


@dataclass(frozen=True)
class Figure:
    """A picture with the one sentence that it shows, its data, and how it was made."""

    finding: str
    image: str
    """A ``data:`` address, so that the page needs no other file."""
    alt: str
    """What it shows, for those who cannot see it."""
    how: str
    table: Table | None = None
    """Its numbers; None where they stand in a table of the same section."""


Block = str | Table | Figure


@dataclass(frozen=True)
class Section:
    """One step of the way of working: its title in the handbook's words, a lead, then blocks."""

    title: str
    lead: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Tile:
    """One number on the first page."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Report:
    """The whole: a first page for a head of unit, seven steps, what it rests on; `kind` stands above the title."""

    title: str
    subtitle: str
    warnings: tuple[str, ...]
    answer: tuple[str, ...]
    tiles: tuple[Tile, ...]
    reservations: tuple[str, ...]
    cover: Figure
    sections: tuple[Section, ...]
    glossary: tuple[tuple[str, str], ...]
    made: tuple[tuple[str, str], ...]
    kind: str
    notices: tuple[str, ...] = field(default=())

    def noted(self, text: str) -> Report:
        """Return the report with a text at the end of every table's title."""

        def noted(block: Block) -> Block:
            if isinstance(block, Table):
                return replace(block, title=f"{block.title}. {text}")
            if isinstance(block, Figure) and block.table is not None:
                return replace(block, table=replace(block.table, title=f"{block.table.title}. {text}"))
            return block

        return replace(self, sections=tuple(replace(one, blocks=tuple(map(noted, one.blocks))) for one in self.sections))

    @property
    def tables(self) -> list[Table]:
        """Every table, those of pictures too, in order."""
        found: list[Table] = []
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    found.append(block)
                elif isinstance(block, Figure) and block.table is not None:
                    found.append(block.table)
        return found


def declared_table(id_: str, rows: Sequence[Sequence[Any]], *, sheet: str = "", **values: object) -> Table:
    """Return a table of `tables.toml`, its texts said; `values` go into its title, `sheet` is its id if not `id_`."""
    one = package_toml(__package__, "tables.toml")[id_]
    heads = [Column(c["id"], say(c["label"]), say(c.get("meaning", "")), c.get("unit", "")) for c in one["columns"]]
    return table(sheet or id_, say(one["title"], **values), heads, rows)


def table(id_: str, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> Table:
    """Return a table; a row's entry is a text, a number, or a pair of a value and how it is shown."""
    pairs = [[_pair(entry, column.unit) for entry, column in zip(row, columns, strict=True)] for row in rows]
    values = tuple(tuple(value for value, _ in row) for row in pairs)
    shown = tuple(tuple(text for _, text in row) for row in pairs)
    return Table(id_, title, tuple(columns), values, shown)


def _pair(entry: Any, unit: str) -> tuple[Cell, str]:
    """Return an entry with how it is shown: a number by its column's unit, see `SHOWN`."""
    if isinstance(entry, tuple):
        return entry
    return entry, entry if isinstance(entry, str) else SHOWN.get(unit, number)(entry)


SHOWN: Mapping[str, Callable[[float | None], str]] = {
    "share": percent, "probability": percent, "SEK": grouped, "SEK/day": grouped
}  # fmt: skip
"""Shares in whole per cent, sums of money in whole SEK; every other unit as `number` has it."""
