"""What stands below the map: colour scale, legends, notice; measures and scales that the map shares."""

import math

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from odssim.analysis.decision.cost_effect import round_up
from odssim.drawing import style
from odssim.drawing.terrain import draw_scale, glow_norm, powers, surroundings
from odssim.language import say
from odssim.language.written import number
from odssim.observe.result import RunResult

WIDTH_IN, HEADER_IN, FOOTER_IN, EDGE_IN = 10.0, 0.95, 1.3, 0.3
GLOW_COLOURS = LinearSegmentedColormap.from_list(
    "glow",
    [(0.0, "#3b1f5600"), (0.18, "#5a2a72b0"), (0.4, "#a8326fe6"), (0.62, "#ee5b3a"), (0.82, "#fdb42f"), (1.0, "#fffbe0")],
)
"""Dark violet to near white, its lightness rising all the way; the faintest activity is transparent."""
RING_AREA, RING_AREA_PER_DEAL = 50.0, 1.8
"""Area (square points) of a scene's ring: the smallest, and what each open deal a day adds."""
LARGEST_RING_AREA = 500.0


def draw_footer(figure: Figure, result: RunResult, top: float, total_in: float) -> None:
    """Draw colour scale (up to `top`), legends and notice at the foot of a figure `total_in` inches high."""
    box = EDGE_IN / WIDTH_IN, (FOOTER_IN - 0.5) / total_in, 0.29, 0.14 / total_in
    draw_scale(figure, box, GLOW_COLOURS, glow_norm(top), powers(top), ink=style.NIGHT_TEXT, ground=style.NIGHT_LAND,
               what=say("open deals a day and hectare, smoothed"))  # fmt: skip
    right = 1 - EDGE_IN / WIDTH_IN
    columns = ((0.0, 0.36, 3, 0.6, _ground_handles(result)), (1.0, right, 1, 1.3, _scene_handles(result)))
    for side, edge, n_columns, spacing, handles in columns:
        figure.legend(
            handles=handles, loc="upper right" if side else "upper left", ncols=n_columns, frameon=False, fontsize=8.3,
            bbox_to_anchor=(edge, (FOOTER_IN - 0.15) / total_in), labelcolor=style.NIGHT_TEXT,
            columnspacing=1.2, handletextpad=0.8, labelspacing=spacing, borderaxespad=0.0, borderpad=0.0,
        )  # fmt: skip
    notices = [n.text for n in result.city.notices if "OpenStreetMap" in n.text]
    figure.text(
        right, 0.14 / total_in, ". ".join(["odssim", *notices]), fontsize=7.5, ha="right",
        color=style.NIGHT_QUIET, gid="notice",
    )  # fmt: skip


def _ground_handles(result: RunResult) -> list[Line2D | Patch]:
    """Return the legend of what lies under the activity: land, water, rails."""
    has_neighbours = surroundings(result.city) is not None
    handles: list[Line2D | Patch] = [Patch(facecolor=style.NIGHT_LAND, label=say("modelled area"))]
    if has_neighbours:
        handles.append(Patch(facecolor=style.NIGHT_NEIGHBOUR, label=say("neighbours, not modelled")))
    water = say("water") if has_neighbours else say("water, or outside")
    handles.append(Patch(facecolor=style.NIGHT_WATER, label=water))
    modes = {mode for mode, _ in result.city.tracks}
    for mode in (name for name in style.TRACK_LABEL if name in modes):
        colour, width, dashes = style.TRACK_STYLE[mode]
        handles.append(Line2D([], [], color=colour, lw=width, ls=dashes, label=say(style.TRACK_LABEL[mode])))
    if result.city.stations:
        handles.append(_marker("o", 2.8, "none", style.STATION, 0.6, say("station")))
    if result.targets:
        handles.append(_marker("D", 5.0, style.TARGET, style.NIGHT_PAGE, 0.8, say("programme place")))
    return handles


def _scene_handles(result: RunResult) -> list[Line2D]:
    """Return example rings: round numbers of deals near the smallest and the largest scene's."""
    sizes = [scene.open_deals_per_day for scene in result.scenes]
    if not sizes:
        return []
    handles = []
    for deals in sorted({round_up(min(sizes)), round_up(max(sizes) / 2)}):
        size, label = math.sqrt(ring_area(deals)), say("scene, {n} a day", n=number(deals))
        handles.append(_marker("o", size, "none", style.SCENE_RING, 1.2, label))
    return handles


def _marker(shape: str, size: float, fill: str, edge: str, edge_width: float, label: str) -> Line2D:
    return Line2D([], [], ls="none", marker=shape, ms=size, mfc=fill, mec=edge, mew=edge_width, label=label)


def ring_area(deals_per_day: float) -> float:
    """Return the area of a scene's ring in square points; it stops growing where it would hide the map."""
    return min(LARGEST_RING_AREA, RING_AREA + RING_AREA_PER_DEAL * deals_per_day)
