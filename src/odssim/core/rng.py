"""Keyed random numbers: every draw is a pure function of (seed, decision, who, which time).

The generator is SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"),
used twice: output `a` of the generator seeded by the key of the decision (who draws) seeds a generator
of its own, and the draw is output `b` of that one (which time). There is no state to advance, so adding
an intervention, a place or an agent cannot shift anybody else's random numbers; and a race among many options of
one person works out his generator once.
"""

import math
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import numpy as np

from odssim.core.compiled import entry, kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST_MIX = np.uint64(0xBF58476D1CE4E5B9)
SECOND_MIX = np.uint64(0x94D049BB133111EB)
TO_UNIT = 2.0**-53
LONGEST_MIN = 720.0


def decision_key(seed: int, decision: str) -> np.uint64:
    """Return the 64-bit key of one decision in one run."""
    digest = blake2b(f"{seed}/{decision}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def decision_keys(seed: int, decisions: Iterable[str]) -> np.ndarray[Any, np.dtype[np.void]]:
    """Return a record array of length 1 with one uint64 field per decision.

    Raises ValueError: if a decision name occurs twice: two decisions would share their random numbers.
    """
    names = list(decisions)
    if len(set(names)) != len(names):
        raise ValueError(f"duplicate decision names: {sorted({n for n in names if names.count(n) > 1})}")
    record = np.zeros(1, dtype=[(name.replace(".", "_"), np.uint64) for name in names])
    for name in names:
        record[name.replace(".", "_")] = decision_key(seed, name)
    return record


@entry
def output(seed: np.uint64, index: np.uint64) -> np.uint64:
    """Return output `index` (from 0) of SplitMix64 seeded with `seed`."""
    z = seed + (index + np.uint64(1)) * GOLDEN
    z = (z ^ (z >> np.uint64(30))) * FIRST_MIX
    z = (z ^ (z >> np.uint64(27))) * SECOND_MIX
    return z ^ (z >> np.uint64(31))


@entry
def draw_word(key: np.uint64, a: int, b: int) -> np.uint64:
    """Return the 64-bit word of a draw: `a` says who draws, `b` which time."""
    return output(output(np.uint64(key), np.uint64(a)), np.uint64(b))


@entry
def uniform(key: np.uint64, a: int, b: int) -> float:
    """Return the draw in [0, 1): the top 53 bits of the word times 2**-53."""
    return float(draw_word(key, a, b) >> np.uint64(11)) * TO_UNIT


@entry
def exponential(key: np.uint64, a: int, b: int) -> float:
    """Return a standard exponential draw, -log(1 - u)."""
    return -math.log(1.0 - uniform(key, a, b))


@kernel
def race_score(key: np.uint64, a: int, b: int, utility: float, best: float) -> float:
    """Return the score X * exp(-utility) of an option of a race if it is below `best`, else infinity.

    X = -log(1 - u) is at least u, so that an option with u * exp(-utility) >= best is passed over at once.
    """
    u = uniform(key, a, b)
    factor = math.exp(-utility)
    if u * factor >= best:
        return math.inf
    score = -math.log(1.0 - u) * factor
    return score if score < best else math.inf


@entry
def normal(key: np.uint64, a: int, b: int) -> float:
    """Return a standard normal draw: Acklam's rational inverse of the normal CDF at (u + 2**-54)."""
    u = uniform(key, a, b) + 2.0**-54
    q = u - 0.5
    if abs(q) <= 0.47575:
        r = q * q
        top = (
            (((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r
            - 30.66479806614716
        ) * r + 2.506628277459239
        bottom = (
            (((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r
            - 13.28068155288572
        ) * r + 1.0
        return q * top / bottom
    tail = math.sqrt(-2.0 * math.log(u if q < 0.0 else 1.0 - u))
    top = (
        (((-0.007784894002430293 * tail - 0.3223964580411365) * tail - 2.400758277161838) * tail - 2.549732539343734) * tail
        + 4.374664141464968
    ) * tail + 2.938163982698783
    bottom = (
        ((0.007784695709041462 * tail + 0.3224671290700398) * tail + 2.445134137142996) * tail + 3.754408661907416
    ) * tail + 1.0
    return top / bottom if q < 0.0 else -(top / bottom)


@entry
def spread_minutes(median_min: float, sigma: float, z: float) -> int:
    """Return a log-normal time in whole minutes, at least 1, at most `LONGEST_MIN` + 1."""
    return 1 + math.floor(min(LONGEST_MIN, median_min * math.exp(sigma * z)))


@entry
def uniforms(key: np.uint64, uids: np.ndarray, index: int) -> np.ndarray:
    """Return one uniform per uid, number (uid, index)."""
    draws = np.empty(len(uids))
    for i in range(len(uids)):
        draws[i] = uniform(key, uids[i], index)
    return draws


@entry
def normals(key: np.uint64, uids: np.ndarray, index: int) -> np.ndarray:
    """Return one standard normal per uid, number (uid, index)."""
    draws = np.empty(len(uids))
    for i in range(len(uids)):
        draws[i] = normal(key, uids[i], index)
    return draws
