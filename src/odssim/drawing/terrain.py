"""Rasters under the map: smooth coastlines, the land around a city, the glow of open deals."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from scipy.ndimage import gaussian_filter

from odssim.city import tables
from odssim.city.city import City
from odssim.city.grid import Grid
from odssim.core.types import Array
from odssim.language.written import number

Extent = tuple[float, float, float, float]
"""West, east, south, north in the city's metres."""
FINE = 3
"""Pixels per cell and direction, so that coasts and glow are round."""
COAST_SIGMA_CELLS = 0.5
COAST_LEVEL, NEIGHBOUR_LEVEL = 0.5, 0.2
"""Where the coast runs on the smooth surface; neighbours' coarser cells reach further, to meet the city's."""
GLOW_FROM = 0.02
"""Open deals a day and hectare below which nothing glows."""
GLOW_SHARE_OF_VIEW = 0.005
"""Smoothing of the glow (standard deviation) as a share of the view, so that one cell is seen from afar."""
GLOW_MIN_CELLS = 0.7
RESIDENTS_LEFT_OUT = 0.01
"""Share of the residents that may lie beyond each edge of the picture."""
MARGIN_SHARE = 0.12
MIN_ASPECT, MAX_ASPECT = 0.7, 1.15
SURROUNDINGS = {"stockholm-city": "stockholm-county"}
"""Shipped city whose surroundings are another shipped city's land."""


def fine_raster(raster: Array) -> Array:
    """Return float64 [FINE*height, FINE*width]: each cell repeated."""
    return np.kron(raster.astype(np.float64), np.ones((FINE, FINE)))


def coast(land: Array) -> Array:
    """Return a smooth surface over the raster whose level `COAST_LEVEL` is the coastline."""
    smooth: Array = gaussian_filter(fine_raster(land), COAST_SIGMA_CELLS * FINE, mode="nearest")
    return smooth


def raster_extent(city: City) -> Extent:
    """Return the city's frame."""
    return 0.0, float(city.width * city.cell_m), 0.0, float(city.height * city.cell_m)


def surroundings(city: City) -> tuple[Array, Extent] | None:
    """Return the land of a shipped city's neighbours, bool [rows, cols], and its extent; else None."""
    around = SURROUNDINGS.get(city.name)
    if around is None:
        return None
    grid, district, names = _land_of(around)
    others = [index for index, name in enumerate(names) if name not in city.districts]
    west, south = city.grid.to_xy(grid.lon0, grid.lat0)
    east, north = city.grid.to_xy(*grid.to_lonlat(grid.width * grid.cell_m, grid.height * grid.cell_m))
    return np.isin(district, others), (float(west), float(east), float(south), float(north))


@lru_cache(maxsize=1)
def _land_of(name: str) -> tuple[Grid, Array, list[str]]:
    """Return a shipped city's grid, the district of each of its cells, and the districts' names."""
    with as_file(files("odssim.city") / "data" / name) as folder:
        grid = tables.read_frame(folder / "frame.csv")
        district = tables.read_land(folder / "land.csv", grid)
        return grid, district, [row["name"] for row in tables.read_rows(folder / "districts.csv")]


def glow(city: City, deals_per_day: Array, view_m: float) -> Array:
    """Return open deals a day and hectare, smoothed, float64 [FINE*height, FINE*width].

    Parameters
    ----------
    city
        The city's raster.
    deals_per_day
        float64 [P].
    view_m
        Width of what the map shows; the smoothing follows it.
    """
    raster = np.zeros(city.width * city.height)
    np.add.at(raster, city.place_cell, deals_per_day)
    hectares = (city.cell_m / 100.0) ** 2
    sigma_cells = max(GLOW_MIN_CELLS, GLOW_SHARE_OF_VIEW * view_m / city.cell_m)
    fine = fine_raster(raster.reshape(city.height, city.width) / hectares)
    smooth: Array = gaussian_filter(fine, sigma_cells * FINE, mode="constant")
    return smooth


def view_of(city: City, cells_to_show: Array) -> Extent:
    """Return the part of the city to show: nearly all residents, some places for certain, a margin.

    The height is held between `MIN_ASPECT` and `MAX_ASPECT` of the width; what is added lies around.

    `city`: the city.
    `cells_to_show`: int [n] places (indices) that must be in the picture.
    """
    residents = city.residents.sum(axis=(1, 2)).astype(np.float64) + 1e-9
    sides = []
    for position in city.place_xy_m():
        order = np.argsort(position, kind="stable")
        share = np.cumsum(residents[order]) / residents.sum()
        ends = position[order][np.searchsorted(share, (RESIDENTS_LEFT_OUT, 1 - RESIDENTS_LEFT_OUT))]
        shown = np.concatenate((ends, position[cells_to_show]))
        margin = MARGIN_SHARE * (shown.max() - shown.min()) + city.cell_m
        sides.append((float(shown.min() - margin), float(shown.max() + margin)))
    (west, east), (south, north) = sides
    wider = max(0.0, (north - south) / MAX_ASPECT - (east - west)) / 2
    higher = max(0.0, (east - west) * MIN_ASPECT - (north - south)) / 2
    return west - wider, east + wider, south - higher, north + higher


def glow_norm(top: float) -> LogNorm:
    """Return the log scale of the glow up to `top` open deals a day and hectare."""
    return LogNorm(GLOW_FROM, top, clip=True)


def draw_ground(ax: Axes, city: City, view: Extent, colours: Sequence[str]) -> None:
    """Draw water, land and shore (in these colours) of a part of the city, and no axes."""
    water, land, shore = colours
    ax.set(xlim=view[:2], ylim=view[2:], xticks=[], yticks=[], facecolor=water)
    ax.spines[:].set_visible(False)
    surface, extent = coast(city.land), raster_extent(city)
    ax.contourf(surface, levels=(COAST_LEVEL, 2.0), extent=extent, colors=[land], zorder=1)
    ax.contour(surface, levels=(COAST_LEVEL,), extent=extent, colors=[shore], linewidths=0.6, zorder=1)


def draw_glow(ax: Axes, city: City, surface: Array, colours: Any, norm: Normalize) -> None:
    """Draw a surface of `glow`, or a difference of two, over the ground."""
    shown = np.maximum(surface, GLOW_FROM) if isinstance(norm, LogNorm) else surface
    ax.imshow(
        shown, extent=raster_extent(city), origin="lower", cmap=colours, norm=norm, interpolation="bilinear",
        interpolation_stage="data", zorder=4, aspect="auto",
    )  # fmt: skip


def draw_scale(figure: Figure, box: Extent, colours: Any, norm: Normalize, ticks: Mapping[float, str], **look: str) -> None:
    """Draw a colour scale below a map.

    `box`: left, bottom, width and height, shares of the figure.
    `look`: `what` it shows, colour of the `ink` and of the `ground` behind it.
    """
    ax, ink = figure.add_axes(box, facecolor=look["ground"]), look["ink"]
    figure.colorbar(ScalarMappable(norm, colours), cax=ax, orientation="horizontal")
    ax.minorticks_off()
    ax.set_xticks(list(ticks), list(ticks.values()), fontsize=8, color=ink)
    ax.tick_params(length=2, color=ink)
    ax.spines[:].set_visible(False)
    ax.set_title(look["what"], fontsize=8, color=ink, loc="left", pad=3)


def powers(top: float) -> dict[float, str]:
    """Return the powers of ten up to the top of a scale of the glow, with their labels."""
    return {t: number(t) for t in (0.1, 1.0, 10.0, 100.0, 1000.0) if t <= top}
