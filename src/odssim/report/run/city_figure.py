"""A map of one's own city as the model sees it: land, districts, stations, places, residents."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from odssim.city.city import PLACE_TYPES, City
from odssim.drawing import style
from odssim.drawing.paper_maps import LAND, RAIL, SHORE, WATER
from odssim.drawing.terrain import draw_ground, raster_extent
from odssim.language import say
from odssim.language.written import grouped

COLOURS = {
    "metro": "#30638e", "commuter_rail": "#00798c", "local_rail": "#8e6bbf", "square": "#d1495b", "centre": "#edae49",
    "park": "#2a9d5c", "health_centre": "#22303a",
}  # fmt: skip
WIDTH_IN, HEAD_IN, FOOT_IN = 9.0, 0.75, 0.55
MOST_NAMES = 40
"""Above this number of named places the names would hide the map."""


def city_figure(city: City) -> Figure:
    """Return the map."""
    extent = west, east, south, north = raster_extent(city)
    height = WIDTH_IN * (north - south) / (east - west)
    total = HEAD_IN + height + FOOT_IN
    with style.settings():
        figure = Figure(figsize=(WIDTH_IN, total), facecolor=style.PAGE)
        ax = figure.add_axes((0.0, FOOT_IN / total, 1.0, height / total))
        draw_ground(ax, city, extent, (WATER, LAND, SHORE))
        people = np.zeros(city.width * city.height)
        people[city.place_cell] = city.residents.sum(axis=(1, 2))
        shown = np.ma.masked_less(people.reshape(city.height, city.width), 1)
        ax.imshow(shown, extent=extent, origin="lower", cmap="Greys", alpha=0.45, zorder=2,
                  vmax=max(1.0, 1.5 * float(people.max())), aspect="auto")  # fmt: skip
        _links(ax, city)
        x, y = city.place_xy_m()
        handles = []
        for kind, colour in COLOURS.items():
            mine = np.flatnonzero(city.place_type == PLACE_TYPES.index(kind))
            if len(mine):
                ax.scatter(x[mine], y[mine], s=34, color=colour, edgecolors=style.PAGE, linewidths=0.8, zorder=5)
                label = f"{say(kind.replace('_', ' '))} ({len(mine)})"
                handles.append(Line2D([], [], ls="none", marker="o", color=colour, label=label))
        named = np.flatnonzero(city.place_type != PLACE_TYPES.index("street"))
        for place in named if len(named) <= MOST_NAMES else ():
            ax.annotate(city.place_name[place], (x[place], y[place]), xytext=(5, 3), textcoords="offset points", fontsize=7,
                        color=style.TEXT, zorder=6, parse_math=False)  # fmt: skip
        figure.legend(handles=handles, loc="lower left", ncols=7, frameon=False, fontsize=8, bbox_to_anchor=(0.01, 0.0))
        line = say(
            "{people} inhabitants in {districts} districts, {places} street cells of {m} m; darker cells: more inhabitants",
            people=grouped(float(people.sum())), districts=len(city.districts), places=grouped(city.n_places), m=city.cell_m,
        )  # fmt: skip
        style.write_header(figure, (0.015, 1 - 0.2 / total, 1 - 0.5 / total), city.name, line)
        return figure


def _links(ax: Axes, city: City) -> None:
    """Draw the rail lines straight from station to station."""
    for edge in city.rail.edges:
        ends = [city.grid.centre_of(city.stations[s].cell) if city.stations[s].cell >= 0
                else (city.stations[s].x_m, city.stations[s].y_m) for s in edge]  # fmt: skip
        ax.plot(*zip(*ends, strict=True), color=RAIL, lw=1.4, zorder=4)
