"""The lessons are short and whole, and claim only what their own runs show."""

import pytest

from app.measured import mean, measure, steps
from odssim.app.lessons import lessons
from odssim.app.pane import DAY_MIN
from odssim.app.plan import Plan, city_of, scenario_of
from odssim.app.session import FRAME_S
from odssim.app.sources import shipped
from odssim.language import LANGUAGES

WORDS_A_MIN, TALK_MIN = 120, 0.75
"""Reading aloud, and what a class says at each step: assumptions."""


def test_there_are_five_lessons_each_under_ten_minutes_in_both_languages():
    found = lessons()
    assert len(found) >= 5
    assert len({lesson["id"] for lesson in found}) == len(found)
    assert all(lesson["minutes"] < 10 for lesson in found)
    assert all(any(step["question"] for step in lesson["steps"]) for lesson in found)


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson["id"])
def test_a_lesson_is_read_and_run_within_its_time(lesson):
    for language in LANGUAGES:
        words = sum(len(text.split()) for text in texts(lesson["steps"], language))
        runs = [step for step in lesson["steps"] if step["until_day"]]
        seconds = sum((run["until_day"] - run["day"]) * DAY_MIN / run["speed"] * FRAME_S for run in runs)
        assert words > 100
        assert words / WORDS_A_MIN + seconds / 60 + TALK_MIN * len(lesson["steps"]) <= lesson["minutes"]


def texts(node, language):
    """Return all words of a lesson in a language."""
    if isinstance(node, dict) and set(node) == set(LANGUAGES):
        return [node[language]]
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return [text for part in parts for text in texts(part, language)]


def test_a_lessons_plans_are_plans_and_its_questions_have_their_right_answer():
    mixes = {}
    for lesson in lessons():
        for step in (*lesson["steps"], lesson):
            plan = Plan.model_validate(step["plan"] or lesson["plan"])
            mixes |= {f"{plan.world} {wishes}": (plan.world, wishes) for wishes in (plan.a, plan.b or [])}
        for step in lesson["steps"]:
            ask = step["question"]
            assert ask is None or ask["right"] is None or ask["right"] < len(ask["choices"])
    assert len(mixes) > 6
    for world, wishes in mixes.values():
        scenario_of(shipped()[world], 1, wishes, city_of(shipped()[world]))


@pytest.fixture(scope="module")
def shown():
    """Return what the step of a lesson shows at its end; each is run once."""
    kept = {(lesson, number): (plan, day) for lesson, number, plan, day in steps()}
    done = {}

    def look(lesson, number):
        if (lesson, number) not in done:
            done[lesson, number] = measure(*kept[lesson, number])
        return done[lesson, number]

    return look


def test_the_first_scenes_are_at_stations(shown):
    panes, _ = shown("born", 2)
    run = panes["a"].run
    scenes = panes["a"].news(0)["scenes"]
    assert 0 < len(scenes) < 6
    assert all(run.city.place_station_min[scene["place"]] <= 1 for scene in scenes)


def test_patrols_make_open_deals_fall_by_more_than_their_hour(shown):
    panes, followed = shown("fifteen", 1)
    assert mean(panes["b"], "open_deals") < 0.9 * mean(panes["a"], "open_deals")
    assert followed["after"] < 0.9 * followed["before"]


def test_two_irregular_visits_leave_fewer_deals_at_the_places_than_a_timetable(shown):
    _, followed = shown("fifteen", 2)
    assert len(followed["targets"]) == 3
    assert followed["after"] < 0.9 * followed["before"]


@pytest.mark.parametrize("step", [1, 2])
def test_of_a_closed_scene_some_moves_some_changes_its_way_and_the_sum_hardly_changes(shown, step):
    panes, followed = shown("moves", step)
    assert followed["stayed"] == 0
    for fate in ("elsewhere", "other_way", "prevented"):
        assert followed[fate] > 0.1 * followed["before"]
    assert followed["other_way"] > followed["elsewhere"]
    assert mean(panes["b"], "open_deals") < 0.9 * mean(panes["a"], "open_deals")
    assert mean(panes["b"], "hidden_deals") > mean(panes["a"], "hidden_deals")
    assert mean(panes["b"], "deals") == pytest.approx(mean(panes["a"], "deals"), rel=0.03)


def test_enforcement_more_than_doubles_offences_while_open_deals_fall(shown):
    panes, _ = shown("recorded", 1)
    assert mean(panes["b"], "recorded") > 2 * mean(panes["a"], "recorded")
    assert mean(panes["b"], "open_deals") < 0.9 * mean(panes["a"], "open_deals")


def test_partnership_and_police_cost_alike_and_differ_in_fear_and_statistics(shown):
    panes, _ = shown("partnership", 1)
    police, partnership = panes["a"], panes["b"]
    assert 24_000 < mean(partnership, "cost_sek") < mean(police, "cost_sek") < 31_500
    assert mean(partnership, "fear_share") < 0.9 * mean(police, "fear_share")
    assert mean(partnership, "recorded") < 0.7 * mean(police, "recorded")
