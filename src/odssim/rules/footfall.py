"""footfall: how many people pass a place in an hour.

Rule
    Footfall comes from station volumes and place types, not from residents; it follows the hour and
    the weekend, and falls where people fear a place and walk another way.
Formula
    F(p, t) = footfall[p] * profile[type, weekend, hour] * (1 - fear[p]).
Reads
    places.{footfall, type, fear, n_buyers}, calendar.weekday, tables.profile.
Writes
    no column; a field, evaluated when asked for.
Draws
    none.
Sources
    Peak of reports in the afternoon (table of facts A23); the hourly shapes are assumptions.
Limits
    No events, holidays or weather in the number of passers-by.
"""

from typing import Any

import numpy as np

from odssim.core.compiled import kernel
from odssim.core.declare import Parameter
from odssim.world.state import State

PARAMETERS: tuple[Parameter, ...] = ()
DRAWS: tuple[str, ...] = ()

_COMMUTE = (1, 0, 0, 0, 1, 3, 6, 9, 9, 6, 4, 4, 5, 4, 5, 7, 9, 9, 7, 4, 3, 2, 2, 1)
_SHOPPING = (0, 0, 0, 0, 0, 0, 1, 2, 4, 5, 6, 8, 10, 9, 9, 9, 10, 10, 8, 5, 3, 2, 1, 0)
_SQUARE = (3, 2, 1, 1, 0, 0, 1, 3, 4, 4, 5, 6, 7, 7, 7, 8, 8, 8, 7, 6, 5, 4, 4, 3)
_STREET = (1, 0, 0, 0, 0, 1, 3, 7, 8, 5, 5, 5, 6, 5, 6, 8, 9, 8, 7, 5, 4, 3, 2, 1)
_PARK = (1, 1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 9, 9, 8, 7, 5, 4, 3, 2, 1)
_CARE = (0, 0, 0, 0, 0, 0, 1, 6, 12, 13, 13, 12, 9, 11, 10, 8, 4, 1, 0, 0, 0, 0, 0, 0)
_NIGHT_OUT = (8, 7, 6, 5, 2, 1, 1, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 8)
_WEEKEND = (5, 4, 3, 2, 1, 1, 1, 2, 3, 4, 6, 7, 8, 8, 8, 8, 8, 7, 7, 6, 5, 4, 4, 4)
_WEEKDAY_SHAPES = (_STREET, _COMMUTE, _COMMUTE, _COMMUTE, _SQUARE, _SHOPPING, _PARK, _CARE)
_WEEKEND_SHAPES = (_WEEKEND, _NIGHT_OUT, _WEEKEND, _WEEKEND, _NIGHT_OUT, _SHOPPING, _PARK, _CARE)


def _shares(shape: tuple[int, ...]) -> list[float]:
    return [v / sum(shape) for v in shape]


PROFILE: np.ndarray[Any, np.dtype[np.float64]] = np.array(
    [[_shares(a), _shares(b)] for a, b in zip(_WEEKDAY_SHAPES, _WEEKEND_SHAPES, strict=True)]
)
"""Share of the day's passers-by per hour, shape (place type, weekend, hour); assumption."""


@kernel
def passers_by(st: State, p: int, t: int) -> float:
    """Return F(p, t), passers-by per hour."""
    place = st.places[p]
    weekend = 1 if st.calendar[t // 1440].weekday >= 5 else 0
    share = st.tables[0].profile[(place.type * 2 + weekend) * 24 + t % 1440 // 60]
    return place.footfall * share * (1.0 - place.fear)


@kernel
def crowd(st: State, p: int, t: int) -> float:
    """Return the people in sight at place `p`: passers-by of one minute and the buyers who stay."""
    return passers_by(st, p, t) / 60.0 + st.places[p].n_buyers
