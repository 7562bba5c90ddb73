"""What a study is: three separate axes (worlds, mixes, replicates) over one base scenario, and what is kept.

A run of a study is one (world, mix, replicate). Worlds say what is uncertain about the city, mixes what
is done about its scenes, replicates are chance. All worlds and mixes share the seeds of the replicates, so
that mixes are compared within (world, replicate): common random numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

from odssim.scenario.locate import Origin
from odssim.scenario.locate import Path as KeyPath

PARAMETER, OPTION = "p.", "o."
"""How a column begins that holds a parameter of worlds, or a key of a mix: o.patrol.visits_per_day, o.budget.police."""
STREAM_LENGTH = 100_000
"""Replicates that one random number stream has room for; more than a study may have."""
MOST_RUNS = 1_000_000
"""A study may have so many: its table of runs stays in memory."""
SEED_BITS = 48
"""Seeds stay below 2**48: a spreadsheet and Stata hold them exactly."""


@dataclass(frozen=True)
class World:
    """One set of values for what is uncertain."""

    id: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    """Values by parameter id; also the scenario's own numbers ``population_multiplier``, ``days`` and
    ``burn_in_days``. What is not named is as in the base scenario."""
    stream: int = 0
    """Its random number stream: replicate r is number STREAM_LENGTH * stream + r. Worlds of one stream share their
    random numbers, so that differences between them are paired; sensitivity designs give every block its own."""


@dataclass(frozen=True)
class Mix:
    """One set of interventions."""

    id: str
    scenario: Path | None = None
    """A scenario file of which the interventions and the budget are taken; None: the base scenario's."""
    interventions: tuple[Mapping[str, Any], ...] | None = None
    """Tables as in a scenario file. Without `scenario` they are the whole set, and none (``()``) is the
    baseline; with it they edit, add to or remove from that file's by id. None changes nothing."""
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Single keys set last: ``{"interventions.patrol.visits_per_day": 2}``, ``{"budget.police": 1e5}``."""
    swept: Mapping[str, Any] = field(default_factory=dict)
    """What sweeps have set, keys as in `overrides`; there too where it is not left out by `without`."""
    without: tuple[str, ...] = ()
    """Ids of interventions that are taken out last; what a sweep does with 0 where an option begins at 1."""
    at: KeyPath = field(default=("mixes",), repr=False, compare=False)
    """Where it stands in the study file, for messages."""

    @property
    def options(self) -> dict[str, Any]:
        """Single keys that set the mix apart from others, of sweeps or set by hand."""
        return {**self.overrides, **self.swept}


@dataclass(frozen=True)
class Study:
    """A checked study."""

    name: str
    scenario: Path
    """File of the base scenario."""
    worlds: tuple[World, ...] = (World("base"),)
    mixes: tuple[Mix, ...] = (Mix("base"),)
    n_replicates: int = 1
    seed: int = 1
    """Base of the replicates' seeds."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Keys set on the base scenario for all runs, dotted."""
    window: tuple[date, date] | None = None
    """First and last day of the means in the table of runs; None: the whole run."""
    period_days: int | None = None
    """Length of the periods of the table of places, counted from the window's first day; None: the window
    as one, 0: no rows per place."""
    place_days: bool = False
    """Also keep every place of every day."""
    pairs: tuple[tuple[str, str], ...] | None = None
    """The (world, mix) that are run, in place of all combinations; from a table of scenarios."""
    origins: Mapping[KeyPath, Origin] = field(default_factory=dict, repr=False, compare=False)
    """Where the study's keys were written, for messages."""

    @property
    def combinations(self) -> list[tuple[World, Mix]]:
        """Every (world, mix) that is run."""
        if self.pairs is None:
            return [(world, mix) for world in self.worlds for mix in self.mixes]
        worlds, mixes = {w.id: w for w in self.worlds}, {m.id: m for m in self.mixes}
        return [(worlds[world], mixes[mix]) for world, mix in self.pairs]

    @property
    def axes(self) -> list[tuple[str, str, str, Any]]:
        """Columns of every table: ("world" or "mix", its id, column, value or None), in the order of first appearance."""
        options = dict.fromkeys(key for mix in self.mixes for key in mix.options)
        return [
            *(("world", w.id, f"{PARAMETER}{key}", w.parameters.get(key)) for key in self.varied for w in self.worlds),
            *(("mix", m.id, f"{OPTION}{key.removeprefix('interventions.')}", m.options.get(key))
              for key in options for m in self.mixes),
        ]  # fmt: skip

    @property
    def n_runs(self) -> int:
        """Number of runs: combinations of world and mix, times replicates."""
        return len(self.combinations) * self.n_replicates

    @property
    def varied(self) -> tuple[str, ...]:
        """Ids of the parameters that some world sets, in the order of first appearance."""
        return tuple(dict.fromkeys(key for world in self.worlds for key in world.parameters))


def replicate_seed(base_seed: int, replicate: int) -> int:
    """Return the seed of a replicate (from 1): it depends on nothing else."""
    digest = blake2b(f"{base_seed}/{replicate}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> (64 - SEED_BITS)
