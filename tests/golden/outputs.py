"""Digests of all that a run writes: `python tests/golden/outputs.py` prints them, to be compared between processors."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from golden.measure import HEAD, PATROL, columns, digest
from odssim.engine.build import PARAMETERS
from odssim.engine.run import Run, checked_city, new_state
from odssim.interventions import CATALOGUE
from odssim.observe.recorder import Recorder
from odssim.observe.write import write_run
from odssim.scenario import load

OBSERVED = """
[[interventions]]
id = "asked"
type = "price_mapping"
places = { rank = "open_deals", top = 3 }

[[interventions]]
id = "filmed"
type = "cameras"
places = { rank = "open_deals", top = 3 }
"""
TEXT = HEAD.replace("days = 21\nburn_in_days = 28", "days = 182\nburn_in_days = 7") + PATROL + OBSERVED
"""Longer than half a year: every instrument has a reading."""


def outputs() -> dict[str, str]:
    """Return a digest per column at the start and at the end, and per column of every table written."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "town.toml"
        path.write_text(TEXT, encoding="utf-8")
        one = load(path, parameters=PARAMETERS, catalogue=CATALOGUE)
        city = checked_city(one)
        run = Run(one, city, new_state(one, city), Recorder())
        found = columns(run.state, "start")
        run.run_to_day(one.burn_in_days + one.days)
        found |= columns(run.state, "end")
        folder = Path(name) / "run"
        write_run(run.result(), folder)
        for file in sorted(folder.glob("*.parquet")):
            table = pq.read_table(file)
            found |= {f"{file.stem}.{c}": digest(repr(table[c].to_pylist()).encode()) for c in table.column_names}
        return found | {"summary": digest((folder / "summary.json").read_bytes())}


if __name__ == "__main__":
    print(json.dumps(outputs()))
