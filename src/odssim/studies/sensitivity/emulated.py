"""Indices of a dear model by way of its emulator, with the emulator's own error in the intervals."""

from collections.abc import Mapping, Sequence

import numpy as np

from odssim.core.types import Array
from odssim.studies.sensitivity.design import pick_freeze
from odssim.studies.sensitivity.emulator import POOR, Emulator, fit_emulator
from odssim.studies.sensitivity.index import Index
from odssim.studies.sensitivity.replicates import TooFewReplicatesError, complete
from odssim.studies.sensitivity.sobol import sobol_indices

N_FOLDS = 8
N_BLOCKS = 1024


def emulate(y: Array, points: Array, *, least_q2: float | None = POOR) -> Emulator:
    """Return the emulator of outcomes float64[points, replicates]; chance's variance is pooled over points.

    Raises
    ------
    TooFewReplicatesError
        With one replicate per point.
    PoorEmulatorError
        If Q2 is below `least_q2`.
    """
    y, points = complete(y, points)
    if y.shape[1] < 2:
        raise TooFewReplicatesError("an emulator needs at least 2 replicates per point to know chance")
    variance = np.full(len(y), float(y.var(axis=1, ddof=1).mean()) / y.shape[1])
    return fit_emulator(points, y.mean(axis=1), variance, least_q2=least_q2)


def emulated_indices(
    y: Array, points: Array, groups: Mapping[str, Sequence[int]], *, seed: int = 1
) -> tuple[list[Index], Emulator]:
    """Return S1 and ST of the expected outcome, and the emulator they come from.

    The intervals are those of a jackknife that leaves out one eighth of the points at a time (the emulator's error)
    together with the pick-freeze error of the emulator's own indices.

    Raises
    ------
    PoorEmulatorError
        If the emulator does not predict points left out (`emulator.POOR`).
    """
    y, points = complete(y, points)
    emulator = emulate(y, points)
    blocks = pick_freeze(N_BLOCKS, points.shape[1], groups, seed)
    own = _indices(emulator, blocks, groups, seed)
    fold = np.arange(len(y)) % N_FOLDS
    left_out = [
        _indices(emulate(y[fold != f], points[fold != f], least_q2=None), blocks, groups, seed) for f in range(N_FOLDS)
    ]
    found = []
    for i, index in enumerate(own):
        others = np.array([indices[i].value for indices in left_out])
        error = np.sqrt((N_FOLDS - 1) / N_FOLDS * ((others - others.mean()) ** 2).sum())
        low = index.value - float(np.hypot(index.value - index.low, 1.96 * error))
        high = index.value + float(np.hypot(index.high - index.value, 1.96 * error))
        found.append(Index(index.parameter, index.measure, index.value, low, high, index.smallest))
    return found, emulator


def _indices(emulator: Emulator, blocks: Array, groups: Mapping[str, Sequence[int]], seed: int) -> list[Index]:
    flat = blocks.reshape(-1, blocks.shape[2])
    mean, _ = emulator.predict(flat, with_variance=False)
    return sobol_indices(mean.reshape(*blocks.shape[:2], 1), list(groups), treatment="raw", seed=seed)
