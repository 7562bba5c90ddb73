"""Which mixes no other mix beats on every count: the Pareto front."""

import numpy as np
from numpy.typing import ArrayLike

from odssim.core.types import Array


def pareto_front(burdens: ArrayLike) -> Array:
    """Return whether each mix is on the front, bool[..., mixes], from float[..., mixes, criteria], less is better.

    A mix is off the front if another is at most equal on every criterion and less on one.
    """
    x = np.asarray(burdens, dtype=np.float64)
    mine, theirs = x[..., :, None, :], x[..., None, :, :]
    beaten = (theirs <= mine).all(axis=-1) & (theirs < mine).any(axis=-1)
    return np.asarray(~beaten.any(axis=-1))


def beaten_by(burdens: ArrayLike) -> list[tuple[int, ...]]:
    """Return, for each mix of float[mixes, criteria], the mixes that beat it."""
    x = np.asarray(burdens, dtype=np.float64)
    better = (x[None] <= x[:, None]).all(axis=-1) & (x[None] < x[:, None]).any(axis=-1)
    return [tuple(int(k) for k in np.flatnonzero(row)) for row in better]
