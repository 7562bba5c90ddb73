"""detection: seen deals, stops, stashes, cameras, investigations, arrests and what follows them."""

import pytest

from odssim.world.columns import BuyerAct, Plan, SellerAct, Status
from tiny.world import BASKET_MG, Tiny, minute

WITH_POLICE = {"purchase__bold_share": 1, "presence__dwell_min": 60}


def seen(**more) -> Tiny:
    """A bold buyer deals at 10:01 in the sight of two officers who may arrest, and stays."""
    world = Tiny(**(WITH_POLICE | more))
    world.shift("09:00", "17:00")
    world.visit("10:00", "10:15", may_arrest=1)
    world.need("10:00")
    return world


def test_a_deal_in_sight_is_recorded_and_the_drugs_are_seized():
    world = seen()
    assert world.run("10:01")[4:] == [
        ("10:01", "closed", 100, -1, 0, 0),
        ("10:01", "recorded_sale", 200, 0, -1, 0),
        ("10:01", "recorded_possession", 100, 0, -1, 0),
        ("10:01", "seized", 100, 0, -1, 1000),
    ]
    assert (world.buyer["carry_mg"], world.state.visits["incident"][0]) == (0, 601)
    world.run("11:01")
    assert "consumed_mg" not in world.city_tally()


@pytest.mark.parametrize("more", [{"detection__officer": 0}, {"tables": {"buyers": {"sex": 0}}}])
def test_a_deal_is_missed_when_nobody_looks(more):
    world = seen(**({"detection__woman_factor": 0} | more))
    world.run("10:01")
    assert "recorded_sale" not in world.place_tally()


def test_who_may_not_arrest_does_not_act_on_what_he_sees():
    world = seen()
    world.state.visits["may_arrest"] = 0
    world.run("10:01")
    assert "recorded_sale" not in world.place_tally()


def test_a_crowd_conceals():
    world = seen(detection__conceal=1, detection__crowd_half=1e-9)
    world.run("10:01")
    assert "recorded_sale" not in world.place_tally()


def test_an_arrest_takes_seller_and_unit_away():
    world = seen(detection__arrest_seen=1)
    lines = world.run("10:01")
    assert lines[-3:] == [
        ("10:01", "seized", 100, 0, -1, 1000),
        ("10:01", "seized", 200, 0, -1, 4500),
        ("10:01", "arrest", 200, 0, 400, 0),
    ]
    assert (world.seller["act"], world.seller["plan"], world.seller["stock"]) == (SellerAct.OFF, Plan.OFF, 4500)
    assert (world.seller["status"], world.seller["status_until"]) == (Status.CUSTODY, 1)
    assert (world.place["first_seller"], world.place["n_visible"], world.place["n_police"]) == (-1, 0, 0)
    assert world.state.units["busy_until"][0] == minute("12:01")
    tally = world.place_tally()
    assert (tally["arrests"], tally["seized_mg"], tally["police_min"], tally["seller_min"]) == (1, 5500, 1, 61)


def stopped(*, at_work: bool = False, **more) -> Tiny:
    """The buyer waits at the place from 10:01; an officer who may search comes at 10:05 and stops at once."""
    world = Tiny(**more)
    if at_work:
        world.shift("09:00", "17:00")
    else:
        world.need("10:00")
    world.visit("10:05", "10:07", may_search=1, may_arrest=1)
    return world


def test_a_stop_without_find_ends_the_wait():
    world = stopped()
    assert world.run("10:06")[1:] == [
        ("10:05", "visit", 400, 0, 300, 0),
        ("10:06", "closed", 100, -1, 0, 2),
        ("10:06", "stop", 400, 0, 100, 0),
    ]
    assert world.place_tally() == {"blocked_offender": 1, "wait_min": 5, "crowd_min": 5, "visits": 1, "stops": 1}
    assert (world.buyer["risk"][0], world.buyer["act"]) == (1.0, BuyerAct.IDLE)  # 0.5 on sight, then twice 0.5


def test_a_stop_finds_signs_of_use():
    world = stopped(detection__hit_use=1)
    assert ("10:06", "recorded_use", 100, 0, -1, 0) in world.run("10:06")
    assert world.state.visits["incident"][0] == 606


