"""Reads the data sets of a folder, each checked for the columns that are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from odssim.analysis.datasets.figures import FOLDERS
from odssim.errors import OdssimError

FILES = {
    "berlin": ("berlin_area_crime.csv", ("year", "code", "drugs")),
    "west_yorkshire": ("lsoa_month_counts.csv", ("month", "lsoa_code", "drugs")),
    "wastewater": ("wastewater_2011_2024.csv", ("metabolite", "monday", "tuesday", "wednesday", "thursday", "friday",
                                                "saturday", "sunday")),
    "covert": ("edges.csv", ("network", "layer", "source", "target")),
}  # fmt: skip
"""Data set: its file, and the columns that are read."""


def read_folder(folder: Path) -> dict[str, Any]:
    """Return a table per data set that the folder has.

    Raises
    ------
    OdssimError
        If the folder does not exist or has none of them, or a file cannot be read or lacks a column.
    """
    if not folder.is_dir():
        raise OdssimError(f"--data = '{folder}': no such folder")
    found = {key: folder / FOLDERS[key] / name for key, (name, _) in FILES.items()}
    present = {key: file for key, file in found.items() if file.is_file()}
    if not present:
        wanted = ", ".join(f"{FOLDERS[key]}/{name}" for key, (name, _) in FILES.items())
        raise OdssimError(f"--data = '{folder}': holds none of the data sets; looked for {wanted}")
    return {key: read_table(file, FILES[key][1]) for key, file in present.items()}


def read_table(file: Path, columns: tuple[str, ...]) -> Any:
    """Return the needed columns of a CSV file.

    Raises
    ------
    OdssimError
        If it is no table, is empty, or lacks a column; the message is one line.
    """
    import pandas as pd

    try:
        table = pd.read_csv(file)
    except (OSError, ValueError) as error:
        raise OdssimError(f"{file}: cannot be read as a table; {str(error).splitlines()[0]}") from None
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise OdssimError(f"{file}: lacks the column {missing[0]!r}; needed are {', '.join(columns)}")
    if table.empty:
        raise OdssimError(f"{file}: has no rows")
    numbers = [name for name in columns if name in ("drugs", "monday", "sunday", "year")]
    for name in numbers:
        if not pd.api.types.is_numeric_dtype(table[name]):
            raise OdssimError(f"{file}: the column {name!r} must hold numbers")
    return table[list(columns)]
