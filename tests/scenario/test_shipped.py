"""Scenarios travel: found by name from any folder; a file beside wins; the city says how many buyers there are."""

import subprocess
import sys

import pytest

from odssim.engine.build import PARAMETERS
from odssim.errors import ScenarioError
from odssim.interventions import CATALOGUE
from odssim.scenario import load
from odssim.scenario.command import file_of
from odssim.scenario.shipped import ROOMS, shipped_folder
from odssim.studies.study import load_study


def read(name, *overrides):
    return load(name, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=overrides)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_shipped_file_is_found_by_name():
    for file in (shipped_folder() / "scenarios").glob("*.toml"):
        assert read(file.stem).files[-1] == read(file.name).files[-1] == str(file)
        assert file_of(read(file.stem)) == file.stem, "the printed command works from here"
    assert load_study("mixes-stockholm").scenario.name == "stockholm-city.toml"
    assert len(list(shipped_folder().glob("*/*.toml"))) >= 40
    assert all((shipped_folder() / room).is_dir() for room in ROOMS)


def test_own_files_extend_shipped_ones(elsewhere):
    (elsewhere / "own.toml").write_text('name = "own"\nextends = "stockholm-city.toml"\ndays = 9\n')
    scenario = read("own")
    assert (scenario.city, scenario.days, scenario.burn_in_days) == ("stockholm-city", 9, 365)
    assert file_of(scenario) == "own.toml"


def test_a_file_in_the_working_folder_wins(elsewhere):
    text = 'name = "mine"\ncity = "teaching-town"\nstart_date = 2018-01-01\ndays = 3\n'
    (elsewhere / "stockholm-city.toml").write_text(text)
    assert read("stockholm-city").name == read("stockholm-city.toml").name == "mine"
    (elsewhere / "own.toml").write_text('name = "own"\nextends = "stockholm-city.toml"\n')
    assert read("own.toml").city == "teaching-town"


@pytest.mark.parametrize(("name", "hint"), [("stokholm-city", "stockholm-city"), ("hot-spot-twn.toml", "hot-spot-town")])
def test_the_nearest_name_is_hinted(name, hint):
    with pytest.raises(ScenarioError, match=hint):
        read(name)
    with pytest.raises(ScenarioError, match="no such file"):
        read(f"folder/{hint}.toml")


@pytest.mark.parametrize(("city", "multiplier"), [("teaching-town", 8), ("stockholm-city", 1), ("stockholm-county", 1)])
def test_the_population_multiplier_is_the_citys(elsewhere, city, multiplier):
    (elsewhere / "own.toml").write_text(f'name = "own"\ncity = "{city}"\nstart_date = 2018-01-01\ndays = 3\n')
    assert read("own.toml").population_multiplier == multiplier
    assert read("own.toml", "population_multiplier=2").population_multiplier == 2
    assert read(city).population_multiplier == multiplier


def test_a_run_from_anywhere(elsewhere):
    words = ("run", "teaching-town", "--days", "1", "--set", "burn_in_days=0")
    done = subprocess.run([sys.executable, "-m", "odssim", *words], capture_output=True, text=True, check=True)
    assert "modelled" in done.stdout
    assert (elsewhere / "results" / "teaching-town" / "run.json").exists()
