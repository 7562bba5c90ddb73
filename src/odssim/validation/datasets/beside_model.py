"""Data beside model, row by row, with what the difference means: figures with their sources, or files of one's own.

The figures were computed from the files by `odssim validate --data FOLDER`.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from odssim.core.package_data import package_toml
from odssim.core.tables import read_table
from odssim.errors import FaultList, OdssimError
from odssim.scenario.records import Scenario
from odssim.validation.datasets.data import READERS
from odssim.validation.datasets.model import model_figures
from odssim.validation.patterns.campaign import CITY, Progress, shipped

SAME_AS_STORED = 0.002
DATA_SETS = package_toml(__package__, "datasets.toml")
"""Data set: where it comes from, its file, the columns that are read, and its figures, with what the files give."""
FIGURES = {key: figure for one in DATA_SETS.values() for key, figure in one["figures"].items()}
NUMBERS = {"drugs", "year", *DATA_SETS["wastewater"]["columns"][1:]}
"""Columns that hold numbers."""


def compare_folder(
    folder: Path, *, scenario: Scenario | None = None, seeds: int = 3, progress: Progress | None = None
) -> list[dict[str, Any]]:
    """Return one row per figure: that of the files, the stored one, and the model's.

    Everything in the folder is read before anything is simulated.

    Raises OdssimError: if the folder or a file in it cannot be used.
    """
    tables = read_folder(folder)
    data = {key: value for name, table in tables.items() for key, value in READERS[name](table).items()}
    model = model_figures(scenario or shipped(CITY), seeds=seeds, progress=progress)
    rows = []
    for key, figure in FIGURES.items():
        if key in data:
            stored = figure["value"]
            rows.append({
                "id": key, "what": figure["what"], "data": data[key], "model": model.get(key), "stored": stored,
                "as_stored": abs(data[key] - stored) <= SAME_AS_STORED, "source": DATA_SETS[key.split()[0]]["source"],
            })  # fmt: skip
    return rows


def read_folder(folder: Path) -> dict[str, Any]:
    """Return a table per data set that the folder has.

    Raises OdssimError: if the folder does not exist or has none of them, or a file cannot be read or lacks a column.
    """
    if not folder.is_dir():
        raise OdssimError("--data = '{folder}': no such folder", folder=folder)
    found = {key: folder / one["folder"] / one["file"] for key, one in DATA_SETS.items()}
    present = {key: file for key, file in found.items() if file.is_file()}
    if not present:
        wanted = ", ".join(f"{one['folder']}/{one['file']}" for one in DATA_SETS.values())
        raise OdssimError(
            "--data = '{folder}': holds none of the data sets; looked for {wanted}", folder=folder, wanted=wanted
        )
    return {key: read_data_set(file, DATA_SETS[key]["columns"]) for key, file in present.items()}


def read_data_set(file: Path, columns: Sequence[str]) -> Any:
    """Return the needed columns of a table; a number that is missing is NaN.

    Raises ScenarioError, FaultsError: if it is no table, is empty, lacks a column, or a cell is no number.
    """
    import pandas as pd

    table, faults = read_table(file, columns), FaultList()
    found: dict[str, list[Any]] = {name: table.texts(name) for name in columns}
    for name in NUMBERS.intersection(columns):
        found[name] = [faults.tried(row.number, name) if row.text(name) else math.nan for row in table.rows]
    faults.refuse()
    return pd.DataFrame(found)
