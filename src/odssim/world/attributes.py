"""What interventions move, declared once, in the table beside this file: places' and the city's attributes."""

from dataclasses import dataclass
from typing import Any, Literal

from odssim.core.declare import rows_beside


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


ATTRIBUTES = tuple(map(_attribute, rows_beside(__file__)))
"""In the order of the columns of `levers`."""
