"""The tornado and the convergence picture."""

import textwrap
from collections.abc import Sequence
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from odssim.core.result import Write
from odssim.drawing import style
from odssim.language.written import figures
from odssim.studies.sensitivity.analyse import NEVER_VARIES, Report
from odssim.studies.sensitivity.convergence import Convergence
from odssim.studies.sensitivity.index import DOES_NOT, MATTERS
from odssim.studies.sensitivity.space import DUMMY

Row = dict[str, Any]
COLOUR = {MATTERS: style.HIDDEN, DOES_NOT: style.GRID}
LINES = (style.HIDDEN, style.OPEN, style.SELLERS, style.RECORDED, style.TEXT, *style.SUBSTANCE_COLOUR.values())
MOST_LINES = 9


def pictures(report: Report) -> dict[str, Write]:
    """Return ``tornado.png`` and, where indices were followed, ``convergence.png``."""
    made: dict[str, Write] = {}
    rows = [row for row in report.indices if row.get("verdict") not in (None, "", NEVER_VARIES)]
    if rows and report.method != "decisions":
        draw = swing_figure if report.method == "oat" else partial(index_figure, rows=rows)
        made["tornado.png"] = partial(style.drawn(draw), report)
    if report.converged is not None and len({step.n_blocks for step in report.converged.steps}) > 1:
        made["convergence.png"] = partial(style.drawn(partial(convergence_figure, found=report.converged)), report)
    return made


def _axes(title: str, n_rows: int) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.2, 1.5 + 0.32 * n_rows), facecolor=style.PAGE, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", color=style.TEXT, fontsize=10.5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(style.QUIET)
    axes.tick_params(colors=style.TEXT, length=0)
    axes.grid(axis="x", color=style.GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def swing_figure(report: Report) -> Figure:
    """Return the tornado of one-at-a-time: each parameter's lowest and highest mean outcome, around the base."""
    rows = report.indices
    figure, axes = _axes(f"{report.outcome}: one parameter at a time", len(rows))
    base = next(level for level in report.levels if level["parameter"] == rows[0]["parameter"])
    middle = base["value"] - base["difference"]
    for place, row in enumerate(reversed(rows)):
        colour = COLOUR.get(row["verdict"], style.ALL_DEALS)
        ends = ((row["lowest"], row["lowest_at"]), (row["highest"], row["highest_at"]))
        axes.barh(place, ends[1][0] - ends[0][0], left=ends[0][0], height=0.62, color=colour)
        for (value, at), side in zip(ends, ("right", "left"), strict=True):
            shift = -4 if side == "right" else 4
            text = "" if row["parameter"] == DUMMY else figures(at)
            axes.annotate(text, (value, place), (shift, 0), textcoords="offset points", ha=side, va="center",
                          color=style.QUIET, fontsize=7.5)  # fmt: skip
    axes.axvline(middle, color=style.TEXT, linewidth=1)
    _label(axes, [f"{row['parameter']}: {row['verdict'].split(':')[0]}" for row in reversed(rows)])
    low, high = min(row["lowest"] for row in rows), max(row["highest"] for row in rows)
    room = 0.12 * ((high - low) or 1.0)
    axes.set_xlim(low - room, high + room)
    axes.set_xlabel(f"{report.outcome}; the line is the base, small numbers are the parameter's values", color=style.QUIET)
    return figure


def index_figure(report: Report, rows: Sequence[Row]) -> Figure:
    """Return each parameter's index with its interval, the strongest on top."""
    name = {"ST": "total index", "effect": "effect over the whole range", "pawn": "PAWN index above chance",
            "shapley": "Shapley share"}.get(str(rows[0].get("measure", "effect")), "index")  # fmt: skip
    figure, axes = _axes(f"{report.outcome}: {name}, {report.method}", len(rows))
    for place, row in enumerate(reversed(rows)):
        axes.barh(place, row["value"], height=0.62, color=COLOUR.get(row["verdict"], style.ALL_DEALS))
        axes.plot([row["low"], row["high"]], [place, place], color=style.TEXT, linewidth=1.4)
    axes.axvline(0, color=style.TEXT, linewidth=1)
    ceiling = next((row["high"] for row in rows if row["parameter"] == DUMMY), None)
    if ceiling is not None and ceiling > 0:
        axes.axvspan(0, ceiling, color=style.SHADE, alpha=0.6, zorder=0)
    _label(axes, [f"{row['parameter']}: {row['verdict'].split(':')[0]}" for row in reversed(rows)])
    axes.set_xlabel("with 95 % interval; shaded: what the dummy may reach", color=style.QUIET)
    return figure


def _label(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(-0.6, len(labels) - 0.4)


def convergence_figure(report: Report, found: Convergence) -> Figure:
    """Return each parameter's index with its band as blocks are added."""
    steps = found.steps
    last = max(step.n_blocks for step in steps)
    order = sorted((s for s in steps if s.n_blocks == last), key=lambda s: -s.value)
    shown = [s.parameter for s in order if s.parameter != DUMMY][:MOST_LINES]
    figure = Figure(figsize=(7.2, 3.9), facecolor=style.PAGE, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(f"{report.outcome}: {report.method} as blocks are added", loc="left", color=style.TEXT, fontsize=10.5)
    for name, colour in [*zip(shown, LINES, strict=False), (DUMMY, style.QUIET)]:
        own = sorted((s for s in steps if s.parameter == name), key=lambda s: s.n_blocks)
        n = [s.n_blocks for s in own]
        dashes = "--" if name == DUMMY else "-"
        axes.plot(n, [s.value for s in own], dashes, marker="o", markersize=3, color=colour, label=name, linewidth=1.4)
        axes.fill_between(n, [s.low for s in own], [s.high for s in own], color=colour, alpha=0.13, linewidth=0)
    axes.set_xscale("log", base=2)
    ticks = sorted({s.n_blocks for s in steps})
    axes.set_xticks(ticks, [str(n) for n in ticks])
    axes.minorticks_off()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color=style.GRID, linewidth=0.8)
    axes.axhline(0, color=style.TEXT, linewidth=0.8)
    axes.set_xlabel("blocks\n" + textwrap.fill(found.sentence, 100), color=style.QUIET, fontsize=8)
    axes.legend(frameon=False, fontsize=7.5, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure
