"""Tests made from the catalogue: every entry is complete, and what it declares is allowed by itself."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from odssim.city.city import PLACE_TYPES as CITY_PLACE_TYPES
from odssim.city.load import CITY_NAMES, load_city
from odssim.engine.build import PARAMETERS as ALL_PARAMETERS
from odssim.engine.run import run_scenario
from odssim.errors import OdssimError
from odssim.interventions import CATALOGUE
from odssim.interventions.catalogue import FOLDER, collect, read_entry
from odssim.interventions.costs import COUNTED
from odssim.observe.outcomes import OUTCOMES
from odssim.scenario import check_against_city, load
from odssim.scenario.records import BUILT_IN_CITIES, PAYERS, PLACE_TYPES
from odssim.scenario.schema import scenario_model
from scenario.declared import HANDBOOK, PARAMETERS

ENTRIES = list(CATALOGUE.values())
SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
LIBRARY = [file for file in SHIPPED if file.stem.startswith(("section-", "mix-"))]
IN_THE_TOWN = [file for file in LIBRARY if not file.stem.endswith(("-city", "-county-2023"))]
SECTIONS = {
    "limit-access", "formal-informal-control", "place-and-owners", "social-prevention-young",
    "social-prevention-care", "persons", "tried-abroad",
}  # fmt: skip
"""The handbook's sections, by the names of their scenarios."""
LEVER_SETTINGS: Mapping[str, set[str]] = {
    "visits": {"kind", "refer", "may_search", "may_arrest", "stay_until_done", "stash_search"},
    "cameras": set(),
    "interception": set(),
    "place": set(),
    "person": set(),
    "coordination": set(),
    "measurement": set(),
}
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


def test_the_catalogue_is_not_empty_and_named_by_its_files():
    assert set(CATALOGUE) == {file.stem for file in (FOLDER / "entries").glob("*.toml")}


def test_two_entries_of_one_id_are_refused():
    with pytest.raises(OdssimError, match="two catalogue entries are called 'cameras'"):
        collect((CATALOGUE["cameras"], CATALOGUE["cameras"]))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lever = "visits"', 'lever = "visit"', "'visit' is none of visits, cameras"),
        ('kind = "police"', 'kind = "polis"', "'polis' is none of police, volunteer"),
        ("may_search", "may_serch", "'may_serch' is none of refer, may_search"),
        ('payer = "police"', 'paier = "police"', "paier"),
        ('label_en = "', "label_en = ", "is not valid TOML"),
        ('lever = "visits"', "", "lever"),
    ],
)
def test_a_wrong_entry_is_told_in_one_line_with_its_file(tmp_path, old, new, said):
    text = (FOLDER / "entries" / "hot_spot_patrol.toml").read_text(encoding="utf-8")
    file = tmp_path / "own.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(OdssimError, match=re.escape(said)) as found:
        read_entry(file)
    assert str(file) in str(found.value)
    assert "\n" not in str(found.value)


@each_entry
def test_every_text_is_filled_and_the_handbooks_cite_rows_of_the_table_of_facts(entry):
    texts = (entry.label_en, entry.label_sv, entry.handbook, entry.mechanism, entry.harms, entry.not_modelled)
    assert all(len(text) > 5 for text in texts)
    assert re.search(r"\b[BDF]\d+\b", entry.evidence) or entry not in HANDBOOK


@each_entry
def test_lever_payer_cost_and_signs_are_of_the_closed_lists(entry):
    assert set(entry.fixed) == LEVER_SETTINGS[entry.lever]
    assert entry.payer in PAYERS
    assert re.fullmatch(r"(cost\.|[a-z]+\.cost_)[a-z_]+_sek(_h|_year)?", entry.cost_parameter)
    assert entry.expected
    assert set(entry.expected.values()) <= {"-", "+", "0"}


@each_entry
def test_its_unit_cost_is_a_parameter(entry):
    assert entry.cost_parameter in {label for parameter in ALL_PARAMETERS for label in parameter.ids}


