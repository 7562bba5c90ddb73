"""Where deals went: what became of the deals of world A in world B, counted need by need."""

from typing import Any

import numpy as np

from odssim.analysis.displacement.flows import count_flows
from odssim.analysis.displacement.ledger import need_keys, pair_needs, within_days, zone_of
from odssim.core.types import Array
from odssim.engine.run import Run
from odssim.world.codes import Fate

BUFFER_M = 500.0
MOST_ARROWS = 14
LEAST_MOVED = 2
"""Deals that must have gone from one place to another for an arrow."""


def moves(a: Run, b: Run, first_day: int) -> dict[str, Any] | None:
    """Return fates and arrows of the needs due from simulated day `first_day` up to yesterday.

    Targets are the places worked at in B and not in A; where these are the same, all of B's; where B's methods
    have no places, every place.
    None before the first full day.
    """
    today = a.clockwork.now // 1440
    base, other = (within_days(_rows(run), first_day, today - 1) for run in (a, b))
    if today - 1 <= first_day or not len(base):
        return None
    worked_at = b.levers.worked_at
    targets = frozenset(worked_at - a.levers.worked_at or worked_at or range(a.city.n_places))
    x, y = a.city.place_xy_m()
    at = np.array(sorted(targets))
    if len(at) < a.city.n_places:
        distance = np.min(np.hypot(x[:, None] - x[at], y[:, None] - y[at]), axis=1)
    else:
        distance = np.zeros(a.city.n_places)
    flows = count_flows(pair_needs(base, other, zone_of(distance, targets, BUFFER_M)))
    return {
        "days": today - 1 - first_day,
        "targets": at.tolist() if len(at) < a.city.n_places else [],
        "before": flows.target_base,
        "after": flows.target_other,
        "stayed": flows.stayed,
        "elsewhere": flows.near + flows.far,
        "near": flows.near,
        "other_way": flows.tactical,
        "other_time": flows.temporal + flows.merged + flows.product,
        "prevented": flows.prevented,
        "left": flows.censored + flows.lost + flows.own_stock + flows.absent,
        "inflow": flows.inflow,
        "induced": flows.induced,
        "all": {
            "open": [
                flows.target_base + flows.near_base + flows.far_base,
                flows.target_other + flows.near_other + flows.far_other,
            ],
            "hidden": [flows.hidden_base, flows.hidden_other],
        },
        "arrows": arrows(base, other, at, all_places=len(at) == a.city.n_places),
    }


def _rows(run: Run) -> Array:
    return np.concatenate([*run.clockwork.ledgers, np.zeros(0, dtype=run.state.ledger.dtype)])


def arrows(base: Array, other: Array, targets: Array, *, all_places: bool = False) -> list[list[int]]:
    """Return [from, to, deals] of the open deals at `targets` in A that were made elsewhere in B.

    A deal that moved from one target to another has stayed at the targets, unless these are all places.
    """
    _, i, j = np.intersect1d(need_keys(base), need_keys(other), assume_unique=True, return_indices=True)
    was, now = base[i], other[j]
    moved = (was["fate"] == Fate.OPEN) & (now["fate"] == Fate.OPEN) & (was["place"] != now["place"])
    moved &= np.isin(was["place"], targets) & (all_places | ~np.isin(now["place"], targets))
    pairs, counts = np.unique(np.column_stack([was["place"][moved], now["place"][moved]]), axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MOST_ARROWS]
    return [[int(pairs[k, 0]), int(pairs[k, 1]), int(counts[k])] for k in order if counts[k] >= LEAST_MOVED]
