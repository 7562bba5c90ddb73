"""Charts of a report: intervals, shares of a whole, costs, series; drawn small, in colours that differ in lightness."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from odssim.report import style
from odssim.report.mix_style import look, named, prepare
from odssim.report.series_figure import trailing_mean
from odssim.report.words import change, number, percent

Array = np.ndarray[Any, Any]
WIDTH_IN = 8.4
ROW_IN = 0.3
SHARE_COLOURS = ("#1b7837", "#30638e", "#d1495b", "#edae49", "#8e6bbf", "#7b8a94", "#c9d1d6")
"""Parts of a whole, in order."""
LABEL_WIDTH = 26
LEAST_SHARE_TOLD = 0.045
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
        height = 1.0 + len(labels) * (ROW_IN + 0.1 * (len(groups) - 1))
        figure = Figure(figsize=(WIDTH_IN, height), facecolor=style.PAGE)
        ax = figure.subplots(gridspec_kw={"left": 0.33, "right": 0.97, "top": 1 - 0.42 / height, "bottom": 0.35 / height})
        prepare(ax)
        step = 0.62 / max(1, len(groups))
        for k, group in enumerate(groups):
            mine = [bar for bar in bars if bar.group == group]
            y = [labels.index(b.label) + (k - (len(groups) - 1) / 2) * step for b in mine]
            for at, bar in zip(y, mine, strict=True):
                if bar.low is not None and bar.high is not None:
                    ax.plot([bar.low, bar.high], [at, at], color=look(k + 1)["color"], lw=1.8, solid_capstyle="butt")
            ax.scatter([b.value for b in mine], y, s=26, zorder=4, label=named(group), **look(k + 1))
        ax.axvline(0, color=style.TEXT, lw=0.9)
        ax.set_ylim(len(labels) - 0.4, -0.6)
        ax.set_yticks(range(len(labels)), labels, color=style.TEXT)
        ax.grid(visible=False, axis="y")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: change(value)))
        ax.set_title(zero, fontsize=8.5, color=style.QUIET, loc="left", pad=18 if len(groups) > 1 else 6)
        if len(groups) > 1:
            ax.legend(
                loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(groups), frameon=False, fontsize=8.5, borderpad=0,
                labelcolor=style.TEXT, handletextpad=0.2,
            )  # fmt: skip
        reach = min(2.0, max([0.1, *(abs(v) for b in bars for v in (b.low, b.high, b.value) if v is not None)]))
        ax.set_xlim(-min(1.05, reach * 1.05), reach * 1.05)
        return figure


def share_figure(rows: Sequence[tuple[str, Sequence[float]]], parts: Sequence[str]) -> Figure:
    """Return one bar per row, cut into shares of a whole (negative shares are left out of the bar)."""
    with style.settings():
        height = 0.75 + 0.42 * len(rows)
        figure = Figure(figsize=(WIDTH_IN, height), facecolor=style.PAGE)
        ax = figure.subplots(gridspec_kw={"left": 0.26, "right": 0.985, "top": 0.99, "bottom": 0.62 / height})
        start = np.zeros(len(rows))
        for k, part in enumerate(parts):
            values = np.array([max(0.0, shares[k]) for _, shares in rows])
            colour = SHARE_COLOURS[k % len(SHARE_COLOURS)]
            ax.barh(range(len(rows)), values, left=start, color=colour, height=0.62, label=part, edgecolor=style.PAGE)
            for at, value in enumerate(values):
                if value >= LEAST_SHARE_TOLD:
                    ax.text(start[at] + value / 2, at, percent(value), ha="center", va="center", fontsize=8,
                            color=style.TEXT if k in (3, 6) else style.PAGE)  # fmt: skip
            start += values
        _clean(ax, [folded(label) for label, _ in rows])
        ax.set_xlim(0, max(1.0, float(start.max())))
        ax.set_xticks([])
        _key(ax, len(parts))
        return figure


def money_figure(rows: Sequence[tuple[str, Sequence[float]]], payers: Sequence[str], unit: str) -> Figure:
    """Return one bar per row, cut into what each payer bears."""
    with style.settings():
        height = 0.95 + 0.42 * len(rows)
        figure = Figure(figsize=(WIDTH_IN, height), facecolor=style.PAGE)
        ax = figure.subplots(gridspec_kw={"left": 0.26, "right": 0.9, "top": 0.99, "bottom": 0.85 / height})
        start = np.zeros(len(rows))
        for k, payer in enumerate(payers):
            values = np.array([costs[k] for _, costs in rows])
            colour = SHARE_COLOURS[(k + 1) % len(SHARE_COLOURS)]
            ax.barh(range(len(rows)), values, left=start, color=colour, height=0.62, label=payer, edgecolor=style.PAGE)
            start += values
        for at, value in enumerate(start):
            ax.text(value, at, f"  {number(float(value))}", va="center", fontsize=8.5, color=style.TEXT, fontweight="bold")
        _clean(ax, [folded(label) for label, _ in rows])
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
        ax.xaxis.set_major_locator(MaxNLocator(5))
        ax.set_xlim(0, max(1.0, 1.12 * float(start.max())))
        ax.set_xlabel(unit, fontsize=8.5, color=style.QUIET)
        _key(ax, len(payers), below=-0.48 / (height - 0.95 + 0.1))
        return figure


def series_figure(
    first: date, lines: Sequence[tuple[str, Array, str]], shaded: Sequence[tuple[date, date, str]]
) -> Figure:
    """Return daily counts, one panel each: the days thin, the mean of the last seven bold, interventions shaded."""
    with style.settings():
        figure = Figure(figsize=(WIDTH_IN, 0.5 + 1.15 * len(lines)), facecolor=style.PAGE)
        panels = figure.subplots(
            len(lines), 1, sharex=True, squeeze=False,
            gridspec_kw={"left": 0.075, "right": 0.985, "top": 0.95, "bottom": 0.09, "hspace": 0.45},
        )[:, 0]  # fmt: skip
        days = np.array([float(date2num(first + timedelta(days=k))) + 0.5 for k in range(len(lines[0][1]))])  # type: ignore[no-untyped-call]
        for ax, (title, values, colour) in zip(panels, lines, strict=True):
            prepare(ax)
            ax.grid(visible=False, axis="x")
            ax.plot(days, values, color=colour, lw=0.6, alpha=0.35)
            ax.plot(days, trailing_mean(values), color=colour, lw=1.8)
            ax.set_ylim(0, max(1.0, 1.1 * float(np.nanmax(values))))
            ax.yaxis.set_major_locator(MaxNLocator(3))
            ax.set_title(title, fontsize=9, fontweight="bold", color=style.TEXT, loc="left", pad=4)
            for start, end, _ in shaded:
                ax.axvspan(*(float(date2num(day)) for day in (start, end)), color=style.SHADE, alpha=0.6, lw=0, zorder=0)  # type: ignore[no-untyped-call]
        for start, _, name in shaded[:3]:
            panels[0].text(float(date2num(start)), 1.02, name, transform=panels[0].get_xaxis_transform(), fontsize=8,  # type: ignore[no-untyped-call]
                           color=style.SHADE_TEXT, fontweight="bold", va="bottom", parse_math=False)  # fmt: skip
        panels[-1].set_xlim(days[0] - 0.5, days[-1] + 0.5)
        panels[-1].xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=8))  # type: ignore[no-untyped-call]
        panels[-1].xaxis.set_major_formatter(DateFormatter("%Y-%m-%d"))  # type: ignore[no-untyped-call]
        return figure


def folded(label: str) -> str:
    """Return a label on two lines at most."""
    lines = textwrap.wrap(label, LABEL_WIDTH)
    return "\n".join(lines if len(lines) <= 2 else [lines[0], f"{lines[1]} …"])


def _clean(ax: Axes, labels: Sequence[str]) -> None:
    ax.set_yticks(range(len(labels)), labels, color=style.TEXT, fontsize=8.5)
    ax.invert_yaxis()
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, colors=style.QUIET, labelsize=8.5)


def _key(ax: Axes, n: int, below: float = -0.04) -> None:
    ax.legend(
        loc="upper left", bbox_to_anchor=(-0.33, below), ncols=min(n, 4), frameon=False, fontsize=8.2,
        labelcolor=style.TEXT, handlelength=1.0, handletextpad=0.4, columnspacing=1.1, borderpad=0,
    )  # fmt: skip
