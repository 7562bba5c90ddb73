"""What the claims need of a world, and of two worlds of one seed: the pair of numbers behind a test."""

from dataclasses import dataclass

import numpy as np

from odssim.analysis.comparison.contrast import known_mean
from odssim.core.types import Array
from odssim.observe.recorder import by_day
from odssim.observe.result import RunResult
from odssim.validation.claims.claim import Test
from odssim.world.codes import PlaceTally

EXTRA = ("kept_away", "recorded_sale_at_places", "women_met_share", "women_active_share")
"""Numbers beside the outcomes: passers-by a day who stay away for fear; sales recorded at places; shares of
women among those stopped or contacted, and among buyers active."""
AT_PLACES = ("open_deals", "crowd_min")
"""Outcomes that tests may ask for at the places worked at."""


@dataclass(frozen=True)
class World:
    """A finished run, reduced: daily series from the first day of the interventions on."""

    series: dict[str, Array]
    by_place: dict[str, Array]
    targets: frozenset[int]


def reduce_run(result: RunResult, warm: int) -> World:
    """Return what claims need of a run whose interventions start on day `warm`."""
    series = {name: values[warm:] for name, values in result.city_series.items()}
    series["kept_away"] = kept_away(result)[warm:]
    by_place = {name: tally_by_place(result, name, warm) for name in AT_PLACES}
    series["recorded_sale_at_places"] = tally_by_place(result, "recorded_sale", warm).sum(axis=1)
    series["met"] = series["stops"] + series["care_contacts"]
    return World(series, by_place, result.targets)


def tally_by_place(result: RunResult, name: str, warm: int) -> Array:
    """Return a tally per day and place from day `warm` on, float32[days, P]."""
    return by_day(result.days_kept[warm:], PlaceTally[name.upper()], len(result.city.place_cell))


def kept_away(result: RunResult) -> Array:
    """Return the passers-by who stay away for fear per day."""
    footfall = result.city.place_footfall
    return np.array([float((footfall[r.nuisance_place] * r.fear).sum()) for r in result.days_kept])


def pair(test: Test, first: World, other: World) -> tuple[float, float]:
    """Return the two numbers of a seed that the test's estimate is made of; NaN where there are none."""
    days = len(other.series["open_deals"])
    start = min(days - 1, round(test.window[0] * days))
    days_in = slice(start, max(start + 1, round(test.window[1] * days)))
    if test.kind == "moved":
        return moved(first, other, days_in)
    if test.kind == "within":
        return number(test.per, "", "city", other, other, days_in), number(test.outcome, "", "city", other, other, days_in)
    base, changed = (number(test.outcome, test.per, test.where, w, other, days_in) for w in (first, other))
    return base, changed


def moved(first: World, other: World, days_in: slice) -> tuple[float, float]:
    """Return (deals that came elsewhere or by phone, open deals gone at the places) per day."""
    there = {w: number("open_deals", "", "treated", x, other, days_in) for w, x in enumerate((first, other))}
    city = {w: known_mean(x.series["open_deals"][days_in]) for w, x in enumerate((first, other))}
    phone = {w: known_mean(x.series["hidden_deals"][days_in]) for w, x in enumerate((first, other))}
    elsewhere = (city[1] - there[1]) - (city[0] - there[0])
    return elsewhere + phone[1] - phone[0], there[0] - there[1]


def number(outcome: str, per: str, where: str, world: World, treated: World, days_in: slice) -> float:
    """Return an outcome's mean per day in a world, over another's if `per` names one."""
    if outcome == "women_met_share":
        outcome, per = "women_seen", "met"
    elif outcome == "women_active_share":
        outcome, per = "women_active", "buyers_active"
    if where == "treated":
        value = float(world.by_place[outcome][days_in][:, sorted(treated.targets)].sum(axis=1).mean())
    else:
        value = known_mean(world.series[outcome][days_in])
    if not per:
        return value
    whole = known_mean(world.series[per][days_in])
    return value / whole if whole else float("nan")
