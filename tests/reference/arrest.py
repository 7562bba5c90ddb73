"""Arrest of a seller (ODD.md: detection, last part)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from odssim.world import codes
from odssim.world.columns import NOBODY, SELLER_KINDS, BuyerAct, Plan, SellerAct, Status

from . import funding

if TYPE_CHECKING:
    from .guardian import Visit
    from .model import TwinModel
    from .seller import Seller

NETWORK = SELLER_KINDS.index("network")


def seize_from_seller(s: Seller, share: float, place: int) -> int:
    """Take a share of the stock; return mg."""
    mg = math.floor(s.stock * share)
    s.stock -= mg
    if place >= 0:
        s.model.count_place(place, codes.PlaceTally.SEIZED_MG, mg)
    else:
        s.model.count_city(codes.CityTally.SEIZED_HIDDEN_MG, mg)
    return mg


def arrest(s: Seller, visit: Visit | None) -> None:
    """Arrest a seller by a visit or by none."""
    model, par = s.model, s.model.par
    place = s.place if s.at_place() else -1
    if place >= 0:
        model.count_place(place, codes.PlaceTally.ARRESTS)
        funding.lost(s, place)
    else:
        model.count_city(codes.CityTally.ARRESTS_HIDDEN)
    model.write(codes.Log.ARREST, s.uid, place, -1 if visit is None else visit.uid, 0)
    mg = seize_from_seller(s, s.carried(), place)
    model.write(codes.Log.SEIZED, s.uid, place, -1, mg)
    s.settle()
    s.leave_list()
    s.set_act(SellerAct.OFF)
    s.plan = Plan.OFF
    s.shift += 1
    lock_up(s)
    if visit is not None:
        visit.depart(model.minute + math.floor(par.patrol_arrest_min))


def lock_up(s: Seller) -> None:
    """Prison (the slot falls vacant) or custody; a user-seller's buyer row goes along."""
    model, par, day = s.model, s.model.par, s.model.day
    buyer = model.buyers[s.buyer] if s.buyer >= 0 else None
    if model.draws.u("detection.prison", s.uid, day) < par.detection_prison_share + model.levers.custody:
        s.vacate()
        model.count_city(codes.CityTally.IMPRISONED)
        if buyer is not None:
            buyer.status, buyer.status_until = Status.CUSTODY, day + math.floor(par.detection_prison_days)
            buyer.seller, buyer.act = NOBODY, BuyerAct.IDLE
    else:
        x = model.draws.x("detection.custody", s.uid, day)
        s.status = Status.CUSTODY
        s.status_until = day + 1 + math.floor(par.detection_custody_days * x)
        if buyer is not None:
            buyer.status, buyer.status_until, buyer.act = Status.CUSTODY, s.status_until, BuyerAct.IDLE


def target_list(model: TwinModel) -> None:
    """Arrest, at midnight, listed sellers whose case is ready."""
    if not model.levers.target_list > 0:
        return
    network = [s for s in model.sellers if s.kind == NETWORK]
    for s in network:
        listed = model.draws.u("detection.listed", s.uid, model.day // 30) < (model.levers.target_list / len(network))
        case = model.draws.u("detection.case", s.uid, model.day) < model.par.detection_list_year / 365
        if s.status == Status.FREE and listed and case:
            model.count_city(codes.CityTally.LISTED_ARRESTS)
            arrest(s, None)
