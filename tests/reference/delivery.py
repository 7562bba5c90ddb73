"""Calling a seller and being delivered to (ODD.md: selling, call and DELIVERY)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from odssim.world import codes
from odssim.world.columns import N_KNOWN, BuyerAct, SellerAct, Status

from . import choice, detection, purchase, use
from .draws import minutes

if TYPE_CHECKING:
    from .buyer import Buyer
    from .seller import Seller


def call(b: Buyer, c: int) -> bool:
    """Phone contact c; return whether a delivery is on its way."""
    model, par = b.model, b.model.par
    s = model.sellers[b.contact[c]]
    free_at = max(s.busy_until, model.minute)
    accepted = (
        s.status == Status.FREE
        and s.act == SellerAct.ON_CALL
        and s.stock >= par.purchase_min_mg
        and free_at - model.minute <= par.selling_max_queue_min
    )
    if not accepted:
        return False
    s.busy_until = free_at + math.floor(par.selling_handling_min)
    z = model.draws.z("selling.delivery", b.uid, b.try_number)
    b.until = s.busy_until + minutes(par.selling_delivery_min, par.selling_delivery_sigma, z)
    b.act, b.slot = BuyerAct.AWAITING_DELIVERY, c
    model.schedule(b, codes.Event.DELIVERY, b.until)
    return True


def contact_failed(b: Buyer, c: int) -> None:
    b.contact_avail[c] -= b.model.par.belief_learn * b.contact_avail[c]
    b.tried |= 1 << (N_KNOWN + c)
    b.attempt += 1


def delivery(b: Buyer, _: int) -> None:
    """Handle DELIVERY: the seller comes, or does not."""
    model, par = b.model, b.model.par
    if not (b.act == BuyerAct.AWAITING_DELIVERY and b.until == model.minute):
        return
    s = model.sellers[b.contact[b.slot]]
    if b.contact[b.slot] < 0 or s.status != Status.FREE or s.stock < par.purchase_min_mg:
        try_another(b)
        return
    model.count_city(codes.CityTally.MEETINGS_HIDDEN)
    model.write(codes.Log.MEETING, b.uid, -1, s.uid, 0)
    if purchase.too_dear(b, s):
        try_another(b)
        return
    q = purchase.quantity(b, s)
    if q < par.purchase_min_mg:
        choice.close(b, codes.Fate.FAILED)
        return
    hand_over(b, s, q)


def try_another(b: Buyer) -> None:
    contact_failed(b, b.slot)
    choice.choose(b, b.origin())


def hand_over(b: Buyer, s: Seller, q: int) -> None:
    model, par, c = b.model, b.model.par, b.slot
    ore = purchase.pay(b, s, q)
    s.stock -= q
    s.sold += 1
    model.count_city(codes.CityTally.HIDDEN_DEALS)
    model.count_city(codes.CityTally.HIDDEN_MG, q)
    model.count_city(codes.CityTally.HIDDEN_ORE, ore)
    model.write(codes.Log.DEAL_HIDDEN, b.uid, -1, s.uid, q)
    b.write_fate(codes.Fate.HIDDEN, b.need_substance)
    b.waited = model.minute - b.need_minute
    b.stranger = int(s.uid != b.last_seller)
    use.consume(b, q)
    b.contact_avail[c] += par.belief_learn * (1.0 - b.contact_avail[c])
    b.last_kind, b.last_slot, b.last_seller = 2, c, s.uid
    detection.investigate_perhaps(b, s, par.detection_investigate_hidden)
    b.act = BuyerAct.IDLE
