"""Shapley effects: each parameter's fair share of the variance, interactions split evenly; the shares add up to 1.

Paths come from SALib's sampler (Goda 2021, Reliability Engineering and System Safety 213, 107702). Its analyser
gives the variance of chance to the parameters in equal parts; here the same products are taken over different
replicates, which leaves chance out.
"""

from collections.abc import Sequence

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.studies.sensitivity.index import Index, indices_of, judge
from odssim.studies.sensitivity.replicates import complete, cross, interval, resample_weights, shares


def shapley(y: Array, blocks: Array, names: Sequence[str], seed: int = 1) -> list[Index]:
    """Return each parameter's share with a bootstrap interval over paths, judged.

    `y`, `blocks`: outcomes float64[paths, 1 + names, replicates] at `design.shapley_paths`.

    Raises TooFewReplicatesError: with one replicate per point.
    """
    y, blocks = complete(y, blocks)
    y = y - y.mean()
    which = (blocks[:, 1:] != blocks[:, :-1]).argmax(axis=2)
    before, after = y[:, :-1], y[:, 1:]
    start = np.broadcast_to(y[:, :1], before.shape)
    steps = cross(start, before - after) - (cross(before, before) - cross(after, after)) / 2
    parts = np.empty_like(steps)
    np.put_along_axis(parts, which, steps, axis=1)
    drawn = maths.product(resample_weights(len(y), seed), parts)
    mean = parts.mean(axis=0, keepdims=True)
    value = shares(mean, mean.sum(axis=1, keepdims=True))[0]
    low, high = interval(shares(drawn, drawn.sum(axis=1, keepdims=True)))
    return judge(indices_of(names, "shapley", value, low, high))
