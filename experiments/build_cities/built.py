"""The tables of a city that is built: what they hold, and how they are written."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from odssim.city.grid import Grid
from odssim.city.tables import RESIDENT_COLUMNS
from odssim.errors import CityError

CELL_COLUMNS = ("col", "row", "schools", "preschools", *RESIDENT_COLUMNS)


@dataclass(frozen=True)
class Built:
    """A city's own tables in memory, before they are written (fields as in `assemble.Parts`)."""

    grid: Grid
    district: NDArray[np.int16]
    districts: tuple[str, ...]
    district_class: NDArray[np.uint8]
    district_class_modelled: NDArray[np.bool_]
    cell: NDArray[np.int32]
    schools: NDArray[np.int16]
    preschools: NDArray[np.int16]
    residents: NDArray[np.int32]

    def write(self, folder: Path) -> None:
        """Write frame, districts, land and cells into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        write_frame(folder / "frame.csv", self.grid)
        classes = zip(self.districts, self.district_class, self.district_class_modelled.astype(int), strict=True)
        write_rows(folder / "districts.csv", ("name", "class", "class_modelled"), classes)
        write_land(folder / "land.csv", self.district)
        write_cells(folder / "cells.csv", self.grid, self.cell, self.schools, self.preschools, self.residents)


def read_features(path: Path) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON file."""
    if not path.is_file():
        raise CityError("this public file is needed to build the city", file=str(path), remedy="check DATA_FOLDER")
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], comment: str = "") -> None:
    """Write a CSV file with Unix line ends and an optional first comment line."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        if comment:
            handle.write(f"# {comment}\n")
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_frame(path: Path, grid: Grid) -> None:
    """Write the raster's geometry as one row."""
    header = ("lon0", "lat0", "lat_ref", "cell_m", "width", "height")
    write_rows(path, header, [[getattr(grid, key) for key in header]])


def write_land(path: Path, district: NDArray[np.int16]) -> None:
    """Write the raster of district indices (-1 = no land) as runs: row, first col, length, district."""
    runs = []
    for row, line in enumerate(district):
        col = 0
        for index, cells in groupby(line.tolist()):
            length = len(list(cells))
            if index >= 0:
                runs.append((row, col, length, index))
            col += length
    write_rows(path, ("row", "col", "length", "district"), runs)


def write_cells(
    path: Path,
    grid: Grid,
    cell: NDArray[np.int32],
    schools: NDArray[np.int16],
    preschools: NDArray[np.int16],
    residents: NDArray[np.int32],
) -> None:
    """Write the cells that hold residents or schools."""
    row, col = np.divmod(cell, grid.width)
    table = np.column_stack((col, row, schools, preschools, residents.reshape(len(cell), 14)))
    write_rows(path, CELL_COLUMNS, table.tolist())
