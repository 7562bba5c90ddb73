"""One's own city: two squares of land beside Lake Example, and every way to get the files wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from odssim.city import PLACE_TYPES, load_city
from odssim.errors import ScenarioError

pytest.importorskip("shapely")
Damage = Callable[[dict[str, object], Path], object]
PLACES = """name,type,lat,lon,boardings_per_weekday
Alpha,metro,59.005,18.005,1000
Beta,metro,59.005,18.035,
Torget,square,59.007,18.010,
Skolan,school,59.003,18.003,
"""
LINES = "line,mode,seq,station,headway_min\n1,metro,1,Alpha,10\n1,metro,2,Beta,10\n"


def square(west: float, south: float, side: float = 0.02) -> dict[str, Any]:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(name: str, west: float, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name, **properties}, "geometry": square(west, 59.0)}


@pytest.fixture
def own(tmp_path: Path) -> dict[str, object]:
    """Return a correct mapping; tests damage one of its files."""
    collection = {
        "type": "FeatureCollection",
        "features": [feature("West", 18.0, residents=1001, **{"class": 2}), feature("East", 18.02, residents=499)],
    }
    (tmp_path / "areas.geojson").write_text(json.dumps(collection, indent=1), encoding="utf-8")
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    (tmp_path / "lines.csv").write_text(LINES, encoding="utf-8")
    return {"areas": str(tmp_path / "areas.geojson"), "places": str(tmp_path / "places.csv"), "cell_m": 100}


def test_a_correct_city_loads(own: dict[str, object], tmp_path: Path) -> None:
    city = load_city({**own, "lines": str(tmp_path / "lines.csv"), "name": "Example"})
    assert city.name == "Example"
    assert city.residents.sum() == 1500
    west = city.place_district == city.districts.index("West")
    assert city.residents[west].sum() == 1001
    assert set(city.place_class[west]) == {2}
    assert not city.place_class_modelled[west].any()
    assert city.place_class_modelled[~west].all()
    kinds = {n: PLACE_TYPES[t] for n, t in zip(city.place_name, city.place_type, strict=True) if t}
    assert kinds == {"Alpha": "metro", "Beta": "metro", "Torget": "square"}
    assert city.place_schools.sum() == 1
    assert [(s.boardings_per_weekday, s.boardings_modelled) for s in city.stations] == [(1000.0, False), (6200.0, True)]
    assert 5.0 < city.station_minutes[0, 1] < 15.0
    assert city.land.sum() * 0.01 == pytest.approx(2 * 0.02**2 * 111.4 * 57.5, rel=0.05)


def test_without_lines_no_train_runs(own: dict[str, object]) -> None:
    assert load_city(own).station_minutes[0, 1] == 1e6


def test_population_by_age_replaces_the_areas_figures(own: dict[str, object], tmp_path: Path) -> None:
    ages = ("0_5", "6_15", "16_19", "20_44", "45_64", "65_79", "80p")
    header = ["name", *(f"{sex}_{age}" for sex in "fm" for age in ages)]
    rows = [["West", *range(14)], ["East", *([10] * 14)]]
    text = "\n".join(";".join(map(str, r)) for r in [header, *rows])
    (tmp_path / "population.csv").write_text(text, encoding="utf-8")
    city = load_city({**own, "population": str(tmp_path / "population.csv")})
    west = city.residents[city.place_district == city.districts.index("West")].sum(axis=0)
    np.testing.assert_array_equal(west, np.arange(14).reshape(2, 7).T)


def edit_areas(change: Callable[[dict[str, Any]], object]) -> Damage:
    def damage(_: dict[str, object], folder: Path) -> None:
        path = folder / "areas.geojson"
        document = json.loads(path.read_text(encoding="utf-8"))
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")

    return damage


def edit_places(old: str, new: str) -> Damage:
    def damage(_: dict[str, object], folder: Path) -> None:
        assert old in PLACES
        (folder / "places.csv").write_text(PLACES.replace(old, new), encoding="utf-8")

    return damage


def truncate(_: dict[str, object], folder: Path) -> None:
    path = folder / "areas.geojson"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")


def with_population(text: str) -> Damage:
    def damage(own: dict[str, object], folder: Path) -> None:
        (folder / "population.csv").write_text(text, encoding="utf-8")
        own["population"] = str(folder / "population.csv")

    return damage


def first(document: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = document["features"][0]["properties"]
    return properties


FAULTS: dict[str, tuple[Damage, str]] = {
    "missing areas": (lambda _, f: (f / "areas.geojson").unlink(), r"areas\.geojson: cannot be read \(No such file"),
    "missing places": (lambda _, f: (f / "places.csv").unlink(), r"places\.csv: cannot be read \(No such file"),
    "truncated": (truncate, r"areas\.geojson:\d+: is not valid JSON: .*cut off"),
    "not utf-8": (
        lambda _, f: (f / "places.csv").write_bytes(b"\xff\xfe\x00"),
        r"places\.csv:1: is not a text file in UTF-8",
    ),
    "not a collection": (edit_areas(lambda d: d.update(type="Feature")), "must be a GeoJSON FeatureCollection"),
    "no features": (edit_areas(lambda d: d.update(features=[])), "features: must hold at least one"),
    "no name": (edit_areas(lambda d: first(d).pop("name")), r"features\[0\]\.properties\.name: must be a text"),
    "twice": (edit_areas(lambda d: first(d).update(name="East")), r"areas\.geojson:1: name = 'East': must be unique"),
    "a point": (
        edit_areas(lambda d: d["features"][0].update(geometry={"type": "Point", "coordinates": [18, 59]})),
        r"features\[0\]\.geometry of 'West': must be a Polygon",
    ),
    "metres": (
        edit_areas(lambda d: d["features"][0].update(geometry=square(674_000.0, 6_580_000.0, 1000.0))),
        r"features\[0\].*must be longitude, latitude.*EPSG:4326",
    ),
    "another continent": (
        edit_areas(lambda d: d["features"][0].update(geometry=square(59.0, 18.0))),
        r"areas span \d+ x \d+ cells",
    ),
    "half a person": (edit_areas(lambda d: first(d).update(residents=1.5)), r"residents of 'West' = 1\.5: must be a whole"),
    "fewer than none": (edit_areas(lambda d: first(d).update(residents=-1)), r"residents of 'West' = -1: must be between"),
    "not a number": (edit_areas(lambda d: first(d).update(residents=float("nan"))), r"residents of 'West' = nan: must be"),
    "class 6": (edit_areas(lambda d: first(d).update({"class": 6})), r"class of 'West' = 6: must be between 1 and 5"),
    "no residents": (edit_areas(lambda d: first(d).pop("residents")), r"features\[0\].*needs its residents"),
    "empty city": (
        edit_areas(lambda d: [f["properties"].update(residents=0) for f in d["features"]]),
        "at least one resident",
    ),
    "no lat": (edit_places("name,type,lat,lon", "name,type,latt,lon"), r"places\.csv:1: column 'lat' .*mean 'latt'"),
    "words for lat": (edit_places("59.007", "north"), r"places\.csv:4: lat = 'north': must be a number"),
    "decimal comma": (edit_places("59.007,18.010", "59 007,18.010"), r"places\.csv:4: lat = '59 007': must be deg"),
    "short row": (
        edit_places("Torget,square,59.007,18.010,", "Torget,square"),
        r"places\.csv:4: the row has 2 cells, the header 5",
    ),
    "unknown type": (edit_places("square", "sqare"), r"places\.csv:4: type = 'sqare'.*did you mean 'square'"),
    "name twice": (edit_places("Beta", "Alpha"), r"places\.csv:3: name = 'Alpha': must be unique.*line 2"),
    "no place name": (edit_places("Beta", ""), r"places\.csv:3: name = '': must not be empty"),
    "in the lake": (edit_places("59.007", "59.107"), r"places\.csv:4: name = 'Torget': lies outside all areas"),
    "swapped": (edit_places("59.007,18.010", "18.010,59.007"), r"places\.csv:4.*lat and lon are swapped"),
    "nan": (edit_places("59.007", "nan"), r"places\.csv:4: lat = 'nan': must be a number"),
    "unknown area": (with_population("name,residents\nWest,1\nEastt,2\n"), r"population\.csv:3.*did you mean 'East'"),
    "area left out": (with_population("name,residents\nWest,1\n"), r"population\.csv: area 'East' has no row"),
    "no column": (with_population("name,people\nWest,1\n"), r"population\.csv:1: column 'residents' is missing"),
    "minus people": (with_population("name,residents\nWest,-5\nEast,2\n"), r"population\.csv:2: residents = '-5'"),
    "unknown key": (lambda own, _: own.update(place="x"), r"city\.place: must be one of .*did you mean 'places'"),
    "no areas key": (lambda own, _: own.pop("areas"), r"city\.areas: must be the path"),
    "tiny cells": (lambda own, _: own.update(cell_m=5), r"city\.cell_m = 5: must be a whole number of metres"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_with_file_and_line(fault: str, own: dict[str, object], tmp_path: Path) -> None:
    damage, message = FAULTS[fault]
    damage(own, tmp_path)
    with pytest.raises(ScenarioError, match=message) as caught:
        load_city(own)
    assert "\n" not in str(caught.value)


def test_a_line_to_an_unknown_station_is_named(own: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "lines.csv").write_text(LINES.replace("2,Beta", "2,Betta"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"lines\.csv:3: station = 'Betta'.*did you mean 'Beta'"):
        load_city({**own, "lines": str(tmp_path / "lines.csv")})
