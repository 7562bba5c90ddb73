"""search and choice: waiting, giving up, trying elsewhere, doing without, another substance."""

import pytest

from odssim.rules.explore import note_pull
from odssim.world.columns import BuyerAct
from tiny.world import SURELY, Tiny, minute


def test_who_waits_is_served_when_the_seller_comes():
    world = Tiny()
    world.shift("10:10", "17:00")
    world.need("10:00")
    assert world.run("11:00") == [
        ("10:01", "wait", 100, 0, -1, 621),
        ("10:10", "meeting", 100, 0, 200, 0),
        ("10:10", "deal_open", 100, 0, 200, 1000),
        ("10:10", "closed", 100, -1, 0, 0),
        ("10:10", "shift_start", 200, 0, 1, 2),
    ]
    assert world.place_tally()["wait_min"] == 9
    assert (world.buyer["waited"], world.buyer["wait"][0]) == (9, 9.5)


def test_patience_ends_before_a_seller_who_comes_in_the_same_minute_can_help():
    world = Tiny()
    world.shift("10:21", "17:00")
    world.need("10:00")
    assert world.run("11:00") == [
        ("10:01", "wait", 100, 0, -1, 621),
        ("10:21", "closed", 100, -1, 0, 3),
        ("10:21", "shift_start", 200, 0, 1, 2),
    ]
    assert world.place_tally() == {"blocked_offender": 1, "failed_visits": 1, "wait_min": 20, "crowd_min": 20}
    assert world.city_tally()["forgone_needs"] == 1
    assert (world.buyer["avail"][0], world.buyer["wait"][0], world.buyer["seen_day"][0]) == (0.25, 15.0, 0)


def test_a_minute_earlier_he_is_served():
    world = Tiny()
    world.shift("10:20", "17:00")
    world.need("10:00")
    world.run("11:00")
    assert world.place_tally()["open_deals"] == 1


def test_after_waiting_in_vain_the_next_place_is_tried():
    world = Tiny(places=2)
    world.buyer["avail"][:3] = 1.0
    world.shift("09:00", "17:00", spot=1)
    world.need("10:00")
    assert [line[:4] for line in world.run("11:00")[1:]] == [
        ("10:01", "wait", 100, 0),
        ("10:31", "meeting", 100, 1),
        ("10:31", "deal_open", 100, 1),
        ("10:31", "closed", 100, -1),
    ]
    assert (world.buyer["attempt"], world.buyer["tried"], world.buyer["last_slot"]) == (1, 1, 1)
    assert world.buyer["waited"] == 20


def test_after_the_deadline_a_need_has_failed():
    world = Tiny(choice__search_max_min=9)
    world.need("10:00")
    assert world.run("11:00")[1:] == [("10:21", "closed", 100, -1, 0, 2)]
    assert world.city_tally()["failed_needs"] == 1
    assert world.buyer["deadline"] == minute("10:10")


def test_six_attempts_are_the_most():
    world = Tiny(choice__postpone_min=0.5, choice__postpone_utility=SURELY, choice__search_max_min=700)
    world.need("10:00")
    assert world.run("20:00") == [("13:00", "closed", 100, -1, 0, 2)]
    assert (world.buyer["attempt"], world.city_tally()["choices"]) == (6, 6)


def test_a_postponed_need_is_tried_again_half_an_hour_later():
    world = Tiny(choice__postpone_min=0.5, choice__postpone_utility=SURELY, choice__search_max_min=29)
    world.need("10:00")
    world.run("10:29")
    assert (world.buyer["act"], world.buyer["until"], world.buyer["attempt"]) == (BuyerAct.POSTPONED, 630, 1)
    assert world.run("10:30") == [("10:30", "closed", 100, -1, 0, 2)]


def test_going_without_is_a_choice():
    world = Tiny(choice__without_utility=SURELY)
    world.need("10:00")
    assert world.run("10:00") == [("10:00", "closed", 100, -1, 0, 3)]
    assert ("10:00", "choice", 100, -1, 3 * 2**30 + 1, 0) in world.all_lines()


def test_a_loyal_buyer_goes_where_it_worked_last_however_far():
    world = Tiny(places=3, choice__loyalty=1)
    world.buyer["last_kind"], world.buyer["last_slot"] = 1, 2
    world.buyer["avail"][6:9] = 0.0
    world.need("10:00")
    world.run("10:00")
    assert world.all_lines()[-1] == ("10:00", "choice", 100, 2, 2, 0)
    assert world.buyer["until"] == minute("10:20")


def test_a_disloyal_buyer_weighs_what_he_knows():
    world = Tiny(places=3)
    world.buyer["last_kind"], world.buyer["last_slot"] = 1, 2
    world.buyer["avail"][:9] = (1, 1, 1, 0, 0, 0, 0, 0, 0)
    world.state.par["choice_scale_sek"] = 1.0
    world.need("10:00")
    world.run("10:00")
    assert world.all_lines()[-1] == ("10:00", "choice", 100, 0, 0, 0)


@pytest.mark.parametrize(("column", "values"), [("wait", (50, 10)), ("price", (12_000, 10_000)), ("risk", (0.9, 0.0))])
def test_the_full_price_counts(column, values):
    world = Tiny(places=2, choice__time_value_sek_h=90, choice__risk_sek=200, choice__scale_sek=0.5)
    world.state.par["search_walk_m_per_min"] = 1e9
    world.buyer[column][:2] = values
    world.need("10:00")
    world.run("10:00")
    assert world.all_lines()[-1][3] == 1


