"""Every method of the handbook has one entry, and each entry is fit to be read and to be planned with.

What else the catalogue has is held to the same rules, but may rest on assumptions and share a unit cost.
"""

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import get_args

import pytest

from odssim import rules
from odssim.core.declare import Intervention, Option
from odssim.engine.build import PARAMETERS as ALL_PARAMETERS
from odssim.engine.costs import PERSONS_PER_VISIT, hours_sek
from odssim.interventions import costs
from odssim.interventions.catalogue import CATALOGUE, Kind, visit_settings
from odssim.observe.outcomes import OUTCOMES
from odssim.scenario import load
from odssim.scenario.records import PAYERS
from scenario.declared import HANDBOOK, HEAD, PARAMETERS, POSITIONS

LEVER_OPTIONS: Mapping[str, set[str]] = {
    "place": {"closed", "manager", "upkeep", "lighting", "tip_line", "letters", "traffic"},
    "person": {
        "care_places", "compulsory_year", "referral", "acceptance", "women_reach", "first_use", "escalation",
        "young_sellers", "exits_year", "target_list", "custody",
    },
    "coordination": {"bonus"},
    "measurement": set(),
}  # fmt: skip
"""What each lever adds up, by the options' names."""
COST_OPTIONS = {"cases_year", "youths", "rounds_year"}
"""Options that decide the cost and move no lever."""
TO_BE_MEASURED = {"fear_share"}
"""Outcomes of which entries expect something and which the instruments still lack."""

ENTRIES = list(CATALOGUE.values())
HARMS = [parameter for parameter in costs.PARAMETERS if parameter.id.startswith("cost.harm_")]
"""What society loses by an event; no payer's money."""
COSTS = {parameter.id: parameter for parameter in costs.PARAMETERS if parameter not in HARMS}
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
NEWER = [entry for entry in ENTRIES if entry.lever in ("visits", *LEVER_OPTIONS)]
"""Entries of the levers that are described above."""
each_of_the_handbook = pytest.mark.parametrize("entry", HANDBOOK, ids=lambda entry: entry.id)
each_newer = pytest.mark.parametrize("entry", NEWER, ids=lambda entry: entry.id)
each_cost = pytest.mark.parametrize("cost", COSTS.values(), ids=lambda cost: cost.id)


def defaults(option: Option) -> tuple[object, ...]:
    return option.default if isinstance(option.default, tuple) else (option.default,)


def option_ids(entry: Intervention) -> set[str]:
    return {option.id for option in entry.options}


def test_every_method_has_exactly_one_entry():
    assert sorted(POSITIONS.values()) == list(range(1, 35))


@each_entry
def test_no_text_is_empty(entry):
    for name in ("label_en", "label_sv", "handbook", "mechanism", "evidence", "harms", "not_modelled"):
        text = getattr(entry, name)
        assert text, name
        assert text == text.strip(), name


@each_of_the_handbook
def test_a_text_of_the_handbooks_methods_is_a_sentence_at_least(entry):
    for name in ("mechanism", "evidence", "harms", "not_modelled"):
        text = getattr(entry, name)
        assert len(text) > 40, name
        assert text[0].isupper() or text[0].isdigit(), name
        assert text.endswith("."), name
        assert "  " not in text, name
    for name in ("label_en", "label_sv", "handbook"):
        assert len(getattr(entry, name)) > 5, name


def test_no_two_entries_share_a_name():
    for name in ("label_en", "label_sv", "mechanism", "evidence", "harms", "not_modelled"):
        assert len({getattr(entry, name) for entry in ENTRIES}) == len(ENTRIES), name


@each_entry
def test_the_swedish_name_is_not_the_english_one(entry):
    assert entry.label_sv.casefold() != entry.label_en.casefold()


@each_entry
def test_the_evidence_names_its_rows_or_owns_up_to_having_none(entry):
    said = r"\b[A-F]\d+\b|\bprior\b|\bno controlled\b|\bassumption\b"
    assert entry.grade != "assumption" or re.search(said, entry.evidence, re.IGNORECASE)


@each_of_the_handbook
def test_the_evidence_of_the_handbooks_methods_names_rows_that_exist(entry):
    assert re.search(r"\b[A-F]\d+\b|\bprior\b|\bno controlled\b", entry.evidence, re.IGNORECASE)
    assert not re.search(r"\b[G-Z]\d+\b", entry.evidence.replace("V6", "").replace("V13", ""))


@each_entry
def test_the_payer_and_the_unit_cost_exist(entry):
    assert entry.payer in PAYERS
    known = {label for parameter in (*costs.PARAMETERS, *rules.PARAMETERS) for label in parameter.ids}
    assert entry.cost_parameter in known


@each_entry
def test_it_expects_something_of_outcomes_that_exist_or_will(entry):
    assert entry.expected
    assert set(entry.expected.values()) <= {"-", "+", "0"}
    assert set(entry.expected) <= set(OUTCOMES) | TO_BE_MEASURED


@each_entry
def test_an_option_is_within_its_own_limits(entry):
    assert len(option_ids(entry)) == len(entry.options)
    for option in entry.options:
        assert option.unit, option.id
        assert option.meaning.endswith("."), option.id
        if option.kind in ("int", "float", "range"):
            assert option.low is not None, option.id
            assert option.high is not None, option.id
            assert option.low < option.high, option.id
            assert all(option.low <= value <= option.high for value in defaults(option)), option.id
        if option.kind == "int":
            assert isinstance(option.default, int), option.id
        if option.kind == "range":
            low, high = defaults(option)
            assert low < high, option.id
        if option.kind == "choice":
            assert option.default in option.choices, option.id


