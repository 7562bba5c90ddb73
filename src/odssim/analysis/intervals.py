"""Differences between paired runs, with Student-t intervals.

A pair is two worlds of one seed. Because both draw the same luck, the difference varies far less than
either world does; by how much less is the variance ratio.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from odssim.analysis.sequence import anytime_multiple

FEWER, MORE = "fewer", "more"
NO_DIFFERENCE = "no difference of note"
NOT_ENOUGH = "not enough runs to say"
ONE_RUN = "one run: no interval"
NO_DATA = "no data"


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its 95 % interval; None where the seeds are too few to give it.

    Attributes
    ----------
    n
        Seeds that had a value.
    value, se, low, high
        In the unit of what was averaged.
    """

    n: int
    value: float | None
    se: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class PairedDifference:
    """Other world less base world, over pairs.

    Attributes
    ----------
    base, other
        Means over the pairs.
    difference
        Mean of other - base, with the paired t interval (pairs - 1 degrees of freedom), or that of a
        confidence sequence.
    independent_se
        The standard error that as many unpaired runs would have had.
    variance_ratio
        How many unpaired runs one pair is worth: (var base + var other) / var of the difference; None
        for one pair and where the difference never varied.
    """

    base: float | None
    other: float | None
    difference: Estimate
    independent_se: float | None
    variance_ratio: float | None

    def verdict(self, smallest: float = 0.0) -> str:
        """In words: fewer, more, no difference of note, or why nothing can be said; see `verdict`."""
        return verdict(self.difference, smallest * abs(self.base or 0.0))

    def percent(self, number: float | None) -> float | None:
        """Return a difference as a percentage of the base mean; None if that mean is zero or unknown."""
        return None if number is None or not self.base else 100.0 * number / abs(self.base)


def verdict(difference: Estimate, margin: float = 0.0) -> str:
    """Return what the interval of a difference says.

    Parameters
    ----------
    margin
        The smallest difference of interest, in the unit of the difference. An interval that holds zero and
        lies within it establishes that there is no difference of note (two one-sided tests at 2.5 %); an
        interval that holds zero and reaches beyond establishes neither.
    """
    if difference.value is None:
        return NO_DATA
    if difference.low is None or difference.high is None:
        return ONE_RUN if difference.n == 1 else NOT_ENOUGH
    if difference.high < 0:
        return FEWER
    if difference.low > 0:
        return MORE
    return NO_DIFFERENCE if within(difference, margin) else NOT_ENOUGH


def within(difference: Estimate, margin: float) -> bool:
    """Return whether the whole interval of a difference lies within +- `margin`."""
    if difference.low is None or difference.high is None:
        return False
    return difference.low == difference.high == 0 or (-margin < difference.low and difference.high < margin)


def half_width(se: float, n: int, level: float = 0.95, *, anytime: bool = False) -> float:
    """Return the half width of the interval of a mean of `n` values with standard error `se`.

    Parameters
    ----------
    anytime
        Of a confidence sequence, which holds at every look, in place of Student's t; inf for few values.
    """
    return (anytime_multiple(n, level) if anytime else float(stdtrit(n - 1, 0.5 + level / 2))) * se


def mean_estimate(values: ArrayLike, *, anytime: bool = False) -> Estimate:
    """Return the mean of one value per seed with its interval; values that are NaN are left out."""
    kept = np.asarray(values, dtype=np.float64)
    kept = kept[~np.isnan(kept)]
    n = len(kept)
    if n == 0:
        return Estimate(0, None, None, None, None)
    value = float(kept.mean())
    if n == 1:
        return Estimate(1, value, None, None, None)
    se = float(kept.std(ddof=1)) / math.sqrt(n)
    reach = half_width(se, n, anytime=anytime) if se > 0 else 0.0
    if math.isinf(reach):
        return Estimate(n, value, se, None, None)
    return Estimate(n, value, se, value - reach, value + reach)


def paired_difference(base: ArrayLike, other: ArrayLike, *, anytime: bool = False) -> PairedDifference:
    """Compare two worlds pair by pair; pairs in which either value is NaN are left out.

    Parameters
    ----------
    anytime
        Give the interval of a confidence sequence in place of Student's t.

    Raises
    ------
    ValueError
        If the sequences differ in length.
    """
    a, b = np.asarray(base, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"{len(a)} base values but {len(b)} others: not pairs")
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = a[both], b[both]
    difference = mean_estimate(b - a, anytime=anytime)
    if len(a) == 0:
        return PairedDifference(None, None, difference, None, None)
    means = float(a.mean()), float(b.mean())
    if len(a) == 1:
        return PairedDifference(*means, difference, None, None)
    apart = float(a.var(ddof=1) + b.var(ddof=1))
    paired = float((b - a).var(ddof=1))
    ratio = apart / paired if paired > 0 else None
    return PairedDifference(*means, difference, math.sqrt(apart / len(a)), ratio)


def ratio_estimate(parts: ArrayLike, wholes: ArrayLike) -> Estimate:
    """Return sum of parts / sum of wholes over seeds with its linearised t interval.

    The ratio of sums, not the mean of ratios: a seed with next to nothing removed must not weigh as much
    as one with a thousand deals removed (Cochran 1977, Sampling Techniques, section 2.11).
    """
    part, whole = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    n = len(whole)
    if n == 0 or whole.sum() == 0:
        return Estimate(n, None, None, None, None)
    ratio = float(part.sum() / whole.sum())
    if n == 1:
        return Estimate(1, ratio, None, None, None)
    se = float((part - ratio * whole).std(ddof=1)) / (math.sqrt(n) * abs(float(whole.mean())))
    reach = half_width(se, n)
    return Estimate(n, ratio, se, ratio - reach, ratio + reach)
