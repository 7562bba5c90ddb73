"""Exact integer apportionment: people are neither made nor lost when shares are rounded."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def largest_remainder(weights: ArrayLike, total: int) -> NDArray[np.int64]:
    """Split `total` in proportion to `weights` (any shape, >= 0) into integers that sum to `total`.

    Remaining units go to the largest fractions; ties to the lowest index.

    Raises ValueError: if the weights sum to zero while `total` is positive.
    """
    shares = np.asarray(weights, np.float64)
    whole = shares.sum()
    if whole <= 0.0:
        if total:
            raise ValueError(f"cannot split {total} by weights that sum to {whole}")
        return np.zeros(shares.shape, np.int64)
    exact = shares.ravel() * (total / whole)
    counts: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    order = np.argsort(counts - exact, kind="stable")
    counts[order[: total - int(counts.sum())]] += 1
    return counts.reshape(shares.shape)


def cumulative_rounding(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Split `total` by 1-D `weights` so that every running sum is within one half of its exact value.

    Unlike the largest remainder this is unbiased for many tiny shares (one 80-year-old per three cells).
    """
    running = np.cumsum(weights, dtype=np.float64)
    if len(running) == 0 or running[-1] <= 0.0:
        raise ValueError(f"cannot split {total} by weights that sum to zero")
    edges = np.floor(running * (total / running[-1]) + 0.5).astype(np.int64)
    counts: NDArray[np.int64] = np.diff(edges, prepend=np.int64(0))
    return counts
