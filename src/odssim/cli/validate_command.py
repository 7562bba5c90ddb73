"""The command that sets the model beside published patterns and beside data of the user's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from odssim.cli import completion
from odssim.cli.inputs import AsJson, Sets, read_scenario
from odssim.cli.output import message, print_rows, progress_bar
from odssim.cli.writing import claim_folder
from odssim.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from odssim.scenario import Scenario
    from odssim.validation.patterns.findings import Finding

ScenarioFile = Annotated[
    str | None,
    typer.Argument(
        metavar="[SCENARIO]",
        help="Measure all patterns here; default: each in its city.",
        autocompletion=completion.scenarios,
    ),
]
Seeds = Annotated[
    int | None, typer.Option(min=1, max=100_000, help="Default 20; with --quick or --data 3, with --ablation 8.")
]
Quick = Annotated[bool, typer.Option("--quick", help="All patterns in the teaching town: a minute or two.")]
Ablation = Annotated[bool, typer.Option("--ablation", help="Switch each pattern's mechanism off, in the town.")]
Only = Annotated[list[str] | None, typer.Option("--pattern", help="Only this pattern, V1 to V13 or A45; repeatable.")]
Workers = Annotated[int | None, typer.Option(min=1, max=1024, help="Processes; default one per core.")]
Out = Annotated[Path | None, typer.Option(help="Folder for the report: index.html, patterns.md, patterns.json.")]
Data = Annotated[Path | None, typer.Option(help="Folder of data sets to compare the model with, in place of patterns.")]
Gate = Annotated[bool, typer.Option("--gate", help="Exit with 1 if a row lies outside its band, and is not known to.")]


def validate(
    scenario: ScenarioFile = None, seeds: Seeds = None, quick: Quick = False, ablation: Ablation = False,
    pattern: Only = None, sets: Sets = None, workers: Workers = None, data: Data = None, gate: Gate = False,
    out: Out = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Compare the model with published patterns; one that fails is reported, not hidden.

    As it stands: 13 patterns and the market identities, 20 seeds each, City, county and teaching town.
    """
    if out is not None:
        claim_folder(out)
    chosen = None if scenario is None else read_scenario(scenario, sets)
    if data is not None:
        from odssim.cli.data_command import compare_data

        rows = compare_data(data, chosen, seeds or 3, as_json)
        if out is not None:
            write(out, {"data.json": json.dumps(rows, indent=2) + "\n"})
        return
    if ablation:
        _ablate(chosen, seeds or 8, pattern, sets, workers, out, as_json)
        return
    from odssim.validation.patterns.campaign import TOWN, shipped
    from odssim.validation.patterns.campaign import validate as validate_patterns

    world = shipped(TOWN, sets or ()) if quick and chosen is None else chosen
    with progress_bar("patterns") as progress:
        found = validate_patterns(
            world, seeds=seeds or (3 if quick else 20), patterns=pattern, overrides=sets or (), workers=workers,
            progress=progress, kept=kept_beside(out),
        )  # fmt: skip
    records = [finding.record() for finding in found.findings]
    if out is not None:
        from odssim.validation.page import html_page, markdown

        record = {"patterns": records, "beside": dict(found.notes), "seeds": found.seeds, "wall_s": found.wall_s}
        write(out, {"index.html": html_page(found), "patterns.md": markdown(found),
                    "patterns.json": json.dumps(record, indent=2) + "\n"})  # fmt: skip
    print_rows(records if as_json else [{**row, "verdict": say(row["verdict"])} for row in records], as_json)
    if gate:
        _gate(found.findings)


def _gate(findings: Sequence[Finding]) -> None:
    from odssim.validation.patterns.bands import KNOWN_SHORT

    new = [f"{f.row.key} {f.verdict}" for f in findings if f.verdict in ("below", "above") and f.row.key not in KNOWN_SHORT]
    if new:
        message(f"outside the band and not known to be: {', '.join(new)}")
        raise typer.Exit(1)


def _ablate(
    scenario: Scenario | None, seeds: int, pattern: list[str] | None, sets: list[str] | None, workers: int | None,
    out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    from odssim.validation.patterns.ablation import ablate
    from odssim.validation.patterns.findings import Validation

    with progress_bar("ablation") as progress:
        table = ablate(
            scenario, seeds=seeds, patterns=pattern, overrides=sets, workers=workers, progress=progress,
            kept=kept_beside(out),
        )  # fmt: skip
    rows = [one.record() for one in table]
    if out is not None:
        from odssim.validation.page import markdown

        text = markdown(Validation((), seeds, 0.0, {}), table)
        write(out, {"ablation.md": text, "ablation.json": json.dumps(rows, indent=2) + "\n"})
    print_rows(rows, as_json)


def kept_beside(out: Path | None) -> Path | None:
    """Return the file of finished seeds beside a results folder: the same command goes on after a kill."""
    return None if out is None else out.absolute().with_name(f".{out.name}.seeds.jsonl")


def write(folder: Path, files: dict[str, str]) -> None:
    """Write a folder of text files at once."""
    from odssim.core.result import write_folder

    write_folder(folder, files)
    message(f"report in {folder}")
