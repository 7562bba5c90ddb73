"""What people believe at the start of the burn-in, from a private file of known activity.

*Rule.* Buyers and sellers whose home lies near a listed place know the nearest one from the first day, with the
confidence of the file. From then on they learn as ever: a belief that finds no seller fades, so that a listed
place may dissolve, and others may form. Nothing else reads the file, and no output holds it.

*Formula.* `REACH_M` is an assumption. A buyer's last place in mind gives way to the listed one.

The file is a CSV with ``place`` (a place of the model) or ``lat, lon``, and optionally ``confidence`` (0 to 1).
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from odssim.city.city import City
from odssim.city.own_files import read_city_table
from odssim.core.reading import nearest_word
from odssim.core.tables import Row
from odssim.core.types import Array
from odssim.errors import CityError, FaultList
from odssim.scenario.checks import check_against_city
from odssim.scenario.records import Scenario
from odssim.world.columns import N_BANDS, N_KNOWN, NOBODY
from odssim.world.state import State

REACH_M = 3000.0
"""Straight distance from home within which a listed place is known: assumption."""
CONFIDENCE = 0.9
"""Belief that a seller is there, where the file gives none: assumption."""
SNAP_CELLS = 2.0


@dataclass(frozen=True)
class KnownActivity:
    """Places (indices) with known activity, int64[K], and how sure it is, float64[K]."""

    place: Array
    confidence: Array


def check_in_city(scenario: Scenario, city: City) -> None:
    """Check all that a scenario names in its city: places, districts and the rows of its private file.

    Raises ScenarioError, FaultsError: with file, line and the nearest name.
    """
    check_against_city(scenario, city.place_name, city.districts)
    if scenario.known_activity is not None:
        read_known(scenario.known_activity, city)


def read_known(path: str, city: City) -> KnownActivity:
    """Return the places of a private file.

    Raises ScenarioError, FaultsError: with file and line of every row that breaks a rule.
    """
    table = read_city_table(path, (), ("confidence",))
    if not ("place" in table.columns or {"lat", "lon"} <= set(table.columns)):
        raise CityError("must have rows with place, or with lat and lon", file=path, line=1, key="known_activity")
    faults = FaultList()
    places = [faults.tried(_place, row, city) for row in table.rows]
    sure = [faults.tried(row.number, "confidence", 0.0, 1.0) if row.text("confidence") else CONFIDENCE for row in table.rows]
    faults.refuse()
    found = dict(sorted(zip(places, sure, strict=True)))  # of a place named twice the surest row, whatever the order
    return KnownActivity(np.array(list(found), dtype=np.int64), np.array(list(found.values())))


def _place(row: Row, city: City) -> int:
    name = row.text("place")
    if name:
        if name not in city.place_name:
            raise row.fail("must be the name of a place of the city", "place", nearest_word(name, city.place_name))
        return city.place_name.index(name)
    x, y = city.grid.to_xy(row.number("lon", -180.0, 180.0), row.number("lat", -85.0, 85.0))
    land = np.zeros(city.width * city.height, dtype=bool)
    land[city.place_cell] = True
    cell = city.grid.nearest_land(land.reshape(city.height, city.width), float(x), float(y), SNAP_CELLS * city.cell_m)
    if cell < 0:
        raise row.fail("lies outside the city's places", "lat", "check lat and lon (not swapped?)")
    return int(np.flatnonzero(city.place_cell == cell)[0])


def believe(st: State, city: City, known: KnownActivity) -> None:
    """Let those who live near a listed place know it."""
    x, y = city.place_xy_m()
    points = np.column_stack((x, y))
    tree = cKDTree(points[known.place])
    for table, slots in ((st.buyers, "known"), (st.sellers, "spot")):
        metres, listed = tree.query(points[table["home"]])
        near = np.flatnonzero(metres <= REACH_M)
        wanted = known.place[listed[near]]
        at = _slot(table[slots][near], wanted)
        table[slots][near, at] = wanted
        if slots == "known":
            sure = known.confidence[listed[near]]
            for band in range(N_BANDS):
                table["avail"][near, at * N_BANDS + band] = sure


def _slot(kept: Array, wanted: Array) -> Array:
    """Return where a place goes in each row: where it stands already, else the first free slot, else the last."""
    stands, free = kept == wanted[:, None], kept == NOBODY
    last = np.full(len(kept), N_KNOWN - 1)
    at = np.where(free.any(axis=1), free.argmax(axis=1), last)
    return np.where(stands.any(axis=1), stands.argmax(axis=1), at)
