"""recruitment: the place of an imprisoned seller is taken by another.

Rule
    A vacancy is filled after an exponential time. The newcomer takes over the crew's stock and places, half
    trusting what they earned, and has not yet seen any guardian. A user-seller is succeeded by an
    acquaintance who is dependent.
Formula
    gap = replace_days * Exp(1).
Reads
    sellers.status, buyers.tie.
Writes
    sellers.{uid,status,kind,buyer,cash,profit,risk}, buyers.seller.
Draws
    recruitment.replace, recruitment.newcomer.
Sources
    Mean time to replace an arrested seller row 31: 10 (2-40) days.
Limits
    Recruitment of the young near scenes comes with the social interventions.
"""

from __future__ import annotations

import numpy as np

from odssim.core.compiled import entry, kernel
from odssim.core.declare import Parameter
from odssim.rules.supply import service_order
from odssim.rules.use import DEPENDENT
from odssim.world.codes import C_NEW_SELLERS, C_WRITTEN_OFF
from odssim.world.columns import (
    CUSTODY,
    FREE,
    IDLE,
    N_TIES,
    NOBODY,
    OFF,
    PLAN_OFF,
    SELLER_KINDS,
    VACANT,
)
from odssim.world.queue import count_city
from odssim.world.state import State

PARAMETERS = (
    Parameter("recruitment.replace_days", 10.0, "days", 2, 40, "sourced", "row 31",
              "Mean time until an imprisoned seller is replaced."),
    Parameter("recruitment.newcomer_days", 30.0, "days", 1, 365, "assumption", "keeps A5 about steady",
              "Mean time until a newcomer takes the place of a buyer who quit or died."),
)  # fmt: skip
DRAWS = ("recruitment.replace", "recruitment.newcomer")
USER_SELLER, NETWORK = SELLER_KINDS.index("user_seller"), SELLER_KINDS.index("network")


@kernel
def successor(st: State, s: int) -> int:
    """Return the acquaintance of the former user-seller who takes over slot `s`, or NOBODY."""
    former = st.sellers[s].buyer
    if former != NOBODY:
        for i in range(N_TIES):
            b = st.buyers[former].tie[i]
            if b != NOBODY:
                buyer = st.buyers[b]
                ready = buyer.status == FREE and buyer.act == IDLE and buyer.seller == NOBODY
                if ready and buyer.type == DEPENDENT and buyer.substance == st.sellers[s].substance:
                    return b
    return NOBODY


@kernel
def fill_vacancy(st: State, s: int) -> None:
    """A newcomer takes over slot `s`."""
    seller, prior = st.sellers[s], st.par[0].selling_prior_profit_sek_h
    seller.uid += 2**32
    seller.status = FREE
    if seller.kind == USER_SELLER:
        b = successor(st, s)
        seller.buyer = b
        if b == NOBODY:
            seller.kind = NETWORK
        else:
            st.buyers[b].seller = s
    if seller.cash < 0:
        count_city(st, C_WRITTEN_OFF, -seller.cash)
        seller.cash = 0
    for i in range(len(seller.profit)):
        seller.profit[i] = (seller.profit[i] + prior) / 2.0
    for i in range(len(seller.risk)):
        seller.risk[i] = 0.0
    seller.order_day, seller.act, seller.plan = NOBODY, OFF, PLAN_OFF
    count_city(st, C_NEW_SELLERS, 1)


@entry
def midnight(st: State, d: int) -> None:
    """Ends of custody, then vacancies in the order of their keyed hash."""
    vacant, n = np.empty(len(st.sellers), dtype=np.int64), 0
    for s in range(len(st.sellers)):
        seller = st.sellers[s]
        if seller.status_until <= d:
            if seller.status == CUSTODY:
                seller.status = FREE
            elif seller.status == VACANT:
                vacant[n] = s
                n += 1
    for s in service_order(st, st.sellers, vacant[:n], d):
        fill_vacancy(st, s)
