"""Sellers, their wholesalers and importers, and the links between sellers and buyers."""

from typing import Any

import numpy as np

from odssim.city.city import City
from odssim.core import maths
from odssim.core.rng import normals, uniforms
from odssim.core.types import Array
from odssim.population.buyers import pick
from odssim.world.columns import (
    BUYER_TYPES,
    IMPORTER,
    N_CONTACTS,
    NOBODY,
    SELLER,
    SUBSTANCES,
    WHOLESALER,
    SellerKind,
    Status,
)

LOCAL_SPREAD = 0.1
"""Contacts are drawn among this share of the substance's sellers, the nearest by district order."""


def daily_demand_mg(buyers: Array) -> Array:
    """Return mg a day per substance at usual prices, shape (4,)."""
    active = buyers[buyers["status"] == Status.FREE]
    weight = active["rate"] / 30 * active["basket_mg"]
    return np.bincount(active["substance"], weights=weight, minlength=len(SUBSTANCES))


def link_user_sellers(sellers: Array, buyers: Array, keys: Any) -> None:
    """Make user-sellers of as many dependent buyers as there are such sellers, by a keyed draw."""
    slots = np.flatnonzero(sellers["kind"] == SellerKind.USER_SELLER)
    ready = np.flatnonzero((buyers["type"] == BUYER_TYPES.index("dependent")) & (buyers["status"] == Status.FREE))
    chance = uniforms(keys["population_user_seller"], buyers["uid"][ready], 0)
    chosen = ready[np.argsort(chance, kind="stable")][: len(slots)]
    sellers["kind"][slots[len(chosen) :]] = SellerKind.NETWORK
    slots = slots[: len(chosen)]
    sellers["buyer"][slots], sellers["home"][slots] = chosen, buyers["home"][chosen]
    sellers["substance"][slots] = buyers["substance"][chosen]
    buyers["seller"][chosen] = slots


def make_sellers(city: City, buyers: Array, par: Any, keys: Any) -> Array:
    """Return the table of sellers; `spot` and `wholesaler` are still empty, user-sellers are linked."""
    active = int((buyers["status"] == Status.FREE).sum())
    sellers = np.zeros(round(active * par["population_sellers_per_100"] / 100), dtype=SELLER)
    sellers["uid"] = uid = np.arange(len(sellers))
    for column in ("buyer", "spot", "order_day", "previous", "next"):
        sellers[column] = NOBODY
    sellers["kind"] = pick(par["population_seller_kind"], uniforms(keys["population_seller_kind"], uid, 0))
    men = city.residents[:, 3, 1] + 1e-9
    young = city.residents[:, 2, 1] + 1e-9
    u = uniforms(keys["population_seller_home"], uid, 0)
    sellers["home"] = np.where(sellers["kind"] == SellerKind.RUNNER, pick(young, u), pick(men, u))
    needs = np.bincount(buyers["substance"], weights=buyers["rate"] * (buyers["status"] == Status.FREE), minlength=4)
    sellers["substance"] = pick(needs, uniforms(keys["population_seller_substance"], uid, 0))
    link_user_sellers(sellers, buyers, keys)
    spread = maths.exp(par["population_reserve_sigma"] * normals(keys["population_reserve"], uid, 0))
    sellers["reserve"] = par["population_reserve_sek_h"] * spread
    spread = maths.exp(par["population_shift_sigma"] * normals(keys["population_shift"], uid, 0))
    sellers["hours"] = np.clip(par["population_shift_h"] * spread, 1.0, 8.0)
    sellers["risk_aversion"] = maths.exp(par["population_risk_sigma"] * normals(keys["population_seller_risk"], uid, 0))
    sigma = par["population_price_sigma"]
    factor = maths.exp(sigma * normals(keys["population_price"], uid, 0) - sigma * sigma / 2)
    sellers["price_factor"] = np.clip(factor, 0.4, 2.5)
    usual = par["supply_wholesale_sek_g"] * par["pricing_markup"] * 100.0
    sellers["price"] = np.floor(usual[sellers["substance"]] * sellers["price_factor"])
    sellers["stock"] = np.floor(par["supply_restock_baskets"] * par["supply_basket_mg"])[sellers["substance"]]
    sellers["cash"] = int(par["supply_keep_sek"] * 50)
    sellers["profit"] = par["selling_prior_profit_sek_h"]
    sellers["hidden_profit"] = par["population_hidden_profit_sek_h"]
    return sellers


def make_importers(demand: Array, par: Any, substance_on: Array) -> Array:
    """Return the table of importers: the same number for each substance of the scenario."""
    n = int(par["population_importers"])
    substances = np.repeat(np.flatnonzero(substance_on), n)
    importers = np.zeros(len(substances), dtype=IMPORTER)
    interval = int(par["population_consignment_days"])
    importers["uid"], importers["substance"] = np.arange(len(importers)), substances
    importers["interval_days"], importers["capacity"] = interval, 1.0
    importers["size_mg"] = np.ceil(demand[substances] * interval / n * par["population_supply_slack"]) + 1000
    importers["stock"] = importers["size_mg"]
    importers["next_day"] = (np.arange(len(importers)) * interval) // max(1, n) % interval
    return importers


def make_wholesalers(sellers: Array, importers: Array, demand: Array, par: Any, keys: Any) -> Array:
    """Return the table of wholesalers and give each seller one of his substance."""
    rows: list[tuple[Any, ...]] = []
    for substance in np.unique(importers["substance"]):
        mine = np.flatnonzero(sellers["substance"] == substance)
        sources = np.flatnonzero(importers["substance"] == substance)
        n = max(2, round(len(mine) / par["population_sellers_per_wholesaler"]))
        first = len(rows)
        u = uniforms(keys["population_wholesaler"], sellers["uid"][mine], 0)
        sellers["wholesaler"][mine] = first + np.floor(u * n).astype(np.int64)
        target = int(demand[substance] * par["population_stock_days"] / n) + 1000
        price = par["supply_wholesale_sek_g"][substance] * 100.0
        for k in range(n):
            rows.append((first + k, substance, sources[k % len(sources)], target, 0, target, price))
    table = np.zeros(len(rows), dtype=WHOLESALER)  # zeros: no padding byte is left to chance
    table[:] = rows
    return table


def link_contacts(buyers: Array, sellers: Array, city: City, par: Any, keys: Any) -> None:
    """Give buyers phone contacts among sellers of their substance in the same part of the city."""
    position = np.argsort(np.argsort(city.place_district[buyers["home"]], kind="stable"), kind="stable")
    for substance in np.unique(sellers["substance"]):
        pool = np.flatnonzero(sellers["substance"] == substance)
        pool = pool[np.argsort(city.place_district[sellers["home"][pool]], kind="stable")]
        mine = np.flatnonzero(buyers["substance"] == substance)
        for c in range(N_CONTACTS):
            u = uniforms(keys["population_contact_who"], buyers["uid"][mine], c)
            share = position[mine] / len(buyers) + (u - 0.5) * LOCAL_SPREAD
            chosen = pool[np.clip(np.floor(share * len(pool)), 0, len(pool) - 1).astype(np.int64)]
            chance = uniforms(keys["population_contact"], buyers["uid"][mine], c)
            has = chance < par["population_contact_share"][buyers["type"][mine]]
            if c > 0:
                has &= (buyers["contact"][mine, :c] != chosen[:, None]).all(axis=1)
            rows = mine[has]
            buyers["contact"][rows, c] = chosen[has]
            buyers["contact_avail"][rows, c] = par["belief_contact_prior"]
