"""The report's tables as a spreadsheet: a sheet each, and a codebook of every column."""

import math
from io import BytesIO

from odssim.language import say
from odssim.report.page.blocks import Cell, Report

LONGEST_SHEET = 31
WIDEST = 60


def as_workbook(report: Report) -> bytes:
    """Return an Excel file; equal reports give equal bytes."""
    import datetime

    import xlsxwriter

    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": report.title, "created": datetime.datetime(2018, 1, 1)})
    bold, wrap = book.add_format({"bold": True, "bottom": 1, "text_wrap": True}), book.add_format({"text_wrap": True})
    first = book.add_worksheet(say("read me")[:LONGEST_SHEET])
    lines = [report.title, report.subtitle, *report.warnings, *report.answer, *report.reservations]
    lines += [f"{term}: {value}" for term, value in report.made]
    first.set_column(0, 0, 110, wrap)
    for k, text in enumerate([*lines, *report.notices]):
        first.write_string(k, 0, text)
    names = _sheet_names([table.id for table in report.tables])
    codebook = book.add_worksheet(say("codebook"))
    heads = (say("sheet"), say("column"), say("label"), say("meaning"), say("unit"), say("table"))
    codebook.write_row(0, 0, heads, bold)
    line = 1
    for name, table in zip(names, report.tables, strict=True):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [column.id for column in table.columns], bold)
        for k, row in enumerate(table.rows, start=1):
            for c, value in enumerate(row):
                _write(sheet, k, c, value)
        for c, column in enumerate(table.columns):
            width = max([len(column.id), *(len(str(row[c])) if isinstance(row[c], str) else 9 for row in table.rows)])
            sheet.set_column(c, c, min(WIDEST, width + 2))
            about = (name, column.id, column.label, column.meaning, column.unit, table.title)
            for at, text in enumerate(about):
                codebook.write_string(line, at, text)
            line += 1
    codebook.set_column(0, 5, 28)
    codebook.freeze_panes(1, 0)
    book.close()
    return data.getvalue()


def _write(sheet: object, row: int, column: int, value: Cell) -> None:
    """Write a value as what it is: a number, a text, or nothing."""
    put: object = sheet
    if isinstance(value, str):
        put.write_string(row, column, value)  # type: ignore[attr-defined]
    elif value is not None and math.isfinite(value):
        put.write_number(row, column, value)  # type: ignore[attr-defined]


def _sheet_names(ids: list[str]) -> list[str]:
    """Return names that a workbook accepts, each once."""
    names: list[str] = []
    for id_ in ids:
        name, k = id_[:LONGEST_SHEET], 2
        while name.lower() in {used.lower() for used in names}:
            name, k = f"{id_[: LONGEST_SHEET - 3]}_{k}", k + 1
        names.append(name)
    return names
