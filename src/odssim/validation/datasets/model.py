"""The same figures from the model: the City of Stockholm without interventions, and its supply network under seizures."""

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np

from odssim.city.city import City
from odssim.core.types import Array
from odssim.observe.result import RunResult
from odssim.scenario.records import Scenario
from odssim.validation.datasets import data
from odssim.validation.datasets.data import SUBSTANCES, small_areas, weekend
from odssim.validation.patterns.trunk import Trunk, place_days
from odssim.world.codes import Fate
from odssim.world.columns import SUBSTANCES as ALL_SUBSTANCES
from odssim.world.columns import Status

YEAR = 365
JULY = slice(181, 212)
"""Days of July from 1 January on."""
AREA_RESIDENTS = 1650
"""Residents of a small English statistical area (LSOA): 1,000 to 3,000."""
RECORDED = ("recorded_sale", "recorded_possession", "recorded_use")


def recorded(result: RunResult) -> Array:
    """Return drug offences recorded at places per day and place, float64[days, P]."""
    return np.asarray(np.sum([place_days(result, name) for name in RECORDED], axis=0))


def blocks(city: City, multiplier: float) -> Array:
    """Return each place's square block, int64[P], so many cells wide that a block holds about 1,650 residents."""
    row, col = np.divmod(city.place_cell, city.width)
    lived_in = city.residents.sum(axis=(1, 2)) > 0
    for width in range(1, 200):
        block = row // width * city.width + col // width
        n_lived_in = len(np.unique(block[lived_in]))
        if city.residents.sum() * multiplier / max(1, n_lived_in) >= AREA_RESIDENTS:
            break
    return np.unique(block, return_inverse=True)[1]


def model_figures(
    scenario: Scenario, *, seeds: int = 3, progress: Callable[[int, int], None] | None = None
) -> dict[str, float]:
    """Return the model's figures, means over seeds: two years after the burn-in."""
    found = []
    for i in range(seeds):
        found.append(one_seed(Trunk.grow(scenario, scenario.seed + i)))
        if progress is not None:
            progress(i + 1, seeds)
    return {key: float(np.nanmean([one[key] for one in found])) for key in found[0]}


def one_seed(trunk: Trunk, days: int = 2 * YEAR) -> dict[str, float]:
    """Return the figures of one seed."""
    run = trunk.branch(days, ledger=True)
    offences = recorded(run)
    district = trunk.city.place_district.astype(np.int64)
    n = len(trunk.city.districts)
    first, second = (np.bincount(district, offences[part].sum(axis=0), n) for part in (slice(0, YEAR), slice(YEAR, None)))
    small = blocks(trunk.city, trunk.scenario.population_multiplier)
    julys = [np.bincount(small, offences[YEAR * k :][JULY].sum(axis=0)) for k in (0, 1)]
    return {
        "berlin half": data.half_share(second), "berlin gini": data.gini(second),
        "berlin rank 1 year": data.rank_persistence(first, second), "berlin top kept": data.top_kept(first, second),
        **small_areas("west_yorkshire", julys[0], julys[1]), **weekdays(run), **supply_network(trunk),
    }  # fmt: skip


def weekdays(run: RunResult) -> dict[str, float]:
    """Return the weekday shape of grams bought, by substance."""
    assert run.ledger is not None
    rows = run.ledger[np.isin(run.ledger["fate"], (Fate.OPEN, Fate.HIDDEN))]
    weekday = (run.scenario.first_day.weekday() + rows["day"]) % 7
    found: dict[str, float] = {}
    for name in SUBSTANCES:
        mine = rows["substance"] == ALL_SUBSTANCES.index(name)
        shape = data.week_shape(np.bincount(weekday[mine], rows["mg"][mine], 7))
        found |= weekend(f"wastewater {name}", shape)
    return found


def supply_network(trunk: Trunk, days: int = 182) -> dict[str, float]:
    """Return density, centralisation and giant component of the supply ties before and under hard seizures.

    Mean over substances. Under seizures half of what comes in is intercepted and officers search the scenes
    for stashes.
    """
    enforced = [
        trunk.plan("seizures_border", (), days, extra_share=0.4),
        trunk.plan("street_enforcement", trunk.cells, days, stash_find=0.5),
    ]
    state = trunk.final_state(days, *enforced)
    found: dict[str, float] = {}
    for when, st in (("first", trunk.state), ("last", state)):
        graphs = [supply_graph(st, k) for k in range(len(ALL_SUBSTANCES))]
        found[f"covert density {when}"] = float(np.mean([nx.density(g) for g in graphs]))
        found[f"covert centralisation {when}"] = float(np.mean([data.centralisation(g) for g in graphs]))
        found[f"covert giant {when}"] = float(np.mean([data.giant_share(g) for g in graphs]))
    found["covert centralisation dealing"] = found["covert centralisation first"]
    return found


def supply_graph(st: Any, substance: int) -> nx.Graph:
    """Return importers, wholesalers and working sellers of a substance with the ties along which goods move."""
    graph = nx.Graph()
    sellers = np.flatnonzero((st.sellers["substance"] == substance) & (st.sellers["status"] != Status.VACANT))
    for s in sellers:
        w = int(st.sellers["wholesaler"][s])
        graph.add_edge(("seller", int(s)), ("wholesaler", w))
        graph.add_edge(("wholesaler", w), ("importer", int(st.wholesalers["importer"][w])))
    return graph
