"""What happens at midnight: supply, prices, word of mouth, plans, the course of use, disorder."""

import pytest

from odssim.world.columns import FREE, PLAN_HIDDEN, PLAN_OFF, PLAN_OPEN, PLAN_OTHER, VACANT
from tiny.world import NEVER, SURELY, Tiny, minute


def test_a_seller_orders_when_stock_is_low_and_is_served_after_the_lead_time():
    world = Tiny(
        supply__reorder_baskets=15, supply__restock_baskets=50, supply__basket_mg=1000,
        tables={"sellers": {"stock": 14_999, "cash": 1_000_000}},
    )  # fmt: skip
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
        supply__reorder_baskets=15, supply__restock_baskets=5, supply__basket_mg=1000,
        tables={"sellers": {"stock": 10_000, "cash": 10**6}},
    )  # fmt: skip
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
    assert (world.seller["status"], world.seller["stock"]) == (FREE, 10_000)
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
        supply__import_cost_share=0.5, supply__price_step=0,
        tables={"wholesalers": {"stock": stock, "target_mg": 10_000}, "importers": {"stock": 10**6}},
    )  # fmt: skip
    source, seller = world.state.importers[0], world.state.wholesalers[0]
    assert (seller["stock"], source["stock"]) == (stock + bought, 10**6 - bought)
    assert (seller["cash"], source["cash"]) == (-bought * 2, bought * 2)  # 2,000 öre/g


@pytest.mark.parametrize(("stock", "price"), [(10_000, 4_000.0), (2_500, 4_100.0), (0, 4_200.0)])
def test_the_wholesale_price_rises_as_stock_runs_out(stock, price):
    world = Tiny(
        supply__pass_through=0.5, supply__price_step=0.1,
        tables={"wholesalers": {"stock": stock, "target_mg": 10_000}},
    )  # fmt: skip
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
    tables = {"sellers": {"plan": PLAN_OPEN, "risk": 0.5, "risk_aversion": 2.0}}
    world = Tiny(pricing__revert=0.1, pricing__markup=3, pricing__risk_pay=0.25, pricing__max_step=0.2, tables=tables)
    assert world.seller["price"] == 10_500  # target 12,000 x 1.25


def test_no_price_jumps():
    world = Tiny(pricing__revert=0.9, pricing__markup=3, pricing__max_step=0.03)
    assert world.seller["price"] == 10_300


PLANS = {"selling__off_utility": NEVER, "selling__scale_sek": 10, "selling__hidden_hours": 5}


def planned(hours: float = 8.0, **columns) -> Tiny:
    """A seller who plans by gain alone; nothing but what is given pays."""
    rows = {"hours": hours, "reserve": 100.0, "profit": 0.0, "hidden_profit": 0.0} | columns
    return Tiny(tables={"sellers": rows}, **PLANS)


def test_the_best_place_and_time_is_planned():
    world = planned(profit=[0, 0, 0, 0, 300, 0, *[0] * 9], spot=[0, 0, -1, -1, -1])
    assert (world.seller["plan"], world.seller["plan_slot"]) == (PLAN_OPEN, 1)
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
    assert world.seller["plan"] == PLAN_HIDDEN
    assert minute("10:00") <= world.seller["plan_start"] < minute("12:00")
    assert world.seller["plan_end"] - world.seller["plan_start"] == 300


@pytest.mark.parametrize(("other", "off", "plan"), [(SURELY, NEVER, PLAN_OTHER), (NEVER, SURELY, PLAN_OFF)])
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
    assert (world.seller["plan"], world.seller["plan_slot"]) == (PLAN_OPEN, 2)


def test_yesterdays_counts_are_cleared():
    world = Tiny(tables={"sellers": {"sold": 3, "turned_away": 2, "worked": 1, "pushes": 4}})
    assert [int(world.seller[name]) for name in ("sold", "turned_away", "worked", "pushes")] == [0, 0, 0, 0]


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


@pytest.mark.parametrize(
    ("more", "status", "kind"),
    [
        ({"use__remission_year": 12}, VACANT, 2), ({"use__quit_year": 12}, FREE, 2), ({}, FREE, 2),
        ({"use__escalation_year": 12}, FREE, 2),
    ],
)  # fmt: skip
def test_the_course_of_a_dependent(more, status, kind):
    world = Tiny(tables={"buyers": {"type": 2}}, **more)
    assert (world.buyer["status"], world.buyer["type"]) == (status, kind)


@pytest.mark.parametrize(
    ("more", "status", "kind"),
    [({"use__quit_year": 12}, VACANT, 0), ({"use__escalation_year": 12}, FREE, 2), ({}, FREE, 0)],
)
def test_the_course_of_an_occasional_user(more, status, kind):
    world = Tiny(tables={"buyers": {"rate": 0.002, "income": 101}}, **more)
    assert (world.buyer["status"], world.buyer["type"]) == (status, kind)
    if kind == 2:
        assert (world.buyer["rate"], world.buyer["income"]) == (0.05, 2525)
        assert world.city_tally()["escalations"] == 1


