"""Where a seller goes who is sent off, or whose patience in hiding is at an end (ODD.md: selling, HIDE_END)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from odssim.world import codes
from odssim.world.columns import N_BANDS, N_HOURS, SellerAct

from .draws import opt, race
from .surroundings import band_of, hour_of, travel

if TYPE_CHECKING:
    from .seller import Seller

RETURN, HIDDEN, HOME = 10, 11, 12


def push(s: Seller) -> None:
    """Leave the place for another spot, a break, hidden sale or home."""
    model, par = s.model, s.model.par
    s.pushes += 1
    number = model.day * 256 + s.pushes
    code = race((v, model.draws.x("selling.push", s.uid, opt(number, c)), c) for v, c in options(s))
    old = s.place
    s.settle()
    s.leave_list()
    s.shift += 1
    if code == HOME:
        s.set_act(SellerAct.OFF)
    elif code == HIDDEN:
        s.set_act(SellerAct.ON_CALL)
        s.start, s.shift_income = model.minute, 0
        model.schedule(s, codes.Event.SELLER_END, max(model.minute + 1, s.end), s.shift)
    else:
        s.set_act(SellerAct.MOVING)
        if code != RETURN:
            s.slot = code
        s.place = s.spot[s.slot]
        if code == RETURN:
            u = model.draws.u("selling.break", s.uid, number)
            when = model.minute + 1 + math.floor(2 * par.selling_break_min * u)
        else:
            when = model.minute + travel(model, old, s.place)
        model.schedule(s, codes.Event.SELLER_START, when, s.shift)
    model.write(codes.Log.PUSHED, s.uid, old, -1, code)


def options(s: Seller) -> list[tuple[float, int]]:
    """Return (utility, code) in ODD.md's order."""
    model, par = s.model, s.model.par
    rem = s.end - model.minute
    valued = []
    for k, spot in enumerate(s.spot):
        if model.is_open(spot) and k != s.slot:
            valued.append((spot_utility(s, k, rem, travel(model, s.place, spot)), k))
    if model.is_open(s.spot[s.slot]):
        valued.append((spot_utility(s, s.slot, rem, par.selling_break_min), RETURN))
    hidden = (s.hidden_profit - s.reserve) * rem / 60
    valued.append((hidden / par.selling_scale_sek, HIDDEN))
    valued.append((0.0, HOME))
    return valued


def spot_utility(s: Seller, k: int, rem: int, away: float) -> float:
    par, now = s.model.par, s.model.minute
    profit = s.profit[k * N_BANDS + band_of(now)]
    risk = s.risk[k * N_HOURS + hour_of(now)]
    gain = (profit - s.reserve) * max(0, rem - away) / 60
    loss = s.risk_aversion * risk * par.selling_loss_sight_sek * rem / 60
    return float((gain - loss) / par.selling_scale_sek)
