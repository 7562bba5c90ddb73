"""detection: deals seen, stops, searches, seizures, arrests, custody.

Rule
    A deal is seen only by who is there: an officer in view (less so in a crowd), a camera, or an
    investigation. Officers on a visit stop people in sight; women and girls are seldom stopped. Arrested
    sellers lose what they carry; some go to prison and leave a vacancy. Sellers who see a search for
    stashes keep more on them for some days, where a search of the person finds it.
Formula
    p(seen by an officer) = officer * (1 - conceal * crowd / (crowd + half)) * sex factor.
Reads
    buyers.{uid, type, act, sex, next, carry_mg, last_seller}, sellers.{uid, stock, next, act, kind, status,
    status_until, buyer, place, wary_until}, places.{camera, first_buyer, first_seller, first_visit},
    visits.{uid, place, end, unit, kind, may_search, may_arrest, stash, state, next}, levers.{target_list,
    custody}.
Writes
    buyers.{status_until, seller, status}, sellers.{stock, act, status, plan, status_until, shift,
    wary_until}, visits.incident; recorded offences, seizures.
Draws
    detection.*.
Sources
    Hit, arrest and remand per check A38; detection per transaction A40; custody A42, A43.
Limits
    A stopped buyer is fined and goes; courts are one draw.
"""

import math

import numpy as np

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.core.rng import exponential, uniform
from odssim.rules.belief import see_risk
from odssim.rules.choice import close_unmet, need_index, try_index
from odssim.rules.explore import option_index
from odssim.rules.footfall import crowd
from odssim.rules.guardianship import depart, plan_stop
from odssim.rules.presence import leave
from odssim.rules.purchase import stop_waiting
from odssim.rules.recording import record_possession, record_sale, record_use, seize_carried
from odssim.rules.recruitment import leave_slot
from odssim.rules.selling import leave_place, settle
from odssim.rules.treatment import meet_outreach, offer_at_stop
from odssim.world.codes import CityTally, Fate, Log, PlaceTally
from odssim.world.columns import NOBODY, BuyerAct, Guardian, Plan, SellerAct, SellerKind, Status, VisitState
from odssim.world.queue import count_city, count_place, write_log
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("detection.seen", "detection.arrest", "detection.camera", "detection.investigate",
         "detection.target", "detection.hit", "detection.stash", "detection.prison", "detection.custody",
         "detection.listed", "detection.case")  # fmt: skip
BY_OFFICER, BY_CAMERA, BY_INVESTIGATION = 1, 2, 3
SELLER_CODE = 2**31


@kernel
def at_place(st: State, s: int) -> bool:
    """Whether seller `s` stands at a place."""
    act = st.sellers[s].act
    return bool(act in (SellerAct.VISIBLE, SellerAct.HIDING, SellerAct.PAUSED))


@kernel
def concealment(st: State, p: int, t: int) -> float:
    """Return the factor by which the crowd at place `p` lowers detection."""
    par, people = st.par[0], crowd(st, p, t)
    return 1.0 - par.detection_conceal * people / (people + par.detection_crowd_half)


@kernel
def notice(st: State, b: int) -> float:
    """Return how noticeable buyer `b` is: women are seldom detected."""
    return st.par[0].detection_woman_factor if st.buyers[b].sex == 0 else 1.0


@kernel
def carried_share(st: State, s: int, d: int) -> float:
    """Return the part of seller `s`'s stock that he has on him on day `d`; the rest lies in a stash."""
    par = st.par[0]
    return par.detection_wary_share if d < st.sellers[s].wary_until else par.detection_stash_share


@kernel
def seize_stock(st: State, s: int, p: int, share: float) -> int:
    """Take a share of seller `s`'s stock; return the mg."""
    seller = st.sellers[s]
    part = math.floor(seller.stock * share)
    seller.stock -= part
    if p == NOBODY:
        count_city(st, CityTally.SEIZED_HIDDEN_MG, part)
    else:
        count_place(st, p, PlaceTally.SEIZED_MG, part)
    return part


@kernel
def debt_violence(st: State, s: int, p: int, t: int) -> None:
    """A loss at place `p` leaves seller `s` in debt: violence may follow."""
    if uniform(st.keys[0].disorder_debt, st.sellers[s].uid, t) < st.par[0].disorder_debt_violence:
        count_place(st, p, PlaceTally.VIOLENCE, 1)


