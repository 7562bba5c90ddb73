"""What is carried out of a plan: late starts, zeal that fades, and joint plans that make good what is missing."""

import pytest

from engine.town import START_DAY, intervention, scenario
from odssim.engine.levers import own_delivery
from odssim.engine.run import run_scenario

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
