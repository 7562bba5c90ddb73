"""The areas of one's own city: GeoJSON read feature by feature, every fault with the feature's name and line."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

import numpy as np

from odssim.city.own_files import refuse_personal
from odssim.core.reading import read_json, read_text
from odssim.errors import CityError, FaultList, Sentence

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE = 111_320.0
LEAST_M2 = 1.0
"""An area smaller than this is a line or a point."""
SHARED = 0.01
"""Share of the smaller of two areas that may lie in the other: borders drawn roughly (assumption)."""
SAME = 1e-6
"""Two repairs of a border that crosses itself agree if their areas differ by no larger share."""
MOST_AREAS = 32_767


@dataclass(frozen=True)
class Area:
    """A report area: polygon in longitude and latitude, residents if the file gives them, class 1..5.

    `line` is where its feature begins in the file; `repaired` tells that its border touched itself.
    """

    name: str
    polygon: BaseGeometry
    residents: int | None
    area_class: int | None
    line: int
    repaired: bool


@dataclass(frozen=True)
class Feature:
    """One feature as written, its file and the line on which it begins."""

    file: str
    line: int
    content: Any
    index: int

    def fail(self, rule: str, key: str, value: object = None, remedy: str | None = None, **values: object) -> CityError:
        """Return the error that a part of this feature breaks `rule`."""
        of = f" of {self.name!r}" if self.name else ""
        where = f"features[{self.index}].{key}{of}"
        return CityError(rule, file=self.file, line=self.line, key=where, value=value, remedy=remedy, **values)

    @property
    def properties(self) -> dict[str, Any]:
        """The properties as written, none where they are no table."""
        found = self.content.get("properties") if isinstance(self.content, dict) else None
        return found if isinstance(found, dict) else {}

    @property
    def name(self) -> str:
        """The name as written, "" where it is no text."""
        found = self.properties.get("name")
        return found.strip() if isinstance(found, str) else ""


def read_water(path: str | PathLike[str]) -> list[Area]:
    """Return lakes and sea as `read_areas` does areas; they may overlap."""
    return read_areas(path, is_water=True)


def read_areas(path: str | PathLike[str], *, is_water: bool = False, has_residents: bool = False) -> list[Area]:
    """Return the areas of a GeoJSON FeatureCollection of polygons in longitude and latitude.

    `has_residents`: whether every area must say how many live there.

    Raises ScenarioError, FaultsError: with every fault of the file.
    """
    file, document = fspath(path), read_json(path)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise CityError("must be a GeoJSON FeatureCollection", file=file, remedy="export the areas as GeoJSON")
    contents = document.get("features")
    if not isinstance(contents, list) or not contents:
        raise CityError("must hold at least one feature", file=file, key="features")
    if len(contents) > MOST_AREAS:
        raise CityError("must hold at most {n} features", file=file, key="features", value=len(contents), n=MOST_AREAS)
    lines = _lines(read_text(path), len(contents))
    features = [Feature(file, line, content, k) for k, (line, content) in enumerate(zip(lines, contents, strict=True))]
    for name in sorted({name for feature in features for name in feature.properties}):
        refuse_personal(file, None, name, [str(feature.properties.get(name, "")) for feature in features])
    faults = FaultList()
    areas = [area for feature in features if (area := faults.tried(_area, feature, has_residents)) is not None]
    seen: dict[str, int] = {}
    for area in areas:
        if area.name in seen:
            rule, remedy = (
                Sentence("must be unique; the feature in line {line} has it too", line=seen[area.name]),
                "rename one of them",
            )
            faults.append(CityError(rule, file=file, line=area.line, key="name", value=area.name, remedy=remedy))
        seen.setdefault(area.name, area.line)
    if areas and not is_water:
        faults += _overlaps(file, areas)
    faults.refuse()
    return areas


def _lines(text: str, n: int) -> list[int]:
    """Return the line on which each feature begins, 1 where the text is laid out in another way."""
    decoder, lines = json.JSONDecoder(), []
    at, line = text.find("[", text.find('"features"')) + 1, 1
    line += text.count("\n", 0, at)
    for _ in range(n):
        start = len(text) - len(text[at:].lstrip(" \n\t,"))
        try:
            _, end = decoder.raw_decode(text, start)
        except ValueError:
            return [1] * n
        line += text.count("\n", at, start)
        lines.append(line)
        line += text.count("\n", start, end)
        at = end
    return lines


def _area(feature: Feature, has_residents: bool) -> Area:
    """Return one checked area."""
    if not feature.name:
        raise feature.fail("must be a text", "properties.name", remedy="name each area")
    faults = FaultList()
    polygon = faults.tried(_polygon, feature)
    residents = faults.tried(_optional_int, feature, "residents", 0, 100_000_000)
    if has_residents and feature.properties.get("residents") is None:
        remedy = "add it, or give city.population"
        faults.append(feature.fail("each area needs its residents", "properties.residents", remedy=remedy))
    area_class = faults.tried(_optional_int, feature, "class", 1, 5)
    faults.refuse()
    return Area(feature.name, polygon[0], residents, area_class, feature.line, polygon[1])


def _polygon(feature: Feature) -> tuple[BaseGeometry, bool]:
    """Return a feature's valid polygon in degrees, and whether it was repaired."""
    import shapely
    from shapely.errors import ShapelyError
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    geometry = feature.content.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise feature.fail("must be a Polygon or MultiPolygon", "geometry")
    try:
        polygon = shape(geometry)
    except (ShapelyError, AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError):
        raise feature.fail("cannot be read", "geometry") from None
    if polygon.is_empty:
        raise feature.fail("is empty", "geometry")
    west, south, east, north = polygon.bounds
    is_finite = bool(np.isfinite(shapely.get_coordinates(polygon)).all())
    if not is_finite or not (-180 <= west <= east <= 180 and -85 <= south <= north <= 85):
        remedy = "found x {west:g}..{east:g}, y {south:g}..{north:g}; reproject to EPSG:4326"
        remedy = Sentence(remedy, west=west, east=east, south=south, north=north)
        raise feature.fail("coordinates must be longitude, latitude in degrees (WGS84)", "geometry", remedy=remedy)
    whole, is_whole = polygon, polygon.is_valid
    if not is_whole:
        parts = shapely.get_parts(shapely.make_valid(polygon))
        whole = shapely.union_all([part for part in parts if part.geom_type in ("Polygon", "MultiPolygon")])
        if abs(whole.area - polygon.buffer(0).area) > SAME * whole.area:
            why = explain_validity(polygon)
            raise feature.fail("has a border that crosses itself ({why})", "geometry", remedy="repair it in a GIS", why=why)
    if not square_metres(whole) >= LEAST_M2:
        raise feature.fail("has no surface: its corners lie on one line or in one point", "geometry")
    return whole, not is_whole


