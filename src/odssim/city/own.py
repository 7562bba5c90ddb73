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

from collections.abc import Mapping
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from odssim.city.assemble import KnownPlace, Parts, assemble
from odssim.city.city import City, Notice
from odssim.city.grid import Grid, rasterise
from odssim.city.own_areas import Area, read_areas, read_water
from odssim.city.own_files import check_unique, read_city_table
from odssim.city.own_places import COLUMNS, OPTIONAL, Ground, check_rows, position_faults
from odssim.city.spread import cumulative_rounding, largest_remainder
from odssim.city.tables import RESIDENT_COLUMNS
from odssim.city.transit import Line, Stop
from odssim.core.reading import nearest_word, reading
from odssim.core.tables import Row, Table
from odssim.errors import CityError, FaultList, Sentence
from odssim.language import marked

PATH_KEYS = ("areas", "places", "population", "lines", "water")
KEYS = (*PATH_KEYS, "name", "cell_m")
STATION_MODE = {"metro": "metro", "commuter_rail": "commuter_rail", "local_rail": "tram"}
DEFAULT_CLASS = 3
AGE_SHARE = (0.07, 0.12, 0.05, 0.33, 0.25, 0.13, 0.05)
"""Share of the seven age bands where only totals are given (about Sweden's; assumption), half women."""
MAX_CELLS = 4_000_000
MOST_PEOPLE = 100_000_000


def own_city(ref: Mapping[str, object]) -> City:
    """Return the city that the files of `ref` describe.

    Raises ScenarioError, FaultsError: with every fault of the files, its file and line.
    """
    for key in ref:
        if key not in KEYS:
            raise CityError(
                "must be one of {words}", key=f"city.{key}", remedy=nearest_word(key, KEYS), words=", ".join(KEYS)
            )
    try:
        import shapely  # noqa: F401
    except ImportError:
        raise CityError("own cities need shapely", key="city", remedy="install odssim[geo]") from None
    with reading(_path(ref, "areas")):
        ground, places, people, rails = _read(ref)
    areas, grid, district = ground.areas, ground.grid, ground.district
    residents = _spread(ground, people)
    schools, preschools = (_count(places, ground, kind) for kind in ("school", "preschool"))
    cell = np.flatnonzero(residents.sum(axis=1) + schools + preschools > 0).astype(np.int32)
    stations = [r for r in places.rows if r.text("type") in STATION_MODE]
    name = str(ref.get("name", Path(ground.file).stem))
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
            stops=[Stop(r.text("name"), STATION_MODE[r.text("type")], *ground.xy(r)) for r in stations],
            lines=_lines(rails),
            boardings=_boardings(stations),
            known=_known(places, ground),
            notices=(Notice(f"{name}: own files", "as given by their owner", Path(ground.file).name), *_repairs(ground)),
        )
    )


def _read(ref: Mapping[str, object]) -> tuple[Ground, Table, NDArray[np.int64], Table | None]:
    """Return ground, places, people and rail lines, or raise every fault of all files at once."""
    path, cell_m, faults = _path(ref, "areas"), _cell_m(ref), FaultList()
    people: Any
    ground: Any
    areas = faults.tried(partial(read_areas, has_residents=ref.get("population") is None), path)
    water = faults.tried(read_water, _path(ref, "water")) if ref.get("water") is not None else []
    places = faults.tried(partial(read_city_table, may_be_empty=True), _path(ref, "places"), COLUMNS, OPTIONAL)
    if places is not None:
        faults.tried(check_unique, places, "name")
        faults.tried(check_rows, places)
    people = None if areas is None else faults.tried(_people, ref, areas)
    rails = None if ref.get("lines") is None else faults.tried(_rails, _path(ref, "lines"), places)
    ground = None if areas is None or water is None else faults.tried(_ground, path, areas, water, cell_m)
    if ground is not None and places is not None:
        faults += position_faults(places, ground, {f.line or 0 for f in faults if f.file == places.file})
    faults.refuse()
    return ground, places, people, rails


def _ground(path: Path, areas: list[Area], water: list[Area], cell_m: int) -> Ground:
    grid = _frame(path, areas, cell_m)
    district = rasterise([a.polygon for a in areas], grid)
    if water:
        district[rasterise([a.polygon for a in water], grid) >= 0] = -1
        if not (district >= 0).any():
            raise CityError("lies under water everywhere", file=str(path), remedy="check city.water")
    return Ground(str(path), grid, district, tuple(areas), tuple(water))


def _repairs(ground: Ground) -> list[Notice]:
    """Return a notice for every border that was repaired."""
    text = marked("its border touched itself and was repaired")
    repaired = [area.name for area in (*ground.areas, *ground.water) if area.repaired]
    return [Notice(name, "as given by their owner", text) for name in repaired]


def _path(ref: Mapping[str, object], key: str) -> Path:
    value = ref.get(key)
    if not isinstance(value, str | Path) or not str(value):
        raise CityError(
            "must be the path of a file", key=f"city.{key}", value=value, remedy=Sentence("give city.{key}", key=key)
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
            "the areas span {width} x {height} cells of {cell_m} m, more than {n} in all",
            file=str(path),
            remedy="check the coordinates (longitude, latitude) or raise city.cell_m",
            width=grid.width,
            height=grid.height,
            cell_m=cell_m,
            n=MAX_CELLS,
        )
    return grid