def test_a_stop_finds_what_is_carried():
    world = stopped(detection__hit_carry=1, detection__hit_use=1, presence__dwell_min=60)
    world.shift("09:00", "10:04")
    world.need("10:00")
    lines = world.run("10:06")
    assert lines[-3:] == [
        ("10:06", "stop", 400, 0, 100, 0),
        ("10:06", "recorded_possession", 100, 0, -1, 0),
        ("10:06", "seized", 100, 0, -1, 1000),
    ]
    assert (world.buyer["act"], world.place["n_buyers"]) == (BuyerAct.IDLE, 0)
    assert "consumed_mg" not in world.city_tally()


def test_a_stop_of_nobody_is_none():
    world = Tiny()
    world.visit("10:05", "10:15", may_search=1)
    world.run("10:20")
    assert world.place_tally() == {"visits": 1, "police_min": 10}


def test_a_stopped_seller_loses_what_he_carries_and_may_be_arrested():
    world = stopped(at_work=True, detection__hit_seller=1)
    world.run("10:06")
    assert (world.seller["stock"], world.seller["act"]) == (5000, SellerAct.VISIBLE)
    assert world.place_tally()["recorded_possession"] == 1
    world = stopped(at_work=True, detection__hit_seller=1, detection__arrest_stop=1)
    world.run("10:06")
    assert (world.seller["stock"], world.seller["act"]) == (2500, SellerAct.OFF)
    assert world.place_tally()["recorded_sale"] == 1
    assert world.place_tally()["arrests"] == 1


def test_a_stopped_seller_on_whom_nothing_is_found_stays():
    world = stopped(at_work=True)
    world.run("10:06")
    assert (world.seller["stock"], world.place_tally()["stops"]) == (10_000, 1)
    assert "recorded_possession" not in world.place_tally()


def test_women_are_passed_over():
    world = Tiny(buyers=2, detection__woman_factor=1e-9, search__patience_min=60)
    world.state.buyers["sex"] = (0, 1)
    world.need("10:00")
    world.need("10:00", buyer=1)
    world.visit("10:05", "10:07", may_search=1)
    assert ("10:06", "stop", 400, 0, 101, 0) in world.run("10:07")
    assert world.buyer["act"] == BuyerAct.WAITING


@pytest.mark.parametrize(("found", "left"), [(1.0, 7500), (0.0, 10_000)])
def test_a_search_takes_part_of_the_stash_and_never_what_the_seller_carries(found, left):
    world = Tiny()
    world.shift("09:00", "17:00")
    world.visit("10:05", "10:07", stash=found)
    world.run("10:05")
    assert world.seller["stock"] == left
    assert world.place_tally().get("seized_mg", 0) == 10_000 - left


@pytest.mark.parametrize(("days", "share"), [(1, 0.75), (0, 0.5)])
def test_who_has_seen_a_search_for_stashes_carries_more(days, share):
    world = Tiny(
        detection__wary_days=days,
        detection__wary_share=0.75,
        detection__investigate_open=1,
        detection__arrest_investigated=1,
    )
    world.shift("09:00", "17:00")
    world.visit("09:30", "09:32", stash=1e-9)
    world.need("10:00")
    world.run("10:01")
    assert world.place_tally()["arrests"] == 1
    assert world.place_tally()["seized_mg"] == (10_000 - BASKET_MG) * share


def test_a_camera_leads_to_an_arrest_without_taking_a_unit():
    world = Tiny(detection__arrest_camera=1, tables={"places": {"camera": 1.0}})
    world.shift("09:00", "17:00")
    world.need("10:00")
    assert ("10:01", "arrest", 200, 0, -1, 0) in world.run("10:01")
    assert (world.seller["act"], world.seller["status"]) == (SellerAct.OFF, Status.CUSTODY)
    assert world.state.units["busy_until"].tolist() == [0, 0, 0, 0]


def test_an_investigated_open_deal_leads_to_a_recorded_sale_at_the_place():
    world = Tiny(detection__investigate_open=1)
    world.shift("09:00", "17:00")
    world.need("10:00")
    world.run("10:01")
    assert world.place_tally()["recorded_sale"] == 1


def test_an_investigated_delivery_leads_to_an_arrest_away_from_scenes():
    world = Tiny(detection__investigate_hidden=1, detection__arrest_investigated=1)
    world.buyer["known"] = -1
    world.buyer["contact"][0], world.buyer["contact_avail"][0] = 0, 0.5
    world.on_call("09:00", "17:00")
    world.need("10:00")
    world.run("10:40")
    tally = world.city_tally()
    assert (tally["recorded_sale_hidden"], tally["arrests_hidden"], tally["seized_hidden_mg"]) == (1, 1, 4500)
    assert (world.seller["act"], world.seller["status"], world.place_tally()) == (SellerAct.OFF, Status.CUSTODY, {})
