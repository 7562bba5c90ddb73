"""belief: memories fade, acquaintances talk, sellers give their number."""

import pytest

from tiny.world import Tiny


def test_a_sellers_memory_of_guardians_halves():
    world = Tiny(belief__seller_halflife_days=7, tables={"sellers": {"risk": 0.8}})
    world.midnights(13)  # fourteen midnights
    assert world.seller["risk"][0] == pytest.approx(0.2)


def heard(**told) -> Tiny:
    """Buyer 0 hears from buyer 1, who knows place 1 and a seller."""
    world = Tiny(buyers=2, places=2, belief__word_share=1, belief__word_weight=0.5)
    rows = world.state.buyers
    rows["tie"] = ((1, 1, 1), (1, 1, 1))
    rows["known"] = -1
    rows["known"][1, 0] = 1
    rows["avail"][1, :3] = told.get("avail", (0.9, 0.7, 0.1))
    rows["wait"][1, 0], rows["price"][1, 0], rows["risk"][:] = 3.0, 9_000.0, 0.6
    rows["contact"][1, 0], rows["contact_avail"][1, 0] = 0, 0.9
    for name, value in told.get("listener", {}).items():
        rows[name][0] = value
    world.midnights(1)
    return world


def test_word_of_mouth_names_a_place_and_a_contact():
    row = heard().buyer
    assert (row["known"].tolist(), row["avail"][:3].tolist()) == ([1, -1, -1, -1, -1], [0.7, 0.6, 0.3])
    assert (row["wait"][0], row["price"][0], row["risk"][0], row["seen_day"][0]) == (3.0, 9_000.0, 0.0, 1)
    assert (row["contact"].tolist(), row["contact_avail"][0]) == ([0, -1, -1], 0.5)


def test_of_a_place_known_already_only_the_availability_moves():
    row = heard(listener={"known": [-1, -1, 1, -1, -1]}).buyer
    assert row["known"].tolist() == [-1, -1, 1, -1, -1]
    assert row["avail"][6:9].tolist() == [0.7, 0.6, 0.3]
    assert row["risk"][2] == 0.6


def test_a_place_that_is_no_better_than_expected_is_not_worth_remembering():
    assert heard(avail=(0.5, 0.4, 0.1)).buyer["known"].tolist() == [-1] * 5


def test_a_place_heard_of_replaces_the_least_useful_and_ends_loyalty_to_it():
    listener = {"known": [0] * 5, "last_kind": 1, "last_slot": 3}
    listener["avail"] = [0.9] * 9 + [0.2] * 3 + [0.9] * 3
    row = heard(listener=listener).buyer
    assert (row["known"].tolist(), row["last_kind"]) == ([0, 0, 0, 1, 0], 0)


def test_a_contact_known_already_is_not_taken_twice():
    listener = {"contact": [0, -1, -1], "contact_avail": [0.3, 0, 0]}
    row = heard(listener=listener).buyer
    assert (row["contact"].tolist(), row["contact_avail"][0]) == ([0, -1, -1], 0.3)


def test_an_open_deal_may_bring_a_number():
    world = Tiny(belief__contact_share=1)
    world.shift("09:00", "17:00")
    world.need("10:00")
    world.run("10:01")
    assert (world.buyer["contact"][0], world.buyer["contact_avail"][0]) == (0, 0.5)
