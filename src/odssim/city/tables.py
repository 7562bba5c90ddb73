"""Reading the shipped tables of a built city.

Per city: `frame.csv` (raster), `districts.csv` (name, class), `land.csv` (runs of land per row, with
district) and `cells.csv` (residents and schools). Shared by the cities of one region: `stations.csv`,
`tracks.csv` (OpenStreetMap, a notice beside them), `lines.csv`, `boardings.csv`, `known_places.csv`,
`notices.csv`. Lines that start with # are comments.
"""

import csv
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from odssim.city.city import Notice
from odssim.city.grid import Grid
from odssim.city.transit import Line

AGE_KEYS = ("0_5", "6_15", "16_19", "20_44", "45_64", "65_79", "80p")
RESIDENT_COLUMNS = tuple(f"{sex}_{age}" for age in AGE_KEYS for sex in ("f", "m"))
"""Order of the 14 resident columns: reshaped to [7, 2] they are age by (woman, man)."""


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file as dictionaries, comment lines skipped."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


def position(row: dict[str, str], grid: Grid) -> tuple[float, float]:
    """Return where a station or known place lies (m), given by lon and lat or, where invented, by x_m and y_m."""
    if "x_m" in row:
        return float(row["x_m"]), float(row["y_m"])
    x, y = grid.to_xy(float(row["lon"]), float(row["lat"]))
    return float(x), float(y)


def read_frame(path: Path) -> Grid:
    """Return the raster's geometry."""
    row = read_rows(path)[0]
    return Grid(
        float(row["lon0"]),
        float(row["lat0"]),
        float(row["lat_ref"]),
        int(row["cell_m"]),
        int(row["width"]),
        int(row["height"]),
    )


def read_land(path: Path, grid: Grid) -> NDArray[np.int16]:
    """Return int16 [height, width] of district indices, -1 where there is no land."""
    district = np.full((grid.height, grid.width), -1, np.int16)
    for row, col, length, index in np.loadtxt(path, dtype=np.int64, delimiter=",", skiprows=1).tolist():
        district[row, col : col + length] = index
    return district


def read_cells(path: Path, grid: Grid) -> tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.int16], NDArray[np.int32]]:
    """Return cell index, schools, preschools [n] and residents [n, 7, 2]."""
    table = np.loadtxt(path, dtype=np.int32, delimiter=",", skiprows=1, ndmin=2)
    cell = (table[:, 1] * grid.width + table[:, 0]).astype(np.int32)
    residents = table[:, 4:].reshape(-1, 7, 2)
    return cell, table[:, 2].astype(np.int16), table[:, 3].astype(np.int16), residents


def read_lines(path: Path) -> list[Line]:
    """Return the lines in file order: columns line, mode, seq, station, headway_min."""
    rows = read_rows(path)
    lines = []
    for line_id, stops in groupby(rows, key=lambda r: r["line"]):
        ordered = sorted(stops, key=lambda r: int(r["seq"]))
        names = tuple(r["station"] for r in ordered)
        lines.append(Line(line_id, ordered[0]["mode"], names, float(ordered[0]["headway_min"])))
    return lines


def read_tracks(path: Path, grid: Grid) -> tuple[tuple[str, NDArray[np.float32]], ...]:
    """Return (mode, float32 [n, 2] of x_m, y_m) polylines from rows mode, "lon lat lon lat ..."."""
    tracks = []
    for row in read_rows(path):
        points = np.array(row["lon_lat"].split(), np.float64).reshape(-1, 2)
        x, y = grid.to_xy(points[:, 0], points[:, 1])
        tracks.append((row["mode"], np.column_stack((x, y)).astype(np.float32)))
    return tuple(tracks)


def read_notices(path: Path) -> tuple[Notice, ...]:
    """Return the sources to name: columns source, licence, text."""
    return tuple(Notice(r["source"], r["licence"], r["text"]) for r in read_rows(path))
