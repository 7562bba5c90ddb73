"""`odssim validate --data FOLDER`: real micro-data beside the model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from odssim.cli.output import message, print_rows, progress_bar

if TYPE_CHECKING:
    from odssim.scenario import Scenario


def compare_data(folder: Path, scenario: Scenario | None, seeds: int, as_json: bool) -> list[dict[str, object]]:
    """Print the comparison and return its rows."""
    from odssim.validation.datasets.beside_model import DATA_SETS, compare_folder

    with progress_bar("model beside data") as progress:
        rows = compare_folder(folder, scenario=scenario, seeds=seeds, progress=progress)
    absent = [one["folder"] for key, one in DATA_SETS.items() if not any(str(row["id"]).startswith(key) for row in rows)]
    for name in absent:
        message(f"not in the folder, left out: {name}")
    shown = [{k: row[k] for k in ("id", "what", "data", "model", "as_stored")} for row in rows]
    print_rows(rows if as_json else shown, as_json)
    return rows
