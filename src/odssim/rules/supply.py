"""supply: importers, wholesalers, resupply with lead time; border interception; recovery.

Rule
    Consignments arrive at intervals; some are intercepted, after which the importer sends less for a
    while. Wholesalers buy to keep their target stock; their price rises when stock runs short. Sellers
    order when stock is low and are served a few days later, as far as stock and credit go.
Formula
    price += step * (base * (1 + pass_through * max(0, 1 - 2 * stock / target)) - price).
Reads
    sellers.{stock, wholesaler, substance, status, order_day, order_mg, cash}, importers.{uid, substance,
    stock, size_mg, interval_days, next_day, n_sent, capacity}, wholesalers.{substance, importer, stock,
    target_mg, price}, tables.extra_border.
Writes
    sellers.{stock, order_day, order_mg, cash}, importers.{stock, cash, next_day, n_sent, capacity},
    wholesalers.{stock, cash, price}.
Draws
    supply.border (and the order of service).
Sources
    Seized share B9, row 63; recovery row 25 (B14); wholesale prices B6; pass-through B14, B15.
Limits
    No new importers; each wholesaler buys from one importer.
"""

import math

import numpy as np

from odssim.core.compiled import entry, kernel
from odssim.core.declare import declared
from odssim.core.rng import draw_word, uniform
from odssim.rules.belief import LN2
from odssim.world.codes import CityTally
from odssim.world.columns import NOBODY, Status
from odssim.world.queue import count_city
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("supply.border",)


@kernel
def service_order(st: State, people: np.ndarray, rows: np.ndarray, d: int) -> np.ndarray:
    """Return `rows` of `people` in the order in which they are served on day `d` (smallest hash first)."""
    keys = np.empty(len(rows), dtype=np.uint64)
    for i in range(len(rows)):
        keys[i] = draw_word(st.keys[0].order, people[rows[i]].uid, 1440 * d)
    return rows[np.argsort(keys)]


@kernel
def arrive_consignments(st: State, d: int) -> None:
    """Importers receive, or lose, what is due on day `d`."""
    par = st.par[0]
    recovery = 1.0 - math.exp(-LN2 / par.supply_recovery_days)
    for i in range(len(st.importers)):
        importer = st.importers[i]
        importer.capacity += (1.0 - importer.capacity) * recovery
        if d != importer.next_day:
            continue
        importer.next_day += importer.interval_days
        if importer.stock > 2 * importer.size_mg:
            continue
        size = math.floor(importer.size_mg * importer.capacity)
        importer.n_sent += 1
        count_city(st, CityTally.IMPORTED_MG, size)
        share = par.supply_border_share[importer.substance] + st.tables[0].extra_border[importer.substance]
        if uniform(st.keys[0].supply_border, importer.uid, importer.n_sent) < min(1.0, share):
            count_city(st, CityTally.SEIZED_BORDER_MG, size)
            importer.capacity *= par.supply_hit_capacity
        else:
            importer.stock += size


@kernel
def stock_wholesalers(st: State, d: int) -> None:
    """Wholesalers below half of their target buy from their importer; prices follow stocks."""
    par = st.par[0]
    for i in service_order(st, st.wholesalers, np.arange(len(st.wholesalers)), d):
        seller = st.wholesalers[i]
        importer = st.importers[seller.importer]
        want = seller.target_mg - seller.stock
        if want * 2 > seller.target_mg:
            base = par.supply_wholesale_sek_g[seller.substance] * 100.0
            take = min(want, importer.stock)
            paid = take * math.floor(base * par.supply_import_cost_share) // 1000
            importer.stock -= take
            seller.stock += take
            importer.cash += paid
            seller.cash -= paid
    for i in range(len(st.wholesalers)):
        seller = st.wholesalers[i]
        base = par.supply_wholesale_sek_g[seller.substance] * 100.0
        shortage = max(0.0, 1.0 - 2.0 * seller.stock / seller.target_mg)
        goal = base * (1.0 + par.supply_pass_through * shortage)
        seller.price += par.supply_price_step * (goal - seller.price)


@kernel
def receive_order(st: State, s: int) -> None:
    """Seller `s` receives what he ordered, as far as stock and credit go."""
    seller = st.sellers[s]
    source = st.wholesalers[seller.wholesaler]
    price = math.floor(source.price)
    credit = math.floor(st.par[0].supply_credit_sek * 100.0)
    can_pay = max(0, seller.cash + credit) * 1000 // price
    got = min(seller.order_mg, source.stock, can_pay)
    paid = got * price // 1000
    source.stock -= got
    seller.stock += got
    seller.cash -= paid
    source.cash += paid
    seller.order_day = NOBODY
    count_city(st, CityTally.SUPPLY_SHORT_MG, seller.order_mg - got)


@kernel
def supply_sellers(st: State, d: int) -> None:
    """Deliver what is due, take new orders, and let sellers take out their income."""
    par = st.par[0]
    due, n = np.empty(len(st.sellers), dtype=np.int64), 0
    for s in range(len(st.sellers)):
        if st.sellers[s].status == Status.FREE and 0 <= st.sellers[s].order_day <= d:
            due[n] = s
            n += 1
    for s in service_order(st, st.sellers, due[:n], d):
        receive_order(st, s)
    keep = math.floor(par.supply_keep_sek * 100.0)
    for s in range(len(st.sellers)):
        seller = st.sellers[s]
        if seller.status == Status.FREE:
            basket = par.supply_basket_mg[seller.substance]
            wanted = math.floor(par.supply_restock_baskets * basket) - seller.stock
            low = seller.stock < par.supply_reorder_baskets * basket
            if seller.order_day == NOBODY and low and wanted > 0:
                seller.order_mg = wanted
                seller.order_day = d + math.floor(par.supply_lead_days)
        if seller.cash > keep:
            count_city(st, CityTally.SELLER_INCOME_ORE, seller.cash - keep)
            seller.cash = keep


@entry
def midnight(st: State, d: int) -> None:
    """Move supply down the chain on the eve of day `d`."""
    arrive_consignments(st, d)
    stock_wholesalers(st, d)
    supply_sellers(st, d)
