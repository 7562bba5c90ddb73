"""The command that shows everything once, in about a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from odssim.cli.inputs import Language
from odssim.cli.output import message

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
    from odssim.cli.replay_command import replay
    from odssim.cli.report_command import report
    from odssim.cli.scenes_command import scenes
    from odssim.cli.simulate import check_folder, run

    check_folder(out)
    out.mkdir(parents=True, exist_ok=True)
    town, patrol = out / "town.toml", out / "patrol.toml"
    town.write_text(shipped()["town"].head, encoding="utf-8")
    patrol.write_text(f'name = "Fifteen-minute patrol"\nextends = "town.toml"\n{PATROL}', encoding="utf-8")
    started = time.perf_counter()
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        (f"1 a town for {DAYS} days: odssim run {town}",
         lambda: run(str(town), days=DAYS, out=out / "town", language=language)),
        ("2 a method of the handbook: odssim catalogue fifteen_minute_patrol",
         lambda: catalogue("fifteen_minute_patrol", language=language)),
        (f"3 the same town with that patrol at its three busiest places: odssim run {patrol}",
         lambda: run(str(patrol), days=DAYS, out=out / "patrol", language=language)),
        ("4 both with the same luck, where deals went, what it costs: odssim compare",
         lambda: compare([str(town), str(patrol)], seeds=SEEDS, days=DAYS, out=out / "compared", language=language)),
        ("5 the scenes and their indicators: odssim scenes", lambda: scenes(str(out / "patrol"), language=language)),
        ("6 a report to hand in: odssim report", lambda: report(str(out / "patrol"), language=language)),
        ("7 a replay for an e-mail: odssim replay", lambda: replay(str(out / "patrol"), language=language)),
        ("8 an evaluation planned, and what it could not tell: odssim design new",
         lambda: design_new(out / "design.toml", yes=True, force=True)),
    )  # fmt: skip
    for title, step in steps:
        typer.secho(f"\n{title}", bold=True)
        step()
    typer.secho(f"\n9 live, in a browser, with lessons: odssim app {patrol}", bold=True)
    message(f"everything is in {out}; {time.perf_counter() - started:.0f} s")
