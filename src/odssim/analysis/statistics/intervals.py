"""Intervals and verdicts: one function for each kind of quantity, used wherever a difference is shown.

| quantity | function | interval |
|---|---|---|
| mean of a level | `mean_estimate` | Student's t, cut to the range of the level |
| difference of two worlds, pair by pair | `paired_difference` | Student's t, no more lost than the base may have had |
| the same in per cent of the base | `paired_difference` | the same t on the scale of the logarithm |
| share of things counted | `share_estimate` | t of the ratio of sums, at least Wilson's, cut to 0-100 % |
| ratio of two sums of either sign | `ratio_estimate` | Fieller's |

A pair is two worlds of one seed. Because both draw the same random numbers, the difference varies far less than either
world does; by how much less is the variance ratio. But values that happen to be equal in a few runs are no proof:

- Differences that are all zero are reported as such (`SAME`); all equal but not zero have no interval, unless planned.
- Of counted events those matter that only one world of a pair has, at least |difference|. If they come independently,
  the variance of the difference is at least that (Skellam 1946). With this floor, differences that are all equal
  count from six runs on, where the sign test says which way they point (2 / 2^6 < 5 %).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from odssim.analysis.statistics.fieller import fieller_set
from odssim.analysis.statistics.sequence import anytime_multiple
from odssim.core import maths
from odssim.core.types import Array

FEWER, MORE = "fewer", "more"
NO_DIFFERENCE = "no difference of note"
NOT_ENOUGH = "not enough runs to say"
SAME = "the same in every run"
ONE_RUN = "one run: no interval"
NO_DATA = "no data"
SIGN_TEST_RUNS = 6
"""Runs from which equal differences of counts have an interval: the least at which the sign test is below 5 %."""
MOST_RATIO = 100.0
"""A ratio known no better than to this factor either way is reported by the difference instead; assumption."""
ROUNDING = 1e-9
"""Differences smaller than this share of the values come from the arithmetic."""


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its 95 % interval; None where the seeds are too few or too alike to give it."""

    n: int
    """Seeds that had a value."""
    value: float | None
    se: float | None
    low: float | None
    high: float | None
    """In the unit of what was averaged; `se` is 0 only for what is exactly known."""


@dataclass(frozen=True)
class PairedDifference:
    """Other world less base world, over pairs."""

    base: float | None
    other: float | None
    """Means over the pairs."""
    difference: Estimate
    """Mean of other - base, with the paired t interval (pairs - 1 degrees of freedom), or that of a
    confidence sequence."""
    percent: Estimate
    """The same in per cent of the base, never below -100; no value if the base has nothing. The two intervals
    hold zero or leave it out together."""
    independent_se: float | None
    """The standard error that as many unpaired runs would have had."""
    variance_ratio: float | None
    """How many unpaired runs one pair is worth: (var base + var other) / var of the difference; None
    for one pair and where the difference never varied."""

    def verdict(self, smallest: float = 0.0) -> str:
        """In words: fewer, more, no difference of note, or why nothing can be said; see `verdict`."""
        return verdict(self.difference, smallest * abs(self.base or 0.0))


def verdict(difference: Estimate, margin: float = 0.0) -> str:
    """Return what the interval of a difference says.

    `margin`: the smallest difference of interest, in the unit of the difference. An interval that holds zero and lies
    within it establishes that there is no difference of note (two one-sided tests at 2.5 %); an interval that holds
    zero and reaches beyond establishes neither.
    """
    if difference.value is None:
        return NO_DATA
    if difference.n == 1:
        return ONE_RUN
    if never_differs(difference):
        return SAME
    if difference.low is None or difference.high is None:
        return NOT_ENOUGH
    if difference.high < 0:
        return FEWER
    if difference.low > 0:
        return MORE
    return NO_DIFFERENCE if within(difference, margin) else NOT_ENOUGH


def never_differs(difference: Estimate) -> bool:
    """Return whether no run of several showed any difference."""
    return difference.n > 1 and difference.value == difference.se == 0


def within(difference: Estimate, margin: float) -> bool:
    """Return whether the whole interval of a difference lies within +- `margin`."""
    if difference.low is None or difference.high is None:
        return never_differs(difference)
    return -margin < difference.low and difference.high < margin


