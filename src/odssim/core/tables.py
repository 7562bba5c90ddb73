"""The one room in which tables of the user are read: CSV of every flavour and Excel, with typed cells.

*CSV.* The sign among ``; tab ,`` that stands most often in the header parts the cells. *Excel.* The first sheet. In
both the header is the first row that is not empty, empty rows are passed over, empty columns without a name too.
Numbers may have either decimal mark and marks between thousands; what may be read in two ways is refused.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from os import PathLike, fspath
from pathlib import Path
from typing import Any
from unicodedata import normalize

from odssim.core.numerals import decimal_mark, readings, within
from odssim.core.reading import LARGEST_FILE, LARGEST_INTEGER, OBEYED, nearest_word, read_bytes, read_text
from odssim.errors import LONGEST_VALUE, FaultList, ScenarioError, Sentence, spelt

EXCEL = (".xlsx", ".xlsm")
SEPARATORS = ";\t,"
WORKBOOK_CELLS = 5_000_000
Cell = str | int | float | date | time | None


@dataclass(frozen=True)
class Row:
    """One row of a table, with where it stands; `decimal` is the decimal mark of a column where it is known."""

    file: str
    line: int
    cells: Mapping[str, Cell]
    decimal: Mapping[str, str | None] = field(default_factory=dict)

    def fail(self, rule: str, key: str, remedy: str | None = None, **values: object) -> ScenarioError:
        """Return the error that a cell of this row breaks `rule`."""
        return ScenarioError(rule, file=self.file, line=self.line, key=key, value=self.text(key), remedy=remedy, **values)

    def text(self, key: str) -> str:
        """Return a cell as it is written; "" where it is empty, or the table has no such column."""
        cell = self.cells.get(key)
        if isinstance(cell, datetime) and cell.time() == time():
            cell = cell.date()
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
            cell = int(cell)
        return "" if cell is None else cell.isoformat() if isinstance(cell, date | time) else str(cell)

    def is_number(self, key: str) -> bool:
        """Tell whether a cell reads as a number, if perhaps in two ways."""
        cell = self.cells.get(key)
        return bool(readings(cell)) if isinstance(cell, str) else type(cell) in (int, float)

    def number(self, key: str, low: float = -math.inf, high: float = math.inf) -> float:
        """Return a cell as a number within [low, high].

        Raises ScenarioError: if it is none, lies outside, or may be read in two ways.
        """
        cell = self.cells.get(key)
        if isinstance(cell, str):
            values = within(readings(cell), low, high, self.decimal.get(key))
        else:
            values = {float(cell)} if isinstance(cell, int | float) and not isinstance(cell, bool) else set()
        if not values or not all(map(math.isfinite, values)):
            raise self.fail("must be a number", key)
        if len(values) > 1:
            rule = Sentence(
                "may be {low:g} or {high:g}: a mark before three digits is ambiguous", low=min(values), high=max(values)
            )
            raise self.fail(rule, key, "write it without a mark between thousands")
        value = values.pop()
        if not low <= value <= high:
            rule = (
                Sentence("must be between {low:g} and {high:g}", low=low, high=high)
                if math.isfinite(high)
                else Sentence("must be at least {low:g}", low=low)
            )
            raise self.fail(rule, key)
        return value

    def whole(self, key: str, low: float = -math.inf, high: float = math.inf) -> int:
        """Return a cell as a whole number within [low, high]; 26.0 is 26."""
        value = self.number(key, low, high)
        if not value.is_integer():
            raise self.fail("must be a whole number", key)
        return int(value)


@dataclass(frozen=True)
class Table:
    """A table as read: its columns in order and its rows."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def texts(self, column: str) -> list[str]:
        """Return a column as texts."""
        return [row.text(column) for row in self.rows]


def read_table(
    path: str | PathLike[str], needed: Iterable[str] = (), known: Iterable[str] | None = None, *, may_be_empty: bool = False
) -> Table:
    """Return the table of a CSV or Excel file.

    Parameters
    ----------
    needed
        Columns that it must have.
    known
        Columns that it may have beside them; None: any.
    may_be_empty
        Whether a header without rows is taken.

    Raises ScenarioError, FaultsError: with every fault of header and rows.
    """
    file, needed = fspath(path), tuple(needed)
    lines = [(line, cells) for line, cells in _cells(file) if any(cell not in (None, "") for cell in cells)]
    if not lines:
        raise ScenarioError(
            "is empty",
            file=file,
            remedy=Sentence("it needs a header: {columns}", columns=", ".join(needed)) if needed else None,
        )
    top, header = lines[0]
    names = {name.casefold(): name for name in (*(known or ()), *needed)}
    columns = [names.get(name.casefold(), name) for name in (str(cell or "").strip() for cell in header)]
    _check_header(file, top, columns, needed, None if known is None else (*known, *needed))
    if len(lines) == 1 and not may_be_empty:
        raise ScenarioError("has a header but no rows", file=file, line=top)
    faults = FaultList()
    rows = [faults.tried(_row, file, line, columns, cells) for line, cells in lines[1:]]
    faults.refuse()
    marks = {name: decimal_mark(row[name] for _, row in rows if isinstance(row[name], str)) for name in columns if name}
    kept = tuple(name for name in columns if name)
    return Table(file, kept, tuple(Row(file, line, {n: row[n] for n in kept}, marks) for line, row in rows))