@kernel
def imprison(st: State, s: int, d: int) -> None:
    """Decide between prison, which leaves a vacancy, and a time in custody."""
    par, keys, seller = st.par[0], st.keys[0], st.sellers[s]
    share = par.detection_prison_share + st.levers[0].custody
    if uniform(keys.detection_prison, seller.uid, d) < share:
        leave_slot(st, s, d)
        count_city(st, CityTally.IMPRISONED, 1)
        if seller.buyer != NOBODY:
            buyer = st.buyers[seller.buyer]
            buyer.status, buyer.status_until = Status.CUSTODY, d + math.floor(par.detection_prison_days)
            buyer.seller = NOBODY
    else:
        gap = par.detection_custody_days * exponential(keys.detection_custody, seller.uid, d)
        seller.status, seller.status_until = Status.CUSTODY, d + 1 + math.floor(gap)
        if seller.buyer != NOBODY:
            buyer = st.buyers[seller.buyer]
            buyer.status, buyer.status_until = Status.CUSTODY, seller.status_until


@kernel
def arrest(st: State, s: int, v: int, t: int) -> None:
    """Seller `s` is arrested, by visit `v` or (NOBODY) by no unit on site."""
    seller = st.sellers[s]
    p = seller.place if at_place(st, s) else NOBODY
    if p == NOBODY:
        count_city(st, CityTally.ARRESTS_HIDDEN, 1)
    else:
        count_place(st, p, PlaceTally.ARRESTS, 1)
    write_log(st, Log.ARREST, seller.uid, p, NOBODY if v == NOBODY else st.visits[v].uid, 0)
    part = seize_stock(st, s, p, carried_share(st, s, t // 1440))
    write_log(st, Log.SEIZED, seller.uid, p, NOBODY, part)
    if p != NOBODY:
        debt_violence(st, s, p, t)
        settle(st, s, t)
        leave_place(st, s)
    elif seller.act == SellerAct.ON_CALL:
        settle(st, s, t)
    seller.act, seller.plan = SellerAct.OFF, Plan.OFF
    seller.shift += 1
    imprison(st, s, t // 1440)
    if v != NOBODY:
        depart(st, v, t, t + math.floor(st.par[0].patrol_arrest_min))


@kernel
def arrest_draw(st: State, s: int, b: int, way: int) -> float:
    """Return the uniform that decides on the arrest of seller `s` for the deal with buyer `b`."""
    return uniform(st.keys[0].detection_arrest, st.sellers[s].uid, option_index(try_index(st, b), way))


@kernel
def on_seen(st: State, b: int, s: int, t: int) -> None:
    """Officers at the place may have seen the deal that was just made."""
    par, buyer, seller = st.par[0], st.buyers[b], st.sellers[s]
    if not at_place(st, s):
        return
    p, best, chosen = seller.place, math.inf, NOBODY
    chance = par.detection_officer * concealment(st, p, t) * notice(st, b)
    v = st.places[p].first_visit
    while v != NOBODY:
        visit = st.visits[v]
        if visit.kind == Guardian.POLICE and visit.may_arrest:
            u = uniform(st.keys[0].detection_seen, buyer.uid, option_index(try_index(st, b), visit.unit))
            if u < chance and u < best:
                best, chosen = u, v
        v = visit.next
    if chosen == NOBODY:
        return
    record_sale(st, seller.uid, p)
    record_possession(st, buyer.uid, p)
    seize_carried(st, b, p)
    st.visits[chosen].incident = t
    if arrest_draw(st, s, b, BY_OFFICER) < par.detection_arrest_seen:
        arrest(st, s, chosen, t)


@kernel
def on_camera(st: State, b: int, s: int, t: int) -> None:
    """A camera may have the deal on record."""
    par, seller = st.par[0], st.sellers[s]
    if not at_place(st, s):
        return
    p = seller.place
    chance = st.places[p].camera * par.detection_camera_share * concealment(st, p, t)
    if uniform(st.keys[0].detection_camera, st.buyers[b].uid, need_index(st, b)) < chance:
        record_sale(st, seller.uid, p)
        if arrest_draw(st, s, b, BY_CAMERA) < par.detection_arrest_camera:
            arrest(st, s, NOBODY, t)


@kernel
def on_investigate(st: State, b: int, s: int, t: int) -> None:
    """The deal turns out to be part of an investigated case."""
    seller = st.sellers[s]
    if seller.status != Status.FREE or seller.uid != st.buyers[b].last_seller:
        return
    record_sale(st, seller.uid, seller.place if at_place(st, s) else NOBODY)
    if arrest_draw(st, s, b, BY_INVESTIGATION) < st.par[0].detection_arrest_investigated:
        arrest(st, s, NOBODY, t)


@kernel
def stop_target(st: State, v: int, j: int) -> int:
    """Return whom stop `j` of visit `v` picks: a buyer row, SELLER_CODE + seller slot, or NOBODY."""
    visit, key = st.visits[v], st.keys[0].detection_target
    best, chosen = math.inf, NOBODY
    b = st.places[visit.place].first_buyer
    while b != NOBODY:
        if st.buyers[b].act in (BuyerAct.WAITING, BuyerAct.DWELLING):
            score = exponential(key, visit.uid, option_index(j, st.buyers[b].uid % SELLER_CODE)) / notice(st, b)
            if score < best:
                best, chosen = score, b
        b = st.buyers[b].next
    s = st.places[visit.place].first_seller
    while s != NOBODY:
        if st.sellers[s].act == SellerAct.VISIBLE:
            score = exponential(key, visit.uid, option_index(j, SELLER_CODE + s))
            score = score / st.par[0].detection_seller_weight
            if score < best:
                best, chosen = score, SELLER_CODE + s
        s = st.sellers[s].next
    return chosen


@kernel
def stop_buyer(st: State, v: int, j: int, b: int, t: int) -> None:
    """Buyer `b` is stopped and searched, then goes."""
    par, buyer, visit = st.par[0], st.buyers[b], st.visits[v]
    offer_at_stop(st, b, t)
    u = uniform(st.keys[0].detection_hit, visit.uid, j)
    if buyer.carry_mg > 0 and u < par.detection_hit_carry:
        record_possession(st, buyer.uid, visit.place)
        seize_carried(st, b, visit.place)
        visit.incident = t
    elif u < par.detection_hit_use[buyer.type]:
        record_use(st, buyer.uid, visit.place)
        visit.incident = t
    if buyer.act == BuyerAct.WAITING:
        see_risk(st, b, Guardian.POLICE, 2.0)
        stop_waiting(st, b, t)
        leave(st, b, t)
        close_unmet(st, b, Fate.FAILED)
    else:
        leave(st, b, t)


@kernel
def stop_seller(st: State, v: int, j: int, s: int, t: int) -> None:
    """Seller `s` is stopped and searched."""
    par, seller, visit = st.par[0], st.sellers[s], st.visits[v]
    if uniform(st.keys[0].detection_hit, visit.uid, j) >= par.detection_hit_seller:
        return
    part = seize_stock(st, s, visit.place, carried_share(st, s, t // 1440))
    if part > 0:
        write_log(st, Log.SEIZED, seller.uid, visit.place, NOBODY, part)
    record_possession(st, seller.uid, visit.place)
    visit.incident = t
    if visit.may_arrest:
        u = uniform(st.keys[0].detection_arrest, seller.uid, np.uint64(visit.uid) * np.uint64(64) + np.uint64(j))
        if u < par.detection_arrest_stop:
            record_sale(st, seller.uid, visit.place)
            arrest(st, s, v, t)


@kernel
def on_stop(st: State, v: int, j: int, t: int) -> None:
    """Officers of visit `v` stop somebody in sight; outreach workers talk to a user."""
    visit = st.visits[v]
    if visit.state != VisitState.ON_SITE or t >= visit.end:
        return
    plan_stop(st, v, j + 1, t)
    target = stop_target(st, v, j)
    if target == NOBODY:
        return
    if not visit.may_search:
        if target < SELLER_CODE:
            meet_outreach(st, target, visit.place, t)
        return
    count_place(st, visit.place, PlaceTally.STOPS, 1)
    if target >= SELLER_CODE:
        s = target - SELLER_CODE
        write_log(st, Log.STOP, visit.uid, visit.place, st.sellers[s].uid, j)
        stop_seller(st, v, j, s, t)
    else:
        write_log(st, Log.STOP, visit.uid, visit.place, st.buyers[target].uid, j)
        stop_buyer(st, v, j, target, t)


@kernel
def on_stash(st: State, v: int, t: int) -> None:
    """Officers of visit `v` search the place for stashes."""
    visit, d = st.visits[v], t // 1440
    if visit.state != VisitState.ON_SITE:
        return
    s = st.places[visit.place].first_seller
    while s != NOBODY:
        seller = st.sellers[s]
        if uniform(st.keys[0].detection_stash, seller.uid, visit.uid) < visit.stash:
            share = st.par[0].detection_stash_found * (1.0 - carried_share(st, s, d))
            part = seize_stock(st, s, visit.place, share)
            write_log(st, Log.SEIZED, seller.uid, visit.place, NOBODY, part)
            debt_violence(st, s, visit.place, t)
            visit.incident = t
        seller.wary_until = d + math.floor(st.par[0].detection_wary_days)
        s = seller.next


@entry
def midnight(st: State, d: int) -> None:
    """Cases against listed sellers come to an arrest; who is on the list is drawn anew each 30 days."""
    size, n = st.levers[0].target_list, 0
    if size <= 0.0:
        return
    for s in range(len(st.sellers)):
        n += 1 if st.sellers[s].kind == SellerKind.NETWORK else 0
    for s in range(len(st.sellers)):
        seller = st.sellers[s]
        if seller.kind == SellerKind.NETWORK and seller.status == Status.FREE:
            listed = uniform(st.keys[0].detection_listed, seller.uid, d // 30) < size / n
            if listed and uniform(st.keys[0].detection_case, seller.uid, d) < st.par[0].detection_list_year / 365:
                count_city(st, CityTally.LISTED_ARRESTS, 1)
                arrest(st, s, NOBODY, 1440 * d)
