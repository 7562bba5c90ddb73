"""Consumption, overdoses, careers and newcomers (ODD.md: use)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from odssim.world import codes
from odssim.world.columns import BUYER_TYPES, N_BANDS, NOBODY, SUBSTANCES, BuyerAct, Care, Status

from . import detection

if TYPE_CHECKING:
    from .buyer import Buyer
    from .model import TwinModel

OCCASIONAL, _, DEPENDENT = range(len(BUYER_TYPES))
HEROIN = SUBSTANCES.index("heroin")


def consume(b: Buyer, mg: int) -> None:
    """Use what was bought; heroin may kill; what is used off the scene may be found out."""
    model, par, need = b.model, b.model.par, b.need_number
    model.count_city(codes.CityTally.CONSUMED_MG, mg)
    if mg == 0:
        return
    overdose = model.draws.u("use.overdose", b.uid, need) < overdose_share(b)
    if b.need_substance == HEROIN and overdose:
        model.count_city(codes.CityTally.OVERDOSES)
        model.write(codes.Log.OVERDOSE, b.uid, -1, -1, 0)
        if model.draws.u("use.death", b.uid, need) < par.use_death_share:
            die(b)
    if b.status == Status.FREE:
        detection.background(b)


def overdose_share(b: Buyer) -> float:
    """Return the chance of an overdose: higher after a return from care or custody, and from a new seller."""
    par = b.model.par
    back = b.care_day > 0 and b.care == Care.NONE and b.model.day - b.care_day < par.treatment_return_days
    share = par.use_overdose_share * (par.treatment_return_factor if back else 1.0)
    return float(share * (par.use_stranger_factor if b.stranger else 1.0))


def die(b: Buyer) -> None:
    b.model.count_city(codes.CityTally.DEATHS)
    b.model.write(codes.Log.DEATH, b.uid, -1, -1, 0)
    vacate(b)


def vacate(b: Buyer) -> None:
    """Leave the market; a newcomer takes the row later."""
    x = b.model.draws.x("recruitment.newcomer", b.uid, b.model.day)
    b.status, b.care = Status.VACANT, Care.NONE
    b.status_until = b.model.day + 1 + math.floor(b.model.par.recruitment_newcomer_days * x)


# ---- midnight


def use(model: TwinModel) -> None:
    for b in model.buyers:
        if model.calendar[model.day].dom == 1 and b.status == Status.FREE and b.act == BuyerAct.IDLE and b.seller < 0:
            course(b)
        if b.status == Status.VACANT and b.status_until <= model.day:
            newcomer(b)
        if b.status == Status.CUSTODY and b.status_until <= model.day:
            b.status = Status.FREE
            if b.care != Care.ASKED:
                b.care_day = model.day


def course(b: Buyer) -> None:
    model, par = b.model, b.model.par
    u = model.draws.u("use.course", b.uid, model.day)
    if b.type == DEPENDENT:
        quits = u < par.use_remission_year[b.substance] / 12
    elif u < par.use_escalation_year[b.substance] / 12 * (1 - min(1, model.levers.escalation)):
        become(b, DEPENDENT)
        model.count_city(codes.CityTally.ESCALATIONS)
        quits = False
    else:
        quits = u > 1.0 - par.use_quit_year[b.type] / 12
    if quits:
        vacate(b)
        model.count_city(codes.CityTally.QUITS)


def become(b: Buyer, kind: int) -> None:
    """Change the type; rate and income follow the types' mean rates."""
    month = b.model.par.need_rate_month
    ratio = month[kind] / month[b.type]
    b.rate = b.rate * ratio
    b.income = math.floor(b.income * ratio)
    b.type = kind


def newcomer(b: Buyer) -> None:
    model, par, day = b.model, b.model.par, b.model.day
    uid = b.uid + 2**32
    followed = b.type == DEPENDENT and model.draws.u("use.relapse", uid, day) < par.use_relapse_share
    if not followed and model.draws.u("recruitment.averted", uid, day) < model.levers.first_use:
        model.count_city(codes.CityTally.FIRST_USERS_AVERTED)
        vacate(b)
        return
    b.uid, b.status, b.care_day = uid, Status.FREE, 0
    if b.type == DEPENDENT and not followed:
        become(b, OCCASIONAL)
    model.count_city(codes.CityTally.WALLET_LEFT_ORE, b.wallet)
    b.wallet, b.credit_day = 0, day
    for k, place in enumerate(b.known):
        if place >= 0:
            b.avail[k * N_BANDS : (k + 1) * N_BANDS] = [par.belief_prior] * N_BANDS
            b.risk[k], b.wait[k] = 0.0, par.belief_prior_wait_min
            b.price[k], b.seen_day[k] = model.reference(b.substance), day
    b.contact = [NOBODY] * len(b.contact)
    b.contact_avail = [0.0] * len(b.contact)
    b.last_kind = 0
    if b.type == OCCASIONAL:
        model.count_city(codes.CityTally.FIRST_USERS)
