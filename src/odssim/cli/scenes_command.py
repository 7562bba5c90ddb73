"""The command that reads a run: its modelled scenes, their ten indicators and what stops deals there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from odssim.cli.inputs import AsJson, Language
from odssim.cli.output import print_json, print_rows
from odssim.language import marked, say
from odssim.language.written import grouped

if TYPE_CHECKING:
    from odssim.observe.cause import RunReport, SceneReport

YES, NO = "✓", "✗"
ENDING_HEADS = {
    "open_deals": marked("deal"),
    "blocked_offender": marked("no seller"),
    "blocked_target": marked("price or money"),
    "blocked_guardian": marked("guardians"),
}


def scenes(
    run_folder: Annotated[str, typer.Argument(metavar="RUN_FOLDER", help="A folder that `odssim run` has written.")],
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Print a run's modelled scenes: the ten indicators, true and as rated, and what stops deals there."""
    from odssim.observe.cause import as_record, read_report

    report = read_report(Path(run_folder))
    if as_json:
        print_json(as_record(report))
        return
    _print_report(report)


def _print_report(report: RunReport) -> None:
    typer.echo(say(
        "{name}, seed {seed}, {first} to {last}. Every figure is modelled.",
        name=say(report.scenario), seed=report.seed, first=report.first, last=report.last,
    ))  # fmt: skip
    if not report.scenes:
        none = say("No place met the definition of an open drug scene at the end of the run.")
        typer.echo(f"\n{none}")
    if report.scenes or report.others:
        _print_indicators(report)
    if report.scenes:
        _print_causes(report)
    for line in _counts(report):
        typer.echo(line)


def _print_indicators(report: RunReport) -> None:
    from odssim.observe.indicators import INDICATORS

    head = say("The ten indicators at the end ({yes} has it, {no} has it not), by place:", yes=YES, no=NO)
    typer.echo(f"\n{head}")
    within = {place for scene in report.scenes for place in scene.places}
    names = [f"{scene.name} (+{len(scene.places) - 1})" if len(scene.places) > 1 else scene.name for scene in report.scenes]
    names += [p.name if p.name in within else say("{place} (no scene)", place=p.name) for p in report.others]
    listed = zip(names, (*report.scenes, *report.others), strict=True)
    print_rows([row for name, place in listed for row in _mark_rows(name, place)], as_json=False)
    for n, indicator in enumerate(INDICATORS, start=1):
        proxy = say(" (assumption: proxy)") if indicator.proxy else ""
        typer.echo(f"{n:>3}  {say(indicator.label)}: {say(indicator.measure)}{proxy}")


def _mark_rows(name: str, scene: SceneReport) -> list[dict[str, object]]:
    """Return two rows, what is true and what the raters say."""
    rows: list[dict[str, object]] = []
    for how, marks in ((say("true"), [v.met for v in scene.verdicts]), (say("rated"), [v.rated for v in scene.verdicts])):
        row: dict[str, object] = {say("scene"): "" if rows else name, "": how}
        row |= {str(n): YES if mark else NO for n, mark in enumerate(marks, start=1)}
        rows.append(row | {say("of 10"): sum(marks)})
    return rows


def _print_causes(report: RunReport) -> None:
    head = say("How tries to buy ended in the last {n} days, and which condition was missing:", n=report.days)
    typer.echo(f"\n{head}")
    rows = []
    for scene in report.scenes:
        row: dict[str, object] = {say("scene"): scene.name, say("tries"): grouped(scene.n_tries)}
        row |= {say(head): f"{grouped(100 * scene.share(ending), 1)} %" for ending, head in ENDING_HEADS.items()}
        rows.append(row)
    print_rows(rows, as_json=False)


def _counts(report: RunReport) -> list[str]:
    """Return what holds for the whole city."""
    from odssim.observe.cause import LEAST_PLACES
    from odssim.observe.indicators import ENOUGH

    def number(key: str) -> str:
        return grouped(report.city[key]) if key in report.city else say("unknown")

    head = say(
        "Places with {enough} or more of the ten indicators, of {n} looked at: {places} true, {rated} as rated."
        " Open drug scenes (touching places as one): {scenes} true, {scenes_rated} as rated.",
        enough=ENOUGH, n=report.n_candidates, places=number("places_seven"), rated=number("seen.places_seven"),
        scenes=number("scenes_seven"), scenes_rated=number("seen.scenes_seven"),
    )  # fmt: skip
    lines = [f"\n{head}"]
    leaving, kappa = report.leaving_by_noise, report.city.get("seen.rater_kappa")
    if leaving is not None and kappa is not None:
        lines.append(say(
            "Single raters agree on who belongs on that list with kappa {kappa}: at a new rating with no real"
            " change about {leaving} of {listed} would leave it.",
            kappa=grouped(kappa, 2), leaving=grouped(leaving, 1), listed=number("seen.places_seven"),
        ))  # fmt: skip
    elif report.n_candidates < LEAST_PLACES:
        lines.append(say(
            "Too few places ({n}, fewer than {least}) to say how far raters agree on that list.", n=report.n_candidates,
            least=LEAST_PLACES,
        ))  # fmt: skip
    return lines
