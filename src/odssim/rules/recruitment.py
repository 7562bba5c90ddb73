"""recruitment: the place of an imprisoned seller is taken by another.

Rule
    A vacancy is filled after an exponential time. The newcomer takes over the crew's stock and places, half
    trusting what they earned, and has not yet seen any guardian. A user-seller is succeeded by an
    acquaintance who is dependent.
Formula
    gap = replace_days * Exp(1).
Reads
    buyers.{seller, status, type, substance, act, tie}, sellers.{uid, act, substance, kind, status,
    status_until, buyer, cash, profit, risk}, levers.{young_sellers, exits_year}.
Writes
    buyers.seller, sellers.{uid, act, kind, status, plan, status_until, buyer, order_day, wary_until, cash,
    profit, risk}.
Draws
    recruitment.replace, recruitment.newcomer, recruitment.averted, recruitment.young, recruitment.exit.
Sources
    Mean time to replace an arrested seller row 31: 10 (2-40) days.
Limits
    The young are not agents before they use or sell; programmes for them hold back newcomers.
"""

import math

import numpy as np

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.core.rng import exponential, uniform
from odssim.rules.supply import service_order
from odssim.rules.use import DEPENDENT
from odssim.world.codes import CityTally
from odssim.world.columns import N_TIES, NOBODY, BuyerAct, Plan, SellerAct, SellerKind, Status
from odssim.world.queue import count_city
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("recruitment.replace", "recruitment.newcomer", "recruitment.averted", "recruitment.young", "recruitment.exit")


@kernel
def successor(st: State, s: int) -> int:
    """Return the acquaintance of the former user-seller who takes over slot `s`, or NOBODY."""
    former = st.sellers[s].buyer
    if former != NOBODY:
        for i in range(N_TIES):
            b = st.buyers[former].tie[i]
            if b != NOBODY:
                buyer = st.buyers[b]
                ready = buyer.status == Status.FREE and buyer.act == BuyerAct.IDLE and buyer.seller == NOBODY
                if ready and buyer.type == DEPENDENT and buyer.substance == st.sellers[s].substance:
                    return b
    return NOBODY


@kernel
def fill_vacancy(st: State, s: int) -> None:
    """A newcomer takes over slot `s`."""
    seller, prior = st.sellers[s], st.par[0].selling_prior_profit_sek_h
    seller.uid += 2**32
    seller.status = Status.FREE
    if seller.kind == SellerKind.USER_SELLER:
        b = successor(st, s)
        seller.buyer = b
        if b == NOBODY:
            seller.kind = SellerKind.NETWORK
        else:
            st.buyers[b].seller = s
    if seller.cash < 0:
        count_city(st, CityTally.DEBT_WRITTEN_OFF_ORE, -seller.cash)
        seller.cash = 0
    for i in range(len(seller.profit)):
        seller.profit[i] = (seller.profit[i] + prior) / 2.0
    for i in range(len(seller.risk)):
        seller.risk[i] = 0.0
    seller.order_day, seller.wary_until, seller.act, seller.plan = NOBODY, 0, SellerAct.OFF, Plan.OFF
    count_city(st, CityTally.NEW_SELLERS, 1)


@kernel
def leave_slot(st: State, s: int, d: int) -> None:
    """Seller slot `s` stands empty until somebody is found."""
    seller = st.sellers[s]
    gap = st.par[0].recruitment_replace_days * exponential(st.keys[0].recruitment_replace, seller.uid, d)
    seller.status, seller.status_until = Status.VACANT, d + 1 + math.floor(gap)


@kernel
def young_averted(st: State, s: int, d: int) -> bool:
    """Whether the youth who would have become a runner is held back; the slot then stays empty longer."""
    seller = st.sellers[s]
    if seller.kind != SellerKind.RUNNER:
        return False
    if uniform(st.keys[0].recruitment_young, seller.uid + 2**32, d) >= st.levers[0].young_sellers:
        return False
    count_city(st, CityTally.YOUNG_SELLERS_AVERTED, 1)
    leave_slot(st, s, d)
    return True


@kernel
def help_out(st: State, d: int) -> None:
    """Sellers who are not dependent are helped to leave, as many a year as the programme has room for."""
    wanted, n = st.levers[0].exits_year / 365, 0
    if wanted <= 0.0:
        return
    for s in range(len(st.sellers)):
        if st.sellers[s].status == Status.FREE and st.sellers[s].kind != SellerKind.USER_SELLER:
            n += 1
    for s in range(len(st.sellers)):
        seller = st.sellers[s]
        if seller.status == Status.FREE and seller.kind != SellerKind.USER_SELLER and seller.act == SellerAct.OFF:
            if uniform(st.keys[0].recruitment_exit, seller.uid, d) < wanted / n:
                count_city(st, CityTally.EXITS, 1)
                seller.plan = Plan.OFF
                leave_slot(st, s, d)


@entry
def midnight(st: State, d: int) -> None:
    """Ends of custody, then vacancies in the order of their keyed hash."""
    vacant, n = np.empty(len(st.sellers), dtype=np.int64), 0
    for s in range(len(st.sellers)):
        seller = st.sellers[s]
        if seller.status_until <= d:
            if seller.status == Status.CUSTODY:
                seller.status = Status.FREE
            elif seller.status == Status.VACANT:
                vacant[n] = s
                n += 1
    for s in service_order(st, st.sellers, vacant[:n], d):
        if not young_averted(st, s, d):
            fill_vacancy(st, s)
    help_out(st, d)
