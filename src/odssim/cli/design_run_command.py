"""The commands that try designs: ``odssim design run FILE...`` and ``odssim design search FILE``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from odssim.cli.batch_command import progress_lines, resumable
from odssim.cli.inputs import AsJson
from odssim.cli.output import message, print_json, print_rows

if TYPE_CHECKING:
    from odssim.evaluation.design import Design

DesignFiles = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Design files (TOML).")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; default: the cores at hand.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Folder for results and finished batches.")]
HEADLINE = (
    "design", "cost_sek", "n_worlds", "half_width", "size", "power_target", "power_city", "mde_target", "mde_city",
    "dii_near", "dii_far", "dii_tactical", "dii_temporal", "power_displacement",
)  # fmt: skip
"""Columns of the printed table; the files have all."""
NO_CITY = "power_city is 0 where nothing is counted around the places: such a design says nothing of the city"


def run(
    files: DesignFiles,
    out: Out = Path("results/designs"),
    workers: Workers = None,
    worlds: Annotated[int | None, typer.Option(min=1, help="Most worlds, in place of the files'.")] = None,
    half_width: Annotated[float, typer.Option(min=0.001, max=0.5, help="Wanted half width of power.")] = 0.05,
    all_indicators: Annotated[
        bool, typer.Option("--all-indicators", help="Read every indicator, and the truth.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Try designs on simulated cities: what they could and could not tell. The same command again goes on."""
    from odssim.evaluation.result import result_of, write_results
    from odssim.evaluation.run import run_designs
    from odssim.study.batch import default_workers

    designs = _designs(files, worlds)
    with resumable(), progress_lines("batches") as progress:
        tried = run_designs(
            designs, out, workers=workers or default_workers(), half_width=half_width,
            everything=all_indicators, progress=progress,
        )  # fmt: skip
    results = [result_of(one) for one in tried]
    write_results(results, out)
    if as_json:
        print_json(results)
        return
    for result in results:
        _print(result)
    _print_headlines([result["headline"] for result in results])
    message(f"tables in {', '.join(str(out / r['design']) for r in results)}")


def _designs(files: list[Path], worlds: int | None) -> list[Design]:
    from odssim.errors import ScenarioError
    from odssim.evaluation.design import load_design, with_worlds

    designs = [with_worlds(load_design(file), worlds) for file in files]
    ids = [design.id for design in designs]
    for k, name in enumerate(ids):
        if name in ids[:k]:
            raise ScenarioError("is the id of two designs", file=str(files[k]), key="design.id", value=name)
    return designs


def _print(result: dict[str, Any]) -> None:
    typer.echo(
        f"{result['design']} ({result['world']} city, {result['n_worlds']} worlds, {result['stopped']}): verdicts of"
        f" {result['estimator']} on {result['indicator']}"
    )
    print_rows([{k: v for k, v in row.items() if not k.endswith("_mcse")} for row in result["verdicts"]], as_json=False)
    for warned in result["warnings"]:
        message(f"{result['design']}: {warned['text']}")


def _print_headlines(rows: list[dict[str, Any]]) -> None:
    typer.echo("Under pure reduction by the expected effect; MDE is a share, DII 0.5 is blind. Every figure is modelled.")
    print_rows([{name: row.get(name) for name in HEADLINE} for row in rows], as_json=False)
    if any(not row.get("power_city") for row in rows):
        message(NO_CITY)
