"""What paired runs say about the means of several quantities at once, as draws from a distribution.

The mean vector has a multivariate t distribution around the sample means, with the sample covariance / n and
n - 1 degrees of freedom: for any one difference of two quantities this is the paired t interval, no more and no
less, so that a chance of being best and a printed interval cannot contradict each other (Geisser and Cornfield
1963, Journal of the Royal Statistical Society B 25, on priors that give Student's t to each mean).
"""

import numpy as np
from numpy.typing import ArrayLike

from odssim.core import maths
from odssim.core.types import Array

N_DRAWS = 10_000
"""A chance of one half is then known to half a percentage point."""
SEED = 2018
CHUNK = 1000
TIE = 1e-9
"""Mixes whose worth differs by less, relative to the largest, share a win."""


def posterior_means(values: ArrayLike, n_draws: int = N_DRAWS) -> Array:
    """Return draws of the means, float64[n_draws, q], from float[n, q] with one row per pair of worlds.

    The same draws for the same n, so that results can be repeated.

    Raises ValueError: if there are fewer than two rows.
    """
    x = np.asarray(values, dtype=np.float64)
    n = len(x)
    if n < 2:
        raise ValueError("one pair of runs says nothing about chance")
    rng = np.random.default_rng(SEED)
    centred = x - x.mean(axis=0)
    swing = np.zeros((n_draws, x.shape[1]))
    for first in range(0, n, CHUNK):
        rows = centred[first : first + CHUNK]
        swing += maths.product(rng.standard_normal((n_draws, len(rows))), rows)
    scale = np.sqrt(rng.chisquare(n - 1, size=(n_draws, 1)) / (n - 1) * n * (n - 1))
    return np.asarray(x.mean(axis=0) + swing / scale)


def best_share(worth: Array) -> Array:
    """Return how often each mix is worth most, float64[..., mixes], from float[..., draws, mixes]; ties share."""
    top = worth.max(axis=-1, keepdims=True)
    wins = worth >= top - TIE * np.abs(worth).max(axis=-1, keepdims=True)
    return np.asarray((wins / wins.sum(axis=-1, keepdims=True)).mean(axis=-2))


def expected_loss(worth: Array) -> Array:
    """Return what choosing each mix loses on average against the best of each draw, float64[..., mixes].

    The least of them is what perfect information would be worth (Claxton 1999, Journal of Health Economics 18).
    """
    return np.asarray((worth.max(axis=-1, keepdims=True) - worth).mean(axis=-2))
