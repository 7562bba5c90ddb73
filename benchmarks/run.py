"""Measure speed and memory, print a table and write `latest.json` beside this file.

All times are CPU seconds of one core, compilation excluded; rivals are measured in turns within this run
and ratios are medians. Progress goes to standard error. `--quick` measures a little of everything and
writes nothing.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import floor
import measure
from rich.console import Console
from rich.table import Table

LATEST = Path(__file__).parent / "latest.json"
NOTES = (
    "CPU seconds of one core; compilation is done before and stated apart; no stored burn-in is read.",
    "speedup_over_reference: market events per second of the engine over those of the plain Mesa twin of"
    " tests/reference (event-driven, one object per agent, the same compiled draws), on the burnt-in teaching"
    " town, both with the event log on; the runs are checked to be equal event by event.",
    "Market events: needs, choices, waits, meetings and deals, open and hidden.",
    "events_per_second: one year of stockholm-city after a burn-in of one year, recording included.",
    "county_year_seconds: the same for stockholm-county; its burn-in of a year is burn_in_seconds.",
    "bytes_per_buyer: all arrays of the state at twice the population less those at once, per buyer.",
    "events_exponent: slope of log time against log market events, stockholm-city at a quarter, 1 and 4 times"
    " its population; _town: teaching town at 1, 4 and 16 times (there a day's fixed work weighs more).",
    "compile_seconds: by the wall clock; about a second where the compiled engine was found in its folder.",
    "empty_intervention_list_cost: a run with no interventions over clockwork and recorder alone.",
    "mesa_overhead: steps of OpenDrugSceneModel with its data collector over the same days of a bare run.",
    "floor_ratio: a race among five options in Numba over the same in C (gcc -O3), same draws and winners.",
)
UNITS = {
    "speedup_over_reference": "x", "events_per_second": "1/s", "bytes_per_buyer": "B",
    "city_year_seconds": "s", "city_burn_in_seconds": "s", "county_year_seconds": "s", "burn_in_seconds": "s",
    "events_exponent": "", "events_exponent_town": "", "empty_intervention_list_cost": "x",
    "mesa_overhead": "x", "mesa_overhead_town": "x", "floor_ratio": "x", "compile_seconds": "s",
}  # fmt: skip


def say(text: str) -> None:
    """Tell what is being measured, on standard error."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def measure_all(quick: bool) -> dict[str, Any]:
    """Return every number, in the order in which they are shown."""
    year, turns = (20, 3) if quick else (365, 7)
    say("compiling, or loading what was compiled before")
    numbers: dict[str, Any] = {"compile_seconds": measure.compile_engine()}
    say("teaching town: the engine and its plain Mesa twin in turns")
    numbers |= measure.speedup(burn_in_days=20 if quick else 182, days=2 if quick else 10, turns=turns)
    say("stockholm-city at a quarter, 1 and 4 times its population")
    slope, points = measure.exponent("stockholm-city", (0.25, 1.0, 4.0), days=2 if quick else 8, turns=turns)
    numbers |= {"events_exponent": slope, "events_exponent_points": points}
    say("teaching town at 1, 4 and 16 times its population")
    slope, points = measure.exponent("teaching-town", (1.0, 4.0, 16.0), days=10 if quick else 60, turns=turns)
    numbers |= {"events_exponent_town": slope, "events_exponent_town_points": points}
    say("stockholm-city: bytes per buyer")
    numbers |= measure.memory()
    say(f"stockholm-city: {year} days of burn-in, then {year} days")
    city, numbers_city = measure.years("stockholm-city", year)
    numbers |= {"events_per_second": numbers_city["events_per_second"]}
    numbers |= {"city_year_seconds": numbers_city["run"], "city_burn_in_seconds": numbers_city["burn_in"]}
    say("stockholm-city: what an empty list of interventions costs")
    numbers |= measure.empty_list(city, days=2 if quick else 8, turns=turns)
    say("Mesa's clock, steps and data collector")
    numbers["mesa_overhead"] = measure.mesa_overhead("stockholm-city", days=2 if quick else 8, turns=turns)
    numbers["mesa_overhead_town"] = measure.mesa_overhead("teaching-town", days=60, turns=turns)
    say(f"stockholm-county: {year} days of burn-in, then {year} days")
    _, numbers_county = measure.years("stockholm-county", year)
    numbers |= {"county_year_seconds": numbers_county["run"], "burn_in_seconds": numbers_county["burn_in"]}
    say("one race among five options, in Numba and in C")
    numbers |= floor.compare(turns)
    return numbers


def show(numbers: dict[str, Any]) -> None:
    """Print the table."""
    table = Table(title="odssim benchmark")
    for heading, side in (("measure", "left"), ("value", "right"), ("unit", "left")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for name, unit in UNITS.items():
        value = numbers.get(name)
        table.add_row(name, f"{value:,.4g}" if isinstance(value, float) else str(value), unit)
    Console().print(table)


def main() -> None:
    """Measure, show, write."""
    quick = "--quick" in sys.argv[1:]
    started = time.perf_counter()
    numbers = measure_all(quick)
    numbers |= {"versions": measure.versions(), "notes": list(NOTES)}
    show(numbers)
    if not quick:
        LATEST.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")
        say(f"written: {LATEST.name}")
    say(f"done in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
