"""The command that says which parameters matter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from odssim.cli import completion
from odssim.cli.batch_command import Store, StudyFile, resumable, run_progress
from odssim.cli.inputs import AsJson, Workers
from odssim.cli.output import message, print_json, print_rows
from odssim.cli.writing import check_out_files, claim_folder

if TYPE_CHECKING:
    from odssim.studies.sensitivity.analyse import Report
    from odssim.studies.sensitivity.sample import Sample

Method = Literal["chance", "oat", "morris", "sobol", "pawn", "shapley", "emulator", "decisions"]


def sensitivity(
    study: StudyFile,
    method: Annotated[Method, typer.Option(help="chance comes first; then oat or morris; then the rest.")] = "morris",
    outcome: Annotated[
        str, typer.Option(help="An outcome id, see odssim where.", autocompletion=completion.outcomes)
    ] = "open_deals",
    effect_of: Annotated[str | None, typer.Option(metavar="MIX", help="Look at what this mix changes.")] = None,
    mix: Annotated[str | None, typer.Option(help="The mix looked at, or compared with; default the first.")] = None,
    n_blocks: Annotated[
        int | None, typer.Option("--n", min=2, max=100_000, help="Blocks of the design; may grow later.")
    ] = None,
    replicates: Annotated[int | None, typer.Option(min=1, max=1000, help="Runs per point, in place of the study's.")] = None,
    treatment: Annotated[
        Literal["qoi", "raw", "hart"], typer.Option(help="Of chance by sobol: taken out, one more input, given.")
    ] = "qoi",
    second_order: Annotated[
        bool, typer.Option("--second-order", help="For sobol: pairs too, at nearly twice the runs.")
    ] = False,
    group: Annotated[list[str] | None, typer.Option(metavar="NAME=ID,ID", help="Vary together; repeatable.")] = None,
    common_random_numbers: Annotated[
        bool, typer.Option("--common-random-numbers", "--common-luck", help="The same seeds at every point.")
    ] = False,
    higher_is_better: Annotated[bool, typer.Option("--higher-is-better", help="For decisions.")] = False,
    worth: Annotated[
        float | None, typer.Option(min=0, metavar="SEK", help="For decisions: of a unit of outcome; net benefit decides.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many runs it takes, and stop.")] = False,
    problem: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what is varied as a SALib problem (JSON).")
    ] = None,
    store: Store = None,
    workers: Workers = None,
    out: Annotated[Path | None, typer.Option(help="Folder for tables and pictures; default: print only.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say which uncertain parameters matter for an outcome, for the effect of a mix, or for which mix is best.

    Runs are stored: the same call again, a larger --n or another outcome runs only what is missing.
    """
    if out is not None:
        claim_folder(out)
    if problem is not None:
        check_out_files([problem], key="--problem")
    from odssim.studies.sensitivity.of_study import parse_groups, prepare
    from odssim.studies.sensitivity.of_study import sensitivity as run_sensitivity

    groups = parse_groups(group or [])
    named = {"method": method, "outcome": outcome, "effect_of": effect_of, "mix": mix, "n_blocks": n_blocks,
             "replicates": replicates, "groups": groups, "common_random_numbers": common_random_numbers,
             "second_order": second_order, "treatment": treatment}  # fmt: skip
    loaded, sample, mixes = prepare(study, **named)  # type: ignore[arg-type]
    n_points = sample.unit.shape[0] * sample.unit.shape[1]
    (typer.echo if dry_run else message)(
        f"{n_points} points x {len(mixes)} mixes x {loaded.n_replicates} replicates = "
        f"{n_points * len(mixes) * loaded.n_replicates} runs at most"
    )
    if problem is not None:
        _write_problem(sample, problem)
    if dry_run:
        return
    file = store or Path("results") / f"{study.stem}.sqlite"
    with resumable(), run_progress("runs") as progress:
        report = run_sensitivity(
            study, file, lower_is_better=not higher_is_better, worth_sek=worth, workers=workers, progress=progress,
            **named,  # type: ignore[arg-type]
        )  # fmt: skip
    if out is not None:
        _write(report, out)
    if as_json:
        print_json(report.record())
    else:
        _print(report)


def _write_problem(sample: Sample, file: Path) -> None:
    from odssim.core.csv_json import json_text
    from odssim.core.files import write_files

    text = json_text(sample.space.problem())
    write_files({file: text.encode()}, key="--problem")
    message(f"SALib problem in {file}")


def _write(report: Report, out: Path) -> None:
    from odssim.core.result import write_result
    from odssim.studies.sensitivity.pictures import pictures

    write_result(report, out, pictures(report))
    message(f"tables and pictures in {out}")


def _print(report: Report) -> None:
    typer.echo(f"{report.outcome}, {report.method}: {report.n_points} points, {report.n_replicates} replicates.")
    if report.chance is not None:
        typer.echo(report.chance.sentence)
    for rows in (report.shares, report.indices):
        if rows:
            hidden = ("smallest",)
            print_rows([{k: v for k, v in row.items() if k not in hidden} for row in rows], as_json=False)
    for note in report.notes:
        typer.echo(note)
