"""The few figures that the sentences about a run are made of, and its table of labels and values in the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from odssim.core.types import Array
from odssim.language import say
from odssim.language.written import change, number, percent, rough
from odssim.observe.result import RunResult
from odssim.observe.scenes import WINDOW_DAYS
from odssim.scenario.records import PAYERS

Pair = Sequence[float]
PRICE_WINDOW_DAYS = 28
SHORTEST_PRICE_DAYS = 14
"""Runs shorter than this say nothing of price change."""

FEW_EVENTS = 20
"""Fewer events are reported by their number: one of them would move a change by over 5 %; assumption."""
Rows = list[tuple[str, str]]
NOT_DEFINED = "-"


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

    `days`: how many days before and after.
    `there`, `open_deals`, `hidden`: deals a day before and after: in the open at the places worked at (empty if there
    are none), all in the open, hidden.
    """
    from odssim.analysis.comparison.net_words import NET

    whole = [a + b for a, b in zip(open_deals, hidden, strict=True)]
    away = [a - b for a, b in zip(open_deals, there, strict=True)] if there else []
    pairs = (there, away, () if there else open_deals, hidden, whole)
    changes = "; ".join(
        f"{say(words)} {_moved(pair, days)}" for words, pair in zip(NET.values(), pairs, strict=True) if pair
    )
    return say(
        "{when}, against the days before: {changes} (one run: interval not known; season and chance are in it).",
        when=when,
        changes=changes,
    )


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


def table(result: RunResult) -> Rows:
    """Return (label, value) rows: market, prices, scenes, police, harm, cost."""
    return [*_market(result), *_prices(result), *_scenes(result), *_police(result), *_harm(result), *_cost(result)]


def _share(part: float, whole: float) -> str:
    return percent(part / whole) if whole else NOT_DEFINED


def _market(result: RunResult) -> Rows:
    money = per_day(result, "turnover_sek") + per_day(result, "hidden_turnover_sek")
    needs = total(result, "needs")
    return [
        (say("Open deals a day"), number(per_day(result, "open_deals"))),
        (say("Hidden deals a day"), number(per_day(result, "hidden_deals"))),
        (say("Open share of purchases"), _share(total(result, "open_deals"), all_deals(result))),
        (say("Paid a day, open and hidden"), f"{number(money)} SEK"),
        (say("Needs given up after search"), _share(total(result, "failed_needs"), needs)),
        (say("Needs done without by choice"), _share(total(result, "forgone_needs"), needs)),
        (say("Buyers with a need a day"), number(per_day(result, "buyers_active"))),
        (say("Sellers at work a day"), number(per_day(result, "sellers_active"))),
    ]


def _prices(result: RunResult) -> Rows:
    rows = []
    for price in prices(result):
        moved = f" ({change(price.change_share)})" if price.change_share is not None else ""
        label = say("Median price, {substance}", substance=say(price.substance))
        rows.append((label, f"{number(price.mean_sek)} SEK/g{moved}"))
    return rows


def _scenes(result: RunResult) -> Rows:
    n, inhabitants = len(result.scenes), residents(result)
    rate = number(n / inhabitants * 100_000) if inhabitants else NOT_DEFINED
    near = sum(scene.near_station for scene in result.scenes)
    judged = say("{n}, judged on {days} days", n=number(n), days=number(scene_window_days(result)))
    return [
        (say("Scenes at the end"), judged),
        (say("Scenes per {many} inhabitants", many=number(100_000)), rate),
        (say("Scenes near a station"), _share(near, n)),
    ]


def _police(result: RunResult) -> Rows:
    recorded = total(result, "recorded_sale")
    ratio = say("1 for {n} sales", n=rough(all_deals(result) / recorded)) if recorded else NOT_DEFINED
    hours = per_day(result, "guard_min") / 60
    return [
        (say("Guardians on site a day"), say("{n} hours", n=number(hours))),
        (say("Persons stopped"), number(total(result, "stops"))),
        (say("Sellers arrested"), number(total(result, "arrests"))),
        (say("Recorded sales"), number(recorded)),
        (say("Recorded sales against all sales"), ratio),
        (say("Recorded possession"), number(total(result, "recorded_possession"))),
        (say("Recorded use"), number(total(result, "recorded_use"))),
        (say("Tips from the public"), number(total(result, "tips"))),
    ]


def _harm(result: RunResult) -> Rows:
    return [
        (say("Overdoses"), number(total(result, "overdoses"))),
        (say("Deaths by overdose"), number(total(result, "deaths"))),
        (say("New users"), number(total(result, "first_users"))),
    ]


def _cost(result: RunResult) -> Rows:
    if not result.scenario.interventions:
        return []
    costs = {payer: total(result, f"cost_{payer}_sek") for payer in PAYERS}
    paid = [
        (say("  borne by: {payer}", payer=say(payer.replace("_", " "))), f"{number(sek)} SEK")
        for payer, sek in costs.items()
        if sek > 0
    ]
    harm = (say("Social cost of harm, apart"), f"{number(total(result, 'harm_cost_sek'))} SEK")
    return [(say("Cost of the interventions"), f"{number(total(result, 'cost_sek'))} SEK"), *paid, harm]
