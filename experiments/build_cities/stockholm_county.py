"""Stockholm county on 250 m cells: the city from its fine tables, the other 25 municipalities modelled.

City of Stockholm: residents, schools and districts of the 100 m cells, summed into the cell that holds
their centre. Elsewhere only a municipality's population, its borders and the localities are public here,
so residents are spread by a density that fades around localities and stations (assumption, marked
modelled by the class flag of the district), with the city's own mix of age and sex. No schools there.
"""

from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from built import Built, read_features
from odssim.city import tables
from odssim.city.grid import Grid, rasterise
from odssim.city.spread import cumulative_rounding, largest_remainder
from odssim.core import maths

CELL_M = 250
RESIDENTS_2017 = 2_310_000
"""Stockholm county, end of 2017 (2,308,143), rounded."""
CITY_CODE = "0180"
STATION_PEOPLE = {"metro": 10000.0, "commuter_rail": 10000.0, "tram": 2500.0, "light_rail": 3000.0}
"""People drawn to live around a station (assumption)."""
STATION_FADE_M = 700.0
STATION_LAND_M = 400.0
"""Radius of the land added around a station that the borders leave in the water."""
MIN_PER_CELL = 18.0
"""Cells that would hold fewer people are left empty, so that farmland does not become thousands of places."""
MAX_PER_CELL = 750.0
"""12,000 people per km2, about the densest parts of Sundbyberg (assumption)."""


def build_stockholm_county(data: Path, shared: Path, city: Built) -> Built:
    """Return the county's tables; `city` is the fine build of the City of Stockholm."""
    from shapely.geometry import shape

    features = [
        f
        for f in read_features(data / "county_municipalities" / "municipalities.geojson")
        if f["properties"]["kommun_kod"] != CITY_CODE
    ]
    polygons = [shape(f["geometry"]) for f in features]
    grid = _frame(polygons, city)
    district, residents, schools, preschools = _coarsen(city, grid)
    outside = rasterise(polygons, grid)
    n_city = len(city.districts)
    names = (*city.districts, *(str(f["properties"]["kommun"]) for f in features))
    district = np.where((district < 0) & (outside >= 0), outside + n_city, district).astype(np.int16)
    _add_station_land(data, grid, district, names)
    weight = _density(data, shared, grid)
    people = _municipal_people(features, int(city.residents.sum()))
    mix = city.residents.sum(axis=0).ravel()
    for index, total in enumerate(people.tolist()):
        cells = np.flatnonzero(district.ravel() == n_city + index)
        residents[cells] += _spread(weight[cells], total, mix)
    cell = np.flatnonzero((residents.sum(axis=1) > 0) | (schools + preschools > 0)).astype(np.int32)
    codes = [str(f["properties"]["kommun_kod"]) for f in features]
    return Built(
        grid,
        district,
        names,
        np.concatenate((city.district_class, _mean_classes(data, codes))),
        np.concatenate((city.district_class_modelled, np.ones(len(codes), bool))),
        cell,
        schools[cell],
        preschools[cell],
        residents[cell].reshape(-1, 7, 2),
    )


def _frame(polygons: list[object], city: Built) -> Grid:
    """Return the grid around all municipalities and the city."""
    bounds = np.array([p.bounds for p in polygons])  # type: ignore[attr-defined]
    top = city.grid.to_lonlat(city.grid.width * city.grid.cell_m, city.grid.height * city.grid.cell_m)
    west, south = np.minimum(bounds[:, :2].min(axis=0), (city.grid.lon0, city.grid.lat0))
    east, north = np.maximum(bounds[:, 2:].max(axis=0), (float(top[0]), float(top[1])))
    return Grid.around(float(west), float(south), float(east), float(north), CELL_M)


