"""Lotteries: as likely as they say, listed in full, and with the smallest p they allow."""

import math

import numpy as np
import pytest

from evaluation.formulas import difference_weights
from odssim.evaluation.lottery.over_places import LARGEST_LIST, Saturation, assignments_of, blocked, complete, paired
from odssim.evaluation.lottery.over_time import Crossover, SteppedWedge, steps


@pytest.mark.parametrize("lottery", [complete(7, 3), paired(4), blocked([3, 4], [1, 3])])
def test_a_list_holds_each_assignment_once(lottery):
    table = lottery.every()
    assert len(np.unique(table, axis=0)) == len(table) == lottery.n_assignments()
    for places, n in zip(lottery.members(), lottery.n_treated, strict=True):
        assert (table[:, places].sum(axis=1) == n).all()


@pytest.mark.parametrize("lottery", [complete(6, 2), blocked([3, 4], [1, 2])])
def test_drawn_assignments_are_equally_likely(lottery):
    n = 60_000
    drawn = lottery.draw(n, np.random.default_rng(1))
    found, counts = np.unique(drawn, axis=0, return_counts=True)
    expected = n / lottery.n_assignments()
    assert len(found) == lottery.n_assignments()
    assert abs(counts - expected).max() < 5 * math.sqrt(expected)


@pytest.mark.parametrize(
    ("lottery", "smallest"),
    [(complete(4, 2), 2 / 6), (complete(5, 2), 1 / 10), (paired(5), 2 / 32), (blocked([3, 4], [1, 2]), 1 / 18)],
)
def test_the_smallest_p_is_what_the_most_extreme_data_give(lottery, smallest):
    from evaluation.formulas import difference_test

    treated = lottery.every()[0]
    scores = np.where(treated, -100.0, 0.0) + np.random.default_rng(0).normal(0, 0.01, len(treated))
    _, p = difference_test(scores, treated, lottery)
    assert lottery.smallest_p() == pytest.approx(smallest)
    assert p[0] == pytest.approx(smallest)


def test_a_long_list_is_drawn_instead():
    lottery = complete(30, 15)
    assert lottery.n_assignments() > LARGEST_LIST
    table, is_all = assignments_of(lottery, 50, np.random.default_rng(1))
    assert (table.shape, is_all) == ((50, 30), False)


def test_weights_make_the_mean_difference_weighted_by_block_size():
    weights = difference_weights(np.array([[1, 0, 0, 1, 1, 0]]), np.array([0, 0, 0, 1, 1, 1]))[0]
    scores = np.array([3.0, 1.0, 2.0, 10.0, 20.0, 4.0])
    assert weights @ scores == pytest.approx(0.5 * (3 - 1.5) + 0.5 * (15 - 4))


def test_a_block_treated_as_a_whole_says_nothing():
    weights = difference_weights(np.array([[1, 1, 1, 0]]), np.array([0, 0, 1, 1]))[0]
    assert weights.tolist() == [0, 0, 1, -1]


def test_two_stages_give_each_district_its_share():
    lottery = Saturation(np.repeat(np.arange(3), 6), (0.0, 1 / 3, 2 / 3))
    drawn = lottery.draw(200, np.random.default_rng(2))
    per_district = drawn.reshape(200, 3, 6).sum(axis=2)
    assert {tuple(sorted(row)) for row in per_district.tolist()} == {(0, 2, 4)}
    assert len(np.unique(per_district, axis=0)) == 6
    assert lottery.n_assignments() == 6 * math.comb(6, 2) * math.comb(6, 4)
    assert len(np.unique(lottery.every(), axis=0)) == lottery.n_assignments()


def test_districts_of_other_sizes_are_not_listed():
    assert Saturation(np.array([0, 0, 1, 1, 1, 1]), (0.0, 0.5)).every() is None


def test_crossover_takes_so_many_places_each_period():
    table, is_all = Crossover(6, 10, 2).table(30, np.random.default_rng(1))
    assert not is_all
    assert (table.sum(axis=1) == 2).all()
    every, is_all = Crossover(3, 4, 1).table(30, np.random.default_rng(1))
    assert (len(np.unique(every, axis=0)), is_all) == (3**4, True)


def test_a_wedge_keeps_its_steps_and_changes_the_order():
    wedge = steps(4, 4, 8)
    assert wedge.crossing == (0, 2, 4, 6)
    table, is_all = wedge.table(10, np.random.default_rng(1))
    assert (len(table), is_all) == (24, True)
    assert (np.sort(table.sum(axis=2), axis=1) == [2, 4, 6, 8]).all()
    drawn, is_all = SteppedWedge(tuple(range(12)), 12).table(10, np.random.default_rng(1))
    assert (drawn.shape, is_all) == ((10, 12, 12), False)
