"""What is carried out of a plan: late starts, zeal that fades, and joint plans that make good what is missing."""

import numpy as np
import pytest

from engine.town import START_DAY, intervention, scenario
from odssim.analysis.comparison.run_pairs import compare
from odssim.engine.levers import own_delivery
from odssim.engine.run import run_scenario
from odssim.report.run.headline import headline

PATROL = intervention("fifteen_minute_patrol").replace('"it"', '"patrol"')


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.mark.parametrize(
    ("keys", "days_on", "share"),
    [
        ("delivery = 0.8", 100, 0.8),
        ("late_days = 3", 2, 0.0),
        ("late_days = 3", 3, 1.0),
        ("delivery = 0.8\nfade_weeks = 2", 0, 0.8),
        ("delivery = 0.8\nfade_weeks = 2", 14, 0.4),
        ("delivery = 0.8\nfade_weeks = 2", 28, 0.2),
    ],
)
def test_the_share_carried_out_after_some_days(folder, keys, days_on, share):
    (spec,) = scenario(folder, PATROL + keys).interventions
    assert own_delivery(spec, days_on) == pytest.approx(share)


def test_nothing_is_carried_out_before_a_late_start_though_it_was_planned(folder):
    result = run_scenario(scenario(folder, PATROL + "late_days = 2\n"))
    daily = result.process[0]["daily"]
    assert all(planned > 0 for planned in daily["planned_visits"][START_DAY:])
    assert daily["delivered_visits"][START_DAY : START_DAY + 2] == [0, 0]
    assert daily["delivered_visits"][START_DAY + 2] > 0


def test_zeal_fades(folder):
    result = run_scenario(scenario(folder, PATROL + "fade_weeks = 0.3\n"))
    daily = result.process[0]["daily"]
    assert daily["delivered_visits"][START_DAY] > 2 * daily["delivered_visits"][START_DAY + 4]


@pytest.mark.parametrize("keys", ["", 'weekdays = "mon_fri"\n', "ramp_days = 4\n", "delivery = 0.5\n"])
@pytest.mark.parametrize("limit", [900, 4000])
def test_a_budget_binds_but_for_the_visits_of_one_day(folder, keys, limit):
    places = PATROL.replace("every = true", 'names = ["Central", "Market Square"]')
    patrol = places.replace("visits_per_day = 24", "visits_per_day = 6")
    result = run_scenario(scenario(folder, f"{patrol}{keys}[budget]\npolice = {limit}\n", "days=24"))
    paid = result.city_series["cost_police_sek"][START_DAY:]
    before = np.concatenate([[0.0], paid.cumsum()[:-1]])
    left = limit * np.arange(1, len(paid) + 1) - before
    assert paid[left <= 0].sum() == 0, "nothing is paid from an account that is overdrawn"
    assert paid.sum() <= limit * len(paid) + paid.max()
    assert paid.sum() > 0.8 * min(limit * len(paid), result.process[0]["plan_sek"] * (0.5 if "delivery" in keys else 1))
    (row,) = result.process
    assert row["budget_sek"] == limit
    assert row["cut_sek"] > 0
    assert sum("patrol is cut by its payer's budget (police: " in line for line in headline(result)) == 1


def test_a_comparison_says_what_a_budget_cut(folder):
    base = scenario(folder)
    (folder / "b").mkdir()
    found = compare(base, [scenario(folder / "b", PATROL + "[budget]\npolice = 900\n")], seeds=2)
    (row,) = found.record()["cut_by_budget"]
    assert (row["id"], row["n_runs"], row["of_runs"]) == ("patrol", 2, 2)
    assert row["plan_sek"] > row["cut_sek"] > 0
    (line,) = [line for line in found.text() if "budget" in line]
    assert line.startswith("Town (2): intervention patrol is cut by its payer's budget in 2 of 2 runs: planned for ")


def test_a_plan_within_its_budget_is_not_cut(folder):
    result = run_scenario(scenario(folder, PATROL + "[budget]\npolice = 1e9\n"))
    assert result.process[0]["cut_sek"] == 0
    assert not any("budget" in line for line in headline(result))


@pytest.mark.parametrize(("kind", "outcome", "unit"), [
    ("buyer_letters", "letters_sent", "cost.letter_sek"), ("traffic_control", "traffic_stops", "cost.traffic_stop_sek"),
])  # fmt: skip
def test_what_is_counted_is_paid_once_for_each_whatever_is_delivered(folder, kind, outcome, unit):
    half = scenario(folder, intervention(kind) + "delivery = 0.5\n", f"parameters.{unit}=200", "days=60")
    result = run_scenario(half)
    counted = result.city_series[outcome].sum()
    assert counted > 0
    assert result.process[0]["cost_sek"] == pytest.approx(200 * counted)
