"""The City record: all that the rest of the model knows of a town.

A city is a raster of square cells (row 0 in the south, column 0 in the west), a list of *places*
(street cells where people may meet to trade), the residents of each place and the rail network.
Nothing here says where an open drug scene is: that is an outcome of the model.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from odssim.city.grid import Grid
from odssim.core import declare

if TYPE_CHECKING:
    import networkx

PLACE_TYPES = declare.PLACE_TYPES
"""Codes of `City.place_type` in order: ``PLACE_TYPES[code]`` is the name."""

TYPE_STRENGTH = ("metro", "commuter_rail", "square", "centre", "local_rail", "health_centre", "park", "street")
"""One type per cell: the first of these that is present in the cell wins."""

AGE_BANDS = ("0-5", "6-15", "16-19", "20-44", "45-64", "65-79", "80+")
SEXES = ("woman", "man")
UNREACHABLE_MIN = 1e6
"""Minutes between two stations that no rail line joins."""


LABELS = ("name", "notices", "tracks", "rail")
"""Fields of a city that are shown only, or say again what `City.station_minutes` holds."""


@dataclass(frozen=True)
class Station:
    """One rail station or stop."""

    name: str
    """As on the timetable; two modes at one spot are two stations."""
    mode: str
    """``metro``, ``commuter_rail``, ``tram`` or ``light_rail``."""
    lines: tuple[str, ...]
    """Ids of the lines that call here."""
    cell: int
    """Land cell of the station, -1 where it lies outside the drawn land of the city."""
    x_m: float
    y_m: float
    """Position in the city's local metres."""
    boardings_per_weekday: float
    """Boardings on a winter weekday; modelled where `boardings_modelled`."""
    boardings_modelled: bool


@dataclass(frozen=True)
class Notice:
    """A source of the city's data, its licence and the words to show."""

    source: str
    licence: str
    text: str


@dataclass(frozen=True)
class City:
    """A town: raster, places, residents and rails. Arrays are not to be written to."""

    name: str
    cell_m: int
    width: int
    height: int
    """Raster; cell index = row * width + col, row 0 = south, column 0 = west."""
    lon0: float
    lat0: float
    lat_ref: float
    """South-west corner and the latitude of true scale of the local equirectangular metres
    (see :class:`odssim.city.grid.Grid`), degrees WGS84."""
    land: NDArray[np.bool_]
    """bool [height, width]. A False cell is water or lies outside the city."""
    districts: tuple[str, ...]
    """Names of report areas; `place_district` holds their indices."""
    place_cell: NDArray[np.int32]
    place_name: tuple[str, ...]
    place_type: NDArray[np.uint8]
    place_district: NDArray[np.int16]
    """int32, str, uint8, int16 [P], sorted by cell. Names are unique."""
    place_class: NDArray[np.uint8]
    place_class_modelled: NDArray[np.bool_]
    """uint8 1 (great socioeconomic challenges) .. 5 (very good conditions), and whether it is modelled."""
    place_footfall: NDArray[np.float64]
    """float64 [P] passers-by per weekday (24 h), modelled."""
    place_schools: NDArray[np.int16]
    place_preschools: NDArray[np.int16]
    """int16 [P]."""
    residents: NDArray[np.int32]
    """int32 [P, 7, 2]: `AGE_BANDS` by `SEXES`."""
    place_station: NDArray[np.int16]
    place_station_min: NDArray[np.float64]
    """int16 [P] nearest station's id (-1: the city has none) and float64 [P] walking minutes to it."""
    stations: tuple[Station, ...]
    station_minutes: NDArray[np.float64]
    """float64 [S, S] shortest rail time with waits and walked changes; `UNREACHABLE_MIN` if none."""
    rail: networkx.Graph[Any]
    """Undirected graph of station ids; edges carry ``minutes`` and ``line`` (ids joined by "+")."""
    notices: tuple[Notice, ...]
    tracks: tuple[tuple[str, NDArray[np.float32]], ...] = ()
    """(mode, float32 [n, 2] of x_m, y_m) polylines for maps."""

    @property
    def grid(self) -> Grid:
        """The raster's geometry and projection."""
        return Grid(self.lon0, self.lat0, self.lat_ref, self.cell_m, self.width, self.height)

    @cached_property
    def content_hash(self) -> str:
        """Hash of all but `LABELS`: names of places and districts too, because scenarios and results use them."""
        digest = blake2b(digest_size=16)
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in LABELS:
                digest.update(f"{field.name} {getattr(value, 'shape', value)}".encode())
                digest.update(value.tobytes() if isinstance(value, np.ndarray) else b"")
        return digest.hexdigest()

    @property
    def n_places(self) -> int:
        """Number of places P."""
        return len(self.place_cell)

    @cached_property
    def place_index(self) -> dict[str, int]:
        """Each place's index by its name."""
        return {name: k for k, name in enumerate(self.place_name)}

    def place_xy_m(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x and y (m) of the centres of the places' cells, each [P]."""
        return self.grid.centre_of(self.place_cell)
