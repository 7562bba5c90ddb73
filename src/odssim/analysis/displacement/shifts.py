"""Displacement in time: how far the hours of the week at which deals take place have moved."""

import numpy as np
from numpy.typing import ArrayLike

from odssim.core.types import Array

HOURS_A_WEEK = 168
MINUTES_A_DAY = 1440


def week_profile(minutes: ArrayLike, first_weekday: int) -> Array:
    """Return the number of events in each hour of the week, from Monday 00-01, float64[168].

    `minutes`: minutes since the midnight that begins the first day.
    `first_weekday`: weekday of the first day, Monday 0.
    """
    minute = np.asarray(minutes, dtype=np.int64) + first_weekday * MINUTES_A_DAY
    return np.bincount((minute // 60) % HOURS_A_WEEK, minlength=HOURS_A_WEEK).astype(np.float64)


def share_moved(base: ArrayLike, other: ArrayLike) -> float | None:
    """Return the least share of events that must move to turn one profile into the other; None if one is empty.

    Half the sum of absolute differences of shares (total variation). Chance alone gives more than zero.
    """
    p, q = _shares(base), _shares(other)
    return None if p is None or q is None else float(np.abs(p - q).sum() / 2)


def hours_moved(base: ArrayLike, other: ArrayLike) -> float | None:
    """Return the least mean distance that events must move around the clock, in bins; None if one is empty.

    The Wasserstein distance W1 on a circle: the sum over the bins of |F - G - median of (F - G)| (Rabin,
    Delon and Gousseau 2011, Journal of Mathematical Imaging and Vision 41).
    """
    p, q = _shares(base), _shares(other)
    if p is None or q is None:
        return None
    gap = np.cumsum(p - q)
    return float(np.abs(gap - np.median(gap)).sum())


def _shares(counts: ArrayLike) -> Array | None:
    values = np.asarray(counts, dtype=np.float64)
    return values / values.sum() if values.sum() > 0 else None
