"""What a scenario file becomes: defaults, dates, targeting, own cities."""

import pickle
import tomllib
from dataclasses import FrozenInstanceError
from datetime import date

import numpy as np
import pytest

from odssim.errors import ScenarioError
from odssim.interventions import CATALOGUE
from odssim.scenario import Targeting, load
from odssim.scenario.faults import toml
from scenario.declared import HEAD, PARAMETERS, PATROL


def test_everything_left_out_has_its_default(read):
    scenario = read(head=HEAD.replace("burn_in_days = 30\n", ""))
    assert (scenario.burn_in_days, scenario.seed, scenario.population_multiplier) == (0, 1, 8.0)
    assert scenario.substances == ("cannabis", "amphetamine", "cocaine", "heroin")
    assert scenario.parameters == {
        "belief.halflife_days": 21.0,
        "need.rate_month.occasional": 1.0,
        "need.rate_month.regular": 5.0,
        "need.rate_month.dependent": 25.0,
    }
    assert scenario.interventions == ()
    assert (scenario.first_day, scenario.end_date) == (date(2018, 1, 1), date(2018, 4, 11))


def test_an_intervention_has_the_defaults_of_its_entry(read):
    (spec,) = read(PATROL).interventions
    assert (spec.start, spec.end) == (date(2018, 1, 1), date(2018, 4, 11))
    assert (spec.dose, spec.ramp_days, spec.resources, spec.payer) == (1.0, 0, "from_baseline", "police")
    assert spec.places == Targeting("every")
    assert spec.options == {
        "visits_per_day": 4,
        "minutes": (12, 17),
        "hours": (10.0, 24.0),
        "irregular": True,
        "timetable": (),
        "weekdays": "all",
    }


@pytest.mark.parametrize(
    ("length", "end"),
    [
        ("weeks = 2", date(2018, 2, 15)),
        ("days = 3", date(2018, 2, 4)),
        ("end = 2018-03-01", date(2018, 3, 1)),
        ("", date(2018, 4, 11)),
        ("weeks = 52", date(2019, 1, 31)),
    ],
)
def test_end_is_the_day_after_the_last(read, length, end):
    (spec,) = read(f"{PATROL}start = 2018-02-01\n{length}\n").interventions
    assert spec.end == end


@pytest.mark.parametrize(
    ("places", "targeting"),
    [
        ('names = ["Central", "Clinic"]', Targeting("names", names=("Central", "Clinic"))),
        ('type = "metro"', Targeting("type", type="metro")),
        ('area = ["Old Town"]', Targeting("area", area=("Old Town",))),
        ('near = { place = "Central", within_m = 300 }', Targeting("near", place="Central", within_m=300.0)),
        ("random = { n = 5 }", Targeting("random", n=5)),
        ('random = { n = 5, within = ["Old Town"], draw = 7 }', Targeting("random", n=5, within=("Old Town",), draw=7)),
        ('rank = "tips", top = 3', Targeting("rank", rank="tips", top=3, at=date(2017, 12, 31))),
        (
            'rank = "tips", top = 3, at = 2017-12-02, rerank_days = 7, within = "all"',
            Targeting("rank", rank="tips", top=3, at=date(2017, 12, 2), rerank_days=7),
        ),
    ],
)
def test_targeting(read, places, targeting):
    (spec,) = read(PATROL.replace("every = true", places)).interventions
    assert spec.places == targeting


def test_a_timetable_decides_how_many_visits_there_are(read):
    (spec,) = read(PATROL + 'irregular = false\ntimetable = ["12:00", "14:30"]\n').interventions
    assert (spec.options["visits_per_day"], spec.options["timetable"]) == (2, ("12:00", "14:30"))


def test_own_city_files_are_seen_from_the_scenario_that_names_them(read, tmp_path, monkeypatch):
    for name in ("areas.geojson", "places.csv"):
        (tmp_path / name).write_text("facts", encoding="utf-8")
    own = HEAD.replace('"teaching-town"', '{ areas = "areas.geojson", places = "places.csv" }')
    monkeypatch.chdir("/")
    scenario = read(head=own)
    places = str((tmp_path / "places.csv").resolve())
    assert scenario.city == {"cell_m": 100, "areas": str((tmp_path / "areas.geojson").resolve()), "places": places}
    (tmp_path / "places.csv").write_text("other facts", encoding="utf-8")
    assert read(head=own).content_hash != scenario.content_hash


def test_a_scenario_is_frozen_and_can_be_sent_to_a_worker(read):
    scenario = read(PATROL)
    with pytest.raises(FrozenInstanceError):
        scenario.days = 3
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_a_text_is_read_as_a_file_and_a_fault_is_told_by_its_name():
    known = {"parameters": PARAMETERS, "catalogue": CATALOGUE}
    assert load("no.toml", text=HEAD, overrides=["seed=7"], **known).seed == 7
    with pytest.raises(ScenarioError, match=r"^no\.toml:6: seeds = 1: no such key"):
        load("no.toml", text=HEAD + "seeds = 1\n", **known)


def test_values_as_toml():
    value = {"top": np.int64(3), "at": date(2018, 1, 1), "share": 1e-7, "names": ["Å", np.bool_(True)]}
    assert toml(value) == '{ top = 3, at = 2018-01-01, share = 1e-07, names = ["Å", true] }'
    assert tomllib.loads(f"value = {toml(value)}")["value"] == value
