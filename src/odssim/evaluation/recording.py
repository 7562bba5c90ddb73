"""What registers and lists make of a true change: detection that rises with enforcement, raters, churn."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from odssim.observe.laws import at_least


def detection_chance(hours: float, base: float, per_hour: float) -> float:
    """Return the chance that a deal is recorded at so many hours of enforcement: 1 - exp(-(base + per_hour h))."""
    return -math.expm1(-(base + per_hour * hours))


def read_with_hours(true_cut: float, hours: tuple[float, float], base: float, per_hour: float) -> float:
    """Return recorded after over before when a true cut comes with a change in hours of enforcement."""
    before, after = (detection_chance(h, base, per_hour) for h in hours)
    return (1.0 - true_cut) * after / before


def reversing_ratio(true_cut: float) -> float:
    """Return the detection ratio above which a true cut reads as a rise."""
    return 1.0 / (1.0 - true_cut)


def majority(chance: float, n_raters: int = 3) -> float:
    """Return the chance that more than half of independent raters say yes."""
    return float(at_least(np.full(n_raters, chance), n_raters // 2 + 1))


def listed_chance(chances: Sequence[float], needed: int = 7, n_raters: int = 1) -> float:
    """Return the chance that enough indicators are granted, each by a majority of raters."""
    return float(at_least(np.array([majority(p, n_raters) for p in chances]), needed))


def raters_needed(wanted: float, icc: float) -> float:
    """Return how many judgements give a mean this reliable (Spearman and Brown, turned around)."""
    return wanted * (1.0 - icc) / (icc * (1.0 - wanted))


def kappa_from_churn(leaving: float, qualifying_share: float) -> float:
    """Return the agreement at which rating noise alone makes this share leave a list, with no real change."""
    return 1.0 - leaving / (1.0 - qualifying_share)
