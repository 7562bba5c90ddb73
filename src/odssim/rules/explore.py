"""Where somebody who looks for a new place ends up: a district, then one of its places.

Both are races, so that a place or a district that is added or changed can only enter or leave.
Shared by choice and selling; see "explore" and "travel" in ODD.md, section 7.
"""

from __future__ import annotations

import math

import numpy as np

from odssim.core.compiled import kernel
from odssim.core.declare import Parameter
from odssim.core.rng import exponential
from odssim.world.columns import NOBODY
from odssim.world.state import State

PARAMETERS = (
    Parameter("search.detour", 1.3, "1", 1.0, 2.0, "assumption", "street network over straight line",
              "Length of a walk over its straight line."),
    Parameter("search.walk_m_per_min", 80.0, "m/min", 40, 120, "assumption", "4.8 km/h", "Walking speed."),
    Parameter("search.explore_min", 12.0, "min", 2, 120, "assumption", "A22: median journey 3 (1-8) km",
              "Travel time over which the wish to explore a place falls by a factor e."),
)  # fmt: skip
FURTHEST_MIN = 1000.0
PLACE_CODE = 2**31


@kernel
def option_index(index: int, code: int) -> int:
    """Pack the index of a decision and the code of an option into one counter word."""
    return (index << 32) + code


@kernel
def travel(st: State, p: int, q: int) -> int:
    """Return minutes from place `p` to place `q`: on foot, or by rail between their nearest stations."""
    par, a, b = st.par[0], st.places[p], st.places[q]
    dx, dy = a.x_m - b.x_m, a.y_m - b.y_m
    best = math.sqrt(dx * dx + dy * dy) * par.search_detour / par.search_walk_m_per_min
    if a.station >= 0 and b.station >= 0:
        best = min(best, a.station_min + st.rail_min[a.station, b.station] + b.station_min)
    return int(max(1.0, math.floor(min(best, FURTHEST_MIN) + 0.5)))


@kernel
def explore(st: State, key: np.uint64, who: int, index: int, start: int) -> int:
    """Return a place to try for someone at place `start`, or NOBODY if none can be reached."""
    scale = st.par[0].search_explore_min
    best, district = math.inf, NOBODY
    for j in range(len(st.districts)):
        row = st.districts[j]
        if row.attraction > 0.0:
            weight = row.attraction * math.exp(-travel(st, start, row.centre) / scale)
            if weight > 0.0:
                score = exponential(key, who, option_index(index, j)) / weight
                if score < best:
                    best, district = score, j
    if district == NOBODY:
        return NOBODY
    best, chosen = math.inf, NOBODY
    first = st.districts[district].first
    for i in range(first, first + st.districts[district].n):
        p = st.district_places[i]
        weight = st.places[p].attraction * math.exp(-travel(st, start, p) / scale)
        if weight > 0.0:
            score = exponential(key, who, option_index(index, PLACE_CODE + p)) / weight
            if score < best:
                best, chosen = score, p
    return chosen
