"""Paired intervals against known answers and limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odssim.analysis.intervals import mean_estimate, paired_difference, ratio_estimate

WITH = [310.0, 295.0, 322.0, 301.0, 288.0]
WITHOUT = [268.0, 250.0, 281.0, 262.0, 247.0]
NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12)


def test_pair_of_k12():
    pairs = paired_difference(WITHOUT, WITH)
    assert pairs.difference.value == pytest.approx(41.6, rel=1e-12)
    assert pairs.difference.se == pytest.approx(0.9797958971, rel=1e-9)
    assert pairs.independent_se == pytest.approx(8.5673799962, rel=1e-9)
    assert pairs.variance_ratio == pytest.approx(76.4583333, rel=1e-8)
    assert (pairs.base, pairs.other) == (261.6, 303.2)


def test_interval_uses_student_t_with_four_degrees_of_freedom():
    change = paired_difference(WITHOUT, WITH).difference
    assert change.high - change.value == pytest.approx(2.7764451051977987 * 0.9797958971, rel=1e-9)
    assert change.value - change.low == pytest.approx(change.high - change.value, rel=1e-12)


@pytest.mark.parametrize(
    ("base", "other", "smallest", "words"),
    [
        (WITHOUT, WITH, 0.05, "more"),
        (WITH, WITHOUT, 0.05, "fewer"),
        (WITH, [*WITH[1:], WITH[0]], 0.05, "not enough runs to say"),
        (WITH, [*WITH[1:], WITH[0]], 0.20, "no difference of note"),
        (WITH, WITH, 0.0, "no difference of note"),
        ([310.0], [100.0], 0.05, "one run: no interval"),
        ([math.nan, math.nan], [1.0, 2.0], 0.05, "no data"),
        ([0.0, 0.0, 0.0], [1.0, -1.0, 0.0], 0.05, "not enough runs to say"),
    ],
)
def test_verdict(base, other, smallest, words):
    assert paired_difference(base, other).verdict(smallest) == words


def test_equivalence_is_declared_wrongly_in_at_most_two_and_a_half_per_cent():
    rng, margin = np.random.default_rng(20182), 0.10
    base = rng.normal(100, 1, size=(4000, 10))
    other = base - 100 * margin + rng.normal(0, 8, size=(4000, 10))  # the difference is just of interest
    said = [paired_difference(a, b).verdict(margin) for a, b in zip(base, other, strict=True)]
    # binomial at 0.025: the upper limit of a false alarm in a million is 0.038
    assert said.count("no difference of note") / 4000 < 0.038
    assert said.count("not enough runs to say") > 0


def test_one_run_has_a_difference_but_no_interval():
    pairs = paired_difference([310.0], [100.0])
    assert pairs.difference.value == -210.0
    assert (pairs.difference.low, pairs.difference.high, pairs.variance_ratio) == (None, None, None)


def test_pairs_with_a_gap_are_left_out_whole():
    gap = paired_difference([*WITHOUT, 5.0, math.nan], [*WITH, math.nan, 7.0])
    assert gap == paired_difference(WITHOUT, WITH)


def test_percent_is_of_the_base_and_undefined_for_nothing():
    assert paired_difference([200.0, 200.0], [150.0, 160.0]).percent(-45.0) == -22.5
    assert paired_difference([0.0, 0.0], [1.0, 2.0]).percent(1.5) is None


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="2 base values but 1 others"):
        paired_difference([1.0, 2.0], [1.0])


def test_identical_worlds_have_no_variance_ratio():
    pairs = paired_difference(WITH, WITH)
    assert pairs.difference.se == 0.0
    assert pairs.variance_ratio is None


@given(NUMBERS)
def test_a_constant_shift_is_found_exactly(values):
    base = np.round(values)
    change = paired_difference(base, base + 3.0).difference
    assert (change.value, change.se) == (3.0, 0.0)


def test_interval_covers_at_its_nominal_rate():
    rng = np.random.default_rng(20181)
    covered = 0
    for sample in rng.normal(5.0, 2.0, size=(4000, 6)):
        estimate = mean_estimate(sample)
        covered += estimate.low <= 5.0 <= estimate.high
    # 4000 trials at 0.95: 5 standard errors are 0.017
    assert abs(covered / 4000 - 0.95) < 0.0173


def test_ratio_weighs_by_size_not_by_seed():
    estimate = ratio_estimate([1.0, 90.0], [1.0, 100.0])
    assert estimate.value == pytest.approx(91 / 101, rel=1e-12)
    residual = np.array([1.0, 90.0]) - 91 / 101 * np.array([1.0, 100.0])
    assert estimate.se == pytest.approx(residual.std(ddof=1) / math.sqrt(2) / 50.5, rel=1e-12)


@pytest.mark.parametrize("wholes", [[], [0.0, 0.0], [1.0, -1.0]])
def test_ratio_of_nothing_is_undefined(wholes):
    assert ratio_estimate([0.0] * len(wholes), wholes).value is None
