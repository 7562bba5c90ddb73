"""`load_city`: a built-in city by name, or a mapping of one's own files."""

from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from odssim.city import tables
from odssim.city.assemble import KnownPlace, Parts, assemble
from odssim.city.city import City
from odssim.city.grid import Grid
from odssim.city.transit import Stop
from odssim.core.reading import nearest_word
from odssim.errors import CityError

SHIPPED_REGION = {"stockholm-city": "stockholm", "stockholm-county": "stockholm", "teaching-town": "teaching-town"}
"""Folder of the tables that a shipped city shares with others of its region."""
CITY_NAMES = tuple(SHIPPED_REGION)


def load_city(ref: str | Mapping[str, object]) -> City:
    """Return a city.

    `ref`: one of `CITY_NAMES`, or the mapping of own files that :mod:`odssim.city.own` describes.

    Raises CityError: if the name is unknown, or a file is missing, damaged or breaks a rule.
    """
    if not isinstance(ref, str):
        from odssim.city.own import own_city

        return own_city(ref)
    if ref not in SHIPPED_REGION:
        remedy = nearest_word(ref, CITY_NAMES) or "or give your own files"
        raise CityError("must be one of {words}", key="city", value=ref, remedy=remedy, words=", ".join(CITY_NAMES))
    with as_file(files("odssim.city") / "data") as data:
        return assemble(read_parts(ref, data / ref, data / SHIPPED_REGION[ref]))


def read_parts(name: str, own: Path, shared: Path) -> Parts:
    """Return the parts of a shipped city from its own folder and its region's."""
    grid = tables.read_frame(own / "frame.csv")
    districts = tables.read_rows(own / "districts.csv")
    cell, schools, preschools, residents = tables.read_cells(own / "cells.csv", grid)
    stops, boardings = _read_stations(shared, grid)
    return Parts(
        name=name,
        grid=grid,
        district=tables.read_land(own / "land.csv", grid),
        districts=tuple(r["name"] for r in districts),
        district_class=np.array([int(r["class"]) for r in districts], np.uint8),
        district_class_modelled=np.array([r["class_modelled"] == "1" for r in districts]),
        cell=cell,
        schools=schools,
        preschools=preschools,
        residents=residents,
        stops=stops,
        lines=tables.read_lines(shared / "lines.csv"),
        boardings=boardings,
        known=_read_known(shared / "known_places.csv", grid),
        notices=tables.read_notices(shared / "notices.csv"),
        tracks=tables.read_tracks(shared / "tracks.csv", grid),
    )


def _read_stations(shared: Path, grid: Grid) -> tuple[list[Stop], dict[tuple[str, str], float]]:
    """Return all stations of the region, also those outside the city, and the published boardings."""
    rows = tables.read_rows(shared / "stations.csv")
    published = tables.read_rows(shared / "boardings.csv")
    boardings = {(r["mode"], r["station"]): float(r["boardings_per_weekday"]) for r in published}
    return [Stop(row["name"], row["mode"], *tables.position(row, grid)) for row in rows], boardings


def _read_known(path: Path, grid: Grid) -> list[KnownPlace]:
    """Return the hand-written squares, centres, parks and health centres."""
    return [KnownPlace(row["name"], row["type"], *tables.position(row, grid)) for row in tables.read_rows(path)]
