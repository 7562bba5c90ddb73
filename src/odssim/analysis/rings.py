"""Places by their distance from those worked at: rings and sums over them."""

from typing import Any

import numpy as np
from scipy.spatial import cKDTree

Array = np.ndarray[Any, Any]
RING_EDGES_M = (100.0, 250.0, 500.0)
RINGS = ("treated places", "within 100 m", "100-250 m", "250-500 m", "rest of the city")


def metres_to_targets(x_m: Array, y_m: Array, targets: frozenset[int]) -> Array:
    """Return each place's straight distance to the nearest target, m, float64[P]; inf if there is none."""
    if not targets:
        return np.full(len(x_m), np.inf)
    points = np.column_stack((x_m, y_m))
    distance, _ = cKDTree(points[sorted(targets)]).query(points)
    return np.asarray(distance, dtype=np.float64)


def ring_of(distance_m: Array, targets: frozenset[int]) -> Array:
    """Return each place's index in `RINGS`, int64[P]: 0 the targets, then by distance, edges included."""
    ring = 1 + np.searchsorted(np.array(RING_EDGES_M), distance_m, side="left")
    ring[sorted(targets)] = 0
    return ring


def ring_totals(per_place: Array, ring: Array) -> Array:
    """Return the sum of `per_place` over each ring, float64[5]."""
    return np.bincount(ring, weights=per_place, minlength=len(RINGS))
