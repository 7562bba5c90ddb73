"""Displacement as counts alone show it, and checks of the ledger: one row per alternative."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from odssim.analysis.comparison.contrast import SeedContrast
from odssim.analysis.displacement.quotient import PopMeasures, pop_measures_of_runs
from odssim.analysis.displacement.rings import RING_EDGES_M, RINGS
from odssim.analysis.statistics.intervals import FEWER, MORE, paired_difference
from odssim.core.types import Array


@dataclass(frozen=True)
class MeasureRow:
    """Displacement of one mix as counts alone show it, and checks of the ledger."""

    alternative: str
    n_targets: float | None
    """Places worked at, mean over seeds."""
    wdq: float | None
    wdq_low: float | None
    wdq_high: float | None
    """Weighted displacement quotient of all runs together, with its Fieller interval."""
    z_success: float | None
    """How many standard errors the target fell against the control."""
    total_net_effect: float | None
    """Open deals prevented in target and buffer together, per run."""
    wdq_readable: bool
    wdq_unreadable_because: str
    """Whether the quotient may be interpreted, and if not, why."""
    reach_m: float | None
    """Outer edge of the last ring, counted outwards without a gap, whose change is established, metres; 0 if that of the
    nearest is not."""
    wdq_to_100_m: float | None
    wdq_to_250_m: float | None
    wdq_to_500_m: float | None
    """The quotient with the ring up to this edge (`RING_EDGES_M`) as the buffer; None where it must not be read."""
    control_verdict: str | None
    """Whether the rest of the city changed too, in the words of `intervals`; None without places worked at."""
    aggregate_near: float | None
    """Open deals gained nearby per open deal lost at the targets."""
    same_seller_share: float | None
    """Share of the displaced deals that were made with the same seller."""
    inflow: float | None
    crowded_out: float | None
    crowded_out_near: float | None
    induced: float | None
    prevented_outside: float | None
    """Deals per run that the base has not at the targets (`LedgerFlows`)."""
    placebo_untouched: int
    """Seeds in which the placebo's visit met nobody."""
    matched_share: float | None
    """Share of the base's needs that exist in both worlds."""


def control_verdict(contrasts: Sequence[SeedContrast]) -> str | None:
    """Return whether the rest of the city changed too; None without places worked at."""
    before, after = _rings(contrasts)
    return paired_difference(before[:, -1], after[:, -1], event=1.0).verdict() if len(before) else None


def truth_measures(contrasts: Sequence[SeedContrast]) -> PopMeasures | None:
    """Return WDQ and its kin from the counts of all seeds: base world before, other world after.

    Target: the places worked at; buffer: up to 500 m; control: the rest of the city.
    """
    before, after = _rings(contrasts)
    return ring_measures(before, after, slice(1, len(RINGS) - 1)) if len(before) else None


def _rings(contrasts: Sequence[SeedContrast]) -> tuple[Array, Array]:
    """Return the open deals per ring in base and other world, float64[runs, rings] each; no rows without places."""
    rings = [(c.base_rings, c.other_rings) for c in contrasts]
    pairs = [(a, b) for a, b in rings if a is not None and b is not None]
    return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])


def ring_measures(before: Array, after: Array, buffer: slice) -> PopMeasures:
    """Return the measures with some of the rings for a buffer; the target is the first, the control the last."""
    ends = (slice(0, 1), buffer, slice(-1, None))
    parts = [np.column_stack((before[:, s].sum(axis=1), after[:, s].sum(axis=1))) for s in ends]
    return pop_measures_of_runs(*parts)


def reach(contrasts: Sequence[SeedContrast]) -> dict[str, float | None]:
    """Return how far from the targets open deals changed, and the quotient ring by ring, as fields of `MeasureRow`."""
    row: dict[str, float | None] = {"reach_m": None, **{f"wdq_to_{edge:.0f}_m": None for edge in RING_EDGES_M}}
    before, after = _rings(contrasts)
    if not len(before):
        return row
    still_going = len(before) > 1
    row["reach_m"] = 0.0 if still_going else None
    for ring, edge in enumerate(RING_EDGES_M, start=1):
        found = ring_measures(before, after, slice(ring, ring + 1))
        row[f"wdq_to_{edge:.0f}_m"] = found.wdq if found.wdq_readable else None
        change = paired_difference(before[:, ring], after[:, ring], event=1.0).verdict()
        still_going = still_going and change in (FEWER, MORE)
        if still_going:
            row["reach_m"] = edge
    return row


def measure_row(label: str, contrasts: Sequence[SeedContrast]) -> MeasureRow:
    """Return the measures of one alternative in a row: counts alone, and checks of the ledger."""
    flows = [c.flows for c in contrasts if c.flows is not None]
    truth = truth_measures(contrasts)
    unknown = "works at no places" if truth is None else truth.why
    return MeasureRow(
        alternative=label,
        n_targets=_mean([c.n_targets for c in contrasts]),
        wdq=None if truth is None else truth.wdq,
        wdq_low=None if truth is None else truth.wdq_low,
        wdq_high=None if truth is None else truth.wdq_high,
        z_success=None if truth is None else truth.z_success,
        total_net_effect=_per_run(truth, len([c for c in contrasts if c.base_rings is not None])),
        wdq_readable=truth is not None and truth.wdq_readable,
        wdq_unreadable_because=unknown,
        **reach(contrasts),
        control_verdict=control_verdict(contrasts),
        aggregate_near=_share([f.near_other - f.near_base for f in flows], [f.target_base - f.target_other for f in flows]),
        same_seller_share=_share([f.same_seller for f in flows], [f.displaced - f.merged for f in flows]),
        inflow=_mean([f.inflow for f in flows]),
        crowded_out=_mean([f.crowded_out for f in flows]),
        crowded_out_near=_mean([f.crowded_out_near for f in flows]),
        induced=_mean([f.induced for f in flows]),
        prevented_outside=_mean([f.prevented_outside for f in flows]),
        placebo_untouched=sum(c.placebo is not None and c.placebo.is_untouched for c in contrasts),
        matched_share=_share([f.matched for f in flows], [f.needs_base for f in flows]),
    )


def _per_run(truth: PopMeasures | None, n_runs: int) -> float | None:
    """Return the total net effect of one run, from that of all runs together."""
    return None if truth is None or truth.total_net_effect is None else truth.total_net_effect / n_runs


def _share(parts: Sequence[int], wholes: Sequence[int]) -> float | None:
    """Return sum / sum, or None unless the whole is positive."""
    return sum(parts) / sum(wholes) if sum(wholes) > 0 else None


def _mean(counts: Sequence[int]) -> float | None:
    return float(np.mean(counts)) if counts else None
