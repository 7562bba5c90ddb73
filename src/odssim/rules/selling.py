"""selling: a seller's day: whether, where, when and by which channel; and how he meets guardians.

Rule
    Each night a seller weighs the places and times he knows, a new place, delivery by phone, other crime
    and a day off by what they earned and how risky they seem. At the place he hides when a guardian
    comes, waits it out of sight, and leaves when his patience ends; hour by hour he stays out of sight
    when experience says that a guardian is about to come.
Formula
    V = (expected gain - risk_aversion * perceived risk * loss) / scale; choice by race.
Reads
    sellers.{uid, stock, risk_aversion, busy_until, act, substance, kind, status, slot, emerging,
    saw_guardian, worked, plan, plan_slot, home, place, start, end, until, shift, pushes, plan_start,
    plan_end, shift_income, reserve, hours, hidden_profit, spot, profit, risk}, places.{closed, manager,
    first_visit, n_police, n_others}, visits.{uid, kind, next}.
Writes
    sellers.{busy_until, act, slot, emerging, saw_guardian, worked, plan, plan_slot, place, start, end, until,
    shift, pushes, plan_start, plan_end, turned_away, sold, shift_income, hidden_profit, spot, profit, risk},
    places.n_visible; the lists of sellers at places.
Draws
    selling.option, selling.explore, selling.explore_place, selling.explore_band, selling.start,
    selling.hide, selling.patience, selling.emerge, selling.push, selling.break, selling.delivery.
Sources
    Pay A25; hours A25 (weak); patience with a median of 8 min (row 45) and log-normal, not memoryless (D5).
Limits
    One channel at a time; no gangs or lookouts.
"""

import math

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.core.rng import normal, race_score, spread_minutes, uniform
from odssim.rules.belief import band_of
from odssim.rules.explore import explore, option_index, travel
from odssim.world.codes import CityTally, Event, Log, PlaceTally
from odssim.world.columns import N_BANDS, N_HOURS, N_SPOTS, NOBODY, Plan, SellerAct, Status
from odssim.world.fetch import fetch_head, fetch_row
from odssim.world.queue import count_city, count_place, enter_seller, push, remove_seller, wake, write_log
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("selling.option", "selling.explore", "selling.explore_place", "selling.explore_band",
         "selling.start", "selling.hide", "selling.patience", "selling.emerge", "selling.push",
         "selling.break", "selling.delivery")  # fmt: skip
BAND_START_H = (6, 14, 22)
BAND_HOURS = 8
CODE_EXPLORE, CODE_HIDDEN, CODE_OTHER, CODE_OFF = 100, 101, 102, 103
PUSH_RETURN, PUSH_HIDDEN, PUSH_HOME = 10, 11, 12


@kernel
def score_of(st: State, s: int, key: int, index: int, code: int, utility: float, best: float) -> float:
    """Return the race score of seller `s`'s option `code` if it beats `best`, else infinity."""
    return race_score(key, st.sellers[s].uid, option_index(index, code), utility, best)


@kernel
def usable_spot(st: State, s: int, k: int) -> bool:
    """Whether seller `s` has a place in spot `k` that is not closed."""
    p = st.sellers[s].spot[k]
    return p != NOBODY and st.places[p].closed == 0


@kernel
def band_risk(st: State, s: int, k: int, z: int) -> float:
    """Return the mean perceived risk over the hours of band `z` at spot `k`."""
    risk, total = st.sellers[s].risk, 0.0
    for i in range(BAND_HOURS):
        total += risk[k * N_HOURS + (BAND_START_H[z] + i) % N_HOURS]
    return total / BAND_HOURS


