"""patrol: guardians' visits to the minute, from the plans of units and of interventions.

Rule
    Ordinary units visit places of their district in shifts, more often where offences were recorded and
    tips came in. Interventions plan visits at target places, at irregular times or by a timetable; taken
    from the baseline, they strike the same unit's other visits around that time. An arrest takes the unit
    away. Planned and delivered minutes are both kept.
Formula
    baseline place by race with weight floor_weight * footfall + attention_weight * attention.
Reads
    places.{footfall, district, attention}, visits.{start, end, unit, programme}, units.{uid, district,
    shift}, programmes.{uid, first_day, last_day, ramp_days, dose, visits_per_day, min_minutes, max_minutes,
    from_minute, to_minute, irregular, weekdays, added, unit, kind, may_search, may_arrest, refer, stay,
    stash, delivery, n_times, times, first_target, n_targets}, districts.{first, n}, district_places.place,
    calendar.weekday, clock.n_visits; targets.
Writes
    visits.{uid, place, start, end, unit, programme, kind, may_search, may_arrest, refer, stay, stash, state,
    incident, previous, next}, programmes.{n_planned, planned_min}, clock.{fault, n_visits}.
Draws
    patrol.start, patrol.length, patrol.place, patrol.count, patrol.programme_length,
    patrol.programme_start, patrol.unit, patrol.delivery, patrol.stop_gap.
Sources
    15-minute visits D5, D6; costs F1, F5, F6; the number of units is an assumption.
Limits
    Units do not travel between visits; the gap is part of `travel_min` for visits ordered from outside.
"""

import math

import numpy as np

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.core.rng import exponential, normal, spread_minutes, uniform
from odssim.rules.explore import option_index
from odssim.world.codes import Event
from odssim.world.columns import NOBODY, Guardian, VisitState
from odssim.world.queue import FAULT_VISITS, push
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("patrol.start", "patrol.length", "patrol.place", "patrol.count", "patrol.programme_length",
         "patrol.programme_start", "patrol.unit", "patrol.delivery", "patrol.stop_gap", "order")  # fmt: skip
SHIFT_START_H = (7, 15, 23)


@kernel
def new_visit(st: State, uid: int, d: int, place: int, start: int, length: int, unit: int, programme: int) -> int:
    """Add a visit to the plan of day `d` (`start` in minutes after its midnight); return its row."""
    clock, half = st.clock[0], len(st.visits) // 2
    n = clock.n_visits[d % 2]
    if n >= half:
        clock.fault = FAULT_VISITS
        return 0
    clock.n_visits[d % 2] = n + 1
    v = d % 2 * half + n
    visit = st.visits[v]
    visit.uid = uid
    visit.place, visit.start, visit.end = place, 1440 * d + start, 1440 * d + start + length
    visit.unit, visit.programme, visit.state = unit, programme, VisitState.PLANNED
    visit.incident, visit.previous, visit.next = NOBODY, NOBODY, NOBODY
    push(st, visit.start, Event.VISIT_START, v, 0)
    return v


@kernel
def place_weights(st: State, district: int) -> np.ndarray:
    """Return the weights of the places of `district` for ordinary patrol, in their order there."""
    par, row = st.par[0], st.districts[district]
    weights = np.empty(row.n)
    for i in range(row.n):
        place = st.places[st.district_places[row.first + i].place]
        weights[i] = par.patrol_floor_weight * place.footfall / 1000 + par.patrol_attention_weight * place.attention
    return weights


@kernel
def baseline_place(st: State, unit: int, weights: np.ndarray, index: int) -> int:
    """Return the place of a unit's visit `index`, or NOBODY if its district has none of any weight.

    An option whose uniform is not below best * weight cannot win, because -log(1 - u) >= u.
    """
    uid, first = st.units[unit].uid, st.districts[st.units[unit].district].first
    best, chosen = math.inf, NOBODY
    for i in range(len(weights)):
        p = st.district_places[first + i].place
        u = uniform(st.keys[0].patrol_place, uid, option_index(index, p))
        if u < best * weights[i] and -math.log(1.0 - u) / weights[i] < best:
            best, chosen = -math.log(1.0 - u) / weights[i], p
    return chosen


@kernel
def plan_unit(st: State, u: int, d: int) -> None:
    """Plan the ordinary visits of unit `u` for its shift that begins on day `d`."""
    par, unit, keys = st.par[0], st.units[u], st.keys[0]
    n = int(par.patrol_visits_per_shift)
    weights = place_weights(st, unit.district)
    for j in range(n):
        index = d * 64 + j
        place = baseline_place(st, u, weights, index)
        if place == NOBODY:
            continue
        offset = (j + uniform(keys.patrol_start, unit.uid, index)) * 480.0 / n
        z = normal(keys.patrol_length, unit.uid, index)
        length = spread_minutes(par.patrol_visit_min, par.patrol_visit_sigma, z)
        start = SHIFT_START_H[unit.shift] * 60 + math.floor(offset)
        v = new_visit(st, unit.uid * 2**24 + d * 256 + j, d, place, start, length, u, NOBODY)
        visit = st.visits[v]
        visit.kind, visit.may_search, visit.may_arrest, visit.stay, visit.stash = Guardian.POLICE, 1, 1, 1, 0.0
        visit.refer = 0


