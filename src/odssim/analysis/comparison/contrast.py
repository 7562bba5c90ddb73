"""One seed's base world and another world, reduced to the numbers that a comparison averages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from odssim.analysis.comparison.indicator_rows import indicator_counts
from odssim.analysis.decision.objective import ALL_DEALS
from odssim.analysis.displacement.flows import LedgerFlows, count_flows
from odssim.analysis.displacement.ledger import pair_needs, within_days, zone_of
from odssim.analysis.displacement.rings import area_of, metres_to_targets, ring_of, ring_totals
from odssim.analysis.displacement.seen import AreaCounts, PlaceCounts, area_counts, place_counts
from odssim.analysis.displacement.shifts import week_profile
from odssim.core.types import Array
from odssim.observe.result import RunResult
from odssim.scenario.records import Scenario
from odssim.world.codes import Fate

BUFFER_M = 500.0
"""How far from a target a deal counts as moved nearby, metres."""
BEFORE_DAYS = 90
"""Days before the interventions from which controls are chosen."""


@dataclass(frozen=True)
class Window:
    """The days over which two scenarios are compared: `first` to before `end`, counted from `start_date`."""

    start_date: date
    first: int
    end: int

    @property
    def days(self) -> int:
        """Length."""
        return self.end - self.first

    @property
    def first_date(self) -> date:
        """The first day."""
        return self.start_date + timedelta(days=self.first)

    @property
    def last_date(self) -> date:
        """The last day."""
        return self.start_date + timedelta(days=self.end - 1)


@dataclass(frozen=True)
class SeedContrast:
    """What one seed says about an alternative."""

    seed: int
    base: Mapping[str, float]
    other: Mapping[str, float]
    """Mean per day of the window of each outcome for the city; NaN where no day had a value."""
    n_targets: int
    base_rings: Array | None
    other_rings: Array | None
    """Open deals in the window per ring around the places worked at (`displacement.RINGS`), or None
    if the alternative works at no places."""
    flows: LedgerFlows | None
    placebo: LedgerFlows | None
    """The ledger's account of the alternative, and of the placebo, with the same places and days."""
    counts: Mapping[str, AreaCounts] = field(default_factory=dict)
    """Sums per area of what each source counts (`seen`), in both worlds."""
    profiles: tuple[Array, ...] = ()
    """Open deals at the places worked at by hour of the week: base, other and, if there is one, placebo."""
    base_shared: Mapping[str, float] = field(default_factory=dict)
    other_shared: Mapping[str, float] = field(default_factory=dict)
    """As `base` and `other`, over the days that all alternatives have in common with each other."""
    targets: frozenset[int] = frozenset()
    """Places (indices) worked at."""
    idle: tuple[tuple[str, str], ...] = ()
    """Interventions of either world that work nowhere: (id, why)."""
    cut: tuple[tuple[str, float, float, float], ...] = ()
    """Interventions of either world that a budget cut: (id, SEK planned, beyond the budget, delivered)."""
    base_deals: Array = field(default_factory=lambda: np.zeros(0))
    other_deals: Array = field(default_factory=lambda: np.zeros(0))
    """Open deals a day at each place over those days, float64[P]."""
    base_indicators: Array = field(default_factory=lambda: np.zeros(0))
    other_indicators: Array = field(default_factory=lambda: np.zeros(0))
    """Places behind each name of `indicator_counts.COUNTED` at the end of those days."""


def window_of(base: Scenario, other: Scenario) -> Window:
    """Return the days from the first start to the last end of the interventions that only one has.

    The whole run if they differ in more than interventions, or in nothing.
    """
    mine, theirs = base.interventions, other.interventions
    specs = [s for s in mine if s not in theirs] + [s for s in theirs if s not in mine]
    alike = (base.parameters, base.population_multiplier, base.substances) == (
        other.parameters,
        other.population_multiplier,
        other.substances,
    )
    if not specs or not alike:
        return Window(base.start_date, 0, base.days)
    first = min((spec.start - base.start_date).days for spec in specs)
    end = max((spec.end - base.start_date).days for spec in specs)
    return Window(base.start_date, max(0, first), min(base.days, end))


def worked_at(base: RunResult, other: RunResult) -> frozenset[int]:
    """Return the places where only the other world works; if it adds none, all where either works."""
    return other.targets - base.targets or other.targets | base.targets


def daily_means(result: RunResult, window: Window) -> dict[str, float]:
    """Return each outcome's mean over the window's days, and that of open and hidden deals together."""
    series = {name: values[window.first : window.end] for name, values in result.city_series.items()}
    series[ALL_DEALS] = series["open_deals"] + series["hidden_deals"]
    return {name: known_mean(values) for name, values in series.items()}