@kernel
def plan_explored(st: State, s: int, p: int) -> int:
    """Remember explored place `p` in the poorest spot of seller `s`; return the spot."""
    seller, prior = st.sellers[s], st.par[0].selling_prior_profit_sek_h
    worst, lowest = 0, math.inf
    for k in range(N_SPOTS):
        total = seller.profit[k * N_BANDS] + seller.profit[k * N_BANDS + 1] + seller.profit[k * N_BANDS + 2]
        if seller.spot[k] == NOBODY:
            total = -math.inf
        if total < lowest or (k == 0):
            worst, lowest = k, total
    seller.spot[worst] = p
    for z in range(N_BANDS):
        seller.profit[worst * N_BANDS + z] = prior
    for h in range(N_HOURS):
        seller.risk[worst * N_HOURS + h] = 0.0
    return worst


@kernel
def new_spot(st: State, s: int, d: int) -> int:
    """Return a place that seller `s` considers exploring on day `d`, or NOBODY."""
    seller, keys = st.sellers[s], st.keys[0]
    if uniform(keys.selling_explore, seller.uid, d) >= st.par[0].selling_explore_share:
        return NOBODY
    p = explore(st, keys.selling_explore_place, seller.uid, d, seller.home)
    for k in range(N_SPOTS):
        if seller.spot[k] == p:
            return NOBODY
    return p


@kernel
def choose_plan(st: State, s: int, d: int, explored: int) -> int:
    """Return the code of the plan that seller `s` makes for day `d`."""
    par, seller, key = st.par[0], st.sellers[s], st.keys[0].selling_option
    hours, best, chosen = seller.hours, math.inf, CODE_OFF
    aversion = seller.risk_aversion * par.selling_loss_sight_sek * hours
    for k in range(N_SPOTS):
        if usable_spot(st, s, k):
            way = seller.reserve * 2.0 * travel(st, seller.home, seller.spot[k]) / 60
            for z in range(N_BANDS):
                gain = (seller.profit[k * N_BANDS + z] - seller.reserve) * hours - way
                utility = (gain - aversion * band_risk(st, s, k, z)) / par.selling_scale_sek
                score = score_of(st, s, key, d, k * 3 + z, utility, best)
                if score < best:
                    best, chosen = score, k * 3 + z
    if explored != NOBODY:
        way = seller.reserve * 2.0 * travel(st, seller.home, explored) / 60
        utility = ((par.selling_prior_profit_sek_h - seller.reserve) * hours - way) / par.selling_scale_sek
        score = score_of(st, s, key, d, CODE_EXPLORE, utility, best)
        if score < best:
            best, chosen = score, CODE_EXPLORE
    gain = seller.hidden_profit * par.selling_hidden_hours - seller.reserve * hours
    utility = (gain + par.selling_hidden_ease_sek) / par.selling_scale_sek
    score = score_of(st, s, key, d, CODE_HIDDEN, utility, best)
    if score < best:
        best, chosen = score, CODE_HIDDEN
    score = score_of(st, s, key, d, CODE_OTHER, par.selling_other_utility[seller.kind], best)
    if score < best:
        best, chosen = score, CODE_OTHER
    score = score_of(st, s, key, d, CODE_OFF, par.selling_off_utility[seller.kind], best)
    return CODE_OFF if score < best else chosen


@kernel
def plan_day(st: State, s: int, d: int) -> None:
    """Seller `s` plans day `d`."""
    par, seller = st.par[0], st.sellers[s]
    explored = new_spot(st, s, d)
    code = choose_plan(st, s, d, explored)
    u = uniform(st.keys[0].selling_start, seller.uid, d)
    if code in (CODE_OFF, CODE_OTHER):
        seller.plan = Plan.OFF if code == CODE_OFF else Plan.OTHER
        if code == CODE_OTHER:
            count_city(st, CityTally.OTHER_CRIME_DAYS, 1)
        return
    if code == CODE_HIDDEN:
        seller.plan = Plan.HIDDEN
        start = 600 + math.floor(120.0 * u)
        seller.plan_end = 1440 * d + start + math.floor(60.0 * par.selling_hidden_hours)
    else:
        seller.plan = Plan.OPEN
        if code == CODE_EXPLORE:
            band = math.floor(3.0 * uniform(st.keys[0].selling_explore_band, seller.uid, d))
            seller.plan_slot = plan_explored(st, s, explored)
        else:
            seller.plan_slot, band = code // 3, code % 3
        room = max(0.0, 480.0 - 60.0 * seller.hours)
        start = BAND_START_H[band] * 60 + math.floor(u * room)
        seller.plan_end = 1440 * d + start + max(30, math.floor(60.0 * seller.hours))
    seller.plan_start = 1440 * d + start
    push(st, seller.plan_start, Event.SELLER_START, s, 0)