@each_entry
def test_a_scenario_of_defaults_and_one_that_spells_them_out_are_the_same(entry, tmp_path):
    head = (
        'name = "Test"\ncity = "teaching-town"\nstart_date = 2018-01-01\ndays = 100\n[[interventions]]\n'
        f'id = "it"\ntype = "{entry.id}"\n' + ("places = { every = true }\n" if entry.targets_places else "")
    )
    spelt_out = "".join(f"{option.id} = {_toml(option.default)}\n" for option in entry.options)
    hashes = set()
    for number, text in enumerate((head, head + spelt_out)):
        path = tmp_path / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        hashes.add(load(path, parameters=PARAMETERS, catalogue=CATALOGUE).content_hash)
    assert len(hashes) == 1


def _toml(value: object) -> str:
    return json.dumps(value)  # for numbers, booleans, strings and flat lists the same as TOML


def test_the_json_schema_carries_ranges_units_and_options():
    schema = scenario_model(PARAMETERS, CATALOGUE).model_json_schema(by_alias=True)
    parameters = schema["$defs"]["Parameters"]["properties"]
    assert (parameters["belief.halflife_days"]["minimum"], parameters["belief.halflife_days"]["maximum"]) == (7, 60)
    assert "days" in parameters["belief.halflife_days"]["description"]
    for entry in ENTRIES:
        table: Mapping[str, object] = schema["$defs"][entry.id]["properties"]
        assert {option.id for option in entry.options} < set(table)
        assert ("places" in table) == entry.targets_places


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_scenario_loads_and_names_real_places(file):
    scenario = load(file, parameters=ALL_PARAMETERS, catalogue=CATALOGUE)
    city = load_city(scenario.city)
    check_against_city(scenario, city.place_name, city.districts)


def test_every_method_of_the_handbook_is_used_by_a_shipped_scenario():
    used = {
        spec.type for file in SHIPPED for spec in load(file, parameters=ALL_PARAMETERS, catalogue=CATALOGUE).interventions
    }
    assert used >= {entry.id for entry in HANDBOOK}


def test_every_section_of_the_handbook_has_a_scenario_and_there_are_mixes():
    assert {file.stem.removeprefix("section-") for file in LIBRARY} >= SECTIONS
    assert sum(file.stem.startswith("mix-") for file in LIBRARY) >= 8


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_the_header_gives_purpose_sources_and_status(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    head = " ".join(line for line in lines[: lines.index("")] if line.startswith("# "))
    assert head.startswith("# Purpose: ")
    assert re.search(r"Sources( and status, number by number)?: ", head)
    assert "tatus" in head
    assert "assumption" in head
    assert re.search(r"\b[A-F]\d+\b", head)


def counted_by_outcome(kind: str) -> bool:
    """Whether an entry costs something only when something happens, as a stop or an arrest."""
    return bool(set(COUNTED.get(CATALOGUE[kind].cost_parameter, ())) & set(OUTCOMES))


@pytest.mark.parametrize("file", IN_THE_TOWN, ids=lambda file: file.stem)
def test_a_scenario_of_the_library_runs_and_costs(file):
    scenario = load(file, parameters=ALL_PARAMETERS, catalogue=CATALOGUE, overrides=("days=100",))
    result = run_scenario(replace(scenario, burn_in_days=2, population_multiplier=1.0))
    assert [row["id"] for row in result.process] == [spec.id for spec in scenario.interventions]
    by_plan = {spec.id for spec in scenario.interventions if not counted_by_outcome(spec.type)}
    assert all(row["cost_sek"] > 0 for row in result.process if row["id"] in by_plan)


def test_the_vocabularies_are_those_of_the_cities():
    assert PLACE_TYPES == CITY_PLACE_TYPES
    assert set(BUILT_IN_CITIES) == set(CITY_NAMES)
