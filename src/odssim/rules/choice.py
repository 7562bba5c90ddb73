"""choice: which known place, which contact, wait, or do without.

Rule
    A buyer with a need weighs what he knows: the chance to get it, the travel and the wait, the price,
    the risk, the discomfort of a public scene or of a stranger at the door. Often he simply goes where
    it worked last time; now and then he tries a new place.
Formula
    V = (availability * value - full price) / scale (Moore 1973: money, time, risk); choice by race.
Reads
    buyers.{uid, type, substance, act, last_kind, last_slot, attempt, need_i, need_substance, tried, until,
    need_day, deadline, home, routine, basket_mg, risk_aversion, known, seen_day, avail, risk, wait, price,
    contact, contact_avail}, sellers.substance, places.closed, calendar.weekday, tables.{substance_on,
    substitute}; fade.
Writes
    buyers.{act, slot, attempt, need_substance, tried, until, place, deadline, contact_avail}.
Draws
    choice.option, choice.loyalty, choice.explore, choice.explore_place, choice.postpone, choice.deadline.
Sources
    Loyalty row 32 (B20, A21); time value row 22; search time row 23 (B16).
Limits
    A buyer does not know who is at a place before he arrives.
"""

import math

import numpy as np

from odssim.core.compiled import kernel
from odssim.core.declare import declared
from odssim.core.rng import normal, race_score, spread_minutes, uniform
from odssim.rules.belief import band_of, slot_of
from odssim.rules.explore import explore, option_index, travel
from odssim.rules.selling import accepts_call, take_order
from odssim.world.codes import CityTally, Event, Fate, Log
from odssim.world.columns import MAX_ATTEMPTS, N_BANDS, N_CONTACTS, N_KNOWN, NOBODY, BuyerAct
from odssim.world.queue import close_need, count_city, push, write_log
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("choice.option", "choice.loyalty", "choice.explore", "choice.explore_place", "choice.postpone", "choice.deadline")
CODE_CONTACT, CODE_EXPLORE, CODE_WAIT, CODE_WITHOUT = 2**30, 2**30 - 1, 3 * 2**30, 3 * 2**30 + 1
NOTHING = -1


@kernel
def need_index(st: State, b: int) -> int:
    """Return the natural index of buyer `b`'s open need."""
    return st.buyers[b].need_day * 16 + st.buyers[b].need_i


@kernel
def try_index(st: State, b: int) -> int:
    """Return the natural index of the current attempt."""
    return need_index(st, b) * 16 + st.buyers[b].attempt


