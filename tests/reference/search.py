"""Stops and searches by a visit (ODD.md: detection, STOP and STASH)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from odssim.world import codes
from odssim.world.columns import BuyerAct, SellerAct, VisitState

from . import choice, detection, funding, learning, treatment
from .arrest import arrest, seize_from_seller
from .buyer import Buyer
from .draws import opt, weighted_race

if TYPE_CHECKING:
    from .guardian import Visit
    from .seller import Seller


def stop(v: Visit, j: int) -> None:
    """Handle STOP: plan the next one, then stop somebody in sight."""
    model = v.model
    if not (v.state == VisitState.ON_SITE and model.minute < v.end):
        return
    v.plan_stop(j + 1)
    target = pick_target(v, j)
    if target is None:
        return
    if v.refer and not v.may_search:
        if isinstance(target, Buyer):
            treatment.met_by_outreach(target)
        return
    model.count_place(v.place, codes.PlaceTally.STOPS)
    model.write(codes.Log.STOP, v.uid, v.place, target.uid, j)
    if isinstance(target, Buyer):
        stop_buyer(v, j, target)
    else:
        stop_seller(v, j, target)


def pick_target(v: Visit, j: int) -> Any:
    model, place = v.model, v.model.places[v.place]
    people = []
    for b in sorted(place.buyers, key=lambda b: b.row):
        if b.act in (BuyerAct.WAITING, BuyerAct.DWELLING):
            x = model.draws.x("detection.target", v.uid, opt(j, b.uid % 2**31))
            people.append((detection.sex_factor(b), x, b))
    for s in sorted(place.sellers, key=lambda s: s.slot_number):
        if s.act == SellerAct.VISIBLE:
            x = model.draws.x("detection.target", v.uid, opt(j, s.slot_number + 2**31))
            people.append((model.par.detection_seller_weight, x, s))
    return weighted_race(people)


def stop_buyer(v: Visit, j: int, b: Buyer) -> None:
    model, par = v.model, v.model.par
    treatment.offered(b)
    u = model.draws.u("detection.hit", v.uid, j)
    if b.carry_mg > 0 and u < par.detection_hit_carry:
        detection.record_possession(model, b.uid, v.place)
        detection.seize_from_buyer(b, v.place)
        v.incident = model.minute
    elif u < par.detection_hit_use[b.type]:
        detection.record_use(model, b.uid, v.place)
        v.incident = model.minute
    if b.act == BuyerAct.WAITING:
        learning.risk_seen(b, min(1.0, 2 * par.belief_see[0]))
        b.end_wait()
        b.leave()
        choice.close(b, codes.Fate.FAILED)
    else:
        b.leave()


def stop_seller(v: Visit, j: int, s: Seller) -> None:
    model, par = v.model, v.model.par
    if not model.draws.u("detection.hit", v.uid, j) < par.detection_hit_seller:
        return
    mg = seize_from_seller(s, s.carried(), v.place)
    if mg > 0:
        model.write(codes.Log.SEIZED, s.uid, v.place, -1, mg)
    detection.record_possession(model, s.uid, v.place)
    v.incident = model.minute
    u = model.draws.u("detection.arrest", s.uid, v.uid * 64 + j)
    if v.may_arrest and u < par.detection_arrest_stop:
        detection.record_sale(model, s)
        arrest(s, v)


def stash(v: Visit, _: int) -> None:
    """Handle STASH: look for the hiding places of the sellers here."""
    model, par = v.model, v.model.par
    if v.state != VisitState.ON_SITE:
        return
    for s in sorted(model.places[v.place].sellers, key=lambda s: s.slot_number):
        if model.draws.u("detection.stash", s.uid, v.uid) < v.stash:
            mg = seize_from_seller(s, par.detection_stash_found * (1.0 - s.carried()), v.place)
            model.write(codes.Log.SEIZED, s.uid, v.place, -1, mg)
            funding.lost(s, v.place)
            v.incident = model.minute
        s.wary_until = model.day + math.floor(par.detection_wary_days)
