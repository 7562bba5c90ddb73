"""purchase: the deal, and every way in which a meeting does not become one."""

import pytest

from odssim.world.columns import BuyerAct
from tiny.world import Tiny

DEAL_AT_TEN = [
    ("10:01", "meeting", 100, 0, 200, 0),
    ("10:01", "deal_open", 100, 0, 200, 1000),
    ("10:01", "closed", 100, -1, 0, 0),
]


def opened(**more) -> Tiny:
    """A seller at place 0 from nine to five, a need of the first buyer at ten."""
    world = Tiny(**more)
    world.shift("09:00", "17:00")
    world.need("10:00")
    return world


def test_a_deal_moves_a_basket_and_its_price():
    world = opened()
    assert world.run("11:00")[1:] == DEAL_AT_TEN
    assert (world.seller["stock"], world.seller["cash"], world.buyer["wallet"]) == (9_000, 10_000, 190_000)
    assert (world.seller["sold"], world.seller["shift_income"], world.seller["busy_until"]) == (1, 10_000, 603)
    assert (world.buyer["act"], world.buyer["carry_mg"], world.buyer["last_seller"]) == (BuyerAct.IDLE, 0, 200)
    assert world.place_tally() == {"open_deals": 1, "grams_mg": 1000, "turnover_ore": 10_000, "meetings": 1}
    assert world.city_tally() == {"needs": 1, "choices": 1, "sellers_active": 1, "consumed_mg": 1000}


def test_what_is_bought_is_carried_during_the_stay_and_used_on_leaving():
    world = opened(presence__dwell_min=30)
    world.run("10:30")
    assert (world.buyer["act"], world.buyer["carry_mg"], world.buyer["until"]) == (BuyerAct.DWELLING, 1000, 631)
    assert (world.place["n_buyers"], world.city_tally().get("consumed_mg")) == (1, None)
    world.run("10:31")
    assert (world.buyer["act"], world.buyer["carry_mg"], world.place["n_buyers"]) == (BuyerAct.IDLE, 0, 0)
    assert world.city_tally()["consumed_mg"] == 1000
    assert world.place_tally()["crowd_min"] == 30


def test_the_price_is_rounded_up_to_a_whole_ore():
    world = opened(tables={"buyers": {"basket_mg": 333}, "sellers": {"price": 10_001}})
    world.run("11:00")
    assert world.seller["cash"] == 3_331  # 333 mg x 10,001 öre/g = 3,330.333 öre


def test_the_quantity_falls_with_the_price():
    world = opened(purchase__elasticity=1.0, tables={"sellers": {"price": 16_000}})
    world.run("11:00")
    assert world.place_tally()["grams_mg"] == 625


@pytest.mark.parametrize(
    ("tables", "mg", "ore"),
    [({"buyers": {"wallet": 7_770}}, 777, 7_770), ({"sellers": {"stock": 640}}, 640, 6_400)],
    ids=["wallet", "stock"],
)
def test_the_quantity_is_limited(tables, mg, ore):
    world = opened(tables=tables)
    world.run("11:00")
    assert (world.place_tally()["grams_mg"], world.place_tally()["turnover_ore"]) == (mg, ore)


def test_who_cannot_pay_the_smallest_quantity_goes_home():
    world = opened(tables={"buyers": {"wallet": 499}})
    assert world.run("11:00")[1:] == [("10:01", "meeting", 100, 0, 200, 0), ("10:01", "closed", 100, -1, 0, 2)]
    assert world.place_tally() == {"meetings": 1, "blocked_target": 1}
    assert (world.seller["sold"], world.buyer["wallet"], world.buyer["act"]) == (0, 499, BuyerAct.IDLE)


def test_a_price_beyond_the_limit_is_refused_and_remembered():
    world = opened(tables={"sellers": {"price": 20_001}})
    assert world.run("11:00")[1:] == [("10:01", "meeting", 100, 0, 200, 0), ("10:01", "closed", 100, -1, 0, 3)]
    assert world.place_tally() == {"meetings": 1, "blocked_target": 1}
    assert world.buyer["price"][0] == 15_000.5
    assert (world.buyer["avail"][0], world.buyer["attempt"], world.buyer["tried"]) == (0.25, 1, 1)


def test_a_price_at_the_limit_is_paid():
    world = opened(tables={"sellers": {"price": 20_000}})
    world.run("11:00")
    assert world.place_tally()["open_deals"] == 1


def test_a_stranger_is_cheated_and_tries_elsewhere():
    world = opened(purchase__ripoff_share=1, places=2)
    world.buyer["avail"][:3] = 1.0
    world.run("10:01")
    assert (world.buyer["wallet"], world.seller["cash"], world.seller["stock"]) == (190_000, 10_000, 10_000)
    assert world.run("10:11")[1:] == [
        ("10:01", "meeting", 100, 0, 200, 0),
        ("10:01", "ripoff", 100, 0, 200, 10_000),
        ("10:11", "wait", 100, 1, -1, 631),
    ]
    assert world.place_tally() == {"meetings": 1, "ripoffs": 1}
    assert (world.seller["sold"], world.buyer["avail"][0], world.buyer["tried"]) == (0, 0.5, 1)


def test_a_familiar_buyer_is_not_cheated():
    world = opened(purchase__ripoff_share=1, tables={"buyers": {"last_seller": 200}})
    assert world.run("11:00")[1:] == DEAL_AT_TEN


