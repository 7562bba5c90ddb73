"""Helper quantities of ODD.md section 7: time, travel, footfall, crowd, exploring."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from odssim.world.columns import NOBODY

from .draws import exp, opt, weighted_race

if TYPE_CHECKING:
    from .model import TwinModel

MINUTES_PER_DAY = 1440
TOO_FAR_MIN = 1000
MOST_DISTRICTS = 16
DAY, EVENING, NIGHT = range(3)
BAND_HOURS = (range(6, 14), range(14, 22), (22, 23, 0, 1, 2, 3, 4, 5))


def hour_of(minute: int) -> int:
    return minute % MINUTES_PER_DAY // 60


def band_of(minute: int) -> int:
    for band in (DAY, EVENING, NIGHT):
        if hour_of(minute) in BAND_HOURS[band]:
            return band
    raise AssertionError("every hour has a band")


def travel(model: TwinModel, origin: int, goal: int) -> int:
    """Return whole minutes from place to place: on foot or by rail, whichever is faster."""
    p, q = model.places[origin], model.places[goal]
    dx, dy = p.x_m - q.x_m, p.y_m - q.y_m
    best = math.sqrt(dx * dx + dy * dy) * (model.par.search_detour / model.par.search_walk_m_per_min)
    if p.station >= 0 and q.station >= 0:
        best = min(best, p.station_min + model.rail_min[p.station][q.station] + q.station_min)
    return min(1000, max(1, math.floor(best + 0.5)))


def footfall(model: TwinModel, p: Any) -> float:
    """Return F(p, t), passers-by per hour now."""
    weekend = 1 if model.weekday() >= 5 else 0
    share = model.profile[(p.type * 2 + weekend) * 24 + hour_of(model.minute)]
    return float(p.footfall * share * (1.0 - p.fear))


def crowd(model: TwinModel, p: Any) -> float:
    """Return the number of people at the place now."""
    return footfall(model, p) / 60.0 + p.n_buyers


def conceal(model: TwinModel, p: Any) -> float:
    """Return how much of a deal a crowd leaves visible."""
    here = crowd(model, p)
    return 1.0 - model.par.detection_conceal * here / (here + model.par.detection_crowd_half)


def weather(model: TwinModel) -> float:
    """Return the day's factor on time spent outdoors."""
    day = model.day
    month = model.calendar[day].month
    rain = model.draws.u("presence.rain", 0, day) < model.par.presence_rain_share
    wet = 1.0 - model.par.presence_rain_cut if rain else 1.0
    return float((1.0 + model.par.presence_season * model.season[month - 1]) * wet)


def explore(model: TwinModel, decision: str, a: int, b: int, start: int) -> int:
    """Return a place drawn by attraction and nearness: first its district, then the place."""
    districts = []
    for number in near_districts(model, model.places[start].district):
        total = 0.0
        for p in model.districts[number]:
            total += p.attraction
        weight = total * nearness(model, start, centre(model, number))
        districts.append((weight, model.draws.x(decision, a, opt(b, number)), number))
    chosen = weighted_race(districts)
    if chosen is None:
        return NOBODY
    places = [
        (
            p.attraction * activity(model, p) * nearness(model, start, p.index),
            model.draws.x(decision, a, opt(b, 2**31 + p.index)),
            p.index,
        )
        for p in model.districts[chosen]
        if not p.seen_closed
    ]
    found = weighted_race(places)
    return NOBODY if found is None else int(found)


def centre(model: TwinModel, number: int) -> int:
    """Return the district's place of largest attraction, the lowest index in a tie."""
    best = max(model.districts[number], key=lambda p: (p.attraction, -p.index))
    return int(best.index)


def near_districts(model: TwinModel, home: int) -> list[int]:
    """Return the district and those nearest to it by travel between centres, nearest first."""
    others = []
    for number, members in enumerate(model.districts):
        if members and number != home:
            minutes = travel(model, centre(model, home), centre(model, number))
            if minutes < TOO_FAR_MIN:
                others.append((minutes, number))
    return [home, *[number for _, number in sorted(others)][: MOST_DISTRICTS - 1]]


def activity(model: TwinModel, p: Any) -> float:
    """Return how much the signs of a scene draw those who explore."""
    pull = model.par.search_activity_pull
    return float(1.0 + pull * p.nuisance / (p.nuisance + model.par.disorder_half))


def nearness(model: TwinModel, start: int, goal: int) -> float:
    return exp(-travel(model, start, goal) / model.par.search_explore_min)
