"""The result of one run: series, totals per place, scenes and the summary."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from odssim.city.city import City
from odssim.core.types import Array
from odssim.observe.outcomes import CITY_OUTCOMES, OUTCOMES, PLACE_LEVELS, PLACE_OUTCOMES, at_places, in_city
from odssim.observe.recorder import DayRecord, by_day
from odssim.observe.scenes import NEAR_STATION_M, WINDOW_DAYS, Scene, clusters, scene_cells
from odssim.scenario.records import PAYERS, Scenario
from odssim.world.codes import PRICE_SPREADS, PRICES, PlaceTally


@dataclass
class RunResult:
    """One finished run. `days_kept` are the days from `start_date`; `past` are those of the burn-in.

    `targets` are the places (indices) at which interventions worked; `process` has one row per
    intervention: what was planned and delivered, and its cost.
    """

    scenario: Scenario
    city: City
    seed: int
    past: list[DayRecord]
    days_kept: list[DayRecord]
    targets: frozenset[int] = frozenset()
    process: list[dict[str, Any]] = field(default_factory=list)
    ledger: Array | None = None
    events: Array | None = None
    wall_s: float = 0.0

    @property
    def days(self) -> list[date]:
        """The dates of `days_kept`."""
        return [self.scenario.start_date + timedelta(days=i) for i in range(len(self.days_kept))]

    @cached_property
    def open_deals_by_day(self) -> Array:
        """Open deals per day and place, burn-in included, float32[past + days, P]."""
        return by_day([*self.past, *self.days_kept], PlaceTally.OPEN_DEALS, len(self.city.place_cell))

    @cached_property
    def city_series(self) -> dict[str, Array]:
        """Every outcome for the city per day, float64[days]."""
        records = self.days_kept
        places = np.array([np.bincount(r.tally, r.value, len(PlaceTally)) for r in records])
        city = np.array([r.city for r in records], dtype=np.float64)
        series = {outcome.id: in_city(outcome, places, city) for outcome in (*PLACE_OUTCOMES, *CITY_OUTCOMES)}
        series |= {key: np.array([r.price_sek[k] for r in records]) for key, k in PRICES.items()}
        series |= {key: np.array([r.price_cv[k] for r in records]) for key, k in PRICE_SPREADS.items()}
        series["nuisance"] = np.array([r.nuisance.sum() for r in records])
        series["fear_share"] = np.array([r.fear_share for r in records])
        series["cost_sek"] = np.array([r.cost_sek for r in records])
        for payer in PAYERS:
            series[f"cost_{payer}_sek"] = np.array([r.cost_by_payer_sek.get(payer, 0.0) for r in records])
        series["harm_cost_sek"] = np.array([r.harm_cost_sek for r in records])
        series["n_scenes"] = self._scene_counts()
        return series

    def _window(self, d: int) -> Array:
        """Return the deals of the 90 days up to and including kept day `d` (fewer if there are fewer)."""
        last = len(self.past) + d + 1
        return self.open_deals_by_day[max(0, last - WINDOW_DAYS) : last]

    def _scene_counts(self) -> Array:
        deals, n_past = self.open_deals_by_day, len(self.past)
        active = np.flatnonzero(deals.any(axis=0))
        counts = np.zeros(len(self.days_kept))
        for d in range(len(self.days_kept)):
            last = n_past + d + 1
            window = deals[max(0, last - WINDOW_DAYS) : last, active]
            groups = clusters(self.city.place_cell[active], self.city.width, scene_cells(window))
            counts[d] = len(groups)
        return counts

    @cached_property
    def place_totals(self) -> dict[str, Array]:
        """Every place outcome summed over the kept days (of a level the mean), float64[P]."""
        n_places = len(self.city.place_cell)
        raw = np.zeros((n_places, len(PlaceTally)))
        levels = {outcome: np.zeros(n_places) for outcome in PLACE_LEVELS}
        for record in self.days_kept:
            np.add.at(raw, (record.place, record.tally), record.value)
            for outcome, field_name in PLACE_LEVELS.items():
                levels[outcome][record.nuisance_place] += getattr(record, field_name)
        totals = {outcome.id: at_places(outcome, raw) for outcome in PLACE_OUTCOMES}
        return totals | {outcome: total / max(1, len(self.days_kept)) for outcome, total in levels.items()}

    @cached_property
    def scenes(self) -> list[Scene]:
        """The modelled scenes at the end of the run, busiest first."""
        window = self._window(len(self.days_kept) - 1)
        groups = clusters(self.city.place_cell, self.city.width, scene_cells(window))
        found = []
        for group in groups:
            rate = float(window[:, list(group)].sum(axis=1).mean())
            busiest = max(group, key=lambda p: float(window[:, p].sum()))
            near = any(self.metres_to_station[p] <= NEAR_STATION_M for p in group)
            found.append(Scene(group, rate, near, self.city.place_name[busiest]))
        return sorted(found, key=lambda scene: -scene.open_deals_per_day)

    @cached_property
    def metres_to_station(self) -> Array:
        """Straight distance of each place to the nearest metro or commuter station, m, float64[P]."""
        row, col = np.divmod(self.city.place_cell, self.city.width)
        best = np.full(len(self.city.place_cell), np.inf)
        for station in self.city.stations:
            if station.mode in ("metro", "commuter_rail"):
                dx = (col + 0.5) * self.city.cell_m - station.x_m
                dy = (row + 0.5) * self.city.cell_m - station.y_m
                best = np.minimum(best, np.sqrt(dx * dx + dy * dy))
        return best

    @cached_property
    def summary(self) -> dict[str, dict[str, Any]]:
        """Each outcome over the kept days, as it is declared: value, unit, and whether it is a sum or a mean."""
        summary = {}
        for key, values in self.city_series.items():
            with_data = values[~np.isnan(values)]
            if len(with_data):
                outcome = OUTCOMES[key]
                value = float(getattr(with_data, outcome.over_days)())
                summary[key] = {"value": value, "unit": outcome.unit, "over_days": outcome.over_days}
        return summary