@kernel
def origin(st: State, b: int, t: int) -> int:
    """Return where buyer `b` is when nothing else is known: at the day's routine place or at home."""
    hour = t % 1440 // 60
    if st.calendar[t // 1440].weekday < 5 and 8 <= hour < 17:
        return st.buyers[b].routine
    return st.buyers[b].home


@kernel
def search_deadline(st: State, b: int, key: np.uint64, share: float, t: int) -> int:
    """Return the minute at which buyer `b` gives up, `share` of the usual time from now."""
    par, buyer = st.par[0], st.buyers[b]
    z = normal(key, buyer.uid, need_index(st, b))
    median = par.choice_search_max_min[buyer.type] * share
    return t + spread_minutes(median, par.choice_search_max_sigma, z)


@kernel
def place_utility(st: State, b: int, k: int, start: int, t: int, sek_min: float, sek_price: float) -> float:
    """Return the utility of going from place `start` to the place in slot `k`.

    `sek_min` is what a minute costs the buyer, `sek_price` what an öre per gram does.
    """
    par, buyer = st.par[0], st.buyers[b]
    fade = st.fade[t // 1440 - buyer.seen_day[k]]
    prior = par.belief_prior
    avail = prior + (buyer.avail[k * N_BANDS + band_of(t)] - prior) * fade
    ref = par.pricing_reference_sek_g[buyer.need_substance] * 100.0
    cost = (
        sek_min * (travel(st, start, buyer.known[k]) + buyer.wait[k])
        + sek_price * (buyer.price[k] - ref)
        + buyer.risk_aversion * buyer.risk[k] * fade * par.choice_risk_sek
        + par.choice_open_discomfort_sek[buyer.type]
    )
    return (avail * par.choice_value_sek[buyer.type] - cost) * (1.0 / par.choice_scale_sek)


@kernel
def contact_utility(st: State, b: int, c: int) -> float:
    """Return the utility of calling contact `c`."""
    par, buyer = st.par[0], st.buyers[b]
    cost = par.choice_time_value_sek_h / 60 * par.selling_delivery_min + par.choice_hidden_discomfort_sek[buyer.type]
    return (buyer.contact_avail[c] * par.choice_value_sek[buyer.type] - cost) * (1.0 / par.choice_scale_sek)


@kernel
def explore_utility(st: State, b: int, start: int, p: int) -> float:
    """Return the utility of trying the unknown place `p`."""
    par, buyer = st.par[0], st.buyers[b]
    minutes = travel(st, start, p) + par.belief_prior_wait_min
    cost = par.choice_time_value_sek_h / 60 * minutes + par.choice_open_discomfort_sek[buyer.type]
    return (par.belief_prior * par.choice_value_sek[buyer.type] - cost) * (1.0 / par.choice_scale_sek)


@kernel
def callable_contact(st: State, b: int, c: int) -> bool:
    """Whether contact `c` exists and sells what is needed."""
    s = st.buyers[b].contact[c]
    return s != NOBODY and st.sellers[s].substance == st.buyers[b].need_substance


@kernel
def open_slot(st: State, b: int, k: int) -> bool:
    """Whether buyer `b` knows a place in slot `k` that is not closed."""
    p = st.buyers[b].known[k]
    return p != NOBODY and st.places[p].closed == 0


@kernel
def loyal_option(st: State, b: int) -> int:
    """Return the option index (see `race`) of the source that worked last, or NOTHING."""
    buyer = st.buyers[b]
    if buyer.attempt != 0 or buyer.last_kind == 0:
        return NOTHING
    if uniform(st.keys[0].choice_loyalty, buyer.uid, need_index(st, b)) >= st.par[0].choice_loyalty:
        return NOTHING
    k = buyer.last_slot
    if buyer.last_kind == 1:
        return k if open_slot(st, b, k) else NOTHING
    return N_KNOWN + k if callable_contact(st, b, k) else NOTHING


OPTION_EXPLORE = N_KNOWN + N_CONTACTS
OPTION_WAIT = OPTION_EXPLORE + 1
OPTION_WITHOUT = OPTION_EXPLORE + 2


@kernel
def explored_place(st: State, b: int, start: int) -> int:
    """Return the unknown place that this attempt considers, or NOBODY."""
    buyer, index = st.buyers[b], try_index(st, b)
    if uniform(st.keys[0].choice_explore, buyer.uid, index) >= st.par[0].choice_explore_share:
        return NOBODY
    p = explore(st, st.keys[0].choice_explore_place, buyer.uid, index, start)
    return NOBODY if p == NOBODY or slot_of(st, b, p) != NOBODY else p


@kernel
def race(st: State, b: int, start: int, explored: int, t: int) -> int:
    """Return the chosen option: slot k, N_KNOWN + contact, or one of the OPTION_ constants."""
    par, buyer, key = st.par[0], st.buyers[b], st.keys[0].choice_option
    uid, index = buyer.uid, try_index(st, b)
    sek_min, sek_price = par.choice_time_value_sek_h / 60, buyer.basket_mg / 100000
    best, chosen = math.inf, OPTION_WITHOUT
    for k in range(N_KNOWN):
        if open_slot(st, b, k) and not (buyer.tried >> k) & 1:
            v = place_utility(st, b, k, start, t, sek_min, sek_price)
            score = race_score(key, uid, option_index(index, buyer.known[k]), v, best)
            if score < best:
                best, chosen = score, k
    for c in range(N_CONTACTS):
        if callable_contact(st, b, c) and not (buyer.tried >> (N_KNOWN + c)) & 1:
            v = contact_utility(st, b, c)
            code = CODE_CONTACT + buyer.contact[c]
            score = race_score(key, uid, option_index(index, code), v, best)
            if score < best:
                best, chosen = score, N_KNOWN + c
    if explored != NOBODY:
        v = explore_utility(st, b, start, explored)
        score = race_score(key, uid, option_index(index, CODE_EXPLORE), v, best)
        if score < best:
            best, chosen = score, OPTION_EXPLORE
    if buyer.deadline - t > par.choice_postpone_min:
        v = par.choice_postpone_utility[buyer.type]
        score = race_score(key, uid, option_index(index, CODE_WAIT), v, best)
        if score < best:
            best, chosen = score, OPTION_WAIT
    v = par.choice_without_utility[buyer.type]
    score = race_score(key, uid, option_index(index, CODE_WITHOUT), v, best)
    return OPTION_WITHOUT if score < best else chosen


@kernel
def close_unmet(st: State, b: int, fate: int) -> None:
    """Close the open need without a purchase."""
    count_city(st, CityTally.FAILED_NEEDS if fate == Fate.FAILED else CityTally.FORGONE_NEEDS, 1)
    close_need(st, b, st.buyers[b].need_day, st.buyers[b].need_i, fate, NOBODY, NOBODY, 0, 0)
    st.buyers[b].act = BuyerAct.IDLE


@kernel
def switches(st: State, b: int, t: int) -> bool:
    """Whether buyer `b`, who failed, turns to another substance; then the search starts anew."""
    buyer = st.buyers[b]
    other = st.tables[0].substitute[buyer.substance]
    if buyer.need_substance != buyer.substance or not st.tables[0].substance_on[other]:
        return False
    if uniform(st.keys[0].use_substitution, buyer.uid, need_index(st, b)) >= st.par[0].use_substitution_share:
        return False
    buyer.need_substance, buyer.attempt, buyer.tried = other, 0, 0
    buyer.deadline = search_deadline(st, b, st.keys[0].use_substitution_deadline, 0.5, t)
    return True


@kernel
def set_out(st: State, b: int, start: int, p: int, slot: int, code: int, t: int) -> None:
    """Buyer `b` sets out for place `p`."""
    buyer = st.buyers[b]
    write_log(st, Log.CHOICE, buyer.uid, p, code, buyer.attempt)
    buyer.act, buyer.place, buyer.slot = BuyerAct.TRAVELLING, p, slot
    buyer.until = t + travel(st, start, p)
    push(st, buyer.until, Event.ARRIVE, b, 0)


@kernel
def refuse_contact(st: State, b: int, c: int) -> None:
    """Contact `c` could not deliver: learn, and count the attempt."""
    buyer = st.buyers[b]
    buyer.contact_avail[c] -= st.par[0].belief_learn * buyer.contact_avail[c]
    buyer.tried |= 1 << (N_KNOWN + c)
    buyer.attempt += 1


@kernel
def call(st: State, b: int, c: int, t: int) -> bool:
    """Buyer `b` calls contact `c`; return whether a delivery is under way."""
    buyer = st.buyers[b]
    s = buyer.contact[c]
    write_log(st, Log.CHOICE, buyer.uid, NOBODY, CODE_CONTACT + s, buyer.attempt)
    if not accepts_call(st, s, t):
        refuse_contact(st, b, c)
        return False
    buyer.act, buyer.slot = BuyerAct.AWAITING_DELIVERY, c
    buyer.until = take_order(st, s, buyer.uid, try_index(st, b), t)
    push(st, buyer.until, Event.DELIVERY, b, 0)
    return True


@kernel
def postpone(st: State, b: int, t: int) -> None:
    """Buyer `b` waits for a better moment."""
    buyer = st.buyers[b]
    write_log(st, Log.CHOICE, buyer.uid, NOBODY, CODE_WAIT, buyer.attempt)
    u = uniform(st.keys[0].choice_postpone, buyer.uid, try_index(st, b))
    buyer.act, buyer.tried = BuyerAct.POSTPONED, 0
    buyer.attempt += 1
    buyer.until = t + 30 + math.floor(u * st.par[0].choice_postpone_min)
    push(st, buyer.until, Event.RETRY, b, 0)


@kernel
def choose(st: State, b: int, start: int, t: int) -> None:
    """Buyer `b`, at place `start`, decides until he is under way or the need is closed."""
    buyer = st.buyers[b]
    while True:
        if buyer.attempt >= MAX_ATTEMPTS or t >= buyer.deadline:
            if switches(st, b, t):
                continue
            close_unmet(st, b, Fate.FAILED)
            return
        count_city(st, CityTally.CHOICES, 1)
        option, explored = loyal_option(st, b), NOBODY
        if option == NOTHING:
            explored = explored_place(st, b, start)
            option = race(st, b, start, explored, t)
        if option < N_KNOWN:
            set_out(st, b, start, buyer.known[option], option, buyer.known[option], t)
            return
        if option == OPTION_EXPLORE:
            set_out(st, b, start, explored, NOBODY, CODE_EXPLORE, t)
            return
        if option == OPTION_WAIT:
            postpone(st, b, t)
            return
        if option == OPTION_WITHOUT:
            write_log(st, Log.CHOICE, buyer.uid, NOBODY, CODE_WITHOUT, buyer.attempt)
            close_unmet(st, b, Fate.FORGONE)
            return
        if call(st, b, option - N_KNOWN, t):
            return


@kernel
def on_retry(st: State, b: int, t: int) -> None:
    """A postponed attempt comes due."""
    buyer = st.buyers[b]
    if buyer.act == BuyerAct.POSTPONED and buyer.until == t:
        choose(st, b, origin(st, b, t), t)
