"""Every number declares what it is; names follow one grammar and are used."""

import ast
import math
import re
from functools import cache
from pathlib import Path

import pytest

from architecture.source import functions, trees
from odssim import population, rules
from odssim.core.folders import PACKAGE
from odssim.core.outcomes import REPORTED
from odssim.engine.build import DRAWS, PARAMETERS
from odssim.interventions import CATALOGUE, costs
from odssim.observe import instruments
from odssim.observe.outcomes import OUTCOMES
from odssim.scenario.records import PAYERS
from odssim.world import codes, columns
from odssim.world.attributes import ATTRIBUTES

LONGEST_NAME = 32
"""Characters of a variable name in Stata."""
FOREIGN_PARAMETERS = {
    "rules.explore": "search.",  # shared by choice, search and selling; `explore` is no submodel of its own
    "rules.purchase": "pricing.reference_sek_g",  # what buyers compare with; sellers' prices are in pricing
    "interventions.costs": "cost.",  # one file for all that the accounts read
    "population.parameters": "search.",  # attraction of places, worked out once at the start
}
"""Modules that declare parameters of another prefix: what the ids begin with, and why."""
FOREIGN_DRAWS = {"order"}
"""The hash that decides who goes first: shared by the event loop and by queues for supply."""
DRAWN_IN_TWO_PLACES = {
    "detection_arrest": {"detection.arrest_draw", "detection.stop_seller"},
    "detection_hit": {"detection.stop_buyer", "detection.stop_seller"},
    "detection_investigate": {"purchase.deliver", "purchase.notice_deal"},
    "order": {"supply.service_order", "queue.push", "treatment.serve"},
}
"""Draws read by two functions: of which, for one counter, only one can run."""
DRAWING = ("population", "world", "rules", "engine")
"""Folders in which `keys` are the keys of draws."""
UNITS = {"_sek": ("SEK", "SEK/g"), "_min": ("min",), "_g": ("g", "deals"), "grams": ("g",), "_share": ("share",)}
each_parameter = pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.id)


def declared() -> list[tuple[str, str]]:
    """Return (module, parameter id) of every declaration."""
    found = [(module.__name__.removeprefix("odssim."), p.id) for module in rules.RULES for p in module.PARAMETERS]
    found += [(m.__name__.removeprefix("odssim."), p.id) for m in instruments.MODULES for p in m.PARAMETERS]
    found += [("interventions.costs", p.id) for p in costs.PARAMETERS]
    return found + [("population.parameters", p.id) for p in population.PARAMETERS]


def test_there_are_as_many_parameters_as_declarations():
    assert len(PARAMETERS) == len(declared()) > 150
    scalars = [i for p in PARAMETERS for i in p.ids]
    assert len(set(scalars)) == len(scalars)
    assert len({p.field for p in PARAMETERS}) == len(PARAMETERS)


@each_parameter
def test_a_parameter_says_what_it_is(parameter):
    assert re.fullmatch(r"[a-z]+\.[a-z][a-z0-9_]*", parameter.id)
    assert parameter.unit
    assert parameter.status in ("sourced", "calibrated", "assumption")
    assert parameter.source
    assert parameter.meaning[0].isupper()
    assert parameter.meaning.endswith(".")
    assert len(parameter.defaults) == len(parameter.ids)
    assert math.isfinite(parameter.low)
    assert math.isfinite(parameter.high)
    assert all(parameter.low <= value <= parameter.high for value in parameter.defaults)
    assert parameter.low < parameter.high


@each_parameter
def test_a_sourced_number_names_its_row_or_source(parameter):
    if parameter.status != "assumption":
        assert re.search(r"\brows? \d+|\b[A-F]\d+\b", parameter.source)


@each_parameter
def test_shares_and_probabilities_stay_within_nought_and_one(parameter):
    if parameter.unit == "probability" or (parameter.unit == "share" and parameter.id.endswith("_share")):
        assert 0.0 <= parameter.low < parameter.high <= 1.0


def test_a_parameter_is_declared_in_the_file_of_its_prefix():
    foreign = {(m, i) for m, i in declared() if m.split(".")[-1] != i.split(".")[0]}
    foreign = {(m, i) for m, i in foreign if not (m == "population.parameters" and i.startswith("population."))}
    unexplained = [(m, i) for m, i in foreign if not i.startswith(FOREIGN_PARAMETERS.get(m, "-"))]
    assert unexplained == []
    assert {m for m, _ in foreign} == set(FOREIGN_PARAMETERS)


@each_parameter
def test_a_parameter_is_read_somewhere(parameter):
    costs = {entry.cost_parameter for entry in CATALOGUE.values()}
    assert parameter.field in read_names() or parameter.id in costs


