"""What happens between two days, part 4: sellers' plans for the day (ODD.md: selling, plan)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from odssim.world import codes
from odssim.world.columns import N_BANDS, N_HOURS, NOBODY, Plan, Status

from .draws import opt, race
from .surroundings import BAND_HOURS, explore, travel

if TYPE_CHECKING:
    from .model import TwinModel
    from .seller import Seller

EXPLORED, HIDDEN, OTHER, DAY_OFF = 100, 101, 102, 103


def selling(model: TwinModel) -> None:
    for s in model.sellers:
        s.sold = s.turned_away = s.worked = s.pushes = 0
        if s.status == Status.FREE:
            plan(s)


def plan(s: Seller) -> None:
    model, par, day = s.model, s.model.par, s.model.day
    explored = NOBODY
    if model.draws.u("selling.explore", s.uid, day) < par.selling_explore_share:
        explored = explore(model, "selling.explore_place", s.uid, day, s.home)
    if explored in s.spot:
        explored = NOBODY
    code = race((v, model.draws.x("selling.option", s.uid, opt(day, c)), c) for v, c in plan_options(s, explored))
    u = model.draws.u("selling.start", s.uid, day)
    if code in (OTHER, DAY_OFF):
        s.plan = Plan.OTHER if code == OTHER else Plan.OFF
        if code == OTHER:
            model.count_city(codes.CityTally.OTHER_CRIME_DAYS)
        return
    if code == HIDDEN:
        s.plan = Plan.HIDDEN
        s.plan_start = model.minute + 600 + math.floor(120 * u)
        s.plan_end = s.plan_start + math.floor(60 * par.selling_hidden_hours)
    else:
        if code == EXPLORED:
            s.plan_slot = replace_spot(s, explored)
            band = math.floor(3 * model.draws.u("selling.explore_band", s.uid, day))
        else:
            s.plan_slot, band = code // N_BANDS, code % N_BANDS
        s.plan = Plan.OPEN
        slack = max(0.0, 480 - 60 * s.hours)
        s.plan_start = model.minute + BAND_HOURS[band][0] * 60 + math.floor(u * slack)
        s.plan_end = s.plan_start + max(30, math.floor(60 * s.hours))
    model.schedule(s, codes.Event.SELLER_START, s.plan_start)


def plan_options(s: Seller, explored: int) -> list[tuple[float, int]]:
    """Return (utility, code) in ODD.md's order."""
    par = s.model.par
    valued = []
    for k, spot in enumerate(s.spot):
        if s.model.is_open(spot):
            for band in range(N_BANDS):
                gain = (s.profit[k * N_BANDS + band] - s.reserve) * s.hours - way_cost(s, spot)
                risk = s.risk_aversion * par.selling_loss_sight_sek * s.hours * mean_risk(s, k, band)
                valued.append(((gain - risk) / par.selling_scale_sek, k * N_BANDS + band))
    if explored >= 0:
        gain = (par.selling_prior_profit_sek_h - s.reserve) * s.hours - way_cost(s, explored)
        valued.append((gain / par.selling_scale_sek, EXPLORED))
    gain = s.hidden_profit * par.selling_hidden_hours - s.reserve * s.hours + par.selling_hidden_ease_sek
    valued.append((gain / par.selling_scale_sek, HIDDEN))
    valued.append((par.selling_other_utility[s.kind], OTHER))
    valued.append((par.selling_off_utility[s.kind], DAY_OFF))
    return valued


def way_cost(s: Seller, place: int) -> float:
    """Return what the way there and back is worth, SEK."""
    return float(s.reserve * 2 * travel(s.model, s.home, place) / 60)


def mean_risk(s: Seller, k: int, band: int) -> float:
    total = 0.0
    for h in BAND_HOURS[band]:
        total += s.risk[k * N_HOURS + h]
    return total / 8


def replace_spot(s: Seller, place: int) -> int:
    """Put an explored place into an empty spot, else that with the lowest summed profit."""
    k = poorest_spot(s)
    s.spot[k] = place
    s.profit[k * N_BANDS : (k + 1) * N_BANDS] = [s.model.par.selling_prior_profit_sek_h] * N_BANDS
    s.risk[k * N_HOURS : (k + 1) * N_HOURS] = [0.0] * N_HOURS
    return k


def poorest_spot(s: Seller) -> int:
    if NOBODY in s.spot:
        return s.spot.index(NOBODY)
    return min(range(len(s.spot)), key=lambda k: (summed_profit(s, k), k))


def summed_profit(s: Seller, k: int) -> float:
    total = 0.0
    for band in range(N_BANDS):
        total += s.profit[k * N_BANDS + band]
    return total
