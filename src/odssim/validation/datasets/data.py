"""The figures of the data sets, and what is asked of counts per area, of weeks and of networks: model alike."""

import math
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
from scipy.stats import rankdata

from odssim.core import maths
from odssim.core.types import Array
from odssim.errors import OdssimError

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SUBSTANCES = ("cannabis", "amphetamine", "cocaine")
"""Wastewater tells nothing of heroin."""
CAVIAR_PHASES = 3
"""The first and the last phases of the Caviar investigation; seizures went on from the fourth (Morselli 2009)."""
DEALING = ("heroin_dealing_nyc", "cocaine_dealing_nyc")


def berlin(table: Any) -> dict[str, float]:
    """Concentration over areas and persistence from year to year, means over the years or pairs of years."""
    years = table.pivot_table(index="code", columns="year", values="drugs", aggfunc="sum", fill_value=0)
    counts = [years[y].to_numpy() for y in sorted(years)]
    if len(counts) < 2:
        raise OdssimError("berlin: at least two years are needed")
    pairs = list(pairwise(counts))
    return {
        "berlin half": _mean(half_share(c) for c in counts),
        "berlin gini": _mean(gini(c) for c in counts),
        "berlin rank 1 year": _mean(rank_persistence(a, b) for a, b in pairs),
        "berlin rank 4 years": rank_persistence(counts[0], counts[-1]),
        "berlin top kept": _mean(top_kept(a, b) for a, b in pairs),
    }


def west_yorkshire(table: Any) -> dict[str, float]:
    """Concentration over small areas (about 1,600 residents) in a month, and persistence over a year."""
    months = table.pivot_table(index="lsoa_code", columns="month", values="drugs", aggfunc="sum", fill_value=0)
    counts = [months[name].to_numpy() for name in sorted(months)]
    if len(counts) < 2:
        raise OdssimError("west_yorkshire: at least two months are needed")
    return small_areas("west_yorkshire", counts[0], counts[-1])


def small_areas(prefix: str, first: Array, second: Array) -> dict[str, float]:
    """Return the figures of two months of the same small areas."""
    both = (first, second)
    return {
        f"{prefix} active": _mean(float((c > 0).mean()) for c in both),
        f"{prefix} half": _mean(half_share(c) for c in both),
        f"{prefix} gini": _mean(gini(c) for c in both),
        f"{prefix} rank": rank_persistence(first, second),
        f"{prefix} active kept": active_kept(first, second),
    }


def wastewater(table: Any) -> dict[str, float]:
    """Weekday shape: median over sites and years of each day over its week's mean."""
    found: dict[str, float] = {}
    for name in SUBSTANCES:
        rows = table[table["metabolite"] == name][list(WEEK)].dropna().to_numpy(dtype=np.float64)
        rows = rows[rows.sum(axis=1) > 0]
        if len(rows):
            found |= weekend(f"wastewater {name}", np.median(week_shape(rows), axis=0))
    return found


def weekend(prefix: str, shape: Array) -> dict[str, float]:
    """Return the mean of Saturday and Sunday and the largest day, over the week's mean."""
    return {f"{prefix} weekend": float(shape[5:].mean()), f"{prefix} peak": float(shape.max())}


def covert(table: Any) -> dict[str, float]:
    """Structure of the Caviar network before and under seizures, and of two dealing networks."""
    graphs = {key: nx.from_pandas_edgelist(rows) for key, rows in table.groupby(["network", "layer"])}
    phases = [graphs[key] for key in sorted(graphs) if key[0] == "caviar" and key[1] != "full"]
    found: dict[str, float] = {}
    if len(phases) >= 2 * CAVIAR_PHASES:
        for when, part in (("first", phases[:CAVIAR_PHASES]), ("last", phases[-CAVIAR_PHASES:])):
            found[f"covert density {when}"] = _mean(nx.density(g) for g in part)
            found[f"covert centralisation {when}"] = _mean(centralisation(g) for g in part)
            found[f"covert giant {when}"] = _mean(giant_share(g) for g in part)
    dealing = [g for key, g in graphs.items() if key[0] in DEALING]
    if dealing:
        found["covert centralisation dealing"] = _mean(centralisation(g) for g in dealing)
    return found


def _mean(values: Any) -> float:
    return float(np.nanmean(list(values)))


READERS = {"berlin": berlin, "west_yorkshire": west_yorkshire, "wastewater": wastewater, "covert": covert}
"""Data set: how its table becomes figures."""


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
