"""``python experiments/build_cities/teaching_town.py OUT_FOLDER``: a synthetic town, made by arithmetic alone.

4 km by 4 km, 20,000 residents. Nothing in it is data. A river with a dry left and right bank, four districts,
a commuter line and a metro line that meet in the middle, squares, a centre, a park, schools.
Every number is an assumption.
"""

import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from built import Built, write_rows
from odssim.city.grid import Grid
from odssim.city.spread import cumulative_rounding, largest_remainder
from odssim.city.transit import Line
from odssim.core import maths

N_RESIDENTS = 20_000
SIDE_CELLS, CELL_M = 40, 100
GRID = Grid(15.0, 60.0, 60.0, CELL_M, SIDE_CELLS, SIDE_CELLS)
DENSITY_FADE_CELLS = 9.0
"""People per cell fall by e over this distance from the middle of the town."""
DISTRICTS = ("North Bank", "Old Town", "South Bank", "East Field")
DISTRICT_CLASS = (4, 3, 2, 5)
AGE_SHARE = (0.08, 0.11, 0.04, 0.39, 0.23, 0.11, 0.04)
"""Share of each of the seven age bands; half of each are women."""
STATIONS = (
    ("Central", "metro", 20.5, 21.5, 4000.0),
    ("Northgate", "metro", 14.5, 30.5, 1500.0),
    ("Southgate", "metro", 26.5, 8.5, 1800.0),
    ("Town Station", "commuter_rail", 21.5, 23.5, 3000.0),
    ("West Halt", "commuter_rail", 3.5, 24.5, 500.0),
    ("East Halt", "commuter_rail", 37.5, 22.5, 700.0),
)
"""Name, mode, position in cells east and north of the corner, invented boardings per weekday."""
LINES = (
    Line("metro", "metro", ("Northgate", "Central", "Southgate"), 10.0),
    Line("commuter", "commuter_rail", ("West Halt", "Town Station", "East Halt"), 20.0),
)
KNOWN = (
    ("Market Square", "square", 19.5, 20.5),
    ("Station Square", "square", 22.5, 24.5),
    ("South Square", "square", 25.5, 10.5),
    ("Mall", "centre", 15.5, 29.5),
    ("River Park", "park", 24.5, 20.5),
    ("Clinic", "health_centre", 12.5, 21.5),
)
SCHOOLS = ((17, 25), (26, 12), (10, 30), (32, 27))
PRESCHOOLS = ((18, 23), (24, 11), (13, 28), (30, 25), (22, 30), (28, 6), (8, 23))


def build_teaching_town() -> Built:
    """Return the town's own tables."""
    district = _districts()
    residents = _residents(district)
    schools, preschools = _counts(SCHOOLS), _counts(PRESCHOOLS)
    cell = np.flatnonzero(residents.sum(axis=(1, 2)) + schools + preschools > 0).astype(np.int32)
    return Built(
        grid=GRID,
        district=district,
        districts=DISTRICTS,
        district_class=np.array(DISTRICT_CLASS, np.uint8),
        district_class_modelled=np.ones(len(DISTRICTS), bool),
        cell=cell,
        schools=schools[cell],
        preschools=preschools[cell],
        residents=residents[cell],
    )


def write_rail_and_places(out: Path) -> None:
    """Write the tables that cities of one region share: stations, boardings, lines, tracks, known places, notices."""
    metres = [(name, mode, x * CELL_M, y * CELL_M) for name, mode, x, y, _ in STATIONS]
    write_rows(out / "stations.csv", ("name", "mode", "x_m", "y_m"), metres)
    volumes = [(name, mode, volume) for name, mode, _, _, volume in STATIONS]
    write_rows(out / "boardings.csv", ("station", "mode", "boardings_per_weekday"), volumes)
    calls = [(line.id, line.mode, k, name, line.headway_min) for line in LINES for k, name in enumerate(line.stations, 1)]
    write_rows(out / "lines.csv", ("line", "mode", "seq", "station", "headway_min"), calls)
    at = {(mode, name): GRID.to_lonlat(x, y) for name, mode, x, y in metres}
    tracks = []
    for line in LINES:
        tracks.append((line.mode, " ".join(f"{lon} {lat}" for lon, lat in (at[line.mode, n] for n in line.stations))))
    write_rows(out / "tracks.csv", ("mode", "lon_lat"), tracks)
    known = [(name, kind, x * CELL_M, y * CELL_M) for name, kind, x, y in KNOWN]
    write_rows(out / "known_places.csv", ("name", "type", "x_m", "y_m"), known)
    notice = ("Teaching town: invented, no data", "MIT", "odssim")
    write_rows(out / "notices.csv", ("source", "licence", "text"), [notice])


def _river_row(col: int) -> int:
    """Return the southern row of the two-cell river in a column."""
    return 16 + round(2.0 * math.sin(col / 6.0))


def _districts() -> NDArray[np.int16]:
    """Return the district of each cell; the river and the outermost cells are no land."""
    district = np.full((SIDE_CELLS, SIDE_CELLS), -1, np.int16)
    for row in range(1, SIDE_CELLS - 1):
        for col in range(1, SIDE_CELLS - 1):
            river = _river_row(col)
            if row < river:
                district[row, col] = 2
            elif row > river + 1:
                district[row, col] = 3 if col >= 28 else 0 if row >= 27 else 1
    return district


def _residents(district: NDArray[np.int16]) -> NDArray[np.int32]:
    """Return int32 [cells, 7, 2]: density falls with distance from the middle; columns sum exactly."""
    row, col = np.indices(district.shape)
    middle = SIDE_CELLS / 2
    weight = maths.exp(-np.hypot(row - middle, col - middle) / DENSITY_FADE_CELLS)
    weight[district < 0] = 0.0
    totals = largest_remainder(np.repeat(AGE_SHARE, 2), N_RESIDENTS)
    columns = [cumulative_rounding(weight.ravel(), int(total)) for total in totals]
    return np.column_stack(columns).astype(np.int32).reshape(-1, 7, 2)


def _counts(cells: tuple[tuple[int, int], ...]) -> NDArray[np.int16]:
    """Return how many of the (col, row) pairs lie in each cell, int16 [cells]."""
    counts = np.zeros(SIDE_CELLS * SIDE_CELLS, np.int16)
    for col, row in cells:
        counts[row * SIDE_CELLS + col] += 1
    return counts


def main(arguments: list[str]) -> int:
    """Write the town's tables; return the exit code."""
    if len(arguments) != 1:
        print("usage: python experiments/build_cities/teaching_town.py OUT_FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0]) / "teaching-town"
    build_teaching_town().write(folder)
    write_rail_and_places(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
