"""Known laws of sampling and rating, against which the instruments are tested and read.

All are plain functions of shares and counts; none draws.
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import gammainc, ndtr

from odssim.core import maths
from odssim.core.types import Array

NODES = 21
"""Gauss-Hermite points of an integral over raters."""


def design_effect(n_per_cluster: float, icc: float) -> float:
    """Return by how much clusters of `n_per_cluster` answers widen the variance of a share."""
    return 1.0 + (n_per_cluster - 1.0) * icc


def reliability(n: float, icc: float) -> float:
    """Return the reliability of a mean of `n` judgements (Spearman and Brown)."""
    return n * icc / (1.0 + (n - 1.0) * icc)


def share_se(share: float, n: float, deff: float = 1.0) -> float:
    """Return the standard error of a share of `n` answers."""
    return math.sqrt(share * (1.0 - share) * deff / n) if n > 0 else math.nan


def at_least(chances: Array, k: int) -> Array:
    """Return the chance of at least `k` successes in independent trials (Poisson-binomial tail).

    The last axis of `chances` is that of the trials.
    """
    mass = np.zeros((*chances.shape[:-1], chances.shape[-1] + 1))
    mass[..., 0] = 1.0
    for i in range(chances.shape[-1]):
        p = chances[..., i, None]
        mass[..., 1:] = mass[..., 1:] * (1.0 - p) + mass[..., :-1] * p
        mass[..., :1] *= 1.0 - p
    return np.asarray(mass[..., k:].sum(axis=-1))


def listing_chance(latent: Array, k: int, shared_sd: float) -> Array:
    """Return the chance that one rater says yes to at least `k` items, per place.

    `latent`: latent verdict per place and item without the rater's own part, in units of the item noise.
    `shared_sd`: spread of what one rater adds to all items of a place (leniency and halo together).
    """
    points, weights = np.polynomial.hermite_e.hermegauss(NODES if shared_sd > 0 else 1)
    tails = at_least(ndtr(latent[None] + shared_sd * points[:, None, None]), k)
    return np.asarray((weights[:, None] * tails).sum(axis=0) / weights.sum())


def fleiss_kappa(counts: Array) -> float:
    """Return the chance-corrected agreement of equally many raters, counts int[subjects, categories]."""
    n = counts.sum(axis=1)[0]
    expected = ((counts.sum(axis=0) / counts.sum()) ** 2).sum()
    if n < 2 or expected == 1.0:
        return math.nan
    observed = ((counts * (counts - 1)).sum(axis=1) / (n * (n - 1))).mean()
    return float((observed - expected) / (1.0 - expected))


def churn(qualifying_share: float, kappa: float) -> float:
    """Return the chance that a listed place leaves the list at a new rating though nothing has changed."""
    return (1.0 - qualifying_share) * (1.0 - kappa)


def poisson_tail(count: Array, mean: Array) -> Array:
    """Return the chance of at least `count` events where `mean` are expected."""
    count, mean = np.asarray(count, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    return np.where(count > 0, gammainc(np.maximum(count, 1.0), mean), 1.0)


def reading_ratio(true_cut: float, detection_ratio: float) -> float:
    """Return recorded after over recorded before, for a true cut and a change of the detection chance."""
    return (1.0 - true_cut) * detection_ratio


def binomial(u: Array, n: Array, p: Array) -> Array:
    """Return binomial counts by inversion of uniforms `u`: they never fall when `u`, `n` or `p` rises."""
    u, n, p = np.broadcast_arrays(u, n, p)
    flip = p > 0.5  # the sum then starts from the likelier end, and never underflows
    left = np.where(flip, 1.0 - u, u)
    q = np.where(flip, 1.0 - p, p)
    n = n.astype(np.int64)
    mass = maths.power(1.0 - q, n)
    total, k = mass.copy(), np.zeros(n.shape, dtype=np.int64)
    open_ = (left >= total) & (k < n)
    while open_.any():
        mass = np.where(open_, mass * (n - k) / (k + 1) * q / (1.0 - q), mass)
        total = np.where(open_, total + mass, total)
        k = k + open_
        open_ = open_ & (left >= total) & (k < n)
    return np.where(flip, n - k, k)


def rounded_to(values: Array | Sequence[float], step: float) -> Array:
    """Return values rounded to the nearest multiple of `step`, at least one step."""
    return np.maximum(step, np.floor(np.asarray(values) / step + 0.5) * step)
