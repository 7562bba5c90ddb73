"""From one value per seed to an interval and a verdict."""

import math
from collections.abc import Sequence

import numpy as np

from odssim.analysis.statistics.intervals import SIGN_TEST_RUNS, Estimate, mean_estimate, ratio_estimate, share_estimate
from odssim.core.types import Array
from odssim.validation.patterns.fifteen_minutes import BIN_EDGES_MIN
from odssim.validation.patterns.findings import Finding, Row, Value

N_BOOT = 999
BOOT_SEED = 1
MINUTES = (BIN_EDGES_MIN[:-1] + BIN_EDGES_MIN[1:] - 1) / 2
"""Middle of each bin of visit lengths, minutes."""
SHARE = (0.0, 1.0)


def combine(values: Sequence[Value], least: float = -math.inf, most: float = math.inf) -> tuple[Estimate, tuple[float, ...]]:
    """Return the estimate over seeds, between the least and the most that it can be, and one number per seed."""
    first = values[0]
    if not isinstance(first, tuple):
        numbers = np.array(values, dtype=np.float64)
        return mean_estimate(numbers, least, most), tuple(numbers.tolist())
    parts, wholes = (np.array([v[k] for v in values], dtype=np.float64) for k in (0, 1))  # type: ignore[index]
    if parts.ndim == 2:
        return peak_estimate(parts, wholes), tuple(_peak(p, w) for p, w in zip(parts, wholes, strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(wholes == 0, np.nan, parts / wholes)
    if (least, most) == SHARE:
        return share_estimate(parts, wholes), tuple(each.tolist())
    return ratio_estimate(parts, wholes, least, most), tuple(each.tolist())


def _peak(benefit: Array, cost: Array) -> float:
    known = cost > 0
    if not known.any():
        return math.nan
    rate = np.where(known, benefit / np.where(known, cost, 1.0), -np.inf)
    return float(MINUTES[int(np.argmax(rate))])


def peak_estimate(benefits: Array, costs: Array) -> Estimate:
    """Return where benefit over cost, both summed over seeds, is largest; interval by bootstrap of the seeds."""
    n = len(benefits)
    value = _peak(benefits.sum(axis=0), costs.sum(axis=0))
    if n == 1 or math.isnan(value):
        return Estimate(n, None if math.isnan(value) else value, None, None, None)
    resamples = np.random.default_rng(BOOT_SEED).integers(0, n, (N_BOOT, n))
    peaks = np.array([_peak(benefits[rows].sum(axis=0), costs[rows].sum(axis=0)) for rows in resamples])
    if n < SIGN_TEST_RUNS and np.ptp(peaks) == 0:
        return Estimate(n, value, None, None, None)
    low, high = np.quantile(peaks, (0.025, 0.975), method="inverted_cdf")
    return Estimate(n, value, float(peaks.std(ddof=1)), float(low), float(high))


def verdict(row: Row, low: float | None, high: float | None) -> str:
    """Return where an interval lies: inside, below or above the band, or undecided."""
    if low is None or high is None:
        return "undecided"
    if row.low <= low and high <= row.high:
        return "inside"
    return "below" if high < row.low else "above" if low > row.high else "undecided"


def judge(row: Row, city: str, values: Sequence[Value]) -> Finding:
    """Return the finding of a row from one value per seed."""
    estimate, by_seed = combine(values, row.least, row.most)
    low, high = estimate.low, estimate.high
    return Finding(row, city, estimate.n, estimate.value, low, high, by_seed, verdict(row, low, high))
