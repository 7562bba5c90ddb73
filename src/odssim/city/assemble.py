"""From a city's parts (raster, residents, stations, known places) to the City record.

The shipped cities, the teaching town and a user's own city all pass through `assemble`, so a place,
its type, its name and its footfall mean the same everywhere.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from odssim.city import footfall, transit
from odssim.city.city import PLACE_TYPES, TYPE_STRENGTH, UNREACHABLE_MIN, City, Notice, Station
from odssim.city.grid import Grid

STREET_REACH_M = 300.0
"""Land within this distance of a station or school is a place even where nobody lives."""
SNAP_CELLS = 2.0
"""A station or known place off the land raster moves to land at most this many cells away."""
MODE_TYPE = {"metro": "metro", "commuter_rail": "commuter_rail", "tram": "local_rail", "light_rail": "local_rail"}


@dataclass(frozen=True)
class KnownPlace:
    """A square, centre, park or health centre at a position (m)."""

    name: str
    type: str
    x_m: float
    y_m: float


@dataclass(frozen=True)
class Parts:
    """What a City is made of."""

    name: str
    grid: Grid
    district: NDArray[np.int16]
    """int16 [height, width], index into `districts`, -1 where there is no land."""
    districts: tuple[str, ...]
    district_class: NDArray[np.uint8]
    district_class_modelled: NDArray[np.bool_]
    """One per district."""
    cell: NDArray[np.int32]
    schools: NDArray[np.int16]
    preschools: NDArray[np.int16]
    residents: NDArray[np.int32]
    """Cells with residents or schools, ascending: int32 [n], int16 [n] twice, int32 [n, 7, 2]."""
    stops: list[transit.Stop]
    lines: list[transit.Line]
    boardings: dict[tuple[str, str], float]
    """Published boardings per weekday by (mode, station name)."""
    known: list[KnownPlace]
    notices: tuple[Notice, ...]
    tracks: tuple[tuple[str, NDArray[np.float32]], ...] = field(default=())


def assemble(parts: Parts) -> City:
    """Return the City made of `parts`."""
    stations = _stations(parts)
    known_cell = _snap(parts, [(k.x_m, k.y_m) for k in parts.known])
    place_cell = _place_cells(parts, stations, known_cell)
    types, names = _types_and_names(parts, stations, known_cell, place_cell)
    x, y = parts.grid.centre_of(place_cell)
    nearest, nearest_min = _nearest_station(stations, x, y)
    district = parts.district.ravel()[place_cell]
    schools, preschools, residents = _cell_columns(parts, place_cell)
    return City(
        name=parts.name,
        cell_m=parts.grid.cell_m,
        width=parts.grid.width,
        height=parts.grid.height,
        lon0=parts.grid.lon0,
        lat0=parts.grid.lat0,
        lat_ref=parts.grid.lat_ref,
        land=parts.district >= 0,
        districts=parts.districts,
        place_cell=place_cell,
        place_name=names,
        place_type=types,
        place_district=district,
        place_class=parts.district_class[district],
        place_class_modelled=parts.district_class_modelled[district],
        place_footfall=_footfall(parts, stations, known_cell, place_cell, schools, preschools),
        place_schools=schools,
        place_preschools=preschools,
        residents=residents,
        place_station=nearest,
        place_station_min=nearest_min,
        stations=stations,
        station_minutes=transit.station_minutes(parts.stops, parts.lines),
        rail=transit.rail_graph(parts.stops, parts.lines),
        notices=parts.notices,
        tracks=parts.tracks,
    )


def _snap(parts: Parts, points: list[tuple[float, float]]) -> NDArray[np.int32]:
    """Return each point's land cell, -1 where no land is near."""
    land, reach_m = parts.district >= 0, SNAP_CELLS * parts.grid.cell_m
    return np.array([parts.grid.nearest_land(land, x, y, reach_m) for x, y in points], np.int32)


def _stations(parts: Parts) -> tuple[Station, ...]:
    """Return the stations with lines, cells and published or modelled boardings."""
    cells = _snap(parts, [(s.x_m, s.y_m) for s in parts.stops])
    calls = transit.station_lines(parts.stops, parts.lines)
    modelled = footfall.modelled_boardings(parts.stops, parts.lines)
    stations = []
    for i, s in enumerate(parts.stops):
        published = parts.boardings.get((s.mode, s.name))
        volume = float(modelled[i]) if published is None else published
        stations.append(Station(s.name, s.mode, calls[i], int(cells[i]), s.x_m, s.y_m, volume, published is None))
    return tuple(stations)


