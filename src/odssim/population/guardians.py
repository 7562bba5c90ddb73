"""Units of ordinary patrol, shared out over districts by residents and passers-by."""

from typing import Any

import numpy as np

from odssim.city.city import City
from odssim.core.types import Array
from odssim.world.columns import UNIT

SHIFT_OF_NTH_UNIT = (1, 0, 2)
"""A district's first unit works evenings, the second days, the third nights, and so on."""


def make_units(city: City, par: Any) -> Array:
    """Return the table of units: at least one per district with residents."""
    n = len(city.districts)
    residents = np.bincount(city.place_district, weights=city.residents.sum(axis=(1, 2)), minlength=n)
    passing = np.bincount(city.place_district, weights=city.place_footfall, minlength=n)
    share = (residents / residents.sum() + passing / passing.sum()) / 2
    per_district = np.rint(share * residents.sum() / 100_000 * par["population_units_per_100k"]).astype(int)
    per_district = np.where(residents > 0, np.maximum(1, per_district), 0)
    district = np.repeat(np.arange(len(per_district)), per_district)
    nth = np.concatenate([np.arange(n) for n in per_district]) if len(district) else district
    units = np.zeros(len(district), dtype=UNIT)
    units["uid"] = np.arange(len(units))
    units["district"] = district
    units["shift"] = np.array(SHIFT_OF_NTH_UNIT)[nth % 3]
    return units
