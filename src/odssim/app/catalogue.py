"""The catalogue of interventions as the page shows it: labels, options with ranges, what is known."""

from functools import cache
from typing import Any

from odssim.interventions.catalogue import CATALOGUE
from odssim.language import LANGUAGES, translator


@cache
def catalogue() -> list[dict[str, Any]]:
    """Return the entries in the handbook's order as plain values."""
    return [
        {
            "id": entry.id,
            "label": {name: entry.label(name) for name in LANGUAGES},
            "lever": entry.lever,
            "places": entry.targets_places,
            "payer": entry.payer,
            "mechanism": entry.mechanism,
            "grade": entry.grade,
            "evidence": entry.evidence,
            "harms": {name: translator(name).gettext(entry.harms) for name in LANGUAGES},
            "expected": dict(entry.expected),
            "options": [
                {"id": o.id, "kind": o.kind, "default": o.default, "unit": o.unit, "meaning": o.meaning,
                 "low": o.low, "high": o.high, "choices": o.choices}
                for o in entry.options
            ],
        }
        for entry in CATALOGUE.values()
    ]  # fmt: skip
