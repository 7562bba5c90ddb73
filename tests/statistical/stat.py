"""Assertions about random results with a known rate of false alarms and a stated error that they would notice.

Each takes `detects`, the smallest deviation that must not slip through, and refuses to run (`TooFewDrawsError`)
when the sample could not notice it with probability `POWER`. With `FALSE_FAIL` = 1e-6, 500 such assertions
run once a day on fresh seeds raise one false alarm in five years.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

Array = np.ndarray[Any, Any]
FALSE_FAIL = 1e-6
POWER = 0.999
ENOUGH_FOR_A_MEAN = 1000
"""Values below which a mean is not taken to be normally distributed."""


class TooFewDrawsError(Exception):
    """The sample is too small to notice the error that the test claims to notice."""


def accepted_counts(n: int, p: float, false_fail: float) -> tuple[int, int]:
    """Return the smallest and the largest count of successes that do not contradict `p` (exact binomial)."""
    low = int(stats.binom.ppf(false_fail / 2, n, p))
    high = int(stats.binom.isf(false_fail / 2, n, p))
    return low, high


def power_at(n: int, p_true: float, accepted: tuple[int, int]) -> float:
    """Return the probability that n draws with `p_true` fall outside the accepted counts."""
    low, high = accepted
    return float(stats.binom.cdf(low - 1, n, p_true) + stats.binom.sf(high, n, p_true))


def assert_proportion(k: int, n: int, p: float, *, detects: float, false_fail: float = FALSE_FAIL) -> None:
    """Assert that `k` of `n` draws is what probability `p` gives; notices a deviation of `detects`."""
    accepted = accepted_counts(n, p, false_fail)
    wrong = [q for q in (p - detects, p + detects) if 0.0 <= q <= 1.0]
    if not wrong or any(power_at(n, q, accepted) < POWER for q in wrong):
        raise TooFewDrawsError(f"{n} draws cannot tell {p} from a value {detects} away")
    assert accepted[0] <= k <= accepted[1], f"{k} of {n} = {k / n:.5f} is not {p:.5f}; accepted {accepted}"


def assert_mean(values: Array, mean: float, *, detects: float, false_fail: float = FALSE_FAIL) -> None:
    """Assert that independent `values` have this mean; notices a deviation of `detects` (normal means)."""
    n = len(values)
    error = float(np.std(values, ddof=1)) / math.sqrt(n) if n > 1 else math.inf
    limit = float(stats.norm.isf(false_fail / 2)) * error
    if n < ENOUGH_FOR_A_MEAN or detects < limit + float(stats.norm.ppf(POWER)) * error:
        raise TooFewDrawsError(f"{n} values with standard error {error:.3g} cannot show a deviation of {detects}")
    found = float(np.mean(values))
    assert abs(found - mean) <= limit, f"mean {found:.6g} is not {mean:.6g}; accepted within {limit:.3g}"


def assert_variance(values: Array, variance: float, *, detects: float, false_fail: float = FALSE_FAIL) -> None:
    """Assert that independent `values` have this variance about their mean; notices `detects`."""
    squares = (values - np.mean(values)) ** 2
    assert_mean(squares, variance, detects=detects, false_fail=false_fail)


def assert_distribution(
    values: Array, cdf: Callable[[Array], Array], *, detects: float, false_fail: float = FALSE_FAIL
) -> None:
    """Assert that independent `values` follow `cdf` (any distribution); notices a gap of `detects`.

    The band is that of Dvoretzky, Kiefer and Wolfowitz with Massart's constant, valid for every n.
    """
    n = len(values)
    band = math.sqrt(math.log(2.0 / false_fail) / (2 * n))
    if detects < band + float(stats.norm.ppf(POWER)) * 0.5 / math.sqrt(n):
        raise TooFewDrawsError(f"{n} values cannot show a gap of {detects} in the distribution")
    points = np.unique(values)
    share = np.searchsorted(np.sort(values), points, side="right") / n
    gap = float(np.max(np.abs(share - cdf(points))))
    assert gap <= band, f"largest gap {gap:.4f} exceeds {band:.4f}"


def assert_same_distribution(a: Array, b: Array, *, detects: float, false_fail: float = FALSE_FAIL) -> None:
    """Assert that two independent samples come from one distribution; notices a gap of `detects`.

    Two bands of Dvoretzky, Kiefer and Wolfowitz, one for each sample, each with half of the false alarms.
    """
    n, m = len(a), len(b)
    band = sum(math.sqrt(math.log(4.0 / false_fail) / (2 * size)) for size in (n, m))
    if detects < band + float(stats.norm.ppf(POWER)) * 0.5 * math.sqrt(1 / n + 1 / m):
        raise TooFewDrawsError(f"samples of {n} and {m} cannot show a gap of {detects}")
    points = np.unique(np.concatenate([a, b]))
    shares = [np.searchsorted(np.sort(x), points, side="right") / len(x) for x in (a, b)]
    gap = float(np.max(np.abs(shares[0] - shares[1])))
    assert gap <= band, f"largest gap {gap:.4f} exceeds {band:.4f}"
