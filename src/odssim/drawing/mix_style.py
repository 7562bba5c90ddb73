"""What the pictures of a decision share: a colour and a marker for each mix, axes, a header."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from odssim.drawing import style
from odssim.language.written import number

MIX_COLOURS = (style.ARRESTS, style.OPEN, style.HIDDEN, style.SELLERS, style.RECORDED, "#8e6bbf", "#2a9d5c", "#7b8a94")
"""The base first; differ in lightness too. A ninth mix begins anew with another marker."""
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")
WIDTH_IN, HEIGHT_IN = 8.0, 5.4
LONGEST_NAME = 38


def new_figure(title: str, line: str, **place: float) -> tuple[Figure, Axes]:
    """Return a figure with a header and its one panel."""
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), facecolor=style.PAGE)
    edges = {"left": 0.1, "right": 0.96, "top": 0.84, "bottom": 0.12, **place}
    ax = figure.subplots(gridspec_kw=edges)
    figure.text(0.03, 0.945, title, fontsize=13, fontweight="bold", color=style.TEXT)
    figure.text(0.03, 0.9, line, fontsize=9, color=style.QUIET)
    prepare(ax)
    return figure, ax


def prepare(ax: Axes) -> None:
    """Give a panel the look of the other pictures."""
    ax.spines[["top", "right"]].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(style.GRID)
    ax.grid(color=style.GRID, lw=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(colors=style.QUIET, length=0, labelsize=8.5)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(6))
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))


def look(k: int) -> dict[str, Any]:
    """Return colour and marker of the k-th mix."""
    return {"color": MIX_COLOURS[k % len(MIX_COLOURS)], "marker": MARKERS[(k + k // len(MIX_COLOURS)) % len(MARKERS)]}


def named(name: str) -> str:
    """Return a name that fits a legend."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def key_below(ax: Axes, names: Sequence[str]) -> None:
    """Put the legend under the panel, as many columns as fit."""
    columns = max(1, min(len(names), 3))
    ax.legend(
        loc="upper center", bbox_to_anchor=(0.48, -0.13), ncols=columns, frameon=False, fontsize=8.5,
        labelcolor=style.TEXT, handletextpad=0.5, columnspacing=1.6,
    )  # fmt: skip
