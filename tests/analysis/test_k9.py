"""The engine's race of exponentials, in a city where every answer has a closed form (case K9).

Four places and going without; the first place loses half a unit of utility. Because each option has its own
keyed draw, only needs that chose the treated place may move.
"""

import math

import numpy as np
import pytest
from numba import njit

from odssim.core.rng import decision_key, exponential

UTILITY = np.array([1.0, 0.5, 0.2, 0.0, 0.0])
DROPPED = UTILITY - np.array([0.5, 0.0, 0.0, 0.0, 0.0])
TREATED, WITHOUT = 0, 4
BATCHES, NEEDS_PER_BATCH = 12_000, 200
N = BATCHES * NEEDS_PER_BATCH


@njit
def race(key, first_need, n_needs, utility):
    chosen = np.empty(n_needs, dtype=np.int64)
    for k in range(n_needs):
        best = math.inf
        for option in range(len(utility)):
            score = exponential(key, first_need + k, option) * math.exp(-utility[option])
            if score < best:
                best, chosen[k] = score, option
    return chosen


@pytest.fixture(scope="module")
def worlds():
    """Choices without and with the drop under one key, and with the drop under another key."""
    key, other_key = decision_key(7, "choice.option"), decision_key(8, "choice.option")
    return race(key, 0, N, UTILITY), race(key, 0, N, DROPPED), race(other_key, 0, N, DROPPED)


def five_errors(p):
    return 5 * math.sqrt(p * (1 - p) / N)


def test_removed_share(worlds):
    base, other, _ = worlds
    removed = np.mean((base == TREATED) & (other != TREATED))
    assert abs(removed - 0.1052989827) < five_errors(0.1053)


def test_displaced_fraction(worlds):
    base, other, _ = worlds
    gone = (base == TREATED) & (other != TREATED)
    displaced = np.mean(other[gone] != WITHOUT)
    tolerance = 5 * math.sqrt(0.79467 * 0.20533 / gone.sum())
    assert abs(displaced - 0.7946664204) < tolerance


def test_overall_effect_share(worlds):
    base, other, _ = worlds
    effect = np.mean(other != WITHOUT) - np.mean(base != WITHOUT)
    assert abs(effect + 0.0216214170) < five_errors(0.0216)


def test_untreated_needs_never_move(worlds):
    base, other, _ = worlds
    untreated = base != TREATED
    assert untreated.sum() > 1_000_000
    assert np.array_equal(base[untreated], other[untreated])


@pytest.mark.parametrize(("option", "expected"), [(TREATED, 4.4458306242), (WITHOUT, 11.5478974728)])
def test_variance_ratio_of_unpaired_to_paired(worlds, option, expected):
    base, paired, unpaired = ((world == option).reshape(BATCHES, NEEDS_PER_BATCH).sum(axis=1) for world in worlds)
    ratio = np.var(unpaired - base, ddof=1) / np.var(paired - base, ddof=1)
    # the ratio of two independent sample variances has a relative error of sqrt(4 / 12000) = 1.8 %
    assert ratio == pytest.approx(expected, rel=0.09)


def test_moved_needs_of_other_decisions_share_nothing(worlds):
    base, paired, unpaired = worlds
    assert np.mean(base == paired) > 0.89
    assert np.mean(base == unpaired) < 0.3
