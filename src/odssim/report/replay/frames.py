"""What a replay shows, packed small: land, rails, and each step's open deals by place as numbers of variable length."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as compute
import pyarrow.parquet as pq

from odssim.city.city import City
from odssim.core.types import Array
from odssim.drawing.terrain import view_of
from odssim.report.page.source import Source

MOST_BYTES = 1_500_000
"""Packed deals may take so much; a longer run is shown in steps of several days."""
STEPS_DAYS = (1, 2, 7, 14, 28)


@dataclass(frozen=True)
class Frames:
    """The steps of a replay."""

    step_days: int
    """Days that a step holds."""
    packed: bytes
    """Per step: number of places, then for each the distance from the place before and its open deals."""
    n: int
    """Number of steps."""


def pack(numbers: Iterable[int]) -> bytes:
    """Return whole numbers, at least 0, as bytes: seven bits each, the high bit set where more follow (LEB128)."""
    out = bytearray()
    for value in numbers:
        rest = int(value)
        while rest > 127:
            out.append(rest & 127 | 128)
            rest >>= 7
        out.append(rest)
    return bytes(out)


def as_text(data: bytes) -> str:
    """Return bytes as base64."""
    return base64.b64encode(data).decode("ascii")


def frames_of(source: Source) -> Frames:
    """Return the open deals of a run step by step, in the shortest steps that fit."""
    assert source.run is not None
    table = pq.read_table(
        source.path / "outcomes.parquet", columns=["day", "place", "value"], filters=[("outcome", "=", "open_deals")]
    )
    table = table.filter(compute.is_valid(table["place"]))
    place = np.array([source.city.place_index[name] for name in table["place"].to_pylist()], dtype=np.int64)
    days = table["day"].to_numpy().astype("datetime64[D]")
    day = (days - np.datetime64(source.first, "D")).astype(np.int64)
    value = table["value"].to_numpy().astype(np.int64)
    n_days = (source.last - source.first).days + 1
    for step_days in STEPS_DAYS:
        found = _packed(day // step_days, place, value, -(-n_days // step_days), source.city.n_places)
        if len(found) <= MOST_BYTES:
            break
    return Frames(step_days, found, -(-n_days // step_days))


def _packed(step: Array, place: Array, value: Array, n: int, n_places: int) -> bytes:
    key, at = np.unique(step * n_places + place, return_inverse=True)
    total = np.bincount(at, value, len(key)).astype(np.int64)
    edges = np.searchsorted(key, np.arange(n + 1) * n_places)
    out = bytearray()
    for k in range(n):
        mine = slice(edges[k], edges[k + 1])
        gaps = np.diff(key[mine] - k * n_places, prepend=0)
        out += pack([len(gaps), *np.column_stack((gaps, total[mine])).ravel().tolist()])
    return bytes(out)


def ground(city: City, shown: Array) -> dict[str, Any]:
    """Return the land as runs of cells, the rails, the places and the part of the city to show, in whole metres."""
    runs, before = [], 0
    flat = city.land.ravel().astype(np.int8)
    turns = np.flatnonzero(np.diff(flat, prepend=0, append=0))
    for start, end in turns.reshape(-1, 2).tolist():
        runs += [start - before, end - start]
        before = end
    return {
        "width": city.width, "height": city.height, "cell": city.cell_m, "land": as_text(pack(runs)),
        "places": as_text(pack(np.diff(city.place_cell, prepend=0).tolist())),
        "rails": [np.round(points[:: max(1, len(points) // 60)]).astype(int).ravel().tolist() for _, points in city.tracks],
        "stations": [[round(s.x_m), round(s.y_m)] for s in city.stations],
        "view": [round(edge) for edge in view_of(city, shown)],
    }  # fmt: skip