def _check_header(file: str, line: int, columns: list[str], needed: tuple[str, ...], known: tuple[str, ...] | None) -> None:
    faults, missing = FaultList(), [name for name in needed if name not in columns]
    for name in dict.fromkeys(filter(None, columns)):
        if columns.count(name) > 1:
            faults.append(
                ScenarioError("two columns have the name {name!r}", file=file, line=line, remedy="delete one", name=name)
            )
        if known is not None and name not in known:
            remedy = nearest_word(name, known) or Sentence("one of {words}", words=", ".join(known))
            faults.append(ScenarioError("no such column", file=file, line=line, key=name, remedy=remedy))
    for name in missing:
        if known is None or nearest_word(name, [column for column in columns if column not in known]) is None:
            rule = Sentence(
                "column {name!r} is missing; the header has: {columns}",
                name=name,
                columns=spelt(", ".join(columns), LONGEST_VALUE),
            )
            remedy = nearest_word(name, columns) or Sentence("add the column {name!r}", name=name)
            faults.append(ScenarioError(rule, file=file, line=line, remedy=remedy))
    faults.refuse()


def _row(file: str, line: int, columns: list[str], cells: list[Cell]) -> tuple[int, dict[str, Cell]]:
    """Return a row by the names of its columns."""
    if len(cells) != len(columns):
        raise ScenarioError(
            "the row has {n} cells, the header {expected}", file=file, line=line, n=len(cells), expected=len(columns)
        )
    for name, cell in zip(columns, cells, strict=True):
        if not name and cell not in (None, ""):
            raise ScenarioError("holds a value in a column without a name", file=file, line=line)
        if isinstance(cell, str) and (found := OBEYED.search(cell)):
            raise ScenarioError("holds a control sign (U+{sign:04X})", file=file, line=line, key=name, sign=ord(found[0]))
    return line, dict(zip(columns, cells, strict=True))


def _cells(file: str) -> Iterator[tuple[int, list[Cell]]]:
    """Yield line and cells of every row; texts are stripped, in NFC."""
    return _excel_cells(file) if Path(file).suffix.casefold() in EXCEL else _csv_cells(file)


def _csv_cells(file: str) -> Iterator[tuple[int, list[Cell]]]:
    text = read_text(file)
    header = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    separator = max(reversed(SEPARATORS), key=header.count)
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise ScenarioError("is not valid CSV: {error}", file=file, line=reader.line_num, error=error) from None


def _excel_cells(file: str) -> Iterator[tuple[int, list[Cell]]]:
    data = read_bytes(file)
    shown, written = (_sheet(file, data, values) for values in (True, False))
    width = max((k for row in written for k, (_, value) in enumerate(row, start=1) if value is not None), default=0)
    faults, rows = FaultList(), []
    for line, pair in enumerate(zip(shown, written, strict=True), start=1):
        padded = [(row + [("n", None)] * (width - len(row)))[:width] for row in pair]
        rows.append((line, [faults.tried(_excel_cell, file, line, *cell) for cell in zip(*padded, strict=True)]))
    faults.refuse()
    return iter(rows)


def _sheet(file: str, data: bytes, values: bool) -> list[list[Any]]:
    """Return kind and value of the cells of a workbook's first sheet: stored values, or formulas as written."""
    from zipfile import ZipFile

    import openpyxl

    try:
        if sum(entry.file_size for entry in ZipFile(io.BytesIO(data)).infolist()) > LARGEST_FILE:
            raise ValueError("too large when unpacked")
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values).worksheets[0]
        sheet.reset_dimensions()  # a wrong note of the sheet's size would hide rows
        rows, n_cells = [], 0
        for row in sheet.iter_rows():
            rows.append([(cell.data_type, cell.value) for cell in row])
            n_cells += len(row) + 1
            if n_cells > WORKBOOK_CELLS:
                raise ValueError(f"more than {WORKBOOK_CELLS:,} cells")
    except Exception as error:  # a damaged workbook raises whatever its parts do
        raise ScenarioError("cannot be read as an Excel file ({error})", file=file, error=error) from None
    return rows


def _excel_cell(file: str, line: int, shown: tuple[str, Any], written: tuple[str, Any]) -> Cell:
    """Return a cell's value."""
    kind, value = shown
    if kind == "e" or (value in (None, "") and written[1] is not None and written[0] == "f"):
        rule = Sentence("a cell holds the error {value}", value=value)
        if kind != "e":
            rule = Sentence("a cell holds a formula without a stored value ({formula})", formula=written[1])
        raise ScenarioError(rule, file=file, line=line, remedy="write the value itself")
    if isinstance(value, bool) or not isinstance(value, str | int | float | date | time | None):
        return str(value).upper()
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        return str(value)
    return normalize("NFC", value).strip() if isinstance(value, str) else value
