"""Commands that make files to hand on: a report with Excel beside it, a replay to play, an archive of the model."""

from pathlib import Path
from typing import Annotated

import typer

from odssim.cli.inputs import Language
from odssim.cli.output import message
from odssim.cli.writing import check_out_files
from odssim.language import LANGUAGES, language, say

What = Annotated[
    str,
    typer.Argument(
        metavar="RUN|STUDY|DESIGN",
        help="A folder of `odssim run`, `compare --out`, `design run` or `design search`; or the file of a study (TOML).",
    ),
]


def report(
    what: What,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; default FOLDER/report.html (report.sv.html in Swedish).")
    ] = None,
    store: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Of a study: its SQLite file, if not results/<study>.sqlite.")
    ] = None,
    language: Language = None,
) -> None:
    """Write a report in the order of the handbook's seven steps: one HTML file and an Excel file beside it.

    The page needs no network, prints on A4 and begins with a page for a head of unit.
    """
    path = Path(what)
    folder = Path("results") / path.stem if path.suffix == ".toml" else path
    file = out or folder / file_in_language("report")
    table_file = file.with_suffix(".xlsx")
    check_out_files([file], ".html")
    check_out_files([table_file])
    from odssim.core.files import write_files
    from odssim.report.page.html import as_html
    from odssim.report.page.mixes_page import report_on
    from odssim.report.page.workbook import as_workbook

    made = report_on(path, store)
    write_files({file: as_html(made).encode("utf-8"), table_file: as_workbook(made)})
    message(say("report in {file}, its tables in {tables}", file=file, tables=table_file))


def file_in_language(name: str) -> str:
    """Return the name of a page: report.html, report.sv.html."""
    return f"{name}.html" if language() == LANGUAGES[0] else f"{name}.{language()}.html"


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


def bundle(
    out: Annotated[Path, typer.Option(help="The archive to write, FILE.zip.")],
    root: Annotated[Path, typer.Option(help="The source checkout; default: the current folder.")] = Path(),
) -> None:
    """Pack code, ODD, documents, scenarios, licence, citation and codemeta.json; the same sources give the same bytes."""
    from odssim.report.bundle import write_bundle

    n = write_bundle(root, out)
    message(f"{n} files in {out}")
