"""Small builders of run results: real cities, invented numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from odssim.city import City
from odssim.observe.recorder import DayRecord
from odssim.observe.result import RunResult
from odssim.scenario.records import SUBSTANCES, InterventionSpec, Scenario
from odssim.world.codes import CITY_TALLIES, PLACE_TALLIES

START = date(2018, 1, 1)
PRICES_SEK = (110.0, 220.0, 900.0, 850.0)
PlaceCounts = Mapping[str, Mapping[int, int]]
"""Place tally -> {place: count}."""


def scenario(city: str, days: int, interventions: Sequence[InterventionSpec] = ()) -> Scenario:
    return Scenario(
        name="A test of $5 and $6", start_date=START, days=days, burn_in_days=0, seed=7, city=city,
        population_multiplier=1.0, substances=SUBSTANCES, parameters={}, interventions=tuple(interventions),
        files=(), content_hash="0" * 32,
    )  # fmt: skip


def intervention(start: date, end: date, name: str = "patrol") -> InterventionSpec:
    return InterventionSpec(
        id=name, type="fifteen_minute_patrol", start=start, end=end, ramp_days=0, dose=1.0,
        resources="added", payer="police", places=None, options={},
    )  # fmt: skip


def day(
    places: PlaceCounts | None = None,
    city: Mapping[str, int] | None = None,
    prices_sek: Sequence[float] = PRICES_SEK,
    cost_sek: float = 0.0,
) -> DayRecord:
    rows = [
        (place, PLACE_TALLIES.index(tally), count)
        for tally, counts in (places or {}).items()
        for place, count in counts.items()
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    tallies = np.zeros(len(CITY_TALLIES), dtype=np.int64)
    for name, count in (city or {}).items():
        tallies[CITY_TALLIES.index(name)] = count
    return DayRecord(
        place=table[:, 0].astype(np.int32), tally=table[:, 1].astype(np.int8), value=table[:, 2],
        city=tallies, nuisance_place=np.zeros(0, np.int32), nuisance=np.zeros(0),
        fear=np.zeros(0), fear_share=0.0,
        price_sek=np.array(prices_sek), price_cv=np.full(4, 0.3), cost_sek=cost_sek,
    )  # fmt: skip


def result(city: City, days: Sequence[DayRecord], **changes: Any) -> RunResult:
    interventions = changes.pop("interventions", ())
    return RunResult(
        scenario=scenario(city.name, len(days), interventions), city=city, seed=7,
        past=changes.pop("past", []), days_kept=list(days), **changes,
    )  # fmt: skip


def random_result(city: City, n_days: int, seed: int = 1, **changes: Any) -> RunResult:
    """A few busy places and many quiet ones, Poisson counts, wandering prices."""
    rng = np.random.default_rng(seed)
    rate = np.zeros(city.n_places)
    rate[rng.choice(city.n_places, 200, replace=False)] = rng.exponential(0.1, 200)
    rate[rng.choice(np.flatnonzero(city.place_type == 1), 3, replace=False)] = (60.0, 25.0, 12.0)
    prices, days = np.array(PRICES_SEK), []
    for _ in range(n_days):
        deals = rng.poisson(rate)
        recorded = rng.binomial(deals, 0.01)
        prices = prices * np.exp(rng.normal(0, 0.005, 4))
        places = {
            "open_deals": {int(p): int(deals[p]) for p in np.flatnonzero(deals)},
            "recorded_sale": {int(p): int(recorded[p]) for p in np.flatnonzero(recorded)},
        }
        city_counts = {"hidden_deals": int(rng.poisson(500)), "sellers_active": int(rng.poisson(90))}
        days.append(day(places, city_counts, prices))
    return result(city, days, **changes)


def plain(text: str) -> str:
    """The text with ordinary spaces and hyphens, so that expectations can be typed."""
    return text.replace("\u202f", " ").replace("\u2212", "-")
