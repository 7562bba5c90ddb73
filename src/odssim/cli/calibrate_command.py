"""The command that rules parameter values out and leaves an ensemble."""

from pathlib import Path
from typing import Annotated

import typer

from odssim.cli.batch_command import Store, StudyFile, resumable, run_progress
from odssim.cli.inputs import AsJson, Workers
from odssim.cli.output import message, print_json, print_rows
from odssim.cli.writing import claim_folder

SHOWN = ("parameter", "low", "high", "left_low", "left_median", "left_high", "verdict")


def calibrate(
    study: StudyFile,
    minutes: Annotated[float, typer.Option(min=0.1, help="Budget; a wave that would exceed it is not begun.")] = 120.0,
    waves: Annotated[int | None, typer.Option(min=1, max=10, help="In place of the study's number.")] = None,
    store: Store = None,
    workers: Workers = None,
    out: Annotated[Path | None, typer.Option(help="Folder; default results/calibrate-<study>.")] = None,
    as_json: AsJson = False,
) -> None:
    """Rule out parameter values that do not show the known patterns, in waves; leave an ensemble of what remains.

    The ensemble is a table of worlds: worlds = { method = "table", table = "ensemble.csv" }. Runs are stored; the same
    command goes on where it stopped.
    """
    from odssim.core.result import write_result
    from odssim.studies.calibration.calibrate import calibrate as run_calibration
    from odssim.studies.calibration.picture import pictures

    stem = study.stem
    folder = out or Path("results") / f"calibrate-{stem}"
    claim_folder(folder)
    with resumable(), run_progress("runs") as progress:
        result = run_calibration(
            study, store or Path("results") / f"{stem}.sqlite", minutes=minutes, n_waves=waves, tell=message,
            workers=workers, progress=progress,
        )  # fmt: skip
    write_result(result, folder, pictures(result))
    if as_json:
        print_json(result.record())
    else:
        print_rows([{key: getattr(row, key) for key in SHOWN} for row in result.marginals], as_json=False)
        for line in result.text():
            typer.echo(line)
    message(f"ensemble in {folder / 'ensemble.csv'}")
