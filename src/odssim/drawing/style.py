"""Colours, fonts and saving, the same for every picture.

Pictures are drawn with Matplotlib's objects on its own raster canvas: no window, no global figure, and the
same run gives the same bytes. Colours differ in lightness too, for colour-blind readers and grey print.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from odssim.language import marked

DPI = 150
SETTINGS: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],  # comes with Matplotlib: the same letters on every machine
    "font.size": 9.0,
    "axes.unicode_minus": True,
    "path.simplify": True,
    "text.usetex": False,
    "timezone": "UTC",
}

NIGHT_WATER = "#0d2a45"
NIGHT_NEIGHBOUR = "#1a2126"
NIGHT_LAND = "#38434a"
NIGHT_SHORE = "#55636c"
NIGHT_PAGE = "#0b1014"
NIGHT_TEXT = "#e8edf0"
NIGHT_QUIET = "#9fb0ba"
STATION = "#d5dee3"
SCENE_RING = "#ffffff"
TARGET = "#4fd3ff"
TRACK_STYLE = {
    "metro": ("#7c9db3", 1.3, "solid"),
    "commuter_rail": ("#9a958c", 1.6, (0, (6, 1.5))),
    "light_rail": ("#84907f", 1.0, "solid"),
    "tram": ("#84907f", 1.0, (0, (1.2, 1.4))),
}
"""Colour, width (points) and dashes of the rails by mode."""
TRACK_LABEL = {
    "metro": marked("metro"),
    "commuter_rail": marked("commuter rail"),
    "light_rail": marked("light rail"),
    "tram": marked("tram"),
}

PAGE = "#ffffff"
TEXT = "#22303a"
QUIET = "#6b7a84"
GRID = "#e4e9ec"
SHADE = "#f3e3c2"
SHADE_TEXT = "#8a6d2f"
OPEN = "#d1495b"
HIDDEN = "#30638e"
SELLERS = "#00798c"
RECORDED = "#b8860b"
ARRESTS = "#22303a"
ALL_DEALS = "#7b8a94"
SUBSTANCE_COLOUR = {"cannabis": "#2a9d5c", "amphetamine": "#8e6bbf", "cocaine": "#1f6fb4", "heroin": "#c8553d"}


@contextmanager
def settings() -> Iterator[None]:
    """Draw with this package's fonts and settings, whatever the user's own are."""
    with matplotlib.rc_context(SETTINGS):
        yield


def write_header(
    figure: Figure, at: tuple[float, float, float], title: str, line: str, ink: str = TEXT, quiet: str = QUIET
) -> None:
    """Write a picture's title and the line below it, both as small as their length asks; `at` is (left, title, line)."""
    size, small = min(15.0, 15.0 * 74 / len(title)), min(10.0, 10.0 * 115 / len(line))
    figure.text(*at[:2], title, fontsize=size, fontweight="bold", color=ink, va="top", parse_math=False, gid="title")
    figure.text(at[0], at[2], line, fontsize=small, color=quiet, va="top", parse_math=False, gid="subtitle")


def save(figure: Figure, path: Path | BinaryIO) -> None:
    """Write a figure as PNG; equal figures give equal bytes."""
    with settings():
        FigureCanvasAgg(figure)
        figure.savefig(path, format="png", dpi=DPI, facecolor=figure.get_facecolor(), metadata={"Software": None})


def drawn[T](figure_of: Callable[[T], Figure]) -> Callable[[T, Path], None]:
    """Return what writes the figure of something as PNG to a path, drawn with `settings`."""

    def write(found: T, path: Path) -> None:
        with settings():
            figure = figure_of(found)
        save(figure, path)

    return write
