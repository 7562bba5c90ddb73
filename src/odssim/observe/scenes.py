"""What counts as an open drug scene: fixed, not calibrated.

A scene is a cluster of touching cells (eight neighbours), each with at least five open deals a day and a
deal on at least 80 % of the days, over the last 90 days (table of facts, V2 and row 37).
"""

from dataclasses import dataclass

import networkx as nx
import numpy as np

from odssim.core.types import Array

WINDOW_DAYS = 90
DEALS_PER_DAY = 5.0
SHARE_OF_DAYS = 0.8
NEAR_STATION_M = 300.0


@dataclass(frozen=True)
class Scene:
    """One modelled scene: its places (indices), open deals a day, whether a cell is near a station."""

    cells: tuple[int, ...]
    open_deals_per_day: float
    near_station: bool
    label: str


def scene_cells(deals: Array) -> Array:
    """Return which places qualify, bool[P], from open deals per day, shape (days, P)."""
    if len(deals) == 0:
        return np.zeros(deals.shape[1], dtype=bool)
    return (deals.mean(axis=0) >= DEALS_PER_DAY) & ((deals > 0).mean(axis=0) >= SHARE_OF_DAYS)


def clusters(cells: Array, width: int, qualifies: Array) -> list[tuple[int, ...]]:
    """Return groups of touching qualifying places, each sorted, the groups by their first place."""
    members = np.flatnonzero(qualifies)
    at = {int(cells[p]): int(p) for p in members}
    graph = nx.Graph()
    graph.add_nodes_from(at.values())
    for cell, p in at.items():
        for step in (1, width - 1, width, width + 1):
            neighbour = at.get(cell + step)
            if neighbour is not None and abs(cell % width - (cell + step) % width) <= 1:
                graph.add_edge(p, neighbour)
    return sorted(tuple(sorted(group)) for group in nx.connected_components(graph))
