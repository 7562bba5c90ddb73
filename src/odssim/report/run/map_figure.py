"""The map: where the modelled open deals of a run took place.

It shows what the model produced, never a list of real scenes: no place is named on it, and its title says so.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from odssim.analysis.decision.cost_effect import round_up
from odssim.core.types import Array
from odssim.drawing import style, terrain
from odssim.drawing.terrain import Extent
from odssim.language import say
from odssim.language.names import city_title, period
from odssim.language.written import counted, number
from odssim.observe.result import RunResult
from odssim.report.run.map_legend import EDGE_IN, FOOTER_IN, GLOW_COLOURS, HEADER_IN, WIDTH_IN, draw_footer, ring_area

MANY_TARGETS = 200
"""Above this number the marks of programmes' places are small."""


def map_figure(result: RunResult) -> Figure:
    """Return the map of a run."""
    with style.settings():
        view = terrain.view_of(result.city, _must_show(result))
        map_in = WIDTH_IN - 2 * EDGE_IN
        height_in = map_in * (view[3] - view[2]) / (view[1] - view[0])
        figure = Figure(figsize=(WIDTH_IN, HEADER_IN + height_in + FOOTER_IN), facecolor=style.NIGHT_PAGE)
        total = HEADER_IN + height_in + FOOTER_IN
        ax = figure.add_axes((EDGE_IN / WIDTH_IN, FOOTER_IN / total, map_in / WIDTH_IN, height_in / total))
        terrain.draw_ground(ax, result.city, view, (style.NIGHT_WATER, style.NIGHT_LAND, style.NIGHT_SHORE))
        _draw_neighbours(ax, result)
        _draw_rails(ax, result)
        top = _draw_glow(ax, result, view)
        _draw_scenes(ax, result)
        _draw_scale_bar(ax, view)
        _write_header(figure, result, total)
        draw_footer(figure, result, top, total)
        return figure


def _must_show(result: RunResult) -> Array:
    """Return the places that the map may not cut off: scenes and places of programmes."""
    shown = {place for scene in result.scenes for place in scene.cells} | set(result.targets)
    return np.array(sorted(shown), dtype=np.int64)


def _draw_neighbours(ax: Axes, result: RunResult) -> None:
    around = terrain.surroundings(result.city)
    if around is not None:
        land, extent = around
        levels = (terrain.NEIGHBOUR_LEVEL, 2.0)
        ax.contourf(terrain.coast(land), levels=levels, extent=extent, colors=[style.NIGHT_NEIGHBOUR], zorder=0.9)


def _draw_rails(ax: Axes, result: RunResult) -> None:
    for mode, points in result.city.tracks:
        colour, width, dashes = style.TRACK_STYLE[mode]
        ax.plot(points[:, 0], points[:, 1], color=colour, lw=width, ls=dashes, zorder=2)
    x, y = [s.x_m for s in result.city.stations], [s.y_m for s in result.city.stations]
    ax.scatter(x, y, s=7, color=style.NIGHT_LAND, edgecolors=style.STATION, linewidths=0.6, zorder=3)


def _draw_glow(ax: Axes, result: RunResult, view: Extent) -> float:
    """Draw the open deals a day and hectare on a log scale; return the top of that scale."""
    per_day = result.place_totals["open_deals"] / len(result.days)
    surface = terrain.glow(result.city, per_day, view[1] - view[0])
    top = max(1.0, round_up(float(surface.max())))
    terrain.draw_glow(ax, result.city, surface, GLOW_COLOURS, terrain.glow_norm(top))
    return top


def _draw_scenes(ax: Axes, result: RunResult) -> None:
    """Draw a ring around each scene and a mark at each place where a programme worked."""
    x, y = result.city.place_xy_m()
    for scene in result.scenes:
        cells = list(scene.cells)
        ax.scatter(
            x[cells].mean(), y[cells].mean(), s=ring_area(scene.open_deals_per_day), zorder=6,
            facecolors="none", edgecolors=style.SCENE_RING, linewidths=1.2,
        )  # fmt: skip
    targets = sorted(result.targets)
    size = 26 if len(targets) <= MANY_TARGETS else 6
    ax.scatter(
        x[targets], y[targets], s=size, marker="D", color=style.TARGET, edgecolors=style.NIGHT_PAGE, linewidths=0.8, zorder=7
    )


def _draw_scale_bar(ax: Axes, view: Extent) -> None:
    """Draw a bar of a round length near a sixth of the view's width, south-west."""
    width = view[1] - view[0]
    length = round_up(width / 12)
    x, y = view[0] + 0.03 * width, view[2] + 0.03 * width
    ax.plot([x, x + length], [y, y], color=style.NIGHT_TEXT, lw=2, solid_capstyle="butt", zorder=8)
    text = f"{number(length / 1000)} km" if length >= 1000 else f"{number(length)} m"
    middle = x + length / 2
    ax.text(middle, y + 0.008 * width, text, color=style.NIGHT_TEXT, ha="center", va="bottom", zorder=8)


def map_title(result: RunResult) -> str:
    """Return the map's title; it always says that no real scene is shown."""
    return say(
        "Modelled open drug activity, {city}, {period}: no real scenes",
        city=city_title(result.city.name),
        period=period(result.days),
    )


def _write_header(figure: Figure, result: RunResult, total_in: float) -> None:
    title = map_title(result)
    per_day = result.place_totals["open_deals"].sum() / len(result.days)
    scenes = counted(len(result.scenes), "{n} modelled scene", "{n} modelled scenes")
    line = say(
        "{name}, seed {seed}: {n} open deals a day, {scenes} at the end",
        name=result.scenario.name, seed=result.seed, n=number(per_day), scenes=scenes,
    )  # fmt: skip
    at = EDGE_IN / WIDTH_IN, 1 - 0.24 / total_in, 1 - 0.58 / total_in
    style.write_header(figure, at, title, line, style.NIGHT_TEXT, style.NIGHT_QUIET)
