"""Both languages have every word that the page uses; the lessons are short, whole and true."""

import json
import re
import tomllib
from importlib.resources import files

import pytest

from odssim.app import serve
from odssim.app.catalogue import catalogue
from odssim.app.lessons import lessons
from odssim.app.moves import moves
from odssim.app.pane import DAY_MIN, Pane
from odssim.app.plan import Plan, Wish, city_of, scenario_of
from odssim.app.sources import shipped
from odssim.city.city import PLACE_TYPES
from odssim.engine.run import simulate_past
from odssim.interventions import CATALOGUE
from odssim.observe.indicators import INDICATORS
from odssim.scenario.records import PAYERS

PAGE = files("odssim.app") / "page"
WORDS = {name: json.loads((PAGE / "words" / f"{name}.json").read_text(encoding="utf-8")) for name in ("en", "sv")}
SVG_NAMESPACE = "http://www.w3.org/2000/svg"
SCRIPTS = {entry.name: entry.read_text(encoding="utf-8") for entry in PAGE.iterdir() if entry.name.endswith(".js")}


def test_both_languages_have_the_same_words_with_the_same_gaps():
    assert set(WORDS["en"]) == set(WORDS["sv"])
    assert len(WORDS["en"]) > 300
    for key, text in WORDS["en"].items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", WORDS["sv"][key])), key
        assert text.strip(), key


def test_every_word_that_the_page_asks_for_is_there():
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    asked = set(re.findall(r'data-(?:t|label|title)="(\w+)"', html))
    for script in SCRIPTS.values():
        asked |= set(re.findall(r"""\bt\(["'](\w+)["']""", script))
    assert len(asked) > 100
    assert asked <= set(WORDS["en"])


def test_what_comes_from_the_model_has_words():
    wanted = {f"option_{o['id']}" for entry in catalogue() for o in entry["options"] if o["kind"] != "times"}
    wanted |= {f"choice_{c}" for entry in catalogue() for o in entry["options"] for c in o["choices"]}
    wanted |= {f"method_{entry}" for entry in CATALOGUE} | {f"lever_{e.lever}" for e in CATALOGUE.values()}
    wanted |= {f"payer_{p}" for p in PAYERS} | {f"type_{p}" for p in PLACE_TYPES} | {f"world_{w}" for w in shipped()}
    wanted |= {f"indicator_{i.id}" for i in INDICATORS}
    assert wanted <= set(WORDS["sv"])


def test_nothing_is_fetched_from_elsewhere():
    for name, script in SCRIPTS.items():
        found = set(re.findall(r"https?://[^\s\"'`]+", script)) - {SVG_NAMESPACE}
        assert not {address for address in found if "${" not in address}, name


def test_there_are_five_lessons_each_under_ten_minutes_in_both_languages():
    found = lessons()
    assert len(found) >= 5
    assert len({lesson["id"] for lesson in found}) == len(found)
    assert all(lesson["minutes"] < 10 for lesson in found)
    assert all(any(step["question"] for step in lesson["steps"]) for lesson in found)


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
def town():
    source = shipped()["town"]
    city = city_of(source)
    past = simulate_past(scenario_of(source, 1, (), city), city)

    def pane(day, *tables):
        wishes = [Wish.model_validate(table) for table in tables]
        one = Pane(scenario_of(source, 1, wishes, city), city, past)
        one.advance(day * DAY_MIN)
        return one

    return pane


def step_of(lesson, number):
    text = next(e for e in (files("odssim.app") / "lessons").iterdir() if e.name.startswith(lesson))
    step = tomllib.loads(text.read_text(encoding="utf-8"))["steps"][number]
    return step["until_day"], step["plan"]["a"], step["plan"]["b"]


def mean(pane, key):
    rows = pane.rows[-42:]
    return sum(row[key] for row in rows) / len(rows)


def test_the_lesson_on_patrols_shows_a_fall(town):
    day, a, b = step_of("2-", 1)
    assert mean(town(day, *b), "open_deals") < 0.9 * mean(town(day, *a), "open_deals")


def test_the_lesson_on_displacement_shows_that_some_moves_and_some_does_not(town):
    day, a, b = step_of("3-", 1)
    base, closed = town(day, *a), town(day, *b)
    followed = moves(base.run, closed.run, base.run.clockwork.now // DAY_MIN - 28)
    assert followed["stayed"] == 0
    for fate in ("elsewhere", "other_way", "prevented"):
        assert followed[fate] > 0.1 * followed["before"]
    assert mean(closed, "open_deals") < mean(base, "open_deals")


def test_the_lesson_on_statistics_shows_more_offences_and_fewer_deals(town):
    day, a, b = step_of("4-", 1)
    base, enforced = town(day, *a), town(day, *b)
    assert mean(enforced, "recorded") > 1.6 * mean(base, "recorded")
    assert mean(enforced, "open_deals") < mean(base, "open_deals")


def test_the_lesson_on_partnership_compares_mixes_of_like_cost(town):
    day, a, b = step_of("5-", 1)
    police, partnership = town(day, *a), town(day, *b)
    assert 24_000 < mean(partnership, "cost_sek") < mean(police, "cost_sek") < 31_500
    assert mean(partnership, "fear_share") < mean(police, "fear_share")
    assert mean(partnership, "recorded") < mean(police, "recorded")


def test_a_missing_extra_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    with pytest.raises(serve.AppError, match=r"pip install 'odssim\[live\]'") as caught:
        serve.check_extra()
    assert "\n" not in str(caught.value)


def test_a_port_that_is_taken_is_told():
    with serve.listen("127.0.0.1", 0) as taken, pytest.raises(serve.AppError, match="--port"):
        serve.listen("127.0.0.1", taken.getsockname()[1])
