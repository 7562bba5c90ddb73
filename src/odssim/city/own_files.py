"""Reading one's own city files with errors that name the file, the line and the remedy."""

from __future__ import annotations

import csv
import difflib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odssim.city.personal import personal_column
from odssim.errors import CityError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Area:
    """A report area: polygon in longitude and latitude, residents if the file gives them, class 1..5."""

    name: str
    polygon: BaseGeometry
    residents: int | None
    area_class: int | None


@dataclass(frozen=True)
class Row:
    """One line of a CSV file, with where it stands."""

    file: str
    line: int
    values: dict[str, str]

    def fail(self, rule: str, key: str, remedy: str | None = None) -> CityError:
        """Return the error that a value of this row breaks `rule`."""
        return CityError(
            rule, file=self.file, line=self.line, key=key, value=self.values.get(key, ""), remedy=remedy
        )

    def number(self, key: str, low: float, high: float) -> float:
        """Return a value as a number within [low, high]."""
        try:
            number = float(self.values[key])
        except ValueError:
            raise self.fail("must be a number with a decimal point", key) from None
        if not (math.isfinite(number) and low <= number <= high):
            raise self.fail(f"must be between {low:g} and {high:g}", key)
        return number

    def count(self, key: str) -> int:
        """Return a value as a whole number of people, at least 0."""
        number = self.number(key, 0.0, 1e9)
        if number != int(number):
            raise self.fail("must be a whole number", key)
        return int(number)


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """Return a "did you mean" for a mistyped word, or None."""
    near = difflib.get_close_matches(word, list(allowed), n=1)
    return f"did you mean {near[0]!r}?" if near else None


def read_text(path: Path) -> str:
    """Return a file's text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CityError("file not found", file=str(path), remedy="check the path in [city]") from None
    except (IsADirectoryError, PermissionError):
        raise CityError(
            "cannot be read as a file", file=str(path), remedy="check the path in [city]"
        ) from None
    except UnicodeDecodeError:
        raise CityError("is not UTF-8 text", file=str(path), remedy="save the file as UTF-8") from None


def read_csv(path: Path, columns: Iterable[str]) -> list[Row]:
    """Return the rows of a CSV file (comma or semicolon) that has at least `columns`."""
    lines = read_text(path).splitlines()
    first = lines[0] if lines else ""
    reader = csv.DictReader(lines, delimiter=";" if ";" in first and "," not in first else ",")
    header = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = header
    for column in columns:
        if column not in header:
            raise CityError(
                f"column {column!r} is missing; the header has: {', '.join(header) or 'nothing'}",
                file=str(path),
                line=1,
                remedy=nearest(column, header) or f"add the column {column!r}",
            )
    rows = []
    for values in reader:
        if None in values or None in values.values():
            raise CityError(
                f"the row must have {len(header)} fields as the header has",
                file=str(path),
                line=reader.line_num,
            )
        rows.append(Row(str(path), reader.line_num, {k: v.strip() for k, v in values.items()}))
    for column in header:
        _refuse_personal(str(path), 1, column, [row.values[column] for row in rows])
    return rows


def _refuse_personal(file: str, line: int | None, name: str, values: Iterable[str]) -> None:
    """Raise where a column looks like personal identity numbers; no value is repeated."""
    if personal_column(name, values):
        raise CityError(
            f"column {name!r} looks like personal identity numbers", file=file, line=line,
            remedy="delete the column: odssim needs no data on persons",
        )  # fmt: skip


def unique(rows: list[Row], key: str) -> None:
    """Raise where a value of `key` is empty or stands in two rows."""
    seen: dict[str, int] = {}
    for row in rows:
        value = row.values[key]
        if not value:
            raise row.fail("must not be empty", key)
        if value in seen:
            raise row.fail(f"must be unique; it also stands in line {seen[value]}", key, "rename one of them")
        seen[value] = row.line


def read_areas(path: Path) -> list[Area]:
    """Return the areas of a GeoJSON FeatureCollection of polygons in longitude and latitude."""
    try:
        document = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise CityError(
            f"is not valid GeoJSON: {error.msg} at column {error.colno}",
            file=str(path),
            line=error.lineno,
            remedy="the file may be cut off; export it again",
        ) from None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise CityError(
            "must be a GeoJSON FeatureCollection", file=str(path), remedy="export the areas as GeoJSON"
        )
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise CityError("must hold at least one feature", file=str(path), key="features")
    for name, values in _properties(features).items():
        _refuse_personal(str(path), None, name, values)
    areas = [_area(str(path), index, feature) for index, feature in enumerate(features)]
    seen: dict[str, int] = {}
    for index, area in enumerate(areas):
        if area.name in seen:
            raise CityError(
                f"must be unique; feature {seen[area.name]} has it too",
                file=str(path),
                key=f"features[{index}].properties.name",
                value=area.name,
                remedy="rename one of them",
            )
        seen[area.name] = index
    return areas


def _properties(features: list[Any]) -> dict[str, list[str]]:
    """Return the values of each property of the features, as texts."""
    found: dict[str, list[str]] = {}
    for feature in features:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        for name, value in (properties if isinstance(properties, dict) else {}).items():
            found.setdefault(str(name), []).append(str(value))
    return found


def _area(file: str, index: int, feature: Any) -> Area:
    """Return one checked area."""
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    where = f"features[{index}]"
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(properties, dict) or not isinstance(name, str) or not name.strip():
        raise CityError("must be a text", file=file, key=f"{where}.properties.name", remedy="name each area")
    try:
        polygon = shape(feature.get("geometry"))
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
        raise CityError("cannot be read", file=file, key=f"{where}.geometry", value=name) from None
    if polygon.geom_type not in ("Polygon", "MultiPolygon") or polygon.is_empty:
        raise CityError("must be a Polygon or MultiPolygon", file=file, key=f"{where}.geometry", value=name)
    west, south, east, north = polygon.bounds
    if not (-180 <= west <= east <= 180 and -85 <= south <= north <= 85):
        raise CityError(
            "coordinates must be longitude, latitude in degrees (WGS84)",
            file=file,
            key=f"{where}.geometry",
            value=name,
            remedy=f"found x {west:g}..{east:g}, y {south:g}..{north:g}; reproject to EPSG:4326",
        )
    if not polygon.is_valid:
        polygon = polygon.buffer(0)
    residents = _optional_int(file, f"{where}.properties", properties, "residents", 0, 100_000_000)
    return Area(
        name.strip(),
        polygon,
        residents,
        _optional_int(file, f"{where}.properties", properties, "class", 1, 5),
    )


def _optional_int(
    file: str, where: str, properties: dict[str, Any], key: str, low: int, high: int
) -> int | None:
    """Return a whole number from a feature's properties, None where it is absent."""
    value = properties.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
        raise CityError("must be a whole number", file=file, key=f"{where}.{key}", value=value)
    if not low <= value <= high:
        raise CityError(f"must be between {low} and {high}", file=file, key=f"{where}.{key}", value=value)
    return int(value)
