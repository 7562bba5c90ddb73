"""What happens between two days, part 2: supply, prices, recruitment."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from odssim.world import codes
from odssim.world.columns import N_HOURS, NOBODY, SELLER_KINDS, BuyerAct, Plan, SellerAct, Status

from .draws import LN2, exp
from .use import DEPENDENT

if TYPE_CHECKING:
    from .model import TwinModel
    from .seller import Seller

USER_SELLER, NETWORK, RUNNER = range(len(SELLER_KINDS))


def in_drawn_order(model: TwinModel, items: list[Any]) -> list[Any]:
    return sorted(items, key=lambda item: model.draws.word("order", item.uid, model.minute))


# ---- supply


def supply(model: TwinModel) -> None:
    for importer in model.importers:
        consign(model, importer)
    for w in in_drawn_order(model, model.wholesalers):
        restock_wholesaler(model, w)
    for w in model.wholesalers:
        base = model.par.supply_wholesale_sek_g[w.substance] * 100
        scarcity = max(0.0, 1.0 - 2 * w.stock / w.target_mg)
        goal = base * (1.0 + model.par.supply_pass_through * scarcity)
        w.price += model.par.supply_price_step * (goal - w.price)
    for s in in_drawn_order(model, model.sellers):
        restock_seller(s)


def consign(model: TwinModel, importer: Any) -> None:
    par = model.par
    recovery = 1.0 - exp(-LN2 / par.supply_recovery_days)
    importer.capacity += (1.0 - importer.capacity) * recovery
    if model.day != importer.next_day:
        return
    importer.next_day += importer.interval_days
    if importer.stock > 2 * importer.size_mg:
        return
    size = math.floor(importer.size_mg * importer.capacity)
    importer.n_sent += 1
    model.count_city(codes.CityTally.IMPORTED_MG, size)
    share = par.supply_border_share[importer.substance] + model.extra_border[importer.substance]
    if model.draws.u("supply.border", importer.uid, importer.n_sent) < min(1.0, share):
        model.count_city(codes.CityTally.SEIZED_BORDER_MG, size)
        importer.capacity *= par.supply_hit_capacity
    else:
        importer.stock += size


def restock_wholesaler(model: TwinModel, w: Any) -> None:
    want = w.target_mg - w.stock
    if want * 2 > w.target_mg:
        importer = model.importers[w.importer]
        take = min(want, importer.stock)
        base = model.par.supply_wholesale_sek_g[w.substance] * 100
        ore = take * math.floor(base * model.par.supply_import_cost_share) // 1000
        importer.stock -= take
        w.stock += take
        w.cash -= ore
        importer.cash += ore


def restock_seller(s: Seller) -> None:
    model, par = s.model, s.model.par
    w = model.wholesalers[s.wholesaler]
    if s.status == Status.FREE and 0 <= s.order_day <= model.day:
        p = math.floor(w.price)
        purse = max(0, s.cash + math.floor(par.supply_credit_sek * 100))
        got = min(s.order_mg, w.stock, purse * 1000 // p)
        ore = got * p // 1000
        w.stock -= got
        s.stock += got
        s.cash -= ore
        w.cash += ore
        s.order_day = -1
        model.count_city(codes.CityTally.SUPPLY_SHORT_MG, s.order_mg - got)
    basket = par.supply_basket_mg[s.substance]
    if s.status == Status.FREE and s.order_day == -1 and s.stock < par.supply_reorder_baskets * basket:
        wanted = math.floor(par.supply_restock_baskets * basket) - s.stock
        if wanted > 0:
            s.order_mg = wanted
            s.order_day = model.day + math.floor(par.supply_lead_days)
    keep = math.floor(par.supply_keep_sek * 100)
    if s.cash > keep:
        model.count_city(codes.CityTally.SELLER_INCOME_ORE, s.cash - keep)
        s.cash = keep


# ---- pricing


def pricing(model: TwinModel) -> None:
    for s in model.sellers:
        if s.status == Status.FREE:
            set_price(s)


def set_price(s: Seller) -> None:
    model, par = s.model, s.model.par
    risk = 0.0
    if s.plan == Plan.OPEN:
        for h in range(8, 24):
            risk += s.risk[s.plan_slot * N_HOURS + h]
        risk /= 16
    target = (
        model.wholesalers[s.wholesaler].price
        * par.pricing_markup[s.substance]
        * s.price_factor
        * (1.0 + par.pricing_risk_pay * s.risk_aversion * risk)
    )
    signal = 0.0
    if s.turned_away > 0:
        signal = par.pricing_up * min(1.0, s.turned_away / 5)
    elif s.worked == 1 and s.sold == 0:
        signal = -par.pricing_down
    change = signal + par.pricing_revert * (target - s.price) / s.price
    change = max(-par.pricing_max_step, min(par.pricing_max_step, change))
    s.price = max(100, math.floor(s.price * (1.0 + change) + 0.5))


# ---- recruitment


def recruitment(model: TwinModel) -> None:
    for s in model.sellers:
        if s.status == Status.CUSTODY and s.status_until <= model.day:
            s.status = Status.FREE
    due = [s for s in model.sellers if s.status == Status.VACANT and s.status_until <= model.day]
    for s in in_drawn_order(model, due):
        if averted(s):
            model.count_city(codes.CityTally.YOUNG_SELLERS_AVERTED)
            s.vacate()
        else:
            recruit(s)
    if model.levers.exits_year > 0:
        exits(model)


def averted(s: Seller) -> bool:
    """Say whether the young person who would have become a runner here does not."""
    u = s.model.draws.u("recruitment.young", s.uid + 2**32, s.model.day)
    return bool(s.kind == RUNNER and u < s.model.levers.young_sellers)


def exits(model: TwinModel) -> None:
    """Help sellers out who are at home at midnight."""
    some = [s for s in model.sellers if s.status == Status.FREE and s.kind != USER_SELLER]
    for s in some:
        share = model.levers.exits_year / 365 / len(some)
        if s.act == SellerAct.OFF and model.draws.u("recruitment.exit", s.uid, model.day) < share:
            model.count_city(codes.CityTally.EXITS)
            s.plan = Plan.OFF
            s.vacate()


def recruit(s: Seller) -> None:
    model, prior = s.model, s.model.par.selling_prior_profit_sek_h
    s.uid += 2**32
    s.status = Status.FREE
    if s.kind == USER_SELLER:
        link_buyer(s)
    if s.cash < 0:
        model.count_city(codes.CityTally.DEBT_WRITTEN_OFF_ORE, -s.cash)
        s.cash = 0
    s.profit = [(profit + prior) / 2 for profit in s.profit]
    s.risk = [0.0] * len(s.risk)
    s.order_day, s.wary_until = -1, 0
    s.act, s.plan = SellerAct.OFF, Plan.OFF
    model.count_city(codes.CityTally.NEW_SELLERS)


def link_buyer(s: Seller) -> None:
    """Find the dependent buyer who becomes the new user-seller, among the old one's friends."""
    model = s.model
    ties = model.buyers[s.buyer].tie if s.buyer >= 0 else []
    for tie in ties:
        b = model.buyers[tie] if tie >= 0 else None
        ready = b and b.status == Status.FREE and b.act == BuyerAct.IDLE and b.type == DEPENDENT and b.seller < 0
        if ready and b.substance == s.substance:
            s.buyer, b.seller = tie, s.slot_number
            return
    s.buyer, s.kind = NOBODY, NETWORK
