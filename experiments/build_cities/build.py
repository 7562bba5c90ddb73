"""``python experiments/build_cities/build.py DATA_FOLDER OUT_FOLDER``: public files to the shipped tables.

Deterministic: the same files give the same bytes. The folders expected under DATA_FOLDER and what is
taken from each are named in the SOURCES.md beside the tables. Hand-written tables (lines.csv,
known_places.csv, notices.csv) are read from OUT_FOLDER/stockholm and left as they are.
"""

import sys
from pathlib import Path
from typing import Any

from built import read_features, write_rows
from odssim.city import tables
from odssim.errors import CityError
from stockholm_city import build_stockholm_city
from stockholm_county import build_stockholm_county

OSM_NOTICE = "(c) OpenStreetMap contributors, ODbL 1.0; a derived database under the same licence"
TRACK_TOLERANCE_M = 15.0
BOARDINGS_SOURCE = "SL, Fakta om SL och regionen 2019 / Fakta om SL och lanet 2018, as cited by Wikipedia"
BOARDINGS_OLDER = {"2016": "SL figure quoted in a blog ('more than 6,000')", "2005": "SL, mirror of Wikipedia"}


def build_rail(data: Path, out: Path) -> None:
    """Write station positions, simplified tracks and published boardings."""
    import shapely
    from shapely.geometry import shape

    out.mkdir(parents=True, exist_ok=True)
    header = ("name", "mode", "lat", "lon")
    rows = tables.read_rows(data / "stockholm_rail" / "stations.csv")
    rows.sort(key=lambda r: (r["mode"], r["name"]))
    write_rows(out / "stations.csv", header, [[r[k] for k in header] for r in rows], OSM_NOTICE)
    lines_by_mode: dict[str, list[Any]] = {}
    for feature in read_features(data / "stockholm_rail" / "tracks.geojson"):
        lines_by_mode.setdefault(feature["properties"]["mode"], []).append(shape(feature["geometry"]))
    tracks = []
    for mode in sorted(lines_by_mode):
        merged = shapely.line_merge(shapely.union_all(lines_by_mode[mode]))
        simple = shapely.simplify(merged, TRACK_TOLERANCE_M / 111_000.0)
        for line in shapely.get_parts(simple):
            tracks.append((mode, " ".join(f"{lon:.4f} {lat:.4f}" for lon, lat in line.coords)))
    write_rows(out / "tracks.csv", ("mode", "lon_lat"), tracks, OSM_NOTICE)
    anchors = []
    for row in tables.read_rows(data / "facts_stockholm" / "boardings_anchor.csv"):
        if row["kind"] in ("metro", "commuter_rail"):
            name = {"Stockholm C": "Stockholm City"}.get(row["station"], row["station"])
            source = BOARDINGS_OLDER.get(row["year"], BOARDINGS_SOURCE)
            anchors.append((name, row["kind"], row["year"], row["boardings_winter_weekday"], source))
    write_rows(out / "boardings.csv", ("station", "mode", "year", "boardings_per_weekday", "source"), anchors)


def main(arguments: list[str]) -> int:
    """Build all shipped tables; return the exit code."""
    if len(arguments) != 2:
        print("usage: python experiments/build_cities/build.py DATA_FOLDER OUT_FOLDER", file=sys.stderr)
        return 2
    data, out = Path(arguments[0]), Path(arguments[1])
    shared = out / "stockholm"
    try:
        build_rail(data, shared)
        city = build_stockholm_city(data, shared)
        city.write(out / "stockholm-city")
        build_stockholm_county(data, shared, city).write(out / "stockholm-county")
    except (CityError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
