"""What is asked of counts per area, of weeks and of networks; the same code for data and model."""

import math
from typing import Any

import networkx as nx
import numpy as np
from scipy.stats import rankdata

from odssim.core import maths

Array = np.ndarray[Any, Any]


def half_share(counts: Array) -> float:
    """Return the smallest share of all units that holds half of the events; NaN without events."""
    ordered = np.sort(np.asarray(counts, dtype=np.float64))[::-1]
    if ordered.sum() <= 0:
        return float("nan")
    return (int(np.searchsorted(np.cumsum(ordered), ordered.sum() / 2)) + 1) / len(ordered)


def gini(counts: Array) -> float:
    """Return the Gini coefficient of counts over all units; NaN without events."""
    ordered = np.sort(np.asarray(counts, dtype=np.float64))
    n = len(ordered)
    if ordered.sum() <= 0:
        return float("nan")
    return float(((2 * np.arange(1, n + 1) - n - 1) * ordered).sum() / (n * ordered.sum()))


def rank_persistence(first: Array, second: Array) -> float:
    """Return Spearman's correlation of the same units in two periods."""
    (a, c), (_, b) = maths.covariance(np.column_stack([rankdata(first), rankdata(second)])).tolist()
    return c / math.sqrt(a * b) if a * b > 0 else float("nan")


def top_kept(first: Array, second: Array, share: float = 0.1) -> float:
    """Return how many of the units with most events are among those with most in the second period."""
    k = max(1, round(share * len(first)))
    tops = [set(np.argsort(-np.asarray(x), kind="stable")[:k].tolist()) for x in (first, second)]
    return len(tops[0] & tops[1]) / k


def active_kept(first: Array, second: Array) -> float:
    """Return the share of units with any event in the first period that have one in the second."""
    active = np.asarray(first) > 0
    return float((np.asarray(second)[active] > 0).mean()) if active.any() else float("nan")


def week_shape(week: Array) -> Array:
    """Return each weekday over the mean of its week, float64[..., 7]."""
    values = np.asarray(week, dtype=np.float64)
    return np.asarray(values / values.mean(axis=-1, keepdims=True))


def centralisation(graph: nx.Graph) -> float:
    """Return Freeman's degree centralisation: 1 for a star, 0 where all have as many ties."""
    n = graph.number_of_nodes()
    if n < 3:
        return float("nan")
    degrees = np.array([d for _, d in graph.degree()])
    return float((degrees.max() - degrees).sum() / ((n - 1) * (n - 2)))


def giant_share(graph: nx.Graph) -> float:
    """Return the share of nodes in the largest component."""
    largest = max((len(c) for c in nx.connected_components(graph)), default=0)
    return float(largest / max(1, graph.number_of_nodes()))