def _people(ref: Mapping[str, object], areas: list[Area]) -> NDArray[np.int64]:
    """Return int64 [areas, 14]: residents by age and sex, from the population file or the areas."""
    shares, faults = np.repeat(AGE_SHARE, 2), FaultList()
    if ref.get("population") is None:
        return np.array([largest_remainder(shares, area.residents or 0) for area in areas])
    file, names = _path(ref, "population"), [a.name for a in areas]
    table = read_city_table(file, ("name",))
    columns = RESIDENT_COLUMNS if "f_0_5" in table.columns else ("residents",)
    table = read_city_table(file, ("name", *columns))
    faults.tried(check_unique, table, "name")
    people = np.zeros((len(areas), 14), np.int64)
    for row in table.rows:
        name = row.text("name")
        if name not in names:
            faults.append(row.fail("must be the name of an area", "name", nearest_word(name, names)))
            continue
        counts = [faults.tried(row.whole, column, 0, MOST_PEOPLE) or 0 for column in columns]
        people[names.index(name)] = counts if len(counts) > 1 else largest_remainder(shares, counts[0])
    given = table.texts("name")
    unknown = [name for name in given if name not in names]
    for name in names:
        if name not in given and nearest_word(name, unknown) is None:
            remedy = "add one, 0 residents if empty"
            faults.append(CityError("area {name!r} has no row", file=str(file), remedy=remedy, name=name))
    faults.refuse()
    return people


def _spread(ground: Ground, people: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return int32 [cells, 14]: each area's residents in equal shares over its cells."""
    if not people.sum():
        raise CityError("the areas must have at least one resident in all", file=ground.file)
    residents, faults = np.zeros((ground.district.size, 14), np.int32), FaultList()
    for index, area in enumerate(ground.areas):
        cells = np.flatnonzero(ground.district.ravel() == index)
        if not len(cells) and people[index].sum():
            rule = "the area holds no cell's centre on land, so its residents have no place"
            remedy = "lower city.cell_m or join the area with its neighbour"
            where = f"features[{index}]"
            faults.append(CityError(rule, file=ground.file, line=area.line, key=where, value=area.name, remedy=remedy))
        if len(cells):
            even = np.ones(len(cells))
            residents[cells] = np.column_stack([cumulative_rounding(even, int(n)) for n in people[index]])
    faults.refuse()
    return residents


def _count(places: Table, ground: Ground, kind: str) -> NDArray[np.int16]:
    """Return how many places of a kind lie in each cell, int16 [cells]."""
    counts = np.zeros(ground.district.size, np.int16)
    for row in places.rows:
        if row.text("type") == kind:
            counts[ground.cell(row)] += 1
    return counts


def _known(places: Table, ground: Ground) -> list[KnownPlace]:
    """Return the places that are neither stations nor schools."""
    kinds = ("square", "centre", "park", "health_centre")
    return [KnownPlace(r.text("name"), r.text("type"), *ground.xy(r)) for r in places.rows if r.text("type") in kinds]


def _boardings(stations: list[Row]) -> dict[tuple[str, str], float]:
    """Return the boardings that the places file gives."""
    given = [r for r in stations if r.text("boardings_per_weekday")]
    return {(STATION_MODE[r.text("type")], r.text("name")): r.number("boardings_per_weekday", 0.0, 1e7) for r in given}


def _rails(path: Path, places: Table | None) -> Table:
    """Return the lines file, its modes and stations known and its numbers read."""
    table, faults = (
        read_city_table(path, ("line", "mode", "seq", "station", "headway_min"), may_be_empty=True),
        FaultList(),
    )
    known = None if places is None else {(r.text("type"), r.text("name")) for r in places.rows}
    lines: dict[str, dict[float, Row]] = {}
    for row in table.rows:
        faults.tried(_check_call, row, known, lines.setdefault(row.text("line"), {}))
    faults.refuse()
    return table


def _check_call(row: Row, known: set[tuple[str, str]] | None, calls: dict[float, Row]) -> None:
    """Refuse a row that breaks a rule, or does not go with the `calls` of its line by their seq so far."""
    mode, name = row.text("mode"), row.text("station")
    if mode not in STATION_MODE:
        raise row.fail("must be one of {words}", "mode", nearest_word(mode, STATION_MODE), words=", ".join(STATION_MODE))
    if known is not None and (mode, name) not in known:
        raise row.fail(
            "must be a place of type {mode}", "station", nearest_word(name, {n for t, n in known if t == mode}), mode=mode
        )
    seq, headway = row.number("seq", 0.0, 1e6), row.number("headway_min", 0.5, 1440.0)
    if (other := calls.setdefault(seq, row)) is not row:
        raise row.fail("must be unique; it also stands in line {row}", "seq", row=other.line)
    first = next(iter(calls.values()))
    for key, same in (("mode", first.text("mode") == mode), ("headway_min", first.number("headway_min") == headway)):
        if not same:
            raise row.fail("must be as in line {row}: a line of trains keeps it throughout", key, row=first.line)


def _lines(rails: Table | None) -> list[Line]:
    """Return the rail lines, none without a file of them."""
    lines = []
    rows = sorted(rails.rows if rails else (), key=lambda r: r.text("line"))
    for line_id, calls in groupby(rows, lambda r: r.text("line")):
        ordered = sorted(calls, key=lambda r: r.number("seq", 0.0, 1e6))
        headway = ordered[0].number("headway_min", 0.5, 1440.0)
        names = tuple(r.text("station") for r in ordered)
        lines.append(Line(line_id, STATION_MODE[ordered[0].text("mode")], names, headway))
    return lines
