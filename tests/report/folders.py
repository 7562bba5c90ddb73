"""Folders of the teaching town, written once: a run with a patrol, a comparison of two mixes with it."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from odssim.__main__ import main

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHORT = ("--days", "24", "--set", "burn_in_days=8", "--set", "interventions.patrol.start=2018-01-09",
         "--set", "interventions.patrol.places.at=2018-01-08")  # fmt: skip
"""A patrol from day 9 on in 24 days."""


MADE = TemporaryDirectory()
"""Vanishes when the tests end."""


def call(*arguments: str) -> int:
    """Run the command line; return its exit code."""
    before, sys.argv = sys.argv, ["odssim", *arguments]
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    finally:
        sys.argv = before
    return 0


@cache
def town_run() -> Path:
    """Return the folder of a run."""
    folder = Path(MADE.name) / "run"
    assert call("run", str(SCENARIOS / "fifteen-minute-town.toml"), *SHORT, "--out", str(folder)) == 0
    return folder


@cache
def town_comparison() -> Path:
    """Return the folder of a comparison: the town against a patrol and against cameras there."""
    made = Path(MADE.name) / "mixes"
    made.mkdir()
    base = f'extends = "{SCENARIOS / "teaching-town.toml"}"\ndays = 24\nburn_in_days = 8\n'
    places = 'start = 2018-01-05\nplaces = { names = ["Central", "Southgate"] }\n'
    (made / "base.toml").write_text(f'name = "As it is"\n{base}', encoding="utf-8")
    for name, kind in (("Patrol", "hot_spot_patrol"), ("Cameras & <signs>", "cameras")):
        text = f'name = "{name}"\n{base}[[interventions]]\nid = "one"\ntype = "{kind}"\nresources = "added"\n{places}'
        (made / f"{kind}.toml").write_text(
            text.replace('resources = "added"\n', "") if kind == "cameras" else text, encoding="utf-8"
        )
    files = [str(made / f"{name}.toml") for name in ("base", "hot_spot_patrol", "cameras")]
    assert call("compare", *files, "--seeds", "3", "--out", str(made / "out")) == 0
    return made / "out"


@cache
def town_study() -> tuple[Path, Path]:
    """Return the file and the store of a study: no patrol, one and two visits a day, in three worlds."""
    file, store = Path(MADE.name) / "doses.toml", Path(MADE.name) / "doses.sqlite"
    file.write_text(STUDY, encoding="utf-8")
    assert call("batch", str(file), "--store", str(store), "--workers", "1") == 0
    return file, store


STUDY = f"""
name = "Doses & worlds"
scenario = "{SCENARIOS / "teaching-town.toml"}"
replicates = 1
set = {{ days = 16, burn_in_days = 6, population_multiplier = 2 }}
window = {{ first = 2018-01-06, last = 2018-01-16 }}
[worlds]
method = "latin_hypercube"
n = 3
[worlds.parameters]
"detection.conceal" = {{ low = 0.3, high = 0.9 }}
[[mixes]]
id = "visits"
[[mixes.interventions]]
id = "patrol"
type = "fifteen_minute_patrol"
start = 2018-01-05
places = {{ names = ["Central", "Southgate"] }}
resources = "added"
[sweep]
"interventions.patrol.visits_per_day" = {{ values = [0, 2, 4] }}
"""


@cache
def tried_designs() -> Path:
    """Return the folder of a search over four small designs."""
    file = Path(MADE.name) / "plan.toml"
    file.write_text(DESIGN, encoding="utf-8")
    out = Path(MADE.name) / "search"
    assert call("design", "search", str(file), "--worlds", "50", "--draws", "0", "--workers", "1", "--out", str(out)) == 0
    return out


DESIGN = """
[design]
id = "plan"
[world]
kind = "market"
seed = 3
[market]
effects = [0.0, 0.3, 0.6]
[data]
places = { treated = 6, control = 6, candidates = 24, buffer_m = [250] }
timing = { pre = 6, post = 6 }
[answer]
primary = "poisson_did"
[decision]
budget_sek = 900_000
place_sek = 5_000
[search]
places = [4, 6]
zones = [false, true]
"""