@kernel
def pick_unit(st: State, uid: int, district: int, index: int, m: int) -> int:
    """Return the baseline unit that carries out a programme's visit, or NOBODY if there is none."""
    best, chosen, local = math.inf, NOBODY, False
    for u in range(len(st.units)):
        unit = st.units[u]
        if unit.district == NOBODY or (local and unit.district != district):
            continue
        high = option_index(index, m) + unit.uid * 2**20
        score = exponential(st.keys[0].patrol_unit, uid, high)
        if unit.district == district and not local:
            best, chosen, local = score, u, True
        elif score < best:
            best, chosen = score, u
    return chosen


@kernel
def strike_overlaps(st: State, d: int, u: int, start: int, end: int) -> None:
    """Strike unit `u`'s ordinary visits of day `d` that overlap (start, end) and the way there and back."""
    gap = math.floor(st.par[0].patrol_travel_min)
    first = d % 2 * (len(st.visits) // 2)
    for v in range(first, first + st.clock[0].n_visits[d % 2]):
        visit = st.visits[v]
        if visit.unit == u and visit.programme == NOBODY:
            if visit.start < end + gap and visit.end > start - gap:
                visit.state = VisitState.MISSED


@kernel
def strength(st: State, g: int, d: int) -> float:
    """Return the dose of programme `g` on day `d`, with its ramp."""
    programme = st.programmes[g]
    if d < programme.first_day or d >= programme.last_day:
        return 0.0
    if not (programme.weekdays >> st.calendar[d].weekday) & 1:
        return 0.0
    if programme.ramp_days > 0:
        return float(programme.dose * min(1.0, (d - programme.first_day + 1) / programme.ramp_days))
    return float(programme.dose)


@kernel
def plan_programme_visit(st: State, g: int, m: int, j: int, count: int, d: int) -> None:
    """Plan visit `j` of `count` at target `m` of programme `g` on day `d`."""
    programme, keys = st.programmes[g], st.keys[0]
    uid, index = programme.uid, d * 64 + j
    high = option_index(index, m)
    u = uniform(keys.patrol_programme_length, uid, high)
    spread = programme.max_minutes - programme.min_minutes + 1
    length = programme.min_minutes + math.floor(u * spread)
    room = max(0, programme.to_minute - programme.from_minute - length)
    if programme.irregular:
        u = uniform(keys.patrol_programme_start, uid, high)
        start = programme.from_minute + math.floor((j + u) * room / count)
    elif j < programme.n_times:
        start = programme.times[j]
    else:
        start = programme.from_minute + math.floor((j + 0.5) * room / count)
    p = st.targets[programme.first_target + m]
    unit = programme.unit + m
    delivered = uniform(keys.patrol_delivery, uid, high) < programme.delivery
    if not programme.added:
        unit = pick_unit(st, uid, st.places[p].district, index, m)
        if unit == NOBODY:
            return
        if delivered:
            strike_overlaps(st, d, unit, 1440 * d + start, 1440 * d + start + length)
    v = new_visit(st, uid * 2**24 + d * 256 + j + m * 2**40, d, p, start, length, unit, g)
    visit = st.visits[v]
    visit.kind, visit.may_search, visit.may_arrest = (programme.kind, programme.may_search, programme.may_arrest)
    visit.refer, visit.stay, visit.stash = programme.refer, programme.stay, programme.stash
    if not delivered:
        visit.state = VisitState.MISSED
    programme.n_planned += 1
    programme.planned_min += length


@entry
def midnight(st: State, d: int) -> None:
    """Plan the visits that begin on day `d`: ordinary units first, then programmes in order."""
    st.clock[0].n_visits[d % 2] = 0
    for u in range(len(st.units)):
        if st.units[u].district != NOBODY:
            plan_unit(st, u, d)
    for g in range(len(st.programmes)):
        programme = st.programmes[g]
        dose = strength(st, g, d)
        if dose > 0.0:
            for m in range(programme.n_targets):
                x = programme.visits_per_day * dose
                count = math.floor(x)
                high = option_index(d, m)
                if uniform(st.keys[0].patrol_count, programme.uid, high) < x - count:
                    count += 1
                for j in range(count):
                    plan_programme_visit(st, g, m, j, count, d)
