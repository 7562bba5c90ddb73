"""The key of "the same run": whatever decides a number changes it, a name or an order does not."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from city.template import FILES
from evaluation.designs import design, edited
from odssim.core import folders
from odssim.engine import key as key_module
from odssim.engine.build import PARAMETERS
from odssim.engine.key import NOT_DECISIVE, OF_THE_RUN, city_of, past_key, program_hash, run_key
from odssim.evaluation.design.design_file import load_design
from odssim.evaluation.trial import trials as design_run
from odssim.interventions import CATALOGUE
from odssim.scenario import load
from odssim.scenario.records import InterventionSpec, Scenario, Targeting
from odssim.studies.study.jobs import Plan
from odssim.studies.study.study import load_study
from odssim.validation.patterns.campaign import key_of

SCENARIO = """
name = "Own"
start_date = 2018-01-01
days = 5
burn_in_days = 5
known_activity = "known.csv"
[budget]
police = 1000
[city]
areas = "areas.geojson"
places = "places.csv"
lines = "lines.csv"
water = "water.geojson"
population = "population.csv"
[[interventions]]
id = "p"
type = "fifteen_minute_patrol"
places = { names = ["Central station"] }
"""
OWN = {
    "known.csv": "place,confidence\nHealth centre,0.9\nPark,0.4\n",
    "population.csv": "name,residents\nNorth,3000\nSouth,9000\n",
}
NAMED = ("areas.geojson", "places.csv", "lines.csv", "water.geojson", "population.csv", "known.csv")
OTHER = {
    "int": lambda v: v + 1, "float": lambda v: v + 0.5, "str": lambda v: f"{v}x", "date": lambda v: v + timedelta(1),
    "bool": lambda v: not v, "NoneType": lambda _: 3, "tuple": lambda v: (*v, "x"), "dict": lambda v: {**v, "x": 1.0},
}  # fmt: skip


@pytest.fixture
def own(tmp_path):
    """Return a function that reads the own city's scenario from a folder, made on the first call."""

    def read(folder=tmp_path):
        folder.mkdir(exist_ok=True)
        if not (folder / "scenario.toml").exists():
            names = [feature["properties"]["name"] for feature in json.loads(FILES["areas.geojson"])["features"]]
            people = OWN["population.csv"].replace("North", names[0]).replace("South", names[1])
            for name, text in {**FILES, **OWN, "population.csv": people, "scenario.toml": SCENARIO}.items():
                (folder / name).write_text(text, encoding="utf-8")
        return load(folder / "scenario.toml", parameters=PARAMETERS, catalogue=CATALOGUE)

    return read


def key(scenario):
    return run_key(scenario, city_of(scenario.city))


def changed(value):
    return OTHER[type(value).__name__](value)


def test_every_field_of_a_scenario_decides_but_names(own):
    one = own()
    city, first, past = city_of(one.city), key(one), past_key(one, city_of(one.city))
    for field in fields(Scenario):
        value = getattr(one, field.name)
        other = city_of("teaching-town") if field.name == "city" else city
        if field.name == "city":
            value, new = "", "teaching-town"
        elif field.name == "known_activity":
            new = None
        elif field.name == "interventions":
            new = ()
        else:
            new = changed(value)
        moved = replace(one, **{field.name: new})
        assert (run_key(moved, other) == first) == (field.name in NOT_DECISIVE), field.name
        assert (past_key(moved, other) == past) == (field.name in (*NOT_DECISIVE, *OF_THE_RUN)), field.name


def test_every_parameter_decides(own):
    one = own()
    keys = {key(replace(one, parameters={**one.parameters, name: one.parameters[name] + 0.001})) for name in one.parameters}
    assert len(keys | {key(one)}) == len(one.parameters) + 1


@pytest.mark.parametrize("record", [InterventionSpec, Targeting])
def test_every_field_of_an_intervention_decides(own, record):
    one = own()
    spec = one.interventions[0]
    whole = spec if record is InterventionSpec else spec.places
    keys = {key(one)}
    for field in fields(record):
        value = getattr(whole, field.name)
        new = None if field.name == "places" else date(2017, 12, 1) if field.name == "at" else changed(value)
        other = replace(whole, **{field.name: new})
        keys.add(key(replace(one, interventions=(other if record is InterventionSpec else replace(spec, places=other),))))
    assert len(keys) == len(fields(record)) + 1


