"""An intervention that works nowhere says so, and why; one that works says nothing; a huge `top` costs no more."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.town import EXTRA, intervention, scenario
from odssim.engine import idle
from odssim.engine.run import checked_city, run_scenario
from odssim.engine.targets import target_count
from odssim.interventions import CATALOGUE
from odssim.language import speaking
from odssim.report.run.headline import headline
from odssim.scenario.records import Targeting
from report.folders import SCENARIOS, call


def one(kind, keys="", places='{ names = ["Central", "Market Square"] }'):
    text = f'[[interventions]]\nid = "it"\ntype = "{kind}"\nstart = 2018-01-03\n{keys}\n'
    return text + (f"places = {places}\n" if places and CATALOGUE[kind].targets_places else "")


NOTHING = [
    ("fifteen_minute_patrol", "dose = 0", None, "", idle.NO_DOSE),
    ("cameras", "dose = 0", None, "", idle.NO_DOSE),
    ("fifteen_minute_patrol", "delivery = 0", None, "", idle.NOT_DELIVERED),
    ("fifteen_minute_patrol", "late_days = 30", None, "", idle.NOT_DELIVERED),
    ("treatment_capacity", "delivery = 0", None, "", idle.NOT_DELIVERED),
    ("fifteen_minute_patrol", "", None, "[budget]\npolice = 0\n", idle.NO_MONEY),
    ("treatment_capacity", "", None, "[budget]\nregion = 0\n", idle.NO_MONEY),
    ("fifteen_minute_patrol", "", '{ rank = "seized_g", top = 3, within = ["East Field"] }', "", idle.NO_PLACE),
    ("cameras", "", '{ rank = "violence_women", top = 3, within = ["East Field"] }', "", idle.NO_PLACE),
    ("cameras", "", '{ type = "local_rail" }', "", idle.NO_PLACE),
    ("treatment_capacity", "care_places = 0", None, "", idle.MOVES_NOTHING),
    ("exit_programme", "exits_year = 0", None, "", idle.MOVES_NOTHING),
    ("upkeep", "upkeep = 0\nlighting = 0", None, "", idle.MOVES_NOTHING),
    ("cameras", "coverage = 0", None, "", idle.MOVES_NOTHING),
    ("cameras", "uptime = 0", None, "", idle.MOVES_NOTHING),
    ("seizures_border", 'substance = "cocaine"', None, 'substances = ["heroin"]\n', idle.NOT_ON_SALE),
    ("place_focus", "", None, "", idle.NOTHING_TO_JOIN),
    ("fifteen_minute_patrol", "hours = [0, 1]\nvisits_per_day = 1\nminutes = [1, 1]\ndays = 1\ndelivery = 0.000001",
     None, "", idle.NO_VISIT),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "keys", "places", "head", "why"), NOTHING)
def test_what_works_nowhere_says_why(tmp_path, kind, keys, places, head, why):
    text = one(kind, keys, *([places] if places else []))
    text = f"{head}{text}" if head.startswith("substances") else f"{text}{head}"
    result = run_scenario(scenario(tmp_path, text))
    assert result.process[0]["works_nowhere"] == why
    assert result.targets == frozenset() or why in (idle.MOVES_NOTHING, idle.NO_VISIT, idle.NOTHING_TO_JOIN)
    said = headline(result)[0]
    assert said == f"Intervention it ({kind.replace('_', ' ')}) works nowhere: {why}."
    with speaking("sv"):
        assert why not in headline(result)[0]


def test_one_that_starts_after_the_end(tmp_path):
    made = scenario(tmp_path, one("cameras"))
    late = replace(made.interventions[0], start=made.end_date, end=made.end_date.replace(year=2030))
    assert run_scenario(replace(made, interventions=(late,))).process[0]["works_nowhere"] == idle.TOO_LATE


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_what_works_says_nothing(tmp_path, kind):
    other = one("upkeep").replace('"it"', '"other"') if CATALOGUE[kind].lever == "coordination" else ""
    made = scenario(tmp_path, intervention(kind) + other)
    assert idle.moves(CATALOGUE[kind].lever, next(s for s in made.interventions if s.type == kind).options)
    if kind in ("cameras", "treatment_capacity", "place_focus", "fifteen_minute_patrol", "price_mapping", "drug_dogs"):
        assert [row["works_nowhere"] for row in run_scenario(made).process] == [""] * len(made.interventions)


def test_defaults_of_every_method_move_something():
    for kind, entry in CATALOGUE.items():
        assert idle.moves(entry.lever, {option.id: option.default for option in entry.options}), kind
    assert EXTRA


@pytest.mark.parametrize("top", [10**5, 10**9, 10**18])
def test_a_huge_top_costs_no_more_than_the_places_there_are(tmp_path, top):
    small = scenario(tmp_path, one("fifteen_minute_patrol", places='{ rank = "open_deals", top = 2000 }'))
    spec, city = small.interventions[0], checked_city(small)
    huge = replace(small, interventions=(replace(spec, places=replace(spec.places, top=top)),))
    assert target_count(huge.interventions[0].places, city, 1) == city.n_places
    assert target_count(Targeting("rank", rank="open_deals", top=top, within=("Old Town",)), city, 1) < city.n_places
    results = [run_scenario(one) for one in (small, huge)]
    assert results[0].targets == results[1].targets
    assert results[0].summary == results[1].summary


def test_run_compare_and_report_say_it_first(tmp_path, capsys):
    base = f'extends = "{SCENARIOS / "teaching-town.toml"}"\ndays = 5\nburn_in_days = 3\n'
    (tmp_path / "base.toml").write_text('name = "Base"\n' + base, encoding="utf-8")
    (tmp_path / "cam.toml").write_text('name = "Cam"\n' + base + one("cameras", "dose = 0"), encoding="utf-8")
    line = "works nowhere: its dose is 0."
    assert call("run", str(tmp_path / "cam.toml"), "--out", str(tmp_path / "run")) == 0
    assert line in capsys.readouterr().out.splitlines()[0]
    files = [str(tmp_path / f"{name}.toml") for name in ("base", "cam")]
    assert call("compare", *files, "--seeds", "2", "--out", str(tmp_path / "cmp")) == 0
    told = "Cam: intervention it works nowhere in 2 of 2 runs: its dose is 0."
    assert capsys.readouterr().out.splitlines()[1] == told
    record = json.loads((tmp_path / "cmp" / "comparison.json").read_text(encoding="utf-8"))
    assert record["works_nowhere"] == [{"mix": "Cam", "id": "it", "why": idle.NO_DOSE, "n_runs": 2, "of_runs": 2}]
    for folder, sentence in (("run", line), ("cmp", told)):
        assert call("report", str(tmp_path / folder)) == 0
        assert sentence in (tmp_path / folder / "report.html").read_text(encoding="utf-8")
