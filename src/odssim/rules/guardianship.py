"""guardianship: who is present at a place and minute, what each can see, whether it would act.

Rule
    A visit is seen by sellers and by waiting buyers, who wait it out of sight; when the last guardian has
    gone they come back. Police who have found something stay longer. Bystanders seldom call, and less where
    they are afraid.
Formula
    a call with probability tip_share * (1 - fear) * F / (F + tip_half) per open deal.
Reads
    buyers.{act, next}, sellers.{next, act}, places.{first_buyer, first_seller, n_police, n_others},
    visits.{uid, place, end, unit, programme, kind, may_search, refer, stay, stash, state, arrived, incident},
    units.{uid, busy_until}.
Writes
    places.{n_police, n_others}, visits.{end, state, arrived, incident}, units.busy_until,
    programmes.{n_delivered, delivered_min}; the lists of visits at places.
Draws
    guardianship.tip, guardianship.manager.
Sources
    Visits of 10-16 min D5; passive guards do little D45; bystanders' calls are an assumption.
Limits
    Guards and hosts are seen and see; only the police search and arrest. Cameras are attributes of places.
"""

import math

from odssim.core.compiled import kernel
from odssim.core.declare import declared
from odssim.core.rng import exponential
from odssim.rules.belief import see_risk
from odssim.rules.selling import emerge_later, see_visit, start_hiding
from odssim.world.codes import CityTally, Event, Log, PlaceTally
from odssim.world.columns import NOBODY, BuyerAct, Guardian, SellerAct, VisitState
from odssim.world.queue import count_city, count_place, enter_visit, push, remove_visit, write_log
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("guardianship.tip", "guardianship.manager")
MINUTES_OF = (PlaceTally.POLICE_MIN, PlaceTally.VOLUNTEER_MIN, PlaceTally.GUARDS_MIN, PlaceTally.OUTREACH_MIN)
"""Tally of minutes by kind of guardian."""


@kernel
def plan_stop(st: State, v: int, j: int, t: int) -> None:
    """Schedule stop `j` of visit `v`, if it falls within the visit."""
    visit = st.visits[v]
    gap = st.par[0].patrol_stop_min * exponential(st.keys[0].patrol_stop_gap, visit.uid, j)
    minute = t + 1 + math.floor(gap)
    if minute < visit.end:
        push(st, minute, Event.STOP, v, j)


@kernel
def change_presence(st: State, v: int, change: int) -> int:
    """Add a guardian to (or take one from) the place of visit `v`; return how many are there now."""
    visit = st.visits[v]
    place = st.places[visit.place]
    if visit.kind == Guardian.POLICE:
        place.n_police += change
    else:
        place.n_others += change
    return place.n_police + place.n_others


@kernel
def show_to_sellers(st: State, v: int, alone: bool, t: int) -> None:
    """Let the sellers at the place of visit `v` react; `alone` if it is the only visit there."""
    s = st.places[st.visits[v].place].first_seller
    while s != NOBODY:
        act = st.sellers[s].act
        if act in (SellerAct.VISIBLE, SellerAct.PAUSED):
            see_visit(st, s, v, t)
        elif act == SellerAct.HIDING and alone:
            start_hiding(st, s, v, t)
        s = st.sellers[s].next


@kernel
def on_visit_start(st: State, v: int, t: int) -> None:
    """A visit begins, or is missed because the unit is busy or has been ordered elsewhere."""
    visit = st.visits[v]
    unit = st.units[visit.unit]
    if visit.state != VisitState.PLANNED or unit.busy_until > t:
        visit.state = VisitState.MISSED
        count_city(st, CityTally.VISITS_MISSED, 1)
        write_log(st, Log.VISIT_MISSED, visit.uid, visit.place, unit.uid, 0)
        return
    visit.state, visit.arrived, visit.incident = VisitState.ON_SITE, t, NOBODY
    unit.busy_until = visit.end
    enter_visit(st, v)
    alone = change_presence(st, v, 1) == 1
    count_place(st, visit.place, PlaceTally.VISITS, 1)
    write_log(st, Log.VISIT, visit.uid, visit.place, unit.uid, 0)
    push(st, visit.end, Event.VISIT_END, v, 0)
    show_to_sellers(st, v, alone, t)
    b = st.places[visit.place].first_buyer
    while b != NOBODY:
        if st.buyers[b].act == BuyerAct.WAITING:
            see_risk(st, b, visit.kind, 1.0)
        b = st.buyers[b].next
    if visit.may_search or visit.refer:
        plan_stop(st, v, 0, t)
    if visit.stash > 0.0:
        push(st, t, Event.STASH, v, 0)


@kernel
def depart(st: State, v: int, t: int, busy_until: int) -> None:
    """Visit `v` ends; its unit is free from `busy_until`."""
    visit = st.visits[v]
    visit.state = VisitState.DONE
    remove_visit(st, v)
    remaining = change_presence(st, v, -1)
    st.units[visit.unit].busy_until = busy_until
    minutes = t - visit.arrived
    count_place(st, visit.place, MINUTES_OF[visit.kind], minutes)
    write_log(st, Log.VISIT_END, visit.uid, visit.place, st.units[visit.unit].uid, minutes)
    if visit.programme != NOBODY:
        st.programmes[visit.programme].n_delivered += 1
        st.programmes[visit.programme].delivered_min += minutes
    if remaining == 0:
        s = st.places[visit.place].first_seller
        while s != NOBODY:
            if st.sellers[s].act == SellerAct.HIDING:
                emerge_later(st, s, v, t)
            s = st.sellers[s].next


@kernel
def on_visit_end(st: State, v: int, t: int) -> None:
    """A visit leaves, unless something has just happened and it stays until done."""
    par, visit = st.par[0], st.visits[v]
    if visit.state != VisitState.ON_SITE or visit.end != t:
        return
    longer = math.floor(par.patrol_stay_min)
    recent = visit.incident != NOBODY and t - visit.incident < longer
    if visit.stay and recent and t + longer - visit.arrived <= par.patrol_stay_limit_min:
        visit.end = t + longer
        st.units[visit.unit].busy_until = visit.end
        push(st, visit.end, Event.VISIT_END, v, 0)
    else:
        depart(st, v, t, t)
