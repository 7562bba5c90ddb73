"""Which scenarios may be set beside each other: those of one world. One list for comparisons and studies."""

from collections.abc import Mapping
from dataclasses import fields

from odssim.engine.key import NOT_DECISIVE, city_of, content_of
from odssim.scenario.records import Scenario

MAY_DIFFER = (*NOT_DECISIVE, "seed", "parameters", "interventions", "budget")
"""What is compared, and parameters, of which every table says so; all else must agree."""


def first_difference(base: Scenario, other: Scenario) -> str | None:
    """Return the first field in which two scenarios are not of one world, None where they are; files by what they hold."""
    for field in fields(Scenario):
        if field.name not in MAY_DIFFER and _held(base, field.name) != _held(other, field.name):
            return field.name
    return None


def _held(scenario: Scenario, name: str) -> object:
    value = getattr(scenario, name)
    if name == "city" and isinstance(value, Mapping):
        return city_of(value).content_hash
    return content_of(value) if name == "known_activity" and value is not None else value
