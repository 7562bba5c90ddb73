"""patrol: ordinary visits and what programmes plan, to the minute; planned is not delivered."""

from typing import Any

import numpy as np
import pytest

from odssim.core.rng import decision_keys
from odssim.engine.build import DRAWS, PARAMETERS, make_tables
from odssim.engine.clockwork import Clockwork, keep_log
from odssim.world import columns
from odssim.world.columns import NOBODY, VisitState
from odssim.world.state import State, assemble, make_calendar, pack_parameters
from tiny.world import FIRST_DAY, QUIET, UNIT, empty, make_buyers, make_sellers, minute, scalar_values

ADDED = {"added": 1, "unit": 2}
DAILY = {"last_day": 99, "dose": 1.0, "weekdays": 127, "visits_per_day": 2, "min_minutes": 15, "max_minutes": 15,
         "from_minute": 600, "to_minute": 1200, "irregular": 1, "n_targets": 1}  # fmt: skip


def patrolled(district: tuple[int, ...] = (NOBODY, NOBODY), programme: dict[str, Any] | None = None, **par) -> State:
    """Return the first midnight of a world of two places, two ordinary units and perhaps a programme."""
    given = {"patrol.visits_per_shift": 4, "patrol.visit_min": 5, "patrol.visit_sigma": 0, "patrol.travel_min": 10}
    values = QUIET | given | {key.replace("__", "."): value for key, value in par.items()}
    places = np.zeros(2, dtype=columns.PLACE)
    places["district"], places["station"] = (0, 1), NOBODY
    places["footfall"] = places["attraction"] = 1.0
    for link in ("first_buyer", "first_seller", "first_visit"):
        places[link] = NOBODY
    units = empty(columns.UNIT, 4, UNIT, "district", "shift")
    units["district"][:2], units["shift"][:2] = district, 0
    programmes = np.zeros(1 if programme else 0, dtype=columns.PROGRAMME)
    programmes["delivery"] = 1.0
    for name, value in (programme or {}).items():
        programmes[name] = value
    wholesalers = empty(columns.WHOLESALER, 1, 0)
    wholesalers["target_mg"], wholesalers["price"] = 1, 4000
    state = assemble(
        buyers=make_buyers(0), sellers=make_sellers(0, 2), places=places, units=units,
        importers=empty(columns.IMPORTER, 1, 0, "next_day"), wholesalers=wholesalers, programmes=programmes,
        targets=np.array([0, 1]), rail_min=np.zeros((0, 0)), calendar=make_calendar(FIRST_DAY, 9),
        par=pack_parameters(PARAMETERS, scalar_values(values)), keys=decision_keys(1, DRAWS),
        tables=make_tables(np.array([1, 0, 0, 0])),
    )  # fmt: skip
    keep_log(state)
    Clockwork(state).run_until(1)
    return state


def plan(state: State, day: int = 0) -> Any:
    """Return the planned visits of a day."""
    half = len(state.visits) // 2
    first = day % 2 * half
    return state.visits[first : first + state.clock["n_visits"][0, day % 2]]


