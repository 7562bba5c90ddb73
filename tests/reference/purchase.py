"""The meeting of buyer and seller at a place (ODD.md: purchase)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from odssim.world import codes
from odssim.world.columns import SellerAct

from . import approach, choice, detection, funding, learning
from .draws import opt, race

if TYPE_CHECKING:
    from .buyer import Buyer
    from .seller import Seller


def try_to_buy(b: Buyer) -> None:
    """Try to buy at the place where the buyer waits."""
    seller = find_seller(b)
    if seller is None:
        b.model.count_city(codes.CityTally.WAITS)
        b.model.write(codes.Log.WAIT, b.uid, b.place, -1, b.until)
    else:
        meet(b, seller)


def find_seller(b: Buyer) -> Seller | None:
    """Return the seller whom the buyer approaches, or None (the buyer goes on waiting)."""
    model, par = b.model, b.model.par
    place = model.places[b.place]
    timid = model.draws.u("purchase.bold", b.uid, b.try_number) >= par.purchase_bold_share
    if place.n_police > 0 and timid:
        model.count_place(b.place, codes.PlaceTally.BLOCKED_GUARDIAN)
        return None
    stocked = [
        s
        for s in sorted(place.sellers, key=lambda s: s.slot_number)
        if s.act == SellerAct.VISIBLE and s.substance == b.need_substance and s.stock >= par.purchase_min_mg
    ]
    idle = [s for s in stocked if s.busy_until <= model.minute]
    candidates = [s for s in idle if not refuses(b, s)]
    if candidates:
        return race(
            (appeal(b, s), model.draws.x("purchase.seller", b.uid, opt(b.try_number, s.slot_number)), s) for s in candidates
        )
    if idle:
        model.count_place(b.place, codes.PlaceTally.BLOCKED_GUARDIAN)
        return None
    model.count_place(b.place, codes.PlaceTally.BLOCKED_OFFENDER)
    for s in stocked:
        s.turned_away += 1
    return None


def refuses(b: Buyer, s: Seller) -> bool:
    """Say whether the seller finds the sale too risky for its margin."""
    place, par = b.model.places[b.place], b.model.par
    loss = (par.selling_loss_police_sek if place.n_police > 0 else 0.0) + place.camera_fear
    wholesale = b.model.wholesalers[s.wholesaler].price
    return s.risk_aversion * loss > b.basket_mg * (s.price - wholesale) / 100000


def appeal(b: Buyer, s: Seller) -> float:
    par, ref = b.model.par, b.model.reference(b.need_substance)
    familiar = par.purchase_familiar if s.uid == b.last_seller else 0.0
    return -par.purchase_price_weight * (s.price - ref) / ref + familiar


def too_dear(b: Buyer, s: Seller) -> bool:
    limit = b.model.par.purchase_price_limit[b.type]
    return s.price > limit * b.model.reference(b.need_substance)


def quantity(b: Buyer, s: Seller) -> int:
    """Return the mg bought: what the price makes the buyer want, can pay and the seller has."""
    ref = b.model.reference(b.need_substance)
    elasticity = b.model.par.purchase_elasticity[b.type]
    wanted = math.floor(b.basket_mg * math.exp(-elasticity * math.log(s.price / ref)))
    return min(wanted, b.wallet * 1000 // s.price, s.stock)


def pay(b: Buyer, s: Seller, q: int) -> int:
    """Hand over the money for q mg; return öre."""
    ore = min((q * s.price + 999) // 1000, b.wallet)
    b.wallet -= ore
    s.cash += ore
    s.shift_income += ore
    funding.paid(b, ore)
    return ore


def meet(b: Buyer, s: Seller) -> None:
    model, par = b.model, b.model.par
    model.count_place(b.place, codes.PlaceTally.MEETINGS)
    model.write(codes.Log.MEETING, b.uid, b.place, s.uid, 0)
    if too_dear(b, s):
        model.count_place(b.place, codes.PlaceTally.BLOCKED_TARGET)
        learning.price_heard(b, s)
        b.fail_attempt()
        return
    q = quantity(b, s)
    if q < par.purchase_min_mg:
        model.count_place(b.place, codes.PlaceTally.BLOCKED_TARGET)
        b.end_wait()
        b.leave()
        choice.close(b, codes.Fate.FAILED)
        return
    ore = pay(b, s, q)
    s.busy_until = model.minute + math.floor(par.purchase_service_min)
    model.schedule(s, codes.Event.SERVICE_END, s.busy_until)
    b.stranger = int(s.uid != b.last_seller)
    if b.stranger and model.draws.u("purchase.ripoff", b.uid, b.try_number) < par.purchase_ripoff_share:
        model.count_place(b.place, codes.PlaceTally.RIPOFFS)
        model.write(codes.Log.RIPOFF, b.uid, b.place, s.uid, ore)
        funding.cheated(b)
        b.fail_attempt()
        return
    deal(b, s, q, ore)


def deal(b: Buyer, s: Seller, q: int, ore: int) -> None:
    model = b.model
    s.stock -= q
    b.carry_mg += q
    s.sold += 1
    model.count_place(b.place, codes.PlaceTally.OPEN_DEALS)
    model.count_place(b.place, codes.PlaceTally.GRAMS_MG, q)
    model.count_place(b.place, codes.PlaceTally.TURNOVER_ORE, ore)
    model.write(codes.Log.DEAL_OPEN, b.uid, b.place, s.uid, q)
    b.write_fate(codes.Fate.OPEN, b.need_substance)
    b.end_wait()
    learning.success(b, s)
    learning.exchange_numbers(b, s)
    detection.after_open_deal(b, s)
    approach.letter(b)
    b.dwell()
