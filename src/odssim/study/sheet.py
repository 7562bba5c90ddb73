"""Tables of worlds or scenarios that a user keeps in a spreadsheet: CSV of both flavours, and Excel."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from odssim.errors import ScenarioError
from odssim.scenario.document import Draft
from odssim.scenario.faults import close_match
from odssim.scenario.locate import Origin
from odssim.scenario.locate import Path as KeyPath

EXCEL = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class SheetRow:
    """One row: its number without the header (from 1), its line in the file, its values (None: empty)."""

    number: int
    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A table as read; numbers are numbers, all else is text."""

    file: Path
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]

    def draft(self, row: SheetRow, column: str) -> Draft:
        """Return a draft that knows one cell, for messages that name file, line and column."""
        origin = Origin(str(self.file), row.line)
        return Draft(tree={column: row.values.get(column)}, origins={(): origin, (column,): origin})


def read_sheet(file: Path, draft: Draft, path: KeyPath) -> Sheet:
    """Return the table of a .csv or .xlsx file; `path` is the key of the draft that names it.

    Raises
    ------
    ScenarioError
        If there is no such file, it cannot be read, or its header or a row is wrong.
    """
    if not file.is_file():
        siblings = [entry.name for entry in file.parent.glob("*")] if file.parent.is_dir() else []
        raise draft.fault(path, "no such file, as seen from the study", close_match(file.name, siblings))
    cells = _excel_cells(file) if file.suffix.lower() in EXCEL else _csv_cells(file)
    if len(cells) < 2:
        raise ScenarioError("needs a header and at least one row", file=str(file))
    columns = tuple(str(cell or "").strip() for cell in cells[0][1])
    if "" in columns or len(set(columns)) < len(columns):
        raise ScenarioError("needs a header with a name of its own for every column", file=str(file), line=1)
    rows = []
    for number, (line, values) in enumerate(cells[1:], start=1):
        if len(values) != len(columns):
            rule = f"has {len(values)} values in a row, but {len(columns)} columns"
            raise ScenarioError(rule, file=str(file), line=line)
        rows.append(SheetRow(number, line, dict(zip(columns, values, strict=True))))
    return Sheet(file, columns, tuple(rows))


def _csv_cells(file: Path) -> list[tuple[int, list[Any]]]:
    """Return (line, values) of the rows that are not empty; `;` goes with a decimal comma."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ScenarioError("is not a text file in UTF-8", file=str(file)) from None
    header = text.partition("\n")[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(text.splitlines(), delimiter=separator)
    return [(reader.line_num, _parsed(row, separator == ";")) for row in reader if any(row)]


def _parsed(row: Iterable[str], decimal_comma: bool) -> list[Any]:
    return [_value(cell.strip(), decimal_comma) for cell in row]


def _value(cell: str, decimal_comma: bool) -> Any:
    if not cell:
        return None
    text = cell.replace(",", ".") if decimal_comma else cell
    try:
        number = float(text)
    except ValueError:
        return cell
    return cell if not math.isfinite(number) else int(text) if text.lstrip("+-").isdigit() else number


def _excel_cells(file: Path) -> list[tuple[int, list[Any]]]:
    from zipfile import BadZipFile

    import pandas as pd

    try:
        frame = pd.read_excel(file, header=None, dtype=object)
    except (OSError, ValueError, KeyError, BadZipFile):
        raise ScenarioError("cannot be read as an Excel file", file=str(file)) from None
    rows = [[None if pd.isna(cell) else cell for cell in row] for row in frame.to_numpy().tolist()]
    return [(line, row) for line, row in enumerate(rows, start=1) if any(cell is not None for cell in row)]
