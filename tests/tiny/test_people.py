"""use, need, presence and disorder: the course of use, newcomers, overdoses, needs of a day, company."""

import pytest

from odssim.world.columns import Status
from tiny.world import Tiny


@pytest.mark.parametrize(
    ("more", "status", "kind"),
    [
        ({"use__remission_year": 12}, Status.VACANT, 2),
        ({"use__quit_year": 12}, Status.FREE, 2),
        ({}, Status.FREE, 2),
        ({"use__escalation_year": 12}, Status.FREE, 2),
    ],
)
def test_the_course_of_a_dependent(more, status, kind):
    world = Tiny(tables={"buyers": {"type": 2}}, **more)
    assert (world.buyer["status"], world.buyer["type"]) == (status, kind)


@pytest.mark.parametrize(
    ("more", "status", "kind"),
    [({"use__quit_year": 12}, Status.VACANT, 0), ({"use__escalation_year": 12}, Status.FREE, 2), ({}, Status.FREE, 0)],
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
    assert world.buyer["status"] == Status.FREE
    world.midnights(31)
    assert (world.buyer["status"], world.city_tally()["quits"]) == (Status.VACANT, 1)


@pytest.mark.parametrize(("relapse", "kind"), [(1, 2), (0, 0)])
def test_a_newcomer_takes_the_empty_place(relapse, kind):
    rows = {"type": 2, "rate": 25.0, "income": 2500, "status": Status.VACANT, "status_until": 0, "risk": 0.7, "avail": 0.9}
    world = Tiny(use__relapse_share=relapse, tables={"buyers": rows})
    row = world.buyer
    assert (row["status"], row["uid"], row["type"]) == (Status.FREE, 100 + 2**32, kind)
    assert (row["rate"], row["income"]) == ((25.0, 2500) if kind else (1.0, 100))
    assert (row["wallet"], row["avail"][0], row["risk"][0], row["wait"][0]) == (0, 0.5, 0.0, 10.0)
    tally = world.city_tally()
    assert (tally["wallet_left_ore"], tally.get("first_users", 0)) == (200_000, 0 if kind else 1)


@pytest.mark.parametrize(("seller", "overdoses"), [(0, 1), (200, 0)])
def test_heroin_from_a_new_seller_is_riskier(seller, overdoses):
    rows = {"buyers": {"substance": 3, "last_seller": seller}, "sellers": {"substance": 3}}
    world = Tiny(substances=(3,), use__overdose_share=0.001, use__stranger_factor=1e9, tables=rows)
    world.shift("09:00", "17:00")
    world.need("10:00")
    world.run("10:01")
    assert world.city_tally().get("overdoses", 0) == overdoses


def test_heroin_may_kill():
    rows = {"buyers": {"substance": 3}, "sellers": {"substance": 3}}
    world = Tiny(substances=(3,), use__overdose_share=1, use__death_share=1, tables=rows)
    world.shift("09:00", "17:00")
    world.need("10:00")
    assert world.run("10:01")[-2:] == [("10:01", "overdose", 100, -1, -1, 0), ("10:01", "death", 100, -1, -1, 0)]
    assert (world.buyer["status"], world.buyer["status_until"]) == (Status.VACANT, 1)
    world.midnights(1)
    assert (world.buyer["status"], world.buyer["uid"]) == (Status.FREE, 100 + 2**32)


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


def test_litter_is_cleaned_alarm_fades_and_both_frighten():
    world = Tiny(
        disorder__cleaning=0.5, disorder__litter_weight=2, disorder__forget=0.25, disorder__alarm_weight=10,
        disorder__fear_share=0.4, disorder__half=50, presence__dwell_min=90,
        tables={"places": {"litter": 8.0, "alarm": 4.0, "lighting": 0.5}},
    )  # fmt: skip
    assert (world.place["litter"], world.place["alarm"]) == (4.0, 3.0)
    assert world.place["fear"] == pytest.approx(0.4 * 0.5 * 38 / 88)
    world.shift("09:00", "17:00")
    world.need("10:00")
    world.midnights(1)
    assert world.place["litter"] == pytest.approx(2 + 90 / 60)
    assert world.place["alarm"] == 2.25


@pytest.mark.parametrize(("fear", "calls"), [(0.0, 1), (1.0, 0)])
def test_who_is_afraid_does_not_call(fear, calls):
    world = Tiny(guardianship__tip_share=1, guardianship__tip_half=1e-9)
    world.state.places["fear"], world.state.places["footfall"] = fear, 1000.0
    world.shift("09:00", "17:00")
    world.need("10:00")
    world.run("10:01")
    assert world.place_tally().get("tips", 0) == calls


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
