"""What a scenario is once it has been read and checked: frozen records with every default filled in.

These are what the engine reads. How a TOML file becomes one stands in `load`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from odssim.core import declare
from odssim.scenario.locate import Origin, Path

SUBSTANCES = declare.SUBSTANCES
CITY_FILES = ("areas", "places", "population", "lines", "water")
"""Keys of [city] that name a file."""
CITY_MULTIPLIER = {"stockholm-city": 1.0, "stockholm-county": 1.0, "teaching-town": 8.0}
"""Built-in cities, and the buyers that stand for one resident buyer where a scenario does not say; one's own city: 1."""
BUILT_IN_CITIES = tuple(CITY_MULTIPLIER)
PLACE_TYPES = declare.PLACE_TYPES
PAYERS = (
    "police", "customs", "prison_service", "municipality", "region", "public_transport", "companies",
    "owners", "rescue_service", "civil_society", "county_board",
)  # fmt: skip

TargetingKind = Literal["names", "rank", "type", "area", "near", "random", "every"]
OptionValue = bool | int | float | str | tuple[int, ...] | tuple[float, ...] | tuple[str, ...]
CityFiles = Mapping[str, str | int]

TARGETING_FIELDS: Mapping[TargetingKind, tuple[str, ...]] = {
    "names": ("names",),
    "rank": ("rank", "top", "at", "rerank_days", "within"),
    "type": ("type",),
    "area": ("area",),
    "near": ("place", "within_m"),
    "random": ("n", "within", "draw"),
    "every": (),
}
"""The fields of `Targeting` that each kind fills."""


@dataclass(frozen=True)
class Targeting:
    """Which places an intervention works at. Only the fields of its `kind` are filled."""

    kind: TargetingKind
    """``names``: `names`. ``rank``: the `top` places by outcome `rank` in the records up to `at`, again
    every `rerank_days` if that is given. ``type``: all places of a type. ``area``: all places of
    the districts `area`. ``near``: all places within `within_m` metres of `place`. ``random``: `n`
    places drawn with the key `draw`. ``every``: all places."""
    names: tuple[str, ...] = ()
    rank: str = ""
    top: int = 0
    at: date | None = None
    rerank_days: int | None = None
    within: tuple[str, ...] = ()
    """Districts to which ``rank`` or ``random`` is confined; empty means the whole city."""
    type: str = ""
    area: tuple[str, ...] = ()
    place: str = ""
    within_m: float = 0.0
    n: int = 0
    draw: int = 0


@dataclass(frozen=True)
class InterventionSpec:
    """One intervention as planned."""

    id: str
    type: str
    """The scenario's own label, and the catalogue's entry."""
    start: date
    end: date
    """First day, and the day after the last; `end` may lie beyond the run."""
    ramp_days: int
    """Days over which the dose rises evenly from nothing to `dose`."""
    dose: float
    """Share of the planned units, 0 to 1."""
    resources: Literal["from_baseline", "added"]
    """``from_baseline``: taken from what the payer does anyway; ``added``: paid on top."""
    payer: str
    places: Targeting | None
    options: Mapping[str, OptionValue]
    """The entry's own options, every default filled in: ranges as (low, high), times as ``"HH:MM"``."""
    delivery: float = 1.0
    """Share of what is planned that is carried out (illness, other orders), 0 to 1."""
    late_days: int = 0
    """Days from `start` in which nothing of the plan is carried out yet."""
    fade_weeks: float = 0.0
    """Weeks after which half of `delivery` is left, as zeal fades; 0: it never fades."""


@dataclass(frozen=True)
class Scenario:
    """One checked scenario. With `seed` it decides every byte of a run's tables."""

    name: str
    start_date: date
    days: int
    burn_in_days: int
    """Length of the run from `start_date`, and of the unrecorded time before it."""
    seed: int
    city: str | CityFiles
    """A built-in city's name, or own files by key (absolute paths; ``cell_m`` in metres)."""
    population_multiplier: float
    substances: tuple[str, ...]
    parameters: Mapping[str, float]
    """Every scalar parameter id with its value."""
    interventions: tuple[InterventionSpec, ...]
    """Sorted by id, so that their order in the file never matters."""
    files: tuple[str, ...]
    """The scenario files read, the base first."""
    content_hash: str
    """32 hexadecimal digits over all that decides a run but the seed and the code; not over `name`."""
    budget: Mapping[str, float] = field(default_factory=dict)
    """SEK a day that a payer has for all its interventions; a payer not named has no limit."""
    known_activity: str | None = None
    """A private file of known activity that sets what people believe at the start, as an absolute path;
    None for none. Outputs say that it was there and never what it holds."""
    overrides: tuple[str, ...] = field(default=(), compare=False)
    """Texts ``key=value`` that went above the files, as given."""
    origins: Mapping[Path, Origin] = field(default_factory=dict, repr=False, compare=False)
    """Where each key was written, for messages."""

    @property
    def first_day(self) -> date:
        """The first simulated day, burn-in included."""
        return self.start_date - timedelta(days=self.burn_in_days)

    @property
    def end_date(self) -> date:
        """The day after the last simulated day."""
        return self.start_date + timedelta(days=self.days)


def minute_of_day(clock: str) -> int:
    """Return the minutes since midnight of a time ``"HH:MM"``."""
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)
