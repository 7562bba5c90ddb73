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
    "hot_spot_patrol": 'resources = "from_baseline"',
    "fifteen_minute_patrol": 'resources = "added"\nhours = [0, 24]\nvisits_per_day = 24',
    "cameras": "coverage = 1.0",
    "seizures_street": "stash_find = 0.9",
    "civil_presence": 'weekdays = "all"',
    "seizures_border": "extra_share = 0.5",
}
"""What makes an entry of the catalogue felt within a few days."""


def intervention(kind: str, *, dose: float = 1.0) -> str:
    """Return the table of one intervention that begins on day `START_DAY` everywhere."""
    places = "" if CATALOGUE[kind].lever == "interception" else "places = { every = true }"
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
