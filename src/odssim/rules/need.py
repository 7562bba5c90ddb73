"""need: the needs of a day, and what a buyer does when one comes due.

Rule
    Needs come at the buyer's own rate, more on some weekdays and after payday, at hours typical of the
    type. The day's number is read from one uniform through the inverse distribution: a lower rate removes
    needs and moves none.
Formula
    Poisson count with mean rate / 30 * weekday * payday; minute by inverse CDF over hours.
Reads
    buyers.{uid, rate, seller, status, type, substance, act, sex, until, place, basket_mg, wallet, known,
    avail}, sellers.{stock, wholesaler}, wholesalers.price, calendar.{weekday, dom}, tables.hour_cdf.
Writes
    buyers.{act, attempt, need_i, need_substance, tried, until, place, need_day, need_minute, deadline,
    waited, wallet}, sellers.{stock, cash}; events NEED and COMPANY_GO.
Draws
    need.count, need.minute (and presence.company*, choice.deadline).
Sources
    Purchases a month A16, rows 7-9; hours A23; weekdays A24.
Limits
    Needs do not grow when they go unmet.
"""

import math

import numpy as np

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.core.rng import uniform
from odssim.rules.belief import band_of
from odssim.rules.choice import choose, open_slot, origin, search_deadline
from odssim.rules.explore import travel
from odssim.rules.presence import leave, weather
from odssim.rules.purchase import credit_wallet
from odssim.rules.use import DEPENDENT
from odssim.world.codes import CityTally, Event, Fate, Log
from odssim.world.columns import MAX_NEEDS, N_BANDS, N_KNOWN, NOBODY, BuyerAct, Status
from odssim.world.fetch import AHEAD, fetch_head
from odssim.world.queue import close_need, count_city, push, write_log
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("need.count", "need.minute")

_EVENING_OUT = (3, 2, 1, 1, 0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 5, 6, 8, 9, 9, 9, 9, 8, 7, 5)
_AFTER_WORK = (2, 1, 1, 0, 0, 0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 8, 7, 6, 5, 4, 3)
_ALL_DAY = (2, 1, 1, 1, 0, 0, 1, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 7, 6, 5, 4, 3, 2, 2)
HOUR_CDF = np.array([[sum(w[:h]) / sum(w) for h in range(25)] for w in (_EVENING_OUT, _AFTER_WORK, _ALL_DAY)])
"""Distribution of the hour of a need, shape (buyer type, 25); about 44 % fall at 12-17 h (A23)."""


@kernel
def draw_count(st: State, b: int, d: int) -> int:
    """Return the number of needs of buyer `b` on day `d`."""
    par, buyer, day = st.par[0], st.buyers[b], st.calendar[d]
    rate = buyer.rate / 30 * par.need_weekday[buyer.substance * 7 + day.weekday]
    if 25 <= day.dom <= 27:
        rate = rate * par.need_payday
    u = uniform(st.keys[0].need_count, buyer.uid, d)
    if u < 1.0 - rate:  # exp(-rate) >= 1 - rate: no need, as on most days
        return 0
    n, p = 0, math.exp(-rate)
    total = p
    while u >= total and n < MAX_NEEDS:
        n += 1
        p = p * rate / n
        total += p
    return n


@kernel
def draw_minute(st: State, b: int, index: int) -> int:
    """Return the minute of the day of need `index`."""
    cdf, row = st.tables[0].hour_cdf, st.buyers[b].type * 25
    v = uniform(st.keys[0].need_minute, st.buyers[b].uid, index)
    h = 0
    while v >= cdf[row + h + 1]:
        h += 1
    share = (v - cdf[row + h]) / (cdf[row + h + 1] - cdf[row + h])
    return 60 * h + min(59, math.floor(60.0 * share))


@kernel
def draw_company(st: State, b: int, d: int) -> None:
    """Let dependent buyer `b` perhaps plan a visit for company."""
    buyer, keys = st.buyers[b], st.keys[0]
    wish = st.par[0].presence_company_share * weather(st, d)
    if uniform(keys.presence_company, buyer.uid, d) < wish:
        minute = 600 + math.floor(720.0 * uniform(keys.presence_company_minute, buyer.uid, d))
        push(st, 1440 * d + minute, Event.COMPANY_GO, b, 0)


