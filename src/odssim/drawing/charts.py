"""Charts of a report: intervals, shares of a whole, costs, series, lines; small, in colours that differ in lightness."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from odssim.core.types import Array
from odssim.drawing import style
from odssim.drawing.mix_style import look, named, prepare
from odssim.language.written import change, number, percent

SMOOTH_DAYS = 7
WIDTH_IN = 8.4
ROW_IN = 0.3
SHARE_COLOURS = ("#1b7837", "#30638e", "#d1495b", "#edae49", "#8e6bbf", "#7b8a94", "#c9d1d6")
"""Parts of a whole, in order."""
LABEL_WIDTH = 26
LEGEND_LETTERS = 110
"""What fits on a line of a legend as wide as the picture."""
LEAST_SHARE_SHOWN = 0.045
"""A part smaller than this has no room for its number."""


@dataclass(frozen=True)
class Bar:
    """An estimate with its interval, as a share of the base (0.1 is 10 % more)."""

    label: str
    group: str
    value: float
    low: float | None
    high: float | None


def interval_figure(bars: Sequence[Bar], groups: Sequence[str], zero: str) -> Figure:
    """Return estimates with intervals, a row per label, a marker per group; `zero` says what the line means."""
    labels = list(dict.fromkeys(bar.label for bar in bars))
    with style.settings():
        n_columns = key_columns([named(group) for group in groups])
        above = 0.22 * -(-len(groups) // n_columns) if len(groups) > 1 else 0.0
        figure, ax = _changes(labels, 1.0 + above + len(labels) * (ROW_IN + 0.1 * (len(groups) - 1)), above, zero)
        step = 0.62 / max(1, len(groups))
        for k, group in enumerate(groups):
            mine = [bar for bar in bars if bar.group == group]
            y = [labels.index(b.label) + (k - (len(groups) - 1) / 2) * step for b in mine]
            for at, bar in zip(y, mine, strict=True):
                if bar.low is not None and bar.high is not None:
                    ax.plot([bar.low, bar.high], [at, at], color=look(k + 1)["color"], lw=1.8, solid_capstyle="butt")
            ax.scatter([b.value for b in mine], y, s=26, zorder=4, label=named(group), **look(k + 1))
        if len(groups) > 1:
            ax.legend(
                loc="lower left", bbox_to_anchor=(-0.4, 1.0), ncols=n_columns, frameon=False, fontsize=8.5, borderpad=0,
                labelcolor=style.TEXT, handletextpad=0.2,
            )  # fmt: skip
        reach = min(2.0, max([0.1, *(abs(v) for b in bars for v in (b.low, b.high, b.value) if v is not None)]))
        ax.set_xlim(-min(1.05, reach * 1.05), reach * 1.05)
        return figure


def dot_figure(rows: Sequence[tuple[str, Sequence[float]]], zero: str) -> Figure:
    """Return one row of dots per label, relative changes, with the mean as a bar; `zero` says what the line means."""
    with style.settings():
        figure, ax = _changes([folded(label) for label, _ in rows], 0.9 + 0.36 * len(rows), 0.0, zero)
        for k, (_, values) in enumerate(rows):
            ax.scatter(values, np.full(len(values), k), s=20, alpha=0.65, color=style.ARRESTS, edgecolors="none", zorder=3)
            if values:
                ax.plot([np.mean(values)] * 2, [k - 0.3, k + 0.3], color=style.TEXT, lw=2, zorder=4)
        return figure


def _changes(labels: Sequence[str], height: float, above: float, zero: str) -> tuple[Figure, Axes]:
    """Return an empty panel of relative changes, a row per label, with `above` inches for a legend over its title."""
    figure = Figure(figsize=(WIDTH_IN, height), facecolor=style.PAGE)
    edges = {"left": 0.33, "right": 0.97, "top": 1 - (0.32 + above) / height, "bottom": 0.35 / height}
    ax = figure.subplots(gridspec_kw=edges)
    prepare(ax)
    ax.axvline(0, color=style.TEXT, lw=0.9)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_yticks(range(len(labels)), labels, color=style.TEXT)
    ax.grid(visible=False, axis="y")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: change(value)))
    ax.set_title(zero, fontsize=8.5, color=style.QUIET, loc="left", pad=6 + 72 * above)
    return figure, ax


def curve_figure(lines: Sequence[tuple[str, Sequence[tuple[float, float]]]], wanted: float, axes: tuple[str, str]) -> Figure:
    """Return shares against shares, a line per name, and the share that is wanted as a dashed line."""
    with style.settings():
        figure = Figure(figsize=(WIDTH_IN, 3.6), facecolor=style.PAGE)
        ax = figure.subplots(gridspec_kw={"left": 0.08, "right": 0.97, "top": 0.9, "bottom": 0.15})
        prepare(ax)
        for k, (name, points) in enumerate(lines):
            ax.plot(*zip(*points, strict=True), lw=2, ms=6, label=name, **look(k))
        ax.axhline(wanted, color=style.TEXT, lw=0.9, ls="--")
        ax.set_ylim(0, 1.02)
        for axis, text in zip((ax.xaxis, ax.yaxis), axes, strict=True):
            axis.set_major_formatter(FuncFormatter(lambda value, _: percent(value) if value else "0"))
            axis.set_label_text(text, fontsize=8.5, color=style.QUIET)
        if lines:
            ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize=8.5, borderpad=0)
        return figure


def share_figure(rows: Sequence[tuple[str, Sequence[float]]], parts: Sequence[str]) -> Figure:
    """Return one bar per row, cut into shares of a whole (negative shares are left out of the bar)."""
    cut = [(label, [max(0.0, share) for share in shares]) for label, shares in rows]
    with style.settings():
        figure, ax, ends = _stacked(cut, parts, 0.985, 0.15 + 0.2 * -(-len(parts) // key_columns(parts)))
        for at, (_, shares) in enumerate(cut):
            for k, share in enumerate(shares):
                if share >= LEAST_SHARE_SHOWN:
                    colour = style.TEXT if k in (3, 6) else style.PAGE
                    middle = float(ends[at, k]) - share / 2
                    ax.text(middle, at, percent(share), ha="center", va="center", fontsize=8, color=colour)
        ax.set_xlim(0, max(1.0, float(ends.max())))
        ax.set_xticks([])
        _key(ax)
        return figure


def money_figure(rows: Sequence[tuple[str, Sequence[float]]], payers: Sequence[str], unit: str) -> Figure:
    """Return one bar per row, cut into what each payer bears."""
    with style.settings():
        figure, ax, ends = _stacked(rows, payers, 0.9, 0.85, first_colour=1)
        for at, value in enumerate(ends[:, -1].tolist()):
            ax.text(value, at, f"  {number(value)}", va="center", fontsize=8.5, color=style.TEXT, fontweight="bold")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
        ax.xaxis.set_major_locator(MaxNLocator(5))
        ax.set_xlim(0, max(1.0, 1.12 * float(ends.max())))
        ax.set_xlabel(unit, fontsize=8.5, color=style.QUIET)
        _key(ax, gap_in=0.48)
        return figure


def _stacked(
    rows: Sequence[tuple[str, Sequence[float]]], parts: Sequence[str], right: float, foot: float, first_colour: int = 0
) -> tuple[Figure, Axes, Array]:
    """Return a panel with one bar per row, cut into parts, and where each part ends, float64[rows, parts]."""
    height = 0.1 + foot + 0.42 * len(rows)
    figure = Figure(figsize=(WIDTH_IN, height), facecolor=style.PAGE)
    ax = figure.subplots(gridspec_kw={"left": 0.26, "right": right, "top": 0.99, "bottom": foot / height})
    values, at = np.array([cut for _, cut in rows], dtype=np.float64), range(len(rows))
    ends = np.cumsum(values, axis=1)
    for k, part in enumerate(parts):
        colour, start = SHARE_COLOURS[(k + first_colour) % len(SHARE_COLOURS)], ends[:, k] - values[:, k]
        ax.barh(at, values[:, k], left=start, color=colour, height=0.62, label=part, edgecolor=style.PAGE)
    ax.set_yticks(at, [folded(label) for label, _ in rows], color=style.TEXT, fontsize=8.5)
    ax.invert_yaxis()
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, colors=style.QUIET, labelsize=8.5)
    return figure, ax, ends


def series_figure(first: date, lines: Sequence[tuple[str, Array, str]], shaded: Sequence[tuple[date, date, str]]) -> Figure:
    """Return daily counts, one panel each: the days thin, the mean of the last seven bold, interventions shaded."""
    with style.settings():
        figure = Figure(figsize=(WIDTH_IN, 0.5 + 1.15 * len(lines)), facecolor=style.PAGE)
        panels = figure.subplots(
            len(lines), 1, sharex=True, squeeze=False,
            gridspec_kw={"left": 0.075, "right": 0.985, "top": 0.95, "bottom": 0.09, "hspace": 0.45},
        )[:, 0]  # fmt: skip
        days = np.array([day_number(first + timedelta(days=k)) + 0.5 for k in range(len(lines[0][1]))])
        for ax, (title, values, colour) in zip(panels, lines, strict=True):
            prepare(ax)
            ax.grid(visible=False, axis="x")
            ax.plot(days, values, color=colour, lw=0.6, alpha=0.35)
            ax.plot(days, trailing_mean(values), color=colour, lw=1.8)
            ax.set_ylim(0, max(1.0, 1.1 * float(np.nanmax(values))))
            ax.yaxis.set_major_locator(MaxNLocator(3))
            ax.set_title(title, fontsize=9, fontweight="bold", color=style.TEXT, loc="left", pad=4)
            for start, end, _ in shaded:
                ax.axvspan(*(day_number(day) for day in (start, end)), color=style.SHADE, alpha=0.6, lw=0, zorder=0)
        for start, _, name in shaded[:3]:
            panels[0].text(day_number(start), 1.02, name, transform=panels[0].get_xaxis_transform(), fontsize=8,
                           color=style.SHADE_TEXT, fontweight="bold", va="bottom", parse_math=False)  # fmt: skip
        panels[-1].set_xlim(days[0] - 0.5, days[-1] + 0.5)
        panels[-1].xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=8))  # type: ignore[no-untyped-call]
        panels[-1].xaxis.set_major_formatter(DateFormatter("%Y-%m-%d"))  # type: ignore[no-untyped-call]
        return figure


def folded(label: str) -> str:
    """Return a label on two lines at most."""
    lines = textwrap.wrap(label, LABEL_WIDTH)
    return "\n".join(lines if len(lines) <= 2 else [lines[0], f"{lines[1]} …"])


def _key(ax: Axes, gap_in: float = 0.06) -> None:
    """Put the legend under a panel, as many columns as fit."""
    n_columns = key_columns(ax.get_legend_handles_labels()[1])
    height = ax.get_position().height * float(ax.get_figure(root=True).get_figheight())  # type: ignore[union-attr]
    ax.legend(
        loc="upper left", bbox_to_anchor=(-0.33, -gap_in / height), ncols=n_columns, frameon=False, fontsize=8.2,
        labelcolor=style.TEXT, handlelength=1.0, handletextpad=0.4, columnspacing=1.1, borderpad=0,
    )  # fmt: skip


def key_columns(texts: Sequence[str]) -> int:
    """Return how many columns a legend of these texts has."""
    return max(1, min(len(texts), LEGEND_LETTERS // (4 + max((len(text) for text in texts), default=1))))


def trailing_mean(values: Array, n_days: int = SMOOTH_DAYS) -> Array:
    """Return the mean of each day and the `n_days` - 1 before it (fewer at the start); NaN days left out.

    It looks back only, so that nothing seems to happen before its cause.
    """
    known = ~np.isnan(values)
    total = np.concatenate(([0.0], np.cumsum(np.where(known, values, 0.0))))
    count = np.concatenate(([0], np.cumsum(known)))
    last = np.arange(1, len(values) + 1)
    first = np.maximum(0, last - n_days)
    n = count[last] - count[first]
    return np.where(n > 0, (total[last] - total[first]) / np.maximum(n, 1), np.nan)


def day_number(day: date) -> float:
    """Return where a day begins on an axis of time."""
    return float(date2num(day))  # type: ignore[no-untyped-call]


def draw_line(
    rows: Sequence[dict[str, Any]], path: Path, *, title: str, x: str, y: str, low: str = "", high: str = ""
) -> None:
    """Write a PNG of column `y` against `x`, with the band from `low` to `high` if they are named."""
    with style.settings():
        figure = Figure(figsize=(6.4, 3.8), facecolor=style.PAGE, layout="constrained")
        axes = figure.add_subplot()
        at = [row[x] for row in rows]
        axes.plot(at, [row[y] for row in rows], color=style.OPEN, marker="o")
        if low and rows[0][low] is not None:
            axes.fill_between(at, [row[low] for row in rows], [row[high] for row in rows], color=style.OPEN, alpha=0.2)
        axes.set_ylim(bottom=min(0.0, *(row[y] for row in rows)))
        axes.set_title(title, color=style.TEXT, fontsize=9, loc="left")
        axes.set_xlabel(x.replace("_", " "))
        axes.grid(color=style.GRID)
    style.save(figure, path)
