"""Random corners of all that a scenario may set: every number at its lowest, middle or highest value.

The tests try ten; `make corners` tries two hundred (`PYTHONPATH=tests python -m properties.corners FIRST LAST`).
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from odssim.engine.build import PARAMETERS
from odssim.interventions import CATALOGUE
from odssim.observe.write import write_run
from odssim.scenario import Scenario
from odssim.world.columns import SUBSTANCES
from odssim.world.state import State
from properties.books import run_with_books
from properties.invariants import assert_sound
from properties.town import everything_on, fresh_run

DAYS, BURN_IN_DAYS = 6, 2
ROOM = 4
"""How many times a whole number must fit into its storage."""
TABLES = ("buyers", "sellers", "places", "visits", "units", "programmes", "importers", "wholesalers")


def overrides(random: np.random.Generator, folder: Path) -> Iterator[str]:
    """Yield the settings of a random corner, as for ``--set``."""
    for parameter in PARAMETERS:
        values = {name: one_of(random, parameter.low, parameter.high) for name in parameter.ids}
        if parameter.weights:
            values = {name: value or parameter.high / 2 for name, value in values.items()}  # nobody may have all at 0
        yield from (f"parameters.{name}={value!r}" for name, value in values.items())
    for spec in everything_on(folder).interventions:
        entry = CATALOGUE[spec.type]
        for option in entry.options:
            if option.kind in ("int", "float") and entry.lever != "visits":  # visits must fit into their hours
                value = one_of(random, option.low or 0.0, option.high or 1.0)
                yield f"interventions.{spec.id}.{option.id}={round(value) if option.kind == 'int' else value}"
    substances = [name for name in SUBSTANCES if random.random() < 0.8] or ["heroin"]
    yield f"substances={substances!r}"
    yield f"population_multiplier={random.choice([0.2, 0.5, 1.0, 3.0])}"
    yield f"days={DAYS}"
    yield f"burn_in_days={BURN_IN_DAYS}"
    yield f"seed={random.integers(2**31)}"


def one_of(random: np.random.Generator, low: float, high: float) -> float:
    """Return the lowest, the middle or the highest value."""
    return float(random.choice([low, (low + high) / 2, high]))


def assert_whole_numbers_have_room(st: State) -> None:
    """Assert that no whole number comes near the end of its storage, where it would turn round; names may."""
    for table in TABLES:
        rows = getattr(st, table)
        for name in set(rows.dtype.names) - {"uid"}:
            if rows[name].dtype.kind == "i" and rows[name].dtype.itemsize > 1 and len(rows):
                most = max(abs(int(rows[name].min())), abs(int(rows[name].max())))
                assert most <= np.iinfo(rows[name].dtype).max // ROOM, (table, name, most)


def assert_sound_with_room(st: State) -> None:
    """A state is sound, and no whole number in it is near the end of its storage."""
    assert_sound(st)
    assert_whole_numbers_have_room(st)


def run_and_check(scenario: Scenario, folder: Path) -> State:
    """Run a scenario without a warning, books and state checked each noon and midnight, and write its files."""
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        run = fresh_run(scenario)
        run_with_books(run, assert_sound_with_room)
        write_run(run.result(), folder / "run")
        return run.state


def run_corner(number: int, folder: Path) -> None:
    """Run corner `number`."""
    settings = list(overrides(np.random.default_rng(number), folder))
    run_and_check(everything_on(folder, *settings), folder)


def main(first: int, last: int) -> None:
    """Run corners `first` to `last` - 1; the first fault ends it, after the corner's number."""
    for number in range(first, last):
        print(number, end=" ", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            run_corner(number, Path(folder))
    print("- all balanced")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
