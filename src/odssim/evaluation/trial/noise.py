"""Where an estimate's noise comes from, and when enough replicates have been run to state a power.

Noise comes from other worlds, another assignment, or another reading of the same world. Readings are nested in
assignments and assignments in worlds, so the three variances follow from mean squares (Searle, Casella and McCulloch
1992, Variance Components, ch. 3).
What comes from worlds is bought off by more places or periods only; what comes from reading, by better indicators.

The stopping rule stays valid however often one looks: after batch k the exact interval (Clopper and Pearson) at
alpha_k = 6 alpha / (pi^2 k^2) is looked at; the alphas sum to alpha, so that all intervals hold together (Gandy 2009,
Journal of the American Statistical Association 104, has the idea).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from odssim.core.types import Array
from odssim.evaluation.estimators.registry import estimate
from odssim.evaluation.trial.characteristics import Row
from odssim.evaluation.trial.score import Setup, as_log_ratio, assignment_of, base_of, market_of, pair_of, positions
from odssim.evaluation.worlds.cities import stream
from odssim.evaluation.worlds.instruments import INSTRUMENTS
from odssim.evaluation.worlds.observed import metres, read

BATCHES, DRAWS, READINGS = 4, 2, 2
"""Worlds are batches x worlds a batch; two assignments and two readings each, the fewest that tell them apart."""
SOURCES = ("worlds", "lot", "reading")


def noise_split(values: Array) -> Array:
    """Return the variances of worlds, assignments and readings, float64[3].

    Estimates are float64[worlds, assignments, readings].

    Worlds with a missing value are left out. A variance may come out below zero, by chance, if it is small.
    """
    known = values[np.isfinite(values).all(axis=(1, 2))]
    _, n_draws, n_readings = known.shape
    by_draw, by_world = known.mean(axis=2), known.mean(axis=(1, 2))
    reading = known.var(axis=2, ddof=1).mean()
    assignment = by_draw.var(axis=1, ddof=1).mean() - reading / n_readings
    world = by_world.var(ddof=1) - assignment / n_draws - reading / (n_draws * n_readings)
    return np.array([world, assignment, reading])


def noise_rows(setup: Setup) -> list[Row]:
    """Return a row per source for the primary estimator on the first indicator, under the headline's condition."""
    parts = [_nested(setup, batch) for batch in range(BATCHES)]
    split = noise_split(np.concatenate(parts))
    total = np.maximum(split, 0.0).sum()
    return [
        {"source": name, "variance": float(value), "share": float(max(value, 0.0) / total) if total > 0 else None}
        for name, value in zip(SOURCES, split, strict=True)
    ]


def _nested(setup: Setup, batch: int) -> Array:
    """Return one batch's estimates, log ratios at the target, float64[worlds, assignments, readings]."""
    per_draw = [np.stack(list(_readings(setup, batch, draw)), axis=1) for draw in range(DRAWS)]
    return np.stack(per_draw, axis=1)


def _readings(setup: Setup, batch: int, draw: int) -> Iterator[Array]:
    design, market = setup.design, market_of(setup.design)
    condition = next(c for c in setup.conditions if c.id == setup.headline)
    base = base_of(design, batch)
    assignment = assignment_of(setup, base, market, condition, batch, draw)
    pair = pair_of(design, base, assignment, condition, batch)
    distance, instrument = metres(positions(design), assignment, design), INSTRUMENTS[setup.indicators[0]]
    for k in range(READINGS):
        rng = stream(design.seed, f"read {instrument.id} again", batch, draw, k)
        panel = read(instrument, pair, assignment, condition, design, market.mean, distance, rng).panel
        target = estimate(design.keys.answer.primary, panel, setup.plan)
        yield as_log_ratio(target.estimate, target, panel)


def clopper_pearson(successes: int, n: int, alpha: float = 0.05) -> tuple[float, float]:
    """Return the exact interval of a proportion."""
    low = 0.0 if successes == 0 else float(betaincinv(successes, n - successes + 1, alpha / 2.0))
    high = 1.0 if successes == n else float(betaincinv(successes + 1, n - successes, 1.0 - alpha / 2.0))
    return low, high


def alpha_of_look(k: int, alpha: float = 0.05) -> float:
    """Return the share of alpha spent at the k-th look, k from 1."""
    return 6.0 * alpha / (math.pi**2 * k**2)


@dataclass(frozen=True)
class Look:
    """What the k-th look at a proportion says."""

    alpha: float
    low: float
    high: float
    stop: bool


def look(
    k: int, successes: int, n: int, *, target: float | None = None, half_width: float = 0.0, alpha: float = 0.05
) -> Look:
    """Return the k-th look: stop if the interval leaves the target out, or is no wider than wanted."""
    spent = alpha_of_look(k, alpha)
    low, high = clopper_pearson(successes, n, spent)
    decided = target is not None and not low <= target <= high
    return Look(spent, low, high, decided or (high - low) / 2.0 <= half_width)
