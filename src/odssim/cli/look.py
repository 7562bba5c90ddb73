"""Commands that look things up: catalogue, schema, where, show."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from odssim.cli.inputs import AsJson, Days, ScenarioFile, Seed, Sets, read_scenario
from odssim.cli.output import message, print_json, print_rows

if TYPE_CHECKING:
    from odssim.core.declare import Intervention
    from odssim.scenario import Scenario

ABOUT = ("mechanism", "evidence", "harms", "not_modelled")


def catalogue(
    entry_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="One entry, in full.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the interventions, or print one with its options, evidence and harms."""
    from odssim.errors import ScenarioError
    from odssim.interventions import CATALOGUE

    if entry_id is None:
        rows = [
            {"id": e.id, "english": e.label_en, "swedish": e.label_sv, "lever": e.lever, "payer": e.payer}
            for e in CATALOGUE.values()
        ]
        print_rows(rows, as_json)
        return
    if entry_id not in CATALOGUE:
        from odssim.scenario.faults import nearest

        remedy = nearest(entry_id, CATALOGUE)
        raise ScenarioError("no such intervention", key="ID", value=entry_id, remedy=remedy)
    entry = CATALOGUE[entry_id]
    if as_json:
        print_json(asdict(entry))
    else:
        _print_entry(entry)


def _print_entry(entry: Intervention) -> None:
    import textwrap

    typer.echo(f"{entry.id}: {entry.label_en} / {entry.label_sv}")
    typer.echo(f"handbook: {entry.handbook}")
    typer.echo(f"lever: {entry.lever}, paid by {entry.payer} ({entry.cost_parameter})")
    for name in ABOUT:
        text = f"{name.replace('_', ' ')}: {getattr(entry, name)}"
        typer.echo(textwrap.fill(text, 100, subsequent_indent="    "))
    signs = ", ".join(f"{outcome} {sign}" for outcome, sign in entry.expected.items())
    typer.echo(f"expected direction: {signs}")
    columns = ("default", "unit", "low", "high", "meaning")
    rows = [{"option": o.id, **{name: getattr(o, name) for name in columns}} for o in entry.options]
    print_rows(rows, as_json=False)


def schema(
    study: Annotated[bool, typer.Option("--study", help="Of a study file, not of a scenario.")] = False,
) -> None:
    """Print the JSON schema of a scenario: every key, parameter and option with range and unit."""
    if study:
        from odssim.study.schema import StudyKeys

        print_json(StudyKeys.model_json_schema(by_alias=True))
        return
    from odssim.engine.build import PARAMETERS
    from odssim.interventions import CATALOGUE
    from odssim.scenario.schema import scenario_model

    print_json(scenario_model(PARAMETERS, CATALOGUE).model_json_schema(by_alias=True))


def where(
    word: Annotated[str, typer.Argument(metavar="WORD", help="A part of any name, in any case.")],
    as_json: AsJson = False,
) -> None:
    """Print where a word lives: rule files, parameters, outcomes, interventions, draws."""
    from odssim.cli.find import find

    print_rows(find(word), as_json)


def show(
    scenario: ScenarioFile,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="With every default: parameters, options, dates.")
    ] = False,
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
