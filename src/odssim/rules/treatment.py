"""treatment: from contact to care, how long it lasts, and what follows.

Rule
    Dependent users ask for care by themselves, when outreach workers meet them at a scene, or when the
    police offer it at a stop; women are reached less. Who has asked waits for assessment and for a place,
    or gives up. Care lasts while it holds: many leave in the first year, fewer later; some who leave have
    recovered, the others buy again and run a higher risk of overdose for some weeks. Care by law takes
    some without asking.
Formula
    stay from retention at 12 and 36 months, piecewise exponential; the longest waiting come first.
Reads
    buyers.{uid, status_until, seller, status, type, act, sex, care, care_day}, levers.{care_places,
    compulsory_year, referral, acceptance, women_reach}, clock.care_base.
Writes
    buyers.{status_until, status, care, care_day}, clock.care_base.
Draws
    treatment.since, treatment.seek, treatment.accept, treatment.referral, treatment.give_up,
    treatment.stay, treatment.recovered, treatment.compulsory, treatment.death.
Sources
    Retention A32; mortality and risk after care A34; outreach A36; police referral A37; care by law F9.
Limits
    One kind of care for all substances; who is away at the start is in care on day 0 and his place is the
    base capacity. Nobody buys while in care.
"""

import math

import numpy as np

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.core.rng import draw_word, exponential, uniform
from odssim.rules.use import DEPENDENT, vacate
from odssim.world.codes import CityTally, Log, PlaceTally
from odssim.world.columns import NOBODY, BuyerAct, Care, Status
from odssim.world.fetch import AHEAD, fetch_head
from odssim.world.queue import count_city, count_place, write_log
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("treatment.since", "treatment.seek", "treatment.accept", "treatment.referral", "treatment.give_up",
         "treatment.stay", "treatment.recovered", "treatment.compulsory", "treatment.death")  # fmt: skip


@kernel
def first_year(st: State) -> float:
    """Return the hazard of leaving in the first year, summed over that year."""
    return -math.log(st.par[0].treatment_retention_12)


@kernel
def two_years(st: State) -> float:
    """Return the hazard of leaving in the second and third year, summed over both."""
    return -math.log(min(0.999, st.par[0].treatment_retention_36 / st.par[0].treatment_retention_12))


@kernel
def later_days(st: State, x: float) -> int:
    """Return the days, after the first year, until the summed hazard of leaving reaches `x`."""
    return 1 + math.floor(min(7300.0, 730.0 * x / two_years(st)))


@kernel
def stay_days(st: State, b: int, d: int, past_first_year: bool) -> int:
    """Return how long buyer `b` will stay from day `d` on, who enters care then or has been there for a year."""
    x = exponential(st.keys[0].treatment_stay, st.buyers[b].uid, d)
    if past_first_year:
        return later_days(st, x)
    if x < first_year(st):
        return 1 + math.floor(365.0 * x / first_year(st))
    return 365 + later_days(st, x - first_year(st))


@kernel
def in_care_for_a_year(st: State, b: int, d: int) -> bool:
    """Return whether buyer `b`, found in care on day `d`, entered more than a year ago, as most did."""
    first = 365.0 * (1.0 - st.par[0].treatment_retention_12) / first_year(st)
    later = 730.0 * st.par[0].treatment_retention_12 / two_years(st)
    return uniform(st.keys[0].treatment_since, st.buyers[b].uid, d) >= first / (first + later)


@kernel
def ask(st: State, b: int, d: int) -> None:
    """Dependent buyer `b` asks for care, unless he has already."""
    buyer = st.buyers[b]
    if buyer.care == Care.NONE and buyer.type == DEPENDENT:
        buyer.care, buyer.care_day = Care.ASKED, d
        count_city(st, CityTally.CARE_ASKED, 1)
        write_log(st, Log.ASKED, buyer.uid, NOBODY, NOBODY, 0)


@kernel
def within_reach(st: State, b: int) -> float:
    """Return the share of meetings with persons like buyer `b` in which they can be talked to."""
    if st.buyers[b].sex != 0:
        return 1.0
    reached = st.par[0].treatment_woman_reached
    return reached + (1.0 - reached) * min(1.0, st.levers[0].women_reach)


