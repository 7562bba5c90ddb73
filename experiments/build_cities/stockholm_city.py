"""The City of Stockholm on 100 m cells, from the city's open data.

Land and districts: 117 district polygons, a cell belongs to the polygon that holds its centre.
Residents: 419 small areas (2016, 7 ages by sex), scaled to the end of 2017 and spread evenly over each
area's land outside the larger parks. Class: Statistics Sweden's area type 2022 by name.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from built import Built, read_features
from odssim.city import tables
from odssim.city.grid import Grid, rasterise
from odssim.city.spread import largest_remainder

CELL_M = 100
RESIDENTS_2017 = 950_000
"""City of Stockholm, end of 2017 (949,761), rounded."""
RESIDENTS_YEAR = "2016"
MIN_PER_CELL = 5
"""A small area's residents fill at most so many cells that each holds this many."""
FAR_M = 1e6
"""Added to the distance of cells outside an area, so that its own cells come first."""
MODELLED_CLASS = 4
"""Class of districts without a neighbourhood of the same name (the inner city): assumption."""
CLASS_ALIASES = {
    "Norra Skarpnäcks Gård": "Skarpnäcks Gård",
    "Östra Farsta Strand": "Farsta Strand",
    "Ulvsunda Industriområde": "Ulvsunda Industriomr",
}
"""Neighbourhoods that are the district by the same name but for a word."""


def build_stockholm_city(data: Path, shared: Path) -> Built:
    """Return the city's tables; `shared` holds the hand-written known places."""
    from shapely.geometry import shape

    features = read_features(data / "stockholm_districts" / "districts_land.geojson")
    features.sort(key=lambda f: str(f["properties"]["name"]))
    polygons = [shape(f["geometry"]) for f in features]
    names = tuple(str(f["properties"]["name"]) for f in features)
    bounds = np.array([p.bounds for p in polygons])
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    grid = Grid.around(float(west), float(south), float(east), float(north), CELL_M)
    district = rasterise(polygons, grid)
    residents = _residents(data, grid, district, dict(zip(names, polygons, strict=True)), _park_cells(shared, grid))
    schools, preschools = _schools(data, grid, district >= 0)
    cell = np.flatnonzero((residents.sum(axis=(1, 2)) > 0) | (schools + preschools > 0)).astype(np.int32)
    district_class, modelled = _classes(data, names)
    return Built(grid, district, names, district_class, modelled, cell, schools[cell], preschools[cell], residents[cell])


def _park_cells(shared: Path, grid: Grid) -> NDArray[np.bool_]:
    """Return bool [height, width]: centre inside one of the larger known parks."""
    x, y = grid.centre_of(np.arange(grid.width * grid.height))
    park = np.zeros(len(x), bool)
    for row in tables.read_rows(shared / "known_places.csv"):
        if float(row["radius_m"]) > 0:
            at_x, at_y = grid.to_xy(float(row["lon"]), float(row["lat"]))
            park |= np.hypot(x - at_x, y - at_y) <= float(row["radius_m"])
    return park.reshape(grid.height, grid.width)


def _residents(
    data: Path, grid: Grid, district: NDArray[np.int16], home: dict[str, Any], park: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return int32 [height * width, 7, 2]: residents of each cell, summing to `RESIDENTS_2017`.

    `home` holds the land polygon of each district by name, in the order of `district`'s codes.
    """
    from shapely.geometry import shape

    features = read_features(data / "stockholm_basomraden" / "basomraden.geojson")
    area_of = {str(f["properties"]["code"]): i for i, f in enumerate(features)}
    polygons = [shape(f["geometry"]) for f in features]
    area = rasterise(polygons, grid)
    counts = np.zeros((len(features), 14))
    for row in tables.read_rows(data / "stockholm_basomraden" / "population_by_age_sex.csv"):
        if row["year"] == RESIDENTS_YEAR:
            counts[area_of[row["code"]]] = [int(row[column]) for column in tables.RESIDENT_COLUMNS]
    people = largest_remainder(counts, RESIDENTS_2017)
    names = list(home)
    residents = np.zeros((grid.width * grid.height, 14), np.int32)
    for index, (feature, polygon) in enumerate(zip(features, polygons, strict=True)):
        name = str(feature["properties"]["district"])
        land = polygon.intersection(home[name])
        if people[index].sum():
            allowed = district == names.index(name)
            cells = _cells_of_area(grid, allowed, area == index, park, land, int(people[index].sum()))
            residents[cells] += _even_shares(people[index], len(cells))
    return residents.reshape(-1, 7, 2)


def _cells_of_area(
    grid: Grid, allowed: NDArray[np.bool_], inside: NDArray[np.bool_], park: NDArray[np.bool_], land: Any, n_people: int
) -> NDArray[np.int64]:
    """Return the cells that an area's residents live in: its land without parks, nearest the middle.

    `allowed` is the district's land, so that no one moves to another district; `land` the area's polygon.
    """
    middle = land.representative_point()
    x, y = grid.to_xy(middle.x, middle.y)
    free = allowed & ~park if (inside & allowed & ~park).any() else allowed
    n_area = round(land.area * grid.m_per_lon * grid.m_per_lat / grid.cell_m**2)
    n_inside = int((inside & free).sum())
    # A small area can hold fewer centres than its size; its people then use the cells around it too.
    n_cells = min(max(n_inside, n_area if not park[inside].any() else 0, 1), max(1, n_people // MIN_PER_CELL))
    cells = np.flatnonzero(free & (inside if n_inside >= n_cells else True))
    cell_x, cell_y = grid.centre_of(cells)
    away = np.hypot(cell_x - x, cell_y - y) + np.where(inside.ravel()[cells], 0.0, FAR_M)
    return np.sort(cells[np.argsort(away, kind="stable")[:n_cells]])


def _even_shares(people: NDArray[np.int64], n_cells: int) -> NDArray[np.int32]:
    """Return int32 [n_cells, 14]: equal shares; the remainders of the columns go round the cells."""
    shares = np.tile(people // n_cells, (n_cells, 1)).astype(np.int32)
    start = 0
    for column, rest in enumerate((people % n_cells).tolist()):
        shares[(start + np.arange(rest)) % n_cells, column] += 1
        start += rest
    return shares


def _schools(data: Path, grid: Grid, land: NDArray[np.bool_]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return schools (upper secondary included) and preschools per cell, int16 [height * width]."""
    schools = np.zeros(land.size, np.int16)
    preschools = np.zeros(land.size, np.int16)
    for row in tables.read_rows(data / "stockholm_schools" / "schools.csv"):
        x, y = grid.to_xy(float(row["lon"]), float(row["lat"]))
        cell = grid.nearest_land(land, float(x), float(y), 5 * grid.cell_m)
        if cell < 0:
            raise ValueError(f"school {row['name']} is not on the city's land")
        (preschools if row["kind"] == "preschool" else schools)[cell] += 1
    return schools, preschools


def _classes(data: Path, names: tuple[str, ...]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return class 1..5 of each district and whether it is modelled for want of a match."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in tables.read_rows(data / "regso_socioeconomic_2022" / "regso_county.csv"):
        districts = row["district"] or CLASS_ALIASES.get(row["regso"], "")
        for name in districts.split("|"):
            found[name].append(int(row["area_type_2022"]))
    classes = [round(float(np.mean(found[n]))) if n in found else MODELLED_CLASS for n in names]
    return np.array(classes, np.uint8), np.array([n not in found for n in names])
