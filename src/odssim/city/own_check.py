"""Check the folder of one's own city and tell every fault, with file and line, not only the first."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odssim.city.load import load_city
from odssim.city.own import OWN_TYPES, PATH_KEYS
from odssim.city.own_files import Area, Row, nearest, read_areas, read_csv
from odssim.errors import CityError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from odssim.city.city import City

SCENARIO = "scenario.toml"
SWEREF_ZONES = {f"SWEREF 99 {d:02d} {m:02d}": code for code, (d, m) in zip(
    range(3007, 3019),
    [(12, 0), (13, 30), (15, 0), (16, 30), (18, 0), (14, 15), (15, 45), (17, 15), (18, 45), (20, 15), (21, 45), (23, 15)],
    strict=True,
)}  # fmt: skip
"""Local zones of Sweden's grid and their EPSG codes."""
SWEREF_TM = ("SWEREF 99 TM", 3006)
NEAR_M = 200.0
"""A place this far outside the areas may still belong to them: a coast drawn roughly."""
METRES_PER_DEGREE = 111_320.0
SWAPPED = "lat and lon are swapped"
MIRRORED = "areas and places do not meet: in one of the two files lat and lon are swapped"


def city_table(folder: Path) -> dict[str, Any]:
    """Return the ``[city]`` table of a folder's scenario, its files as paths.

    Raises
    ------
    CityError
        If the folder or its scenario is missing or is not TOML with a table ``[city]``.
    """
    table = _scenario(folder).get("city")
    if not isinstance(table, dict):
        file = str(folder / SCENARIO)
        raise CityError("must be a table of own files", file=file, key="city", remedy="see `odssim city new`")
    return {key: str(folder / value) if key in PATH_KEYS else value for key, value in table.items()}


def known_activity_file(folder: Path) -> Path | None:
    """Return the private file of known activity that a folder's scenario names, None if it names none."""
    name = _scenario(folder).get("known_activity")
    return None if name is None else folder / str(name)


def _scenario(folder: Path) -> dict[str, Any]:
    """Return a folder's scenario as it is written."""
    file = folder / SCENARIO
    if not file.is_file():
        raise CityError("file not found", file=str(file), remedy="make a folder with `odssim city new FOLDER`")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CityError(f"is not valid TOML: {error}", file=str(file)) from None


def check_folder(folder: Path) -> tuple[City | None, list[CityError]]:
    """Return the city, if it can be built, and every fault found in the folder's files."""
    ref = city_table(folder)
    faults: list[CityError] = []
    areas = _tried(faults, read_areas, Path(ref["areas"])) if "areas" in ref else None
    water = _tried(faults, read_areas, Path(ref["water"])) if "water" in ref else None
    if "places" in ref:
        rows = _tried(faults, read_csv, Path(ref["places"]), ("name", "type", "lat", "lon"))
        faults += _mirrored(list(_row_faults(rows or [], areas or [], water or [])), rows or [], ref)
    city = None
    try:
        city = load_city(ref)
    except CityError as error:
        if not any((error.file, error.line) == (known.file, known.line) or known.rule == MIRRORED for known in faults):
            faults.append(error)
    return (None if faults else city), faults


def _mirrored(faults: list[CityError], rows: list[Row], ref: dict[str, Any]) -> list[CityError]:
    """Return one fault in place of many where every place looks swapped: then the areas may be, not the places."""
    if len(rows) < 2 or sum(fault.rule == SWAPPED for fault in faults) < len(rows):
        return faults
    return [CityError(MIRRORED, file=ref["areas"], line=1, remedy="GeoJSON has longitude first: [13.0, 55.6]")]


def _tried(faults: list[CityError], read: Any, *given: Any) -> Any:
    try:
        return read(*given)
    except CityError as error:
        faults.append(error)
        return None


def _row_faults(rows: list[Row], areas: list[Area], water: list[Area]) -> Iterator[CityError]:
    """Yield each row's first fault."""
    import shapely

    land = shapely.union_all([area.polygon for area in areas]) if areas else None
    lakes = shapely.union_all([area.polygon for area in water]) if water else None
    seen: dict[str, int] = {}
    for row in rows:
        name = row.values["name"]
        if name in seen:
            yield row.fail(f"must be unique; it also stands in line {seen[name]}", "name", "rename one of them")
            continue
        seen[name] = row.line
        fault = _type_fault(row) or _position_fault(row, land, lakes) or _boardings_fault(row)
        if fault is not None:
            yield fault


def _type_fault(row: Row) -> CityError | None:
    kind = row.values["type"]
    if not row.values["name"]:
        return row.fail("must not be empty", "name")
    if kind not in OWN_TYPES:
        return row.fail(f"must be one of {', '.join(OWN_TYPES)}", "type", nearest(kind, OWN_TYPES))
    return None


def _boardings_fault(row: Row) -> CityError | None:
    if row.values.get("boardings_per_weekday"):
        try:
            row.number("boardings_per_weekday", 0.0, 1e7)
        except CityError as error:
            return error
    return None


def _position_fault(row: Row, land: BaseGeometry | None, lakes: BaseGeometry | None) -> CityError | None:
    """Return what is wrong with a row's position: no number, metres, swapped, in water, outside."""
    import shapely

    try:
        lat, lon = row.number("lat", -1e8, 1e8), row.number("lon", -1e8, 1e8)
    except CityError as error:
        return error
    if abs(lat) > 90 or abs(lon) > 180:
        return row.fail("must be degrees (WGS84), these are metres", "lat", _in_degrees(lat, lon, land))
    if land is None:
        return None
    point = shapely.Point(lon, lat)
    if lakes is not None and lakes.contains(point):
        metres = _metres(land.difference(lakes).distance(point), lat)
        return row.fail(f"lies in water, {metres:.0f} m from land", "name", "move it ashore")
    away = _metres(land.distance(point), lat)
    if away <= NEAR_M:
        return None
    if _metres(land.distance(shapely.Point(lat, lon)), lon) <= NEAR_M:
        return row.fail(SWAPPED, "lat", f"write lat {lon:g} and lon {lat:g}")
    return row.fail(f"lies outside all areas, {away / 1000:.1f} km away", "name", "check lat and lon or drop the row")


def _metres(degrees: float, lat: float) -> float:
    """Return a distance in degrees as metres, shortened as a degree of longitude is: rough, for messages."""
    return degrees * METRES_PER_DEGREE * math.sqrt(max(0.05, math.cos(math.radians(lat))))


def _in_degrees(lat: float, lon: float, land: BaseGeometry | None) -> str:
    """Return the remedy for metres: the Swedish grid in which the position falls into the areas, if one does."""
    import shapely
    from pyproj import Transformer

    for name, code in (SWEREF_TM, *SWEREF_ZONES.items()):
        to_degrees = Transformer.from_crs(code, 4326, always_xy=True)
        for east, north in ((lon, lat), (lat, lon)):
            x, y = to_degrees.transform(east, north)
            if land is not None and math.isfinite(x + y) and land.distance(shapely.Point(x, y)) < 0.01:
                return f"this is {name} (EPSG:{code}): write lat {y:.5f} and lon {x:.5f}, and reproject the rest"
    return "reproject to EPSG:4326"