def _coarsen(city: Built, grid: Grid) -> tuple[NDArray[np.int16], NDArray[np.int32], NDArray[np.int16], NDArray[np.int16]]:
    """Return district [height, width], residents [cells, 14], schools and preschools [cells] of the city.

    A coarse cell belongs to the district of most residents (then most land) of its fine cells; it is land
    if nearly half of it is, or if anybody lives there.
    """

    def coarse(fine_cell: NDArray[np.integer]) -> NDArray[np.int32]:
        return grid.cell_of(*grid.to_xy(*city.grid.to_lonlat(*city.grid.centre_of(fine_cell))))

    size, n = grid.width * grid.height, len(city.districts)
    fine_land = np.flatnonzero(city.district.ravel() >= 0)
    target = coarse(fine_land)
    votes: dict[int, NDArray[np.float64]] = defaultdict(lambda: np.zeros(n))
    n_land = np.bincount(target, minlength=size)
    for at, index in zip(target.tolist(), city.district.ravel()[fine_land].tolist(), strict=True):
        votes[at][index] += 1e-3
    to = coarse(city.cell)
    n_people = city.residents.sum(axis=(1, 2))
    for at, index, count in zip(to.tolist(), city.district.ravel()[city.cell].tolist(), n_people.tolist(), strict=True):
        votes[at][index] += count
    residents = np.zeros((size, 14), np.int32)
    schools, preschools = np.zeros(size, np.int16), np.zeros(size, np.int16)
    np.add.at(residents, to, city.residents.reshape(-1, 14))
    np.add.at(schools, to, city.schools)
    np.add.at(preschools, to, city.preschools)
    enough = n_land >= 0.45 * (CELL_M / city.grid.cell_m) ** 2
    district = np.full(size, -1, np.int16)
    for at in np.flatnonzero(enough | (residents.sum(axis=1) + schools + preschools > 0)).tolist():
        district[at] = int(np.argmax(votes[at]))
    return district.reshape(grid.height, grid.width), residents, schools, preschools


def _add_station_land(data: Path, grid: Grid, district: NDArray[np.int16], names: tuple[str, ...]) -> None:
    """Make land around stations that the generalised borders leave in the water (in place).

    Around a station beyond the county's border the borders' overshoot is taken away.
    """
    x, y = grid.centre_of(np.arange(grid.width * grid.height))
    flat = district.reshape(-1)
    for row in tables.read_rows(data / "stockholm_rail" / "stations.csv"):
        at_x, at_y = grid.to_xy(float(row["lon"]), float(row["lat"]))
        at = int(grid.cell_of(at_x, at_y))
        if row["kommun"] in names and flat[at] < 0:
            near = np.hypot(x - at_x, y - at_y) <= STATION_LAND_M
            near[at] = True
            flat[near & (flat < 0)] = names.index(row["kommun"])
        elif not row["kommun"]:
            flat[np.hypot(x - at_x, y - at_y) <= 3 * CELL_M] = -1


def _density(data: Path, shared: Path, grid: Grid) -> NDArray[np.float64]:
    """Return float64 [cells]: people per m2 by localities (Gaussian of their area) and stations."""
    x, y = grid.centre_of(np.arange(grid.width * grid.height))
    density = np.zeros(len(x))
    for row in tables.read_rows(data / "county_localities" / "localities.csv"):
        at_x, at_y = grid.to_xy(float(row["lon"]), float(row["lat"]))
        spread_m2 = float(row["area_ha"]) * 10_000.0 / np.pi
        squared = (x - at_x) ** 2 + (y - at_y) ** 2
        density += float(row["pop"]) / (np.pi * spread_m2) * maths.exp(-squared / spread_m2)
    for row in tables.read_rows(shared / "stations.csv"):
        at_x, at_y = grid.to_xy(float(row["lon"]), float(row["lat"]))
        people_per_m2 = STATION_PEOPLE[row["mode"]] / (2 * np.pi * STATION_FADE_M**2)
        density += people_per_m2 * maths.exp(-np.hypot(x - at_x, y - at_y) / STATION_FADE_M)
    return density


def _municipal_people(features: list[dict[str, dict[str, object]]], city_people: int) -> NDArray[np.int64]:
    """Return the residents of each municipality: the figures of 2024 scaled to the county's total of 2017."""
    of_2024 = [float(str(f["properties"]["population"])) for f in features]
    return largest_remainder(of_2024, RESIDENTS_2017 - city_people)


def _spread(density: NDArray[np.float64], total: int, mix: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return int32 [cells, 14]: a municipality's residents by density, age-sex mix as in the city."""
    weight = density.copy()
    for _ in range(20):
        # Both limits move people elsewhere, so they are met step by step.
        expected = weight * (total / weight.sum())
        weight = np.where(expected < MIN_PER_CELL, 0.0, np.minimum(expected, MAX_PER_CELL))
    columns = [cumulative_rounding(weight, int(count)) for count in largest_remainder(mix, total)]
    return np.column_stack(columns).astype(np.int32)


def _mean_classes(data: Path, codes: list[str]) -> NDArray[np.uint8]:
    """Return the mean class 1..5 of each municipality's neighbourhoods, rounded."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in tables.read_rows(data / "regso_socioeconomic_2022" / "regso_county.csv"):
        found[row["kommun_kod"]].append(int(row["area_type_2022"]))
    return np.array([round(float(np.mean(found[code]))) for code in codes], np.uint8)
