"""Exponentials, logarithms, powers, matrix products and equations with the same last bit on every processor of one kind.

NumPy chooses the loops of `np.exp`, `np.log`, `np.power` and their like by what the processor can do (AVX2,
AVX-512), BLAS and LAPACK (`@`, `np.linalg`) their kernels, and they differ in the last bit. These ask the C library for
one value after the other, as the rules do, and add in an order of their own. Every number that enters the state or an
output table comes this way (tests/architecture/test_maths.py).
"""

import math
from typing import Any

import numpy as np
from scipy.special import expm1 as expm1
from scipy.special import inv_boxcox, xlogy
from scipy.special import log1p as log1p

from odssim.core.types import Array

MANTISSA_BITS, SMALLEST_EXPONENT = 52, -1000
DEPENDENT = 1e-12
"""An equation of which less than this share is left, once the others are taken out, follows from them."""
_pow = np.frompyfunc(math.pow, 2, 1)


def exp(x: Any) -> Array:
    """Return e to the power of each value of an array."""
    return np.asarray(inv_boxcox(x, 0.0))


def log(x: Any) -> Array:
    """Return the natural logarithm of each value of an array; minus infinity of 0, NaN below 0."""
    return np.asarray(xlogy(1.0, x))


def power(base: Any, exponent: Any) -> Array:
    """Return each value of an array to the power of the exponent beside it; slow, for arrays of thousands.

    Raises ValueError: if there is no such power: of 0 below 0, of a negative number that is not whole.
    """
    return np.asarray(_pow(base, exponent), dtype=np.float64)


def product(a: Array, b: Array) -> Array:
    """Return the matrix products of float64[..., n, m] and [..., m, k], as `np.matmul`."""
    rows, columns = np.ascontiguousarray(a), np.ascontiguousarray(np.swapaxes(b, -1, -2))  # ten times as fast
    return np.asarray(np.einsum("...ij,...kj->...ik", rows, columns))


def covariance(x: Array) -> Array:
    """Return the covariance of the columns, float64[..., k, k], of float64[..., n, k]."""
    centred = x - x.mean(axis=-2, keepdims=True)
    return product(np.swapaxes(centred, -1, -2), centred) / max(x.shape[-2] - 1, 1)


def counted(whole: Array, chosen: Array) -> Array:
    """Return the matrix product of whole numbers, [n, m] and [m, k]; fast, and exact whatever BLAS does."""
    return np.asarray(np.asarray(whole, dtype=np.float64) @ np.asarray(chosen, dtype=np.float64))


def sums(values: Array, chosen: Array) -> Array:
    """Return the sums of values over what is chosen, float64[n, k], from float64[n, m] and bool[m, k]; fast.

    Values are rounded to a multiple of a power of two, some 2^-45 of the largest of their row, so that every sum is exact
    in any order: it is the same whatever BLAS does, and sums that should be equal are.
    """
    largest = np.abs(values).max(axis=1, initial=0.0, keepdims=True)
    most = int(chosen.sum(axis=0).max(initial=0))
    unit = np.ldexp(1.0, np.maximum(np.frexp(largest)[1] + most.bit_length() - MANTISSA_BITS, SMALLEST_EXPONENT))
    return counted(np.rint(values / unit), chosen) * unit


def ranked(values: Array, k: int) -> Array:
    """Return the k-th smallest of each row (the last axis), 0 the smallest: a value, whatever the order of equals."""
    return np.asarray(np.partition(values, k, axis=-1)[..., k])


def solve(a: Array, b: Array) -> Array:
    """Return x of a x = b, float64[..., n, k], for symmetric a that is nowhere negative, float64[..., n, n].

    By Gauss and Jordan, all systems together. An unknown that depends on those before it is 0; what is fitted does not
    depend on that choice.
    """
    rest = np.concatenate([np.asarray(a, dtype=np.float64), b], axis=-1)
    least = DEPENDENT * np.diagonal(a, axis1=-2, axis2=-1)
    for i in range(a.shape[-1]):
        pivot = rest[..., i, :1]
        row = rest[..., i, 1:] / np.where(pivot > least[..., i, None], pivot, np.inf)
        rest = rest[..., 1:] - rest[..., :1] * row[..., None, :]
        rest[..., i, :] = row
    return rest
