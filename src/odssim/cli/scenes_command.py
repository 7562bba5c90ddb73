"""The command that reads a run: its modelled scenes, their ten indicators and what stops deals there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from odssim.cli.inputs import AsJson
from odssim.cli.output import print_json, print_rows

if TYPE_CHECKING:
    from odssim.observe.cause import RunReport, SceneReport

YES, NO = "✓", "✗"
ENDING_HEADS = {
    "open_deals": "deal", "blocked_offender": "no seller", "blocked_target": "price or money",
    "blocked_guardian": "guardians",
}  # fmt: skip


def scenes(
    run_folder: Annotated[
        str, typer.Argument(metavar="RUN_FOLDER", help="A folder that `odssim run` has written.")
    ],
    as_json: AsJson = False,
) -> None:
    """Print a run's modelled scenes: the ten indicators, true and as rated, and what stops deals there."""
    from odssim.observe.cause import as_record, read_report

    report = read_report(Path(run_folder))
    if as_json:
        print_json(as_record(report))
        return
    typer.echo(
        f"{report.scenario}, seed {report.seed}, {report.first} to {report.last}. Every figure is modelled."
    )
    if report.scenes:
        _print_indicators(report)
        _print_causes(report)
    else:
        typer.echo("\nNo place met the definition of an open drug scene at the end of the run.")
    for line in _counts(report):
        typer.echo(line)


def _print_indicators(report: RunReport) -> None:
    from odssim.observe.indicators import INDICATORS

    typer.echo(f"\nThe ten indicators at the end ({YES} has it, {NO} has it not), by place:")
    print_rows([row for scene in report.scenes for row in _mark_rows(scene)], as_json=False)
    for n, indicator in enumerate(INDICATORS, start=1):
        proxy = " (assumption: proxy)" if indicator.proxy else ""
        typer.echo(f"{n:>3}  {indicator.label}: {indicator.measure}{proxy}")


def _mark_rows(scene: SceneReport) -> list[dict[str, object]]:
    """Return two rows, what is true and what the raters say."""
    extent = f" (+{len(scene.places) - 1})" if len(scene.places) > 1 else ""
    rows = []
    for how, marks in (
        ("true", [v.met for v in scene.verdicts]),
        ("rated", [v.rated for v in scene.verdicts]),
    ):
        row: dict[str, object] = {"scene": scene.name + extent if how == "true" else "", "": how}
        row |= {str(n): YES if mark else NO for n, mark in enumerate(marks, start=1)}
        rows.append(row | {"of 10": sum(marks)})
    return rows


def _print_causes(report: RunReport) -> None:
    typer.echo(f"\nHow tries to buy ended in the last {report.days} days, and which condition was missing:")
    rows = []
    for scene in report.scenes:
        row: dict[str, object] = {"scene": scene.name, "tries": f"{scene.n_tries:.0f}"}
        row |= {head: f"{100 * scene.share(ending):.1f} %" for ending, head in ENDING_HEADS.items()}
        rows.append(row)
    print_rows(rows, as_json=False)


def _counts(report: RunReport) -> list[str]:
    """Return what holds for the whole city."""
    from odssim.observe.indicators import ENOUGH

    def number(key: str) -> str:
        return f"{report.city[key]:.0f}" if key in report.city else "unknown"

    lines = [
        f"\nPlaces with {ENOUGH} or more of the ten indicators, of {report.n_candidates} looked at:"
        f" {number('places_seven')} true, {number('seen.places_seven')} as rated."
        f" Open drug scenes (touching places as one): {number('scenes_seven')} true,"
        f" {number('seen.scenes_seven')} as rated."
    ]
    leaving, kappa = report.leaving_by_noise, report.city.get("seen.rater_kappa")
    if leaving is not None and kappa is not None:
        lines.append(
            f"Single raters agree on who belongs on that list with kappa {kappa:.2f}: at a new rating with no real"
            f" change about {leaving:.1f} of {number('seen.places_seven')} would leave it."
        )
    return lines
