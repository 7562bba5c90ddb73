"""Places by their distance from those worked at: rings, and the areas an evaluator would count in, with controls.

A target's control is the place with the most similar number of open deals before the start, at least a
kilometre from every target, so that its surroundings and theirs do not overlap.
"""

import numpy as np
from scipy.spatial import cKDTree

from odssim.core.types import Array

RING_EDGES_M = (100.0, 250.0, 500.0)
RINGS = ("treated places", "within 100 m", "100-250 m", "250-500 m", "rest of the city")
AREAS = ("target", "buffer", "control", "buffer_control", "rest")
CONTROL_M = 1000.0
"""Controls are at least this far from every target, metres."""


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


def area_of(x_m: Array, y_m: Array, targets: frozenset[int], deals_before: Array, buffer_m: float) -> Array:
    """Return each place's index in `AREAS`, int64[P].

    `deals_before`: open deals at each place before the interventions start, float64[P].
    `buffer_m`: what is at most so far from a target (or control) and not one itself is its buffer, metres.
    """
    distance_m = metres_to_targets(x_m, y_m, targets)
    area = np.where(distance_m <= buffer_m, 1, 4)
    area[sorted(targets)] = 0
    controls = matched_controls(targets, deals_before, distance_m)
    if controls:
        points = np.column_stack((x_m, y_m))
        near, _ = cKDTree(points[controls]).query(points)
        area[(near <= buffer_m) & (area == 4)] = 3
        area[controls] = 2
    return area


def matched_controls(targets: frozenset[int], deals_before: Array, distance_m: Array) -> list[int]:
    """Return one control for each target, the busiest target first, without using a place twice.

    Fewer if there are not enough places with deals; of two as similar, the one with the smaller index.
    """
    free = [int(p) for p in np.flatnonzero((distance_m >= CONTROL_M) & (deals_before > 0))]
    controls = []
    for target in sorted(targets, key=lambda p: (-deals_before[p], p)):
        if not free:
            break
        best = min(free, key=lambda p: (abs(deals_before[p] - deals_before[target]), p))
        free.remove(best)
        controls.append(best)
    return controls
