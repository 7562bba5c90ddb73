"""What the page must know of a town before anything moves: water, neighbours, rails, stations, places."""

from base64 import b64encode
from typing import Any

import numpy as np

from odssim.app.figures import place_list
from odssim.city.city import PLACE_TYPES, City
from odssim.core.types import Array
from odssim.drawing.terrain import raster_extent, surroundings

RAIL_MODES = ("metro", "commuter_rail")


def town(city: City) -> dict[str, Any]:
    """Return the city as plain values; metres from its south-west corner, rasters as base64 of packed bits."""
    around = surroundings(city)
    rasters = [_raster(city.land, raster_extent(city))]
    if around is not None:
        rasters.append(_raster(*around))
    return {
        "name": city.name,
        "cell_m": city.cell_m,
        "width_m": city.width * city.cell_m,
        "height_m": city.height * city.cell_m,
        "lat": city.lat_ref,
        "rasters": rasters,
        "tracks": [[mode, np.round(line).astype(int).tolist()] for mode, line in city.tracks] or _lines(city),
        "stations": [[s.name, s.mode, round(s.x_m), round(s.y_m)] for s in city.stations if s.mode in RAIL_MODES],
        "places": place_list(city),
        "place_types": PLACE_TYPES,
        "districts": city.districts,
        "notices": [notice.text for notice in city.notices],
    }


def _raster(land: Array, extent: tuple[float, float, float, float]) -> dict[str, Any]:
    """Return a raster of land and where it lies: west, east, south, north."""
    height, width = land.shape
    return {"width": width, "height": height, "extent": extent, "bits": b64encode(np.packbits(land)).decode()}


def _lines(city: City) -> list[list[Any]]:
    """Return straight tracks between neighbouring stations, for a town whose tracks are not drawn."""
    ends = [(city.stations[u], city.stations[v]) for u, v in city.rail.edges]
    return [[u.mode, [[round(u.x_m), round(u.y_m)], [round(v.x_m), round(v.y_m)]]] for u, v in ends if u.mode == v.mode]
