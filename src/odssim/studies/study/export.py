"""Tables of a store as files: Parquet, CSV of both flavours, Excel with a codebook, Stata with labels.

The same store gives the same bytes, and so does any store of the same runs, whatever workers, engine or chunks
they were done with: rows are sorted by key, and no wall time, host or date of writing goes in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odssim.core.csv_json import NOTE, write_spreadsheet_csv
from odssim.core.files import atomic_folder
from odssim.studies.study.codebook import codebook, stata_names
from odssim.studies.study.records import Study
from odssim.studies.study.store import open_store
from odssim.studies.study.tables import TABLES, frames

if TYPE_CHECKING:
    import pandas as pd

EPOCH = datetime(2000, 1, 1)
"""Date of writing in files whose format demands one."""
EXCEL_ROWS, EXCEL_CELLS = 1_048_575, 3_000_000
"""Largest sheet: Excel's own limit, and what a spreadsheet opens in reasonable time."""
LONGEST_LABEL = 80
"""Stata's limit for the label of a variable."""


def export(store: Path, study: Study, out: Path, formats: Sequence[str]) -> list[str]:
    """Write the tables of a study into one folder per format below `out`, each all or nothing.

    Returns
    -------
    list
        Notices about what was left out, for a user.

    Raises StoreError: if the file is no store or does not hold the study.
    """
    names = [name for name in TABLES if _has_rows(store, study, name)]
    notices = []
    for kind in formats:
        with atomic_folder(out / kind) as folder:
            notices += WRITERS[kind](store, study, names, folder)
    return notices


def _has_rows(store: Path, study: Study, table: str) -> bool:
    with open_store(store, study=study.name) as db:
        return db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None


def _book(tables: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([row for name, columns in tables.items() for row in codebook(name, columns)])


def _parquet(store: Path, study: Study, names: Sequence[str], folder: Path) -> list[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {}
    for name in names:
        writer = None
        for part in frames(store, study, name):
            columns[name] = list(part.columns)
            table = pa.Table.from_pandas(part, preserve_index=False)
            writer = writer or pq.ParquetWriter(folder / f"{name}.parquet", _schema(table), compression="zstd")
            writer.write_table(table.cast(writer.schema))
        if writer is not None:
            writer.close()
    pq.write_table(pa.Table.from_pandas(_book(columns), preserve_index=False), folder / "codebook.parquet")
    return []


def _schema(table: Any) -> Any:
    """Return a table's schema without pandas' notes, and with text where a first part was empty."""
    import pyarrow as pa

    fields = [pa.field(f.name, pa.string() if pa.types.is_null(f.type) else f.type) for f in table.schema]
    return pa.schema(fields)


def _csv(store: Path, study: Study, names: Sequence[str], folder: Path) -> list[str]:
    columns = {}
    for name in names:
        for k, part in enumerate(frames(store, study, name)):
            columns[name] = list(part.columns)
            part.to_csv(folder / f"{name}.csv", mode="a", header=k == 0, index=False, lineterminator="\n")
    _book(columns).to_csv(folder / "codebook.csv", index=False, lineterminator="\n")
    return []


def _csv_semicolon(store: Path, study: Study, names: Sequence[str], folder: Path) -> list[str]:
    columns = {name: write_spreadsheet_csv(frames(store, study, name), folder / f"{name}.csv") for name in names}
    book = _book(columns)
    book.loc[len(book)] = ["every table", "text", "", "", NOTE]
    write_spreadsheet_csv([book], folder / "codebook.csv")
    return []


def _excel(store: Path, study: Study, names: Sequence[str], folder: Path) -> list[str]:
    import xlsxwriter

    notices, columns = [], {}
    options = {
        "constant_memory": True,
        "default_date_format": "yyyy-mm-dd",
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(folder / "tables.xlsx", options) as book:
        book.set_properties({"title": study.name, "created": EPOCH})
        for name in names:
            if not _fits(store, study, name):
                notices.append(f"excel: {name} has too many rows for a sheet; take parquet or csv")
                continue
            columns[name] = _sheet(book.add_worksheet(name), frames(store, study, name))
        _sheet(book.add_worksheet("codebook"), [_book(columns)])
    return notices


def _fits(store: Path, study: Study, table: str) -> bool:
    """Return whether a table fits on a sheet; looks no further than to where it does not."""
    n_rows = 0
    for part in frames(store, study, table):
        n_rows += len(part)
        if n_rows > EXCEL_ROWS or n_rows * len(part.columns) > EXCEL_CELLS:
            return False
    return True


def _sheet(sheet: Any, parts: Any) -> list[str]:
    """Write frames below one header; missing values are empty cells. Return the columns."""
    row, columns = 0, []
    for part in parts:
        if row == 0:
            columns = list(part.columns)
            sheet.write_row(0, 0, columns)
            sheet.freeze_panes(1, 0)
        for values in part.astype(object).itertuples(index=False):
            row += 1
            for k, value in enumerate(values):
                if value is not None and value == value:
                    sheet.write(row, k, value)
    return columns


def _stata(store: Path, study: Study, names: Sequence[str], folder: Path) -> list[str]:
    import pandas as pd

    for name in names:
        frame = pd.concat(list(frames(store, study, name)), ignore_index=True)
        labels = {row["stata"]: row["meaning"][:LONGEST_LABEL] for row in codebook(name, list(frame.columns))}
        short = frame.rename(columns=stata_names(list(frame.columns)))
        numbers = set(short.select_dtypes("number"))
        days = [column for column in ("day", "first_day") if column in short]
        for column in days:
            short[column] = pd.to_datetime(short[column]).astype("datetime64[ns]")
        for column in [column for column in short if short[column].isna().any() and column not in numbers]:
            short[column] = short[column].fillna("").astype(object)
        short.to_stata(
            folder / f"{name}.dta", write_index=False, version=118, time_stamp=EPOCH, data_label=study.name[:LONGEST_LABEL],
            variable_labels=labels, convert_dates=dict.fromkeys(days, "td"),
        )  # fmt: skip
    return []


WRITERS: Mapping[str, Callable[[Path, Study, Sequence[str], Path], list[str]]] = {
    "parquet": _parquet, "csv": _csv, "csv-semicolon": _csv_semicolon, "excel": _excel, "stata": _stata,
}  # fmt: skip
"""Formats by the name that ``--export`` takes."""
FORMATS = tuple(WRITERS)