@kernel
def fetch_spots(st: State, s: int) -> None:
    """Fetch the places that seller `s`, whose row is there, will weigh."""
    seller = st.sellers[s]
    fetch_head(st.places, seller.home)
    for k in range(N_SPOTS):
        fetch_head(st.places, seller.spot[k])


@entry
def midnight(st: State, d: int) -> None:
    """Clear yesterday's counts and plan day `d`."""
    n = len(st.sellers)
    for s in range(n):
        fetch_row(st.sellers, s + 2)
        fetch_spots(st, min(s + 1, n - 1))
        seller = st.sellers[s]
        seller.sold, seller.turned_away, seller.worked, seller.pushes = 0, 0, 0, 0
        if seller.status == Status.FREE:
            plan_day(st, s, d)


@kernel
def hourly_look(st: State, s: int, t: int) -> None:
    """Seller `s` at his place stays in view, or out of sight if guardians are expected this hour."""
    par, seller = st.par[0], st.sellers[s]
    k = seller.slot
    fear = seller.risk[k * N_HOURS + t % 1440 // 60] * seller.risk_aversion * par.selling_loss_sight_sek
    pay = max(seller.profit[k * N_BANDS + band_of(t)], par.selling_prior_profit_sek_h)
    act = SellerAct.PAUSED if fear > pay else SellerAct.VISIBLE
    if seller.act == SellerAct.VISIBLE and act == SellerAct.PAUSED:
        st.places[seller.place].n_visible -= 1
    elif seller.act != SellerAct.VISIBLE and act == SellerAct.VISIBLE:
        st.places[seller.place].n_visible += 1
    seller.act = act


@kernel
def start_hiding(st: State, s: int, v: int, t: int) -> None:
    """Seller `s` is out of sight because of visit `v` until his patience ends."""
    par, seller = st.par[0], st.sellers[s]
    z = normal(st.keys[0].selling_patience, seller.uid, st.visits[v].uid)
    seller.emerging = 0
    seller.until = t + spread_minutes(par.selling_hide_min, par.selling_hide_sigma, z)
    push(st, seller.until, Event.HIDE_END, s, 0)


@kernel
def see_visit(st: State, s: int, v: int, t: int) -> None:
    """Seller `s`, in view or paused, sees visit `v`."""
    par, seller, visit = st.par[0], st.sellers[s], st.visits[v]
    seller.saw_guardian = 1
    i = seller.slot * N_HOURS + t % 1440 // 60
    seller.risk[i] += par.belief_see[visit.kind] * (1.0 - seller.risk[i])
    if seller.act == SellerAct.VISIBLE:
        if uniform(st.keys[0].selling_hide, seller.uid, visit.uid) < par.selling_hide_share[visit.kind]:
            seller.act = SellerAct.HIDING
            st.places[seller.place].n_visible -= 1
            start_hiding(st, s, v, t)
            write_log(st, Log.HIDE, seller.uid, seller.place, visit.uid, seller.until)


@kernel
def see_all_visits(st: State, s: int, t: int) -> None:
    """Seller `s` comes into view where guardians are: he sees them in order of uid until he hides."""
    seller, last = st.sellers[s], -1
    while seller.act == SellerAct.VISIBLE:
        v, smallest = NOBODY, 2**62
        w = st.places[seller.place].first_visit
        while w != NOBODY:
            if last < st.visits[w].uid < smallest:
                v, smallest = w, st.visits[w].uid
            w = st.visits[w].next
        if v == NOBODY:
            return
        see_visit(st, s, v, t)
        last = smallest


@kernel
def come_into_view(st: State, s: int, t: int) -> None:
    """Guardians on site are seen; if the seller stays in view, those who wait for him try again."""
    seller = st.sellers[s]
    see_all_visits(st, s, t)
    if seller.act == SellerAct.VISIBLE:
        wake(st, seller.place, seller.substance, t)


@kernel
def start_shift(st: State, s: int, x: int, t: int) -> bool:
    """Begin the shift that a plan (x = 0) or a move (x = its number) announced, if it still holds."""
    seller = st.sellers[s]
    if seller.status != Status.FREE:
        return False
    if x > 0:
        return seller.act == SellerAct.MOVING and seller.shift == x
    if seller.act != SellerAct.OFF or seller.plan_start != t or seller.plan not in (Plan.OPEN, Plan.HIDDEN):
        return False
    seller.shift += 1
    seller.end = seller.plan_end
    if seller.plan == Plan.OPEN:
        seller.slot = seller.plan_slot
        seller.place = seller.spot[seller.slot]
    return True


@kernel
def on_start(st: State, s: int, x: int, t: int) -> None:
    """A seller takes up his position, or goes on call."""
    seller = st.sellers[s]
    if not start_shift(st, s, x, t):
        return
    in_open = x > 0 or seller.plan == Plan.OPEN
    if seller.end <= t or (in_open and st.places[seller.place].closed):
        seller.act = SellerAct.OFF
        return
    if seller.worked == 0:
        seller.worked = 1
        count_city(st, CityTally.SELLERS_ACTIVE, 1)
    seller.start, seller.shift_income = t, 0
    push(st, seller.end, Event.SELLER_END, s, seller.shift)
    if x == 0 and seller.plan == Plan.HIDDEN:
        seller.act = SellerAct.ON_CALL
        write_log(st, Log.SHIFT_START, seller.uid, NOBODY, seller.shift, SellerAct.ON_CALL)
        return
    seller.saw_guardian = 0
    enter_seller(st, s, seller.place)
    seller.act = SellerAct.PAUSED
    hourly_look(st, s, t)
    push(st, t + 60 - t % 60, Event.SELLER_HOUR, s, seller.shift)
    if seller.act == SellerAct.VISIBLE:
        come_into_view(st, s, t)
    write_log(st, Log.SHIFT_START, seller.uid, seller.place, seller.shift, seller.act)


@kernel
def sent_off(st: State, s: int, t: int) -> bool:
    """Whether those who manage the place of seller `s` send him off this hour; he remembers it."""
    seller, place = st.sellers[s], st.places[st.sellers[s].place]
    u = uniform(st.keys[0].guardianship_manager, seller.uid, t // 60)
    if place.closed == 0 and u >= place.manager:
        return False
    i = seller.slot * N_HOURS + t % 1440 // 60
    seller.risk[i] += st.par[0].guardianship_manager_see * (1.0 - seller.risk[i])
    count_place(st, seller.place, PlaceTally.SENT_OFF, 1)
    write_log(st, Log.SENT_OFF, seller.uid, seller.place, NOBODY, 0)
    return True


@kernel
def on_hour(st: State, s: int, x: int, t: int) -> None:
    """At the full hour: learn from the hour that passed, look at the one that begins."""
    seller = st.sellers[s]
    here = seller.act == SellerAct.VISIBLE or seller.act == SellerAct.HIDING or seller.act == SellerAct.PAUSED
    if seller.shift != x or not here or t >= seller.end:
        return
    if seller.saw_guardian == 0:
        before = (t % 1440 // 60 + N_HOURS - 1) % N_HOURS
        seller.risk[seller.slot * N_HOURS + before] *= 1.0 - st.par[0].belief_clear
    place = st.places[seller.place]
    if sent_off(st, s, t):
        go_elsewhere(st, s, t)
        return
    seller.saw_guardian = 1 if place.n_police + place.n_others > 0 else 0
    if seller.act != SellerAct.HIDING:
        was = seller.act
        hourly_look(st, s, t)
        if was == SellerAct.PAUSED and seller.act == SellerAct.VISIBLE:
            come_into_view(st, s, t)
    push(st, t + 60, Event.SELLER_HOUR, s, seller.shift)


@kernel
def settle(st: State, s: int, t: int) -> None:
    """Learn from the takings of the shift that ends now."""
    par, seller = st.par[0], st.sellers[s]
    hours = (t - seller.start) / 60.0
    if seller.act != SellerAct.ON_CALL:
        count_place(st, seller.place, PlaceTally.SELLER_MIN, t - seller.start)
    if hours >= 0.25:
        rate = seller.shift_income / 100.0 * par.selling_margin_share / hours
        if seller.act == SellerAct.ON_CALL:
            seller.hidden_profit += par.selling_learn * (rate - seller.hidden_profit)
        elif seller.spot[seller.slot] == seller.place:
            band = band_of(seller.start)
            for z in range(N_BANDS):
                i = seller.slot * N_BANDS + z
                weight = par.selling_learn if z == band else par.selling_learn * par.selling_learn_other
                seller.profit[i] += weight * (rate - seller.profit[i])
    seller.shift_income = 0


@kernel
def leave_place(st: State, s: int) -> None:
    """Take seller `s` away from his place."""
    seller = st.sellers[s]
    if seller.act == SellerAct.VISIBLE:
        st.places[seller.place].n_visible -= 1
    remove_seller(st, s)


@kernel
def on_end(st: State, s: int, x: int, t: int) -> None:
    """End of a shift."""
    seller = st.sellers[s]
    if seller.shift != x or seller.act == SellerAct.OFF or seller.act == SellerAct.MOVING:
        return
    settle(st, s, t)
    place = NOBODY
    if seller.act != SellerAct.ON_CALL:
        place = seller.place
        leave_place(st, s)
    seller.act = SellerAct.OFF
    write_log(st, Log.SHIFT_END, seller.uid, place, seller.shift, 0)


@kernel
def on_emerge(st: State, s: int, t: int) -> None:
    """A hiding seller comes back into view after the guardian has gone."""
    seller = st.sellers[s]
    if seller.act == SellerAct.HIDING and seller.emerging == 1 and seller.until == t:
        hourly_look(st, s, t)
        if seller.act == SellerAct.VISIBLE:
            wake(st, seller.place, seller.substance, t)


@kernel
def push_utility(st: State, s: int, k: int, away_min: float, rem: int, t: int) -> float:
    """Return the utility of going on at spot `k` after `away_min` minutes, with `rem` minutes left."""
    par, seller = st.par[0], st.sellers[s]
    gain = (seller.profit[k * N_BANDS + band_of(t)] - seller.reserve) * max(0.0, rem - away_min) / 60.0
    risk = seller.risk_aversion * seller.risk[k * N_HOURS + t % 1440 // 60]
    return (gain - risk * par.selling_loss_sight_sek * rem / 60.0) / par.selling_scale_sek


@kernel
def choose_after_push(st: State, s: int, index: int, rem: int, t: int) -> int:
    """Return what a pushed seller does: a spot number, PUSH_RETURN, PUSH_HIDDEN or PUSH_HOME."""
    par, seller, key = st.par[0], st.sellers[s], st.keys[0].selling_push
    best, chosen = math.inf, PUSH_HOME
    for k in range(N_SPOTS):
        if k != seller.slot and usable_spot(st, s, k):
            away = float(travel(st, seller.place, seller.spot[k]))
            score = score_of(st, s, key, index, k, push_utility(st, s, k, away, rem, t), best)
            if score < best:
                best, chosen = score, k
    if usable_spot(st, s, seller.slot):
        utility = push_utility(st, s, seller.slot, par.selling_break_min, rem, t)
        score = score_of(st, s, key, index, PUSH_RETURN, utility, best)
        if score < best:
            best, chosen = score, PUSH_RETURN
    utility = (seller.hidden_profit - seller.reserve) * rem / 60.0 / par.selling_scale_sek
    score = score_of(st, s, key, index, PUSH_HIDDEN, utility, best)
    if score < best:
        best, chosen = score, PUSH_HIDDEN
    score = score_of(st, s, key, index, PUSH_HOME, 0.0, best)
    return PUSH_HOME if score < best else chosen


@kernel
def on_hide_end(st: State, s: int, t: int) -> None:
    """A hiding seller's patience ends."""
    seller = st.sellers[s]
    if seller.act == SellerAct.HIDING and seller.emerging == 0 and seller.until == t:
        go_elsewhere(st, s, t)


@kernel
def go_elsewhere(st: State, s: int, t: int) -> None:
    """A seller leaves his place when police or another guardian push: for elsewhere, a break, the phone or the day."""
    seller = st.sellers[s]
    seller.pushes += 1
    index = t // 1440 * 256 + seller.pushes
    code = choose_after_push(st, s, index, seller.end - t, t)
    write_log(st, Log.PUSHED, seller.uid, seller.place, NOBODY, code)
    settle(st, s, t)
    leave_place(st, s)
    seller.shift += 1
    if code == PUSH_HOME:
        seller.act = SellerAct.OFF
    elif code == PUSH_HIDDEN:
        seller.act, seller.start = SellerAct.ON_CALL, t
        push(st, max(t + 1, seller.end), Event.SELLER_END, s, seller.shift)
    else:
        seller.act = SellerAct.MOVING
        if code == PUSH_RETURN:
            u = uniform(st.keys[0].selling_break, seller.uid, index)
            back = t + 1 + math.floor(2.0 * st.par[0].selling_break_min * u)
        else:
            back = t + travel(st, seller.place, seller.spot[code])
            seller.slot = code
        seller.place = seller.spot[seller.slot]
        push(st, back, Event.SELLER_START, s, seller.shift)


@kernel
def emerge_later(st: State, s: int, v: int, t: int) -> None:
    """A hiding seller will come back soon after visit `v`, the last one there, has left at `t`."""
    seller = st.sellers[s]
    u = uniform(st.keys[0].selling_emerge, seller.uid, st.visits[v].uid)
    seller.emerging = 1
    seller.until = t + 1 + math.floor(st.par[0].selling_emerge_min * u)
    push(st, seller.until, Event.EMERGE, s, 0)


@kernel
def accepts_call(st: State, s: int, t: int) -> bool:
    """Whether who answers the number of slot `s` takes an order now; a number outlives its seller."""
    par, seller = st.par[0], st.sellers[s]
    if seller.status != Status.FREE or seller.act != SellerAct.ON_CALL:
        return False
    if seller.stock < par.purchase_min_mg:
        return False
    return max(seller.busy_until, t) - t <= par.selling_max_queue_min


@kernel
def take_order(st: State, s: int, buyer_uid: int, index: int, t: int) -> int:
    """Seller `s` takes an order; return the minute of delivery."""
    par, seller = st.par[0], st.sellers[s]
    seller.busy_until = max(seller.busy_until, t) + math.floor(par.selling_handling_min)
    z = normal(st.keys[0].selling_delivery, buyer_uid, index)
    return seller.busy_until + spread_minutes(par.selling_delivery_min, par.selling_delivery_sigma, z)
