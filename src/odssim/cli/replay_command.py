"""The command that makes a replay of a run: one HTML file with a timeline, small enough for an e-mail."""

from pathlib import Path
from typing import Annotated

import typer

from odssim.cli.inputs import Language
from odssim.cli.output import message
from odssim.cli.report_command import file_in_language
from odssim.cli.writing import check_out_files
from odssim.language import say


def replay(
    run_folder: Annotated[str, typer.Argument(metavar="RUN", help="A folder that `odssim run` has written.")],
    out: Annotated[Path | None, typer.Option(help="The file to write; default RUN/replay.html.")] = None,
    language: Language = None,
) -> None:
    """Make one HTML file that plays a run day by day, with a timeline to scrub and keys to step.

    It needs no network and no other file, and stays below 3 MB.
    """
    file = out or Path(run_folder) / file_in_language("replay")
    check_out_files([file], ".html")
    from odssim.core.files import write_files
    from odssim.report.page.source import guarded, read_source
    from odssim.report.replay.replay import make_replay

    page = guarded(lambda folder: make_replay(read_source(folder)), Path(run_folder), "")
    write_files({file: page.encode("utf-8")})
    message(say("replay in {file}", file=file))
