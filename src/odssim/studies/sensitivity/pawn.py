"""PAWN (Pianosi and Wagener 2018) by SALib: how far a parameter moves the whole distribution of the outcome.

The index of a parameter without effect is above zero and depends on the number of points and slices (Puy, Lo
Piano and Saltelli 2020), so that it is read only as the excess over what random columns of numbers get.
"""

from collections.abc import Sequence

import numpy as np

from odssim.core.types import Array
from odssim.studies.sensitivity.index import Index, indices_of, judge
from odssim.studies.sensitivity.replicates import complete
from odssim.studies.sensitivity.space import DUMMY

SLICES = 8
N_RESAMPLES = 40
N_DUMMIES = 60


def pawn(y: Array, points: Array, names: Sequence[str], seed: int = 1) -> list[Index]:
    """Return the excess of each parameter's median PAWN index over that of a dummy, judged.

    `y`, `points`: outcomes float64[points, replicates] and the points of the unit cube, float64[points, names].

    Notes
    -----
    The dummy's row has the 95 % range of the index of a random column. The other intervals are normal, with the
    standard error of a bootstrap over points (percentiles would be shifted: resampling raises the index).
    """
    y, points = complete(y, points)
    outcome = y.mean(axis=1)
    rng = np.random.default_rng([seed, len(y)])
    floor = _medians(outcome, rng.random((len(y), N_DUMMIES)))
    draws = []
    for _ in range(N_RESAMPLES):
        rows = rng.integers(len(y), size=len(y))
        draws.append(_medians(outcome[rows], points[rows]))
    reach = 1.96 * np.std(draws, axis=0, ddof=1)
    excess = _medians(outcome, points) - floor.mean()
    real = [i for i, name in enumerate(names) if name != DUMMY]
    low, high = np.quantile(floor, [0.025, 0.975]) - floor.mean()
    shares = indices_of([names[i] for i in real], "pawn", excess[real], (excess - reach)[real], (excess + reach)[real])
    return judge([*shares, Index(DUMMY, "pawn", 0.0, float(low), float(high))])


def _medians(outcome: Array, points: Array) -> Array:
    from SALib.analyze import pawn as salib_pawn

    k = points.shape[1]
    problem = {"num_vars": k, "names": [f"x{i}" for i in range(k)], "bounds": [[0.0, 1.0]] * k}
    with np.errstate(invalid="ignore", divide="ignore"):  # of its other figures, where a median is zero
        return np.asarray(salib_pawn.analyze(problem, points, outcome, S=SLICES)["median"])
