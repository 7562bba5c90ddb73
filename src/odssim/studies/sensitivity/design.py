"""Designs in the unit cube, made of blocks that do not depend on how many are wanted.

The first N blocks of a design of 2 N are the design of N: runs that are stored are used again when N grows.
What is compared stands in one block, so that blocks are independent and can be resampled.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from odssim.core.types import Array

LEVELS = 4
STEP = 2 / 3
"""Morris's grid and the step on it that visits all levels equally often, LEVELS / (2 (LEVELS - 1))."""


def sobol_points(n: int, k: int, seed: int = 1) -> Array:
    """Return the first `n` points of a scrambled Sobol sequence in `k` dimensions, float64[n, k]."""
    from scipy.stats import qmc

    ahead = 1 << max(0, (n - 1).bit_length())  # a whole power of two: SciPy warns of anything else
    return np.asarray(qmc.Sobol(k, scramble=True, rng=seed).random(ahead)[:n])


def pick_freeze(n: int, k: int, groups: Mapping[str, Sequence[int]], seed: int = 1, *, second_order: bool = False) -> Array:
    """Return blocks of A, B and, per group, A with that group's columns of B: float64[n, 2 + groups, k].

    Saltelli et al. 2010, Computer Physics Communications 181, 259-270. B differs from A in every column, as
    the two halves of a Sobol sequence in 2 k dimensions.

    `second_order`: also, per group, B with that group's columns of A, below the others: float64[n, 2 + 2 groups, k].
    """
    points = sobol_points(n, 2 * k, seed)
    a, b = points[:, :k], points[:, k:]
    rows = [a, b]
    for one, other in ((a, b), (b, a))[: 1 + second_order]:
        for columns in groups.values():
            mixed = one.copy()
            mixed[:, columns] = other[:, columns]
            rows.append(mixed)
    return np.stack(rows, axis=1)


def trajectories(n: int, k: int, groups: Mapping[str, Sequence[int]], seed: int = 1) -> Array:
    """Return Morris trajectories by SALib, each with a seed of its own: float64[n, 1 + groups, k]."""
    from SALib.sample import morris

    names = [f"x{i}" for i in range(k)]
    group_of = {column: name for name, columns in groups.items() for column in columns}
    problem = {"num_vars": k, "names": names, "bounds": [[0.0, 1.0]] * k, "groups": [group_of[i] for i in range(k)]}
    return np.stack([morris.sample(problem, 1, num_levels=LEVELS, seed=_seed(seed, j)) for j in range(n)])


def shapley_paths(n: int, k: int, seed: int = 1) -> Array:
    """Return SALib's paths from one random point to another, a coordinate at a time: float64[n, 1 + k, k]."""
    from SALib.sample import shapley

    problem = {"num_vars": k, "names": [f"x{i}" for i in range(k)], "bounds": [[0.0, 1.0]] * k}
    return np.stack([shapley.sample(problem, 1, seed=_seed(seed, j)) for j in range(n)])


def one_at_a_time(base: Array, levels: Sequence[float]) -> Array:
    """Return the base point and, per factor and level, the base with that factor moved.

    `base`: float64[k] in the unit cube.
    `levels`: levels in the unit cube, the same for each factor.

    Returns
    -------
    Array
        float64[1 + k * levels, k], factor by factor.
    """
    k = len(base)
    rows = np.tile(base, (1 + k * len(levels), 1))
    for i in range(k):
        for j, level in enumerate(levels):
            rows[1 + i * len(levels) + j, i] = level
    return rows


def moved_group(blocks: Array, groups: Mapping[str, Sequence[int]]) -> Array:
    """Return which group each step along a trajectory moves, int[n, steps]."""
    moved = blocks[:, 1:] != blocks[:, :-1]
    by_group = np.stack([moved[:, :, list(columns)].any(axis=2) for columns in groups.values()], axis=2)
    return np.asarray(by_group.argmax(axis=2))


def _seed(seed: int, block: int) -> np.random.Generator:
    return np.random.default_rng([seed, block])
