"""Passers-by per weekday at each place.

*Rule.* A place is passed by the people who board and alight at stations in and around it, by visitors
of squares, centres, parks and health centres, by school children and their parents, and by a small
constant everywhere. Residents do not enter: they explain little of a station's boardings.

*Formula.* Passers-by = constant + type base + 2 * surface share * boardings (own cell in full, cells
within 300 m by a share that fades with distance) + trips to schools and preschools.
Boardings without a published figure = base(mode) * lines ** exponent * factor ** (other modes nearby).

*Sources.* Metro: least squares on the logarithms of 18 published stations (boardings.csv), residual
standard deviation 0.56; the 100 stations then sum to 1.2 million, about what the operator reports.
Commuter rail: 9 published stations, which are large ones, so the base is set lower (assumption). Tram
and light rail, and every number of the second block below: assumption.

*Limits.* No figure for pedestrians is public at this grain; the order of magnitude is all that is meant.
"""

import math

import numpy as np
from numpy.typing import NDArray

from odssim.city.city import PLACE_TYPES
from odssim.city.transit import CHANGE_REACH_M, Line, Stop, station_lines
from odssim.core import maths

BOARDINGS_BASE = {"metro": 6200.0, "commuter_rail": 4500.0, "tram": 2000.0, "light_rail": 1200.0}
"""Boardings per weekday of a station with one line and no other mode nearby."""
BOARDINGS_LINES_EXPONENT = 1.21
BOARDINGS_INTERCHANGE_FACTOR = 1.42

SURFACE_SHARE = 0.8
"""Share of those who board or alight that passes the street cell (the rest changes trains below)."""
NEAR_SHARE, NEAR_FADE_M, NEAR_REACH_M = 0.15, 150.0, 300.0
"""Share of a station's people passing a cell close by, and how it fades."""
STREET_PASSERS = 150.0
TYPE_PASSERS = {"square": 8000.0, "centre": 10000.0, "park": 2500.0, "health_centre": 1500.0}
SCHOOL_PASSERS, PRESCHOOL_PASSERS = 700.0, 120.0
"""Trips past a school (about 400 pupils) and a preschool (about 60 children) per weekday."""


def modelled_boardings(stops: list[Stop], lines: list[Line]) -> NDArray[np.float64]:
    """Return float64 [S]: boardings per weekday from mode, number of lines and interchange."""
    x = np.array([s.x_m for s in stops])
    y = np.array([s.y_m for s in stops])
    calls = station_lines(stops, lines)
    result = np.zeros(len(stops))
    for i, stop in enumerate(stops):
        near = np.flatnonzero(np.hypot(x - x[i], y - y[i]) <= CHANGE_REACH_M)
        other_modes = {stops[j].mode for j in near} - {stop.mode}
        result[i] = (
            BOARDINGS_BASE[stop.mode]
            * math.pow(max(1, len(calls[i])), BOARDINGS_LINES_EXPONENT)
            * math.pow(BOARDINGS_INTERCHANGE_FACTOR, len(other_modes))
        )
    return np.round(result, -1)


def type_passers(place_types: list[str]) -> float:
    """Return the passers-by that the known places in one cell attract together, stations aside."""
    unknown = set(place_types) - set(PLACE_TYPES)
    if unknown:
        raise ValueError(f"unknown place type {sorted(unknown)}; known: {', '.join(PLACE_TYPES)}")
    return sum(TYPE_PASSERS.get(kind, 0.0) for kind in place_types)


def station_passers(
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    place_cell: NDArray[np.int32],
    station_x_m: NDArray[np.float64],
    station_y_m: NDArray[np.float64],
    station_cell: NDArray[np.int32],
    boardings: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return float64 [P]: passers-by per weekday that come from stations in or near each place."""
    passers = np.zeros(len(place_cell))
    for s, cell in enumerate(station_cell):
        people = 2.0 * SURFACE_SHARE * boardings[s]
        apart = np.hypot(x_m - station_x_m[s], y_m - station_y_m[s])
        own = place_cell == cell
        near = (apart <= NEAR_REACH_M) & ~own
        passers[own] += people
        passers[near] += people * NEAR_SHARE * maths.exp(-apart[near] / NEAR_FADE_M)
    return passers
