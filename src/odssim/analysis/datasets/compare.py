"""Data beside model, row by row, with what the difference means."""

from pathlib import Path
from typing import Any

from odssim.analysis.datasets.data import READERS
from odssim.analysis.datasets.figures import FIGURES, SOURCES
from odssim.analysis.datasets.model import model_figures
from odssim.analysis.datasets.read import read_folder
from odssim.analysis.patterns.campaign import CITY, Progress, shipped
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
