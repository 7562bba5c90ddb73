"""A private file of known activity: who believes it, that it is only a beginning, and that every output says so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from evaluation.designs import edited
from odssim.city import load_city
from odssim.cli.inputs import read_scenario
from odssim.engine.build import PARAMETERS
from odssim.engine.key import past_key
from odssim.engine.known_activity import REACH_M, _slot, read_known
from odssim.engine.run import new_state
from odssim.errors import ScenarioError
from odssim.evaluation.design.design_file import load_design
from odssim.interventions import CATALOGUE
from odssim.scenario import load
from odssim.studies.study.study import load_study
from odssim.world.columns import N_BANDS, NOBODY
from report.folders import call

TOWN = Path(__file__).parents[2] / "scenarios/teaching-town.toml"
PLACE = "Market Square"


@pytest.fixture(scope="module")
def town():
    return load_city("teaching-town")


@pytest.fixture
def read(tmp_path):
    def made(rows="place,confidence\nMarket Square,0.7\n", name="known.csv"):
        (tmp_path / name).write_text(rows, encoding="utf-8")
        text = f'extends = "{TOWN}"\ndays = 3\nburn_in_days = 2\nknown_activity = "{name}"\n'
        (tmp_path / "town.toml").write_text(text, encoding="utf-8")
        return load(tmp_path / "town.toml", parameters=PARAMETERS, catalogue=CATALOGUE)

    return made


def bare():
    return load(TOWN, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=["days=3", "burn_in_days=2"])


def test_those_who_live_near_know_the_place_from_the_first_day(read, town):
    before, after = new_state(bare(), town), new_state(read(), town)
    place = town.place_name.index(PLACE)
    x, y = town.place_xy_m()
    for table, slots in (("buyers", "known"), ("sellers", "spot")):
        home = getattr(after, table)["home"]
        near = np.hypot(x[home] - x[place], y[home] - y[place]) <= REACH_M
        knows = (getattr(after, table)[slots] == place).any(axis=1)
        assert knows[near].all()
        knew = (getattr(before, table)[slots] == place).any(axis=1)
        assert (knows == knew)[~near].all()
        assert not knew[near].all()
    mine = np.flatnonzero(knows_near(after, town, place))
    at = (after.buyers["known"][mine] == place).argmax(axis=1)
    for band in range(N_BANDS):
        np.testing.assert_array_equal(after.buyers["avail"][mine, at * N_BANDS + band], 0.7)


def knows_near(st, town, place):
    x, y = town.place_xy_m()
    home = st.buyers["home"]
    return np.hypot(x[home] - x[place], y[home] - y[place]) <= REACH_M


def test_nobody_knows_a_place_twice(read, town):
    known = new_state(read(), town).buyers["known"]
    kept = np.sort(known, axis=1)
    assert not ((kept[:, 1:] == kept[:, :-1]) & (kept[:, 1:] != NOBODY)).any()


def test_a_place_goes_where_it_stands_else_first_free_else_last():
    kept = np.array([[5, 7, 1, 2, 3], [5, NOBODY, NOBODY, 2, 3], [1, 2, 3, 4, 5]])
    assert _slot(kept, np.array([7, 9, 9])).tolist() == [1, 1, 4]


def test_it_is_only_a_beginning(read, town):
    """Who goes there and finds nobody learns: after a month fewer hold the belief as firmly as on the first day."""
    from odssim.engine.run import Run
    from odssim.observe.recorder import Recorder

    scenario = read("place,confidence\nWest Halt,1\n")
    state = new_state(scenario, town)
    place = town.place_name.index("West Halt")
    run = Run(scenario, town, state, Recorder())
    first = firm(run.state, place)
    run.run_to_day(30)
    assert firm(run.state, place) < 0.95 * first


def firm(st, place):
    row, slot = np.nonzero(st.buyers["known"] == place)
    return int((st.buyers["avail"][row, slot * N_BANDS] > 0.9).sum())


def test_the_file_decides_the_hash_and_the_stored_burn_in(read, town):
    one = read()
    other = read("place,confidence\nMarket Square,0.8\n")
    assert len({bare().content_hash, one.content_hash, other.content_hash}) == 3
    again = read()
    assert past_key(again, town) != past_key(bare(), town)


def test_every_output_says_user_supplied_and_none_holds_the_file(read, tmp_path, capsys):
    read("place,confidence\nMarket Square,0.123456\n")
    out = tmp_path / "out"
    assert call("run", str(tmp_path / "town.toml"), "--out", str(out)) == 0
    assert capsys.readouterr().out.startswith("Initial beliefs are user-supplied")
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert record["scenario"]["known_activity"] == "user-supplied"
    assert record["scenario"]["name"].endswith("(initial beliefs user-supplied)")
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["user_supplied"]["value"] == 1
    for name in ("outcomes", "places", "indicators"):
        assert pq.read_schema(out / f"{name}.parquet").metadata[b"user_supplied"]
    assert call("report", str(out)) == 0
    assert call("replay", str(out)) == 0
    for path in out.iterdir():
        assert b"0.123456" not in path.read_bytes()
        if path.suffix == ".html":
            assert "user-supplied" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("place\nMarket Sqare\n", r"known\.csv:2: place = 'Market Sqare'.*did you mean 'Market Square'"),
        ("where\nx\n", "must have rows with place, or with lat and lon"),
        ("place,confidence\nMarket Square,2\n", r"known\.csv:2: confidence = '2': must be between 0 and 1"),
        ("lat,lon\n18.07,59.3\n", r"known\.csv:2: .*outside the city's places"),
        ("place,personnummer\nMarket Square,1\n", "looks like personal identity numbers"),
    ],
)
def test_a_wrong_row_is_told(read, town, rows, words):
    scenario = read(rows)
    with pytest.raises(ScenarioError, match=words):
        read_known(scenario.known_activity, town)


def test_a_wrong_row_is_told_before_anything_is_planned(read, tmp_path):
    read("place,confidence\nMarket Square,2\n")
    (tmp_path / "study.toml").write_text('name = "S"\nscenario = "town.toml"\n', encoding="utf-8")
    (tmp_path / "design.toml").write_text(edited(world='kind = "engine"\nscenario = "town.toml"'), encoding="utf-8")
    for load_it, file in ((load_study, "study.toml"), (load_design, "design.toml"), (read_scenario, "town.toml")):
        with pytest.raises(ScenarioError, match=r"known\.csv:2: confidence = '2': must be between 0 and 1"):
            load_it(str(tmp_path / file))


def test_a_missing_file_is_told(read, tmp_path):
    read()
    (tmp_path / "known.csv").unlink()
    with pytest.raises(ScenarioError, match=r'town\.toml:4: known_activity = "known\.csv": no such file'):
        load(tmp_path / "town.toml", parameters=PARAMETERS, catalogue=CATALOGUE)
