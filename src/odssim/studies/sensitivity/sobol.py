"""First-order, second-order and total indices of a stochastic model, by pick-freeze blocks.

Three families, told apart by name because they answer different questions:

- ``qoi``: indices of the expected outcome E[Y | parameters]. Chance is taken out of numerator and denominator
  (`replicates.cross`).
- ``raw``: indices of the outcome of one run, chance being one more input. Totals contain the interaction with
  chance; with new random numbers in every run they contain all of chance's variance, so that a parameter without effect
  gets chance's share.
- ``hart``: indices of the outcome for given random numbers, averaged over them (Hart, Alexanderian and Gremaud 2017); only
  with common random numbers.

First order: Saltelli et al. 2010 (Computer Physics Communications 181, table 2 b); total: Jansen 1999; second order:
the points of Saltelli 2002 (Computer Physics Communications 145), as a product of differences, which varies less.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.errors import OdssimError
from odssim.studies.sensitivity.index import LEAST, Index
from odssim.studies.sensitivity.replicates import complete, cross, interval, resample_weights, same, shares
from odssim.studies.sensitivity.space import DUMMY

Treatment = Literal["qoi", "raw", "hart"]


def sobol_indices(
    y: Array,
    names: Sequence[str],
    *,
    treatment: Treatment = "qoi",
    common_random_numbers: bool = False,
    smallest: float = LEAST,
    seed: int = 1,
) -> list[Index]:
    """Return S1 and ST of each name with bootstrap intervals over blocks, and over random numbers where they are common.

    Where the design has the points for it, also S2 of each pair: the part of the variance that the two make
    together beyond what each makes alone. The dummy, if any, is in no pair.

    `y`: outcomes of `design.pick_freeze`, float64[blocks, 2 + names, replicates], or 2 + 2 names rows.
    `common_random_numbers`: whether replicate r has the same seed in all blocks. Blocks then say nothing about what
    other seeds would have given: with three replicates or more, a jackknife over replicates widens the intervals.

    Raises OdssimError: if ``hart`` is asked for without common random numbers, or ``qoi`` with one replicate.
    """
    if treatment == "hart" and not common_random_numbers:
        raise OdssimError("treatment 'hart' needs common random numbers: every point run with the same seeds")
    (y,) = complete(y)
    n = len(names)
    weights = resample_weights(len(y), seed)
    values = _estimate(y, n, treatment, np.full((1, len(y)), 1 / len(y)))[0]
    low, high = interval(_estimate(y, n, treatment, weights))
    if common_random_numbers and y.shape[2] >= 3:
        reach = 1.96 * _jackknife_se(y, n, treatment)
        low = values - np.hypot(values - low, reach)
        high = values + np.hypot(high - values, reach)
    labels = [("S1", name) for name in names] + [("ST", name) for name in names]
    labels += [("S2", f"{names[i]} x {names[j]}") for i, j in _pairs(y, n)]
    ends = zip(labels, values.tolist(), low.tolist(), high.tolist(), strict=True)
    return [
        Index(name, measure, value, down, up, smallest)
        for (measure, name), value, down, up in ends
        if measure != "S2" or DUMMY not in name.split(" x ")
    ]


def _pairs(y: Array, n: int) -> list[tuple[int, int]]:
    """Return the pairs of names that outcomes have the points for: all or none."""
    return list(combinations(range(n), 2)) if y.shape[1] == 2 + 2 * n else []


def _estimate(y: Array, n: int, treatment: Treatment, weights: Array) -> Array:
    """Return float64[resamples, 2 n + pairs], S1, ST and S2 of `n` names, under each row of block weights."""
    if treatment == "hart":
        each = [_ratios(y[:, :, [r]], n, "raw", weights) for r in range(y.shape[2])]
        return np.asarray(np.mean(each, axis=0))
    return _ratios(y, n, treatment, weights)


def _ratios(y: Array, n: int, treatment: Treatment, weights: Array) -> Array:
    centre = y[:, :2].mean(axis=(0, 1)) if treatment == "qoi" or y.shape[2] == 1 else y[:, :2].mean()
    a, b, mixed, back = y[:, 0] - centre, y[:, 1] - centre, y[:, 2 : 2 + n] - centre, y[:, 2 + n :] - centre
    whole = cross if treatment == "qoi" else same
    apart = cross if y.shape[2] > 1 else same
    step = mixed - a[:, None]
    first = apart(np.broadcast_to(b[:, None], step.shape), step)
    total = whole(step, step) / 2
    second: list[Array] = []
    if pairs := _pairs(y, n):
        turn = back - b[:, None]
        first = (first + apart(np.broadcast_to(a[:, None], turn.shape), turn)) / 2
        total = (total + whole(turn, turn) / 2) / 2
        # A changes in column i, B in column j, and between them they share the two: what is left of the product is V_ij
        second = [(apart(step[:, i], turn[:, j]) + apart(step[:, j], turn[:, i])) / 2 for i, j in pairs]
    variance = (whole(a, a) + whole(b, b)) / 2
    parts = maths.product(weights, np.column_stack([first, total, *second, variance]))
    return shares(parts[:, :-1], parts[:, -1:])


def _jackknife_se(y: Array, n_names: int, treatment: Treatment) -> Array:
    n = y.shape[2]
    even = np.full((1, len(y)), 1 / len(y))
    left_out = np.array([_estimate(np.delete(y, r, axis=2), n_names, treatment, even)[0] for r in range(n)])
    return np.asarray(np.sqrt((n - 1) / n * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)))
