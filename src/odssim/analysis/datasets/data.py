"""The figures of the data sets."""

from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np

from odssim.analysis.datasets import measures as m
from odssim.errors import OdssimError

Array = np.ndarray[Any, Any]
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
        "berlin half": _mean(m.half_share(c) for c in counts),
        "berlin gini": _mean(m.gini(c) for c in counts),
        "berlin rank 1 year": _mean(m.rank_persistence(a, b) for a, b in pairs),
        "berlin rank 4 years": m.rank_persistence(counts[0], counts[-1]),
        "berlin top kept": _mean(m.top_kept(a, b) for a, b in pairs),
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
        f"{prefix} half": _mean(m.half_share(c) for c in both),
        f"{prefix} gini": _mean(m.gini(c) for c in both),
        f"{prefix} rank": m.rank_persistence(first, second),
        f"{prefix} active kept": m.active_kept(first, second),
    }


def wastewater(table: Any) -> dict[str, float]:
    """Weekday shape: median over sites and years of each day over its week's mean."""
    found: dict[str, float] = {}
    for name in SUBSTANCES:
        rows = table[table["metabolite"] == name][list(WEEK)].dropna().to_numpy(dtype=np.float64)
        rows = rows[rows.sum(axis=1) > 0]
        if len(rows):
            found |= weekend(f"wastewater {name}", np.median(m.week_shape(rows), axis=0))
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
            found[f"covert centralisation {when}"] = _mean(m.centralisation(g) for g in part)
            found[f"covert giant {when}"] = _mean(m.giant_share(g) for g in part)
    dealing = [g for key, g in graphs.items() if key[0] in DEALING]
    if dealing:
        found["covert centralisation dealing"] = _mean(m.centralisation(g) for g in dealing)
    return found


def _mean(values: Any) -> float:
    return float(np.nanmean(list(values)))


READERS = {"berlin": berlin, "west_yorkshire": west_yorkshire, "wastewater": wastewater, "covert": covert}
"""Data set: how its table becomes figures."""
