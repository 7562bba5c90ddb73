"""A folder to begin one's own city with: small made-up files that work, to be replaced one by one."""

import json
from typing import Any

from odssim.language import marked

WEST, SOUTH = 13.0, 55.6


def _square(name: str, west: float, south: float, residents: int, area_class: int) -> dict[str, Any]:
    side = 0.02
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {
        "type": "Feature", "properties": {"name": name, "residents": residents, "class": area_class},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip


def _collection(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, indent=1) + "\n"


SCENARIO = """\
# One's own city. Replace the files below one by one; `odssim city check .` tells every fault with its line.
name = "My city"
start_date = 2018-01-01
days = 90
burn_in_days = 90
# known_activity = "known_activity.csv"   # private: place or lat, lon, and confidence 0-1; never share it

[city]
name = "My city"
areas = "areas.geojson"        # polygons in longitude, latitude; name, residents, class 1 (hardest) to 5
places = "places.csv"          # name, type, lat, lon, boardings_per_weekday
lines = "lines.csv"            # rail lines; leave the key out if no train runs
water = "water.geojson"        # lakes and sea inside the areas; leave the key out if there is none
# population = "population.csv"  # residents by area, instead of those in areas.geojson
"""
PLACES = """\
name,type,lat,lon,boardings_per_weekday
Central station,commuter_rail,55.6100,13.0100,12000
East station,commuter_rail,55.6110,13.0330,4000
Main square,square,55.6080,13.0120,
Shopping centre,centre,55.6120,13.0300,
Park,park,55.6050,13.0060,
Health centre,health_centre,55.6070,13.0270,
School,school,55.6030,13.0250,
Preschool,preschool,55.6150,13.0150,
"""
LINES = "line,mode,seq,station,headway_min\n1,commuter_rail,1,Central station,15\n1,commuter_rail,2,East station,15\n"
README = marked(
    """\
Own city for odssim
===================
scenario.toml     the scenario; its table [city] names the files below
areas.geojson     districts as polygons, longitude and latitude (WGS84, EPSG:4326)
places.csv        stations, squares, centres, parks, health centres, schools
lines.csv         rail lines in order of their stations
water.geojson     water inside the areas

odssim city check .     every fault, with file and line
odssim city map .       map.png, to see whether it looks like the city
odssim run scenario.toml

No file may hold data on persons; columns that look like personal identity numbers are refused.
A file of known activity is private: it is read, never copied, and every output says user-supplied.
"""
)
FILES = {
    "scenario.toml": SCENARIO,
    "areas.geojson": _collection(_square("West", WEST, SOUTH, 9000, 3), _square("East", WEST + 0.02, SOUTH, 7000, 2)),
    "places.csv": PLACES,
    "lines.csv": LINES,
    "water.geojson": _collection({
        "type": "Feature", "properties": {"name": "Lake"},
        "geometry": {"type": "Polygon", "coordinates": [[[13.013, 55.600], [13.019, 55.600], [13.019, 55.604],
                                                         [13.013, 55.604], [13.013, 55.600]]]},
    }),
    "README.txt": README,
}  # fmt: skip
"""Every file of a new folder, by name."""
