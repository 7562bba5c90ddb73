"""Reads the data sets of a folder, each checked for the columns that are needed."""

import math
from pathlib import Path
from typing import Any

from odssim.analysis.datasets.figures import FOLDERS
from odssim.core.tables import read_table
from odssim.errors import FaultList, OdssimError

FILES = {
    "berlin": ("berlin_area_crime.csv", ("year", "code", "drugs")),
    "west_yorkshire": ("lsoa_month_counts.csv", ("month", "lsoa_code", "drugs")),
    "wastewater": ("wastewater_2011_2024.csv", ("metabolite", "monday", "tuesday", "wednesday", "thursday", "friday",
                                                "saturday", "sunday")),
    "covert": ("edges.csv", ("network", "layer", "source", "target")),
}  # fmt: skip
"""Data set: its file, and the columns that are read."""
NUMBERS = {"drugs", "year", *FILES["wastewater"][1][1:]}
"""Columns that hold numbers."""


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
    return {key: read_data_set(file, FILES[key][1]) for key, file in present.items()}


def read_data_set(file: Path, columns: tuple[str, ...]) -> Any:
    """Return the needed columns of a table; a number that is missing is NaN.

    Raises
    ------
    ScenarioError, FaultsError
        If it is no table, is empty, lacks a column, or a cell is no number.
    """
    import pandas as pd

    table, faults = read_table(file, columns), FaultList()
    found: dict[str, list[Any]] = {name: table.texts(name) for name in columns}
    for name in NUMBERS.intersection(columns):
        found[name] = [faults.tried(row.number, name) if row.text(name) else math.nan for row in table.rows]
    faults.refuse()
    return pd.DataFrame(found)