def known_mean(values: Array) -> float:
    """Return the mean of what is known; NaN if nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def open_deals_per_place(result: RunResult, window: Window) -> Array:
    """Return the open deals at each place over the window, float64[P]."""
    past = len(result.open_deals_by_day) - result.scenario.days
    days = result.open_deals_by_day[past + window.first : past + window.end]
    return np.asarray(days.sum(axis=0, dtype=np.float64))


def shared_window(windows: Sequence[Window]) -> Window:
    """Return the days from the first to the last that any of the alternatives is compared over."""
    return Window(windows[0].start_date, min(w.first for w in windows), max(w.end for w in windows))


def contrasts(
    base: RunResult, others: Sequence[RunResult], placebo: RunResult | None, windows: Sequence[Window]
) -> list[SeedContrast]:
    """Reduce the worlds of one seed, one contrast per alternative.

    `placebo`: the base with one visit at an unrelated place.
    `windows`: the days that each alternative is compared over.
    """
    shared = shared_window(windows)
    base_shared = daily_means(base, shared)
    seen_base = _by_place("base", base, shared)
    counted: dict[Window, list[PlaceCounts]] = {}
    found = []
    for other, window in zip(others, windows, strict=True):
        around: dict[str, Any] = {"base_rings": None, "other_rings": None, "flows": None, "placebo": None}
        targets = worked_at(base, other)
        idle = {row["id"]: row["works_nowhere"] for one in (base, other) for row in one.process if row.get("works_nowhere")}
        cut = tuple({row["id"]: (row["id"], row["plan_sek"], row["cut_sek"], row["cost_sek"])
                     for one in (base, other) for row in one.process if row.get("cut_sek")}.values())  # fmt: skip
        if targets:
            if window not in counted:
                counted[window] = place_counts(base, window.first, window.end)
            around = _around(base, other, placebo, window, counted[window])
        found.append(SeedContrast(
            seed=base.seed, base=daily_means(base, window), other=daily_means(other, window), n_targets=len(targets),
            targets=targets, idle=tuple(idle.items()), cut=cut, base_shared=base_shared,
            other_shared=daily_means(other, shared), **around, **seen_base, **_by_place("other", other, shared),
        ))  # fmt: skip
    return found


def _by_place(world: str, result: RunResult, window: Window) -> dict[str, Any]:
    """Return where a world's deals took place and how many places have each indicator at the end, as fields."""
    deals = open_deals_per_place(result, window) / window.days
    return {f"{world}_deals": deals, f"{world}_indicators": indicator_counts(result, window.end)}


def _around(
    base: RunResult, other: RunResult, placebo: RunResult | None, window: Window, base_counts: list[PlaceCounts]
) -> dict[str, Any]:
    """Return what happened at and around the places worked at, as fields of `SeedContrast`."""
    targets = worked_at(base, other)
    x_m, y_m = base.city.place_xy_m()
    distance_m = metres_to_targets(x_m, y_m, targets)
    ring, zone = ring_of(distance_m, targets), zone_of(distance_m, targets, BUFFER_M)
    area = area_of(x_m, y_m, targets, deals_before(base, window), BUFFER_M)
    worlds = [base, other] if placebo is None else [base, other, placebo]
    return {
        "base_rings": ring_totals(open_deals_per_place(base, window), ring),
        "other_rings": ring_totals(open_deals_per_place(other, window), ring),
        "flows": ledger_flows(base, other, zone, window),
        "placebo": None if placebo is None else ledger_flows(base, placebo, zone, window),
        "counts": area_counts(base_counts, place_counts(other, window.first, window.end), area),
        "profiles": tuple(target_profile(world, targets, window) for world in worlds),
    }


def deals_before(base: RunResult, window: Window) -> Array:
    """Return the open deals at each place in the 90 days before the window, float64[P]; in it, if there are none."""
    first = len(base.open_deals_by_day) - base.scenario.days + window.first
    days = base.open_deals_by_day[max(0, first - BEFORE_DAYS) : first]
    return np.asarray(days.sum(axis=0, dtype=np.float64)) if len(days) else open_deals_per_place(base, window)


def target_profile(result: RunResult, targets: frozenset[int], window: Window) -> Array:
    """Return the open deals at the targets by hour of the week, float64[168]."""
    ledger = window_ledger(result, window)
    there = (ledger["fate"] == Fate.OPEN) & np.isin(ledger["place"], sorted(targets))
    return week_profile(ledger["closed"][there], result.scenario.first_day.weekday())


def ledger_flows(base: RunResult, other: RunResult, zone: Array, window: Window) -> LedgerFlows:
    """Return the flows of the needs that fell due in the window."""
    return count_flows(pair_needs(window_ledger(base, window), window_ledger(other, window), zone))


def window_ledger(result: RunResult, window: Window) -> Array:
    """Return the ledger's rows of the window."""
    assert result.ledger is not None, "paired runs keep their ledger"
    burn_in = result.scenario.burn_in_days
    return within_days(result.ledger, burn_in + window.first, burn_in + window.end)
