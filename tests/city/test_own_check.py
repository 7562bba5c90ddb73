"""`odssim city`: a template that works, every fault by row, no data on persons, a map; the Malmö script of the docs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("shapely")
pytest.importorskip("pyproj")

from city.template import FILES, PLACES
from odssim.city import load_city
from odssim.city.own_files import is_personal_number, personal_column
from odssim.cli.inputs import read_scenario
from odssim.errors import OdssimError
from report.folders import call

DOCS = Path(__file__).parents[2] / "docs/own-city.md"
SQUARE = "Main square,square,55.6080,13.0120,"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "town"
    assert call("city", "new", str(made)) == 0
    return made


def city_table(folder: Path) -> dict[str, object]:
    return dict(read_scenario(str(folder / "scenario.toml")).city)


def faults_of(folder: Path) -> list[OdssimError]:
    with pytest.raises(OdssimError) as caught:
        read_scenario(str(folder / "scenario.toml"))
    return list(caught.value.each)


def damage(folder: Path, old: str, new: str, file: str = "places.csv") -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_folder_has_no_faults_and_runs(folder, capsys, tmp_path):
    assert sorted(path.name for path in folder.glob("[!.]*")) == sorted(FILES)
    assert call("city", "check", str(folder)) == 0
    assert "No faults: My city, 16000 inhabitants" in capsys.readouterr().out
    out = tmp_path / "run"
    sets = ("--days", "2", "--set", "burn_in_days=1", "--out", str(out))
    assert call("run", str(folder / "scenario.toml"), *sets) == 0
    assert (out / "run.json").is_file()


@pytest.mark.parametrize(("language", "title"), [("en", "Own city for odssim"), ("sv", "Egen stad för odssim")])
def test_the_readme_is_in_the_readers_language_and_names_every_file(tmp_path, language, title):
    assert call("city", "new", str(tmp_path / "town"), "--language", language) == 0
    text = (tmp_path / "town" / "README.txt").read_text(encoding="utf-8")
    assert text.startswith(title)
    assert all(name in text for name in FILES if name != "README.txt")


def test_nobody_lives_in_the_water(folder):
    wet = load_city(city_table(folder))
    dry = load_city({key: value for key, value in city_table(folder).items() if key != "water"})
    assert wet.land.sum() < dry.land.sum()
    assert wet.residents.sum() == dry.residents.sum()


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("Main square,square,13.0120,55.6080,", r"places\.csv:4: lat = '13\.0120': lat and lon are swapped; write lat 55"),
        ("Main square,square,6163800,374500,", r"places\.csv:4: .*metres; this is SWEREF 99 TM \(EPSG:3006\): write lat 55"),
        ("Main square,square,6165026,119245,", r"places\.csv:4: .*metres; this is SWEREF 99 13 30 \(EPSG:3008\)"),
        ("Central station,square,55.6080,13.0120,", r"places\.csv:4: name = 'Central station': must be unique; .*line 2"),
        ("Main square,square,55.602,13.016,", r"places\.csv:4: name = 'Main square': lies in water, \d+ m from land"),
        ("Main square,square,56.6080,13.0120,", r"places\.csv:4: .*lies outside all areas, \d+\.\d km away"),
        ("Main square,sqare,55.6080,13.0120,", r"places\.csv:4: type = 'sqare'.*did you mean 'square'"),
        ("Main square,square,north,13.0120,", r"places\.csv:4: lat = 'north': must be a number"),
        (",square,55.6080,13.0120,", r"places\.csv:4: name = '': must not be empty"),
        ("Main square,square,55.6080,13.0120,many", r"places\.csv:4: boardings_per_weekday = 'many': must be a number"),
    ],
)
def test_each_fault_is_told_with_its_row(folder, new, words):
    damage(folder, SQUARE, new)
    faults = faults_of(folder)
    assert len(faults) == 1
    assert re.search(words, str(faults[0]))
    assert "\n" not in str(faults[0])


def test_all_faults_are_told_not_only_the_first(folder, capsys):
    damage(folder, SQUARE, "Main square,square,13.0120,55.6080,")
    damage(folder, "Park,park", "Park,parc")
    assert call("city", "check", str(folder)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.findall(r"places\.csv:\d+", captured.err) == ["places.csv:4", "places.csv:6"]
    assert call("city", "check", str(folder), "--json") == 2
    assert [row["line"] for row in json.loads(capsys.readouterr().out)] == [4, 6]


def test_swapped_areas_are_one_fault_and_not_one_per_place(folder):
    file = folder / "areas.geojson"
    areas = json.loads(file.read_text(encoding="utf-8"))
    for feature in areas["features"]:
        feature["geometry"]["coordinates"] = [[[y, x] for x, y in ring] for ring in feature["geometry"]["coordinates"]]
    file.write_text(json.dumps(areas), encoding="utf-8")
    faults = faults_of(folder)
    assert [fault.file for fault in faults] == [str(file)]
    assert "in one of the two files lat and lon are swapped" in str(faults[0])


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (None, 'scenario.toml:6: known_activity = "known_activity.csv": no such file'),
        ("place,confidence\nMain square,0.9\nNowhere,0.5\n", "known_activity.csv:3: place = 'Nowhere'"),
        ("place,confidence\nMain square,2\n", "known_activity.csv:2: confidence = '2': must be between 0 and 1"),
        ("place,confidense\nMain square,0.1\n", "csv:1: confidense: no such column; did you mean 'confidence'?"),
        ("place,pnr\nMain square,198112189876\n", "known_activity.csv:1: column 'pnr' looks like personal identity numbers"),
    ],
)
def test_the_private_file_is_checked_too(folder, known, words, capsys):
    damage(folder, "# known_activity", "known_activity", "scenario.toml")
    if known is not None:
        (folder / "known_activity.csv").write_text(known, encoding="utf-8")
    assert call("city", "check", str(folder)) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("lines.csv", "rail,2,East", "rail,1,East", "lines.csv:3: seq = '1': must be unique; it also stands in line 2"),
        ("lines.csv", "East station,15", "East station,20", "lines.csv:3: headway_min = '20': must be as in line 2"),
        ("lines.csv", "East station", "Main square", "station = 'Main square': must be a place of type commuter_rail\n"),
        ("places.csv", "boardings_per_weekday", "Boardings", "did you mean 'boardings_per_weekday'?"),
        ("water.geojson", "13.0", "12.0", "areas.geojson: lies under water everywhere; check city.water"),
    ],
)
def test_what_would_be_passed_over_silently_is_a_fault(folder, file, old, new, words, capsys):
    damage(folder, old, new, file)
    if file == "water.geojson":
        ring = [[12, 55], [14, 55], [14, 56], [12, 56], [12, 55]]
        lake = {"type": "Feature", "properties": {"name": "Sea"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        (folder / file).write_text(json.dumps({"type": "FeatureCollection", "features": [lake]}), encoding="utf-8")
    assert call("city", "check", str(folder)) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_faults_are_told_in_swedish(folder, capsys):
    damage(folder, "Park,park", "Park,parc")
    assert call("city", "check", str(folder), "--language", "sv") == 2
    assert "places.csv:6: type = 'parc': ska vara en av metro" in capsys.readouterr().err
    assert call("city", "check", str(folder)) == 2
    assert "must be one of metro" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("811218-9876", True), ("19811218-9876", True), ("8112189876", True), ("198112189876", True),
        ("811278-9873", True), ("811218-9875", False), ("811318-9876", False), ("12000", False), ("55.608013", False),
        ("", False),
    ],
)  # fmt: skip
def test_personal_numbers_are_known_by_date_and_check_digit(text, is_one):
    assert is_personal_number(text) == is_one


@pytest.mark.parametrize("name", ["personnummer", "Person nr", "pnr", "personal_id", "Födelsedatum", "birth date"])
def test_a_column_is_refused_by_its_name(name):
    assert personal_column(name, [])
    assert not personal_column("boardings_per_weekday", ["12000", ""])


def test_columns_of_personal_numbers_are_refused_without_repeating_them(folder, capsys):
    rows = [f"{line},{'code' if k == 0 else '811218-9876'}" for k, line in enumerate(PLACES.splitlines())]
    (folder / "places.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for command in (("city", "check", str(folder)), ("run", str(folder / "scenario.toml"))):
        assert call(*command) == 2
        error = capsys.readouterr().err
        assert "places.csv:1: column 'code' looks like personal identity numbers" in error
        assert "811218" not in error


def test_properties_of_areas_are_looked_at_too(folder):
    damage(folder, '"class": 3', '"class": 3, "owner": "19811218-9876"', "areas.geojson")
    with pytest.raises(OdssimError, match="column 'owner' looks like personal"):
        load_city(city_table(folder))


def test_the_map_is_a_picture(folder, capsys):
    assert call("city", "map", str(folder), "--language", "sv") == 0
    assert (folder / "map.png").read_bytes().startswith(b"\x89PNG")
    assert "karta i" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "words"),
    [(("new", "{folder}"), "exists already"), (("check", "{folder}/no"), "No such file"), (("map", "no"), "No such file")],
)
def test_wrong_folders_are_refused(folder, capsys, command, words):
    assert call("city", *(text.format(folder=folder) for text in command)) == 2
    assert words in capsys.readouterr().err


def test_the_script_of_the_docs_makes_a_city(tmp_path):
    script = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)[1]
    (tmp_path / "malmo.py").write_text(script, encoding="utf-8")
    side, features = 0.05, []
    corners = {"Norr": (12.96, 55.6), "Söder": (12.96, 55.55), "Mitt": (13.01, 55.55), "Öst": (13.01, 55.6)}
    for name, (west, south) in corners.items():
        ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"name": name, "code": 1}, "geometry": geometry})
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (tmp_path / "districts.geojson").write_text(text, encoding="utf-8")
    command = [sys.executable, "malmo.py", "districts.geojson", "malmo"]
    subprocess.run(command, cwd=tmp_path, check=True)
    city = load_city(city_table(tmp_path / "malmo"))
    assert abs(int(city.residents.sum()) - 339_313) < 10
    assert np.isin("Malmö C", city.place_name)
