"""Frozen records in which the model declares itself: sources, parameters, outcomes, interventions.

The same records feed the kernels, the scenario checks, ``odssim where`` and the tables of ODD.md,
so that a number stands in one place only.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

SUBSTANCES = ("cannabis", "amphetamine", "cocaine", "heroin")
"""What is sold; the number of each is its code."""
PLACE_TYPES = ("street", "metro", "commuter_rail", "local_rail", "square", "centre", "park", "health_centre")
"""What a place is; the number of each is its code."""
Status = Literal["sourced", "calibrated", "assumption"]


@dataclass(frozen=True)
class Parameter:
    """One number, or one short vector of numbers, that a rule reads."""

    id: str
    """``rule.name``; a vector's entries are addressed as ``rule.name.label``."""
    default: float | tuple[float, ...]
    """A scalar, or one value per label of `by`."""
    unit: str
    """Unit in words or symbols: ``"SEK/h"``, ``"probability"``, ``"1"``."""
    low: float
    high: float
    """The range a scenario may use (inclusive); also the range of calibration."""
    status: Status
    """``sourced``, ``calibrated`` or ``assumption``."""
    source: str
    """Row of the project's table of facts, a publication, or why it is assumed."""
    meaning: str
    """One plain sentence."""
    by: tuple[str, ...] = ()
    """Labels of a vector's entries, else empty."""
    weights: bool = False
    """Whether people are drawn by these weights: not all of those that apply may be 0."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The scalar ids that a scenario can set."""
        return tuple(f"{self.id}.{label}" for label in self.by) if self.by else (self.id,)

    @property
    def defaults(self) -> tuple[float, ...]:
        """The default of each of `ids`."""
        return self.default if isinstance(self.default, tuple) else (self.default,)

    @property
    def field(self) -> str:
        """Name of this parameter's field in the engine's parameter record."""
        return self.id.replace(".", "_")


def rows_beside(file: str) -> list[dict[str, str]]:
    """Return the rows of the table (CSV) beside a module of the package."""
    with Path(file).with_suffix(".csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def declared(file: str) -> tuple[Parameter, ...]:
    """Return the parameters of the table (CSV) beside a module: ``PARAMETERS = declared(__file__)``.

    A row per parameter, a column per field; a vector has a default for each word of `by`, with spaces between them.
    """
    return tuple(map(_parameter, rows_beside(file)))


def _parameter(row: Mapping[str, str]) -> Parameter:
    by = tuple((row.get("by") or "").split())
    default = tuple(map(float, row["default"].split()))
    return Parameter(
        row["id"], default if by else default[0], row["unit"], _number(row["low"]), _number(row["high"]),
        cast(Status, row["status"]), row["source"], row["meaning"], by, row.get("weights") == "yes",
    )  # fmt: skip


def _number(text: str) -> float:
    """Return a number, a whole one as such."""
    return int(text) if text.lstrip("-").isdigit() else float(text)


@dataclass(frozen=True)
class Outcome:
    """One measured quantity: its id, unit and definition."""

    id: str
    unit: str
    meaning: str
    over_days: Literal["sum", "mean"] = "sum"
    """What several days of it are together: the ``sum`` of a flow (deals, SEK), the ``mean`` of what is counted
    anew each day (people, prices, scenes). Every total and every unit of a table follows from it."""
    of: Literal["place", "level", "city", "state", "both"] = "state"
    """Whose it is: tallies of ``place`` or ``city``, a ``level`` of each place, the ``state`` of the city; ``both``
    is open and hidden together, in comparisons only."""
    counted: tuple[str, ...] = ()
    """The tallies that add up to it; of a level, the field of the day's record that holds it."""
    factor: float = 1.0
    """From the tallies' unit to its own."""
    away: str = ""
    """City-wide it includes what happened away from scenes: the city tally of that part."""
    better: Literal["less", "more"] = "less"
    """Which way is better, in a ranking."""
    reported: int = 0
    """Where in the sentences of a comparison it is reported, from 1; 0: it is not."""
    noun: str = ""
    fall: str = ""
    rise: str = ""
    """What it is called in sentences, and the words for a fall and a rise."""

    @property
    def unit_a_day(self) -> str:
        """Unit of a mean over days."""
        return f"{self.unit}/day" if self.over_days == "sum" else self.unit


OptionKind = Literal["int", "float", "bool", "choice", "range", "times"]


@dataclass(frozen=True)
class Option:
    """One key that an intervention accepts in a scenario, with its check.

    `kind` is ``"int"``, ``"float"``, ``"bool"``, ``"choice"``, ``"range"`` (two numbers, low first)
    or ``"times"`` (a list of ``"HH:MM"``).
    """

    id: str
    kind: OptionKind
    default: object
    unit: str
    meaning: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


Lever = Literal["visits", "cameras", "interception", "place", "person", "coordination", "measurement"]
"""The closed list of levers. ``visits`` sends guardians to places; ``cameras`` and ``place`` set attributes
of places, ``interception`` and ``person`` those of the city; ``coordination`` raises the delivery of the
others; ``measurement`` changes nothing in the market."""


Grade = Literal["several studies", "few studies", "cases", "assumption"]
"""What an effect rests on: a review or several controlled studies of the method; one or a few, or mixed ones; cases without
controls, or studies of a method close to it; nothing of the kind, so that its size is an assumption."""


@dataclass(frozen=True)
class Intervention:
    """One row of the catalogue: what a method does, to whom, who pays, and what is known of it."""

    id: str
    label_en: str
    label_sv: str
    handbook: str
    lever: Lever
    """Which of the closed list of levers it moves (`Lever`)."""
    mechanism: str
    options: tuple[Option, ...]
    """Keys that a scenario may set beside the common ones (start, weeks, places, dose, ...)."""
    payer: str
    cost_parameter: str
    grade: Grade
    """How well its effect is known (`Grade`)."""
    evidence: str
    expected: Mapping[str, str]
    """Expected direction per outcome id: ``"-"``, ``"+"`` or ``"0"``."""
    harms: str
    not_modelled: str
    fixed: Mapping[str, float | str] = field(default_factory=dict)
    """Settings of the lever that the method itself fixes (a volunteer may not search, say)."""
    targets_places: bool = True
    labels: Mapping[str, str] = field(default_factory=dict)
    """What it is called in languages beyond these two, by code."""

    def label(self, code: str) -> str:
        """Return what it is called in a language, in English where it has no name in it."""
        return {"en": self.label_en, "sv": self.label_sv, **self.labels}.get(code, self.label_en)