def half_width(se: float, n: int, level: float = 0.95, *, anytime: bool = False) -> float:
    """Return the half width of the interval of a mean of `n` values with standard error `se`.

    `anytime`: of a confidence sequence, which holds at every look, in place of Student's t; inf for few values.
    """
    return (anytime_multiple(n, level) if anytime else float(stdtrit(n - 1, 0.5 + level / 2))) * se


def mean_estimate(values: ArrayLike, least: float = -math.inf, most: float = math.inf) -> Estimate:
    """Return the mean of one value per seed, NaN left out, with its interval, cut to what a value can be.

    Values that are all equal have no interval.
    """
    kept = _known(values)
    n = len(kept)
    if n < 2 or _alike(kept):
        return Estimate(n, float(kept.mean()) if n else None, None, None, None)
    return _around(n, float(kept.mean()), float(kept.std(ddof=1)) / math.sqrt(n), least, most)


NOTHING = Estimate(0, None, None, None, None)


def _known(values: ArrayLike) -> Array:
    numbers = np.asarray(values, dtype=np.float64)
    return np.asarray(numbers[~np.isnan(numbers)])


def _alike(values: Array) -> bool:
    """Return whether values are equal but for rounding."""
    return bool(np.ptp(values) <= ROUNDING * np.abs(values).max())


def _around(n: int, value: float, se: float, least: float, most: float, *, anytime: bool = False) -> Estimate:
    """Return an estimate with the t interval (or confidence sequence) around it, cut to a range."""
    reach = half_width(se, n, anytime=anytime)
    if math.isinf(reach):
        return Estimate(n, value, se, None, None)
    return Estimate(n, value, se, max(least, value - reach), min(most, value + reach))


def difference_estimate(
    differences: ArrayLike, *, event: float = 0.0, planned: bool = False, anytime: bool = False, most_lost: float = math.inf
) -> Estimate:
    """Return the mean of one difference per pair with its interval.

    Parameters
    ----------
    event
        By how much one event more changes a value, if values count events; else 0.
    planned
        Whether the value is planned, as a cost is: if it is equal in all runs, it is exactly known.
    most_lost
        What there may have been to lose: the interval ends there.
    """
    d = _known(differences)
    n = len(d)
    if n < 2:
        return mean_estimate(d)
    value, alike = float(d.mean()), _alike(d)
    if not d.any():
        return Estimate(n, 0.0, 0.0, None, None)
    if alike and planned:
        return Estimate(n, value, 0.0, value, value)
    variance = max(0.0 if alike else float(d.var(ddof=1)), event * float(np.abs(d).mean()))
    if variance == 0 or (alike and n < SIGN_TEST_RUNS):
        return Estimate(n, value, None, None, None)
    return _around(n, value, math.sqrt(variance / n), -most_lost, math.inf, anytime=anytime)


def paired_difference(
    base: ArrayLike, other: ArrayLike, *, event: float = 0.0, planned: bool = False, anytime: bool = False
) -> PairedDifference:
    """Compare two worlds pair by pair, of what is never below zero; pairs with a NaN are left out.

    `event`, `planned`: as in `difference_estimate`.
    `anytime`: give the interval of a confidence sequence in place of Student's t.

    Raises ValueError: if the sequences differ in length.
    """
    a, b = np.asarray(base, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"{len(a)} base values but {len(b)} others: not pairs")
    both = ~np.isnan(b - a)
    a, b = a[both], b[both]
    if len(a) == 0:
        return PairedDifference(None, None, NOTHING, NOTHING, None, None)
    d = np.where(np.abs(b - a) <= ROUNDING * 1e-3 * np.maximum(np.abs(a), np.abs(b)), 0.0, b - a)
    means = float(a.mean()), float(b.mean())
    difference = difference_estimate(d, event=event, planned=planned, anytime=anytime, most_lost=_most(a, event))
    percent = _in_per_cent(*means, difference)
    if len(a) == 1:
        return PairedDifference(*means, difference, percent, None, None)
    apart = float(a.var(ddof=1) + b.var(ddof=1))
    ratio = None if _alike(d) else apart / float(d.var(ddof=1))
    return PairedDifference(*means, difference, percent, math.sqrt(apart / len(a)), ratio)


def _most(base: Array, event: float) -> float:
    """Return the upper end of the interval of a base's mean; inf where values may lie below zero or n is 1."""
    if len(base) < 2 or base.min() < 0:
        return math.inf
    mean, variance = float(base.mean()), float(base.var(ddof=1))
    return mean + half_width(math.sqrt(max(variance, event * mean) / len(base)), len(base))