def test_every_option_of_an_intervention_decides(own):
    one = own()
    spec = one.interventions[0]
    keys = {key(one)}
    for name in spec.options:
        keys.add(key(replace(one, interventions=(replace(spec, options={**spec.options, name: "other"}),))))
    assert len(keys) == len(spec.options) + 1


def cells(text):
    """Yield a CSV's text with one cell changed, for each cell below the header."""
    rows = list(csv.reader(io.StringIO(text)))
    for i in range(1, len(rows)):
        for k in range(len(rows[i])):
            turned = [list(row) for row in rows]
            turned[i][k] += "1"
            yield "\n".join(",".join(row) for row in turned) + "\n"


def values(tree):
    """Yield a tree of JSON with one number or text changed, for each of them."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for at, value in items:
        for new in values(value) if isinstance(value, dict | list) else [changed(value)]:
            copy = dict(tree) if isinstance(tree, dict) else list(tree)
            copy[at] = new
            yield copy


def test_every_cell_of_every_named_file_decides(own, tmp_path):
    one = own()
    city = city_of(one.city)
    keys, n = {run_key(one, city)}, 1
    for name in NAMED:
        text = (tmp_path / name).read_text(encoding="utf-8")
        tree = name.endswith("geojson")
        for other in values(json.loads(text)) if tree else cells(text):
            (tmp_path / name).write_text(json.dumps(other, indent=1) + "\n" if tree else other, encoding="utf-8")
            keys.add(run_key(one, city))
            n += 1
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(keys) == n > 100
    assert run_key(one, city) in keys


def test_names_paths_and_orders_do_not_decide(own, tmp_path):
    first = key(own())
    elsewhere = own(tmp_path / "elsewhere")
    assert key(elsewhere) == first
    for name, n_fixed in (("places.csv", 3), ("population.csv", 1), ("known.csv", 1)):  # header; and the stations
        rows = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        (tmp_path / name).write_text("\n".join([*rows[:n_fixed], *rows[n_fixed:][::-1]]) + "\n", encoding="utf-8")
        assert key(own()) == first, name
    areas = json.loads((tmp_path / "areas.geojson").read_text(encoding="utf-8"))
    (tmp_path / "areas.geojson").write_text(json.dumps(dict(reversed(areas.items()))), encoding="utf-8")
    (tmp_path / "places.csv").rename(tmp_path / "other.csv")
    head, tables = SCENARIO.split("[budget]")
    text = "\n".join(reversed(head.replace("Own", "Another name").strip().splitlines())) + "\n[budget]" + tables
    (tmp_path / "scenario.toml").write_text(text.replace("places.csv", "other.csv"), encoding="utf-8")
    assert key(own()) == first
    one = own()
    assert key(replace(one, parameters=dict(reversed(one.parameters.items())))) == first


def test_two_names_that_change_places_decide(own, tmp_path):
    one = own()
    first, before = key(one), city_of(one.city)
    text = (tmp_path / "places.csv").read_text(encoding="utf-8")
    text = text.replace("Central station", "?").replace("East station", "Central station").replace("?", "East station")
    (tmp_path / "places.csv").write_text(text, encoding="utf-8")
    after = city_of(one.city)  # the same reference: a city is not remembered by its path
    assert sorted(after.place_name) == sorted(before.place_name)
    assert after.place_name != before.place_name
    assert key(own()) != first


def test_the_order_of_stations_decides_because_it_numbers_them(own, tmp_path):
    one = own()
    first, before = key(one), city_of(one.city)
    head, station, other, *rows = (tmp_path / "places.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "places.csv").write_text("\n".join([head, other, station, *rows]) + "\n", encoding="utf-8")
    assert city_of(one.city).place_station.tolist() != before.place_station.tolist()
    assert key(own()) != first


@pytest.mark.parametrize("name", key_module.PACKAGES)
def test_versions_and_sources_decide(own, monkeypatch, name):
    first = key(own())
    with monkeypatch.context() as patch:
        patch.setattr(key_module, "version", lambda package: "0" if package == name else "1")
        program_hash.cache_clear()
        other = key(own())
    program_hash.cache_clear()
    assert key(own()) == first != other
    monkeypatch.setattr(key_module, "program_hash", lambda *_: "another")
    assert key(own()) not in (first, other)


@pytest.mark.parametrize("file", ["rules/choice.csv", "interventions/costs.csv", "interventions/entries/cameras.toml"])
def test_tables_of_the_model_decide_as_its_sources_do(tmp_path, monkeypatch, file):
    ours = shutil.ignore_patterns("locale", "data", "__pycache__")
    monkeypatch.setattr(folders, "PACKAGE", shutil.copytree(folders.PACKAGE, tmp_path / "package", ignore=ours))
    before = folders.source_hash(*key_module.MODEL_ROOMS), folders.source_hash(*folders.KERNELS, kinds=("py",))
    with (tmp_path / "package" / file).open("a", encoding="utf-8") as table:
        table.write("\n")
    after = folders.source_hash(*key_module.MODEL_ROOMS), folders.source_hash(*folders.KERNELS, kinds=("py",))
    assert [a == b for a, b in zip(after, before, strict=True)] == [False, True]


def test_what_other_packages_bring_decides(own, tmp_path, monkeypatch):
    first = key(own())
    (tmp_path / "other.toml").write_text("x = 1\n")
    with monkeypatch.context() as patch:
        patch.setattr(key_module, "BROUGHT", (tmp_path / "other.toml",))
        program_hash.cache_clear()
        other = key(own())
    program_hash.cache_clear()
    assert other != first == key(own())


@pytest.mark.parametrize("file", key_module.ROW_FILES)
def test_what_makes_the_rows_of_a_store_decides_runs_and_no_past(own, tmp_path, monkeypatch, file):
    one = own()
    city = city_of(one.city)
    before = past_key(one, city), run_key(one, city), program_hash()
    ours = shutil.ignore_patterns("locale", "data", "__pycache__")
    monkeypatch.setattr(folders, "PACKAGE", shutil.copytree(folders.PACKAGE, tmp_path / "package", ignore=ours))
    program_hash.cache_clear()
    assert (past_key(one, city), run_key(one, city), program_hash()) == before
    with (tmp_path / "package" / file).open("a", encoding="utf-8") as source:
        source.write("# another")
    program_hash.cache_clear()
    after = past_key(one, city), run_key(one, city), program_hash()
    program_hash.cache_clear()
    assert [a == b for a, b in zip(after, before, strict=True)] == [True, False, False]


def test_every_store_asks_the_key(own, tmp_path):
    """A study, kept patterns and tried designs notice a file that holds something else, within one process."""
    own()
    (tmp_path / "study.toml").write_text('name = "S"\nscenario = "scenario.toml"\n', encoding="utf-8")
    design = edited(world='kind = "engine"\nscenario = "scenario.toml"')
    (tmp_path / "design.toml").write_text(design, encoding="utf-8")

    def keys():
        job, tried = Plan(load_study(tmp_path / "study.toml")).jobs[0], load_design(tmp_path / "design.toml")
        past = past_key(own(), city_of(own().city))
        return job.key, past, key_of(own(), 1, ["deals"]), design_run._key(tried, False)

    seen = [keys()]
    for name, old, new in (
        ("known.csv", "0.4", "0.5"),
        ("places.csv", "Main square", "Old square"),
        ("areas.geojson", '"class": 2', '"class": 4'),
    ):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert old in text
        (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
        seen.append(keys())
    for column in zip(*seen, strict=True):
        assert len(set(column)) == len(seen)


def test_tried_designs_notice_other_code(tmp_path, monkeypatch):
    tried = design(tmp_path)
    first = design_run._key(tried, False)
    assert design_run._key(replace(tried, file="elsewhere.toml"), False) == first
    monkeypatch.setattr(design_run, "program_hash", lambda rooms: f"other code in {rooms}")
    assert design_run._key(tried, False) != first
