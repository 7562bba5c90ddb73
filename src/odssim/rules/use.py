"""use: what is bought is used; some overdose, some quit, some become dependent.

Rule
    What a buyer carries is used when he leaves the scene, what is delivered at once. Heroin use carries a
    chance of overdose and death, higher after care or prison and when the seller is a new one, as after an
    arrest or a seizure. Once a month buyers may quit or become dependent; a newcomer takes the
    empty place after a time, so that the number of buyers stays about the same.
Formula
    monthly chance = yearly hazard / 12; newcomer after an exponential time.
Reads
    buyers.{uid, rate, status_until, seller, status, type, substance, act, need_i, need_substance, care,
    care_day, need_day, income, wallet, known, stranger}, calendar.dom, levers.{first_use, escalation}.
Writes
    buyers.{uid, rate, status_until, status, type, last_kind, care, care_day, credit_day, income, wallet,
    seen_day, avail, risk, wait, price, contact, contact_avail}; tally consumed_mg.
Draws
    use.overdose, use.death, use.course, use.relapse, recruitment.newcomer, use.substitution,
    use.substitution_deadline.
Sources
    Remission A31, escalation A30, deaths A35, substitution B15 and row 24.
Limits
    No tolerance but for the weeks after care or prison. A newcomer is assumed to fill each empty place.
"""

import math

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.core.rng import exponential, uniform
from odssim.rules.recording import background_check
from odssim.world.codes import CityTally, Log
from odssim.world.columns import BUYER_TYPES, N_BANDS, N_CONTACTS, N_KNOWN, NOBODY, SUBSTANCES, BuyerAct, Care, Status
from odssim.world.fetch import AHEAD, fetch_head
from odssim.world.queue import count_city, write_log
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("use.overdose", "use.death", "use.course", "use.relapse", "use.substitution", "use.substitution_deadline")
SUBSTITUTE = (1, 0, 1, 1)
"""What a buyer turns to when his substance is missing, by substance (B15); assumption."""
HEROIN = SUBSTANCES.index("heroin")
DEPENDENT = BUYER_TYPES.index("dependent")


@kernel
def vacate(st: State, b: int, d: int) -> None:
    """Buyer `b` leaves for good; a newcomer may follow."""
    buyer = st.buyers[b]
    gap = st.par[0].recruitment_newcomer_days * exponential(st.keys[0].recruitment_newcomer, buyer.uid, d)
    buyer.status, buyer.care = Status.VACANT, Care.NONE
    buyer.status_until = d + 1 + math.floor(gap)


@kernel
def consume(st: State, b: int, mg: int, t: int) -> None:
    """Buyer `b` uses `mg` of what the open need bought."""
    par, buyer = st.par[0], st.buyers[b]
    count_city(st, CityTally.CONSUMED_MG, mg)
    if mg <= 0:
        return
    need = buyer.need_day * 16 + buyer.need_i
    if buyer.need_substance == HEROIN:
        share = par.use_overdose_share
        if buyer.care_day > 0 and buyer.care == Care.NONE:
            if t // 1440 - buyer.care_day < par.treatment_return_days:
                share = share * par.treatment_return_factor
        if buyer.stranger:
            share = share * par.use_stranger_factor
        if uniform(st.keys[0].use_overdose, buyer.uid, need) < share:
            count_city(st, CityTally.OVERDOSES, 1)
            write_log(st, Log.OVERDOSE, buyer.uid, NOBODY, NOBODY, 0)
            if uniform(st.keys[0].use_death, buyer.uid, need) < par.use_death_share:
                count_city(st, CityTally.DEATHS, 1)
                write_log(st, Log.DEATH, buyer.uid, NOBODY, NOBODY, 0)
                vacate(st, b, t // 1440)
    if buyer.status == Status.FREE:
        background_check(st, b)


@kernel
def change_type(st: State, b: int, new: int) -> None:
    """Give buyer `b` another type: needs and income scale with the types' mean rates."""
    rates, buyer = st.par[0].need_rate_month, st.buyers[b]
    ratio = rates[new] / rates[buyer.type]
    buyer.rate = buyer.rate * ratio
    buyer.income = math.floor(buyer.income * ratio)
    buyer.type = new


@kernel
def course(st: State, b: int, d: int) -> None:
    """Monthly chance that buyer `b` quits or becomes dependent."""
    par, buyer = st.par[0], st.buyers[b]
    u = uniform(st.keys[0].use_course, buyer.uid, d)
    if buyer.type == DEPENDENT:
        quits = u < par.use_remission_year[buyer.substance] / 12.0
    elif u < par.use_escalation_year[buyer.substance] / 12.0 * (1.0 - min(1.0, st.levers[0].escalation)):
        quits = False
        change_type(st, b, DEPENDENT)
        count_city(st, CityTally.ESCALATIONS, 1)
    else:
        quits = u > 1.0 - par.use_quit_year[buyer.type] / 12.0
    if quits:
        count_city(st, CityTally.QUITS, 1)
        vacate(st, b, d)


@kernel
def newcomer(st: State, b: int, d: int) -> None:
    """A newcomer takes the place of a buyer who left."""
    par, buyer = st.par[0], st.buyers[b]
    uid = buyer.uid + 2**32
    followed = buyer.type == DEPENDENT and uniform(st.keys[0].use_relapse, uid, d) < par.use_relapse_share
    if not followed and uniform(st.keys[0].recruitment_averted, uid, d) < st.levers[0].first_use:
        count_city(st, CityTally.FIRST_USERS_AVERTED, 1)
        vacate(st, b, d)
        return
    buyer.uid = uid
    buyer.status, buyer.care_day = Status.FREE, 0
    if buyer.type == DEPENDENT and not followed:
        change_type(st, b, 0)
    if buyer.type == 0:
        count_city(st, CityTally.FIRST_USERS, 1)
    count_city(st, CityTally.WALLET_LEFT_ORE, buyer.wallet)
    buyer.wallet, buyer.credit_day, buyer.last_kind = 0, d, 0
    for k in range(N_KNOWN):
        if buyer.known[k] != NOBODY:
            buyer.risk[k], buyer.wait[k] = 0.0, par.belief_prior_wait_min
            buyer.price[k], buyer.seen_day[k] = par.pricing_reference_sek_g[buyer.substance] * 100.0, d
            for z in range(N_BANDS):
                buyer.avail[k * N_BANDS + z] = par.belief_prior
    for c in range(N_CONTACTS):
        buyer.contact[c], buyer.contact_avail[c] = NOBODY, 0.0


@entry
def midnight(st: State, d: int) -> None:
    """Ends of custody, newcomers, and on the first of a month the course of use."""
    first = st.calendar[d].dom == 1
    for b in range(len(st.buyers)):
        fetch_head(st.buyers, b + AHEAD)
        buyer = st.buyers[b]
        if buyer.status == Status.FREE:
            if first and buyer.act == BuyerAct.IDLE and buyer.seller == NOBODY:
                course(st, b, d)
        elif buyer.status_until <= d:
            if buyer.status == Status.CUSTODY:
                buyer.status = Status.FREE
                buyer.care_day = buyer.care_day if buyer.care == Care.ASKED else d
            elif buyer.status == Status.VACANT:
                newcomer(st, b, d)
