"""The report as one HTML file: everything inside it, nothing fetched."""

from typing import Any

from markupsafe import Markup

from odssim.language import language
from odssim.language.templates import rendered
from odssim.report.page.blocks import Figure, Report, Table


def as_html(report: Report) -> str:
    """Return the page in the language that is spoken."""

    def tabled(table: Table) -> Markup:
        return Markup(rendered(__package__, "table.html", table=table, numeric=numeric(table)))  # its texts are escaped

    return rendered(
        __package__, "page.html", report=report, language=language(), tabled=tabled,
        is_figure=lambda block: isinstance(block, Figure),
    )  # fmt: skip


def numeric(table: Table) -> list[bool]:
    """Return which columns hold numbers, and stand to the right."""
    columns: list[list[Any]] = [[row[k] for row in table.rows] for k in range(len(table.columns))]
    return [
        any(isinstance(v, int | float) for v in values) and not any(isinstance(v, str) for v in values) for values in columns
    ]
