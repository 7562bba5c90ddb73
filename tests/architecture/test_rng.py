"""The generator is the published one, and each kind of draw is what it says."""

import math
from hashlib import blake2b

import numpy as np
import pytest
from scipy import stats

from odssim.core import rng

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
KNOWN = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
"""The first outputs of SplitMix64 seeded with 1234567, as published for Vigna's splitmix64.c."""


def mix(z: int) -> int:
    """Return the finalising mix of SplitMix64 by whole-number arithmetic of any size."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def word_in_python(key: int, a: int, b: int) -> int:
    """Return the word of a draw as the text of ODD.md has it."""
    stream = mix((key + (a + 1) * GOLDEN) & MASK)
    return mix((stream + (b + 1) * GOLDEN) & MASK)


def test_known_answers():
    outputs = [int(rng.output(np.uint64(1234567), np.uint64(i))) for i in range(5)]
    assert outputs == KNOWN
    assert [mix(1234567 + (i + 1) * GOLDEN & MASK) for i in range(5)] == KNOWN


def test_the_compiled_word_is_the_plain_one():
    numbers = np.random.default_rng(1).integers(0, 2**63, (2000, 3), dtype=np.uint64).tolist()
    for key, a, b in numbers:
        word = rng.draw_word(np.uint64(key), np.uint64(a), np.uint64(b))
        assert int(word) == word_in_python(key, a, b)


def streams(n: int) -> dict[str, np.ndarray]:
    """Return words in the orders in which the model uses neighbouring numbers."""
    who, many = np.arange(n), np.zeros(n, dtype=np.int64)
    key = rng.decision_key(1, "need.count")
    keys = [rng.decision_key(seed, "need.count") for seed in range(n // 64)]
    return {
        "one after the other by who": words(key, who, many),
        "by which time": words(key, many, who),
        "by day within person": words(key, who // 64, who % 64),
        "by option within need": words(key, many, (who // 8 << 32) + who % 8),
        "by seed": np.concatenate([words(k, np.arange(64), many[:64]) for k in keys]),
    }


def words(key: np.uint64, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return one word per pair of numbers."""
    pairs = zip(a.tolist(), b.tolist(), strict=True)
    return np.array([int(rng.draw_word(key, i, j)) for i, j in pairs], dtype=np.uint64)


@pytest.mark.parametrize("order", list(streams(64)))
def test_neighbours_are_strangers(order):
    sequence = streams(2**14)[order]
    u = (sequence >> np.uint64(11)) * 2.0**-53
    assert stats.kstest(u, "uniform").pvalue > 1e-5
    for lag in (1, 2, 8, 64):
        r = np.corrcoef(u[:-lag], u[lag:])[0, 1]
        assert abs(r) < 5 / np.sqrt(len(u) - lag)
    bits = np.unpackbits(sequence.view(np.uint8)).reshape(len(sequence), 64)
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 5 * 0.5 / np.sqrt(len(sequence))
    flips = (bits[1:] ^ bits[:-1]).mean()
    assert abs(flips - 0.5) < 5 * 0.5 / np.sqrt(bits[1:].size)


def test_a_negative_counter_is_its_twos_complement():
    assert rng.uniform(np.uint64(5), -1, 0) == (word_in_python(5, MASK, 0) >> 11) * 2.0**-53


def test_uniform_exponential_and_normal_are_functions_of_one_word():
    for i in range(500):
        word = word_in_python(9, i, 3)
        u = (word >> 11) * 2.0**-53
        assert rng.uniform(np.uint64(9), i, 3) == u
        assert rng.exponential(np.uint64(9), i, 3) == -math.log(1.0 - u)
        assert rng.normal(np.uint64(9), i, 3) == pytest.approx(stats.norm.ppf(u + 2.0**-54), rel=2e-9, abs=2e-9)


def test_the_normal_is_right_in_its_tails():
    key = np.uint64(9)
    z = rng.normals(key, np.arange(400_000), 0)
    u = rng.uniforms(key, np.arange(400_000), 0) + 2.0**-54
    tails = (u < 0.02425) | (u > 0.97575)
    assert tails.sum() > 10_000
    np.testing.assert_allclose(z[tails], stats.norm.ppf(u[tails]), rtol=2e-9)
    assert stats.kstest(z, "norm").pvalue > 1e-6


def test_keys_are_named_digests_and_no_two_are_equal():
    keys = rng.decision_keys(7, ["a.b", "c.d"])
    assert keys[0]["a_b"] == rng.decision_key(7, "a.b") != rng.decision_key(8, "a.b") != keys[0]["c_d"]
    digest = blake2b(b"1/order", digest_size=8).digest()
    assert int(rng.decision_key(1, "order")) == int.from_bytes(digest, "little")
    with pytest.raises(ValueError, match=r"duplicate decision names: \['a\.b'\]"):
        rng.decision_keys(7, ["a.b", "c.d", "a.b"])


@pytest.mark.parametrize(
    ("median", "sigma", "z", "minutes"),
    [(8.0, 0.0, 3.0, 9), (0.0, 1.0, 1.0, 1), (0.5, 0.0, 0.0, 1), (8.0, 0.5, -9.0, 1), (8.0, 1.5, 9.0, 721)],
)
def test_minutes_are_whole_at_least_one_and_capped(median, sigma, z, minutes):
    assert rng.spread_minutes(median, sigma, z) == minutes


def test_minutes_have_the_median_they_are_given():
    z = rng.normals(np.uint64(2), np.arange(100_001), 0)
    minutes = [rng.spread_minutes(8.0, 0.45, value) for value in z]
    assert np.median(minutes) in (8, 9)  # 1 + floor(8 exp(0.45 Z)): 8 below the median, 9 above it
    assert 0.49 < np.mean(np.array(minutes) <= 8) < 0.51
