"""selling and guardianship: hiding, waiting it out, being pushed, learning where guardians come."""

from odssim.world.columns import SellerAct, VisitState
from tiny.world import Tiny, minute


def watched(start: str = "10:00", end: str = "10:05", *, hide: float = 1, **more) -> Tiny:
    """A seller from nine to five at place 0 and a police visit there."""
    world = Tiny(selling__hide_share=hide, **more)
    world.shift("09:00", "17:00")
    world.visit(start, end)
    return world


def test_a_short_visit_is_waited_out():
    world = watched()
    world.run("10:05")
    assert (world.seller["act"], world.seller["emerging"], world.seller["until"]) == (SellerAct.HIDING, 1, 606)
    assert world.run("10:06")[1:] == [
        ("10:00", "visit", 400, 0, 300, 0),
        ("10:00", "hide", 200, 0, 400, 607),
        ("10:05", "visit_end", 400, 0, 300, 5),
    ]
    assert (world.seller["act"], world.place["n_visible"], world.place["n_police"]) == (SellerAct.VISIBLE, 1, 0)
    world.run("10:30")
    assert world.seller["act"] == SellerAct.VISIBLE


def test_patience_that_ends_with_the_visit_is_enough():
    world = watched(end="10:07")
    world.run("10:08")
    assert world.seller["act"] == SellerAct.VISIBLE


def test_a_longer_visit_pushes_the_seller_away():
    world = watched(end="10:08")
    world.state.sellers["reserve"] = 200.0
    assert ("10:07", "pushed", 200, 0, -1, 12) in world.run("10:07")
    assert (world.seller["act"], world.seller["pushes"], world.seller["shift"]) == (SellerAct.OFF, 1, 2)
    assert (world.place["first_seller"], world.place["n_visible"]) == (-1, 0)
    assert world.place_tally()["seller_min"] == 67


def pushed_with(**columns) -> Tiny:
    """The seller, pushed at 10:07, with nothing but certain choices."""
    world = watched(end="10:30", places=2, selling__scale_sek=10)
    world.seller["spot"][1] = -1
    for name, value in columns.items():
        world.seller[name] = value
    world.run("10:07")
    return world


def test_a_pushed_seller_goes_home_when_nothing_pays():
    world = pushed_with(reserve=300.0)
    assert (world.seller["act"], world.seller["place"]) == (SellerAct.OFF, 0)


def test_a_pushed_seller_moves_where_it_pays():
    world = pushed_with(spot=[0, 1, -1, -1, -1], profit=[100.0] * 3 + [400.0] * 3 + [0.0] * 9)
    assert (world.seller["act"], world.seller["slot"], world.seller["place"]) == (SellerAct.MOVING, 1, 1)
    assert world.run("10:17")[-1] == ("10:17", "shift_start", 200, 1, 2, SellerAct.VISIBLE)
    assert world.state.places["n_visible"].tolist() == [0, 1]


def test_a_pushed_seller_returns_after_a_break_and_finds_the_visit_still_there():
    world = pushed_with()
    assert world.seller["act"] == SellerAct.MOVING
    world.run("10:08")
    assert (world.seller["act"], world.seller["until"], world.seller["shift"]) == (SellerAct.HIDING, 615, 2)


def test_a_pushed_seller_goes_on_by_phone():
    world = pushed_with(hidden_profit=900.0)
    assert (world.seller["act"], world.seller["start"]) == (SellerAct.ON_CALL, minute("10:07"))
    assert world.run("17:00")[-1] == ("17:00", "shift_end", 200, -1, 2, 0)


def test_perceived_risk_keeps_a_pushed_seller_away():
    world = pushed_with(risk_aversion=1.0, hidden_profit=-900.0)
    assert world.seller["act"] == SellerAct.OFF


def test_sight_of_a_guardian_raises_perceived_risk_of_that_hour():
    world = watched()
    world.run("10:00")
    risk = world.seller["risk"][:24]
    assert (risk[10], risk.sum(), world.seller["saw_guardian"]) == (0.5, 0.5, 1)


def test_a_quiet_hour_lowers_perceived_risk():
    world = watched("10:10", "10:15")
    world.seller["risk"][:24] = 0.4
    world.run("12:00")
    assert world.seller["risk"][9:12].tolist() == [0.2, 0.7, 0.2]


def test_who_does_not_hide_goes_on_selling_and_still_remembers():
    world = watched(hide=0, purchase__bold_share=1)
    world.need("10:01")
    world.run("10:03")
    assert (world.seller["act"], world.place_tally()["open_deals"]) == (SellerAct.VISIBLE, 1)
    assert world.seller["risk"][10] == 0.5


def test_volunteers_count_as_volunteers():
    world = Tiny(selling__hide_share=0, **{"belief__see": 0.5})
    world.state.par["selling_hide_share"] = (1, 0, 0, 0)
    world.shift("09:00", "17:00")
    world.visit("10:00", "10:05", kind=1)
    world.need("10:00")
    world.run("10:05")
    assert (world.seller["act"], world.place["n_police"], world.place["n_others"]) == (SellerAct.VISIBLE, 0, 0)
    assert world.place_tally()["volunteer_min"] == 5
    assert world.place_tally()["open_deals"] == 1


def test_a_second_visit_that_overlaps_keeps_the_seller_hidden():
    world = watched(end="10:03")
    world.visit("10:02", "10:20")
    world.state.sellers["reserve"] = 200.0
    world.run("10:06")
    assert (world.seller["act"], world.seller["emerging"], world.place["n_police"]) == (SellerAct.HIDING, 0, 1)
    assert ("10:07", "pushed", 200, 0, -1, 12) in world.run("10:07")


