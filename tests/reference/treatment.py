"""Care: asking for it, the queue, stays and returns (ODD.md: treatment)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from odssim.world import codes
from odssim.world.columns import BuyerAct, Care, Status

from .use import DEPENDENT, die, vacate

if TYPE_CHECKING:
    from .buyer import Buyer
    from .model import TwinModel

WOMAN = 0
NO_BOUND_DAYS = 7300


def ask(b: Buyer) -> None:
    """Join the waiting list, if dependent and not on it."""
    if b.type == DEPENDENT and b.care == Care.NONE:
        b.care, b.care_day = Care.ASKED, b.model.day
        b.model.count_city(codes.CityTally.CARE_ASKED)
        b.model.write(codes.Log.ASKED, b.uid, -1, -1, 0)


def stay(b: Buyer) -> int:
    """Return how many days somebody stays who enters today."""
    x = b.model.draws.x("treatment.stay", b.uid, b.model.day)
    first, _ = hazards(b)
    return 1 + math.floor(365 * x / first) if x < first else 365 + past_first_year(b, x - first)


def remaining(b: Buyer) -> int:
    """Return how many days somebody stays on who is in care when the run begins."""
    first, later = hazards(b)
    r12 = b.model.par.treatment_retention_12
    early, late = 365 * (1 - r12) / first, 730 * r12 / later
    if b.model.draws.u("treatment.since", b.uid, b.model.day) < early / (early + late):
        return stay(b)
    return past_first_year(b, b.model.draws.x("treatment.stay", b.uid, b.model.day))


def hazards(b: Buyer) -> tuple[float, float]:
    """Return a and c: the hazards of leaving over the first year, and over the two years after it."""
    r12, r36 = b.model.par.treatment_retention_12, b.model.par.treatment_retention_36
    return -math.log(r12), -math.log(min(0.999, r36 / r12))


def past_first_year(b: Buyer, x: float) -> int:
    return 1 + math.floor(min(NO_BOUND_DAYS, 730 * x / hazards(b)[1]))


# ---- on the street


def met_by_outreach(b: Buyer) -> None:
    """Be talked to by outreach workers."""
    model, par = b.model, b.model.par
    model.count_place(b.place, codes.PlaceTally.CARE_CONTACTS)
    model.write(codes.Log.CONTACT, b.uid, b.place, -1, 0)
    count_woman(b)
    reached = 1.0
    if b.sex == WOMAN:
        w = par.treatment_woman_reached
        reached = w + (1 - w) * min(1, model.levers.women_reach)
    share = (par.treatment_accept_share + model.levers.acceptance) * reached
    if model.draws.u("treatment.accept", b.uid, model.minute) < share:
        ask(b)


def offered(b: Buyer) -> None:
    """Be offered care at a stop by the police."""
    model = b.model
    count_woman(b)
    if model.draws.u("treatment.referral", b.uid, model.minute) < model.levers.referral:
        ask(b)


def count_woman(b: Buyer) -> None:
    if b.sex == WOMAN:
        b.model.count_city(codes.CityTally.WOMEN_SEEN)


# ---- midnight


def treatment(model: TwinModel) -> None:
    if model.day == 0:
        fill_places(model)
    compelled = 0.0
    if model.levers.compulsory_year > 0:
        n = sum(b.status == Status.FREE and b.type == DEPENDENT for b in model.buyers)
        compelled = model.levers.compulsory_year / 365 / max(1, n)
    taken, ready = 0, []
    for b in model.buyers:
        if b.status == Status.IN_CARE:
            taken += day_in_care(b)
        elif b.status == Status.FREE and b.type == DEPENDENT and day_outside(b, compelled):
            ready.append(b)
    places = max(0, math.floor(model.care_base + model.levers.care_places) - taken)
    for b in sorted(ready, key=place_in_queue)[:places]:
        enter(b, stay(b))
        b.care = Care.NONE
        model.count_city(codes.CityTally.CARE_ENTRIES)


def fill_places(model: TwinModel) -> None:
    """Let those who are away at the start be in care."""
    away = [b for b in model.buyers if b.status == Status.AWAY]
    for b in away:
        b.status, b.status_until = Status.IN_CARE, model.day + remaining(b)
    model.care_base = len(away)


def place_in_queue(b: Buyer) -> tuple[int, int]:
    return b.care_day, b.model.draws.word("order", b.uid, b.model.minute) // 2**16


def enter(b: Buyer, days: int) -> None:
    b.status, b.status_until = Status.IN_CARE, b.model.day + days
    b.model.write(codes.Log.CARE_ENTRY, b.uid, -1, -1, days)


def day_in_care(b: Buyer) -> int:
    """Leave, die, or stay on; return the number of places taken."""
    model, par = b.model, b.model.par
    if b.status_until <= model.day:
        leave(b)
        return 0
    if model.draws.u("treatment.death", b.uid, model.day) < par.treatment_death_year / 365:
        die(b)
        return 0
    model.count_city(codes.CityTally.IN_CARE)
    return 0 if b.care == Care.COMPELLED else 1


def leave(b: Buyer) -> None:
    model = b.model
    b.care, b.care_day = Care.NONE, model.day
    if model.draws.u("treatment.recovered", b.uid, model.day) < model.par.treatment_recovered_share:
        model.count_city(codes.CityTally.RECOVERIES)
        vacate(b)
    else:
        b.status = Status.FREE
        model.count_city(codes.CityTally.CARE_RETURNS)
        model.write(codes.Log.CARE_RETURN, b.uid, -1, -1, 0)


def day_outside(b: Buyer, compelled: float) -> bool:
    """Be compelled, ask, give up or wait; return whether a place would be taken today."""
    model, par, day = b.model, b.model.par, b.model.day
    at_rest = b.act == BuyerAct.IDLE and b.seller < 0
    if at_rest and model.draws.u("treatment.compulsory", b.uid, day) < compelled:
        enter(b, math.floor(par.treatment_compulsory_days))
        b.care = Care.COMPELLED
        model.count_city(codes.CityTally.CARE_COMPELLED)
        return False
    if b.care == Care.NONE:
        if model.draws.u("treatment.seek", b.uid, day) < par.treatment_seek_year / 365:
            ask(b)
    elif model.draws.u("treatment.give_up", b.uid, day) < par.treatment_give_up_day:
        b.care, b.care_day = Care.NONE, 0
    if b.care != Care.ASKED:
        return False
    model.count_city(codes.CityTally.CARE_WAITING)
    return bool(at_rest and day - b.care_day >= par.treatment_wait_days)
