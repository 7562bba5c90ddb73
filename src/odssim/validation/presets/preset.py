"""What a preset answers: a table, and which columns to draw."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Table:
    """A preset's result."""

    title: str
    rows: tuple[dict[str, Any], ...]
    x: str
    y: str
    """Columns of the rows that the picture shows; `low` and `high` those of the interval of y, if any."""
    expected: str
    """The known result, in words; `holds` whether it is in the rows."""
    holds: bool
    source: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class Preset:
    """A preset by name: what it shows, and how it is run for a number of seeds."""

    name: str
    about: str
    seeds: int
    run: Callable[[int, Progress | None], Table]
