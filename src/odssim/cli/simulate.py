"""The command that simulates one scenario."""

from pathlib import Path
from typing import Annotated

import typer

from odssim.cli.inputs import AsJson, Days, Language, ScenarioFile, Seed, Sets, read_scenario
from odssim.cli.output import message, print_json, progress_bar
from odssim.cli.writing import claim_folder
from odssim.language import say

Out = Annotated[Path | None, typer.Option(help="Folder for the results; default results/<name of the file>.")]
Ledger = Annotated[bool, typer.Option("--ledger", help="Also write ledger.parquet, a row per need.")]
Events = Annotated[bool, typer.Option("--events", help="Also write events.parquet, every event.")]


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
    claim_folder(folder)
    from odssim.core.reading import read_json
    from odssim.engine.run import run_scenario
    from odssim.observe.write import write_run
    from odssim.report.run.headline import headline
    from odssim.report.run.run_series import PICTURES

    with progress_bar(checked.name) as progress:
        result = run_scenario(checked, progress=progress, ledger=ledger, events=events)
    write_run(result, folder, pictures=PICTURES)
    if as_json:
        print_json(read_json(folder / "summary.json"))
    else:
        for sentence in headline(result):
            typer.echo(sentence)
    message(say("results in {folder}", folder=folder))
