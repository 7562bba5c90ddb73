"""Every scenario of the teaching town runs, and its headline can be said."""

from dataclasses import replace
from pathlib import Path

import pytest

from odssim.engine.build import PARAMETERS
from odssim.engine.run import run_scenario
from odssim.interventions import CATALOGUE
from odssim.report.run.headline import headline
from odssim.scenario import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
TOWN = sorted(path.name for path in SCENARIOS.glob("*-town.toml"))


def test_there_are_scenarios():
    assert len(TOWN) >= 5


@pytest.mark.parametrize("name", TOWN)
def test_a_shipped_scenario_speaks(name: str):
    overrides = () if name == "teaching-town.toml" else ("days=50",)
    scenario = load(SCENARIOS / name, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=overrides)
    result = run_scenario(replace(scenario, population_multiplier=1.0, days=min(50, scenario.days)))
    said = headline(result)
    assert len(said) >= 5
    for spec in scenario.interventions:
        assert any(spec.id in sentence for sentence in said)
