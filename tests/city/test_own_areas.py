"""Areas that cannot be right are named with feature and line, all of a file at once; check, show and run agree."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("shapely")
pytest.importorskip("pyproj")

from city.template import FILES
from odssim.city.own_areas import read_areas, read_water, square_metres
from odssim.errors import OdssimError
from report.folders import call


def ring(*corners: tuple[float, float]) -> list[list[float]]:
    return [[13 + x / 100, 55 + y / 100] for x, y in (*corners, corners[0])]


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return ring((west, south), (east, south), (east, north), (west, north))


def polygon(*rings: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def write(folder: Path, features: dict[str, object]) -> Path:
    """Write features by name, each on a line of its own from line 3 on; the first two are good."""
    good = {"West": polygon(box(0, 0, 2, 2)), "East": polygon(box(2, 0, 4, 2))}
    found = [
        {"type": "Feature", "properties": {"name": name, "residents": 10}, "geometry": geometry}
        for name, geometry in {**good, **features}.items()
    ]
    lines = [json.dumps(feature) for feature in found]
    file = folder / "areas.geojson"
    file.write_text('{"type": "FeatureCollection",\n"features": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    return file


FAULTS = {
    "nested": (polygon(box(0.5, 0.5, 1, 1)), "shares 100 % of the smaller area with 'West'"),
    "over half of it": (polygon(box(3, 0, 5, 2)), "shares 50 % of the smaller area with 'East'"),
    "the same again": (polygon(box(0, 0, 2, 2)), "shares 100 % of the smaller area with 'West'"),
    "a line": (polygon(ring((5, 0), (9, 0), (7, 0))), "has no surface"),
    "a point": (polygon(ring((5, 0), (5, 0), (5, 0))), "has no surface"),
    "a hair": (polygon(box(5, 0, 9, 1e-9)), "has no surface"),
    "figure of eight": (polygon(ring((5, 0), (7, 2), (7, 0), (5, 2))), "has a border that crosses itself"),
    "empty": ({"type": "Polygon", "coordinates": []}, "is empty"),
    "of one corner": ({"type": "Polygon", "coordinates": [[[13, 55]]]}, "cannot be read"),
    "of text": ({"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4], ["a", "b"]]]}, "cannot be read"),
    "not a number": (polygon([[13, 55], [14, float("nan")], [14, 56], [13, 55]]), "must be longitude"),
    "nothing": (None, "must be a Polygon or MultiPolygon"),
    "a list": ([1, 2], "must be a Polygon or MultiPolygon"),
    "a collection": ({"type": "GeometryCollection", "geometries": [polygon(box(5, 0, 6, 1))]}, "must be a Polygon"),
    "metres": (polygon([[100 * x, 1000 * y] for x, y in box(5, 0, 7, 2)]), "must be longitude, latitude"),
    "swapped beyond the pole": (polygon([[y, 100 + x] for x, y in box(5, 0, 7, 2)]), "must be longitude, latitude"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_its_feature_and_line(name, tmp_path):
    geometry, words = FAULTS[name]
    file = write(tmp_path, {name: geometry})
    with pytest.raises(OdssimError, match=words) as caught:
        read_areas(file)
    assert str(caught.value).startswith(f"{file}:5: ")
    assert repr(name) in str(caught.value)
    assert str(caught.value).isprintable()


def test_all_faults_of_a_file_are_told_by_line(tmp_path):
    file = write(tmp_path, {name: geometry for name, (geometry, _) in FAULTS.items()})
    with pytest.raises(OdssimError) as caught:
        read_areas(file)
    lines = str(caught.value).split("\n")
    assert len(lines) >= len(FAULTS)
    numbers = [int(line.removeprefix(f"{file}:").partition(":")[0]) for line in lines]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(5, 5 + len(FAULTS)))


SOUND = {
    "a hole": (polygon(box(5, 0, 9, 4), box(6, 1, 7, 2)), 15),
    "a lake's shape in a hole": (polygon(box(5, 0, 9, 4), ring((6, 1), (7, 1), (7, 2))), 15.5),
    "two parts": ({"type": "MultiPolygon", "coordinates": [[box(5, 0, 6, 1)], [box(8, 0, 9, 1)]]}, 2),
    "a border that touches itself": (polygon(ring((5, 0), (9, 0), (9, 4), (7, 0), (5, 4))), 8),
    "a border drawn roughly": (polygon(box(1.999, 2, 4, 4)), 4.002),
    "neighbours that meet": (polygon(box(4, 0, 6, 2)), 4),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_keeps_all_its_ground(name, tmp_path):
    geometry, size = SOUND[name]
    area = read_areas(write(tmp_path, {name: geometry}))[2]
    unit = square_metres(read_areas(write(tmp_path, {}))[0].polygon) / 4
    assert square_metres(area.polygon) / unit == pytest.approx(size, rel=2e-3)
    assert area.repaired == (name == "a border that touches itself")


def test_an_area_in_another_ones_hole_is_no_overlap(tmp_path):
    holed, island = polygon(box(5, 0, 9, 4), box(6, 1, 7, 2)), polygon(box(6, 1, 7, 2))
    assert len(read_areas(write(tmp_path, {"holed": holed, "island": island}))) == 4


def test_lakes_may_overlap_but_not_be_lines(tmp_path):
    assert len(read_water(write(tmp_path, {"lake": polygon(box(0, 0, 1, 1))}))) == 3
    with pytest.raises(OdssimError, match="has no surface"):
        read_water(write(tmp_path, {"lake": FAULTS["a line"][0]}))


@pytest.fixture
def town(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


DAMAGE = {
    "areas.geojson": lambda text: text.replace('"residents"', '"inhabitants"'),
    "water.geojson": lambda text: re.sub(r'"coordinates": .*', '"coordinates": []}}', text, count=1),
    "places.csv": lambda text: text.replace("square,", "sqare,").replace("park,", "parc,"),
    "lines.csv": lambda text: text.replace("commuter_rail", "rail"),
    "scenario.toml": lambda text: text.replace("cell_m", "cel_m") if "cell_m" in text else text + "\nnonsense = 1\n",
}


@pytest.mark.parametrize("name", [name for name in DAMAGE if name in FILES])
def test_check_show_and_run_agree(name, town, capsys):
    file = town / name
    file.write_text(DAMAGE[name](file.read_text(encoding="utf-8")), encoding="utf-8")
    told = []
    for command in (("city", "check", str(town)), ("show", f"{town}/scenario.toml"), ("run", f"{town}/scenario.toml")):
        assert call(*command) == 2
        told.append(capsys.readouterr().err)
    assert told[0] == told[1] == told[2]
    assert f"{file}:" in told[0]
