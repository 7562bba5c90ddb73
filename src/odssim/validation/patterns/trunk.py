"""One seed's past, simulated once, and the worlds that branch from it: interventions or parameters from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np

from odssim.city.city import City
from odssim.core.types import Array
from odssim.engine.build import PARAMETERS
from odssim.engine.run import Run, checked_city, new_state
from odssim.interventions.catalogue import CATALOGUE
from odssim.observe.recorder import Recorder
from odssim.observe.result import RunResult
from odssim.scenario.records import InterventionSpec, OptionValue, Scenario, Targeting
from odssim.world.state import State, copy_state, pack_parameters

SCENE_DAYS = 90
BUSIEST = 3
"""Places worked at where no scene has formed."""


@dataclass
class Trunk:
    """A scenario's state at midnight of `start_date` for one seed, without interventions.

    What branches from it is, byte for byte, what `engine.run.run_pair` makes; beside interventions it can give
    a branch other parameters from `start_date` on, and each branch a length of its own.
    """

    scenario: Scenario
    city: City
    state: State
    recorder: Recorder

    @classmethod
    def grow(cls, scenario: Scenario, seed: int) -> Trunk:
        """Simulate the burn-in of one seed; it is kept in memory only, so that no cache fills up."""
        bare = replace(scenario, interventions=(), seed=seed)
        city = checked_city(bare)
        run = Run(bare, city, new_state(bare, city), Recorder())
        run.run_to_day(bare.burn_in_days)
        return cls(bare, city, run.state, run.recorder)

    def branch(
        self, days: int, *interventions: InterventionSpec, sets: Sequence[tuple[str, float]] = (),
        ledger: bool = False, events: bool = False,
    ) -> RunResult:  # fmt: skip
        """Return the result of `days` days from `start_date` on.

        `sets`: parameters that are others from `start_date` on. Those read only when the population is made, or from
        tables made at the start (``search.*``, ``belief.buyer_halflife_days``), have no effect.
        """
        return self._run(days, interventions, sets, ledger=ledger, events=events).result()

    def final_state(self, days: int, *interventions: InterventionSpec) -> State:
        """Return the state of such a branch at its end."""
        return self._run(days, interventions).state

    def _run(
        self, days: int, interventions: Sequence[InterventionSpec], sets: Sequence[tuple[str, float]] = (),
        *, ledger: bool = False, events: bool = False,
    ) -> Run:  # fmt: skip
        specs = tuple(sorted(interventions, key=lambda spec: spec.id))
        scenario = replace(self.scenario, days=days, interventions=specs)
        state = copy_state(self.state)
        if sets:
            state.par[:] = pack_parameters(PARAMETERS, {**scenario.parameters, **dict(sets)})
        run = Run(scenario, self.city, state, Recorder(self.recorder.days), ledger=ledger, events=events)
        run.run_to_day(scenario.burn_in_days + days)
        return run

    @cached_property
    def sites(self) -> list[tuple[int, ...]]:
        """The places of each scene at `start_date`, busiest first; without scenes, the busiest places."""
        past = Run(replace(self.scenario, days=0), self.city, self.state, Recorder(self.recorder.days)).result()
        if past.scenes:
            return [scene.cells for scene in past.scenes]
        deals = past.open_deals_by_day[-SCENE_DAYS:].sum(axis=0)
        return [(int(p),) for p in np.argsort(-deals, kind="stable")[:BUSIEST]]

    @property
    def cells(self) -> list[int]:
        """The places of all scenes."""
        return sorted({p for site in self.sites for p in site})

    def buyer_types(self, uids: Array) -> Array:
        """Return the type (index in `BUYER_TYPES`) of buyers at `start_date`, -1 for who was not there yet."""
        known = self.state.buyers["uid"]
        order = np.argsort(known, kind="stable")
        at = np.minimum(np.searchsorted(known[order], uids), len(known) - 1)
        return np.where(known[order][at] == uids, self.state.buyers["type"][order][at], -1)

    def per_day(self, outcome: str, places: Sequence[int]) -> float:
        """Return an outcome per place and day over the last 90 days before `start_date`."""
        n = len(self.recorder.days)
        first = max(0, n - SCENE_DAYS)
        total = self.recorder.place_sum(outcome, first, n, len(self.city.place_cell))
        return float(total[list(places)].sum()) / (len(places) * max(1, n - first))

    def plan(
        self, type_: str, places: Sequence[int], days: int, dose: float = 1.0, /, **options: OptionValue
    ) -> InterventionSpec:
        """Return an intervention of the catalogue for `days` days from `start_date` on, at `places` if any."""
        entry = CATALOGUE[type_]
        defaults: dict[str, Any] = {option.id: option.default for option in entry.options}
        return InterventionSpec(
            id=type_, type=type_, start=self.scenario.start_date, end=self.scenario.start_date + timedelta(days=days),
            ramp_days=0, dose=dose, resources="added", payer=entry.payer,
            places=Targeting("names", names=tuple(self.city.place_name[p] for p in places)) if places else None,
            options={**defaults, **options},
        )  # fmt: skip


def place_days(result: RunResult, outcome: str = "open_deals") -> Array:
    """Return an outcome per day from `start_date` on and place, float64[days, P]."""
    n_places = len(result.city.place_cell)
    recorder = Recorder(result.days_kept)
    return np.array([recorder.place_sum(outcome, d, d + 1, n_places) for d in range(len(result.days_kept))])
