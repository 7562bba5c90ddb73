"""A link says which worlds are shown; nothing in it can do harm, and the same link gives the same picture."""

import numpy as np
import pytest
from pydantic import ValidationError

from odssim.app import figures
from odssim.app.moves import moves
from odssim.app.pane import DAY_MIN, Pane
from odssim.app.plan import Plan, Wish, city_of, scenario_of, scenario_text
from odssim.app.sources import shipped, sources
from odssim.engine.build import PARAMETERS
from odssim.engine.run import simulate_past
from odssim.errors import ScenarioError
from odssim.interventions import CATALOGUE
from odssim.scenario import load

TOWN = shipped()["new-town"]
PATROL = Wish(type="fifteen_minute_patrol", day=3, weeks=2, places=[701, 289], options={"visits_per_day": 6})


@pytest.fixture(scope="module")
def city():
    return city_of(TOWN)


@pytest.fixture(scope="module")
def past(city):
    return simulate_past(scenario_of(TOWN, 1, (), city), city)


def pane(city, past, *wishes):
    return Pane(scenario_of(TOWN, 1, wishes, city), city, past)


def test_the_worlds_are_scenarios_of_the_package():
    assert set(shipped()) == {"town", "new-town", "city"}
    assert scenario_of(shipped()["town"], None, ()).burn_in_days == 182


def test_a_scenario_of_ones_own_comes_first_and_a_missing_one_is_told(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(TOWN.head, encoding="utf-8")
    assert next(iter(sources(str(file)))) == "own"
    with pytest.raises(ScenarioError, match="no such scenario file"):
        sources(str(tmp_path / "none.toml"))


def test_what_is_placed_begins_at_midnight_of_its_day(city):
    (spec,) = scenario_of(TOWN, 7, [PATROL], city).interventions
    assert (spec.start.isoformat(), spec.end.isoformat()) == ("2018-01-04", "2018-01-18")
    assert spec.places.names == tuple(city.place_name[p] for p in (289, 701))
    assert spec.options["visits_per_day"] == 6


def test_the_saved_file_is_one_that_the_command_line_takes(city, tmp_path):
    file = tmp_path / "town.toml"
    file.write_text(scenario_text(TOWN, [PATROL], city), encoding="utf-8")
    saved = load(file, parameters=PARAMETERS, catalogue=CATALOGUE)
    assert saved.content_hash == scenario_of(TOWN, None, [PATROL], city).content_hash


def test_every_method_can_be_placed_with_its_defaults(city):
    wishes = [Wish(type=e.id, day=1, places=[701] if e.targets_places else []) for e in CATALOGUE.values()]
    assert [spec.type for spec in scenario_of(TOWN, 1, wishes, city).interventions] == list(CATALOGUE)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"type": "teleport"}, "no such intervention"),
        ({"places": [10**6]}, "must be below"),
        ({"places": []}, "name at least one"),
        ({"options": {"visits_per_day": 10**9}}, "visits_per_day"),
        ({"options": {"id": "x"}}, "no such option"),
        ({"options": {"visits_per_day = 1\nevil": 1}}, "no such option"),
        ({"options": {"weekdays": '"\n[parameters]\n"'}}, "weekdays"),
        ({"day": 3000}, "start"),
    ],
)
def test_a_wish_that_breaks_a_rule_is_told_in_one_line_without_a_file(change, told, city):
    with pytest.raises(ScenarioError, match=told) as caught:
        scenario_of(TOWN, 1, [PATROL.model_copy(update=change)], city)
    assert "\n" not in str(caught.value)
    assert "/tmp" not in str(caught.value)


@pytest.mark.parametrize("change", [{"day": -1}, {"day": 1.5}, {"extends": "/etc/passwd"}, {"weeks": 0}])
def test_a_wish_of_another_shape_is_refused(change):
    with pytest.raises(ValidationError):
        Wish.model_validate({"type": "cameras", "day": 1, **change})


def test_a_plan_cannot_name_a_file():
    assert Plan(world="../../etc/passwd").world not in sources()


def test_the_same_minute_is_the_same_picture_however_it_was_reached(city, past):
    played, sought = pane(city, past, PATROL), pane(city, past, PATROL)
    for minute in range(0, 6 * DAY_MIN + 601, 97):
        played.advance(minute)
        played.draw()
    for one in (played, sought):
        one.advance(6 * DAY_MIN + 600)
        one.draw()
    assert played.rows == sought.rows
    assert len(played.rows) == 6
    np.testing.assert_array_equal(played.dots.look, sought.dots.look)
    np.testing.assert_array_equal(played.dots.place[played.dots.look > 0], sought.dots.place[sought.dots.look > 0])
    np.testing.assert_array_equal(played.run.state.buyers, sought.run.state.buyers)


def test_worlds_are_alike_until_a_method_begins_and_differ_after_it(city, past):
    a, b = pane(city, past), pane(city, past, PATROL)
    for one in (a, b):
        one.advance(12 * DAY_MIN)
    assert a.rows[:3] == b.rows[:3]
    assert a.rows != b.rows
    followed = moves(a.run, b.run, 3)
    parts = ("stayed", "elsewhere", "other_way", "other_time", "prevented", "left")
    assert followed["before"] == sum(followed[key] for key in parts) > 0
    assert not {arrow[1] for arrow in followed["arrows"]} & {701, 289}
    assert moves(a.run, pane(city, past).run, 11) is None


def test_another_method_placed_later_leaves_the_past_as_it_was(city, past):
    later = Wish(type="guards_and_hosts", day=8, places=[1037, 778])
    one, two = pane(city, past, PATROL), pane(city, past, PATROL, later)
    for each in (one, two):
        each.advance(8 * DAY_MIN)
    assert [r["open_deals"] for r in one.rows] == [r["open_deals"] for r in two.rows]
    names = [n for n in one.run.state.buyers.dtype.names]
    assert all(np.array_equal(one.run.state.buyers[n], two.run.state.buyers[n]) for n in names)


def test_dots_follow_the_engine(city, past):
    one = pane(city, past)
    one.advance(2 * DAY_MIN + 15 * 60)
    one.draw()
    st, dots = one.run.state, one.dots
    n_buyers = len(dots.rows)
    sellers = dots.look[n_buyers : n_buyers + dots.n_sellers]
    assert (sellers == 7).sum() == ((st.sellers["act"] == 2) & (st.sellers["status"] == 0)).sum() > 0
    seen = dots.update_no
    assert len(dots.since(0)[0]) == len(dots.look)
    assert len(dots.since(seen)[0]) == 0
    one.advance(2 * DAY_MIN + 15 * 60 + 30)
    one.draw()
    assert 0 < len(dots.since(seen)[0]) < len(dots.look)


def test_a_card_counts_what_the_records_hold(city, past):
    one = pane(city, past)
    one.advance(10 * DAY_MIN)
    place, deals = max(figures.heat(figures.deals_a_day(one.run)), key=lambda pair: pair[1])
    card = figures.card(one.run, place)
    assert card["tries"]["open_deals"] == sum(card["history"][-7:]) > 0
    assert sum(card["history"][-7:]) == pytest.approx(7 * deals, abs=0.001)
    assert len(card["history"]) == 10
