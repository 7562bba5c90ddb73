"""How much more counts vary than Poisson counts would, and what that does to a Poisson standard error.

With negative binomial counts (NB2), variance = m + alpha m^2; a test that takes them as Poisson has standard
errors too small by the square root of 1 + alpha m.
"""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from odssim.analysis.statistics.fieller import Z_95


def dispersion_index(counts: ArrayLike) -> float:
    """Return sum of variances over sum of means, at least 1, from independent repetitions.

    `counts`: float[repetitions, areas], or float[repetitions]. 1 with fewer than two repetitions or no events.
    """
    table = np.asarray(counts, dtype=np.float64)
    mean = float(table.mean(axis=0).sum()) if len(table) else 0.0
    if len(table) < 2 or mean <= 0:
        return 1.0
    return max(1.0, float(table.var(axis=0, ddof=1).sum()) / mean)


def nb2_alpha(counts: ArrayLike) -> float:
    """Return the NB2 dispersion alpha of one series of counts by moments, at least 0."""
    values = np.asarray(counts, dtype=np.float64)
    mean = float(values.mean())
    return max(0.0, (float(values.var(ddof=1)) - mean) / mean**2) if mean > 0 and len(values) > 1 else 0.0


def se_inflation(alpha: float, mean: float) -> float:
    """Return by how much a Poisson standard error is too small for NB2 counts of this mean."""
    return math.sqrt(1.0 + alpha * mean)


def actual_size(alpha: float, mean: float) -> float:
    """Return how often a nominal 5 % Poisson test rejects though nothing has changed."""
    return 2.0 * float(ndtr(-Z_95 / se_inflation(alpha, mean)))
