"""Raster and projection of a city.

Local equirectangular metres: x = (lon - lon0) * m_per_lon, y = (lat - lat0) * m_per_lat, with the
lengths of a degree on the WGS84 ellipsoid at the reference latitude. The map is affine, so straight
lines stay straight; areas are true at the reference latitude and within 3 % 0.8 degrees away from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

WGS84_A_M = 6378137.0
WGS84_E2 = 0.00669437999014


@dataclass(frozen=True)
class Grid:
    """Square cells of `cell_m` metres from the south-west corner (`lon0`, `lat0`), degrees WGS84."""

    lon0: float
    lat0: float
    lat_ref: float
    cell_m: int
    width: int
    height: int

    @classmethod
    def around(cls, west: float, south: float, east: float, north: float, cell_m: int) -> Self:
        """Return the grid that covers the given bounds (degrees) with a margin of two cells."""
        lat_ref = round((south + north) / 2, 4)
        unit = cls(west, south, lat_ref, cell_m, 1, 1)
        margin_m = 2 * cell_m
        lon0 = west - margin_m / unit.m_per_lon
        lat0 = south - margin_m / unit.m_per_lat
        width = math.ceil(((east - lon0) * unit.m_per_lon + margin_m) / cell_m)
        height = math.ceil(((north - lat0) * unit.m_per_lat + margin_m) / cell_m)
        return cls(round(lon0, 6), round(lat0, 6), lat_ref, cell_m, width, height)

    @property
    def m_per_lat(self) -> float:
        """Metres per degree of latitude at `lat_ref` (meridional radius)."""
        sine = math.sin(math.radians(self.lat_ref))
        return math.radians(WGS84_A_M * (1 - WGS84_E2) / math.pow(1 - WGS84_E2 * sine * sine, 1.5))

    @property
    def m_per_lon(self) -> float:
        """Metres per degree of longitude at `lat_ref` (prime-vertical radius)."""
        phi = math.radians(self.lat_ref)
        sine = math.sin(phi)
        return math.radians(WGS84_A_M * math.cos(phi) / math.sqrt(1 - WGS84_E2 * sine * sine))

    def to_xy(self, lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x, y (m) of positions given in degrees."""
        x = (np.asarray(lon, np.float64) - self.lon0) * self.m_per_lon
        y = (np.asarray(lat, np.float64) - self.lat0) * self.m_per_lat
        return x, y

    def to_lonlat(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return longitude, latitude (degrees) of positions given in metres."""
        lon = np.asarray(x, np.float64) / self.m_per_lon + self.lon0
        lat = np.asarray(y, np.float64) / self.m_per_lat + self.lat0
        return lon, lat

    def cell_of(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.int32]:
        """Return the cell index of each position (m), -1 outside the frame."""
        col = np.floor(np.asarray(x, np.float64) / self.cell_m).astype(np.int64)
        row = np.floor(np.asarray(y, np.float64) / self.cell_m).astype(np.int64)
        inside = (col >= 0) & (col < self.width) & (row >= 0) & (row < self.height)
        return np.where(inside, row * self.width + col, -1).astype(np.int32)

    def centre_of(self, cell: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x, y (m) of the centres of cells given by index."""
        row, col = np.divmod(np.asarray(cell, np.int64), self.width)
        return (col + 0.5) * self.cell_m, (row + 0.5) * self.cell_m

    def nearest_land(self, land: NDArray[np.bool_], x: float, y: float, reach_m: float) -> int:
        """Return the land cell whose centre is nearest to (x, y), at most `reach_m` away, else -1.

        The cell that holds the point wins if it is land; ties go to the lowest index.
        """
        own = int(self.cell_of(x, y))
        if own >= 0 and land.flat[own]:
            return own
        col, row = x / self.cell_m, y / self.cell_m
        reach = reach_m / self.cell_m
        best, best_squared = -1, reach * reach
        for r in range(max(0, int(row - reach)), min(self.height, int(row + reach) + 2)):
            for c in range(max(0, int(col - reach)), min(self.width, int(col + reach) + 2)):
                squared = (c + 0.5 - col) ** 2 + (r + 0.5 - row) ** 2
                if land[r, c] and squared < best_squared:
                    best, best_squared = r * self.width + c, squared
        return best


def _within(low_m: float, high_m: float, cell_m: int, n_cells: int) -> NDArray[np.int64]:
    """Return the indices of the columns (or rows) of the raster that meet [low, high] metres."""
    return np.arange(max(0, int(low_m // cell_m)), min(n_cells, int(high_m // cell_m) + 1))


def rasterise(polygons: list[BaseGeometry], grid: Grid) -> NDArray[np.int16]:
    """Return int16 [height, width]: index of the polygon (lon/lat) that holds the cell's centre, else -1.

    Where polygons overlap the first wins, so the result does not depend on their shapes' order of drawing.
    """
    import shapely

    raster = np.full((grid.height, grid.width), -1, np.int16)
    for index, polygon in enumerate(polygons):
        west, south, east, north = polygon.bounds
        (x0, x1), (y0, y1) = grid.to_xy([west, east], [south, north])
        cols = _within(x0, x1, grid.cell_m, grid.width)
        rows = _within(y0, y1, grid.cell_m, grid.height)
        if not len(cols) or not len(rows):
            continue
        lon, _ = grid.to_lonlat((cols + 0.5) * grid.cell_m, 0.0)
        _, lat = grid.to_lonlat(0.0, (rows + 0.5) * grid.cell_m)
        shapely.prepare(polygon)
        hit = shapely.contains_xy(polygon, *np.meshgrid(lon, lat))
        window = raster[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
        window[hit & (window < 0)] = index
    return raster
