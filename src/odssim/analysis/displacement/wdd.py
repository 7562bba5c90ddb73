"""Weighted displacement difference (WDD): the change at and near the places worked at, less that of controls.

Wheeler and Ratcliffe (2018), "A simple weighted displacement difference test to evaluate place based crime
interventions", Crime Science 7:11.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import ndtr

from odssim.analysis.statistics.fieller import Z_95

Pair = tuple[float, float]


@dataclass(frozen=True)
class WddMeasures:
    """Target + buffer change less that of their controls, in counts.

    `z` and `p_two_sided` are None where every count is zero.
    """

    total: float
    se: float
    z: float | None
    p_two_sided: float | None
    low: float
    high: float


def wdd(
    target: Pair,
    control: Pair,
    buffer: Pair = (0.0, 0.0),
    buffer_control: Pair = (0.0, 0.0),
    *,
    area_weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0),
    time_weights: Pair = (1.0, 1.0),
    dispersion: float | Sequence[float] = 1.0,
) -> WddMeasures:
    """Return the WDD from counts (before, after) with its standard error.

    Parameters
    ----------
    area_weights
        Exposure of target, control, buffer and buffer control: counts are divided by it.
    time_weights
        Length of the before and after periods: counts are divided by it.
    dispersion
        Variance of a count over its mean, one for all or one for each of the four areas; 1 is Poisson.
    """
    total = variance = 0.0
    phi = (dispersion,) * 4 if isinstance(dispersion, int | float) else tuple(dispersion)
    areas = zip((target, control, buffer, buffer_control), (1, -1, 1, -1), area_weights, phi, strict=True)
    for counts, sign, area, spread in areas:
        for count, side, time in zip(counts, (-1, 1), time_weights, strict=True):
            total += sign * side * count / (area * time)
            variance += spread * count / (area * time) ** 2
    se = math.sqrt(variance)
    z = total / se if se > 0 else None
    p = None if z is None else 2.0 * float(ndtr(-abs(z)))
    return WddMeasures(total, se, z, p, total - Z_95 * se, total + Z_95 * se)
