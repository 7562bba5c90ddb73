"""The series: how a run's market went day by day; and the two pictures of a run, `map.png` and `series.png`."""

import math
from datetime import date, timedelta

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from odssim.core.types import Array
from odssim.drawing import style
from odssim.drawing.charts import SMOOTH_DAYS, day_number, trailing_mean
from odssim.language import marked, say
from odssim.language.names import city_title, period
from odssim.language.written import change, number
from odssim.observe.result import RunResult
from odssim.report.run.map_figure import map_figure

RECORDS_SMOOTH_DAYS = 28
"""Recorded sales and arrests are too few a day for a weekly mean."""
WIDTH_IN, HEIGHT_IN = 10.0, 10.6
LEFT, RIGHT, TOP, BOTTOM = 0.075, 0.842, 0.9, 0.055
PANEL_HEIGHTS = (1.0, 0.75, 1.0, 0.8, 1.15)
HALF_RANGE_PRICE = 0.10
"""The price axis always shows at least this change up and down, so that noise does not look like news."""
MOST_NAMES = 5
"""Interventions named in the picture; further ones are shaded and counted."""
LOG_FLOOR = 0.1
"""Lowest value a day that the log panel always shows."""
MARGIN = 0.018
"""Kept free at the right edge, and between panel and words; share of the width."""
END = "end"
"""Id of the words beside a panel."""
HALF_DAY = 0.5
"""A day's value is drawn at its noon."""


def series_figure(result: RunResult) -> Figure:
    """Return the panels over time: deals, price, sellers, what police recorded."""
    with style.settings():
        figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), facecolor=style.PAGE)
        panels = list(figure.subplots(5, 1, sharex=True, height_ratios=PANEL_HEIGHTS))
        figure.subplots_adjust(left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM, hspace=0.42)
        for ax in panels:
            _prepare(ax)
        noon = np.array([day_number(day) + HALF_DAY for day in result.days])
        series = result.city_series
        _draw_count(panels[0], noon, series["open_deals"], style.OPEN, say("Open deals a day"))
        _draw_count(panels[1], noon, series["hidden_deals"], style.HIDDEN, say("Hidden deals a day (by phone)"))
        _draw_prices(panels[2], noon, result)
        _draw_count(panels[3], noon, series["sellers_active"], style.SELLERS, say("Sellers at work that day"))
        _draw_records(panels[4], noon, series)
        _shade_interventions(panels, result)
        _set_dates(panels[-1], result.days)
        _write_header(figure, result)
        _make_room(figure, panels)
        return figure


def relative_to_start(values: Array, n_days: int = SMOOTH_DAYS) -> Array:
    """Return the change relative to the mean of the first `n_days`; all NaN unless that mean is positive."""
    start = values[:n_days]
    start = start[~np.isnan(start)]
    if not len(start) or start.mean() <= 0:
        return np.full(len(values), np.nan)
    return values / start.mean() - 1


def _prepare(ax: Axes) -> None:
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(style.QUIET)
    ax.grid(axis="y", color=style.GRID, lw=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(colors=style.QUIET, length=0, labelsize=8.5)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))


def _head(ax: Axes, text: str) -> None:
    ax.set_title(text, loc="left", fontsize=10, fontweight="bold", color=style.TEXT, pad=6)


def _draw_count(ax: Axes, noon: Array, values: Array, colour: str, title: str) -> None:
    """Draw a daily count faintly, its 7-day mean boldly, from zero."""
    _head(ax, title)
    smooth = trailing_mean(values)
    ax.plot(noon, values, color=colour, lw=0.7, alpha=0.32)
    ax.plot(noon, smooth, color=colour, lw=2.0, marker="o" if len(noon) == 1 else "")
    ax.set_ylim(0, max(1.0, 1.12 * float(values.max())))
    ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    _label_ends(ax, noon, [(float(smooth[-1]), number(float(smooth[-1])), colour)])


def _draw_prices(ax: Axes, noon: Array, result: RunResult) -> None:
    """Draw each substance's median price relative to the first week."""
    _head(ax, say("Sellers' median price, change since the first week"))
    reach, labels = HALF_RANGE_PRICE, []
    for name in result.scenario.substances:
        relative = trailing_mean(relative_to_start(result.city_series[f"price_{name}_sek"]))
        if np.isnan(relative).all():
            continue
        colour = style.SUBSTANCE_COLOUR[name]
        ax.plot(noon, relative, color=colour, lw=1.8, marker="o" if len(noon) == 1 else "")
        last = float(relative[~np.isnan(relative)][-1])
        labels.append((last, f"{say(name)} {change(last)}", colour))
        reach = max(reach, float(np.nanmax(np.abs(relative))))
    ax.axhline(0, color=style.QUIET, lw=0.8)
    ax.set_ylim(-1.15 * reach, 1.15 * reach)
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: change(value).replace("±", "")))
    _label_ends(ax, noon, labels)


