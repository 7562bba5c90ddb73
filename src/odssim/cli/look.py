"""Commands that look things up: catalogue, schema, where, show."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from odssim.cli import completion
from odssim.cli.inputs import AsJson, Days, Language, ScenarioFile, Seed, Sets, read_scenario
from odssim.cli.output import message, print_json, print_rows
from odssim.language import language as language_now
from odssim.language import marked, say
from odssim.language.written import grouped

if TYPE_CHECKING:
    from odssim.core.declare import Intervention
    from odssim.scenario import Scenario

BRIEFLY = {"evidence": marked("evidence"), "harms": marked("harms"), "not_modelled": marked("not modelled")}
ABOUT = {"mechanism": marked("mechanism"), **BRIEFLY}
SAID = ("harms", "not_modelled")
"""What is said in both languages; mechanism and evidence cite their sources in English."""


def catalogue(
    entry_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One entry, in full.", autocompletion=completion.methods)
    ] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """List the interventions, or print one with its options, evidence and harms."""
    from odssim.errors import ScenarioError
    from odssim.interventions import CATALOGUE

    if entry_id is None:
        entries = CATALOGUE.values()
        print_json([_card(entry) for entry in entries]) if as_json else _print_cards(entries)
        return
    if entry_id not in CATALOGUE:
        from odssim.scenario.faults import nearest

        remedy = nearest(entry_id, CATALOGUE)
        raise ScenarioError("no such intervention", key="ID", value=entry_id, remedy=remedy)
    entry = CATALOGUE[entry_id]
    print_json(asdict(entry)) if as_json else _print_entry(entry)


def _card(entry: Intervention) -> dict[str, object]:
    """Return what the list of the catalogue says of an entry."""
    from odssim.engine.build import PARAMETERS
    from odssim.engine.costs import PERSONS_PER_VISIT

    cost = next(parameter for parameter in PARAMETERS if parameter.id == entry.cost_parameter)
    return {
        "id": entry.id, "english": entry.label_en, "swedish": entry.label_sv, "handbook": entry.handbook,
        "lever": entry.lever, "options": [option.id for option in entry.options], "payer": entry.payer,
        "unit_cost": cost.default, "unit": cost.unit, "cost_parameter": cost.id,
        "persons_per_visit": PERSONS_PER_VISIT.get(str(entry.fixed.get("kind"))), "expected": dict(entry.expected),
        "grade": entry.grade, "evidence": entry.evidence, "harms": entry.harms, "not_modelled": entry.not_modelled,
    }  # fmt: skip


def _print_cards(entries: Iterable[Intervention]) -> None:
    """Print the list of the catalogue, a line per entry."""
    rows = [
        {"id": entry.id, say("method"): entry.label(language_now()), say("wanted"): _wanted(entry.expected),
         say("evidence"): say(entry.grade), say("cost"): _unit_cost(_card(entry)),
         say("harm"): textwrap.shorten(say(entry.harms).partition(";")[0], 45, placeholder=" ...")}
        for entry in entries
    ]  # fmt: skip
    print_rows(rows, as_json=False)
    typer.echo(say("odssim catalogue ID prints an entry in full, with its options."))


def _wanted(expected: Mapping[str, str]) -> str:
    """Return the effect that a method is used for: on open deals where one is expected, else the first beyond presence."""
    beyond = [key for key in expected if key not in ("visits", "guard_min", "police_min")]
    outcome = "open_deals" if expected.get("open_deals", "0") != "0" else beyond[0]
    return f"{outcome} {expected[outcome]}"


def _unit_cost(card: Mapping[str, Any]) -> str:
    """Return what a unit costs; of an hour, for one person, and how many come."""
    cost = f"{grouped(card['unit_cost'])} {card['unit']}"
    n = card["persons_per_visit"]
    return say("{cost} each, {n} a visit", cost=cost, n=n) if n else cost


def _about(name: str, text: str) -> str:
    return say(text) if name in SAID else text


def _signs(expected: Mapping[str, str]) -> str:
    return ", ".join(f"{outcome} {sign}" for outcome, sign in expected.items())


def _print_text(text: str) -> None:
    """Print a paragraph within 100 columns."""
    typer.echo(textwrap.fill(text, 100, subsequent_indent="      "))


def _print_entry(entry: Intervention) -> None:
    card = _card(entry)
    typer.echo(f"{entry.id}: {entry.label_en} / {entry.label_sv}")
    typer.echo(say("handbook: {section}", section=entry.handbook))
    _print_text(say(
        "lever: {lever}, paid by {payer}: {cost} ({parameter})", lever=entry.lever,
        payer=say(entry.payer.replace("_", " ")), cost=_unit_cost(card),
        parameter=entry.cost_parameter,
    ))  # fmt: skip
    typer.echo(say("effect known from: {grade}", grade=say(entry.grade)))
    for name, title in ABOUT.items():
        _print_text(f"{say(title)}: {_about(name, getattr(entry, name))}")
    typer.echo(say("expected direction: {signs}", signs=_signs(entry.expected)))
    columns = ("default", "unit", "low", "high", "meaning")
    rows = [{"option": o.id, **{name: getattr(o, name) for name in columns}} for o in entry.options]
    print_rows(rows, as_json=False)


def schema(study: Annotated[bool, typer.Option("--study", help="Of a study file, not of a scenario.")] = False) -> None:
    """Print the JSON schema of a scenario: every key, parameter and option with range and unit."""
    if study:
        from odssim.studies.study.schema import StudyKeys

        print_json(StudyKeys.model_json_schema(by_alias=True))
        return
    from odssim.engine.build import PARAMETERS
    from odssim.interventions import CATALOGUE
    from odssim.scenario.schema import scenario_model

    print_json(scenario_model(PARAMETERS, CATALOGUE).model_json_schema(by_alias=True))


def where(
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="A name, a part of one, or a question in words.")],
    as_json: AsJson = False,
) -> None:
    """Print where something stands, best first: declarations, columns, events, ODD.md, sources, tests; one row a file."""
    from odssim.cli.find import find

    print_rows(find(" ".join(words)), as_json)


Word = Annotated[str, typer.Argument(metavar="[WORD]", help="Only what holds it, in any case.")]


def parameters(word: Word = "", as_json: AsJson = False) -> None:
    """Print the parameters: id, value, range, unit, status, source."""
    from odssim.door.lists import parameter_rows

    _print_list(parameter_rows(word), ("id", "value", "low", "high", "unit", "status", "source"), as_json)


def outcomes(word: Word = "", as_json: AsJson = False) -> None:
    """Print the outcomes: id, unit, what several days of it are together, meaning."""
    from odssim.door.lists import outcome_rows

    _print_list(outcome_rows(word), ("id", "unit", "over_days", "meaning"), as_json)


def _print_list(rows: list[dict[str, object]], columns: tuple[str, ...], as_json: bool) -> None:
    print_rows(rows if as_json else [{name: row[name] for name in columns} for row in rows], as_json)


def show(
    scenario: ScenarioFile,
    resolved: Annotated[bool, typer.Option("--resolved", help="With every default: parameters, options, dates.")] = False,
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    as_json: AsJson = False,
) -> None:
    """Check a scenario and print what it comes to; --resolved prints every value."""
    checked = read_scenario(scenario, sets, seed, days)
    plain = _plain(checked)
    if resolved or as_json:
        print_json(plain if resolved else {key: plain[key] for key in plain if key != "parameters"})
        return
    for key in ("name", "city", "start_date", "days", "burn_in_days", "seed", "content_hash"):
        typer.echo(f"{key}: {plain[key]}")
    rows = [
        {"id": s.id, "type": s.type, "start": s.start, "end": s.end, "dose": s.dose, "payer": s.payer}
        for s in checked.interventions
    ]
    if rows:
        print_rows(rows, as_json=False)
    else:
        message("no interventions")


def _plain(scenario: Scenario) -> dict[str, object]:
    """Return the scenario as plain values, without where its keys were written."""
    from odssim.scenario.records import TARGETING_FIELDS

    plain = asdict(scenario)
    del plain["origins"]
    for spec in plain["interventions"]:
        if spec["places"] is not None:
            kind = spec["places"]["kind"]
            spec["places"] = {"kind": kind, **{key: spec["places"][key] for key in TARGETING_FIELDS[kind]}}
    return plain
