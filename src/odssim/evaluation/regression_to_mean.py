"""Regression to the mean: places picked because they were hot cool down with nothing done.

Places have gamma rates (mean m, shape k), counts are Poisson: a place seen with y events is expected to have
(k + y) / (k / m + 1) next time.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import nbinom


def expected_next(observed: float, mean: float, shape: float) -> float:
    """Return the expected count next time of a place with `observed` events."""
    return (shape + observed) / (shape / mean + 1.0)


@dataclass(frozen=True)
class Selected:
    """Places picked for at least so many events: their mean then, the mean expected next, the change in per cent."""

    before: float
    after: float
    percent: float
    share: float
    """Share of all places that are picked."""


def pick_at_least(threshold: int, mean: float, shape: float) -> Selected:
    """Return what picking places with at least `threshold` events does, with no effect at all."""
    law = nbinom(shape, shape / (shape + mean))
    top = int(law.isf(1e-15)) + 10
    counts = np.arange(threshold, top + 1)
    chance = law.pmf(counts)
    share = float(chance.sum())
    before = float((counts * chance).sum() / share)
    after = float((expected_next(counts, mean, shape) * chance).sum() / share)  # type: ignore[arg-type]
    return Selected(before, after, 100.0 * (after / before - 1.0), share)


def lasting_share(
    mean: float, cv: float, periods: int, *, nb2_alpha: float = 0.0, drift_sd: float = 0.0
) -> float:
    """Return the share of the spread of places' counts over some periods that is still there afterwards.

    cv^2 / (cv^2 + 1 / (periods x mean) + alpha / periods + drift_sd^2): what is not chance, and not drift.
    """
    return cv**2 / (cv**2 + 1.0 / (periods * mean) + nb2_alpha / periods + drift_sd**2)


def pick_top(n_picked: int, n_places: int, mean: float, shape: float) -> Selected:
    """Return the same for the threshold at which about `n_picked` of `n_places` are picked."""
    threshold = int(nbinom(shape, shape / (shape + mean)).isf(n_picked / n_places)) + 1
    return pick_at_least(threshold, mean, shape)
