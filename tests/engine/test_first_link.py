"""The first link of every intervention moves the way its declaration says; what follows may contradict it."""

import pytest

from engine.town import START_DAY, intervention, scenario
from odssim.engine import attributes
from odssim.engine.run import run_pair
from odssim.interventions import CATALOGUE

SEEDS = (2, 3)
FIRST_LINK = {
    "hot_spot_patrol": ("police_min", 1), "street_enforcement": ("stops", 1), "seizures_street": ("seized_g", 1),
    "fifteen_minute_patrol": ("police_min", 1), "drug_dogs": ("seized_g", 1), "guards_and_hosts": ("guards_min", 1),
    "civil_presence": ("volunteer_min", 1), "joint_outreach": ("care_contacts", 1), "cameras": ("blocked_guardian", 1),
    "seizures_border": ("seized_border_g", 1), "scene_closure": ("open_deals", -1), "place_managers": ("sent_off", 1),
    "inform_owners": ("sent_off", 1), "upkeep": ("nuisance", -1), "safety_walk": ("nuisance", -1),
    "traffic_control": ("traffic_stops", 1), "tip_line": ("tips", 1), "buyer_letters": ("letters_sent", 1),
    "concern_talks": ("first_users_averted", 1), "home_visits": ("first_users_averted", 1),
    "concern_reports": ("first_users_averted", 1), "young_at_risk": ("first_users_averted", 1),
    "social_teams_youth": ("escalations", -1), "exit_programme": ("exits", 1),
    "compulsory_care": ("care_compelled", 1), "mumin": ("first_users_averted", 1), "smadit": ("care_asked", 1),
    "treatment_capacity": ("care_entries", 1), "target_list": ("listed_arrests", 1),
    "probation_policy": ("imprisoned", 1),
}  # fmt: skip
"""What an intervention moves first, and which way."""
NO_LINK_ALONE = {"place_focus", "agreement", "price_mapping", "reach_women"}
"""Frames, a measurement, and what needs outreach beside it: tested in `test_pairs` and below."""
OFTEN = {
    "use.escalation_year.cannabis": 0.1, "use.quit_year.occasional": 0.9, "recruitment.newcomer_days": 5,
    "detection.hit_seller": 0.9, "detection.arrest_stop": 0.35, "detection.list_year": 12, "patrol.stop_min": 3,
    "treatment.wait_days": 0, "treatment.seek_year": 2, "population.consignment_days": 5, "approach.far_min": 5,
}  # fmt: skip
"""Parameters under which each first link occurs many times within weeks."""


def test_every_entry_has_a_first_link_or_a_reason():
    assert set(FIRST_LINK) | NO_LINK_ALONE == set(CATALOGUE)
    assert not set(FIRST_LINK) & NO_LINK_ALONE


def overrides(days: int = 45) -> list[str]:
    return [f"days={days}", *(f"parameters.{name}={value}" for name, value in OFTEN.items())]


def moved(kind, folder) -> float:
    """Return by how much the first link of an intervention moves in its declared direction, summed over seeds."""
    outcome, sign = FIRST_LINK[kind]
    change = 0.0
    for seed in SEEDS:
        base, other = run_pair(
            scenario(folder, "", *overrides()), [scenario(folder, intervention(kind), *overrides())], seed, ledger=False
        )
        series = [run.city_series[outcome][START_DAY:].sum() for run in (base, other)]
        change += series[1] - series[0]
    return sign * change


@pytest.mark.parametrize("kind", FIRST_LINK)
def test_the_first_link_moves_the_declared_way(kind, tmp_path):
    assert moved(kind, tmp_path) > 0


def swapped(add_person):
    """Return the lever ``person`` with the city's levers moved on by one."""

    def wrong(st, *more):
        before = st.levers.copy()
        add_person(st, *more)
        names = st.levers.dtype.names
        for name, other in zip(names, names[1:] + names[:1], strict=True):
            before[other] += st.levers[name] - before[name]
        st.levers[:] = before

    return wrong


def backwards(setter):
    """Return a lever that moves the other way."""
    return lambda st, spec, at, x, d: setter(st, spec, at, -x, d)


SLIPS = {
    "upkeep works the other way": ("upkeep", "place", backwards),
    "managers work nowhere": ("place_managers", "place", lambda f: lambda st, spec, at, x, d: f(st, spec, at[:0], x, d)),
    "customs let more through": ("seizures_border", "interception", backwards),
    "care takes places away": ("treatment_capacity", "person", backwards),
    "the city's levers swapped": ("exit_programme", "person", swapped),
    "the list swapped": ("target_list", "person", swapped),
}
"""Slips in how interventions reach the state: what is tried, the function, and its broken version."""


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_lever_is_noticed(slip, tmp_path, monkeypatch):
    kind, name, broken = SLIPS[slip]
    monkeypatch.setitem(attributes.SETTERS, name, broken(attributes.SETTERS[name]))
    assert moved(kind, tmp_path) <= 0


def test_reaching_women_needs_somebody_who_meets_them_and_then_more_ask(tmp_path):
    outreach = intervention("joint_outreach").replace('"it"', '"outreach"')
    always = [*overrides(90), "parameters.treatment.accept_share=0.5", "parameters.treatment.woman_reached=0.0"]
    asked = []
    for text in (outreach, outreach + intervention("reach_women")):
        runs = [run_pair(scenario(tmp_path, text, *always), [], seed, ledger=False)[0] for seed in SEEDS]
        asked.append(sum(run.city_series["care_asked"].sum() for run in runs))
    assert asked[1] > asked[0]
