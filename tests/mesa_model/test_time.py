"""The engine follows Mesa's clock, however time is spent."""

from __future__ import annotations

import pickle
from copy import deepcopy

import numpy as np
import pytest
from mesa.experimental.mesa_signals import ObservableSignals
from mesa.time import Schedule

from odssim.engine.model import OpenDrugSceneModel
from odssim.engine.run import run_scenario
from odssim.interventions import CATALOGUE
from odssim.observe.outcomes import OUTCOMES
from odssim.scenario import load

from .conftest import DAYS, Town
from .same import differing_columns

MINUTE = 1 / 1440
PIECES = {
    "run_until": [("run_until", DAYS)],
    "halves": [("run_for", 0.5)] * (2 * DAYS),
    "odd pieces": [("run_for", 0.37), ("run_until", 1.0), ("run_for", 1.63), ("run_until", DAYS)],
    "steps and pieces": [("step",), ("run_for", 0.25), ("run_for", 1.75), ("step",)],
}


@pytest.mark.parametrize("pieces", PIECES.values(), ids=PIECES)
def test_any_chopping_of_time_is_the_same_run(town: Town, finished: OpenDrugSceneModel, pieces: list[tuple]):
    model = town()
    for name, *length in pieces:
        getattr(model, name)(*length)
    assert model.time == DAYS
    assert differing_columns(model, finished) == []
    frames = [m.datacollector.get_model_vars_dataframe() for m in (model, finished)]
    assert frames[0].equals(frames[1])


def test_a_day_in_1440_pieces_is_one_step(town: Town):
    stepped, chopped = town(), town()
    stepped.step()
    for _ in range(1440):
        chopped.run_for(MINUTE)
    assert chopped.time < 1.0, "the pieces add up to a little less; else this test shows nothing"
    assert differing_columns(chopped, stepped) == []
    for model in (stepped, chopped):
        model.run_until(2.0)
    assert differing_columns(chopped, stepped) == []
    frames = [m.datacollector.get_model_vars_dataframe() for m in (stepped, chopped)]
    assert len(frames[0]) == 2
    assert frames[0].equals(frames[1])


class Watch:
    """Notes the engine's minute when it is called."""

    def __init__(self, model: OpenDrugSceneModel) -> None:
        self.model = model
        self.minutes: list[int] = []

    def look(self, _signal: object = None) -> None:
        self.minutes.append(self.model.engine.clockwork.now)


def test_scheduled_events_see_their_minute(town: Town):
    model = town()
    watch = Watch(model)
    for hour in (3.25, 30.0, 24.0):
        model.schedule_event(watch.look, at=hour / 24)
    model.schedule_recurring(watch.look, Schedule(interval=0.5, start=1.75))
    model.run_until(2.5)
    assert watch.minutes == [195, 1440, 1800, 2520, 3240]


def test_who_listens_to_the_clock_sees_the_minute_reached(town: Town):
    model = town()
    watch = Watch(model)
    model.observe("time", ObservableSignals.CHANGED, watch.look)
    model.run_until(0.5)
    model.step()
    assert watch.minutes == [720, 1440, 2160]


def test_it_stops_when_the_scenario_ends(finished: OpenDrugSceneModel, town: Town):
    assert not finished.running
    model = town()
    model.run_model()
    assert model.time == DAYS
    assert str(model.today) == "2018-01-05"


PATROL = """\
name = "Town"
city = "teaching-town"
start_date = 2018-01-01
days = 3
burn_in_days = 2
[[interventions]]
id = "patrol"
type = "hot_spot_patrol"
places = { type = "metro" }
visits_per_day = 3
"""


@pytest.fixture
def patrol_file(tmp_path, monkeypatch) -> str:
    monkeypatch.setenv("ODSSIM_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "patrol.toml"
    path.write_text(PATROL, encoding="utf-8")
    return str(path)


def test_it_is_the_run_of_the_command_line(patrol_file: str):
    from odssim.engine.build import PARAMETERS

    scenario = load(patrol_file, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=["seed=7"])
    result = run_scenario(scenario)
    model = OpenDrugSceneModel(patrol_file, rng=7)
    day_values = []
    for _ in range(scenario.days):
        model.step()
        day_values.append({outcome: getattr(model, outcome) for outcome in OUTCOMES})
    ours = model.result()
    assert result.city_series["visits"].sum() > 20
    for outcome in OUTCOMES:
        np.testing.assert_array_equal(ours.city_series[outcome], result.city_series[outcome], err_msg=outcome)
        of_days = [values[outcome] for values in day_values]
        np.testing.assert_array_equal(of_days, result.city_series[outcome], err_msg=outcome)
    assert ours.process == result.process


@pytest.mark.parametrize("copied", [deepcopy, lambda model: pickle.loads(pickle.dumps(model))], ids=["deepcopy", "pickle"])
def test_a_copy_made_in_the_middle_goes_on_alike(patrol_file: str, copied):
    model = OpenDrugSceneModel(patrol_file, rng=7)
    model.run_until(1.4)
    assert model.grid.nuisance.data.shape == (40, 40)
    views = model.agents.to_list()
    twin = copied(model)
    assert twin.state is not model.state
    assert twin.agents.to_list()[0].model is twin
    assert views[0].model is model
    for each in (model, twin):
        each.run_until(3.0)
    assert differing_columns(model, twin) == []
    frames = [m.datacollector.get_model_vars_dataframe() for m in (model, twin)]
    assert len(frames[0]) == 3
    assert frames[0].equals(frames[1])
    assert model.result().process == twin.result().process


def test_two_models_alive_do_not_disturb_each_other(town: Town, finished: OpenDrugSceneModel):
    one, other = town(), town(rng=4)
    for _ in range(DAYS):
        other.step()
        one.step()
    assert differing_columns(one, finished) == []
    assert "buyers.wallet" in differing_columns(one, other)


def test_the_engine_refuses_to_go_on_through_mesa_too(town: Town):
    from odssim.errors import EngineError

    model = town()
    model.state.clock["fault"] = 1
    with pytest.raises(EngineError):
        model.step()
    assert model.time == 0.0
