"""What interventions move, declared once, in the table beside this file: places' and the city's attributes."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True)
class Attribute:
    """One lever that rules read; an option of the same name in a catalogue entry moves it (but `combines` = own)."""

    id: str
    of: Literal["place", "substance", "city"]
    """Where it stands: a column of `places`, `tables` (one number per substance) or `levers`."""
    unit: str
    neutral: float
    """Its value where no intervention is at work."""
    combines: Literal["sum", "days", "own"]
    """``sum`` of value x strength, cut off at `cap`; ``days``: 1 on that share of days; ``own``: a function of its own."""
    cap: float
    readers: tuple[str, ...]
    """The rules that read it."""
    meaning: str


def _attribute(row: dict[str, Any]) -> Attribute:
    numbers = {name: float(row[name]) for name in ("neutral", "cap")}
    return Attribute(**row | numbers | {"readers": tuple(row["readers"].split())})


with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as _rows:
    ATTRIBUTES = tuple(map(_attribute, csv.DictReader(_rows)))
"""In the order of the columns of `levers`."""
