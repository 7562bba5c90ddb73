"""The numbers that are kept: some thirty measures of two short runs, and a digest of every column at start and end."""

from __future__ import annotations

import platform
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numba
import numpy as np

from odssim.engine.build import PARAMETERS
from odssim.engine.run import Run, checked_city, new_state
from odssim.interventions import CATALOGUE
from odssim.observe.recorder import Recorder
from odssim.scenario import Scenario, load
from odssim.world.state import State

FILE = Path(__file__).parent / "golden.json"
SEEDS = (1, 2, 3, 4, 5)
"""The first is compared; all of them give the spread between seeds."""
TABLES = ("buyers", "sellers", "places", "units", "importers", "wholesalers", "programmes")
MEASURES = (
    "open_deals", "grams", "turnover_sek", "meetings", "blocked_offender", "failed_visits", "wait_min",
    "crowd_min", "seller_min", "visits", "police_min", "stops", "recorded_possession", "recorded_use", "needs",
    "choices", "hidden_deals", "hidden_grams", "hidden_turnover_sek", "failed_needs", "forgone_needs",
    "own_stock_needs", "merged_needs", "buyers_active", "sellers_active", "quits", "first_users", "imported_g",
    "consumed_g", "nuisance", "price_cannabis_sek", "price_cv_cannabis",
)  # fmt: skip
HEAD = """\
name = "Golden"
city = "teaching-town"
start_date = 2018-02-10
days = 21
burn_in_days = 28
population_multiplier = 4.0
"""
PATROL = """
[[interventions]]
id = "patrol"
type = "fifteen_minute_patrol"
places = { rank = "open_deals", top = 5 }
resources = "added"
visits_per_day = 8
"""
TEXTS = {"town": HEAD, "town_with_patrol": HEAD + PATROL}


def scenario(name: str, folder: Path) -> Scenario:
    """Return one of the two scenarios, written to and read from `folder`."""
    path = folder / f"{name}.toml"
    path.write_text(TEXTS[name], encoding="utf-8")
    return load(path, parameters=PARAMETERS, catalogue=CATALOGUE)


def digest(content: bytes) -> str:
    """Return a short hash."""
    return blake2b(content, digest_size=8).hexdigest()


def columns(st: State, when: str) -> dict[str, str]:
    """Return a digest per column of every agent ("start buyers.rate"), whatever the order of the columns in storage."""
    return {
        f"{when} {table}.{column}": digest(np.ascontiguousarray(getattr(st, table)[column]).tobytes())
        for table in TABLES
        for column in sorted(getattr(st, table).dtype.names)
    }


def measured(one: Scenario, seed: int) -> tuple[dict[str, float], dict[str, str]]:
    """Run a scenario from its first minute; return its measures and the digests of its first and final columns."""
    one = replace(one, seed=seed)
    city = checked_city(one)
    state = new_state(one, city)
    start = columns(state, "start")
    run = Run(one, city, state, Recorder())
    run.run_to_day(one.burn_in_days + one.days)
    summary = run.result().summary
    return {name: summary[name]["value"] for name in MEASURES}, start | columns(run.state, "end")


def differing(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Return the columns whose digests differ, those of the start first."""
    return [name for name in new if old.get(name) != new[name]]


def machine() -> str:
    """Return what may change the last bit of a result."""
    libc = "-".join(platform.libc_ver())
    return f"{platform.system()} {platform.machine()} {libc} numba {numba.__version__} numpy {np.__version__}"


def spread(values: list[float]) -> float:
    """Return the standard deviation between seeds."""
    return float(np.std(values, ddof=1))


def refusals(values: dict[str, list[float]]) -> list[str]:
    """Return why measures may not be kept: a golden number that cannot change guards nothing."""
    faults = []
    for name, series in values.items():
        if not np.isfinite(series).all():
            faults.append(f"{name} is not a number")
        elif not np.any(series):
            faults.append(f"{name} is nought with every seed")
        elif spread(series) == 0.0:
            faults.append(f"{name} is the same with every seed")
    return faults


def numbers_change(changelog: str) -> list[str]:
    """Return the entries of a changelog that are marked as changing numbers."""
    lines = (line.strip().removeprefix("- ") for line in changelog.splitlines() if line.strip().startswith("- "))
    return [line for line in lines if line.startswith("**Numbers change**")]


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return a line per measure that differs: old, new, difference in standard deviations between seeds."""
    lines = []
    for name, row in new.items():
        before = old.get(name)
        if before is None:
            lines.append(f"{name}: new, {row['value']:.6g}")
        elif before["value"] != row["value"]:
            change = (row["value"] - before["value"]) / row["sd"]
            lines.append(f"{name}: {before['value']:.6g} -> {row['value']:.6g} ({change:+.2f} sd)")
    return lines
