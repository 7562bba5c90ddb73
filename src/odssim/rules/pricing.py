"""pricing: each seller's price: cost plus margin, sticky, moved by his own queue and stock.

Rule
    A seller raises his price when customers were turned away, lowers it after a day without a sale, and
    drifts back to cost plus margin plus pay for risk; no more than a few per cent a day.
Formula
    change = signal + revert * (target - price) / price, clipped; target = wholesale * markup * own factor
    * (1 + risk_pay * risk_aversion * perceived risk).
Reads
    sellers.{price, risk_aversion, wholesaler, substance, status, worked, plan, plan_slot, turned_away, sold,
    price_factor, spot, risk}, wholesalers.price.
Writes
    sellers.price.
Draws
    none (the own factor is drawn at the start).
Sources
    Spread B2, stability B3, adjustment row 17 (B14), markup B6, risk premium B17, B18.
Limits
    No purity; sellers do not watch each other.
"""

import math

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.world.columns import N_HOURS, NOBODY, Plan, Status
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS: tuple[str, ...] = ()


@kernel
def open_risk(st: State, s: int) -> float:
    """Return the mean perceived risk from 8 to 24 h at the spot of yesterday's open plan, else 0."""
    seller = st.sellers[s]
    if seller.plan != Plan.OPEN or seller.spot[seller.plan_slot] == NOBODY:
        return 0.0
    total = 0.0
    for h in range(8, N_HOURS):
        total += seller.risk[seller.plan_slot * N_HOURS + h]
    return total / 16.0


@kernel
def reprice(st: State, s: int) -> None:
    """Set tomorrow's price of seller `s`."""
    par, seller = st.par[0], st.sellers[s]
    premium = 1.0 + par.pricing_risk_pay * seller.risk_aversion * open_risk(st, s)
    wholesale = st.wholesalers[seller.wholesaler].price
    target = wholesale * par.pricing_markup[seller.substance] * seller.price_factor * premium
    signal = 0.0
    if seller.turned_away > 0:
        signal = par.pricing_up * min(1.0, seller.turned_away / 5.0)
    elif seller.worked == 1 and seller.sold == 0:
        signal = -par.pricing_down
    change = signal + par.pricing_revert * (target - seller.price) / seller.price
    change = max(-par.pricing_max_step, min(par.pricing_max_step, change))
    seller.price = max(100, math.floor(seller.price * (1.0 + change) + 0.5))


@entry
def midnight(st: State, d: int) -> None:
    """Let every free seller set a price for day `d`."""
    for s in range(len(st.sellers)):
        if st.sellers[s].status == Status.FREE:
            reprice(st, s)
