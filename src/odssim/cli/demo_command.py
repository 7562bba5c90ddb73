"""The command that shows everything once, in about a minute."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from odssim.cli.inputs import Language
from odssim.cli.output import message
from odssim.cli.writing import check_out_files, claim_folder
from odssim.language import say
from odssim.language.written import grouped

DAYS = 84
SEEDS = 3
PATROL = """
[[interventions]]
id = "patrol"
type = "fifteen_minute_patrol"
start = 2018-01-29
weeks = 8
resources = "added"
places = { rank = "open_deals", top = 3, at = 2018-01-28 }
"""
"""What the second town of the tour has and the first has not."""


def demo(
    out: Annotated[Path, typer.Option(help="Folder for what the tour makes.")] = Path("results/demo"),
    language: Language = None,
) -> None:
    """Show everything once: a town, a method, what moved, the scenes, a report, a replay, a design, the live page."""
    from odssim.app.sources import shipped
    from odssim.cli.compare_command import compare
    from odssim.cli.design_command import new as design_new
    from odssim.cli.look import catalogue
    from odssim.cli.report_command import replay, report
    from odssim.cli.scenes_command import scenes
    from odssim.cli.simulate import run
    from odssim.core.files import write_files

    town, patrol, design = (out / f"{name}.toml" for name in ("town", "patrol", "design"))
    check_out_files([town, patrol, design])
    for name in ("town", "patrol", "compared"):
        claim_folder(out / name)
    text = f'name = "Fifteen-minute patrol"\nextends = "town.toml"\n{PATROL}'
    write_files({town: shipped()["town"].head.encode(), patrol: text.encode()})
    started = time.perf_counter()
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        (say("1 a town for {days} days: odssim run {file}", days=DAYS, file=town),
         lambda: run(str(town), days=DAYS, out=out / "town")),
        (say("2 a method of the handbook: odssim catalogue fifteen_minute_patrol"),
         lambda: catalogue("fifteen_minute_patrol")),
        (say("3 the same town with that patrol at its three busiest places: odssim run {file}", file=patrol),
         lambda: run(str(patrol), days=DAYS, out=out / "patrol")),
        (say("4 both with the same random numbers, where deals went, what it costs: odssim compare"),
         lambda: compare([str(town), str(patrol)], seeds=SEEDS, days=DAYS, out=out / "compared")),
        (say("5 the scenes and their indicators: odssim scenes"), lambda: scenes(str(out / "patrol"))),
        (say("6 a report to hand in: odssim report"), lambda: report(str(out / "patrol"))),
        (say("7 a replay for an e-mail: odssim replay"), lambda: replay(str(out / "patrol"))),
        (say("8 an evaluation planned, and what it could not tell: odssim design new"),
         lambda: design_new(design, yes=True, force=True)),
    )  # fmt: skip
    for title, step in steps:
        typer.secho(f"\n{title}", bold=True)
        step()
    live = say("9 live, in a browser, with lessons: odssim app {file}", file=patrol)
    typer.secho(f"\n{live}", bold=True)
    message(say("everything is in {folder}; {seconds} s", folder=out, seconds=grouped(time.perf_counter() - started)))
