"""First-order and total indices of a stochastic model, by pick-freeze blocks.

Three families, told apart by name because they answer different questions:

- ``qoi``: indices of the expected outcome E[Y | parameters]. Chance is taken out of numerator and denominator
  (`replicates.cross`).
- ``raw``: indices of the outcome of one run, chance being one more input. Totals contain the interaction with
  chance; with fresh luck in every run they contain all of chance's variance, so that a parameter without effect
  gets chance's share.
- ``hart``: indices of the outcome for given luck, averaged over luck (Hart, Alexanderian and Gremaud 2017); only with
  common luck.

First order: Saltelli et al. 2010 (Computer Physics Communications 181, table 2 b); total: Jansen 1999.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from odssim.errors import OdssimError
from odssim.sensitivity.index import LEAST, Index, indices_of
from odssim.sensitivity.replicates import complete, cross, interval, resample_weights, same

Array = np.ndarray[Any, Any]
Treatment = Literal["qoi", "raw", "hart"]


def sobol_indices(
    y: Array,
    names: Sequence[str],
    *,
    treatment: Treatment = "qoi",
    common_luck: bool = False,
    smallest: float = LEAST,
    seed: int = 1,
) -> list[Index]:
    """Return S1 and ST of each name with bootstrap intervals over blocks, and over luck where it is common.

    Parameters
    ----------
    y
        Outcomes of `design.pick_freeze`, float64[blocks, 2 + names, replicates].
    common_luck
        Whether replicate r has the same luck in all blocks. Blocks then say nothing about what other luck would
        have given: with three replicates or more, a jackknife over replicates widens the intervals.

    Raises
    ------
    OdssimError
        If ``hart`` is asked for without common luck, or ``qoi`` with one replicate.
    """
    if treatment == "hart" and not common_luck:
        raise OdssimError("treatment 'hart' needs common luck: every point run with the same seeds")
    (y,) = complete(y)
    weights = resample_weights(len(y), seed)
    values = _estimate(y, treatment, np.full((1, len(y)), 1 / len(y)))[0]
    low, high = interval(_estimate(y, treatment, weights))
    if common_luck and y.shape[2] >= 3:
        reach = 1.96 * _jackknife_se(y, treatment)
        low = values - np.hypot(values - low, reach)
        high = values + np.hypot(high - values, reach)
    return [
        index
        for i, measure in enumerate(("S1", "ST"))
        for index in indices_of(names, measure, values[i], low[i], high[i], smallest)
    ]


def _estimate(y: Array, treatment: Treatment, weights: Array) -> Array:
    """Return float64[resamples, 2, names]: S1 and ST under each row of block weights."""
    if treatment == "hart":
        each = [_ratios(y[:, :, [r]], "raw", weights) for r in range(y.shape[2])]
        return np.asarray(np.mean(each, axis=0))
    return _ratios(y, treatment, weights)


def _ratios(y: Array, treatment: Treatment, weights: Array) -> Array:
    centre = y[:, :2].mean(axis=(0, 1)) if treatment == "qoi" or y.shape[2] == 1 else y[:, :2].mean()
    a, b, mixed = y[:, 0] - centre, y[:, 1] - centre, y[:, 2:] - centre
    whole = cross if treatment == "qoi" else same
    apart = cross if y.shape[2] > 1 else same
    step = mixed - a[:, None]
    first = apart(np.broadcast_to(b[:, None], step.shape), step)
    total = whole(step, step) / 2
    variance = (whole(a, a) + whole(b, b)) / 2
    parts = np.einsum("wn,ng->wg", weights, np.concatenate([first, total, variance[:, None]], axis=1))
    n_names = step.shape[1]
    return np.asarray(parts[:, :-1].reshape(len(weights), 2, n_names) / parts[:, -1][:, None, None])


def _jackknife_se(y: Array, treatment: Treatment) -> Array:
    n = y.shape[2]
    even = np.full((1, len(y)), 1 / len(y))
    left_out = np.array([_estimate(np.delete(y, r, axis=2), treatment, even)[0] for r in range(n)])
    return np.asarray(np.sqrt((n - 1) / n * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)))
