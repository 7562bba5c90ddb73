"""recruitment: custody ends, vacancies are filled, a user-seller is one person."""

import pytest

from odssim.world.columns import Status
from tiny.world import Tiny


def arrested(**more) -> Tiny:
    """A bold buyer deals at 10:01 in the sight of two officers, who see it and arrest the seller."""
    world = Tiny(purchase__bold_share=1, presence__dwell_min=60, detection__arrest_seen=1, **more)
    world.shift("09:00", "17:00")
    world.visit("10:00", "10:15", may_arrest=1)
    world.need("10:00")
    return world


def test_custody_ends_at_the_midnight_after():
    world = arrested()
    world.midnights(1)
    assert (world.seller["status"], world.seller["uid"]) == (Status.FREE, 200)
    world = arrested(detection__custody_days=0.0)
    world.run("23:59")
    assert world.seller["status"] == Status.CUSTODY


def test_prison_leaves_a_vacancy_that_is_filled():
    world = arrested(detection__prison_share=1)
    world.seller["risk"] = 0.3
    world.run("23:59")
    assert (world.seller["status"], world.city_tally()["imprisoned"]) == (Status.VACANT, 1)
    cash = int(world.seller["cash"])
    world.midnights(1)
    assert (world.seller["status"], world.seller["uid"]) == (Status.FREE, 200 + 2**32)
    assert (world.seller["stock"], world.seller["cash"]) == (4500, cash)
    assert world.seller["risk"].sum() == 0
    assert world.city_tally() == {"new_sellers": 1}


def test_an_arrested_user_seller_is_one_person():
    world = arrested(buyers=2)
    world.seller["buyer"], world.seller["kind"], world.state.buyers["seller"][1] = 1, 0, 0
    world.run("10:01")
    assert world.state.buyers["status"].tolist() == [Status.FREE, Status.CUSTODY]
    assert world.state.buyers["seller"].tolist() == [-1, 0]
    world.midnights(1)
    assert world.state.buyers["status"].tolist() == [Status.FREE, Status.FREE]


def imprisoned_user_seller(kind: int = 2, substance: int = 0) -> Tiny:
    """A user-seller (buyer 1) goes to prison; his acquaintance (buyer 2) may follow him."""
    world = arrested(detection__prison_share=1, detection__prison_days=3, buyers=3)
    world.seller["buyer"], world.seller["kind"], world.state.buyers["seller"][1] = 1, 0, 0
    world.state.buyers["tie"][1] = (0, 2, 0)
    world.state.buyers["type"][2], world.state.buyers["substance"][2] = kind, substance
    world.run("23:59")
    assert (world.state.buyers["status"][1], world.state.buyers["status_until"][1]) == (Status.CUSTODY, 3)
    assert world.state.buyers["seller"].tolist() == [-1, -1, -1]
    return world


def test_an_acquaintance_who_is_dependent_succeeds_a_user_seller():
    world = imprisoned_user_seller()
    world.midnights(1)
    assert (world.seller["buyer"], world.seller["kind"]) == (2, 0)
    assert world.state.buyers["seller"].tolist() == [-1, -1, 0]
    world.midnights(3)
    assert world.state.buyers["status"].tolist() == [Status.FREE, Status.FREE, Status.FREE]


@pytest.mark.parametrize("other", [{"kind": 1}, {"substance": 1}])
def test_without_one_the_slot_becomes_a_network_seller(other):
    world = imprisoned_user_seller(**other)
    world.midnights(1)
    assert (world.seller["buyer"], world.seller["kind"]) == (-1, 1)


def test_the_debt_of_the_former_seller_is_written_off():
    world = arrested(detection__prison_share=1)
    world.run("23:59")
    world.seller["cash"] = -7_000
    world.midnights(1)
    assert (world.seller["cash"], world.city_tally()["debt_written_off_ore"]) == (0, 7_000)
