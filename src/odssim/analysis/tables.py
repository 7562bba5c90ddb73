"""The tables of a comparison: rows of plain numbers and words, None where there is no number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from odssim.analysis.contrast import SeedContrast, Window
from odssim.analysis.flows import LedgerFlows
from odssim.analysis.intervals import (
    Estimate,
    PairedDifference,
    paired_difference,
    ratio_estimate,
    within,
)
from odssim.analysis.objective import unit_of
from odssim.analysis.rings import RINGS

Row = dict[str, Any]
WHOLE_CITY = "city"
FATES: tuple[tuple[str, Callable[[LedgerFlows], int]], ...] = (
    ("removed", lambda f: f.removed),
    ("displaced", lambda f: f.displaced),
    ("prevented", lambda f: f.prevented),
    ("tactical", lambda f: f.tactical),
    ("near", lambda f: f.near),
    ("far", lambda f: f.far),
    ("temporal", lambda f: f.temporal + f.merged),
    ("product", lambda f: f.product),
    ("other_ends", lambda f: f.censored + f.lost + f.own_stock + f.absent),
    ("stayed", lambda f: f.stayed),
    ("inflow", lambda f: f.inflow),
    ("crowded_out", lambda f: f.crowded_out),
)
"""What is told of the open deals at the targets; `inflow` came there from elsewhere, `crowded_out` are deals
made elsewhere that moved to yet another place."""
ONLY_COUNTED = ("removed", "stayed", "inflow", "crowded_out")
"""Fates that are not parts of what was removed."""


class Compared(Protocol):
    """What the tables need of one alternative."""

    @property
    def window(self) -> Window:
        """The days compared."""

    @property
    def contrasts(self) -> Sequence[SeedContrast]:
        """One per seed."""


def difference_rows(label: str, one: Compared, smallest: float = 0.0, *, anytime: bool = False) -> list[Row]:
    """Return one row per area around the targets, then one per outcome of the city.

    Parameters
    ----------
    smallest
        Smallest difference of interest, as a share of the base's mean.
    anytime
        Whether the number of runs was not fixed beforehand: intervals of a confidence sequence.
    """
    rows = []

    def add(outcome: str, where: str, base: ArrayLike, other: ArrayLike) -> None:
        pairs = paired_difference(base, other, anytime=anytime)
        rows.append(difference_row(label, outcome, where, pairs, one.window, smallest))

    placed = [c for c in one.contrasts if c.base_rings is not None and c.other_rings is not None]
    if placed:
        base = np.array([c.base_rings for c in placed]) / one.window.days
        other = np.array([c.other_rings for c in placed]) / one.window.days
        for r, where in enumerate(RINGS):
            add("open_deals", where, base[:, r], other[:, r])
    for outcome in one.contrasts[0].base:
        add(outcome, WHOLE_CITY, *([world[outcome] for world in worlds] for worlds in _worlds(one.contrasts)))
    return rows


def _worlds(contrasts: Sequence[SeedContrast]) -> tuple[list[Mapping[str, float]], list[Mapping[str, float]]]:
    return [c.base for c in contrasts], [c.other for c in contrasts]


def difference_row(
    label: str, outcome: str, where: str, pairs: PairedDifference, window: Window, smallest: float
) -> Row:
    """Return one row of a table of differences; `smallest` as in `difference_rows`."""
    change = pairs.difference
    return {
        "alternative": label, "outcome": outcome, "where": where, "unit": unit_of(outcome),
        "first_day": window.first_date.isoformat(), "last_day": window.last_date.isoformat(),
        "base": pairs.base, "other": pairs.other,
        "difference": change.value, "low": change.low, "high": change.high,
        "percent": pairs.percent(change.value), "percent_low": pairs.percent(change.low),
        "percent_high": pairs.percent(change.high), "verdict": pairs.verdict(smallest),
        "of_interest": not within(change, smallest * abs(pairs.base or 0.0)),
        "variance_ratio": pairs.variance_ratio, "n_seeds": change.n,
    }  # fmt: skip


def fate_rows(label: str, contrasts: Sequence[SeedContrast]) -> list[Row]:
    """Return one row per fate of the base's open deals at the targets; none if there were no such deals.

    ``per_100`` of the base's open deals at the targets; ``placebo_per_100`` the same after one unrelated
    visit; ``net_per_100`` the difference with its interval; ``share_of_removed`` the net part of the net
    removal, only where the net removal is clearly above zero. Without a placebo nothing is net.
    """
    flows = [c.flows for c in contrasts if c.flows is not None]
    deals = np.array([f.target_base for f in flows], dtype=np.float64)
    if deals.sum() == 0:
        return []
    paired = [(c.flows, c.placebo) for c in contrasts if c.flows is not None and c.placebo is not None]
    paired_deals = [float(f.target_base) for f, _ in paired]
    net_removed = [float(f.removed - p.removed) for f, p in paired]
    splits = exceeds_noise(ratio_estimate(net_removed, paired_deals))
    rows = []
    for fate, count in FATES:
        net = [float(count(f) - count(p)) for f, p in paired]
        share = ratio_estimate(net, net_removed) if splits and fate not in ONLY_COUNTED else None
        per_100 = ratio_estimate([count(f) for f in flows], deals)
        floor = ratio_estimate([count(p) for _, p in paired], paired_deals)
        rows.append(_fate_row(label, fate, per_100, floor, ratio_estimate(net, paired_deals), share))
    return rows


def exceeds_noise(net_removed: Estimate) -> bool:
    """Return whether more was removed than a placebo removes: the interval's, or one run's, lower end."""
    low = net_removed.value if net_removed.low is None else net_removed.low
    return low is not None and low > 0


def _fate_row(
    label: str, fate: str, all_of: Estimate, floor: Estimate, net: Estimate, share: Estimate | None
) -> Row:
    part = share or Estimate(net.n, None, None, None, None)
    return {
        "alternative": label, "fate": fate,
        "per_100": _percent(all_of.value), "placebo_per_100": _percent(floor.value),
        "net_per_100": _percent(net.value), "net_low": _percent(net.low), "net_high": _percent(net.high),
        "share_of_removed": part.value, "share_low": part.low, "share_high": part.high, "n_seeds": all_of.n,
    }  # fmt: skip


def _percent(number: float | None) -> float | None:
    return None if number is None else 100.0 * number
