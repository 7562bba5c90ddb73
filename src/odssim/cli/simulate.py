"""Commands that simulate: run, compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from odssim.cli.inputs import AsJson, Days, Language, ScenarioFile, Seed, Sets, read_scenario
from odssim.cli.output import message, print_json, progress_bar
from odssim.language import say

Out = Annotated[Path | None, typer.Option(help="Folder for the results; default results/<name of the file>.")]
Ledger = Annotated[bool, typer.Option("--ledger", help="Also write ledger.parquet, a row per need.")]
Events = Annotated[bool, typer.Option("--events", help="Also write events.parquet, every event.")]
Seeds = Annotated[int, typer.Option(min=1, max=100_000, help="Number of paired seeds.")]


def run(
    scenario: ScenarioFile,
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    out: Out = None,
    ledger: Ledger = False,
    events: Events = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Simulate one scenario, write its results and print the headline."""
    checked = read_scenario(scenario, sets, seed, days)
    folder = out or Path("results") / Path(scenario).stem
    check_folder(folder)
    from odssim.engine.run import run_scenario
    from odssim.observe.write import write_run
    from odssim.report.figures import draw_map, draw_series
    from odssim.report.headline import headline

    with progress_bar(checked.name) as progress:
        result = run_scenario(checked, progress=progress, ledger=ledger, events=events)
    write_run(result, folder, pictures={"map.png": draw_map, "series.png": draw_series})
    if as_json:
        print_json(json.loads((folder / "summary.json").read_text(encoding="utf-8")))
    else:
        for sentence in headline(result):
            typer.echo(sentence)
    message(say("results in {folder}", folder=folder))


def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help="The scenario to compare with.")],
    alternatives: Annotated[list[str], typer.Argument(metavar="ALT...", help="One or more other scenarios.")],
    seeds: Seeds = 20,
    objective: Annotated[
        str, typer.Option(help="What is ranked: an outcome, or its worth too (net benefit): open_deals:250.")
    ] = "open_deals",
    smallest: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Smallest difference of interest, share of the base.")
    ] = 0.05,
    precision: Annotated[
        list[str] | None,
        typer.Option(help="Run on from --seeds until known so well: open_deals:5%, open_deals:2; repeatable."),
    ] = None,
    max_seeds: Annotated[int, typer.Option(min=1, max=100_000, help="With --precision: stop here at last.")] = 200,
    days: Days = None,
    sets: Sets = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for tables and pictures; default: print only.")
    ] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Compare mixes with a base, seed by seed: differences, displacement, ranking, cost-effectiveness."""
    first = read_scenario(base, sets, None, days)
    others = [read_scenario(file, sets, None, days) for file in alternatives]
    if out is not None:
        check_folder(out)
    from odssim.analysis.compare import compare as compare_scenarios
    from odssim.analysis.comparison import Settings
    from odssim.analysis.layout import folded
    from odssim.analysis.objective import parse_objective
    from odssim.analysis.precision import parse_precision

    wanted = tuple(parse_precision(text) for text in precision or ())
    settings = Settings(parse_objective(objective), smallest, wanted)
    with progress_bar(say("paired runs")) as progress:
        comparison = compare_scenarios(
            first, others, seeds=seeds, max_seeds=max_seeds, settings=settings, progress=progress
        )
    if out is not None:
        from odssim.report.decision_figures import PICTURES

        comparison.write(out, pictures=PICTURES)
        message(say("tables and pictures in {folder}", folder=out))
    if as_json:
        print_json(comparison.record())
    else:
        for line in folded(comparison.text()):
            typer.echo(line)


def check_folder(folder: Path) -> None:
    """Refuse a results folder that cannot be one, before anything is simulated."""
    from odssim.errors import ScenarioError

    for step in (folder, *folder.parents):
        if step.exists():
            if not step.is_dir():
                raise ScenarioError("is a file, not a folder", key="--out", value=str(step))
            return