@cache
def read_names() -> set[str]:
    """Return every NAME of `x.NAME` and `x["NAME"]` in the package."""
    names = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                names.add(node.attr)
            elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                names.add(str(node.slice.value))
    return names


def drawn() -> dict[str, set[str]]:
    """Return, by field of the key record, the functions that read that key."""
    found: dict[str, set[str]] = {}
    for path, tree in trees().items():
        for function in functions(tree) if path.split("/")[0] in DRAWING else ():
            for node in ast.walk(function):
                name = key_name(node)
                if name:
                    found.setdefault(name, set()).add(f"{Path(path).stem}.{function.name}")
    return found


def key_name(node: ast.AST) -> str | None:
    """Return NAME of `keys.NAME`, `st.keys[0].NAME`, `keys["NAME"]` or `keys[0]["NAME"]`."""
    if isinstance(node, ast.Attribute):
        owner, name = node.value, node.attr
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        owner, name = node.value, node.slice.value
    else:
        return None
    while isinstance(owner, ast.Subscript):
        owner = owner.value
    holder = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return name if holder == "keys" else None


def test_every_draw_is_declared_once():
    assert len(set(DRAWS)) == len(DRAWS) > 60
    assert all(re.fullmatch(r"[a-z]+(\.[a-z_]+)?", name) for name in DRAWS)


def test_every_declared_draw_is_drawn_and_every_drawn_one_declared():
    assert set(drawn()) == {name.replace(".", "_") for name in DRAWS}


def test_no_two_decisions_share_their_luck():
    assert {name: where for name, where in drawn().items() if len(where) > 1} == DRAWN_IN_TWO_PLACES


def test_a_draw_is_declared_in_the_file_of_its_prefix():
    foreign = {
        name
        for module in rules.RULES
        for name in getattr(module, "DRAWS", ())
        if name.split(".")[0] != module.__name__.split(".")[-1]
    }
    assert foreign == FOREIGN_DRAWS
    assert all(name.startswith("population.") for name in population.DRAWS)


def test_outcomes_have_short_names_units_and_definitions():
    assert len(OUTCOMES) > 40
    for outcome in OUTCOMES.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", outcome.id)
        assert len(outcome.id) <= LONGEST_NAME
        assert outcome.unit
        assert outcome.meaning.endswith(".")
        units = next((units for suffix, units in UNITS.items() if outcome.id.endswith(suffix)), None)
        assert units is None or outcome.unit in units


def test_what_is_told_of_an_outcome_is_complete():
    assert [outcome.reported for outcome in REPORTED.values()] == list(range(1, len(REPORTED) + 1))
    assert all(outcome.noun and outcome.fall and outcome.rise for outcome in REPORTED.values())
    assert {f"cost_{payer}_sek" for payer in PAYERS} | {*codes.PRICES, *codes.PRICE_SPREADS} <= set(OUTCOMES)


@pytest.mark.parametrize("attribute", ATTRIBUTES, ids=lambda attribute: attribute.id)
def test_what_interventions_move_is_read_where_it_is_declared(attribute):
    assert attribute.of != "place" or attribute.id in columns.PLACE.names
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (PACKAGE / "rules").glob("*.py")}
    row = {"place": r"\bplaces?(\[.*\])?", "city": r"levers\[0\]", "substance": r"tables\[0\]"}[attribute.of]
    read = {name for name, text in texts.items() if re.search(rf"{row}\.{attribute.id}\b", text)}
    assert read == set(attribute.readers)


def test_tallies_and_log_lines_have_short_names_of_their_own():
    for names in (codes.PLACE_TALLIES, codes.CITY_TALLIES, codes.LOG, codes.FATES):
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z_]+", name) and len(name) <= LONGEST_NAME for name in names)
    assert not set(codes.PLACE_TALLIES) & set(codes.CITY_TALLIES)


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.id)
def test_an_intervention_expects_outcomes_that_exist(entry):
    assert set(entry.expected) <= set(OUTCOMES)


@pytest.mark.parametrize("module", rules.RULES, ids=lambda module: module.__name__.split(".")[-1])
def test_a_rule_file_tells_its_story_in_the_same_order(module):
    if module.__name__.endswith("explore"):
        pytest.skip("shared helper, no submodel")
    sections = ["Rule", "Formula", "Reads", "Writes", "Draws", "Sources", "Limits"]
    found = [line for line in module.__doc__.splitlines() if re.fullmatch(r"[A-Z][a-z]+", line)]
    assert found == sections
    assert module.__doc__.startswith(module.__name__.split(".")[-1] + ":")
