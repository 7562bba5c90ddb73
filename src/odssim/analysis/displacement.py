"""Displacement and diffusion measured from counts around the places worked at.

Formulas: Bowers and Johnson (2003) weighted displacement quotient (WDQ) as in the POP Center's guide to
analysing displacement, and Wheeler and Ratcliffe (2018) weighted displacement difference (WDD).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import ndtr

Array = np.ndarray[Any, Any]
Z_95 = 1.959963984540054
RING_EDGES_M = (100.0, 250.0, 500.0)
RINGS = ("treated places", "within 100 m", "100-250 m", "250-500 m", "rest of the city")


@dataclass(frozen=True)
class PopMeasures:
    """What an evaluator computes from six counts; None, with the reason in `why`, where undefined.

    Attributes
    ----------
    gross_effect, net_effect
        Rb - Ra in counts; Rb/Cb - Ra/Ca in ratios to the control.
    success, buffer
        Change of target and of buffer relative to the control; negative success is a fall.
    wdq
        buffer / success: above 0 diffusion of benefits, below 0 displacement, below -1 more than all.
    total_net_effect
        Counts prevented in target and buffer together.
    phi, chi2
        Association in the table of target and control.
    z_success
        (Ra - expected) / SE, Poisson counts. A WDQ is to be read only if this is below -1.96.
    wdq_low, wdq_high
        Fieller 95 % set of the WDQ; None if it is unbounded (not identified).
    wdq_readable, why
        Whether the WDQ may be interpreted, and if not, why.
    """

    gross_effect: float
    net_effect: float | None = None
    success: float | None = None
    buffer: float | None = None
    wdq: float | None = None
    total_net_effect: float | None = None
    phi: float | None = None
    chi2: float | None = None
    z_success: float | None = None
    wdq_low: float | None = None
    wdq_high: float | None = None
    wdq_readable: bool = False
    why: str = ""


@dataclass(frozen=True)
class WddMeasures:
    """Weighted displacement difference: target + buffer change less that of their controls.

    `z` and `p_two_sided` are None where every count is zero.
    """

    total: float
    se: float
    z: float | None
    p_two_sided: float | None
    low: float
    high: float


def pop_measures(
    target: tuple[float, float], buffer: tuple[float, float], control: tuple[float, float]
) -> PopMeasures:
    """Return the measures from counts (before, after) in target R, buffer D and control C.

    Comparing two simulated worlds, "before" is the base and "after" the alternative.
    """
    (rb, ra), (db, da), (cb, ca) = target, buffer, control
    if cb <= 0 or ca <= 0:
        return PopMeasures(rb - ra, why="no events in the control area")
    q = ca / cb
    success, gain = ra / ca - rb / cb, da / ca - db / cb
    phi, chi2 = association(rb, ra, cb, ca)
    m, n = ra - rb * q, da - db * q
    v_m = _variance(rb, ra, cb, ca)
    v_n = _variance(db, da, cb, ca)
    z = m / math.sqrt(v_m) if v_m > 0 else None
    measures: dict[str, Any] = {
        "net_effect": -success, "success": success, "buffer": gain, "total_net_effect": -m - n,
        "phi": phi, "chi2": chi2, "z_success": z,
    }  # fmt: skip
    if success == 0:
        why = "no change at the target relative to the control"
        return PopMeasures(rb - ra, why=why, **measures)
    low, high = fieller_set(m, n, v_m, v_n, _covariance(rb, db, cb, ca))
    why = "" if z is not None and z < -Z_95 else "no detectable fall at the target (z of success above -1.96)"
    return PopMeasures(
        rb - ra, wdq=gain / success, wdq_low=low, wdq_high=high, wdq_readable=not why, why=why,
        **measures,
    )  # fmt: skip


def association(rb: float, ra: float, cb: float, ca: float) -> tuple[float | None, float | None]:
    """Return phi and chi-squared of the table (rb, ra; cb, ca); None if a margin is empty."""
    margins = (rb + ra) * (cb + ca) * (rb + cb) * (ra + ca)
    if margins <= 0:
        return None, None
    phi = (rb * ca - ra * cb) / math.sqrt(margins)
    return phi, (rb + ra + cb + ca) * phi * phi


def _variance(before: float, after: float, cb: float, ca: float) -> float:
    """Return the delta-method variance of after - before * ca / cb for Poisson counts."""
    q = ca / cb
    return after + q * q * before + (before / cb) ** 2 * ca + (before * ca / cb**2) ** 2 * cb


def _covariance(rb: float, db: float, cb: float, ca: float) -> float:
    """Return the covariance of target and buffer differences, which share their control."""
    return rb * db / cb**2 * ca + rb * db * ca**2 / cb**4 * cb


def fieller_set(
    m: float, n: float, v_m: float, v_n: float, c_mn: float
) -> tuple[float, float] | tuple[None, None]:
    """Return the 95 % Fieller interval of n / m; (None, None) if it is unbounded."""
    z2 = Z_95 * Z_95
    a = m * m - z2 * v_m
    if a <= 0:
        return None, None
    b = m * n - z2 * c_mn
    root = math.sqrt(max(0.0, b * b - a * (n * n - z2 * v_n)))
    return (b - root) / a, (b + root) / a


def wdd(
    target: tuple[float, float],
    control: tuple[float, float],
    buffer: tuple[float, float] = (0.0, 0.0),
    buffer_control: tuple[float, float] = (0.0, 0.0),
    *,
    area_weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0),
    time_weights: tuple[float, float] = (1.0, 1.0),
) -> WddMeasures:
    """Return the WDD from counts (before, after) with its Poisson standard error.

    Parameters
    ----------
    area_weights
        Exposure of target, control, buffer and buffer control: counts are divided by it.
    time_weights
        Length of the before and after periods: counts are divided by it.
    """
    total = variance = 0.0
    areas = zip((target, control, buffer, buffer_control), (1, -1, 1, -1), area_weights, strict=True)
    for counts, sign, area in areas:
        for count, side, time in zip(counts, (-1, 1), time_weights, strict=True):
            total += sign * side * count / (area * time)
            variance += count / (area * time) ** 2
    se = math.sqrt(variance)
    z = total / se if se > 0 else None
    p = None if z is None else 2.0 * float(ndtr(-abs(z)))
    return WddMeasures(total, se, z, p, total - Z_95 * se, total + Z_95 * se)


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
