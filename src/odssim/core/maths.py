"""Exponentials, logarithms and powers of arrays, with the same last bit on every processor of one kind.

NumPy chooses the loops of `np.exp`, `np.log`, `np.power` and their like by what the processor can do (AVX2,
AVX-512), and they differ in the last bit. These ask the C library for one value after the other, as the rules
do. Every number that enters the state or an output table comes this way (tests/architecture/test_maths.py).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from odssim.core.compiled import entry

Array = np.ndarray[Any, Any]


@entry
def _exp(x: Array) -> Array:
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = math.exp(x[i])
    return out


@entry
def _log(x: Array) -> Array:
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = math.log(x[i])
    return out


@entry
def _power(base: Array, exponent: Array) -> Array:
    out = np.empty(len(base))
    for i in range(len(base)):
        out[i] = math.pow(base[i], exponent[i])
    return out


def _each(function: Any, *values: Any) -> Array:
    """Return a compiled function of numbers for arrays of any one shape."""
    arrays = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in values))
    result: Array = function(*(np.ascontiguousarray(x).ravel() for x in arrays))
    return result.reshape(arrays[0].shape)


def exp(x: Any) -> Array:
    """Return e to the power of each value of an array."""
    return _each(_exp, x)


def log(x: Any) -> Array:
    """Return the natural logarithm of each value of an array; minus infinity of 0, NaN below 0."""
    return _each(_log, x)


def power(base: Any, exponent: Any) -> Array:
    """Return each value of an array to the power of the exponent beside it; the two are broadcast."""
    return _each(_power, base, exponent)
