"""How each outcome (core/outcomes.csv) follows from what the engine counts."""

from collections.abc import Mapping

from odssim.core.declare import Outcome
from odssim.core.outcomes import OUTCOMES as OUTCOMES
from odssim.core.types import Array
from odssim.world.codes import CityTally, PlaceTally

PLACE_OUTCOMES = tuple(outcome for outcome in OUTCOMES.values() if outcome.of == "place")
CITY_OUTCOMES = tuple(outcome for outcome in OUTCOMES.values() if outcome.of == "city")
PLACE_LEVELS: Mapping[str, str] = {outcome.id: outcome.counted[0] for outcome in OUTCOMES.values() if outcome.of == "level"}
"""Outcomes that are a level of each place, and the field of the day's record that holds them."""

PLACE_COLUMNS = {o.id: tuple(PlaceTally[name.upper()] for name in o.counted) for o in PLACE_OUTCOMES}
CITY_COLUMNS = {o.id: CityTally[o.counted[0].upper()] for o in CITY_OUTCOMES}
AWAY_COLUMNS = {o.id: CityTally[o.away.upper()] for o in PLACE_OUTCOMES if o.away}
"""Where the engine's tallies stand."""


def at_places(outcome: Outcome, tallies: Array) -> Array:
    """Return a place outcome from place tallies (..., n)."""
    total: Array = tallies[..., PLACE_COLUMNS[outcome.id]].sum(axis=-1) * outcome.factor
    return total


def in_city(outcome: Outcome, places: Array, city: Array) -> Array:
    """Return an outcome of the whole city from all places' tallies (..., n) and the city's (..., m)."""
    if outcome.of == "city":
        total: Array = city[..., CITY_COLUMNS[outcome.id]]
    else:
        total = places[..., PLACE_COLUMNS[outcome.id]].sum(axis=-1)
        if outcome.away:
            total = total + city[..., AWAY_COLUMNS[outcome.id]]
    return total * outcome.factor
