"""From a scenario to the state at its first minute."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from odssim import population
from odssim.city.city import PLACE_TYPES, City
from odssim.core import maths
from odssim.core.compiled import entry
from odssim.core.rng import decision_keys
from odssim.core.types import Array
from odssim.interventions.costs import PARAMETERS as COST_PARAMETERS
from odssim.observe.instruments import PARAMETERS as INSTRUMENT_PARAMETERS
from odssim.population.buyers import make_buyers
from odssim.population.guardians import make_units
from odssim.population.sellers import daily_demand_mg, link_contacts, make_importers, make_sellers, make_wholesalers
from odssim.rules import DRAWS as RULE_DRAWS
from odssim.rules import PARAMETERS as RULE_PARAMETERS
from odssim.rules.belief import note_fade
from odssim.rules.explore import explore, find_near, note_pull, note_reach
from odssim.rules.footfall import PROFILE
from odssim.rules.need import HOUR_CDF
from odssim.rules.presence import SEASON
from odssim.rules.use import SUBSTITUTE
from odssim.world.columns import N_BANDS, N_KNOWN, N_SPOTS, NOBODY, PLACE, PROGRAMME, SUBSTANCES
from odssim.world.state import TABLES, State, assemble, make_calendar, pack_parameters

PARAMETERS = population.PARAMETERS + RULE_PARAMETERS + COST_PARAMETERS + INSTRUMENT_PARAMETERS
"""Every parameter of the model, its accounts and its instruments."""
DRAWS = population.DRAWS + RULE_DRAWS
"""Every decision that has its own random numbers."""
RAIL_TYPES = ("metro", "commuter_rail")
KNOWN_AT_START = (3, 4, 5)
"""Places a buyer knows at the start, by type; assumption."""
SPOTS_AT_START = 3
CALENDAR_DAYS = 8000
"""Longer than any run: burn-in and run are limited to ten years each."""


def make_places(city: City, par: Any) -> Array:
    """Return the table of places of a city, with nobody in them."""
    places = np.zeros(len(city.place_cell), dtype=PLACE)
    row, col = np.divmod(city.place_cell, city.width)
    places["cell"], places["type"], places["district"] = city.place_cell, city.place_type, city.place_district
    places["station"], places["station_min"] = stations_in_use(city)[1], city.place_station_min
    places["x_m"], places["y_m"] = (col + 0.5) * city.cell_m, (row + 0.5) * city.cell_m
    places["footfall"] = city.place_footfall
    rail = np.isin(city.place_type, [PLACE_TYPES.index(t) for t in RAIL_TYPES])
    weight = maths.power(city.place_footfall / 1000, par["search_footfall_power"])
    places["attraction"] = weight * maths.exp(par["search_station_weight"] * rail)
    for column in ("first_buyer", "first_seller", "first_visit"):
        places[column] = NOBODY
    return places


def stations_in_use(city: City) -> tuple[Array, Array]:
    """Return the stations that are nearest to some place, and each place's row among them (or NOBODY)."""
    stations, row = np.unique(city.place_station, return_inverse=True)
    n_without = int((stations < 0).sum())
    return stations[n_without:], row - n_without


def make_tables(substance_on: Array) -> Array:
    """Return the record of small fixed tables."""
    tables = np.zeros(1, dtype=TABLES)
    tables["profile"], tables["hour_cdf"], tables["season"] = PROFILE.ravel(), HOUR_CDF.ravel(), SEASON
    tables["substance_on"], tables["substitute"] = substance_on, SUBSTITUTE
    return tables


@entry
def learn_places(st: State, known_at_start: Array, known_key: np.uint64, spot_key: np.uint64) -> None:
    """Let everybody know a few places around home and routine, found as later new ones are found."""
    par = st.par[0]
    for b in range(len(st.buyers)):
        buyer = st.buyers[b]
        n = 0
        for i in range(known_at_start[buyer.type]):
            p = explore(st, known_key, buyer.uid, i, buyer.routine if i % 2 else buyer.home)
            new = p != NOBODY
            for k in range(n):
                new = new and buyer.known[k] != p
            if new:
                buyer.known[n] = p
                n += 1
        for k in range(N_KNOWN):
            buyer.wait[k] = par.belief_prior_wait_min
            buyer.price[k] = par.pricing_reference_sek_g[buyer.substance] * 100.0
            for z in range(N_BANDS):
                buyer.avail[k * N_BANDS + z] = par.belief_prior
    for s in range(len(st.sellers)):
        seller, n = st.sellers[s], 0
        for i in range(SPOTS_AT_START):
            p = explore(st, spot_key, seller.uid, i, seller.home)
            new = p != NOBODY
            for k in range(n):
                new = new and seller.spot[k] != p
            if new and n < N_SPOTS:
                seller.spot[n] = p
                n += 1


def prepare(state: State) -> None:
    """Note what the rules look up and need not work out anew: to be called once after `assemble`."""
    note_reach(state)
    note_pull(state)
    find_near(state)
    note_fade(state)


def build_state(
    city: City,
    *,
    parameters: Mapping[str, float],
    seed: int,
    first_day: date,
    substances: tuple[str, ...] = SUBSTANCES,
    multiplier: float = 1.0,
) -> State:
    """Return the state at midnight of `first_day`.

    Parameters
    ----------
    city
        The city's places, residents and rail.
    parameters
        Scalar parameter ids and values; what is missing takes its default.
    seed
        Seed of all keyed draws.
    first_day
        The first simulated day.
    substances, multiplier
        Substances on sale; buyers per real buyer.
    """
    par = pack_parameters(PARAMETERS, parameters)
    keys = decision_keys(seed, DRAWS)
    substance_on = np.array([name in substances for name in SUBSTANCES], dtype=np.int64)
    buyers = make_buyers(city, par[0], keys[0], substance_on, multiplier)
    sellers = make_sellers(city, buyers, par[0], keys[0])
    demand = daily_demand_mg(buyers)
    importers = make_importers(demand, par[0], substance_on)
    wholesalers = make_wholesalers(sellers, importers, demand, par[0], keys[0])
    link_contacts(buyers, sellers, city, par[0], keys[0])
    stations = stations_in_use(city)[0]
    state = assemble(
        buyers=buyers, sellers=sellers, places=make_places(city, par[0]), units=make_units(city, par[0]),
        importers=importers, wholesalers=wholesalers, programmes=np.zeros(0, dtype=PROGRAMME),
        targets=np.zeros(0, dtype=np.int64), rail_min=city.station_minutes[np.ix_(stations, stations)],
        calendar=make_calendar(first_day, CALENDAR_DAYS), par=par, keys=keys, tables=make_tables(substance_on),
    )  # fmt: skip
    prepare(state)
    learn_places(state, np.array(KNOWN_AT_START), keys[0]["population_known"], keys[0]["population_spot"])
    return state