def test_a_new_visit_before_he_is_back_makes_him_wait_anew():
    world = watched(selling__emerge_min=0)
    world.visit("10:05", "10:09", unit=1)
    world.run("10:09")
    assert (world.seller["act"], world.seller["emerging"], world.seller["until"]) == (SellerAct.HIDING, 1, 610)


def test_a_seller_who_comes_where_guardians_are_sees_them():
    world = Tiny(selling__hide_share=1)
    world.visit("08:55", "09:05")
    world.shift("09:00", "17:00")
    assert world.run("09:00")[1:] == [
        ("09:00", "shift_start", 200, 0, 1, SellerAct.HIDING),
        ("09:00", "hide", 200, 0, 400, 547),
    ]


def test_a_seller_stays_out_of_sight_in_hours_that_seem_dangerous():
    world = Tiny(tables={"sellers": {"risk_aversion": 1.0}})
    world.seller["risk"][10] = 0.1001  # x 1,000 SEK > 100 SEK/h
    world.shift("09:00", "17:00")
    world.run("10:00")
    assert (world.seller["act"], world.place["n_visible"]) == (SellerAct.PAUSED, 0)
    world.run("11:00")
    assert (world.seller["act"], world.place["n_visible"]) == (SellerAct.VISIBLE, 1)


def test_who_waits_is_served_when_the_seller_dares_again():
    world = Tiny(tables={"sellers": {"risk_aversion": 1.0}})
    world.seller["risk"][10] = 0.1001
    world.shift("09:00", "17:00")
    world.need("10:50")
    world.run("11:00")
    assert world.place_tally()["wait_min"] == 9


def test_a_buyer_waits_it_out_with_the_seller():
    world = watched()
    world.need("09:59")
    lines = world.run("10:06")
    assert ("10:06", "deal_open", 100, 0, 200, 1000) in lines
    assert world.place_tally()["blocked_guardian"] == 1
    assert world.buyer["risk"][0] == 0.25  # seen on arrival, then halved by the deal


def test_takings_of_a_shift_are_learned():
    world = Tiny()
    world.shift("09:00", "13:00")
    world.need("10:00")
    assert world.run("13:00")[-1] == ("13:00", "shift_end", 200, 0, 1, 0)
    assert world.seller["profit"][:3].tolist() == [56.25, 100.0, 100.0]  # 100 SEK x 0.5 / 4 h = 12.5
    assert (world.seller["act"], world.seller["shift_income"]) == (SellerAct.OFF, 0)
    assert world.place_tally()["seller_min"] == 240


def test_less_than_a_quarter_of_an_hour_teaches_nothing():
    world = Tiny()
    world.shift("09:00", "09:14")
    world.run("09:14")
    assert world.seller["profit"][0] == 100.0
    world = Tiny()
    world.shift("09:00", "09:15")
    world.run("09:15")
    assert world.seller["profit"][0] == 50.0


def test_hours_on_call_are_learned_apart():
    world = Tiny(tables={"sellers": {"hidden_profit": 30.0}})
    world.on_call("09:00", "13:00")
    world.run("13:00")
    assert (world.seller["hidden_profit"], world.seller["profit"][0]) == (15.0, 100.0)


def test_a_visit_counts_and_ends():
    world = Tiny()
    v = world.visit("10:00", "10:15")
    world.run("10:00")
    visit = world.state.visits[v]
    assert (visit["state"], visit["arrived"], world.state.units["busy_until"][0]) == (VisitState.ON_SITE, 600, 615)
    world.run("10:15")
    assert (visit["state"], world.place["first_visit"]) == (VisitState.DONE, -1)
    assert world.place_tally() == {"visits": 1, "police_min": 15}


def test_a_busy_unit_misses_its_next_visit():
    world = Tiny()
    world.visit("10:00", "10:15", unit=0)
    late = world.visit("10:14", "10:20", unit=0)
    assert world.run("10:30")[1] == ("10:14", "visit_missed", 401, 0, 300, 0)
    assert (world.state.visits["state"][late], world.city_tally()) == (VisitState.MISSED, {"visits_missed": 1})


def test_a_unit_that_is_done_can_start_in_the_same_minute():
    world = Tiny()
    world.visit("10:00", "10:15", unit=0)
    world.visit("10:15", "10:20", unit=0)
    world.run("10:30")
    assert world.place_tally() == {"visits": 2, "police_min": 20}


def searched(stay: int, limit_min: int = 60) -> Tiny:
    """A visit from 10:00 to 10:12 that finds drugs on a seller who comes at 10:10, every minute."""
    world = Tiny(detection__hit_seller=1, patrol__stay_limit_min=limit_min)
    world.shift("10:10", "17:00")
    world.visit("10:00", "10:12", may_search=1, stay=stay)
    world.run("11:00")
    return world


def test_a_visit_ends_as_planned_unless_it_is_to_stay():
    assert searched(stay=0).place_tally()["police_min"] == 12


def test_a_visit_stays_while_something_has_just_happened():
    assert searched(stay=1).place_tally()["police_min"] == 22  # no stops beyond the planned end, so once


def test_a_visit_does_not_stay_beyond_the_limit():
    assert searched(stay=1, limit_min=21).place_tally()["police_min"] == 12
