"""Measures and scales that the map and its legend share."""

import math

from matplotlib.colors import LinearSegmentedColormap, LogNorm

WIDTH_IN, HEADER_IN, FOOTER_IN, EDGE_IN = 10.0, 0.95, 1.3, 0.3
GLOW_FROM = 0.02
"""Open deals a day and hectare below which nothing glows."""
GLOW_COLOURS = LinearSegmentedColormap.from_list(
    "glow",
    [(0.0, "#3b1f5600"), (0.18, "#5a2a72b0"), (0.4, "#a8326fe6"), (0.62, "#ee5b3a"), (0.82, "#fdb42f"),
     (1.0, "#fffbe0")],
)  # fmt: skip
"""Dark violet to near white, its lightness rising all the way; the faintest activity is transparent."""
RING_AREA, RING_AREA_PER_DEAL = 50.0, 1.8
"""Area (square points) of a scene's ring: the smallest, and what each open deal a day adds."""
LARGEST_RING_AREA = 500.0


def glow_norm(top: float) -> LogNorm:
    """Return the log scale of the glow up to `top` open deals a day and hectare."""
    return LogNorm(GLOW_FROM, top, clip=True)


def ring_area(deals_per_day: float) -> float:
    """Return the area of a scene's ring in square points; it stops growing where it would hide the map."""
    return min(LARGEST_RING_AREA, RING_AREA + RING_AREA_PER_DEAL * deals_per_day)


def nice_above(value: float) -> float:
    """Return the smallest 1, 2 or 5 times a power of ten that is not below `value` (1 for 0)."""
    if value <= 0:
        return 1.0
    power = math.pow(10.0, math.floor(math.log10(value)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))
