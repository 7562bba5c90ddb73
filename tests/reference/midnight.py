"""What happens between two days, part 1: buyers and places (ODD.md: need, belief, disorder)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from odssim.world import codes
from odssim.world.columns import MAX_NEEDS, N_BANDS, NOBODY, Status

from . import learning
from .draws import LN2, exp
from .surroundings import weather
from .use import DEPENDENT

if TYPE_CHECKING:
    from .buyer import Buyer
    from .model import TwinModel

PAYDAYS = (25, 26, 27)


# ---- need


def need(model: TwinModel) -> None:
    for b in model.buyers:
        if b.status == Status.FREE:
            for i in range(needs_of_the_day(b)):
                v = model.draws.u("need.minute", b.uid, model.day * 16 + i)
                minute = model.minute + minute_of_day(model.hour_cdf[b.type * 25 : b.type * 25 + 25], v)
                model.schedule(b, codes.Event.NEED, minute, i)
            plan_company(b)


def needs_of_the_day(b: Buyer) -> int:
    model, par = b.model, b.model.par
    payday = par.need_payday if model.calendar[model.day].dom in PAYDAYS else 1.0
    rate_day = b.rate / 30 * par.need_weekday[b.substance * 7 + model.weekday()] * payday
    u = model.draws.u("need.count", b.uid, model.day)
    n, p = 0, exp(-rate_day)
    cum = p
    while u >= cum and n < MAX_NEEDS:
        n += 1
        p = p * rate_day / n
        cum += p
    return n


def minute_of_day(cdf: list[float], v: float) -> int:
    hour = next(h for h in range(24) if v < cdf[h + 1])
    within = math.floor(60 * (v - cdf[hour]) / (cdf[hour + 1] - cdf[hour]))
    return min(60 * hour + within, 60 * hour + 59)


def plan_company(b: Buyer) -> None:
    model, par = b.model, b.model.par
    if b.type != DEPENDENT or b.seller >= 0:
        return
    share = par.presence_company_share * weather(model)
    if model.draws.u("presence.company", b.uid, model.day) < share:
        u = model.draws.u("presence.company_minute", b.uid, model.day)
        model.schedule(b, codes.Event.COMPANY_GO, model.minute + 600 + math.floor(720 * u))


# ---- belief


def belief(model: TwinModel) -> None:
    fade = exp(-LN2 / model.par.belief_seller_halflife_days)
    for s in model.sellers:
        s.risk = [risk * fade for risk in s.risk]
    listeners = []
    for b in model.buyers:
        heard = model.draws.u("belief.word", b.uid, model.day) < model.par.belief_word_share
        if b.status == Status.FREE and heard:
            friend = b.tie[math.floor(3 * model.draws.u("belief.word_who", b.uid, model.day))]
            if friend >= 0:
                listeners.append((b, *message(model.buyers[friend])))
    for b, place, contact in listeners:
        hear_of_place(b, place)
        hear_of_contact(b, contact)


def message(friend: Buyer) -> tuple[Any, Any]:
    """Return (place, avail, wait, price) and the seller slot as the friend knows them, or None."""
    place = contact = None
    slots = [k for k, known in enumerate(friend.known) if known >= 0]
    if slots:
        k = max(slots, key=lambda k: (learning.best_avail(friend, k), -k))
        avail = friend.avail[k * N_BANDS : (k + 1) * N_BANDS]
        place = friend.known[k], avail, friend.wait[k], friend.price[k]
    slots = [c for c, slot_number in enumerate(friend.contact) if slot_number >= 0]
    if slots:
        c = max(slots, key=lambda c: (friend.contact_avail[c], -c))
        contact = friend.contact[c]
    return place, contact


def hear_of_place(b: Buyer, told: tuple[int, list[float], float, float] | None) -> None:
    if told is None:
        return
    par = b.model.par
    place, avail, wait, price = told
    k = learning.slot_of(b, place)
    if k >= 0:
        for band in range(N_BANDS):
            own = b.avail[k * N_BANDS + band]
            b.avail[k * N_BANDS + band] = own + par.belief_word_weight * (avail[band] - own)
    elif max(avail) > par.belief_prior:
        k = learning.weakest_place(b)
        believed = [par.belief_prior + par.belief_word_weight * (a - par.belief_prior) for a in avail]
        learning.set_place(b, k, place, believed, wait, price)
        b.seen_day[k] = b.model.day


def hear_of_contact(b: Buyer, told: int | None) -> None:
    if told is None:
        return
    c = learning.weakest_contact(b)
    room = b.contact[c] == NOBODY or b.contact_avail[c] < b.model.par.belief_contact_low
    sells = b.model.sellers[told].substance == b.substance
    if room and sells and not learning.has_contact(b, told):
        learning.set_contact(b, c, told)


# ---- disorder


def disorder(model: TwinModel, yesterday: list[list[int]]) -> None:
    par = model.par
    for p in model.places:
        count = yesterday[p.index]
        hours = count[codes.PlaceTally.CROWD_MIN] / 60
        visible = count[codes.PlaceTally.OPEN_DEALS] + par.disorder_crowd_weight * hours
        left = p.nuisance * (1.0 - par.disorder_upkeep) * (1.0 - p.upkeep)
        p.nuisance = left + par.disorder_gain * visible
        p.litter = p.litter * (1.0 - par.disorder_cleaning) * (1.0 - p.upkeep) + hours
        violent = count[codes.PlaceTally.VIOLENCE] + count[codes.PlaceTally.VIOLENCE_WOMEN]
        p.alarm = p.alarm * (1.0 - par.disorder_forget) + violent
        signs = p.nuisance + par.disorder_litter_weight * p.litter + par.disorder_alarm_weight * p.alarm
        p.fear = par.disorder_fear_share * (1.0 - p.lighting) * signs / (signs + par.disorder_half)
        offences = sum(count[codes.PlaceTally[f"RECORDED_{kind}"]] for kind in ("SALE", "POSSESSION", "USE"))
        p.attention = p.attention * (1.0 - par.patrol_forget) + offences * par.patrol_record_attention
        p.seen_closed = p.closed