def test_police_in_sight_block_the_buyer():
    world = opened()
    world.visit("09:50", "10:05")
    world.run("10:01")
    assert world.place_tally()["blocked_guardian"] == 1
    assert world.buyer["act"] == BuyerAct.WAITING
    assert world.buyer["risk"][0] == 0.5


def test_a_bold_buyer_finds_a_seller_who_refuses():
    world = opened(purchase__bold_share=1, selling__loss_police_sek=61, tables={"sellers": {"risk_aversion": 1}})
    world.visit("09:50", "10:05")
    world.run("10:01")
    assert world.place_tally()["blocked_guardian"] == 1
    assert "meetings" not in world.place_tally()


def test_a_seller_refuses_only_above_his_gain():
    world = opened(purchase__bold_share=1, selling__loss_police_sek=60, tables={"sellers": {"risk_aversion": 1}})
    world.visit("09:50", "10:05")
    world.run("10:01")
    assert world.place_tally()["open_deals"] == 1


@pytest.mark.parametrize(("fear_sek", "tally"), [(61.0, "blocked_guardian"), (60.0, "open_deals")])
def test_a_camera_makes_a_seller_refuse_when_it_costs_more_than_the_deal_brings(fear_sek, tally):
    world = opened(tables={"places": {"camera_fear": fear_sek}, "sellers": {"risk_aversion": 1}})
    world.run("10:01")
    assert world.place_tally()[tally] == 1


def test_nobody_to_buy_from_is_a_missing_offender():
    world = Tiny()
    world.need("10:00")
    assert world.run("10:01") == [("10:01", "wait", 100, 0, -1, 621)]
    assert world.place_tally() == {"blocked_offender": 1}
    assert (world.buyer["act"], world.buyer["until"]) == (BuyerAct.WAITING, 621)


def test_two_buyers_are_served_one_after_the_other_and_the_seller_notices():
    world = opened(buyers=2)
    world.need("10:00", buyer=1)
    lines = world.run("11:00")
    deals = [line for line in lines if line[1] == "deal_open"]
    assert [line[0] for line in deals] == ["10:01", "10:03"]
    assert {line[2] for line in deals} == {100, 101}
    assert (world.seller["turned_away"], world.seller["sold"]) == (1, 2)
    assert world.place_tally()["wait_min"] == 2
    assert world.place_tally()["blocked_offender"] == 1


def test_the_cheaper_of_two_sellers_wins_when_price_weighs_heavily():
    world = opened(sellers=2, purchase__price_weight=1e4, purchase__familiar=0)
    world.state.sellers["price"] = (10_100, 9_900)
    world.shift("09:00", "17:00", seller=1)
    world.run("11:00")
    assert world.state.sellers["sold"].tolist() == [0, 1]


def test_the_familiar_of_two_sellers_wins_when_familiarity_weighs_heavily():
    world = opened(sellers=2, purchase__price_weight=0, purchase__familiar=500)
    world.buyer["last_seller"] = 201
    world.shift("09:00", "17:00", seller=1)
    world.run("11:00")
    assert world.state.sellers["sold"].tolist() == [0, 1]


def test_another_substance_is_no_use():
    world = opened(substances=(0, 2), tables={"sellers": {"substance": 2}})
    world.run("10:01")
    assert world.place_tally() == {"blocked_offender": 1}


def test_less_than_the_smallest_quantity_in_stock_is_nothing():
    world = opened(tables={"sellers": {"stock": 49}})
    world.run("10:01")
    assert world.place_tally() == {"blocked_offender": 1}


def test_income_since_the_last_need_is_credited_up_to_the_cap():
    tables = {"buyers": {"wallet": 0, "income": 500, "credit_day": -30}}
    world = opened(tables=tables, purchase__wallet_cap_days=24)
    world.run("10:00")
    assert (world.buyer["wallet"], world.buyer["credit_day"]) == (12_000, 0)
    assert world.city_tally()["income_ore"] == 12_000
    world = opened(tables=tables, purchase__wallet_cap_days=60)
    world.run("10:00")
    assert world.buyer["wallet"] == 15_000


def test_a_full_wallet_is_neither_filled_nor_emptied():
    world = opened(tables={"buyers": {"wallet": 9_000, "income": 100, "credit_day": -30}})
    world.run("10:00")
    assert (world.buyer["wallet"], world.city_tally().get("income_ore")) == (9_000, None)


@pytest.mark.parametrize("camera", [0.0, 1.0])
def test_a_camera_records_the_sale_it_sees(camera):
    world = opened(tables={"places": {"camera": camera}})
    world.run("11:00")
    assert world.place_tally().get("recorded_sale", 0) == camera


def test_a_bystander_calls_where_people_pass():
    world = opened(guardianship__tip_share=1, guardianship__tip_half=0, tables={"places": {"footfall": 1000.0}})
    assert ("10:01", "tip", 100, 0, -1, 0) in world.run("11:00")
    assert (world.place_tally()["tips"], world.place["attention"]) == (1, 0.5)


def test_who_travels_is_under_way_until_he_arrives():
    world = Tiny(places=2)
    world.state.buyers["known"][0, 0] = -1
    world.need("10:00")
    world.run("10:09")
    assert (world.buyer["act"], world.buyer["place"], world.buyer["until"]) == (BuyerAct.TRAVELLING, 1, 610)
    world.run("10:10")
    assert (world.buyer["act"], world.state.places["n_buyers"].tolist()) == (BuyerAct.WAITING, [0, 1])