@entry
def midnight(st: State, d: int) -> None:
    """Draw the needs of day `d`."""
    for b in range(len(st.buyers)):
        fetch_head(st.buyers, b + AHEAD)
        buyer = st.buyers[b]
        if buyer.status == Status.FREE:
            n = draw_count(st, b, d)
            if n > 0:
                count_city(st, CityTally.BUYERS_ACTIVE, 1)
                if buyer.sex == 0:
                    count_city(st, CityTally.WOMEN_ACTIVE, 1)
            for i in range(n):
                push(st, 1440 * d + draw_minute(st, b, d * 16 + i), Event.NEED, b, i)
            if buyer.type == DEPENDENT and buyer.seller == NOBODY:
                draw_company(st, b, d)


@kernel
def close_unopened(st: State, b: int, d: int, i: int, tally: int, fate: int) -> None:
    """Note the fate of a need that was never opened."""
    count_city(st, tally, 1)
    close_need(st, b, d, i, fate, NOBODY, NOBODY, 0, 0)


@kernel
def use_own_stock(st: State, b: int, d: int, i: int) -> None:
    """A user-seller takes from his own stock, or goes without; his income replaces what it cost."""
    buyer = st.buyers[b]
    seller = st.sellers[buyer.seller]
    if seller.stock >= buyer.basket_mg:
        credit_wallet(st, b, d)
        cost = math.floor(st.wholesalers[seller.wholesaler].price) * buyer.basket_mg // 1000
        cost = min(cost, buyer.wallet)
        buyer.wallet -= cost
        seller.cash += cost
        seller.stock -= buyer.basket_mg
        count_city(st, CityTally.CONSUMED_MG, buyer.basket_mg)
        close_unopened(st, b, d, i, CityTally.OWN_STOCK_NEEDS, Fate.OWN_STOCK)
    else:
        close_unopened(st, b, d, i, CityTally.FAILED_NEEDS, Fate.FAILED)


@kernel
def on_need(st: State, b: int, i: int, t: int) -> None:
    """Need `i` of buyer `b` comes due."""
    buyer, d = st.buyers[b], t // 1440
    count_city(st, CityTally.NEEDS, 1)
    write_log(st, Log.NEED, buyer.uid, NOBODY, NOBODY, i)
    if buyer.status != Status.FREE:
        close_unopened(st, b, d, i, CityTally.LOST_NEEDS, Fate.LOST)
        return
    if buyer.seller != NOBODY:
        use_own_stock(st, b, d, i)
        return
    if buyer.act not in (BuyerAct.IDLE, BuyerAct.DWELLING, BuyerAct.COMPANY_TRIP):
        close_unopened(st, b, d, i, CityTally.MERGED_NEEDS, Fate.MERGED)
        return
    if buyer.act == BuyerAct.DWELLING:
        leave(st, b, t)
        if buyer.status != Status.FREE:
            close_unopened(st, b, d, i, CityTally.LOST_NEEDS, Fate.LOST)
            return
    buyer.need_day, buyer.need_i, buyer.need_minute = d, i, t
    buyer.need_substance, buyer.act = buyer.substance, BuyerAct.IDLE
    buyer.attempt, buyer.tried, buyer.waited = 0, 0, 0
    buyer.deadline = search_deadline(st, b, st.keys[0].choice_deadline, 1.0, t)
    credit_wallet(st, b, d)
    choose(st, b, origin(st, b, t), t)


@kernel
def on_company_go(st: State, b: int, t: int) -> None:
    """Buyer `b` sets out for the known place where there is most going on."""
    buyer, band = st.buyers[b], band_of(t)
    if buyer.status != Status.FREE or buyer.act != BuyerAct.IDLE or buyer.seller != NOBODY:
        return
    best, k = -1.0, NOBODY
    for j in range(N_KNOWN):
        if open_slot(st, b, j) and buyer.avail[j * N_BANDS + band] > best:
            best, k = buyer.avail[j * N_BANDS + band], j
    if k == NOBODY:
        return
    buyer.act, buyer.place = BuyerAct.COMPANY_TRIP, buyer.known[k]
    buyer.until = t + travel(st, origin(st, b, t), buyer.place)
    push(st, buyer.until, Event.COMPANY_ARRIVE, b, 0)
