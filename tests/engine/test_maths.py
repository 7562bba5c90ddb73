"""Arrays go the way of single numbers, to the last bit."""

import math

import numpy as np

from odssim.core import maths

X = np.random.default_rng(1).normal(0.0, 5.0, (40, 25))


def same(found, one_by_one):
    assert found.shape == X.shape
    assert np.array_equal(found.ravel(), [one_by_one(x) for x in X.ravel().tolist()])


def test_each_value_is_that_of_the_c_library():
    same(maths.exp(X), math.exp)
    same(maths.log(np.abs(X)), lambda x: math.log(abs(x)))
    same(maths.power(np.abs(X), 0.37), lambda x: math.pow(abs(x), 0.37))
    same(maths.power(0.5, X), lambda x: math.pow(0.5, x))


def test_whole_numbers_slices_and_single_numbers_are_taken():
    assert maths.exp(np.array([0, 1])).tolist() == [1.0, math.e]
    assert maths.power(np.arange(6.0)[::2], [0, 1, 2]).tolist() == [1.0, 2.0, 16.0]
    assert maths.exp(2.0) == math.exp(2.0)
    assert maths.exp(np.empty(0)).shape == (0,)


def test_the_ends_are_quiet():
    assert maths.exp([1000.0, -1000.0]).tolist() == [math.inf, 0.0]
    assert maths.log([0.0]).tolist() == [-math.inf]
    assert np.isnan(maths.log([-1.0])).all()
    assert maths.power([0.0, 0.0], [0.0, 2.0]).tolist() == [1.0, 0.0]
