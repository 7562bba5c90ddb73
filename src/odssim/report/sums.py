"""The few figures that the sentences and the table are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from odssim.language import say
from odssim.observe.scenes import WINDOW_DAYS
from odssim.report.words import change

if TYPE_CHECKING:
    from odssim.observe.result import RunResult

Array = np.ndarray[Any, Any]
Pair = Sequence[float]
PRICE_WINDOW_DAYS = 28
SHORTEST_PRICE_DAYS = 14
"""Runs shorter than this say nothing of price change."""

FEW_EVENTS = 20
"""Fewer events are told by their number: one of them would move a change by over 5 %; assumption."""


@dataclass(frozen=True)
class Price:
    """Median price that sellers ask, SEK/g: mean over the run, and its relative change (None: not known)."""

    substance: str
    mean_sek: float
    change_share: float | None


def total(result: RunResult, outcome: str) -> float:
    """Return the city's sum of an outcome over the run."""
    return float(result.city_series[outcome].sum())


def per_day(result: RunResult, outcome: str) -> float:
    """Return the city's daily mean of an outcome."""
    return total(result, outcome) / len(result.days)


def all_deals(result: RunResult) -> float:
    """Return the purchases of the run, open and hidden."""
    return total(result, "open_deals") + total(result, "hidden_deals")


def prices(result: RunResult) -> list[Price]:
    """Return the price of each substance on sale, and its change from the first weeks to the last."""
    found = []
    for name in result.scenario.substances:
        values = result.city_series[f"price_{name}_sek"]
        known = values[~np.isnan(values)]
        if len(known):
            found.append(Price(name, float(known.mean()), _price_change(values)))
    return found


def price_window_days(n_days: int) -> int:
    """Return how many days at each end of a run its prices are compared over: four weeks, or half the run."""
    return min(PRICE_WINDOW_DAYS, n_days // 2)


def _price_change(values: Array) -> float | None:
    if len(values) < SHORTEST_PRICE_DAYS:
        return None
    window = price_window_days(len(values))
    first, last = values[:window], values[-window:]
    first, last = first[~np.isnan(first)], last[~np.isnan(last)]
    if not len(first) or not len(last) or first.mean() <= 0:
        return None
    return float(last.mean() / first.mean() - 1)


def cells_with_half(result: RunResult) -> int:
    """Return the smallest number of places that together hold half of the open deals; 0 without deals."""
    deals = np.sort(result.place_totals["open_deals"])[::-1]
    if deals.sum() == 0:
        return 0
    return int(np.searchsorted(np.cumsum(deals), deals.sum() / 2) + 1)


def scene_window_days(result: RunResult) -> int:
    """Return the days on which the scenes at the end are judged: 90, or all there are."""
    return min(WINDOW_DAYS, len(result.past) + len(result.days_kept))


def residents(result: RunResult) -> int:
    """Return the city's inhabitants."""
    return round(result.city.residents.sum() * result.scenario.population_multiplier)


def said_over_time(when: str, days: Sequence[int], there: Pair, open_deals: Pair, hidden: Pair) -> str:
    """Return how deals changed in one run, net first: there, elsewhere, by phone and in all.

    Parameters
    ----------
    days
        How many days before and after.
    there, open_deals, hidden
        Deals a day before and after: in the open at the places worked at (empty if there are none), all in the open,
        hidden.
    """
    from odssim.analysis.wording_net import NET

    whole = [a + b for a, b in zip(open_deals, hidden, strict=True)]
    away = [a - b for a, b in zip(open_deals, there, strict=True)] if there else []
    pairs = (there, away, () if there else open_deals, hidden, whole)
    changes = "; ".join(
        f"{say(words)} {_moved(pair, days)}"
        for words, pair in zip(NET.values(), pairs, strict=True) if pair
    )  # fmt: skip
    return say(
        "{when}, against the days before: {changes} (one run: interval not known; season and chance are in it).",
        when=when, changes=changes,
    )  # fmt: skip


def _moved(pair: Pair, days: Sequence[int]) -> str:
    """Return a change in per cent; where few events stand behind a side, their numbers instead."""
    before, after = (round(mean * n) for mean, n in zip(pair, days, strict=True))
    if min(before, after) >= FEW_EVENTS:
        return change(pair[1] / pair[0] - 1)
    return say("{before} in {n} days, then {after} in {m}", before=before, after=after, n=days[0], m=days[1])


def before_and_during(result: RunResult, intervention: str, values: Array) -> tuple[float, float] | None:
    """Return the mean of daily values before and during an intervention; None if either has no day."""
    spec = next((s for s in result.scenario.interventions if s.id == intervention), None)
    if spec is None:
        return None
    before = np.array([day < spec.start for day in result.days])
    during = np.array([spec.start <= day < spec.end for day in result.days])
    if not before.any() or not during.any():
        return None
    return float(values[before].mean()), float(values[during].mean())
