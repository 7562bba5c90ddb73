"""Screening by elementary effects (Morris 1991), with the part of chance known and taken out.

The mean absolute effect mu* of a parameter without any effect is not zero: with noise of standard deviation
s in a run it is 2 s / (step sqrt(pi)). So each group's mu* stands beside what chance alone would show, and the
verdict is on the effect, the root of the mean square elementary effect free of chance.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.studies.sensitivity.design import STEP
from odssim.studies.sensitivity.index import Index, indices_of, judged_by_strongest
from odssim.studies.sensitivity.replicates import complete, cross, interval, resample_weights


@dataclass(frozen=True)
class Effects:
    """Elementary effects of one group, per whole range of its parameters, in the outcome's unit."""

    parameter: str
    mu: float
    mu_star: float
    sigma: float
    """Mean, mean absolute value and standard deviation over trajectories."""
    chance_mu_star: float
    """The mu* that a group without effect would show here."""
    index: Index

    def row(self) -> dict[str, Any]:
        """Return one row of a table."""
        own = asdict(self)
        judged = own.pop("index")
        return {**own, **{key: judged[key] for key in ("value", "low", "high", "verdict")}}


def elementary_effects(y: Array, blocks: Array, moved: Array, n_groups: int) -> Array:
    """Return the elementary effects, float64[trajectories, groups, replicates].

    `y`, `blocks`: outcomes float64[trajectories, 1 + groups, replicates] of points float64[trajectories, 1 + groups,
    k].
    `moved`: the group that each step moves (`design.moved_group`).
    """
    along = np.diff(blocks, axis=1)
    which = np.abs(along).argmax(axis=2)
    sign = np.sign(np.take_along_axis(along, which[:, :, None], axis=2))
    effects = np.empty((len(y), n_groups, y.shape[2]))
    np.put_along_axis(effects, moved[:, :, None], sign * np.diff(y, axis=1) / STEP, axis=1)
    return effects


def morris(y: Array, blocks: Array, moved: Array, names: Sequence[str], seed: int = 1) -> list[Effects]:
    """Return each group's effects, judged, the strongest first.

    Raises TooFewReplicatesError: with one replicate per point.
    """
    y, blocks, moved = complete(y, blocks, moved)
    effects = elementary_effects(y, blocks, moved, len(names))
    mean = effects.mean(axis=2)
    noise = effects.var(axis=2, ddof=1).mean(axis=0) / y.shape[2]
    square = cross(effects, effects)
    low, high = interval(maths.product(resample_weights(len(y), seed), square))
    value = square.mean(axis=0)
    indices = indices_of(names, "effect", _root(value), _root(low), _root(high))
    column = {name: g for g, name in enumerate(names)}
    return [
        Effects(
            index.parameter, float(mean[:, g].mean()), float(np.abs(mean[:, g]).mean()),
            float(mean[:, g].std(ddof=1)), math.sqrt(2 / math.pi * noise[g]), index,
        )
        for index in judged_by_strongest(indices)
        for g in [column[index.parameter]]
    ]  # fmt: skip


def _root(square: Array) -> Array:
    """Return the root with its sign: an effect below zero says that chance explains all and more."""
    return np.asarray(np.copysign(np.sqrt(np.abs(square)), square))
