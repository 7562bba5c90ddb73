"""Products of noisy outcomes that are free of chance's part, and the resampling of blocks.

With Y_r = f + e_r in replicate r, the mean over pairs of different replicates of Y_r Z_s has the expectation
of f g: the replicates' chance is independent, whether or not Y and Z were drawn with common random numbers. The product of
two means over the same replicates has the variance of chance / R on top; that is what makes raw total
indices too large.
"""

import numpy as np

from odssim.core.types import Array
from odssim.errors import OdssimError

N_RESAMPLES = 1000


class TooFewReplicatesError(OdssimError):
    """Chance cannot be told from parameters with one replicate per point."""


class NothingToShareError(OdssimError):
    """The expected outcome has no variance of which parameters could have shares."""


def shares(parts: Array, whole: Array) -> Array:
    """Return parts / whole, both float64[resamples, ...]; NaN in resamples whose whole is zero.

    Raises NothingToShareError: if there is one row, the estimate itself, and its whole is zero.
    """
    if len(whole) == 1 and not whole.any():
        raise NothingToShareError("all that varies here is chance: parameters have no shares; give more replicates or --n")
    return np.asarray(np.divide(parts, whole, out=np.full(parts.shape, np.nan), where=whole != 0))


def cross(y: Array, z: Array) -> Array:
    """Return the mean of y_r z_s over all r != s of the last axis (replicates).

    Raises TooFewReplicatesError: with fewer than two replicates.
    """
    n = y.shape[-1]
    if n < 2:
        raise TooFewReplicatesError("chance cannot be taken out of one replicate per point; give at least 2")
    return np.asarray((y.sum(-1) * z.sum(-1) - (y * z).sum(-1)) / (n * (n - 1)))


def same(y: Array, z: Array) -> Array:
    """Return the mean of y_r z_r over the last axis."""
    return np.asarray((y * z).mean(-1))


def complete(y: Array, *others: Array) -> tuple[Array, ...]:
    """Return the blocks in which no outcome is missing, and the same rows of `others`."""
    kept = np.isfinite(y).all(axis=tuple(range(1, y.ndim)))
    if kept.sum() < 2:
        raise OdssimError("{kept} of {n} points or blocks have all their outcomes: too few", kept=int(kept.sum()), n=len(y))
    return (y[kept], *(other[kept] for other in others))


def resample_weights(n: int, seed: int = 1, n_resamples: int = N_RESAMPLES) -> Array:
    """Return the weights of `n` blocks in each bootstrap resample, float64[resamples, n], rows of sum 1."""
    rng = np.random.default_rng([seed, n])
    return np.asarray(rng.multinomial(n, np.full(n, 1 / n), size=n_resamples) / n)


def interval(draws: Array, level: float = 0.95) -> tuple[Array, Array]:
    """Return the percentile interval of bootstrap draws along their first axis."""
    low, high = np.nanquantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high
