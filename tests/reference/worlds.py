"""Random small worlds: the tables of a State, without any city files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from odssim.core.rng import decision_keys
from odssim.engine.build import DRAWS, PARAMETERS, prepare
from odssim.world import columns
from odssim.world.columns import NOBODY, Status
from odssim.world.state import TABLES, State, assemble, make_calendar, pack_parameters

from . import ranges
from .worlds_care import hasten_care, set_city_levers, set_ties_to_care
from .worlds_guard import make_programmes, make_units, set_levers

Array = np.ndarray[Any, Any]
Random = np.random.Generator
DAY, EVENING, NIGHT = range(3)
MAX_DAYS = 9
FAR_M = 200_000.0
N_PLACE_TYPES = 8
DEPENDENT = 2
USER_SELLER, NETWORK, RUNNER = range(3)


def make_world(k: int) -> tuple[State, int]:
    """Return random world k and its number of days."""
    random = np.random.default_rng(k)
    n_days = int(random.integers(2, MAX_DAYS + 1))
    besieged = k % 5 == 3
    par = pack_parameters(PARAMETERS, ranges.draw_values(random, PARAMETERS, watched=k % 2 == 1 or besieged))
    if k % 3 == 0:
        hasten_care(np.random.default_rng((k, 2)), par)
    on = random.permutation(4)[: int(random.choice([1, 1, 2, 3, 4]))]
    n_stations = int(random.integers(0, 5))
    places = make_places(random, n_stations, spread=k % 7 == 6)
    if k % 4 in (1, 2):
        set_levers(np.random.default_rng((k, 1)), places)
    n_sellers = int(random.integers(4, 21))
    buyers = make_buyers(random, int(random.integers(20, 121)), places, on, par)
    wholesalers, importers = make_wholesale(random, on, par)
    sellers = make_sellers(random, n_sellers, places, on, wholesalers, par)
    link_user_sellers(random, buyers, sellers)
    give_contacts(random, buyers, sellers)
    if k % 4 in (0, 1):
        set_ties_to_care(np.random.default_rng((k, 3)), buyers)
    programmes, targets, own = make_programmes(random, places, n_days, besieged=besieged)
    state = assemble(
        buyers=buyers, sellers=sellers, places=places, units=make_units(random, places, own),
        importers=importers, wholesalers=wholesalers, programmes=programmes, targets=targets,
        rail_min=make_rail(random, n_stations),
        calendar=make_calendar(date(2025, 1, 20) + timedelta(days=int(random.integers(0, 700))), n_days),
        par=par, keys=decision_keys(k, DRAWS), tables=make_tables(random, on),
    )  # fmt: skip
    if k % 4 in (0, 1):
        set_city_levers(np.random.default_rng((k, 4)), state.levers)
    prepare(state)
    return state, n_days


def pick_or_nobody(random: Random, n: int, size: int, share: float) -> list[int]:
    """Return `size` different numbers below n, each replaced by NOBODY with the given share."""
    picked = [int(i) for i in random.permutation(n)[:size]]
    picked += [NOBODY] * (size - len(picked))
    return [NOBODY if random.random() < share else i for i in picked]


def make_places(random: Random, n_stations: int, *, spread: bool) -> Array:
    """Return the places; a spread world has more districts than anybody explores, some out of reach."""
    n = int(random.integers(22, 27)) if spread else int(random.integers(4, random.integers(6, 14)))
    places = np.zeros(n, dtype=columns.PLACE)
    places["cell"] = np.arange(n)
    places["type"] = random.integers(0, N_PLACE_TYPES, n)
    n_districts = int(random.integers(19, 22)) if spread else int(random.integers(1, 4))
    places["district"] = [i if i < n_districts else random.integers(0, n_districts) for i in range(n)]
    places["station"] = random.integers(-1, n_stations, n) if n_stations else NOBODY
    places["station_min"] = random.uniform(0, 15, n)
    places["x_m"] = random.integers(0, 40, n) * 100.0
    if spread:
        places["x_m"][:2] += FAR_M
    places["y_m"] = random.integers(0, 40, n) * 100.0
    places["footfall"] = random.uniform(0, 20000, n)
    places["attraction"] = np.where(random.random(n) < 0.2, 0.0, random.uniform(0, 10, n))
    places["nuisance"] = random.uniform(0, 2, n)
    places["litter"] = random.uniform(0, 20, n)
    places["alarm"] = random.uniform(0, 2, n)
    places["attention"] = random.uniform(0, 2, n)
    places["camera"] = np.where(random.random(n) < 0.6, 0.0, random.uniform(0, 1, n))
    places["camera_fear"] = np.where(places["camera"] > 0, random.uniform(0, 100, n), 0.0)
    for link in ("first_buyer", "first_seller", "first_visit"):
        places[link] = NOBODY
    return places


def make_buyers(random: Random, n: int, places: Array, on: Array, par: Array) -> Array:
    buyers = np.zeros(n, dtype=columns.BUYER)
    for name in ("seller", "last_seller", "place", "slot", "until", "woken", "need_day", "previous", "next"):
        buyers[name] = NOBODY
    buyers["uid"] = 1000 + random.permutation(4 * n)[:n]
    for name in ("home", "routine"):
        buyers[name] = random.integers(0, len(places), n)
    buyers["type"] = random.integers(0, 3, n)
    buyers["sex"] = random.integers(0, 2, n)
    buyers["substance"] = random.choice(on, n)
    status = (columns.Status.FREE, columns.Status.CUSTODY, columns.Status.VACANT, columns.Status.AWAY)
    buyers["status"] = random.choice(status, n, p=[0.88, 0.04, 0.04, 0.04])
    buyers["status_until"] = random.integers(0, 4, n)
    buyers["rate"] = random.uniform(0.3, 1.2, n) * par["need_rate_month"][0][buyers["type"]] + 5.0
    buyers["basket_mg"] = random.integers(100, 2000, n)
    buyers["wallet"] = random.integers(0, 600_000, n)
    buyers["income"] = random.integers(0, 60_000, n)
    buyers["credit_day"] = random.integers(-5, 1, n)
    buyers["risk_aversion"] = random.uniform(0, 3, n)
    for b in buyers:
        set_beliefs(random, b, len(places), par)
        others = [i for i in random.permutation(n) if buyers["uid"][i] != b["uid"]]
        b["tie"] = others[: columns.N_TIES]
    return buyers


def set_beliefs(random: Random, b: Any, n_places: int, par: Array) -> None:
    reference = par["pricing_reference_sek_g"][0][b["substance"]] * 100
    b["known"] = pick_or_nobody(random, n_places, columns.N_KNOWN, 0.3)
    b["avail"] = random.uniform(0, 1, columns.N_KNOWN * columns.N_BANDS)
    b["risk"] = random.uniform(0, 0.8, columns.N_KNOWN)
    b["wait"] = random.uniform(1, 40, columns.N_KNOWN)
    b["price"] = reference * random.uniform(0.7, 1.4, columns.N_KNOWN)
    b["seen_day"] = random.integers(-20, 1, columns.N_KNOWN)
    if random.random() < 0.5:
        b["last_kind"], b["last_slot"] = 1, random.integers(0, columns.N_KNOWN)


def make_wholesale(random: Random, on: Array, par: Array) -> tuple[Array, Array]:
    """Return wholesalers (one or two per substance) and importers (one per substance)."""
    importers = np.zeros(len(on), dtype=columns.IMPORTER)
    importers["uid"] = 500 + np.arange(len(on))
    importers["substance"] = on
    importers["stock"] = random.integers(0, 60_000, len(on))
    importers["size_mg"] = random.integers(5_000, 80_000, len(on))
    importers["interval_days"] = random.integers(1, 4, len(on))
    importers["next_day"] = random.integers(0, 3, len(on))
    importers["capacity"] = random.uniform(0.3, 1.0, len(on))
    rows = [i for i in range(len(on)) for _ in range(int(random.integers(1, 3)))]
    wholesalers = np.zeros(len(rows), dtype=columns.WHOLESALER)
    wholesalers["uid"] = 600 + np.arange(len(rows))
    wholesalers["substance"] = importers["substance"][rows]
    wholesalers["importer"] = rows
    wholesalers["stock"] = random.integers(0, 30_000, len(rows))
    wholesalers["target_mg"] = random.integers(5_000, 60_000, len(rows))
    base = par["supply_wholesale_sek_g"][0][wholesalers["substance"]] * 100
    wholesalers["price"] = base * random.uniform(0.8, 1.3, len(rows))
    return wholesalers, importers


def make_sellers(random: Random, n: int, places: Array, on: Array, wholesalers: Array, par: Array) -> Array:
    sellers = np.zeros(n, dtype=columns.SELLER)
    for name in ("buyer", "order_day", "plan_start", "plan_end", "place", "until"):
        sellers[name] = NOBODY
    sellers["previous"] = sellers["next"] = NOBODY
    sellers["uid"] = 5000 + random.permutation(4 * n)[:n]
    sellers["kind"] = random.integers(NETWORK, RUNNER + 1, n)
    sellers["substance"] = random.choice(on, n)
    sellers["status"] = random.choice([Status.FREE, Status.CUSTODY, Status.VACANT], n, p=[0.9, 0.05, 0.05])
    sellers["status_until"] = random.integers(0, 3, n)
    sellers["home"] = random.integers(0, len(places), n)
    sellers["stock"] = random.integers(0, 40_000, n)
    sellers["cash"] = random.integers(-50_000, 500_000, n)
    reference = par["pricing_reference_sek_g"][0][sellers["substance"]] * 100
    sellers["price"] = reference * random.uniform(0.7, 1.4, n)
    sellers["price_factor"] = random.uniform(0.8, 1.2, n)
    sellers["reserve"] = random.uniform(0, 250, n)
    sellers["risk_aversion"] = random.uniform(0, 2, n)
    sellers["hours"] = random.uniform(0.3, 14, n)
    sellers["hidden_profit"] = random.uniform(0, 400, n)
    for s in sellers:
        s["wholesaler"] = random.choice(np.flatnonzero(wholesalers["substance"] == s["substance"]))
        s["spot"] = pick_or_nobody(random, len(places), columns.N_SPOTS, 0.3)
        s["profit"] = random.uniform(0, 500, len(s["profit"]))
        s["risk"] = random.uniform(0, 0.15, len(s["risk"]))
    return sellers


def link_user_sellers(random: Random, buyers: Array, sellers: Array) -> None:
    """Make a few dependent buyers sell."""
    free = np.flatnonzero((buyers["type"] == DEPENDENT) & (buyers["status"] == columns.Status.FREE))
    dealers = np.flatnonzero(sellers["status"] == columns.Status.FREE)
    n = min(len(free), len(dealers), int(random.integers(0, len(sellers) // 2 + 1)))
    for row, slot in zip(free[:n], dealers[:n], strict=True):
        sellers[slot]["kind"] = USER_SELLER
        sellers[slot]["buyer"] = row
        sellers[slot]["substance"] = buyers[row]["substance"] = sellers[slot]["substance"]
        buyers[row]["seller"] = slot


def give_contacts(random: Random, buyers: Array, sellers: Array) -> None:
    for b in buyers:
        b["contact"] = pick_or_nobody(random, len(sellers), columns.N_CONTACTS, 0.4)
        for c, slot in enumerate(b["contact"]):
            b["contact_avail"][c] = random.uniform(0, 1) if slot >= 0 else 0.0
        present = [c for c in range(columns.N_CONTACTS) if b["contact"][c] >= 0]
        if present and random.random() < 0.3:
            b["last_kind"], b["last_slot"] = 2, random.choice(present)
            b["last_seller"] = sellers["uid"][b["contact"][b["last_slot"]]]


def make_rail(random: Random, n_stations: int) -> Array:
    """Return symmetric minutes between stations; some pairs are not connected."""
    minutes = random.uniform(2, 40, (n_stations, n_stations))
    minutes = np.where(random.random(minutes.shape) < 0.2, 1e6, minutes)
    minutes = np.minimum(minutes, minutes.T)
    np.fill_diagonal(minutes, 0.0)
    return np.ascontiguousarray(minutes)


def make_tables(random: Random, on: Array) -> Array:
    tables = np.zeros(1, dtype=TABLES)
    profile = random.uniform(0, 1, (N_PLACE_TYPES, 2, 24))
    tables["profile"][0] = (profile / profile.sum(axis=2, keepdims=True)).ravel()
    for kind in range(3):
        share = np.where(random.random(24) < 0.1, 0.0, random.uniform(0.1, 1, 24))
        share[12] = 0.5
        cdf = np.concatenate([[0.0], np.cumsum(share / share.sum())])
        cdf[24] = 1.0
        tables["hour_cdf"][0][kind * 25 : kind * 25 + 25] = np.minimum(cdf, 1.0)
    tables["season"][0] = random.uniform(-1, 1, 12)
    tables["substance_on"][0][on] = 1
    tables["substitute"][0] = random.integers(0, 4, 4)
    tables["extra_border"][0] = np.where(random.random(4) < 0.5, 0.0, random.uniform(0, 0.5, 4))
    return tables
