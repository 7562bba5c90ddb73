"""Short scenarios of the teaching town, without and with interventions, and what their runs leave on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from odssim.engine.build import PARAMETERS
from odssim.interventions import CATALOGUE
from odssim.observe.result import RunResult
from odssim.observe.write import write_run
from odssim.scenario import Scenario, load

DAYS, BURN_IN = 8, 6
HEAD = f"""\
name = "Town"
city = "teaching-town"
start_date = 2018-01-01
days = {DAYS}
burn_in_days = {BURN_IN}
seed = 2
population_multiplier = 3.0
"""
START_DAY = 3
"""Day of the run on which the interventions begin."""
EXTRA = {
    "safety_walk": "lighting = 0.5\nupkeep = 0.5",
    "place_focus": "bonus = 1.0",
    "hot_spot_patrol": 'resources = "from_baseline"',
    "street_enforcement": 'resources = "added"\nstash_find = 0.9',
    "seizures_street": "stash_find = 0.9",
    "seizures_border": "extra_share = 0.5",
    "price_mapping": "rounds_year = 52",
    "scene_closure": "closed = 1.0",
    "fifteen_minute_patrol": 'resources = "added"\nhours = [0, 24]\nvisits_per_day = 24',
    "guards_and_hosts": 'resources = "added"\nhours = [0, 24]\nvisits_per_day = 24',
    "civil_presence": 'weekdays = "all"',
    "traffic_control": "traffic = 0.5",
    "cameras": "coverage = 1.0",
    "drug_dogs": 'resources = "added"\nstash_find = 0.95',
    "place_managers": "manager = 1.0\nlighting = 1.0",
    "upkeep": "upkeep = 1.0\nlighting = 1.0",
    "inform_owners": "manager = 0.5",
    "concern_talks": "first_use = 0.2\nyoung_sellers = 0.3",
    "home_visits": "first_use = 0.2\nescalation = 0.2",
    "concern_reports": "first_use = 0.1",
    "young_at_risk": "first_use = 0.2\nyoung_sellers = 0.3",
    "social_teams_youth": "escalation = 0.2\nyoung_sellers = 0.3",
    "exit_programme": "exits_year = 2000.0",
    "compulsory_care": "compulsory_year = 5000.0",
    "mumin": "first_use = 0.1\nescalation = 0.3",
    "smadit": "referral = 0.4",
    "joint_outreach": 'weekdays = "all"\nhours = [0, 24]\nvisits_per_day = 12\nresources = "added"',
    "reach_women": "women_reach = 1.0\nacceptance = 0.3",
    "treatment_capacity": "care_places = 50000",
    "target_list": "target_list = 2000",
    "probation_policy": "custody = 0.6",
    "tip_line": "tip_line = 0.5",
    "buyer_letters": "letters = 1.0",
    "agreement": "bonus = 1.0",
}
"""What makes an entry of the catalogue felt within a few days."""


def intervention(kind: str, *, dose: float = 1.0) -> str:
    """Return the table of one intervention that begins on day `START_DAY` everywhere."""
    places = "places = { every = true }" if CATALOGUE[kind].targets_places else ""
    start = f"start = 2018-01-{START_DAY + 1:02d}"
    return f'[[interventions]]\nid = "it"\ntype = "{kind}"\n{start}\ndose = {dose}\n{places}\n{EXTRA[kind]}\n'


def scenario(folder: Path, text: str = "", *overrides: str) -> Scenario:
    """Return the town's scenario with `text` below its head."""
    path = folder / "town.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load(path, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=overrides)


def files(result: RunResult, folder: Path) -> dict[str, bytes]:
    """Write a run and return its tables, byte for byte."""
    write_run(result, folder)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


def rows_but_process(folder: Path) -> Any:
    """Return the outcome table of a written run without the rows of the interventions' own process."""
    table = pq.read_table(folder / "outcomes.parquet")
    for name in ("place", "outcome", "unit"):
        i = table.schema.get_field_index(name)
        table = table.set_column(i, name, pc.cast(table[name], "string"))
    return table.filter(pc.invert(pc.starts_with(table["outcome"], "process.")))
