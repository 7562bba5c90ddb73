"""The tables of a comparison: rows of plain numbers and words, None where there is no number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from odssim.analysis.contrast import ALL_DEALS, SeedContrast, Window
from odssim.analysis.flows import LedgerFlows
from odssim.analysis.intervals import (
    Estimate,
    PairedDifference,
    mean_estimate,
    paired_difference,
    ratio_estimate,
)
from odssim.analysis.quotient import PopMeasures, pop_measures
from odssim.analysis.rings import RINGS
from odssim.observe.outcomes import OUTCOMES
from odssim.observe.result import LEVELS

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
    ("inflow", lambda f: f.inflow),
)
"""What is told of the open deals at the targets; `inflow` came there from elsewhere."""
ONLY_COUNTED = ("removed", "inflow")
"""Fates that are not parts of what was removed."""


class Compared(Protocol):
    """What the tables need of one alternative."""

    @property
    def window(self) -> Window:
        """The days compared."""

    @property
    def contrasts(self) -> Sequence[SeedContrast]:
        """One per seed."""


def unit_of(outcome: str) -> str:
    """Return the unit of a mean per day."""
    unit = "deals" if outcome == ALL_DEALS else OUTCOMES[outcome].unit
    return unit if outcome in LEVELS else f"{unit}/day"


def difference_rows(label: str, one: Compared) -> list[Row]:
    """Return one row per area around the targets, then one per outcome of the city."""
    rows = []
    placed = [c for c in one.contrasts if c.base_rings is not None and c.other_rings is not None]
    if placed:
        base = np.array([c.base_rings for c in placed]) / one.window.days
        other = np.array([c.other_rings for c in placed]) / one.window.days
        for r, where in enumerate(RINGS):
            pairs = paired_difference(base[:, r], other[:, r])
            rows.append(_row(label, "open_deals", where, pairs, one.window))
    for outcome in one.contrasts[0].base:
        pairs = paired_difference(
            [c.base[outcome] for c in one.contrasts], [c.other[outcome] for c in one.contrasts]
        )
        rows.append(_row(label, outcome, WHOLE_CITY, pairs, one.window))
    return rows


def _row(label: str, outcome: str, where: str, pairs: PairedDifference, window: Window) -> Row:
    change = pairs.difference
    return {
        "alternative": label, "outcome": outcome, "where": where, "unit": unit_of(outcome),
        "first_day": window.first_date.isoformat(), "last_day": window.last_date.isoformat(),
        "base": pairs.base, "other": pairs.other,
        "difference": change.value, "low": change.low, "high": change.high,
        "percent": pairs.percent(change.value), "percent_low": pairs.percent(change.low),
        "percent_high": pairs.percent(change.high), "verdict": pairs.verdict,
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


def control_verdict(contrasts: Sequence[SeedContrast]) -> str | None:
    """Return whether the rest of the city changed too; None without places worked at."""
    rings = [(c.base_rings, c.other_rings) for c in contrasts]
    pairs = [(a[-1], b[-1]) for a, b in rings if a is not None and b is not None]
    return paired_difference([a for a, _ in pairs], [b for _, b in pairs]).verdict if pairs else None


def truth_measures(contrasts: Sequence[SeedContrast]) -> PopMeasures | None:
    """Return WDQ and its kin from the counts of all seeds: base world before, other world after.

    Target: the places worked at; buffer: up to 500 m; control: the rest of the city. The z of success
    takes the counts of both worlds as independent; since they share their luck it errs on the careful side.
    """
    rings = [(c.base_rings, c.other_rings) for c in contrasts]
    pairs = [(a, b) for a, b in rings if a is not None and b is not None]
    if not pairs:
        return None
    before, after = np.sum([a for a, _ in pairs], axis=0), np.sum([b for _, b in pairs], axis=0)
    last = len(RINGS) - 1
    return pop_measures(
        (float(before[0]), float(after[0])),
        (float(before[1:last].sum()), float(after[1:last].sum())),
        (float(before[last]), float(after[last])),
    )


def measure_row(label: str, contrasts: Sequence[SeedContrast]) -> Row:
    """Return the measures of one alternative in a row: counts alone, and checks of the ledger."""
    flows = [c.flows for c in contrasts if c.flows is not None]
    truth = truth_measures(contrasts)
    unknown = "works at no places" if truth is None else truth.why
    return {
        "alternative": label,
        "n_targets": mean_estimate([c.n_targets for c in contrasts]).value,
        "wdq": None if truth is None else truth.wdq,
        "wdq_low": None if truth is None else truth.wdq_low,
        "wdq_high": None if truth is None else truth.wdq_high,
        "z_success": None if truth is None else truth.z_success,
        "total_net_effect": _per_run(truth, len([c for c in contrasts if c.base_rings is not None])),
        "wdq_readable": truth is not None and truth.wdq_readable,
        "wdq_unreadable_because": unknown,
        "control_verdict": control_verdict(contrasts),
        "aggregate_near": _share(
            [f.near_other - f.near_base for f in flows], [f.target_base - f.target_other for f in flows]
        ),
        "same_seller_share": _share([f.same_seller for f in flows], [f.displaced - f.merged for f in flows]),
        "crowded_out_near": _mean([f.crowded_out_near for f in flows]),
        "induced": _mean([f.induced for f in flows]),
        "prevented_outside": _mean([f.prevented_outside for f in flows]),
        "placebo_untouched": sum(c.placebo is not None and c.placebo.is_untouched for c in contrasts),
        "matched_share": _share([f.matched for f in flows], [f.needs_base for f in flows]),
    }


def _per_run(truth: PopMeasures | None, n_runs: int) -> float | None:
    """Return the total net effect of one run, from that of all runs together."""
    return None if truth is None or truth.total_net_effect is None else truth.total_net_effect / n_runs


def _share(parts: Sequence[int], wholes: Sequence[int]) -> float | None:
    """Return sum / sum, or None unless the whole is positive."""
    return ratio_estimate(parts, wholes).value if sum(wholes) > 0 else None


def _mean(counts: Sequence[int]) -> float | None:
    return mean_estimate(counts).value