@kernel
def meet_outreach(st: State, b: int, p: int, t: int) -> None:
    """An outreach worker meets buyer `b` at place `p`."""
    buyer = st.buyers[b]
    count_place(st, p, PlaceTally.CARE_CONTACTS, 1)
    write_log(st, Log.CONTACT, buyer.uid, p, NOBODY, 0)
    note_woman(st, b)
    share = st.par[0].treatment_accept_share + st.levers[0].acceptance
    if uniform(st.keys[0].treatment_accept, buyer.uid, t) < share * within_reach(st, b):
        ask(st, b, t // 1440)


@kernel
def note_woman(st: State, b: int) -> None:
    """Count a woman whom the police or outreach workers have met."""
    if st.buyers[b].sex == 0:
        count_city(st, CityTally.WOMEN_SEEN, 1)


@kernel
def offer_at_stop(st: State, b: int, t: int) -> None:
    """Police who have stopped buyer `b` offer care."""
    note_woman(st, b)
    if uniform(st.keys[0].treatment_referral, st.buyers[b].uid, t) < st.levers[0].referral:
        ask(st, b, t // 1440)


@kernel
def enter_care(st: State, b: int, d: int, days: int, care: int) -> None:
    """Buyer `b` enters care for `days` days."""
    buyer = st.buyers[b]
    buyer.status, buyer.status_until, buyer.care = Status.IN_CARE, d + days, care
    count_city(st, CityTally.CARE_COMPELLED if care == Care.COMPELLED else CityTally.CARE_ENTRIES, 1)
    write_log(st, Log.CARE_ENTRY, buyer.uid, NOBODY, NOBODY, days)


@kernel
def leave_care(st: State, b: int, d: int) -> None:
    """Buyer `b` leaves care: recovered, or to buy again."""
    buyer = st.buyers[b]
    buyer.care, buyer.care_day = Care.NONE, d
    if uniform(st.keys[0].treatment_recovered, buyer.uid, d) < st.par[0].treatment_recovered_share:
        count_city(st, CityTally.RECOVERIES, 1)
        vacate(st, b, d)
        return
    buyer.status = Status.FREE
    count_city(st, CityTally.CARE_RETURNS, 1)
    write_log(st, Log.CARE_RETURN, buyer.uid, NOBODY, NOBODY, 0)


@kernel
def day_in_care(st: State, b: int, d: int) -> int:
    """A day of buyer `b` in care; return 1 if he holds one of the places that people ask for."""
    buyer = st.buyers[b]
    if buyer.status_until <= d:
        leave_care(st, b, d)
        return 0
    if uniform(st.keys[0].treatment_death, buyer.uid, d) < st.par[0].treatment_death_year / 365:
        count_city(st, CityTally.DEATHS, 1)
        write_log(st, Log.DEATH, buyer.uid, NOBODY, NOBODY, 0)
        vacate(st, b, d)
        return 0
    count_city(st, CityTally.IN_CARE, 1)
    return 0 if buyer.care == Care.COMPELLED else 1


@kernel
def day_outside(st: State, b: int, d: int, compelled: float) -> bool:
    """A day of dependent buyer `b` outside care; return whether he waits for a place and may take it today."""
    par, keys, buyer = st.par[0], st.keys[0], st.buyers[b]
    at_rest = buyer.act == BuyerAct.IDLE and buyer.seller == NOBODY
    if at_rest and uniform(keys.treatment_compulsory, buyer.uid, d) < compelled:
        enter_care(st, b, d, math.floor(par.treatment_compulsory_days), Care.COMPELLED)
        return False
    if buyer.care == Care.NONE:
        if uniform(keys.treatment_seek, buyer.uid, d) < par.treatment_seek_year / 365:
            ask(st, b, d)
    elif uniform(keys.treatment_give_up, buyer.uid, d) < par.treatment_give_up_day:
        buyer.care, buyer.care_day = Care.NONE, 0
    if buyer.care != Care.ASKED:
        return False
    count_city(st, CityTally.CARE_WAITING, 1)
    return at_rest and d - buyer.care_day >= par.treatment_wait_days


@kernel
def serve(st: State, waiting: np.ndarray, free: int, d: int) -> None:
    """Give the free places to those who have waited longest, smallest hash first among equals."""
    keys = np.empty(len(waiting), dtype=np.uint64)
    for i in range(len(waiting)):
        buyer = st.buyers[waiting[i]]
        chance = draw_word(st.keys[0].order, buyer.uid, 1440 * d) >> np.uint64(16)
        keys[i] = (np.uint64(buyer.care_day) << np.uint64(48)) | chance
    order = np.argsort(keys)
    for i in range(min(free, len(waiting))):
        b = waiting[order[i]]
        enter_care(st, b, d, stay_days(st, b, d, False), Care.NONE)


@kernel
def admit_away(st: State, d: int) -> None:
    """Who is away at the start is in care; those places are the base capacity."""
    for b in range(len(st.buyers)):
        buyer = st.buyers[b]
        if buyer.status == Status.AWAY:
            buyer.status, buyer.status_until = Status.IN_CARE, d + stay_days(st, b, d, in_care_for_a_year(st, b, d))
            st.clock[0].care_base += 1


@kernel
def chance_by_law(st: State) -> float:
    """Return the chance of care by law for a dependent buyer today."""
    if st.levers[0].compulsory_year <= 0.0:
        return 0.0
    dependents = 0
    for b in range(len(st.buyers)):
        if st.buyers[b].status == Status.FREE and st.buyers[b].type == DEPENDENT:
            dependents += 1
    return st.levers[0].compulsory_year / 365 / max(1, dependents)


@entry
def midnight(st: State, d: int) -> None:
    """Ends of care, deaths in care, asking, giving up, care by law; then the free places are given out."""
    if d == 0:
        admit_away(st, d)
    compelled = chance_by_law(st)
    waiting, n, taken = np.empty(len(st.buyers), dtype=np.int64), 0, 0
    for b in range(len(st.buyers)):
        fetch_head(st.buyers, b + AHEAD)
        buyer = st.buyers[b]
        if buyer.status == Status.IN_CARE:
            taken += day_in_care(st, b, d)
        elif buyer.status == Status.FREE and buyer.type == DEPENDENT:
            if day_outside(st, b, d, compelled):
                waiting[n] = b
                n += 1
    free = math.floor(st.clock[0].care_base + st.levers[0].care_places) - taken
    serve(st, waiting[:n], max(0, free), d)
