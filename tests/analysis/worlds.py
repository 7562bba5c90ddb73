"""Small results by hand: a row of places, ledgers, and runs that follow from a scenario without an engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np

from odssim.analysis.displacement.seen import PlaceCounts
from odssim.scenario.records import InterventionSpec, Scenario, Targeting
from odssim.world.codes import FATES
from odssim.world.state import LEDGER

START = date(2018, 1, 1)
DAYS, BURN_IN = 20, 5
PLACE_X_M = (0.0, 100.0, 400.0, 3000.0, 9000.0)
PLACE_NAMES = ("Square", "Corner", "Street", "Station", "Park")
DEALS_PER_DAY = (10, 2, 3, 6, 1)
"""Open deals of the base world at each place, each day."""


def need_rows(*needs: dict[str, Any]) -> np.ndarray:
    """Return a ledger; what a need leaves out is buyer 1, day 10, number 0."""
    rows = np.zeros(len(needs), dtype=LEDGER)
    for row, need in zip(rows, needs, strict=True):
        values = {"buyer": 1, "day": 10, "i": 0, "place": -1, "seller": -1, **need}
        values["fate"] = FATES.index(values["fate"])
        for name, value in values.items():
            row[name] = value
    return rows


def spec(label: str, first: int, days: int, names: tuple[str, ...]) -> InterventionSpec:
    """Return a patrol from day `first` of the run on."""
    return InterventionSpec(
        id=label, type="fifteen_minute_patrol", start=START + timedelta(days=first),
        end=START + timedelta(days=first + days), ramp_days=0, dose=1.0, resources="added", payer="police",
        places=Targeting("names", names=names) if names else None, options={},
    )  # fmt: skip


def scenario(name: str, *specs: InterventionSpec, **changes: Any) -> Scenario:
    """Return a scenario of the row of places."""
    values: dict[str, Any] = {
        "name": name, "start_date": START, "days": DAYS, "burn_in_days": BURN_IN, "seed": 1,
        "city": "teaching-town", "population_multiplier": 1.0, "substances": ("cannabis",), "parameters": {},
        "interventions": specs, "files": (), "content_hash": name,
    }  # fmt: skip
    return Scenario(**{**values, **changes})


@dataclass
class HandRun:
    """What the analysis reads of a run."""

    scenario: Scenario
    seed: int
    city: Any
    city_series: dict[str, np.ndarray]
    open_deals_by_day: np.ndarray
    targets: frozenset[int]
    ledger: np.ndarray
    process: tuple = ()


def city() -> Any:
    """Return five places in a row."""
    x_m = np.array(PLACE_X_M)
    return SimpleNamespace(place_name=PLACE_NAMES, place_xy_m=lambda: (x_m, np.zeros(len(x_m))))


def place_counts(result: HandRun, first: int, end: int) -> list[PlaceCounts]:
    """Return the truth, and records of one deal in ten, five in ten at places worked at: two periods."""
    parts = np.array_split(result.open_deals_by_day[BURN_IN + first : BURN_IN + end], 2)
    deals = np.array([part.sum(axis=0) for part in parts], dtype=np.float64)
    share = np.full(len(PLACE_NAMES), 0.1)
    share[sorted(result.targets)] = 0.5
    return [PlaceCounts("open_deals", deals), PlaceCounts("recorded_offences", deals * share)]


def run(one: Scenario, seed: int, *, moved_per_day: int = 0) -> HandRun:
    """Return a run in which `moved_per_day` deals leave each worked place, if not it is the placebo.

    Of those that leave, the first goes to the neighbour at 100 m, the second does not take place, the third
    is hidden; then again from the first. `seed` deals a day are added at the station in every world.
    """
    deals = np.tile(np.array(DEALS_PER_DAY, dtype=np.float32), (BURN_IN + DAYS, 1))
    deals[:, 3] += seed
    needs, targets = [], set()
    hidden = np.full(DAYS, 30.0)
    for label in one.interventions:
        names = label.places.names if label.places else ()
        targets |= {PLACE_NAMES.index(name) for name in names}
    for d in range(BURN_IN, BURN_IN + DAYS):
        when = START + timedelta(days=d - BURN_IN)
        works = any(s.start <= when < s.end and s.id != "placebo" for s in one.interventions)
        number = 0
        for p in range(len(PLACE_NAMES)):
            for k in range(int(DEALS_PER_DAY[p] + seed * (p == 3))):
                left = works and p in targets and k < moved_per_day
                fate = ("open", "failed", "hidden")[k % 3] if left else "open"
                place = (1 if left else p) if fate == "open" else -1
                needs.append({"buyer": number, "day": d, "fate": fate, "place": place, "closed": 600 + d * 1440})
                number += 1
                if left:
                    deals[d, p] -= 1
                    deals[d, 1] += fate == "open"
                    hidden[d - BURN_IN] += fate == "hidden"
    series = {"open_deals": deals[BURN_IN:].sum(axis=1, dtype=np.float64), "hidden_deals": hidden}
    zero = ("consumed_g", "in_care", "harm_cost_sek", "recorded_sale", "recorded_possession", "recorded_use")
    series |= {name: np.zeros(len(hidden)) for name in zero}
    paid = sum(500.0 for label in one.interventions if label.id != "placebo")
    series |= {name: np.full(DAYS, paid) for name in ("cost_sek", "cost_police_sek")}
    series["price_heroin_sek"] = np.full(DAYS, np.nan)
    return HandRun(one, seed, city(), series, deals, frozenset(targets), need_rows(*needs))