def square_metres(polygon: BaseGeometry) -> float:
    """Return the surface of a polygon in degrees: rough, for checks."""
    _, south, _, north = polygon.bounds or (0.0, 0.0, 0.0, 0.0)
    return float(polygon.area) * METRES_PER_DEGREE**2 * math.cos(math.radians((south + north) / 2))


def _overlaps(file: str, areas: list[Area]) -> list[CityError]:
    """Return a fault for every two areas that share ground, or of which one holds the other."""
    import shapely

    polygons = [area.polygon for area in areas]
    pairs = shapely.STRtree(polygons).query(polygons, predicate="intersects").T.tolist()
    faults = []
    for first, second in sorted(pair for pair in pairs if pair[0] < pair[1]):
        a, b = polygons[first], polygons[second]
        share = a.intersection(b).area / min(a.area, b.area)
        if share > SHARED:
            rule = "shares {share:.0f} % of the smaller area with {name!r}: people would count twice"
            rule = Sentence(rule, share=100 * share, name=areas[first].name)
            remedy = "keep one level of areas, and borders that meet"
            line, name = areas[second].line, areas[second].name
            faults.append(CityError(rule, file=file, line=line, key="area", value=name, remedy=remedy))
    return faults


def _optional_int(feature: Feature, key: str, low: int, high: int) -> int | None:
    """Return a whole number from a feature's properties, None where it is absent."""
    value = feature.properties.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
        raise feature.fail("must be a whole number", f"properties.{key}", value)
    if not low <= value <= high:
        raise feature.fail("must be between {low} and {high}", f"properties.{key}", value, low=low, high=high)
    return int(value)
