"""Relative incidence rate ratio (RIRR): the target's after/before ratio over the control's.

Wilson (2021), "The relative incident rate ratio effect size for count-based impact evaluations", Journal of
Quantitative Criminology; the same as the interaction of a two by two Poisson regression.
"""

import math
from dataclasses import dataclass

from odssim.analysis.statistics.fieller import Z_95


@dataclass(frozen=True)
class RirrMeasures:
    """The ratio, its logarithm with standard error, and the 95 % interval of the ratio."""

    log: float
    se: float
    ratio: float
    low: float
    high: float


def rirr(target: tuple[float, float], control: tuple[float, float], *, dispersion: float = 1.0) -> RirrMeasures | None:
    """Return the RIRR from counts (before, after); None if one of the four counts is zero.

    `dispersion`: variance of a count over its mean; 1 is Poisson.
    """
    (rb, ra), (cb, ca) = target, control
    if min(rb, ra, cb, ca) <= 0:
        return None
    log = math.log((ra / rb) / (ca / cb))
    se = math.sqrt(dispersion * (1 / rb + 1 / ra + 1 / cb + 1 / ca))
    return RirrMeasures(log, se, math.exp(log), math.exp(log - Z_95 * se), math.exp(log + Z_95 * se))
