"""selling: what a seller plans at midnight."""

import pytest

from odssim.world.columns import Plan
from tiny.world import NEVER, SURELY, Tiny, minute

PLANS = {"selling__off_utility": NEVER, "selling__scale_sek": 10, "selling__hidden_hours": 5}


def planned(hours: float = 8.0, **columns) -> Tiny:
    """A seller who plans by gain alone; nothing but what is given pays."""
    rows = {"hours": hours, "reserve": 100.0, "profit": 0.0, "hidden_profit": 0.0} | columns
    return Tiny(tables={"sellers": rows}, **PLANS)


def test_the_best_place_and_time_is_planned():
    world = planned(profit=[0, 0, 0, 0, 300, 0, *[0] * 9], spot=[0, 0, -1, -1, -1])
    assert (world.seller["plan"], world.seller["plan_slot"]) == (Plan.OPEN, 1)
    assert (world.seller["plan_start"], world.seller["plan_end"]) == (minute("14:00"), minute("22:00"))


def test_perceived_risk_of_the_band_is_weighed():
    risk = [0.0] * 120
    risk[6:14] = [0.9] * 8
    world = planned(profit=[300, 290, 0, *[0] * 12], risk=risk, risk_aversion=1.0)
    assert world.seller["plan_start"] == minute("14:00")


def test_a_shift_shorter_than_its_band_starts_within_it():
    world = planned(hours=2.0, profit=[0, 0, 900, *[0] * 12])
    assert minute("22:00") <= world.seller["plan_start"] <= minute("28:00")
    assert world.seller["plan_end"] - world.seller["plan_start"] == 120


def test_delivering_is_planned_when_it_pays():
    world = planned(hidden_profit=300.0)
    assert world.seller["plan"] == Plan.HIDDEN
    assert minute("10:00") <= world.seller["plan_start"] < minute("12:00")
    assert world.seller["plan_end"] - world.seller["plan_start"] == 300


@pytest.mark.parametrize(("other", "off", "plan"), [(SURELY, NEVER, Plan.OTHER), (NEVER, SURELY, Plan.OFF)])
def test_another_crime_or_a_day_off(other, off, plan):
    world = Tiny(selling__other_utility=other, selling__off_utility=off)
    assert world.seller["plan"] == plan


def test_an_explored_place_takes_the_poorest_spot():
    rows = {"hours": 8.0, "reserve": 100.0, "spot": [0] * 5, "risk": 0.2}
    rows["profit"] = [9, 9, 9, 5, 5, 5, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    world = Tiny(
        places=2, selling__explore_share=1, selling__prior_profit_sek_h=500,
        tables={"sellers": rows, "places": {"attraction": [0.0, 1.0]}}, **PLANS,
    )  # fmt: skip
    assert world.seller["spot"].tolist() == [0, 0, 1, 0, 0]
    assert world.seller["profit"][6:9].tolist() == [500.0, 500.0, 500.0]
    assert world.seller["risk"][48:72].sum() == 0
    assert (world.seller["plan"], world.seller["plan_slot"]) == (Plan.OPEN, 2)


def test_yesterdays_counts_are_cleared():
    world = Tiny(tables={"sellers": {"sold": 3, "turned_away": 2, "worked": 1, "pushes": 4}})
    assert [int(world.seller[name]) for name in ("sold", "turned_away", "worked", "pushes")] == [0, 0, 0, 0]