@each_entry
def test_a_share_or_a_probability_ends_at_one(entry):
    for option in entry.options:
        if option.unit.startswith(("share", "probability", "0..1")):
            assert option.low >= 0.0, option.id
            assert option.high <= 1.0, option.id


@each_newer
def test_a_scenario_could_name_it_with_its_defaults(entry, tmp_path):
    places = "places = { every = true }" if entry.targets_places else ""
    path = tmp_path / "planned.toml"
    path.write_text(f'{HEAD}[[interventions]]\nid = "it"\ntype = "{entry.id}"\n{places}\n', encoding="utf-8")
    (spec,) = load(path, parameters=PARAMETERS, catalogue=CATALOGUE).interventions
    assert set(spec.options) == option_ids(entry)
    assert spec.payer == entry.payer


@each_newer
def test_it_pulls_its_own_lever_and_no_other(entry):
    if entry.lever == "visits":
        assert {"visits_per_day", "minutes", "hours"} <= option_ids(entry)
        return
    assert entry.fixed == {}
    assert option_ids(entry) <= LEVER_OPTIONS[entry.lever] | COST_OPTIONS
    assert option_ids(entry) & LEVER_OPTIONS[entry.lever] or entry.lever == "measurement"


@each_newer
def test_levers_on_persons_have_no_places_and_what_is_agreed_may_have_none(entry):
    assert entry.lever == "coordination" or entry.targets_places == (entry.lever != "person")


@each_newer
def test_a_guessed_size_of_a_lever_says_so(entry):
    sure = {"closed", "care_places", "compulsory_year", "exits_year", "target_list", "custody"} | COST_OPTIONS
    for option in entry.options:
        if entry.lever != "visits" and option.id not in sure:
            assert "assumption" in option.meaning, option.id


def test_every_option_of_a_lever_is_used_by_some_entry():
    for lever, wanted in LEVER_OPTIONS.items():
        used = {name for entry in NEWER if entry.lever == lever for name in option_ids(entry)}
        assert wanted == used - COST_OPTIONS, lever


@pytest.mark.parametrize("entry", [e for e in HANDBOOK if e.lever == "visits"], ids=lambda entry: entry.id)
def test_those_who_come_are_of_a_known_kind_with_their_powers(entry):
    settings = entry.fixed
    assert set(settings) == set(visit_settings("police"))
    assert settings["kind"] in get_args(Kind)
    assert settings["may_search"] == settings["may_arrest"] == (settings["kind"] == "police")
    assert settings["refer"] == (settings["kind"] == "outreach")


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.lever == "visits"], ids=lambda entry: entry.id)
def test_a_day_of_planned_visits_fits_into_its_hours(entry):
    planned = {option.id: option.default for option in entry.options}
    from_h, to_h = planned["hours"]
    assert planned["visits_per_day"] * planned["minutes"][1] <= 60 * (to_h - from_h)


@pytest.mark.parametrize("entry", [e for e in HANDBOOK if e.lever == "visits"], ids=lambda entry: entry.id)
def test_an_hour_is_one_persons_and_how_many_come_is_said(entry, capsys):
    """The unit cost, the parameter's meaning and what a run books agree on who is paid for."""
    from odssim.cli.look import catalogue
    from odssim.language.written import grouped

    n = PERSONS_PER_VISIT[entry.fixed["kind"]]
    cost = next(p for p in ALL_PARAMETERS if p.id == entry.cost_parameter)
    assert f"a visit counts {['', 'one', 'two', 'three', 'four'][n]}" in cost.meaning
    catalogue(entry.id)
    assert f"{grouped(cost.default)} SEK/h each, {n} a visit" in capsys.readouterr().out
    state = SimpleNamespace(par=[{cost.id.replace(".", "_"): cost.default}])
    assert hours_sek(state, entry, 60.0) == n * cost.default


@each_cost
def test_a_unit_cost_says_what_it_is_per_and_where_it_comes_from(cost):
    assert re.fullmatch(r"cost\.[a-z_]+_sek(_h|_year)?", cost.id)
    assert cost.unit.startswith("SEK/")
    assert cost.id.endswith("_h") == (cost.unit == "SEK/h")
    assert cost.id.endswith("_year") == cost.unit.endswith("/year")
    assert cost.low < cost.default < cost.high
    of_the_handbook = cost.id in {entry.cost_parameter for entry in HANDBOOK}
    assert re.search(r"\b[A-F]\d+\b", cost.source) or (cost.status == "assumption" and not of_the_handbook)
    assert cost.meaning.startswith("Cost of ")
    assert cost.meaning.endswith(".")


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.id)
def test_a_cost_of_harm_is_per_event_and_no_intervention_is_paid_by_it(harm):
    assert harm.unit == "SEK/event"
    assert 0 <= harm.low <= harm.default <= harm.high
    assert harm.status == "assumption" or re.search(r"\b[A-F]\d+\b", harm.source)
    assert harm.id not in {entry.cost_parameter for entry in ENTRIES}


def test_every_unit_cost_is_used_and_counted_by_something_known():
    users = [entry for entry in ENTRIES if entry.cost_parameter.startswith("cost.")]
    once = [entry.cost_parameter for entry in HANDBOOK if entry in users]
    assert len(set(once)) == len(once)
    assert {entry.cost_parameter for entry in users} == set(COSTS)
    assert set(costs.COUNTED) == set(COSTS)
    for entry in users:
        factors = costs.COUNTED[entry.cost_parameter]
        known = {"hours", "places", *option_ids(entry), *OUTCOMES, *TO_BE_MEASURED}
        assert set(factors) <= known, entry.id
        assert ("hours" in factors) == (entry.lever == "visits"), entry.id
        if "places" in factors:
            assert entry.targets_places, entry.id
