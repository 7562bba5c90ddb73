"""The command that writes a report on a run, a comparison, a study or designs: one HTML file, and Excel beside it."""

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