def test_only_the_first_of_a_month_changes_the_course():
    world = Tiny(tables={"buyers": {"type": 2}})
    world.state.par["use_remission_year"] = 12.0
    world.midnights(30)
    assert world.buyer["status"] == FREE
    world.midnights(31)
    assert (world.buyer["status"], world.city_tally()["quits"]) == (VACANT, 1)


@pytest.mark.parametrize(("relapse", "kind"), [(1, 2), (0, 0)])
def test_a_newcomer_takes_the_empty_place(relapse, kind):
    rows = {"type": 2, "rate": 25.0, "income": 2500, "status": VACANT, "status_until": 0, "risk": 0.7, "avail": 0.9}
    world = Tiny(use__relapse_share=relapse, tables={"buyers": rows})
    row = world.buyer
    assert (row["status"], row["uid"], row["type"]) == (FREE, 100 + 2**32, kind)
    assert (row["rate"], row["income"]) == ((25.0, 2500) if kind else (1.0, 100))
    assert (row["wallet"], row["avail"][0], row["risk"][0], row["wait"][0]) == (0, 0.5, 0.0, 10.0)
    tally = world.city_tally()
    assert (tally["wallet_left_ore"], tally.get("first_users", 0)) == (200_000, 0 if kind else 1)


def test_heroin_may_kill():
    rows = {"buyers": {"substance": 3}, "sellers": {"substance": 3}}
    world = Tiny(substances=(3,), use__overdose_share=1, use__death_share=1, tables=rows)
    world.shift("09:00", "17:00")
    world.need("10:00")
    assert world.run("10:01")[-2:] == [
        ("10:01", "overdose", 100, -1, -1, 0),
        ("10:01", "death", 100, -1, -1, 0),
    ]
    assert (world.buyer["status"], world.buyer["status_until"]) == (VACANT, 1)
    world.midnights(1)
    assert (world.buyer["status"], world.buyer["uid"]) == (FREE, 100 + 2**32)


@pytest.mark.parametrize(("possession", "event"), [(1, "recorded_possession"), (0, "recorded_use")])
def test_offences_are_also_found_away_from_scenes(possession, event):
    world = Tiny(recording__background_share=1, recording__background_possession=possession)
    world.shift("09:00", "17:00")
    world.need("10:00")
    assert ("10:01", event, 100, -1, -1, 0) in world.run("10:01")


def test_nuisance_decays_and_grows_with_deals_and_presence():
    world = Tiny(
        disorder__upkeep=0.1, disorder__gain=2, disorder__crowd_weight=0.5, presence__dwell_min=90,
        tables={"places": {"nuisance": 10.0, "attention": 4.0}}, patrol__forget=0.5,
    )  # fmt: skip
    assert (world.place["nuisance"], world.place["attention"]) == (9.0, 2.0)
    world.shift("09:00", "17:00")
    world.need("10:00")
    world.midnights(1)
    assert world.place["nuisance"] == pytest.approx(8.1 + 2 * (1 + 0.5 * 90 / 60))
    assert world.place["attention"] == 1.0


def test_a_recorded_offence_draws_attention_at_the_next_midnight():
    world = Tiny(detection__investigate_open=1, patrol__record_attention=3)
    world.shift("09:00", "17:00")
    world.need("10:00")
    world.midnights(1)
    assert world.place["attention"] == 3.0


def test_needs_are_drawn_for_the_day_and_counted_once_per_buyer():
    rows = {"rate": [30_000.0, 0.0, 30_000.0], "status": [0, 0, 1], "status_until": 9}
    world = Tiny(buyers=3, tables={"buyers": rows})
    assert world.city_tally()["buyers_active"] == 1
    world.clock.run_until(1440)
    assert world.city_tally()["needs"] == 8  # at most eight a day


def company(**rows) -> Tiny:
    """A dependent buyer who goes for company to the livelier of two places."""
    columns = {"type": 2, "avail": [0.1] * 3 + [0.8] * 3 + [0.5] * 9} | rows
    world = Tiny(places=2, presence__company_share=1, presence__dwell_min=30, tables={"buyers": columns})
    world.clock.run_until(1440)
    return world


def test_dependents_come_for_company():
    world = company()
    assert world.place_tally(0) == {}
    assert world.place_tally(1) == {"crowd_min": 30}
    assert world.city_tally() == {}


@pytest.mark.parametrize("rows", [{"type": 1}, {"seller": 0}, {"status": 1, "status_until": 9}, {"known": -1}])
def test_others_do_not(rows):
    assert company(**rows).place_tally(1) == {}
