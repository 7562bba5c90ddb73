"""supply and pricing: orders, credit, consignments, wholesale and street prices."""

import pytest

from odssim.world.columns import Plan, Status
from tiny.world import Tiny


def test_a_seller_orders_when_stock_is_low_and_is_served_after_the_lead_time():
    world = Tiny(
        supply__reorder_baskets=15,
        supply__restock_baskets=50,
        supply__basket_mg=1000,
        tables={"sellers": {"stock": 14_999, "cash": 1_000_000}},
    )
    assert (world.seller["order_mg"], world.seller["order_day"]) == (35_001, 2)
    world.midnights(1)
    assert world.seller["stock"] == 14_999
    world.midnights(2)
    assert (world.seller["stock"], world.seller["order_day"]) == (50_000, -1)
    assert world.seller["cash"] == 1_000_000 - 140_004  # 35,001 mg at 4,000 öre/g
    assert world.state.wholesalers["cash"][0] == 140_004
    assert world.state.wholesalers["stock"][0] == 10**9 - 35_001


def test_nothing_is_ordered_when_the_stock_is_above_what_he_restocks_to():
    world = Tiny(
        supply__reorder_baskets=15,
        supply__restock_baskets=5,
        supply__basket_mg=1000,
        tables={"sellers": {"stock": 10_000, "cash": 10**6}},
    )
    world.midnights(3)
    assert (world.seller["order_day"], world.seller["stock"], world.seller["cash"]) == (-1, 10_000, 10**6)


def test_enough_stock_is_not_reordered():
    world = Tiny(supply__reorder_baskets=15, supply__basket_mg=1000, tables={"sellers": {"stock": 15_000}})
    assert world.seller["order_day"] == -1


def ordered(**tables) -> Tiny:
    """An order of 10,000 mg due at the first midnight."""
    both = {"sellers": {"order_mg": 10_000, "order_day": 0} | tables.pop("sellers", {})}
    return Tiny(supply__credit_sek=100, tables=both | tables)


def test_credit_limits_what_is_delivered():
    world = ordered()
    assert (world.seller["stock"], world.seller["cash"]) == (12_500, -10_000)  # 100 SEK at 40 SEK/g
    assert world.city_tally()["supply_short_mg"] == 7_500


def test_a_debt_beyond_the_credit_brings_nothing():
    world = ordered(sellers={"cash": -20_000})
    assert (world.seller["stock"], world.seller["cash"]) == (10_000, -20_000)


def test_the_wholesaler_gives_what_he_has():
    world = ordered(sellers={"cash": 10**6}, wholesalers={"stock": 4_000, "target_mg": 4_000})
    assert (world.seller["stock"], world.state.wholesalers["stock"][0]) == (14_000, 0)
    assert world.city_tally()["supply_short_mg"] == 6_000


def test_nobody_delivers_to_a_cell_but_the_order_stands():
    world = ordered(sellers={"cash": 10**6, "status": 1, "status_until": 1})
    assert world.seller["stock"] == 10_000
    world.midnights(1)  # supply comes before the end of custody
    assert (world.seller["status"], world.seller["stock"]) == (Status.FREE, 10_000)
    world.midnights(2)
    assert world.seller["stock"] == 20_000


def test_cash_beyond_what_restocking_needs_is_taken_out_as_income():
    world = Tiny(supply__keep_sek=100, tables={"sellers": {"cash": 12_345}})
    assert (world.seller["cash"], world.city_tally()) == (10_000, {"seller_income_ore": 2_345})


def importing(**more) -> Tiny:
    """A consignment of 50 g due at the first midnight and then every ten days."""
    importer = {"next_day": 0, "interval_days": 10, "size_mg": 50_000, "stock": 0} | more.pop("importer", {})
    return Tiny(tables={"importers": importer}, **more)


def test_a_consignment_arrives():
    world = importing()
    row = world.state.importers[0]
    assert (row["stock"], row["next_day"], row["n_sent"]) == (50_000, 10, 1)
    assert world.city_tally() == {"imported_mg": 50_000}


def test_an_intercepted_consignment_lowers_the_next_ones_for_a_while():
    world = importing(supply__border_share=1, supply__hit_capacity=0.5, supply__recovery_days=10)
    row = world.state.importers[0]
    assert (row["stock"], row["capacity"]) == (0, 0.5)
    assert world.city_tally() == {"imported_mg": 50_000, "seized_border_mg": 50_000}
    world.midnights(10)
    assert row["capacity"] == pytest.approx(0.75 / 2)
    assert world.city_tally()["seized_border_mg"] in (37_499, 37_500)


def test_extra_controls_add_to_the_share_intercepted():
    world = importing(supply__border_share=0.5)
    world.state.tables["extra_border"][0][0] = 0.5
    world.midnights(10)
    assert world.city_tally()["seized_border_mg"] > 0


def test_a_full_store_sends_for_nothing():
    world = importing(importer={"stock": 100_001})
    assert (world.state.importers["n_sent"][0], world.city_tally()) == (0, {})


@pytest.mark.parametrize(("stock", "bought"), [(4_999, 5_001), (5_000, 0)])
def test_a_wholesaler_below_half_of_his_target_buys(stock, bought):
    world = Tiny(
        supply__import_cost_share=0.5,
        supply__price_step=0,
        tables={"wholesalers": {"stock": stock, "target_mg": 10_000}, "importers": {"stock": 10**6}},
    )
    source, seller = world.state.importers[0], world.state.wholesalers[0]
    assert (seller["stock"], source["stock"]) == (stock + bought, 10**6 - bought)
    assert (seller["cash"], source["cash"]) == (-bought * 2, bought * 2)  # 2,000 öre/g


@pytest.mark.parametrize(("stock", "price"), [(10_000, 4_000.0), (2_500, 4_100.0), (0, 4_200.0)])
def test_the_wholesale_price_rises_as_stock_runs_out(stock, price):
    world = Tiny(
        supply__pass_through=0.5, supply__price_step=0.1, tables={"wholesalers": {"stock": stock, "target_mg": 10_000}}
    )
    assert world.state.wholesalers["price"][0] == pytest.approx(price)


@pytest.mark.parametrize(
    ("sellers", "price"),
    [
        ({"turned_away": 5}, 10_400), ({"turned_away": 9}, 10_400), ({"turned_away": 1}, 10_080),
        ({"worked": 1}, 9_900), ({"worked": 1, "sold": 1}, 10_000), ({}, 10_000),
        ({"worked": 1, "turned_away": 5}, 10_400), ({"turned_away": 5, "status": 1, "status_until": 9}, 10_000),
    ],
)  # fmt: skip
def test_each_seller_prices_by_his_own_queue(sellers, price):
    world = Tiny(pricing__up=0.04, pricing__down=0.01, pricing__max_step=0.2, tables={"sellers": sellers})
    assert world.seller["price"] == price


def test_a_price_drifts_back_to_cost_and_margin():
    world = Tiny(pricing__revert=0.1, pricing__markup=3, pricing__max_step=0.2)
    assert world.seller["price"] == 10_200  # target 12,000


def test_risk_is_paid_for():
    tables = {"sellers": {"plan": Plan.OPEN, "risk": 0.5, "risk_aversion": 2.0}}
    world = Tiny(pricing__revert=0.1, pricing__markup=3, pricing__risk_pay=0.25, pricing__max_step=0.2, tables=tables)
    assert world.seller["price"] == 10_500  # target 12,000 x 1.25


def test_no_price_jumps():
    world = Tiny(pricing__revert=0.9, pricing__markup=3, pricing__max_step=0.03)
    assert world.seller["price"] == 10_300
