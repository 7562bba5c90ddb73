"""V6, V7, V10, V11: more police and cameras at the scenes, against the same seed without them."""

import numpy as np

from odssim.core import maths
from odssim.observe.result import RunResult
from odssim.scenario.records import OptionValue
from odssim.validation.patterns.findings import Value
from odssim.validation.patterns.trunk import Trunk, place_days
from odssim.world.columns import SUBSTANCES

PATROL_DAYS = 84
"""Twelve weeks: the Philadelphia foot patrol experiment (D10)."""
SATURATION_DAYS = 154
ARREST_DAYS = 365
PRICE_FROM_DAY = 180
"""Prices of the second half-year: they move slowly (row 17)."""
SHORTEST_MIN, LONGEST_MIN = 4, 12
"""Length of the added visits: about that of ordinary ones (patrol.visit_min)."""
DAY, WEEK = 1440, 7
CRACKDOWN: dict[str, OptionValue] = {"visits_per_day": 2, "minutes": (60, 180), "hours": (10.0, 24.0), "stash_find": 0.0}
CATALOGUE_COVERAGE = 0.6
ARRESTS_OVER = 1.5
"""Visits alone would raise arrests by less than half as trade moves out of sight; together they about double."""
BUSIEST = 40
"""Places of the crackdown: nearly all open trade (assumption)."""


def patrol_arm(trunk: Trunk, days: int = PATROL_DAYS) -> RunResult:
    """Return the world in which scenes get their ordinary visits once more, at irregular times."""
    visits = max(0.02, trunk.per_day("visits", trunk.cells))
    planned = int(np.ceil(visits))
    spec = trunk.plan(
        "hot_spot_patrol", trunk.cells, days, visits / planned, visits_per_day=planned,
        minutes=(SHORTEST_MIN, LONGEST_MIN), hours=(0.0, 24.0),
    )  # fmt: skip
    return trunk.branch(days, spec)


def saturation_arm(trunk: Trunk, days: int = SATURATION_DAYS) -> RunResult:
    """Return the world with officers at the scenes for most of the afternoon and evening."""
    spec = trunk.plan("hot_spot_patrol", trunk.cells, days, visits_per_day=6, minutes=(60, 90), hours=(10.0, 24.0))
    return trunk.branch(days, spec)


def camera_arm(trunk: Trunk, coverage: float = 1.0, days: int = PATROL_DAYS) -> RunResult:
    """Return the world with `coverage` of the scenes in view of watched, announced cameras."""
    spec = trunk.plan("cameras", trunk.cells, days, coverage=coverage, monitored=True, signs=True)
    return trunk.branch(days, spec)


def arrest_arm(trunk: Trunk, days: int = ARREST_DAYS) -> RunResult:
    """Return the world with officers who come to wherever there is open trade, and arrest more of those they catch."""
    deals = trunk.recorder.place_sum(
        "open_deals", len(trunk.recorder.days) - 90, len(trunk.recorder.days), len(trunk.city.place_cell)
    )
    busiest = [int(p) for p in np.argsort(-deals, kind="stable")[:BUSIEST]]
    chances = ("detection.arrest_seen", "detection.arrest_stop")
    sets = [(id_, ARRESTS_OVER * trunk.scenario.parameters[id_]) for id_ in chances]
    return trunk.branch(days, trunk.plan("street_enforcement", busiest, days, **CRACKDOWN), sets=sets)


def at_scenes(base: RunResult, other: RunResult, cells: list[int], outcome: str) -> tuple[float, float]:
    """Return (change, base level) of an outcome at `cells` over the days that `other` has."""
    first = place_days(base, outcome)[: len(other.days_kept), cells].sum()
    return float(place_days(other, outcome)[:, cells].sum() - first), float(first)


def doubled_patrol(trunk: Trunk, base: RunResult, other: RunResult) -> dict[str, Value]:
    """V7: open deals at the treated scenes; beside it what became of police minutes and of tips there."""
    days = slice(0, len(other.days_kept))
    police = [place_days(r, "police_min")[days][:, trunk.cells].sum() for r in (other, base)]
    return {
        "V7": at_scenes(base, other, trunk.cells, "open_deals"),
        "note V7 police minutes, ratio": (float(police[0]), float(police[1])),
        "note V7 recorded possession, change": at_scenes(base, other, trunk.cells, "recorded_possession"),
    }


def cameras(trunk: Trunk, base: RunResult) -> dict[str, Value]:
    """V11: open deals and violence where all is in view; beside it with the catalogue's 60 % in view."""
    full, part = camera_arm(trunk), camera_arm(trunk, CATALOGUE_COVERAGE)
    return {
        "V11": at_scenes(base, full, trunk.cells, "open_deals"),
        "V11 violence": at_scenes(base, full, trunk.cells, "violence"),
        "note V11 open deals with 60 % in view, change": at_scenes(base, part, trunk.cells, "open_deals"),
    }


def fading(trunk: Trunk, base: RunResult, other: RunResult) -> dict[str, Value]:
    """V10: the fall in weeks 17-22, and in 7-12, over that in weeks 1-6; the first 12 weeks are the shorter arm."""
    first, last = (place_days(r)[:, trunk.cells].sum(axis=1) for r in (base, other))

    def fall(from_week: int, to_week: int) -> float:
        weeks = slice(WEEK * from_week, WEEK * to_week)
        return 1.0 - float(last[weeks].sum()) / max(1.0, float(first[weeks].sum()))

    early = fall(0, 6)
    return {"V10": (fall(16, 22), early), "V10 12 weeks": (fall(6, 12), early)}


def price_level(result: RunResult, first_day: int) -> float:
    """Return the geometric mean over substances of the median retail price from `first_day` on, SEK/g."""
    logs = [maths.log(np.nanmean(result.city_series[f"price_{name}_sek"][first_day:])) for name in SUBSTANCES]
    return float(maths.exp(np.nanmean(logs)))


def doubled_arrests(base: RunResult, other: RunResult) -> dict[str, Value]:
    """V6: retail prices of the last half-year, and by how much arrests in the open rose."""
    days = len(other.days_kept)
    late = min(PRICE_FROM_DAY, days // 2)
    arrests = [float(place_days(r, "arrests")[:days].sum()) for r in (other, base)]
    return {
        "V6": price_level(other, late) / price_level(base, late) - 1.0,
        "note V6 street arrests, ratio": (arrests[0], arrests[1]),
    }
