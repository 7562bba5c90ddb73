"""Buyers: one row per real person, from the residents of each place by age and sex."""

from typing import Any

import numpy as np

from odssim.city.city import City
from odssim.core import maths
from odssim.core.rng import normals, uniforms
from odssim.core.types import Array
from odssim.world.columns import BUYER, BUYER_TYPES, NOBODY, Status

USER_AGES = np.array([0.0, 0.0, 2.0, 1.6, 0.5, 0.1, 0.0])
"""Relative prevalence by age band, users who are not dependent (A13); assumption."""
DEPENDENT_AGES = np.array([0.0, 0.0, 0.3, 1.0, 0.8, 0.15, 0.0])
"""Relative prevalence by age band, dependent users (A13); assumption."""
ADULT_BANDS = slice(2, 7)
REACH = 24
"""How far along the sorted list of neighbours acquaintances are drawn, persons."""


def pick(weights: Array, u: Array) -> Array:
    """Return, for each uniform, an index drawn in proportion to `weights` (inverse CDF)."""
    total = np.cumsum(weights, dtype=np.float64)
    chosen: Array = np.minimum(np.searchsorted(total, u * total[-1], side="right"), len(total) - 1)
    return chosen


def count_types(city: City, par: Any, multiplier: float) -> tuple[int, int, int]:
    """Return the numbers of occasional, regular and dependent buyers."""
    residents = city.residents.sum(axis=(0, 2)) * multiplier
    users = par["population_users_share"] * residents[ADULT_BANDS].sum()
    regular = round(users * par["population_regular_share"])
    dependent = round(par["population_dependent_per_1000"] / 1000 * residents.sum())
    return round(users) - regular, regular, dependent


def place_people(buyers: Array, city: City, par: Any, keys: Any) -> None:
    """Give every buyer a home and sex according to where people of that kind live."""
    u = uniforms(keys["population_home"], buyers["uid"], 0)
    sex = uniforms(keys["population_sex"], buyers["uid"], 0)
    gradient = maths.exp(par["population_class_gradient"] * (3.0 - np.clip(city.place_class, 1, 5)))
    for kind, ages in enumerate((USER_AGES, USER_AGES, DEPENDENT_AGES)):
        mine = np.flatnonzero(buyers["type"] == kind)
        buyers["sex"][mine] = sex[mine] < par["population_man_share"][kind]
        for man in (0, 1):
            rows = mine[buyers["sex"][mine] == man]
            weights = city.residents[:, :, man] * ages
            if kind == BUYER_TYPES.index("dependent"):
                weights = weights * gradient[:, None]
            cell = pick(weights.ravel(), u[rows])
            buyers["home"][rows] = cell // weights.shape[1]


def equip(buyers: Array, par: Any, keys: Any, substance_on: Array) -> None:
    """Give every buyer a substance, a rate of needs, a usual quantity and an income for drugs."""
    uid = buyers["uid"]
    dependent = buyers["type"] == BUYER_TYPES.index("dependent")
    u = uniforms(keys["population_substance"], uid, 0)
    users = pick(par["population_substance_users"] * substance_on, u)
    buyers["substance"] = np.where(dependent, pick(par["population_substance_dependent"] * substance_on, u), users)
    sigma = par["population_rate_sigma"]
    spread = maths.exp(sigma * normals(keys["population_rate"], uid, 0) - sigma * sigma / 2)
    buyers["rate"] = par["need_rate_month"][buyers["type"]] * spread
    sigma = par["population_basket_sigma"]
    spread = maths.exp(sigma * normals(keys["population_basket"], uid, 0) - sigma * sigma / 2)
    buyers["basket_mg"] = np.floor(par["supply_basket_mg"][buyers["substance"]] * spread)
    cost_ore = buyers["basket_mg"] * par["pricing_reference_sek_g"][buyers["substance"]] / 10.0
    buyers["income"] = np.ceil(cost_ore * buyers["rate"] / 30 * par["population_income_slack"])
    cap = buyers["income"] * par["purchase_wallet_cap_days"]
    buyers["wallet"] = np.floor(cap * (0.3 + 0.7 * uniforms(keys["population_wallet"], uid, 0)))
    buyers["risk_aversion"] = maths.exp(par["population_risk_sigma"] * normals(keys["population_risk"], uid, 0))
    active = uniforms(keys["population_active"], uid, 0) < par["population_dependent_active"]
    buyers["status"] = np.where(dependent & ~active, Status.AWAY, 0)


def acquaint(buyers: Array, city: City, keys: Any) -> None:
    """Tie every buyer to two neighbours of the same substance and type group, and to one of any."""
    district = city.place_district[buyers["home"]]
    dependent = buyers["type"] == BUYER_TYPES.index("dependent")
    alike = np.lexsort((buyers["uid"], buyers["home"], district, dependent, buyers["substance"]))
    near = np.lexsort((buyers["uid"], buyers["home"], district))
    n = len(buyers)
    for i, order in enumerate((alike, alike, near)):
        rank = np.empty(n, dtype=np.int64)
        rank[order] = np.arange(n)
        u = uniforms(keys["population_tie"], buyers["uid"], i)
        step = 1 + np.floor(u * 2 * REACH).astype(np.int64)
        step = np.where(step > REACH, REACH - step, step)
        buyers["tie"][:, i] = order[(rank + step) % n] if n > 1 else NOBODY


def house(buyers: Array, city: City, par: Any, keys: Any) -> None:
    """Give every buyer a routine place (work, school, errands) drawn by passers-by; homeless live there."""
    u = uniforms(keys["population_routine"], buyers["uid"], 0)
    buyers["routine"] = pick(city.place_footfall, u)
    dependent = buyers["type"] == BUYER_TYPES.index("dependent")
    chance = uniforms(keys["population_homeless"], buyers["uid"], 0)
    out = dependent & (chance < par["population_homeless_share"])
    buyers["home"][out] = buyers["routine"][out]


def make_buyers(city: City, par: Any, keys: Any, substance_on: Array, multiplier: float) -> Array:
    """Return the table of buyers; `known`, `contact` and `seller` are still empty.

    Parameters
    ----------
    city
        Gives residents per place, age band and sex.
    par, keys
        The parameter record and the keys of the run (one row each).
    substance_on
        1 for each substance of the scenario, shape (4,).
    multiplier
        Buyers per real buyer (1 = one agent per real person).
    """
    counts = count_types(city, par, multiplier)
    buyers = np.zeros(sum(counts), dtype=BUYER)
    buyers["uid"] = np.arange(len(buyers))
    buyers["type"] = np.repeat(np.arange(len(BUYER_TYPES)), counts)
    place_people(buyers, city, par, keys)
    house(buyers, city, par, keys)
    equip(buyers, par, keys, substance_on)
    acquaint(buyers, city, keys)
    for column in ("seller", "known", "contact", "last_seller", "previous", "next", "woken"):
        buyers[column] = NOBODY
    buyers["need_day"] = NOBODY
    return buyers
