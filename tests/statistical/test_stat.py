"""The statistical assertions themselves: they pass on the truth, notice what they claim, refuse small samples."""

import numpy as np
import pytest
from scipy import stats

from statistical.stat import (
    FALSE_FAIL,
    POWER,
    TooFewDrawsError,
    accepted_counts,
    assert_distribution,
    assert_mean,
    assert_proportion,
    assert_same_distribution,
    assert_variance,
    power_at,
)

RANDOM = np.random.default_rng(5)


@pytest.mark.parametrize("n", [10, 300, 20_000])
@pytest.mark.parametrize("p", [0.0, 0.02, 0.5, 0.93, 1.0])
def test_the_rate_of_false_alarms_is_what_it_claims(n, p):
    low, high = accepted_counts(n, p, FALSE_FAIL)
    assert stats.binom.cdf(low - 1, n, p) + stats.binom.sf(high, n, p) <= FALSE_FAIL * (1 + 1e-9)


@pytest.mark.parametrize(("p", "detects", "n"), [(0.10, 0.01, 60_000), (0.02, 0.004, 86_000), (0.50, 0.01, 161_000)])
def test_the_sample_sizes_that_planning_gives(p, detects, n):
    assert power_at(n, p + detects, accepted_counts(n, p, FALSE_FAIL)) >= POWER
    assert_proportion(round(p * n), n, p, detects=detects)
    with pytest.raises(TooFewDrawsError):
        assert_proportion(round(p * n / 2), n // 2, p, detects=detects)
    for wrong in (p - detects, p + detects):
        with pytest.raises(AssertionError):
            assert_proportion(round(wrong * n), n, p, detects=detects)


def test_certainties_are_proportions_too():
    assert_proportion(0, 20_000, 0.0, detects=0.001)
    with pytest.raises(AssertionError):
        assert_proportion(1, 20_000, 0.0, detects=0.001)
    with pytest.raises(TooFewDrawsError):
        assert_proportion(0, 100, 0.0, detects=0.001)


def test_a_mean():
    values = RANDOM.exponential(2.0, 100_000)
    assert_mean(values, 2.0, detects=0.06)
    with pytest.raises(AssertionError):
        assert_mean(values, 2.06, detects=0.06)
    with pytest.raises(AssertionError):
        assert_mean(values, 1.94, detects=0.06)
    with pytest.raises(TooFewDrawsError):
        assert_mean(values, 2.0, detects=0.04)
    with pytest.raises(TooFewDrawsError):
        assert_mean(values[:999], 2.0, detects=1.0)


def test_a_variance():
    values = RANDOM.normal(0.0, 2.0, 200_000)
    assert_variance(values, 4.0, detects=0.15)
    with pytest.raises(AssertionError):
        assert_variance(values, 4.15, detects=0.15)


def test_a_distribution():
    values = RANDOM.poisson(3.0, 54_000)
    assert_distribution(values, lambda x: stats.poisson.cdf(x, 3.0), detects=0.02)
    with pytest.raises(AssertionError):
        assert_distribution(values, lambda x: stats.poisson.cdf(x, 3.15), detects=0.02)
    with pytest.raises(TooFewDrawsError):
        assert_distribution(values[:20_000], lambda x: stats.poisson.cdf(x, 3.0), detects=0.02)


def test_two_samples():
    a, b = RANDOM.normal(0, 1, 100_000), RANDOM.normal(0, 1, 100_000)
    assert_same_distribution(a, b, detects=0.03)
    with pytest.raises(AssertionError):
        assert_same_distribution(a, b + 0.12, detects=0.03)
    with pytest.raises(TooFewDrawsError):
        assert_same_distribution(a[:1000], b[:1000], detects=0.03)
