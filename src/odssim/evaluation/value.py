"""What information is worth before a decision: EVPI, EVPPI, EVSI in closed form and from tables of draws.

Net benefits in SEK (or any unit of worth). The difference between two actions is normal: then
EVPI = s phi(m / s) - |m| Phi(-|m| / s), and less than perfect information replaces s by what it resolves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr
from scipy.stats import norm


def evpi_two(mean: float, sd: float) -> float:
    """Return the expected value of perfect information about a normal incremental net benefit."""
    if sd <= 0:
        return 0.0
    return float(sd * norm.pdf(mean / sd) - abs(mean) * ndtr(-abs(mean) / sd))


def evsi_two(mean: float, sd: float, study_se: float) -> float:
    """Return the expected value of a study that estimates (a component with this sd of) the difference.

    It resolves sd^2 / sqrt(sd^2 + se^2).
    """
    return evpi_two(mean, sd**2 / math.sqrt(sd**2 + study_se**2))


def net_of_cost(value: float, decisions: float, cost: float) -> float:
    """Return the expected net benefit of sampling: value x decisions (places x years) less the study's cost."""
    return value * decisions - cost


def expected_worth(worth: ArrayLike, chances: ArrayLike | None = None) -> np.ndarray:
    """Return each action's mean over draws, from float[draws, actions]; equal chances if left out."""
    table = np.asarray(worth, dtype=np.float64)
    return np.average(table, axis=0, weights=None if chances is None else np.asarray(chances))


def evpi(worth: ArrayLike, chances: ArrayLike | None = None) -> float:
    """Return the expected value of perfect information from draws of the actions' worth, float[draws, actions]."""
    table = np.asarray(worth, dtype=np.float64)
    best = np.average(table.max(axis=1), weights=None if chances is None else np.asarray(chances))
    return float(best - expected_worth(table, chances).max())


def evppi(worth: ArrayLike, group: Sequence[int], chances: ArrayLike | None = None) -> float:
    """Return the expected value of learning only in which group of draws the truth lies."""
    table, member = np.asarray(worth, dtype=np.float64), np.asarray(group)
    weight = np.full(len(table), 1.0 / len(table)) if chances is None else np.asarray(chances, dtype=np.float64)
    within = sum(
        float(weight[member == g].sum() * expected_worth(table[member == g], weight[member == g]).max())
        for g in np.unique(member)
    )
    return within - float(expected_worth(table, weight).max())


def best_chance(worth: ArrayLike, chances: ArrayLike | None = None) -> np.ndarray:
    """Return the chance that each action is the best one; ties share."""
    table = np.asarray(worth, dtype=np.float64)
    top = table == table.max(axis=1, keepdims=True)
    weight = None if chances is None else np.asarray(chances)
    return np.asarray(np.average(top / top.sum(axis=1, keepdims=True), axis=0, weights=weight))


def acceptability(
    effect: tuple[float, float], cost: tuple[float, float], correlation: float, worth_per_unit: float
) -> float:
    """Return the chance that worth x effect exceeds cost, both normal (mean, sd): a point of the CEAC."""
    w = worth_per_unit
    mean = w * effect[0] - cost[0]
    variance = (w * effect[1]) ** 2 + cost[1] ** 2 - 2.0 * correlation * w * effect[1] * cost[1]
    return float(ndtr(mean / math.sqrt(variance)))
