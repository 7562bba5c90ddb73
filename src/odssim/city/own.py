"""One's own city from files: areas, places and population.

A scenario gives, under ``[city]``:

``areas``
    GeoJSON FeatureCollection of polygons (longitude, latitude). Properties: ``name``; ``residents``
    unless a population file is given; optionally ``class`` 1..5.
``places``
    CSV with columns ``name, type, lat, lon`` and optionally ``boardings_per_weekday``. Types:
    metro, commuter_rail, local_rail, square, centre, park, health_centre, school, preschool.
``population`` (optional)
    CSV per area: ``name`` and either ``residents`` or the 14 columns ``f_0_5, m_0_5, f_6_15 ... m_80p``.
``lines`` (optional)
    CSV with columns ``line, mode, seq, station, headway_min``; without it no trains run.
``water`` (optional)
    GeoJSON polygons of lakes and sea inside the areas: nobody lives or trades there.
``name``, ``cell_m`` (optional)
    Label, and cell size in metres (default 100).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from odssim.city.assemble import SNAP_CELLS, KnownPlace, Parts, assemble
from odssim.city.city import PLACE_TYPES, City, Notice
from odssim.city.grid import Grid, rasterise
from odssim.city.own_files import Area, Row, nearest, read_areas, read_csv, unique
from odssim.city.spread import cumulative_rounding, largest_remainder
from odssim.city.tables import RESIDENT_COLUMNS
from odssim.city.transit import Line, Stop
from odssim.errors import CityError

PATH_KEYS = ("areas", "places", "population", "lines", "water")
KEYS = (*PATH_KEYS, "name", "cell_m")
STATION_MODE = {"metro": "metro", "commuter_rail": "commuter_rail", "local_rail": "tram"}
OWN_TYPES = (*PLACE_TYPES[1:], "school", "preschool")
DEFAULT_CLASS = 3
AGE_SHARE = (0.07, 0.12, 0.05, 0.33, 0.25, 0.13, 0.05)
"""Share of the seven age bands where only totals are given (about Sweden's; assumption), half women."""
MAX_CELLS = 4_000_000


def own_city(ref: Mapping[str, object]) -> City:
    """Return the city that the files of `ref` describe.

    Raises
    ------
    CityError
        With file and line where a file is missing, damaged or breaks a rule.
    """
    for key in ref:
        if key not in KEYS:
            raise CityError(f"must be one of {', '.join(KEYS)}", key=f"city.{key}", remedy=nearest(key, KEYS))
    try:
        import shapely  # noqa: F401
    except ImportError:
        raise CityError("own cities need shapely", key="city", remedy="install odssim[geo]") from None
    areas_path, places_path = _path(ref, "areas"), _path(ref, "places")
    areas = read_areas(areas_path)
    grid = _frame(areas_path, areas, _cell_m(ref))
    district = rasterise([a.polygon for a in areas], grid)
    if ref.get("water") is not None:
        district[rasterise([a.polygon for a in read_areas(_path(ref, "water"))], grid) >= 0] = -1
    people = _people(ref, areas_path, areas)
    residents = _spread(areas_path, areas, district, people)
    rows = _place_rows(places_path, grid, district)
    schools, preschools = (_count(rows, grid, district, kind) for kind in ("school", "preschool"))
    cell = np.flatnonzero(residents.sum(axis=1) + schools + preschools > 0).astype(np.int32)
    stations = [r for r in rows if r.values["type"] in STATION_MODE]
    name = str(ref.get("name", areas_path.stem))
    return assemble(
        Parts(
            name=name,
            grid=grid,
            district=district,
            districts=tuple(a.name for a in areas),
            district_class=np.array([a.area_class or DEFAULT_CLASS for a in areas], np.uint8),
            district_class_modelled=np.array([a.area_class is None for a in areas]),
            cell=cell,
            schools=schools[cell],
            preschools=preschools[cell],
            residents=residents[cell].reshape(-1, 7, 2),
            stops=[Stop(r.values["name"], STATION_MODE[r.values["type"]], *_xy(grid, r)) for r in stations],
            lines=_lines(ref, stations),
            boardings=_boardings(stations),
            known=_known(rows, grid),
            notices=(Notice(f"{name}: own files", "as given by their owner", str(areas_path.name)),),
        )
    )


def _path(ref: Mapping[str, object], key: str) -> Path:
    value = ref.get(key)
    if not isinstance(value, str | Path) or not str(value):
        raise CityError(
            "must be the path of a file", key=f"city.{key}", value=value, remedy=f"give city.{key}"
        )
    return Path(value)


def _cell_m(ref: Mapping[str, object]) -> int:
    value = ref.get("cell_m", 100)
    if isinstance(value, bool) or not isinstance(value, int) or not 20 <= value <= 1000:
        raise CityError("must be a whole number of metres from 20 to 1000", key="city.cell_m", value=value)
    return value


def _frame(path: Path, areas: list[Area], cell_m: int) -> Grid:
    """Return the raster around the areas, unless it would be absurdly large."""
    bounds = np.array([a.polygon.bounds for a in areas])
    west, south = bounds[:, :2].min(axis=0).tolist()
    east, north = bounds[:, 2:].max(axis=0).tolist()
    grid = Grid.around(west, south, east, north, cell_m)
    if grid.width * grid.height > MAX_CELLS:
        raise CityError(
            f"the areas span {grid.width} x {grid.height} cells of {cell_m} m, more than {MAX_CELLS} in all",
            file=str(path),
            remedy="check the coordinates (longitude, latitude) or raise city.cell_m",
        )
    return grid


def _people(ref: Mapping[str, object], path: Path, areas: list[Area]) -> NDArray[np.int64]:
    """Return int64 [areas, 14]: residents by age and sex, from the population file or the areas."""
    shares = np.repeat(AGE_SHARE, 2)
    if ref.get("population") is None:
        for index, area in enumerate(areas):
            if area.residents is None:
                raise CityError(
                    "each area needs its residents",
                    file=str(path),
                    key=f"features[{index}].properties.residents",
                    remedy=f"add it for {area.name!r}, or give city.population",
                )
        return np.array([largest_remainder(shares, area.residents or 0) for area in areas])
    file = _path(ref, "population")
    rows = read_csv(file, ("name",))
    unique(rows, "name")
    names = [a.name for a in areas]
    by_age = bool(rows) and "f_0_5" in rows[0].values
    rows = read_csv(file, RESIDENT_COLUMNS if by_age else ("residents",))
    people = np.zeros((len(areas), 14), np.int64)
    for row in rows:
        name = row.values["name"]
        if name not in names:
            raise row.fail("must be the name of an area", "name", nearest(name, names))
        counts = [row.count(c) for c in RESIDENT_COLUMNS] if by_age else None
        people[names.index(name)] = counts or largest_remainder(shares, row.count("residents"))
    for name in names:
        if name not in {r.values["name"] for r in rows}:
            raise CityError(
                f"area {name!r} has no row", file=str(file), remedy="add one, 0 residents if empty"
            )
    return people


def _spread(
    path: Path, areas: list[Area], district: NDArray[np.int16], people: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return int32 [cells, 14]: each area's residents in equal shares over its cells."""
    if not people.sum():
        raise CityError("the areas must have at least one resident in all", file=str(path))
    residents = np.zeros((district.size, 14), np.int32)
    for index, area in enumerate(areas):
        cells = np.flatnonzero(district.ravel() == index)
        if not len(cells) and people[index].sum():
            raise CityError(
                "the area holds no cell's centre, so its residents have no place",
                file=str(path),
                key=f"features[{index}]",
                value=area.name,
                remedy="lower city.cell_m or join the area with its neighbour",
            )
        if len(cells):
            even = np.ones(len(cells))
            residents[cells] = np.column_stack([cumulative_rounding(even, int(n)) for n in people[index]])
    return residents


def _xy(grid: Grid, row: Row) -> tuple[float, float]:
    x, y = grid.to_xy(row.number("lon", -180.0, 180.0), row.number("lat", -85.0, 85.0))
    return float(x), float(y)


def _place_rows(path: Path, grid: Grid, district: NDArray[np.int16]) -> list[Row]:
    """Return the rows of the places file, checked."""
    rows = read_csv(path, ("name", "type", "lat", "lon"))
    unique(rows, "name")
    for row in rows:
        kind = row.values["type"]
        if kind not in OWN_TYPES:
            raise row.fail(f"must be one of {', '.join(OWN_TYPES)}", "type", nearest(kind, OWN_TYPES))
        if grid.nearest_land(district >= 0, *_xy(grid, row), SNAP_CELLS * grid.cell_m) < 0:
            raise row.fail(
                "lies outside all areas", "name", "check lat and lon (not swapped?) or drop the row"
            )
    return rows


def _count(rows: list[Row], grid: Grid, district: NDArray[np.int16], kind: str) -> NDArray[np.int16]:
    """Return how many places of a kind lie in each cell, int16 [cells]."""
    counts = np.zeros(district.size, np.int16)
    for row in rows:
        if row.values["type"] == kind:
            counts[grid.nearest_land(district >= 0, *_xy(grid, row), SNAP_CELLS * grid.cell_m)] += 1
    return counts


def _known(rows: list[Row], grid: Grid) -> list[KnownPlace]:
    """Return the places that are neither stations nor schools."""
    kinds = ("square", "centre", "park", "health_centre")
    return [
        KnownPlace(r.values["name"], r.values["type"], *_xy(grid, r))
        for r in rows
        if r.values["type"] in kinds
    ]


def _boardings(stations: list[Row]) -> dict[tuple[str, str], float]:
    """Return the boardings that the places file gives."""
    given = [r for r in stations if r.values.get("boardings_per_weekday")]
    return {
        (STATION_MODE[r.values["type"]], r.values["name"]): r.number("boardings_per_weekday", 0.0, 1e7)
        for r in given
    }


def _lines(ref: Mapping[str, object], stations: list[Row]) -> list[Line]:
    """Return the rail lines of the lines file, none without one."""
    if ref.get("lines") is None:
        return []
    rows = read_csv(_path(ref, "lines"), ("line", "mode", "seq", "station", "headway_min"))
    known = {(r.values["type"], r.values["name"]) for r in stations}
    for row in rows:
        mode, name = row.values["mode"], row.values["station"]
        if mode not in STATION_MODE:
            raise row.fail(f"must be one of {', '.join(STATION_MODE)}", "mode", nearest(mode, STATION_MODE))
        if (mode, name) not in known:
            raise row.fail(f"must be a place of type {mode}", "station", nearest(name, {n for _, n in known}))
    lines = []
    for line_id, calls in groupby(sorted(rows, key=lambda r: r.values["line"]), lambda r: r.values["line"]):
        ordered = sorted(calls, key=lambda r: r.number("seq", 0.0, 1e6))
        headway = ordered[0].number("headway_min", 0.5, 1440.0)
        names = tuple(r.values["station"] for r in ordered)
        lines.append(Line(line_id, STATION_MODE[ordered[0].values["mode"]], names, headway))
    return lines
