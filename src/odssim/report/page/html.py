"""The report as one HTML file: everything inside it, nothing fetched."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from odssim.language import language, say
from odssim.report.page.blocks import Figure, Report, Table

TEMPLATES = ("page.html", "table.html")


def as_html(report: Report) -> str:
    """Return the page in the language that is spoken."""
    folder = files("odssim.report.page")
    loader = DictLoader({name: (folder / name).read_text(encoding="utf-8") for name in TEMPLATES})
    room = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    room.globals["say"] = say
    room.globals["is_figure"] = lambda block: isinstance(block, Figure)
    shape = room.get_template("table.html")

    def tabled(table: Table) -> Markup:
        return Markup(shape.render(table=table, numeric=numeric(table)))  # the template has escaped its texts

    page: str = room.get_template("page.html").render(report=report, language=language(), tabled=tabled)
    return page


def numeric(table: Table) -> list[bool]:
    """Return which columns hold numbers, and stand to the right."""
    columns: list[list[Any]] = [[row[k] for row in table.rows] for k in range(len(table.columns))]
    return [
        any(isinstance(v, int | float) for v in values) and not any(isinstance(v, str) for v in values)
        for values in columns
    ]
