"""Every reader of a user's tables under one name each: a way to give it a table and to see what it read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from odssim.city.own_files import read_city_table
from odssim.core.tables import read_table
from odssim.evaluation.counts.data_file import read_rows
from odssim.studies.study.worlds import members_of
from odssim.validation.datasets.beside_model import read_data_set

Cells = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Reader:
    """A reader: its header, a good row with `{}` for a number and `{name}` for a name, and what it reads of them."""

    header: tuple[str, ...]
    row: Callable[[Any, Any], tuple[Any, ...]]
    read: Callable[[Path], list[tuple[str, float]]]

    def cells(self, *values: tuple[Any, Any]) -> list[tuple[Any, ...]]:
        """Return a table with a row for each (name, number)."""
        return [self.header, *(self.row(name, number) for name, number in values)]


def _city(path: Path) -> list[tuple[str, float]]:
    table = read_city_table(path, ("name", "residents"))
    return [(row.text("name"), row.whole("residents", 0, 10**8)) for row in table.rows]


def _counts(path: Path) -> list[tuple[str, float]]:
    return [(row.place, row.count) for row in read_rows(str(path))]


def _worlds(path: Path) -> list[tuple[str, float]]:
    return [(world.id, world.parameters["days"]) for world in members_of(path)]


def _data(path: Path) -> list[tuple[str, float]]:
    table = read_data_set(path, ("code", "drugs", "year"))
    return list(zip(table["code"], table["drugs"], strict=True))


def _plain(path: Path) -> list[tuple[str, float]]:
    return [(row.text("name"), row.number("value")) for row in read_table(path, ("name", "value")).rows]


READERS = {
    "own city": Reader(("name", "residents"), lambda name, number: (name, number), _city),
    "counts": Reader(
        ("place", "period", "count", "arm"), lambda name, number: (name, "2026-01", number, "treated"), _counts
    ),
    "worlds": Reader(("id", "days"), lambda name, number: (name, number), _worlds),
    "data sets": Reader(("code", "year", "drugs"), lambda name, number: (name, "2012", number), _data),
    "any table": Reader(("name", "value"), lambda name, number: (name, number), _plain),
}


def as_csv(cells: Cells, separator: str = ",", end: str = "\n") -> str:
    """Return a table as text."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(cells)
    return text.getvalue()


def write(folder: Path, content: str | bytes | Cells) -> Path:
    """Write a table as CSV from text or bytes, as a workbook from cells."""
    if isinstance(content, str | bytes):
        file = folder / "table.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file
    book = openpyxl.Workbook()
    for row in content:
        book.active.append(list(row))
    file = folder / "table.xlsx"
    book.save(file)
    return file
