"""A town without and with far more police, run once and looked at by many tests."""

from __future__ import annotations

from pathlib import Path

from odssim.engine.build import PARAMETERS
from odssim.engine.run import run_pair
from odssim.interventions import CATALOGUE
from odssim.observe.result import RunResult
from odssim.scenario import Scenario, load

HEAD = """\
name = "Town"
city = "teaching-town"
start_date = 2018-01-01
days = 100
burn_in_days = 120
population_multiplier = 8.0
seed = 3
"""
PATROL = """
[[interventions]]
id = "patrol"
type = "fifteen_minute_patrol"
start = 2018-02-01
places = { rank = "open_deals", top = 4 }
resources = "added"
visits_per_day = 8
"""
START_DAY = 31


def read(folder: Path, text: str) -> Scenario:
    """Return the scenario that `text` describes."""
    path = folder / "town.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, parameters=PARAMETERS, catalogue=CATALOGUE)


def two_worlds(folder: Path) -> tuple[RunResult, RunResult]:
    """Return the town without and with the patrol."""
    base, patrolled = run_pair(read(folder, HEAD), [read(folder, HEAD + PATROL)], seed=3)
    return base, patrolled