def _place_cells(parts: Parts, stations: tuple[Station, ...], known_cell: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the ascending cells that are places: residents, a known place, or near a station or school."""
    width, cell_m = parts.grid.width, parts.grid.cell_m
    is_place = np.zeros(parts.district.shape, bool)
    is_place.flat[parts.cell[parts.residents.sum(axis=(1, 2)) > 0]] = True
    is_place.flat[known_cell[known_cell >= 0]] = True
    school_x, school_y = parts.grid.centre_of(parts.cell[(parts.schools + parts.preschools) > 0])
    points = [(s.x_m, s.y_m) for s in stations] + list(zip(school_x, school_y, strict=True))
    reach = int(STREET_REACH_M // cell_m) + 1
    for x, y in points:
        col, row = int(x // cell_m), int(y // cell_m)
        c = np.arange(max(0, col - reach), min(width, col + reach + 1))
        r = np.arange(max(0, row - reach), min(parts.grid.height, row + reach + 1))
        if len(c) and len(r):
            near = np.hypot(*np.meshgrid((c + 0.5) * cell_m - x, (r + 0.5) * cell_m - y)) <= STREET_REACH_M
            is_place[r[0] : r[-1] + 1, c[0] : c[-1] + 1] |= near
    for s in stations:
        if s.cell >= 0:
            is_place.flat[s.cell] = True
    return np.flatnonzero(is_place & (parts.district >= 0)).astype(np.int32)


def _types_and_names(
    parts: Parts, stations: tuple[Station, ...], known_cell: NDArray[np.int32], place_cell: NDArray[np.int32]
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Return type code [P] and unique name of each place: the strongest of what the cell holds names it."""
    ranked: dict[int, tuple[int, float, str, str]] = {}
    claims = [(s.cell, MODE_TYPE[s.mode], -s.boardings_per_weekday, s.name) for s in stations]
    claims += [(int(c), k.type, 0.0, k.name) for c, k in zip(known_cell, parts.known, strict=True)]
    for cell, kind, volume, name in claims:
        claim = (TYPE_STRENGTH.index(kind), volume, name, kind)
        if cell >= 0 and (cell not in ranked or claim < ranked[cell]):
            ranked[cell] = claim
    types = np.zeros(len(place_cell), np.uint8)
    names = []
    taken: dict[str, int] = {}
    for cell, claim in sorted(ranked.items(), key=lambda item: item[1]):
        taken.setdefault(claim[2], cell)
    for p, cell in enumerate(place_cell.tolist()):
        row, col = divmod(cell, parts.grid.width)
        if cell not in ranked:
            names.append(f"{parts.districts[parts.district[row, col]]} {col}-{row}")
            continue
        _, _, name, kind = ranked[cell]
        types[p] = PLACE_TYPES.index(kind)
        # A tram stop that shares a metro station's name in another cell says what it is.
        names.append(name if taken[name] == cell else f"{name} ({kind.replace('_', ' ')} {col}-{row})")
    return types, tuple(names)


def _nearest_station(
    stations: tuple[Station, ...], x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
    """Return id (-1 if there is none) of the nearest station and walking minutes to it."""
    if not stations:
        return np.full(len(x), -1, np.int16), np.full(len(x), UNREACHABLE_MIN)
    from scipy.spatial import cKDTree

    tree = cKDTree(np.array([(s.x_m, s.y_m) for s in stations]))
    distance, index = tree.query(np.column_stack((x, y)))
    return index.astype(np.int16), np.round(distance * transit.WALK_DETOUR / transit.WALK_M_PER_MIN, 6)


def _cell_columns(
    parts: Parts, place_cell: NDArray[np.int32]
) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int32]]:
    """Return schools, preschools [P] and residents [P, 7, 2] of the places."""
    at = np.searchsorted(place_cell, parts.cell)
    schools = np.zeros(len(place_cell), np.int16)
    preschools = np.zeros(len(place_cell), np.int16)
    residents = np.zeros((len(place_cell), 7, 2), np.int32)
    schools[at], preschools[at], residents[at] = parts.schools, parts.preschools, parts.residents
    return schools, preschools, residents


def _footfall(
    parts: Parts,
    stations: tuple[Station, ...],
    known_cell: NDArray[np.int32],
    place_cell: NDArray[np.int32],
    schools: NDArray[np.int16],
    preschools: NDArray[np.int16],
) -> NDArray[np.float64]:
    """Return passers-by per weekday [P]: constant, known places, schools and stations."""
    passers = np.full(len(place_cell), footfall.STREET_PASSERS)
    for cell, known in zip(known_cell, parts.known, strict=True):
        if cell >= 0:
            passers[np.searchsorted(place_cell, cell)] += footfall.type_passers([known.type])
    passers += schools * footfall.SCHOOL_PASSERS + preschools * footfall.PRESCHOOL_PASSERS
    inside = [s for s in stations if s.cell >= 0]
    if inside:
        x, y = parts.grid.centre_of(place_cell)
        passers += footfall.station_passers(
            x,
            y,
            place_cell,
            np.array([s.x_m for s in inside]),
            np.array([s.y_m for s in inside]),
            np.array([s.cell for s in inside], np.int32),
            np.array([s.boardings_per_weekday for s in inside]),
        )
    return np.round(passers)