def _draw_records(ax: Axes, noon: Array, series: dict[str, Array]) -> None:
    """Draw all deals beside what police records show, on a log scale."""
    _head(ax, say("What took place and what police recorded, a day (28-day mean, log scale)"))
    lines = (
        (series["open_deals"] + series["hidden_deals"], style.ALL_DEALS, marked("deals")),
        (series["recorded_sale"], style.RECORDED, marked("recorded sales")),
        (series["arrests"], style.ARRESTS, marked("arrests of sellers")),
    )
    labels, shown = [], []
    for values, colour, name in lines:
        smooth = trailing_mean(values, RECORDS_SMOOTH_DAYS)
        smooth[smooth <= 0] = np.nan
        dashes = "--" if name.startswith("arrests") else "-"
        ax.plot(noon, smooth, color=colour, lw=1.8, ls=dashes, marker="o" if len(noon) == 1 else "")
        seen = smooth[~np.isnan(smooth)]
        shown.extend(seen.tolist())
        if len(seen):
            text = say("{name}\nmean {n} a day", name=say(name), n=number(float(values.mean())))
            labels.append((float(seen[-1]), text, colour))
        else:
            labels.append((LOG_FLOOR, say("no {name}", name=say(name)), colour))
    ax.set_yscale("log")
    ax.set_ylim(min([LOG_FLOOR, *shown]) / 1.5, max([10.0, *shown]) * 2.5)
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    _label_ends(ax, noon, labels)


def _label_ends(ax: Axes, noon: Array, labels: list[tuple[float, str, str]]) -> None:
    """Write (height, text, colour) to the right of the panel, pushed apart where they would overlap."""
    low, high = ax.get_ylim()
    is_log = ax.get_yscale() == "log"
    lines = max((text.count("\n") + 1 for _, text, _ in labels), default=1)
    panel_in = ax.get_position().height * HEIGHT_IN
    gap = 0.165 * lines / panel_in
    place = 0.0
    for value, text, colour in sorted(labels):
        share = (math.log(value / low) / math.log(high / low)) if is_log else (value - low) / (high - low)
        place = max(float(share), place + gap if place else float(share))
        ax.text(
            1.008, place, text, transform=ax.transAxes, color=colour, fontsize=9, va="center",
            fontweight="bold", linespacing=1.15, gid=END,
        )  # fmt: skip


def _make_room(figure: Figure, panels: list[Axes]) -> None:
    """Move the panels' right edge in until the widest words beside them fit, and turn back names that leave the panel."""
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    words = [text for ax in panels for text in ax.texts]
    widest = max((text.get_window_extent(renderer).width for text in words if text.get_gid() == END), default=0.0)
    figure.subplots_adjust(right=min(RIGHT, 1 - MARGIN - widest / figure.bbox.width))
    for text in words:
        if text.get_gid() != END and text.get_window_extent(renderer).x1 > panels[0].bbox.x1:
            text.set_horizontalalignment("right")
            text.set_x(panels[0].get_xlim()[1])


def _shade_interventions(panels: list[Axes], result: RunResult) -> None:
    """Shade the days of each intervention in every panel and name it in the first."""
    first, end = result.days[0], result.days[-1] + timedelta(days=1)
    ran = [(max(first, spec.start), min(end, spec.end), spec.id) for spec in result.scenario.interventions]
    shown = [(day_number(start), day_number(stop), name) for start, stop, name in ran if start < stop]
    for row, (start, stop, name) in enumerate(shown):
        for ax in panels:
            ax.axvspan(start, stop, color=style.SHADE, alpha=0.55, lw=0, zorder=0)
        if row < MOST_NAMES:
            is_last = row == MOST_NAMES - 1 and len(shown) > MOST_NAMES
            text = say("{name} and {n} more", name=name, n=len(shown) - MOST_NAMES) if is_last else name
            panels[0].text(
                start, 0.05 + 0.115 * row, f" {text}", transform=panels[0].get_xaxis_transform(),
                fontsize=8.5, color=style.SHADE_TEXT, fontweight="bold", va="bottom", parse_math=False,
            )  # fmt: skip


def _set_dates(ax: Axes, days: list[date]) -> None:
    ax.set_xlim(day_number(days[0]), day_number(days[-1] + timedelta(days=1)))
    locator = AutoDateLocator(minticks=3, maxticks=12)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _write_header(figure: Figure, result: RunResult) -> None:
    title = say("Modelled drug market, {city}, {period}", city=city_title(result.city.name), period=period(result.days))
    how = say("Thin lines: days; thick lines: mean of the last {n} days.", n=SMOOTH_DAYS)
    line = say("{name}, seed {seed}. {how}", name=result.scenario.name, seed=result.seed, how=how)
    style.write_header(figure, (LEFT, 0.977, 0.950), title, line)


PICTURES = {"map.png": style.drawn(map_figure), "series.png": style.drawn(series_figure)}
"""File names of a run's pictures and what draws them."""
