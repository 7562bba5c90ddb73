"""What happens between two days, part 3: the day's visits (ODD.md: patrol)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from odssim.world import codes
from odssim.world.columns import VisitState

from .draws import minutes, opt, weighted_race
from .guardian import Visit
from .surroundings import MINUTES_PER_DAY

if TYPE_CHECKING:
    from .model import TwinModel

SHIFT_START_HOURS = (7, 15, 23)


def patrol(model: TwinModel) -> None:
    baseline: list[Visit] = []
    for unit in model.units:
        if unit.district >= 0:
            for j in range(math.floor(model.par.patrol_visits_per_shift)):
                baseline += baseline_visit(model, unit, j)
    for programme in model.programmes:
        on_duty = programme.first_day <= model.day < programme.last_day
        if on_duty and programme.weekdays >> model.weekday() & 1:
            for m in range(programme.n_targets):
                plan_target(model, programme, m, baseline)


def baseline_visit(model: TwinModel, unit: Any, j: int) -> list[Visit]:
    """Return the unit's j-th visit of its shift (none if no place of its district attracts it)."""
    par, number = model.par, model.day * 64 + j
    n = math.floor(par.patrol_visits_per_shift)
    wait = math.floor((j + model.draws.u("patrol.start", unit.uid, number)) * 480 / n)
    start = model.minute + SHIFT_START_HOURS[unit.shift] * 60 + wait
    z = model.draws.z("patrol.length", unit.uid, number)
    length = minutes(par.patrol_visit_min, par.patrol_visit_sigma, z)
    place = weighted_race(
        (
            par.patrol_floor_weight * p.footfall / 1000 + par.patrol_attention_weight * p.attention,
            model.draws.x("patrol.place", unit.uid, opt(number, p.index)),
            p.index,
        )
        for p in model.districts[unit.district]
    )
    if place is None:
        return []
    uid = unit.uid * 2**24 + model.day * 256 + j
    visit = Visit(model, uid=uid, place=place, start=start, end=start + length, unit=unit.index)
    model.schedule(visit, codes.Event.VISIT_START, start)
    return [visit]


def plan_target(model: TwinModel, g: Any, m: int, baseline: list[Visit]) -> None:
    """Plan the day's visits of programme g to its target m."""
    ramp = (model.day - g.first_day + 1) / g.ramp_days if g.ramp_days > 0 else 1.0
    x = g.visits_per_day * (g.dose * min(1.0, ramp))
    u = model.draws.u("patrol.count", g.uid, opt(model.day, m))
    count = math.floor(x) + (1 if u < x - math.floor(x) else 0)
    for j in range(count):
        plan_visit(model, g, m, j, count, baseline)


def plan_visit(model: TwinModel, g: Any, m: int, j: int, count: int, baseline: list[Visit]) -> None:
    number = opt(model.day * 64 + j, m)
    u = model.draws.u("patrol.programme_length", g.uid, number)
    length = g.min_minutes + math.floor(u * (g.max_minutes - g.min_minutes + 1))
    slack = max(0, g.to_minute - g.from_minute - length)
    if g.irregular:
        u = model.draws.u("patrol.programme_start", g.uid, number)
        start = g.from_minute + math.floor((j + u) * slack / count)
    elif j < g.n_times:
        start = g.times[j]
    else:
        start = g.from_minute + math.floor((j + 0.5) * slack / count)
    start += model.day * MINUTES_PER_DAY
    place = model.targets[g.first_target + m]
    unit = g.unit + m if g.added else baseline_unit(model, g, number, place)
    carried_out = model.draws.u("patrol.delivery", g.uid, number) < g.delivery
    if carried_out and not g.added:
        strike(model, baseline, unit, start, start + length)
    uid = g.uid * 2**24 + model.day * 256 + j + m * 2**40
    visit = Visit(
        model, uid=uid, place=place, start=start, end=start + length, unit=unit, programme=g.index,
        kind=g.kind, may_search=g.may_search, may_arrest=g.may_arrest, refer=g.refer, stay=g.stay, stash=g.stash,
        state=VisitState.PLANNED if carried_out else VisitState.MISSED,
    )  # fmt: skip
    g.n_planned += 1
    g.planned_min += length
    model.schedule(visit, codes.Event.VISIT_START, start)


def baseline_unit(model: TwinModel, g: Any, number: int, place: int) -> int:
    """Return the unit taken from the baseline: one of the district, else of the whole city."""
    everywhere = [unit for unit in model.units if unit.district >= 0]
    here = [unit for unit in everywhere if unit.district == model.places[place].district]
    return int(
        weighted_race(
            (1.0, model.draws.x("patrol.unit", g.uid, number + unit.uid * 2**20), unit.index) for unit in here or everywhere
        )
    )


def strike(model: TwinModel, baseline: list[Visit], unit: int, start: int, end: int) -> None:
    """Strike the unit's baseline visits of this day that leave no time for this one."""
    pause = model.par.patrol_travel_min
    for visit in baseline:
        if visit.unit == unit and visit.start < end + pause and visit.end > start - pause:
            visit.state = VisitState.MISSED
