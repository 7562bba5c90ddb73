"""The generator is the published one, and each kind of draw is what it says."""

import math
from hashlib import blake2b

import numpy as np
import pytest
from scipy import stats

from odssim.core import rng

MASK = 2**64 - 1
KNOWN = [
    (0, 0, 0, 0xCA00A0459843D731),
    (MASK, MASK, MASK, 0x65B021D60CD8310F),
    (0xA4093822299F31D0, 0x243F6A8885A308D3, 0x13198A2E03707344, 0x0A5E742C2997341C),
]
"""Key, counter low, counter high, first word: the known-answer file of Random123 for philox2x64-10."""


def philox_in_python(key: int, low: int, high: int) -> int:
    """Return the first word of Philox2x64-10 by whole-number arithmetic of any size."""
    for _ in range(10):
        product = 0xD2B74407B1CE6E93 * low
        low, high = (product >> 64) ^ key ^ high, product & MASK
        key = (key + 0x9E3779B97F4A7C15) & MASK
    return low


@pytest.mark.parametrize(("key", "low", "high", "word"), KNOWN)
def test_known_answers(key, low, high, word):
    assert int(rng.philox(np.uint64(key), np.uint64(low), np.uint64(high))) == word
    assert philox_in_python(key, low, high) == word


def test_the_compiled_generator_is_the_plain_one():
    numbers = np.random.default_rng(1).integers(0, 2**63, (2000, 3), dtype=np.uint64).tolist()
    for key, low, high in numbers:
        word = rng.philox(np.uint64(key), np.uint64(low), np.uint64(high))
        assert int(word) == philox_in_python(key, low, high)


def test_a_negative_counter_is_its_twos_complement():
    assert rng.uniform(np.uint64(5), -1, 0) == (philox_in_python(5, MASK, 0) >> 11) * 2.0**-53


def test_uniform_exponential_and_normal_are_functions_of_one_word():
    for i in range(500):
        word = philox_in_python(9, i, 3)
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