def test_travel_counts():
    world = Tiny(places=2, choice__time_value_sek_h=90, choice__scale_sek=0.5)
    world.buyer["home"] = world.buyer["routine"] = 1
    world.need("10:00")
    world.run("10:00")
    assert world.all_lines()[-1][3] == 1


def test_by_day_a_buyer_starts_from_his_routine_place_else_from_home():
    for at, arrives in (("10:00", "10:10"), ("18:00", "18:01")):
        world = Tiny(places=2)
        world.buyer["home"], world.buyer["routine"], world.buyer["known"][0] = 1, 0, -1
        world.need(at)
        world.run(at)
        assert world.buyer["until"] == minute(arrives)


def test_old_memories_fade_to_the_prior():
    world = Tiny(places=2, choice__scale_sek=0.5, belief__buyer_halflife_days=30)
    world.buyer["avail"][:6] = (0.9, 0.9, 0.9, 0.7, 0.7, 0.7)
    world.buyer["seen_day"][:2] = (-60, 0)  # 0.5 + 0.4 / 4 = 0.6 < 0.7
    world.need("10:00")
    world.run("10:00")
    assert world.all_lines()[-1][3] == 1


def test_an_explored_place_is_learned_only_by_success():
    world = Tiny(places=2, choice__explore_share=1)
    world.state.places["attraction"] = (0.0, 1.0)
    note_pull(world.state)
    world.buyer["known"] = -1
    world.need("10:00")
    world.run("10:30")
    assert ("10:00", "choice", 100, 1, 2**30 - 1, 0) in world.all_lines()
    assert world.buyer["known"].tolist() == [-1] * 5
    world = Tiny(places=2, choice__explore_share=1)
    world.state.places["attraction"] = (0.0, 1.0)
    note_pull(world.state)
    world.buyer["known"] = -1
    world.shift("09:00", "17:00", spot=1)
    world.need("10:00")
    world.run("10:30")
    assert world.buyer["known"].tolist() == [1, -1, -1, -1, -1]
    assert world.buyer["avail"][:3].tolist() == [0.75, 0.5, 0.5]
    assert (world.buyer["last_kind"], world.buyer["last_slot"]) == (1, 0)


def test_who_cannot_get_his_drug_may_turn_to_another():
    world = Tiny(substances=(0, 1), choice__search_max_min=19, use__substitution_share=1)
    world.seller["substance"] = 1
    world.shift("09:00", "17:00")
    world.need("10:00")
    lines = world.run("11:00")
    assert lines[-2:] == [("10:22", "deal_open", 100, 0, 200, 1000), ("10:22", "closed", 100, -1, 1, 0)]
    assert (world.buyer["need_substance"], world.buyer["substance"]) == (1, 0)


def test_a_switch_needs_the_other_substance_on_sale():
    world = Tiny(choice__search_max_min=19, use__substitution_share=1)
    world.need("10:00")
    assert world.run("11:00")[-1] == ("10:21", "closed", 100, -1, 0, 2)


def test_a_need_that_comes_while_one_is_open_joins_it():
    world = Tiny()
    world.need("10:00")
    world.need("10:05")
    assert ("10:05", "closed", 100, -1, 0, 5) in world.run("10:06")
    assert (world.buyer["act"], world.buyer["need_minute"]) == (BuyerAct.WAITING, 600)
    assert world.city_tally() == {"needs": 2, "choices": 1, "waits": 1, "merged_needs": 1}


def test_a_need_that_comes_during_a_stay_ends_the_stay():
    world = Tiny(presence__dwell_min=30)
    world.shift("09:00", "17:00")
    world.need("10:00")
    world.need("10:10")
    world.run("10:11")
    assert world.place_tally()["open_deals"] == 2
    assert world.place_tally()["crowd_min"] == 9
    assert world.city_tally()["consumed_mg"] == 1000


def test_who_is_in_custody_has_no_use_for_his_need():
    world = Tiny(tables={"buyers": {"status": 1, "status_until": 9}})
    world.need("10:00")
    assert world.run("10:00") == [("10:00", "closed", 100, -1, 0, 6)]
    assert world.city_tally() == {"needs": 1, "lost_needs": 1}


def test_a_user_seller_takes_from_his_own_stock_and_pays_it_to_himself_at_cost():
    world = Tiny(tables={"buyers": {"seller": 0}, "sellers": {"buyer": 0, "kind": 0, "stock": 1000}})
    world.need("10:00")
    assert world.run("10:00") == [("10:00", "closed", 100, -1, 0, 4)]
    assert (world.seller["stock"], world.seller["cash"], world.buyer["wallet"]) == (0, 4_000, 196_000)
    assert world.city_tally() == {"needs": 1, "own_stock_needs": 1, "consumed_mg": 1000}


def test_a_user_seller_without_stock_goes_without():
    world = Tiny(tables={"buyers": {"seller": 0}, "sellers": {"buyer": 0, "kind": 0, "stock": 999}})
    world.need("10:00")
    assert world.run("10:00") == [("10:00", "closed", 100, -1, 0, 2)]
    assert (world.seller["stock"], world.city_tally()) == (999, {"needs": 1, "failed_needs": 1})
