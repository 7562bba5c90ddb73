"""The rail network as a graph, and the travel times that follow from it.

Each line has its own node at each station it serves. Boarding a line costs half its headway, riding
costs distance over the mode's speed, and stations near each other are joined on foot. All speeds
(stops included), headways and the walking rule are assumptions, checked against a known trip.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from odssim.city.city import UNREACHABLE_MIN
from odssim.errors import CityError

if TYPE_CHECKING:
    import networkx

SPEED_KM_H = {"metro": 35.0, "commuter_rail": 55.0, "tram": 25.0, "light_rail": 25.0}
"""Travel speed including stops, by mode (assumption)."""
WALK_M_PER_MIN = 80.0
"""Walking speed, 4.8 km/h (assumption)."""
WALK_DETOUR = 1.3
"""Length of a walk over the straight line (assumption)."""
CHANGE_REACH_M = 450.0
"""Stations closer than this are joined by a walked change (assumption)."""


@dataclass(frozen=True)
class Stop:
    """A station as the network sees it: identity and position (m)."""

    name: str
    mode: str
    x_m: float
    y_m: float


@dataclass(frozen=True)
class Line:
    """A line's stations in order, and minutes between departures."""

    id: str
    mode: str
    stations: tuple[str, ...]
    headway_min: float


def walk_min(distance_m: float) -> float:
    """Return walking minutes for a straight-line distance (m)."""
    return distance_m * WALK_DETOUR / WALK_M_PER_MIN


def station_lines(stops: list[Stop], lines: list[Line]) -> list[tuple[str, ...]]:
    """Return the ids of the lines that call at each stop."""
    return [tuple(k.id for k in lines if k.mode == s.mode and s.name in k.stations) for s in stops]


def _distance_m(a: Stop, b: Stop) -> float:
    return float(np.hypot(a.x_m - b.x_m, a.y_m - b.y_m))


def _rides(stops: list[Stop], lines: list[Line]) -> list[tuple[Line, int, int, float]]:
    """Return (line, from, to, minutes) of every hop."""
    ids = {(s.mode, s.name): i for i, s in enumerate(stops)}
    rides = []
    for line in lines:
        for here, there in pairwise(line.stations):
            for name in (here, there):
                if (line.mode, name) not in ids:
                    raise CityError(
                        "a line may only call at listed stations of its mode",
                        key=f"line {line.id}",
                        value=name,
                        remedy="add the station to the places or mend its name",
                    )
            a, b = ids[line.mode, here], ids[line.mode, there]
            minutes = _distance_m(stops[a], stops[b]) / 1000.0 / SPEED_KM_H[line.mode] * 60.0
            rides.append((line, a, b, minutes))
    return rides


def rail_graph(stops: list[Stop], lines: list[Line]) -> networkx.Graph[Any]:
    """Return the graph of stations: edges with ride ``minutes`` and ``line`` (ids joined by "+")."""
    import networkx

    graph: networkx.Graph[Any] = networkx.Graph()
    graph.add_nodes_from(range(len(stops)))
    for line, a, b, minutes in _rides(stops, lines):
        if graph.has_edge(a, b):
            graph.edges[a, b]["line"] += f"+{line.id}"
        else:
            graph.add_edge(a, b, minutes=minutes, line=line.id)
    return graph


def trip_graph(stops: list[Stop], lines: list[Line]) -> networkx.DiGraph[Any]:
    """Return the graph that trips are made on: nodes (station, line) and (station, "") for the street."""
    import networkx

    graph: networkx.DiGraph[Any] = networkx.DiGraph()
    graph.add_nodes_from((i, "") for i in range(len(stops)))
    for line, a, b, minutes in _rides(stops, lines):
        for here, there in ((a, b), (b, a)):
            graph.add_edge((here, line.id), (there, line.id), minutes=minutes)
            graph.add_edge((here, ""), (here, line.id), minutes=line.headway_min / 2)
            # A zero would vanish from the sparse matrix; a microsecond does not matter.
            graph.add_edge((here, line.id), (here, ""), minutes=1e-9)
    x = np.array([s.x_m for s in stops])
    y = np.array([s.y_m for s in stops])
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    for a, b in np.argwhere((apart <= CHANGE_REACH_M) & ~np.eye(len(stops), dtype=bool)):
        graph.add_edge((int(a), ""), (int(b), ""), minutes=max(walk_min(float(apart[a, b])), 1e-9))
    return graph


def station_minutes(stops: list[Stop], lines: list[Line]) -> NDArray[np.float64]:
    """Return float64 [S, S]: shortest minutes between stations, waits included."""
    n = len(stops)
    if n == 0:
        return np.zeros((0, 0))
    import networkx
    from scipy.sparse.csgraph import dijkstra

    graph = trip_graph(stops, lines)
    matrix = networkx.to_scipy_sparse_array(graph, weight="minutes", format="csr")
    minutes = dijkstra(matrix, indices=np.arange(n))[:, :n]
    result: NDArray[np.float64] = np.where(np.isfinite(minutes), np.round(minutes, 6), UNREACHABLE_MIN)
    return result
