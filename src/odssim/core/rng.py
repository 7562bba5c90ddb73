"""Keyed random numbers: every draw is a pure function of (seed, decision, who, which time).

The generator is Philox2x64-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy
as 1, 2, 3"), a counter-based generator: there is no state to advance, so adding an intervention, a
place or an agent cannot shift anybody else's luck. The 64-bit key stands for (seed, decision name);
the 128-bit counter holds the natural index of the draw (buyer, need, attempt, option ...).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from odssim.core.compiled import entry

MULTIPLIER = np.uint64(0xD2B74407B1CE6E93)
WEYL = np.uint64(0x9E3779B97F4A7C15)
ROUNDS = 10
TO_UNIT = 2.0**-53
LONGEST_MIN = 720.0


def decision_key(seed: int, decision: str) -> np.uint64:
    """Return the 64-bit Philox key of one decision in one run."""
    digest = blake2b(f"{seed}/{decision}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def decision_keys(seed: int, decisions: Iterable[str]) -> np.ndarray[Any, np.dtype[np.void]]:
    """Return a record array of length 1 with one uint64 field per decision.

    Raises
    ------
    ValueError
        If a decision name occurs twice: two decisions would share their luck.
    """
    names = list(decisions)
    if len(set(names)) != len(names):
        raise ValueError(f"duplicate decision names: {sorted({n for n in names if names.count(n) > 1})}")
    record = np.zeros(1, dtype=[(name.replace(".", "_"), np.uint64) for name in names])
    for name in names:
        record[name.replace(".", "_")] = decision_key(seed, name)
    return record


@intrinsic
def _multiply_high(_: Any, a: Any, b: Any) -> Any:
    """High 64 bits of the 128-bit product of two uint64 (one machine instruction)."""

    def codegen(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(args[0], wide), builder.zext(args[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), codegen


@entry
def philox(key: np.uint64, low: np.uint64, high: np.uint64) -> np.uint64:
    """Return the first output word of Philox2x64-10 for counter (low, high)."""
    k = np.uint64(key)
    x0 = np.uint64(low)
    x1 = np.uint64(high)
    for _ in range(ROUNDS):
        top = _multiply_high(MULTIPLIER, x0)
        bottom = MULTIPLIER * x0
        x0 = top ^ k ^ x1
        x1 = bottom
        k += WEYL
    return x0


@entry
def uniform(key: np.uint64, low: int, high: int) -> float:
    """Return the draw in [0, 1) for counter (low, high): the top 53 bits times 2**-53."""
    return float(philox(key, np.uint64(low), np.uint64(high)) >> np.uint64(11)) * TO_UNIT


@entry
def exponential(key: np.uint64, low: int, high: int) -> float:
    """Return a standard exponential draw, -log(1 - u)."""
    return -math.log(1.0 - uniform(key, low, high))


@entry
def normal(key: np.uint64, low: int, high: int) -> float:
    """Return a standard normal draw: Acklam's rational inverse of the normal CDF at (u + 2**-54)."""
    u = uniform(key, low, high) + 2.0**-54
    q = u - 0.5
    if abs(q) <= 0.47575:
        r = q * q
        top = (
            (((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690)
            * r
            - 30.66479806614716
        ) * r + 2.506628277459239
        bottom = (
            (((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972)
            * r
            - 13.28068155288572
        ) * r + 1.0
        return q * top / bottom
    tail = math.sqrt(-2.0 * math.log(u if q < 0.0 else 1.0 - u))
    top = (
        (
            ((-0.007784894002430293 * tail - 0.3223964580411365) * tail - 2.400758277161838) * tail
            - 2.549732539343734
        )
        * tail
        + 4.374664141464968
    ) * tail + 2.938163982698783
    bottom = (
        ((0.007784695709041462 * tail + 0.3224671290700398) * tail + 2.445134137142996) * tail
        + 3.754408661907416
    ) * tail + 1.0
    return top / bottom if q < 0.0 else -(top / bottom)


@entry
def spread_minutes(median_min: float, sigma: float, z: float) -> int:
    """Return a log-normal time in whole minutes, at least 1, at most `LONGEST_MIN` + 1."""
    return 1 + math.floor(min(LONGEST_MIN, median_min * math.exp(sigma * z)))


@entry
def uniforms(key: np.uint64, uids: np.ndarray, index: int) -> np.ndarray:
    """Return one uniform per uid, counter (uid, index)."""
    draws = np.empty(len(uids))
    for i in range(len(uids)):
        draws[i] = uniform(key, uids[i], index)
    return draws


@entry
def normals(key: np.uint64, uids: np.ndarray, index: int) -> np.ndarray:
    """Return one standard normal per uid, counter (uid, index)."""
    draws = np.empty(len(uids))
    for i in range(len(uids)):
        draws[i] = normal(key, uids[i], index)
    return draws
