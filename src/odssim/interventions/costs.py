"""Unit costs of the interventions, each per natural unit, and what every one of them is counted by (costs.csv).

Hours follow the tables of fees and wages (F rows); how many hours a case or a place takes is a guess
of ours wherever the status says assumption.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from odssim.core.declare import declared

PARAMETERS = declared(__file__)
"""Unit costs that no rule reads."""


def _counted() -> Mapping[str, tuple[str, ...]]:
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as rows:
        told = {row["id"]: row["counted"] for row in csv.DictReader(rows)}
    return {key: tuple(words.split()) for key, words in told.items() if words != "-"}


COUNTED = _counted()
"""What a unit cost is multiplied by: officers' `hours` on site, targeted `places`, an option, or an outcome
that the day counted. Planned units count times the dose; a cost or a factor per year is divided by 365."""