def test_ordinary_units_visit_their_district_evenly_over_the_shift():
    visits = plan(patrolled(district=(0, 1)))
    assert visits["unit"].tolist() == [0] * 4 + [1] * 4
    assert visits["place"].tolist() == [0] * 4 + [1] * 4
    assert ((visits["start"][:4] - minute("07:00")) // 120).tolist() == [0, 1, 2, 3]
    assert set(visits["end"] - visits["start"]) == {6}
    assert (visits["may_search"].all(), visits["may_arrest"].all(), visits["stay"].all()) == (True, True, True)
    assert visits["uid"][:4].tolist() == [UNIT * 2**24 + j for j in range(4)]


def test_attention_draws_ordinary_visits():
    state = patrolled(district=(0, 1), patrol__floor_weight=0, patrol__attention_weight=1)
    assert len(plan(state)) == 0
    state.places["attention"] = (3.0, 0.0)
    Clockwork(state).run_until(1441)
    assert plan(state, day=1)["place"].tolist() == [0] * 4


def test_a_programme_plans_its_visits_within_its_hours():
    state = patrolled(programme=DAILY | ADDED)
    visits = plan(state)
    assert visits["unit"].tolist() == [2, 2]
    assert visits["place"].tolist() == [0, 0]
    assert set(visits["end"] - visits["start"]) == {15}
    assert 600 <= visits["start"][0] < 893 <= visits["start"][1] < 1185
    row = state.programmes[0]
    assert (row["n_planned"], row["planned_min"], row["n_delivered"], row["delivered_min"]) == (2, 30, 0, 0)
    Clockwork(state).run_until(1440)
    assert (row["n_delivered"], row["delivered_min"]) == (2, 30)


def test_a_timetable_is_kept_to_the_minute_and_then_spread_evenly():
    times = [0] * 48
    times[0] = 701
    state = patrolled(programme=DAILY | ADDED | {"irregular": 0, "times": [times], "n_times": 1})
    assert plan(state)["start"].tolist() == [701, 600 + 438]  # (1 + 0.5) * 585 / 2 = 438.75


def test_every_target_is_visited_by_a_unit_of_its_own():
    visits = plan(patrolled(programme=DAILY | ADDED | {"n_targets": 2}))
    assert visits["unit"].tolist() == [2, 2, 3, 3]
    assert visits["place"].tolist() == [0, 0, 1, 1]
    assert len(set(visits["uid"].tolist())) == 4


@pytest.mark.parametrize(
    "change", [{"dose": 0.0}, {"first_day": 1}, {"last_day": 0}, {"weekdays": 0b1111110}, {"visits_per_day": 0}]
)
def test_no_visit_is_planned(change):
    state = patrolled(programme=DAILY | ADDED | change)
    assert len(plan(state)) == 0
    assert state.programmes["n_planned"][0] == 0


@pytest.mark.parametrize(("change", "n"), [({"dose": 0.5}, 1), ({"ramp_days": 2}, 1), ({"dose": 1.5}, 3)])
def test_the_dose_scales_the_visits(change, n):
    assert len(plan(patrolled(programme=DAILY | ADDED | change))) == n


def test_a_visit_from_the_baseline_strikes_the_ordinary_visits_around_it():
    state = patrolled(district=(0, 1), programme=DAILY | {"visits_per_day": 1, "from_minute": 480, "to_minute": 495})
    ordinary, ordered = plan(state)[:8], plan(state)[8:]
    assert (ordered["unit"].tolist(), ordered["start"].tolist()) == ([0], [480])
    overlap = (ordinary["unit"] == 0) & (ordinary["start"] < 505) & (ordinary["end"] > 470)
    assert ordinary["state"].tolist() == np.where(overlap, VisitState.MISSED, VisitState.PLANNED).tolist()
    strict = patrolled(district=(0, 1), patrol__travel_min=600,
                       programme=DAILY | {"visits_per_day": 1, "from_minute": 480, "to_minute": 495})  # fmt: skip
    assert plan(strict)["state"].tolist() == [VisitState.MISSED] * 4 + [VisitState.PLANNED] * 5
    Clockwork(strict).run_until(1440)
    assert strict.city_tally[14] == 4  # visits_missed
    assert plan(strict)["state"].tolist() == [VisitState.MISSED] * 4 + [VisitState.DONE] * 5


def test_without_a_unit_in_the_district_another_comes():
    state = patrolled(district=(1, 1), programme=DAILY | {"visits_per_day": 1})
    assert plan(state)[8:]["place"].tolist() == [0]
    assert plan(state)[8]["unit"] in (0, 1)


def test_without_any_unit_nobody_comes():
    state = patrolled(programme=DAILY)
    assert (len(plan(state)), state.programmes["n_planned"][0]) == (0, 0)
