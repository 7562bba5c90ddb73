"""The places file of one's own city: what is wrong with each row, and where a position lies that is not on land."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from odssim.city.assemble import SNAP_CELLS
from odssim.city.city import PLACE_TYPES
from odssim.city.grid import Grid
from odssim.city.own_areas import METRES_PER_DEGREE, Area
from odssim.core.reading import nearest_word
from odssim.core.tables import Row, Table
from odssim.errors import CityError, FaultList, OdssimError, ScenarioError, Sentence

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

COLUMNS = ("name", "type", "lat", "lon")
OPTIONAL = ("boardings_per_weekday",)
OWN_TYPES = (*PLACE_TYPES[1:], "school", "preschool")
SWEREF_ZONES = {f"SWEREF 99 {d:02d} {m:02d}": code for code, (d, m) in zip(
    range(3007, 3019),
    [(12, 0), (13, 30), (15, 0), (16, 30), (18, 0), (14, 15), (15, 45), (17, 15), (18, 45), (20, 15), (21, 45), (23, 15)],
    strict=True,
)}  # fmt: skip
"""Local zones of Sweden's grid and their EPSG codes."""
SWEREF_TM = ("SWEREF 99 TM", 3006)
SWAPPED = "lat and lon are swapped"
MIRRORED = "areas and places do not meet: in one of the two files lat and lon are swapped"


@dataclass(frozen=True)
class Ground:
    """The areas of a city and its raster: `district` is int16 [height, width], -1 where there is no land."""

    file: str
    grid: Grid
    district: np.ndarray[Any, Any]
    areas: tuple[Area, ...]
    water: tuple[Area, ...]

    def xy(self, row: Row) -> tuple[float, float]:
        """Return a row's position in metres."""
        x, y = self.grid.to_xy(row.number("lon", -180.0, 180.0), row.number("lat", -85.0, 85.0))
        return float(x), float(y)

    def cell(self, row: Row) -> int:
        """Return the land cell of a row's position, -1 where no land is near."""
        return self.grid.nearest_land(self.district >= 0, *self.xy(row), SNAP_CELLS * self.grid.cell_m)


def check_rows(table: Table) -> None:
    """Refuse rows whose type is unknown or whose numbers are none.

    Raises ScenarioError, FaultsError: with the first fault of every row.
    """
    faults = FaultList()
    for row in table.rows:
        faults.tried(_check_row, row)
    faults.refuse()


def _check_row(row: Row) -> None:
    kind = row.text("type")
    if kind not in OWN_TYPES:
        raise row.fail("must be one of {words}", "type", nearest_word(kind, OWN_TYPES), words=", ".join(OWN_TYPES))
    for key in ("lat", "lon"):
        coordinate(row, key)
    if row.text("boardings_per_weekday"):
        row.number("boardings_per_weekday", 0.0, 1e7)


def coordinate(row: Row, key: str) -> float:
    """Return a coordinate as it is written, in degrees, or by mistake in metres: 55.605 is no 55,605."""
    try:
        return row.number(key, -180.0, 180.0)
    except ScenarioError:
        return row.number(key, -1e8, 1e8)


def position_faults(table: Table, ground: Ground, but: Collection[int]) -> list[OdssimError]:
    """Return what is wrong with the rows' positions, one fault in place of many where every place looks swapped.

    Rows on the lines `but` are passed over.
    """
    import shapely

    land = shapely.union_all([area.polygon for area in ground.areas])
    lakes = shapely.union_all([area.polygon for area in ground.water])
    rows = [row for row in table.rows if row.line not in but]
    found = [fault for row in rows if (fault := _position_fault(row, ground, land, lakes)) is not None]
    if len(rows) > 1 and sum(fault.rule == SWAPPED for fault in found) == len(rows):
        return [CityError(MIRRORED, file=ground.file, line=1, remedy="GeoJSON has longitude first: [13.0, 55.6]")]
    return list(found)


def _position_fault(row: Row, ground: Ground, land: BaseGeometry, lakes: BaseGeometry) -> ScenarioError | None:
    """Return what is wrong with a row's position: metres, in water, swapped, outside."""
    import shapely

    lat, lon = coordinate(row, "lat"), coordinate(row, "lon")
    if abs(lat) > 85 or abs(lon) > 180:
        return row.fail("must be degrees (WGS84), these are metres", "lat", _in_degrees(lat, lon, land))
    point, reach_m = shapely.Point(lon, lat), SNAP_CELLS * ground.grid.cell_m
    if lakes.contains(point):
        metres = _metres(land.difference(lakes).distance(point), lat)
        return row.fail("lies in water, {metres:.0f} m from land", "name", "move it ashore", metres=metres)
    if ground.cell(row) >= 0:
        return None
    if _metres(land.distance(shapely.Point(lat, lon)), lon) <= reach_m:
        return row.fail(SWAPPED, "lat", Sentence("write lat {lon:g} and lon {lat:g}", lon=lon, lat=lat))
    away = _metres(land.distance(point), lat)
    return row.fail(
        "lies outside all areas, {away:.1f} km away", "name", "check lat and lon or drop the row", away=away / 1000
    )


def _metres(degrees: float, lat: float) -> float:
    """Return a distance in degrees as metres, shortened as a degree of longitude is: rough, for messages."""
    return degrees * METRES_PER_DEGREE * math.sqrt(max(0.05, math.cos(math.radians(lat))))


def _in_degrees(lat: float, lon: float, land: BaseGeometry) -> str:
    """Return the remedy for metres: the Swedish grid in which the position falls into the areas, if one does."""
    import shapely

    if find_spec("pyproj") is None:
        return "reproject to EPSG:4326"
    from pyproj import Transformer

    for name, code in (SWEREF_TM, *SWEREF_ZONES.items()):
        to_degrees = Transformer.from_crs(code, 4326, always_xy=True)
        for east, north in ((lon, lat), (lat, lon)):
            x, y = to_degrees.transform(east, north)
            if math.isfinite(x + y) and land.distance(shapely.Point(x, y)) < 0.01:
                rule = "this is {name} (EPSG:{code}): write lat {y:.5f} and lon {x:.5f}, and reproject the rest"
                return Sentence(rule, name=name, code=code, x=x, y=y)
    return "reproject to EPSG:4326"
