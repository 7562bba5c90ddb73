"""presence: staying at a scene before and after buying, or for company.

Rule
    Who has bought stays a while, dependents longest; dependents also come without buying. Stays make the
    crowd, hide deals from view, and are the visible nuisance.
Formula
    stay = dwell_min[type] * weather * exp(sigma Z); weather from season and rain.
Reads
    buyers.{uid, type, act, need_i, until, place, need_day, wait_start, carry_mg}, calendar.month,
    tables.season.
Writes
    buyers.{act, until, carry_mg}; the lists of buyers at places.
Draws
    presence.dwell, presence.company_dwell, presence.company, presence.company_minute, presence.rain.
Sources
    Season of outdoor activity A24; times are assumptions.
Limits
    Weather is one draw a day for the whole city.
"""

import math

import numpy as np

from odssim.core.compiled import kernel
from odssim.core.declare import declared
from odssim.core.rng import LONGEST_MIN, normal, uniform
from odssim.rules.approach import drive_away
from odssim.rules.use import consume
from odssim.world.codes import Event, PlaceTally
from odssim.world.columns import BuyerAct
from odssim.world.queue import count_place, enter_buyer, push, remove_buyer
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("presence.dwell", "presence.company_dwell", "presence.company", "presence.company_minute", "presence.rain")
SEASON = np.array([-0.8, -0.7, -0.4, 0.1, 0.6, 1.0, 1.0, 0.9, 0.4, -0.1, -0.6, -0.8])
"""Shape of the seasonal swing by month, January first; assumption."""


@kernel
def weather(st: State, d: int) -> float:
    """Return the factor by which day `d` lengthens or shortens stays outdoors."""
    par = st.par[0]
    factor = 1.0 + par.presence_season * st.tables[0].season[st.calendar[d].month - 1]
    if uniform(st.keys[0].presence_rain, 0, d) < par.presence_rain_share:
        factor = factor * (1.0 - par.presence_rain_cut)
    return factor


@kernel
def stay_minutes(st: State, b: int, key: np.uint64, index: int, t: int) -> int:
    """Return a stay in whole minutes, drawn with `key` and `index`."""
    par, buyer = st.par[0], st.buyers[b]
    spread = math.exp(par.presence_dwell_sigma * normal(key, buyer.uid, index))
    stay = par.presence_dwell_min[buyer.type] * weather(st, t // 1440) * spread
    return math.floor(min(LONGEST_MIN, stay))


@kernel
def leave(st: State, b: int, t: int) -> None:
    """Buyer `b` leaves his place; what he carries is used."""
    buyer = st.buyers[b]
    count_place(st, buyer.place, PlaceTally.CROWD_MIN, t - buyer.wait_start)
    if buyer.carry_mg > 0:
        drive_away(st, b)
    remove_buyer(st, b)
    buyer.act = BuyerAct.IDLE
    carried = buyer.carry_mg
    buyer.carry_mg = 0
    if carried > 0:
        consume(st, b, carried, t)


@kernel
def dwell(st: State, b: int, t: int) -> None:
    """Buyer `b`, who has just bought, stays or leaves at once."""
    buyer = st.buyers[b]
    need = buyer.need_day * 16 + buyer.need_i
    stay = stay_minutes(st, b, st.keys[0].presence_dwell, need, t)
    if stay >= 1:
        buyer.act, buyer.until = BuyerAct.DWELLING, t + stay
        push(st, t + stay, Event.DWELL_END, b, 0)
    else:
        leave(st, b, t)


@kernel
def on_dwell_end(st: State, b: int, t: int) -> None:
    """End of a stay."""
    buyer = st.buyers[b]
    if buyer.act == BuyerAct.DWELLING and buyer.until == t:
        leave(st, b, t)


@kernel
def on_company_arrive(st: State, b: int, t: int) -> None:
    """Arrival for company."""
    buyer = st.buyers[b]
    if buyer.act == BuyerAct.COMPANY_TRIP and buyer.until == t:
        enter_buyer(st, b, buyer.place, t)
        stay = stay_minutes(st, b, st.keys[0].presence_company_dwell, t // 1440, t)
        buyer.act, buyer.until = BuyerAct.DWELLING, t + max(1, stay)
        push(st, buyer.until, Event.DWELL_END, b, 0)
