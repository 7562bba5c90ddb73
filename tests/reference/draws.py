"""Draws, packings and races of ODD.md section 4."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from odssim.core import rng

WORD = 2**64
LN2 = math.log(2.0)
LONGEST = 720.0
"""Longest draw of a duration, minutes."""


def opt(n: int, code: int) -> int:
    """Pack a number and the code of an option into one counter."""
    return n * 2**32 + code


def exp(x: float) -> float:
    """Return e**x, infinite where it overflows (as in C)."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


class Draws:
    """All draws of one run; each is a pure function of decision, a and b."""

    def __init__(self, keys: np.ndarray[Any, Any]) -> None:
        self.key = {name: np.uint64(keys[0][name]) for name in keys.dtype.names}

    def _counter(self, decision: str, a: int, b: int) -> tuple[np.uint64, np.uint64, np.uint64]:
        return self.key[decision.replace(".", "_")], np.uint64(a % WORD), np.uint64(b % WORD)

    def word(self, decision: str, a: int, b: int) -> int:
        """Return the draw word as an unsigned Python int."""
        return int(rng.draw_word(*self._counter(decision, a, b)))

    def u(self, decision: str, a: int, b: int) -> float:
        """Return U(decision; a, b), uniform in [0, 1)."""
        return float(rng.uniform(*self._counter(decision, a, b)))

    def x(self, decision: str, a: int, b: int) -> float:
        """Return X(decision; a, b), standard exponential."""
        return float(rng.exponential(*self._counter(decision, a, b)))

    def z(self, decision: str, a: int, b: int) -> float:
        """Return Z(decision; a, b), standard normal."""
        return float(rng.normal(*self._counter(decision, a, b)))


def minutes(median: float, sigma: float, z: float) -> int:
    """Return 1 + floor(min(720, median * exp(sigma * z))) minutes."""
    return 1 + math.floor(min(LONGEST, median * exp(sigma * z)))


def race(options: Iterable[tuple[float, float, Any]]) -> Any:
    """Return the option with the smallest X * exp(-V) of (V, X, option); the first in a tie."""
    best, winner = math.inf, None
    for utility, x, option in options:
        time = x * exp(-utility)
        if winner is None or time < best:
            best, winner = time, option
    return winner


def weighted_race(options: Iterable[tuple[float, float, Any]]) -> Any:
    """Return the option with the smallest X / w of (w, X, option) with w > 0, or None."""
    best, winner = math.inf, None
    for weight, x, option in options:
        if weight > 0.0 and (winner is None or x / weight < best):
            best, winner = x / weight, option
    return winner
