"""Maps for paper: where open deals take place before, after, and what differs; always said to be modelled."""

import textwrap
from collections.abc import Collection, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, SymLogNorm
from matplotlib.figure import Figure

from odssim.analysis.decision.cost_effect import round_up
from odssim.city.city import City
from odssim.core.types import Array
from odssim.drawing import style, terrain
from odssim.drawing.terrain import GLOW_FROM, MAX_ASPECT, MIN_ASPECT, Extent, glow_norm, raster_extent
from odssim.language import say
from odssim.language.written import signed

LAND, WATER, SHORE, RAIL = "#f2f0ea", "#cfe3ee", "#b6c4cc", "#9aa5ab"
LONGEST_HEAD = 40
SHARE_SHOWN, MARGIN, LEAST_SHOWN = 0.97, 0.15, 0.3
"""Share of the deals that the maps show, margin around them, and the least share of the city's extent in view."""
WIDTH_IN, HEAD_IN, FOOT_IN = 10.0, 0.42, 0.62
ACTIVITY = LinearSegmentedColormap.from_list(
    "activity", [(0.0, "#fff3b200"), (0.2, "#fed976d0"), (0.45, "#fd8d3cf0"), (0.7, "#e31a1c"), (1.0, "#5c0011")]
)
"""Light to dark on paper; the faintest activity is transparent."""
CHANGE = LinearSegmentedColormap.from_list(
    "change", [(0.0, "#2166ac"), (0.3, "#67a9cf"), (0.5, "#ffffff00"), (0.7, "#ef8a62"), (1.0, "#b2182b")]
)
"""Blue is fewer, red is more: told apart by colour-blind readers too."""


def triptych(city: City, before: Array, after: Array, titles: Sequence[str], targets: Collection[int]) -> Figure:
    """Return three maps on one scale: before, after, and the difference.

    Parameters
    ----------
    before, after
        Open deals a day at each place, float64[P].
    titles
        What stands above each of the three.
    targets
        Places (indices) where interventions work.
    """
    view = close_view(city, before + after, targets)
    width = view[1] - view[0]
    surfaces = [terrain.glow(city, deals, width) for deals in (before, after)]
    top = max(1.0, round_up(max(float(s.max()) for s in surfaces)))
    change = surfaces[1] - surfaces[0]
    reach = max(GLOW_FROM * 5, round_up(float(np.abs(change).max())))
    with style.settings():
        panel = (WIDTH_IN - 0.2) / 3
        height = panel * (view[3] - view[2]) / width
        figure = Figure(figsize=(WIDTH_IN, HEAD_IN + height + FOOT_IN), facecolor=style.PAGE)
        total = HEAD_IN + height + FOOT_IN
        norms = (glow_norm(top), glow_norm(top), SymLogNorm(GLOW_FROM * 5, vmin=-reach, vmax=reach))
        for k, (surface, norm) in enumerate(zip((*surfaces, change), norms, strict=True)):
            left = (k * (panel + 0.1)) / WIDTH_IN
            ax = figure.add_axes((left, FOOT_IN / total, panel / WIDTH_IN, height / total))
            _ground(ax, city, view)
            terrain.draw_glow(ax, city, surface, ACTIVITY if k < 2 else CHANGE, norm)
            if k == 2:
                _targets(ax, city, targets)
            head = say("Modelled: {what}", what=titles[k])
            lines = textwrap.wrap(head, LONGEST_HEAD)
            size = 9.5 if len(lines) == 1 else 8.5
            ax.set_title(
                "\n".join(lines[:2]), fontsize=size, fontweight="bold", color=style.TEXT, loc="left", parse_math=False
            )
        low, height = 0.34 / total, 0.11 / total
        look = {"ink": style.QUIET, "ground": style.PAGE}
        terrain.draw_scale(figure, (0.02, low, 0.29, height), ACTIVITY, norms[0], terrain.powers(top),
                           what=say("open deals a day and hectare, smoothed"), **look)  # fmt: skip
        ticks = {value: signed(value) for value in (-reach, 0.0, reach)}
        what = say("open deals a day and hectare: fewer or more")
        terrain.draw_scale(figure, (2 / 3 + 0.02, low, 1 / 3 - 0.05, height), CHANGE, norms[2], ticks, what=what, **look)
        return figure


def close_view(city: City, deals: Array, targets: Collection[int]) -> Extent:
    """Return the part of the city to show: nearly all deals and every place worked at, with a margin."""
    order = np.argsort(-deals, kind="stable")
    enough = int(np.searchsorted(np.cumsum(deals[order]), SHARE_SHOWN * deals.sum())) + 1
    shown = sorted({*order[:enough].tolist(), *targets})
    sides = []
    for position, length in zip(city.place_xy_m(), raster_extent(city)[1::2], strict=True):
        low, high = float(position[shown].min()), float(position[shown].max())
        reach = max((high - low) * (0.5 + MARGIN), LEAST_SHOWN * length / 2)
        sides.append(((low + high) / 2 - reach, (low + high) / 2 + reach))
    (west, east), (south, north) = sides
    wider = max(0.0, (north - south) / MAX_ASPECT - (east - west)) / 2
    higher = max(0.0, (east - west) * MIN_ASPECT - (north - south)) / 2
    return west - wider, east + wider, south - higher, north + higher


def _ground(ax: Axes, city: City, view: Extent) -> None:
    terrain.draw_ground(ax, city, view, (WATER, LAND, SHORE))
    for _, points in city.tracks:
        ax.plot(points[:, 0], points[:, 1], color=RAIL, lw=0.6, zorder=2)
    x, y = [s.x_m for s in city.stations], [s.y_m for s in city.stations]
    ax.scatter(x, y, s=3, color=style.PAGE, edgecolors=RAIL, linewidths=0.5, zorder=3)


def _targets(ax: Axes, city: City, targets: Collection[int]) -> None:
    x, y = city.place_xy_m()
    chosen = sorted(targets)
    ax.scatter(x[chosen], y[chosen], s=34, marker="D", facecolors="none", edgecolors="#00556e", linewidths=1.1, zorder=6)
