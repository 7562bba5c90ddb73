"""``python -m odssim.city.build DATA_FOLDER OUT_FOLDER``: public files to the shipped tables.

Deterministic: the same files give the same bytes. The folders expected under DATA_FOLDER and what is
taken from each are named in the SOURCES.md beside the tables. Hand-written tables (lines.csv,
known_places.csv, notices.csv) are read from OUT_FOLDER/stockholm and left as they are.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from odssim.city import tables
from odssim.city.grid import Grid
from odssim.errors import CityError

OSM_NOTICE = "(c) OpenStreetMap contributors, ODbL 1.0; a derived database under the same licence"
TRACK_TOLERANCE_M = 15.0
BOARDINGS_SOURCE = "SL, Fakta om SL och regionen 2019 / Fakta om SL och lanet 2018, as cited by Wikipedia"
BOARDINGS_OLDER = {
    "2016": "SL figure quoted in a blog ('more than 6,000')",
    "2005": "SL, mirror of Wikipedia",
}


@dataclass(frozen=True)
class Built:
    """A city's own tables in memory, before they are written (fields as in `assemble.Parts`)."""

    grid: Grid
    district: NDArray[np.int16]
    districts: tuple[str, ...]
    district_class: NDArray[np.uint8]
    district_class_modelled: NDArray[np.bool_]
    cell: NDArray[np.int32]
    schools: NDArray[np.int16]
    preschools: NDArray[np.int16]
    residents: NDArray[np.int32]

    def write(self, folder: Path) -> None:
        """Write frame, districts, land and cells into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        tables.write_frame(folder / "frame.csv", self.grid)
        classes = zip(
            self.districts, self.district_class, self.district_class_modelled.astype(int), strict=True
        )
        tables.write_rows(folder / "districts.csv", ("name", "class", "class_modelled"), classes)
        tables.write_land(folder / "land.csv", self.district)
        tables.write_cells(
            folder / "cells.csv", self.grid, self.cell, self.schools, self.preschools, self.residents
        )


def read_features(path: Path) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON file."""
    if not path.is_file():
        raise CityError(
            "this public file is needed to build the city", file=str(path), remedy="check DATA_FOLDER"
        )
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features


def build_rail(data: Path, out: Path) -> None:
    """Write station positions, simplified tracks and published boardings."""
    import shapely
    from shapely.geometry import shape

    out.mkdir(parents=True, exist_ok=True)
    header = ("name", "mode", "lat", "lon")
    rows = tables.read_rows(data / "stockholm_rail" / "stations.csv")
    rows.sort(key=lambda r: (r["mode"], r["name"]))
    tables.write_rows(out / "stations_osm.csv", header, [[r[k] for k in header] for r in rows], OSM_NOTICE)
    lines_by_mode: dict[str, list[Any]] = {}
    for feature in read_features(data / "stockholm_rail" / "tracks.geojson"):
        lines_by_mode.setdefault(feature["properties"]["mode"], []).append(shape(feature["geometry"]))
    tracks = []
    for mode in sorted(lines_by_mode):
        merged = shapely.line_merge(shapely.union_all(lines_by_mode[mode]))
        simple = shapely.simplify(merged, TRACK_TOLERANCE_M / 111_000.0)
        for line in shapely.get_parts(simple):
            tracks.append((mode, " ".join(f"{lon:.4f} {lat:.4f}" for lon, lat in line.coords)))
    tables.write_rows(out / "tracks_osm.csv", ("mode", "lon_lat"), tracks, OSM_NOTICE)
    anchors = []
    for row in tables.read_rows(data / "facts_stockholm" / "boardings_anchor.csv"):
        if row["kind"] in ("metro", "commuter_rail"):
            name = {"Stockholm C": "Stockholm City"}.get(row["station"], row["station"])
            source = BOARDINGS_OLDER.get(row["year"], BOARDINGS_SOURCE)
            anchors.append((name, row["kind"], row["year"], row["boardings_winter_weekday"], source))
    tables.write_rows(
        out / "boardings.csv", ("station", "mode", "year", "boardings_per_weekday", "source"), anchors
    )


def main(arguments: list[str]) -> int:
    """Build all shipped tables; return the exit code."""
    from odssim.city.build_city import build_stockholm_city
    from odssim.city.build_county import build_stockholm_county

    if len(arguments) != 2:
        print("usage: python -m odssim.city.build DATA_FOLDER OUT_FOLDER", file=sys.stderr)
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
