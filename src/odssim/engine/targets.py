"""Which places an intervention works at: from names, ranks, types, areas, distance or a draw to place indices."""

from datetime import timedelta

import numpy as np

from odssim.city.city import PLACE_TYPES, City
from odssim.core.rng import decision_key, uniforms
from odssim.core.types import Array
from odssim.observe.recorder import Recorder
from odssim.scenario.records import Scenario, Targeting

RANK_DAYS = 90
"""Days up to and including the date over which places are ranked."""


def within(city: City, districts: tuple[str, ...]) -> Array:
    """Return which places lie in the named districts, bool[P]; all if none is named."""
    if not districts:
        return np.ones(len(city.place_cell), dtype=bool)
    return np.isin(city.place_district, [city.districts.index(name) for name in districts])


def fixed_targets(places: Targeting, city: City, seed: int) -> Array:
    """Return the place indices of every kind of targeting but ``rank``, in index order."""
    if places.kind == "names":
        chosen = np.isin(np.array(city.place_name), places.names)
    elif places.kind == "type":
        chosen = city.place_type == PLACE_TYPES.index(places.type)
    elif places.kind == "area":
        chosen = within(city, places.area)
    elif places.kind == "near":
        row, col = np.divmod(city.place_cell, city.width)
        p = city.place_name.index(places.place)
        distance = np.hypot(row - row[p], col - col[p]) * city.cell_m
        chosen = distance <= places.within_m
    elif places.kind == "random":
        ready = np.flatnonzero(within(city, places.within))
        chance = uniforms(decision_key(seed, "targets.lot"), ready, places.draw)
        return np.sort(ready[np.argsort(chance, kind="stable")[: places.n]])
    else:
        chosen = np.ones(len(city.place_cell), dtype=bool)
    return np.flatnonzero(chosen)


def ranked_targets(places: Targeting, city: City, recorder: Recorder, day: int) -> Array:
    """Return the `top` places by the outcome over the 90 days up to and including `day`, best first.

    Ties go to the lower place index; places where the outcome is zero are never chosen.
    """
    total = recorder.place_sum(places.rank, day + 1 - RANK_DAYS, day + 1, len(city.place_cell))
    total[~within(city, places.within)] = 0.0
    order = np.argsort(-total, kind="stable")[: places.top]
    return order[total[order] > 0.0]


def rank_day(places: Targeting, scenario: Scenario, day: int, start: int) -> int:
    """Return the day up to which places are ranked for work on `day`, when it began on `start`."""
    at = places.at or scenario.first_day + timedelta(days=start - 1)
    first = (at - scenario.first_day).days
    if places.rerank_days is None or day == start:
        return first
    return max(first, start + (day - start) // places.rerank_days * places.rerank_days - 1)


def target_count(places: Targeting | None, city: City, seed: int) -> int:
    """Return the largest number of places that the targeting can yield."""
    if places is None:
        return 0
    if places.kind == "rank":
        return min(places.top, int(within(city, places.within).sum()))
    return len(fixed_targets(places, city, seed))
