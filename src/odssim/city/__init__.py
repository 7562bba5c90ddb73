"""Cities: raster, places, residents, rails; where they come from and how they are loaded."""

from odssim.city.city import AGE_BANDS, PLACE_TYPES, SEXES, UNREACHABLE_MIN, City, Notice, Station
from odssim.city.load import CITY_NAMES, load_city

__all__ = ["AGE_BANDS", "CITY_NAMES", "PLACE_TYPES", "SEXES", "UNREACHABLE_MIN", "City", "Notice", "Station", "load_city"]
