"""Needs are Poisson, follow weekday and payday, and a lower rate removes needs without moving any."""

import numpy as np
import pytest
from scipy import stats

from odssim.core.compiled import entry
from odssim.rules.need import HOUR_CDF, draw_count, draw_minute
from odssim.world.state import State
from statistical.stat import assert_distribution, assert_mean, assert_variance
from tiny.world import Tiny

N = 400_000
MONDAY, FRIDAY, THURSDAY_PAYDAY = 0, 4, 24
"""Days from Monday 1 January 2024; the 25th was a Thursday."""


@entry
def all_counts(st: State, d: int, out: np.ndarray) -> None:
    """Write the number of needs of every buyer on day d."""
    for b in range(len(out)):
        out[b] = draw_count(st, b, d)


@entry
def all_minutes(st: State, index: int, out: np.ndarray) -> None:
    """Write the minute of the day of need `index` of every buyer."""
    for b in range(len(out)):
        out[b] = draw_minute(st, b, index)


@pytest.fixture(scope="module")
def world() -> Tiny:
    tiny = Tiny(buyers=N, need__weekday=1.0, need__payday=1.5)
    tiny.state.par["need_weekday"][0, FRIDAY] = 1.4
    return tiny


def counts(world: Tiny, rate: float, day: int = MONDAY) -> np.ndarray:
    world.state.buyers["rate"] = rate
    out = np.zeros(N, dtype=np.int64)
    all_counts(world.state, day, out)
    return out


def test_the_number_of_needs_is_poisson(world):
    found = counts(world, 30.0)
    assert_distribution(found, lambda n: stats.poisson.cdf(n, 1.0), detects=0.008)
    assert_mean(found, 1.0, detects=0.014)
    assert_variance(found, 1.0, detects=0.04)


def test_more_than_eight_needs_are_eight(world):
    found = counts(world, 240.0)
    n = np.arange(9)
    capped = float((n[:8] * stats.poisson.pmf(n[:8], 8.0)).sum() + 8 * stats.poisson.sf(7, 8.0))
    assert found.max() == 8
    assert_mean(found, capped, detects=0.03)


@pytest.mark.parametrize(("day", "factor"), [(MONDAY, 1.0), (FRIDAY, 1.4), (THURSDAY_PAYDAY, 1.5)])
def test_weekday_and_payday_scale_the_mean(world, day, factor):
    assert_mean(counts(world, 15.0, day), 0.5 * factor, detects=0.014)


def test_a_lower_rate_removes_needs_and_adds_none(world):
    high, low = counts(world, 30.0), counts(world, 20.0)
    assert (low <= high).all()
    assert 0.2 < (low < high).mean() < 0.5


def test_days_and_persons_are_independent(world):
    first, second = counts(world, 30.0, 1), counts(world, 30.0, 2)
    assert abs(np.corrcoef(first, second)[0, 1]) < 6 / np.sqrt(N)
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 6 / np.sqrt(N)


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_the_hour_of_a_need_is_that_of_the_table(world, kind):
    world.state.buyers["type"] = kind
    out = np.zeros(N, dtype=np.int64)
    all_minutes(world.state, 16 * 3, out)
    assert out.min() >= 0
    assert out.max() < 1440
    assert_distribution(out, lambda m: np.interp((m + 1) / 60, np.arange(25), HOUR_CDF[kind]), detects=0.008)


def test_the_minute_of_a_need_does_not_depend_on_how_many_there_are(world):
    world.state.buyers["type"] = 0
    alone, among = np.zeros(N, dtype=np.int64), np.zeros(N, dtype=np.int64)
    world.state.buyers["rate"] = 15.0
    all_minutes(world.state, 16, alone)
    world.state.buyers["rate"] = 60.0
    all_minutes(world.state, 16, among)
    assert (alone == among).all()
