"""Where somebody who looks for a new place ends up: a district, then one of its places.

Both are races, so that a place or a district that is added or changed can only enter or leave.
Shared by choice and selling; see "explore" and "travel" in ODD.md, section 7.

Reads
    places.{x_m, y_m, station_min, station, attraction, nuisance, district, closed}, districts.{first, n,
    centre, attraction, near}, district_places.{place, pull}, tables.min_m; reach, rail_min.
Writes
    districts.near, district_places.pull, tables.min_m; reach.
"""

import math
from typing import Any

import numpy as np

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.core.rng import uniform
from odssim.world.columns import N_NEAR, NOBODY
from odssim.world.state import FURTHEST_MIN, State

PARAMETERS = declared(__file__)
PLACE_CODE = 2**31


@kernel
def option_index(index: int, code: int) -> int:
    """Pack the index of a decision and the code of an option into one counter word."""
    return (index << 32) + code


@kernel
def travel(st: State, p: int, q: int) -> int:
    """Return minutes from place `p` to place `q`: on foot, or by rail between their nearest stations."""
    return minutes_between(st, st.places[p], st.places[q])


@kernel
def minutes_between(st: State, a: Any, b: Any) -> int:
    """Return the travel time between two rows that say where a place is."""
    dx, dy = a.x_m - b.x_m, a.y_m - b.y_m
    best = math.sqrt(dx * dx + dy * dy) * st.tables[0].min_m
    if a.station >= 0 and b.station >= 0 and a.station_min + b.station_min < best:
        best = min(best, a.station_min + st.rail_min[a.station, b.station] + b.station_min)
    return int(max(1.0, math.floor(min(best, FURTHEST_MIN) + 0.5)))


@entry
def find_near(st: State) -> None:
    """Note for each district the nearest ones, itself first, by travel between their centres."""
    n = len(st.districts)
    minutes = np.empty(n)
    for a in range(n):
        for b in range(n):
            usable = st.districts[a].n > 0 and st.districts[b].n > 0
            minutes[b] = travel(st, st.districts[a].centre, st.districts[b].centre) if usable else math.inf
        minutes[a] = 0.0
        order = np.argsort(minutes, kind="mergesort")
        for i in range(N_NEAR):
            inside = i < n and minutes[order[i]] < FURTHEST_MIN
            st.districts[a].near[i] = order[i] if inside else NOBODY


@entry
def note_pull(st: State) -> None:
    """Note how much each place attracts those who look for a new one.

    More where dealing is seen, nothing where the place is closed.

    Nuisance changes at midnight only; the notes lie in the order in which `explore` reads them.
    """
    par = st.par[0]
    for i in range(len(st.district_places)):
        place = st.places[st.district_places[i].place]
        seen = place.nuisance / (place.nuisance + par.disorder_half)
        pull = place.attraction * (1.0 + par.search_activity_pull * seen)
        st.district_places[i].pull = 0.0 if place.closed else pull


@entry
def note_reach(st: State) -> None:
    """Note the minutes that a metre takes, and what is left of a place's pull over a travel time."""
    st.tables[0].min_m = st.par[0].search_detour / st.par[0].search_walk_m_per_min
    for minutes in range(len(st.reach)):
        st.reach[minutes] = math.exp(-minutes / st.par[0].search_explore_min)


@kernel
def explore(st: State, key: np.uint64, who: int, index: int, start: int) -> int:
    """Return a place to try for someone at place `start`, or NOBODY if none can be reached.

    An option whose uniform is not below best * (largest weight it could have) cannot win, because
    -log(1 - u) >= u; most are passed over before their travel time is worked out.
    """
    best, district = math.inf, NOBODY
    origin = st.places[start]
    near = st.districts[origin.district].near
    for i in range(N_NEAR):
        j = near[i]
        if j == NOBODY:
            break
        row = st.districts[j]
        u = uniform(key, who, option_index(index, j))
        if u < best * row.attraction:
            weight = row.attraction * st.reach[travel(st, start, row.centre)]
            if u < best * weight and weight > 0.0 and -math.log(1.0 - u) / weight < best:
                best, district = -math.log(1.0 - u) / weight, j
    if district == NOBODY:
        return NOBODY
    best, chosen = math.inf, NOBODY
    first = st.districts[district].first
    for i in range(first, first + st.districts[district].n):
        place = st.district_places[i]
        u = uniform(key, who, option_index(index, PLACE_CODE + place.place))
        if u < best * place.pull:
            weight = place.pull * st.reach[minutes_between(st, origin, place)]
            if u < best * weight and weight > 0.0 and -math.log(1.0 - u) / weight < best:
                best, chosen = -math.log(1.0 - u) / weight, place.place
    return chosen