def _in_per_cent(before: float, after: float, difference: Estimate) -> Estimate:
    """Return a difference in per cent of the base, with an interval that holds zero if that of the difference does.

    On the logarithm's scale the reach is divided by the geometric mean of the two worlds (delta method for counts), or,
    where that alone would hold zero, by their logarithmic mean (test-based limits, Miettinen 1976). Where the other
    world has nothing, or the ratio is hardly known, the limits are those of the difference, cut at -100.
    """
    n, change, low, high = difference.n, difference.value, difference.low, difference.high
    if change is None or before <= 0:
        return Estimate(n, None, None, None, None)
    if low is None or high is None:
        return Estimate(n, 100 * change / before, None, None, None)
    limits = (max(-100.0, 100 * low / before), 100 * high / before)
    reach, ratio = high - change, after / before
    if 0 < reach < math.log(MOST_RATIO) * math.sqrt(before * max(after, 0.0)):
        logarithmic = before if math.isclose(before, after) else change / math.log(ratio)
        for mean in (math.sqrt(before * after), logarithmic):
            limits = (100 * (ratio * math.exp(-reach / mean) - 1), 100 * (ratio * math.exp(reach / mean) - 1))
            if (limits[0] <= 0 <= limits[1]) == (low <= 0 <= high):
                break
    return Estimate(n, 100 * change / before, None, *limits)


def share_estimate(parts: ArrayLike, wholes: ArrayLike, least: float = 0.0) -> Estimate:
    """Return sum of parts / sum of wholes, of things counted, with an interval between `least` and 1.

    The ratio of sums, not the mean of ratios: a seed with next to nothing removed must not weigh as much as one
    with a thousand deals removed (Cochran 1977, Sampling Techniques, section 2.11). Its standard error is at least
    the binomial one; a share from 0 to 1 has at least Wilson's interval (1927, with Student's t), never empty.

    `least`: -1 for a difference of two shares; if it is the same in a few runs, it has no interval.
    """
    part, whole = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    n, counted = len(whole), float(whole.sum())
    if n == 0 or counted <= 0:
        return Estimate(n, None, None, None, None)
    share = min(max(float(part.sum()) / counted, least), 1.0)
    each = part - share * whole
    alike = bool(np.ptp(each) <= ROUNDING * np.abs(whole).max())
    if n == 1 or (alike and least < 0 and n < SIGN_TEST_RUNS):
        return Estimate(n, share, None, None, None)
    binomial = math.sqrt(abs(share) * (1 - abs(share)) / counted)
    se = max(float(each.std(ddof=1)) * math.sqrt(n) / counted, binomial)
    t = half_width(1.0, n)
    low, high = share - t * se, share + t * se
    if least == 0:
        middle = (share + t * t / (2 * counted)) / (1 + t * t / counted)
        reach = t / (1 + t * t / counted) * math.sqrt(binomial**2 + (t / (2 * counted)) ** 2)
        low, high = min(low, middle - reach), max(high, middle + reach)
    return Estimate(n, share, se, max(least, low), min(1.0, high))


def ratio_estimate(parts: ArrayLike, wholes: ArrayLike, least: float = -math.inf, most: float = math.inf) -> Estimate:
    """Return sum of parts / sum of wholes over pairs of runs with Fieller's interval.

    It is cut to what the ratio can be, from `least` to `most`. No interval where it is unbounded (the wholes may as
    well sum to nothing) or where the ratio is equal in all runs.
    """
    part, whole = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    n, total = len(whole), float(whole.sum())
    if n == 0 or total == 0:
        return Estimate(n, None, None, None, None)
    ratio = float(part.sum()) / total
    each = part - ratio * whole
    if n == 1 or np.ptp(each) <= ROUNDING * max(np.abs(part).max(), np.abs(ratio * whole).max()):
        return Estimate(n, ratio, None, None, None)
    (v_m, c_mn), (_, v_n) = (maths.covariance(np.column_stack([whole, part])) / n).tolist()
    low, high = fieller_set(float(whole.mean()), float(part.mean()), v_m, v_n, c_mn, half_width(1.0, n))
    se = float(each.std(ddof=1)) * math.sqrt(n) / abs(total)
    if low is None or high is None:
        return Estimate(n, ratio, se, None, None)
    return Estimate(n, ratio, se, min(max(low, least), most), max(min(high, most), least))
