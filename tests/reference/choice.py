"""Which source a buyer turns to (ODD.md: choice)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from odssim.world import codes
from odssim.world.columns import MAX_ATTEMPTS, N_BANDS, N_KNOWN, BuyerAct

from . import delivery
from .draws import LN2, exp, minutes, opt, race
from .surroundings import band_of, explore, travel

if TYPE_CHECKING:
    from .buyer import Buyer

CONTACT = 2**30
EXPLORE = 2**30 - 1
POSTPONE = 3 * 2**30
WITHOUT = 3 * 2**30 + 1


class Option(NamedTuple):
    code: int
    place: int
    slot: int


def choose(b: Buyer, start: int) -> None:
    """Choose until the buyer is under way or the need is closed."""
    model = b.model
    while True:
        if b.attempt >= MAX_ATTEMPTS or model.minute >= b.deadline:
            if not switches(b):
                close(b, codes.Fate.FAILED)
                return
            continue
        model.count_city(codes.CityTally.CHOICES)
        option = loyal_option(b) or race(options(b, start))
        model.write(codes.Log.CHOICE, b.uid, option.place, option.code, b.attempt)
        if follow(b, option, start):
            return


def follow(b: Buyer, option: Option, start: int) -> bool:
    """Do what was chosen; return whether the choosing is over."""
    model = b.model
    if option.code == WITHOUT:
        close(b, codes.Fate.FORGONE)
        return True
    if option.code == POSTPONE:
        u = model.draws.u("choice.postpone", b.uid, b.try_number)
        b.act, b.tried = BuyerAct.POSTPONED, 0
        b.attempt += 1
        b.until = model.minute + 30 + math.floor(u * model.par.choice_postpone_min)
        model.schedule(b, codes.Event.RETRY, b.until)
        return True
    if option.code >= CONTACT:
        if delivery.call(b, option.slot):
            return True
        delivery.contact_failed(b, option.slot)
        return False
    b.place, b.slot, b.act = option.place, option.slot, BuyerAct.TRAVELLING
    b.until = model.minute + travel(model, start, option.place)
    model.schedule(b, codes.Event.ARRIVE, b.until)
    return True


def loyal_option(b: Buyer) -> Option | None:
    """Return the last source if the buyer is loyal this time and it is still there."""
    if b.attempt != 0 or b.last_kind == 0:
        return None
    if not b.model.draws.u("choice.loyalty", b.uid, b.need_number) < b.model.par.choice_loyalty:
        return None
    if b.last_kind == 1 and b.model.is_open(b.known[b.last_slot]):
        place = b.known[b.last_slot]
        return Option(place, place, b.last_slot)
    if b.last_kind == 2 and contact_sells(b, b.last_slot):
        return Option(CONTACT + b.contact[b.last_slot], -1, b.last_slot)
    return None


def contact_sells(b: Buyer, c: int) -> bool:
    return b.contact[c] >= 0 and b.model.sellers[b.contact[c]].substance == b.need_substance


def options(b: Buyer, start: int) -> list[tuple[float, float, Option]]:
    """Return the options in ODD.md's order, each as (utility, draw, option)."""
    model, par = b.model, b.model.par
    valued: list[tuple[float, Option]] = []
    for k, place in enumerate(b.known):
        if model.is_open(place) and not b.tried >> k & 1:
            valued.append((known_utility(b, k, start), Option(place, place, k)))
    for c in range(len(b.contact)):
        if contact_sells(b, c) and not b.tried >> (N_KNOWN + c) & 1:
            valued.append((contact_utility(b, c), Option(CONTACT + b.contact[c], -1, c)))
    if model.draws.u("choice.explore", b.uid, b.try_number) < par.choice_explore_share:
        p = explore(model, "choice.explore_place", b.uid, b.try_number, start)
        if p >= 0 and p not in b.known:
            valued.append((explore_utility(b, p, start), Option(EXPLORE, p, -1)))
    if b.deadline - model.minute > par.choice_postpone_min:
        valued.append((par.choice_postpone_utility[b.type], Option(POSTPONE, -1, -1)))
    valued.append((par.choice_without_utility[b.type], Option(WITHOUT, -1, -1)))
    return [(v, model.draws.x("choice.option", b.uid, opt(b.try_number, o.code)), o) for v, o in valued]


def known_utility(b: Buyer, k: int, start: int) -> float:
    model, par = b.model, b.model.par
    days = model.day - b.seen_day[k]
    fade = exp(-LN2 * days / par.belief_buyer_halflife_days)
    avail = b.avail[k * N_BANDS + band_of(model.minute)]
    a = par.belief_prior + (avail - par.belief_prior) * fade
    away = travel(model, start, b.known[k]) + b.wait[k]
    cost = (
        par.choice_time_value_sek_h / 60 * away
        + b.basket_mg / 100000 * (b.price[k] - model.reference(b.need_substance))
        + b.risk_aversion * b.risk[k] * fade * par.choice_risk_sek
        + par.choice_open_discomfort_sek[b.type]
    )
    return utility(b, a, cost)


def contact_utility(b: Buyer, c: int) -> float:
    par = b.model.par
    cost = par.choice_time_value_sek_h / 60 * par.selling_delivery_min + par.choice_hidden_discomfort_sek[b.type]
    return utility(b, b.contact_avail[c], cost)


def explore_utility(b: Buyer, p: int, start: int) -> float:
    par = b.model.par
    away = travel(b.model, start, p) + par.belief_prior_wait_min
    cost = par.choice_time_value_sek_h / 60 * away + par.choice_open_discomfort_sek[b.type]
    return utility(b, par.belief_prior, cost)


def utility(b: Buyer, a: float, cost: float) -> float:
    par = b.model.par
    return (a * par.choice_value_sek[b.type] - cost) * (1 / par.choice_scale_sek)


def switches(b: Buyer) -> bool:
    """Turn to another substance after a failed search, perhaps; the need then goes on."""
    model, par = b.model, b.model.par
    if b.need_substance != b.substance:
        return False
    if not model.draws.u("use.substitution", b.uid, b.need_number) < par.use_substitution_share:
        return False
    other = model.substitute[b.substance]
    if other < 0 or not model.substance_on[other]:
        return False
    b.need_substance = other
    b.attempt = b.tried = 0
    z = model.draws.z("use.substitution_deadline", b.uid, b.need_number)
    b.deadline = model.minute + minutes(par.choice_search_max_min[b.type] / 2, par.choice_search_max_sigma, z)
    return True


def close(b: Buyer, fate: int) -> None:
    b.write_fate(fate, b.need_substance)
    b.act = BuyerAct.IDLE
