"""What each source that counts by place says of displacement: the truth first, then every instrument.

The base world stands for "before" and the alternative for "after", so that season and trend, which both share,
drop out and only the instrument stands between the counts and the truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from odssim.analysis.comparison.contrast import SeedContrast
from odssim.analysis.displacement.concentration import GAMMAS, dispersion_benefit
from odssim.analysis.displacement.quotient import pop_measures, pop_measures_of_runs
from odssim.analysis.displacement.rings import AREAS
from odssim.analysis.displacement.rirr import rirr
from odssim.analysis.displacement.seen import LABELS, AreaCounts
from odssim.analysis.displacement.shifts import hours_moved, share_moved
from odssim.analysis.displacement.wdd import wdd
from odssim.analysis.statistics.overdispersion import dispersion_index
from odssim.core.types import Array

Part = dict[str, Any]
"""Some fields of a row."""
Counts = tuple[float, float]
RECORDED = ("recorded_sale", "recorded_possession", "recorded_use")


@dataclass(frozen=True)
class SourceRow:
    """What one source says of a mix's displacement: counts of a run in the base's world and in the mix's, and measures."""

    alternative: str
    source: str
    """One of `seen.LABELS`."""
    n_runs: int
    target_base: float
    target_other: float
    buffer_base: float
    buffer_other: float
    control_base: float
    control_other: float
    buffer_control_base: float
    buffer_control_other: float
    rest_base: float
    rest_other: float
    """Counts per run in each of `rings.AREAS`."""
    wdq: float | None
    wdq_low: float | None
    wdq_high: float | None
    """Weighted displacement quotient of all runs together, with its Fieller interval; None where it is not readable."""
    wdq_readable: bool
    wdq_unreadable_because: str
    """Whether it may be interpreted, and if not, why."""
    readable_runs: int
    """Runs in which it might have been read from that run alone."""
    wdd: float | None
    wdd_se_poisson: float | None
    wdd_se: float | None
    wdd_low: float | None
    wdd_high: float | None
    """Weighted displacement difference of one run against the controls, its standard error for Poisson counts, and that
    with months that vary more, with its 95 % interval; None without controls."""
    dispersion_index: float
    """Variance over mean of the monthly counts at the targets."""
    rirr: float | None
    rirr_low: float | None
    rirr_high: float | None
    """Ratio of the targets' rate ratio to that of all further away than the buffer, with its 95 % interval."""
    h15_change: float | None
    h15_benefit: float | None
    h20_change: float | None
    h20_benefit: float | None
    """Change of the nuisance index (`concentration`) of power 1.5 and 2, and the share that spreading alone takes off it."""


@dataclass(frozen=True)
class ShiftRow:
    """How dealing moved in time (at the targets, all runs together) and in method (whole city)."""

    alternative: str
    hours_moved: float | None
    hours_moved_placebo: float | None
    """Least mean way around the week's clock, hours; the same after the placebo, which is chance."""
    moved_share: float | None
    moved_share_placebo: float | None
    """Least share of the deals that moved; the same after the placebo."""
    open_share_base: float | None
    open_share_other: float | None
    """Share of all purchases that are made in the open, in both worlds."""
    recorded_away_base: float | None
    recorded_away_other: float | None
    """Share of recorded offences that are recorded away from scenes, in both worlds; None without any."""


def source_rows(label: str, contrasts: Sequence[SeedContrast]) -> list[SourceRow]:
    """Return one row per source that counted anything: counts per run, WDQ, WDD, RIRR, dispersion benefit.

    The WDQ is that of all runs together; WDD and RIRR are those of one run of average counts, as a city has
    only one history, with standard errors widened by how much counts vary from month to month beyond Poisson.
    """
    rows = []
    for source in LABELS:
        found = [c.counts[source] for c in contrasts if source in c.counts]
        if found:
            rows.append(_source_row(label, source, found, len(contrasts)))
    return rows


def _source_row(label: str, source: str, found: Sequence[AreaCounts], n_runs: int) -> SourceRow:
    base, other = np.array([f.base for f in found]), np.array([f.other for f in found])
    sums = base.sum(axis=0), other.sum(axis=0)
    ends = (slice(0, 1), slice(1, 2), slice(2, None))
    parts = [np.column_stack((base[:, s].sum(axis=1), other[:, s].sum(axis=1))) for s in ends]
    all_runs = pop_measures_of_runs(*parts)
    alone = [pop_measures(*_thirds(f.base, f.other)) for f in found]
    worlds = zip(("base", "other"), sums, strict=True)
    counts: Part = {
        f"{area}_{world}": float(sum_ / n_runs) for world, of in worlds for area, sum_ in zip(AREAS, of, strict=True)
    }
    known = all_runs.wdq_readable
    return SourceRow(
        alternative=label, source=source, n_runs=n_runs, wdq=all_runs.wdq if known else None,
        wdq_low=all_runs.wdq_low if known else None, wdq_high=all_runs.wdq_high if known else None, wdq_readable=known,
        wdq_unreadable_because=all_runs.why, readable_runs=sum(one.wdq_readable for one in alone), **counts,
        **_wdd_part(found), **_rirr_part(found), **_spread_part(found, sums),
    )  # fmt: skip


def _thirds(before: Array, after: Array) -> tuple[Counts, Counts, Counts]:
    """Return (before, after) at the targets, in the buffer and in all that is further away."""
    return _pair(before[0], after[0]), _pair(before[1], after[1]), _pair(before[2:].sum(), after[2:].sum())


def _pair(before: float, after: float) -> Counts:
    return float(before), float(after)


def monthly_index(found: Sequence[AreaCounts], areas: slice) -> float:
    """Return variance over mean of the monthly counts in some areas together, each run about its own mean."""
    periods = [table[:, areas].sum(axis=1) for f in found for table in (f.base_periods, f.other_periods)]
    n = min(len(counts) for counts in periods)
    return dispersion_index(np.column_stack([counts[:n] for counts in periods]))


def _wdd_part(found: Sequence[AreaCounts]) -> Part:
    """Return the WDD of a run of average counts; None without matched controls."""
    names = ("wdd", "wdd_se_poisson", "wdd_se", "wdd_low", "wdd_high")
    base, other = _mean_counts(found)
    if base[2] + other[2] == 0:
        return dict.fromkeys(names)
    order = (0, 2, 1, 3)
    areas = [_pair(base[k], other[k]) for k in order]
    spread = [monthly_index(found, slice(k, k + 1)) for k in order]
    plain, wide = wdd(*areas), wdd(*areas, dispersion=spread)
    return dict(zip(names, (plain.total, plain.se, wide.se, wide.low, wide.high), strict=True))


def _rirr_part(found: Sequence[AreaCounts]) -> Part:
    """Return the rate ratio of targets over all that is further away than the buffer, of average counts."""
    target, _, control = _thirds(*_mean_counts(found))
    spread = monthly_index(found, slice(0, 1))
    ratio = rirr(target, control, dispersion=spread)
    values = (None, None, None) if ratio is None else (ratio.ratio, ratio.low, ratio.high)
    return {"dispersion_index": spread, **dict(zip(("rirr", "rirr_low", "rirr_high"), values, strict=True))}


def _mean_counts(found: Sequence[AreaCounts]) -> tuple[Array, Array]:
    """Return the mean counts of a run per area in base and other world, float64[5] each."""
    return np.mean([f.base for f in found], axis=0), np.mean([f.other for f in found], axis=0)


def _spread_part(found: Sequence[AreaCounts], sums: tuple[Array, Array]) -> Part:
    """Return, per gamma, the change of the nuisance index and the part of it that spreading alone makes."""
    row: Part = {}
    n_base, n_other = float(sums[0].sum()), float(sums[1].sum())
    for g, gamma in enumerate(GAMMAS):
        h_base, h_other = sum(f.h_base[g] for f in found), sum(f.h_other[g] for f in found)
        name = f"{10 * gamma:.0f}"
        row[f"h{name}_change"] = h_other / h_base - 1 if h_base > 0 else None
        row[f"h{name}_benefit"] = dispersion_benefit(h_base, h_other, n_base, n_other, gamma)
    return row


def shift_row(label: str, contrasts: Sequence[SeedContrast], days: int) -> ShiftRow:
    """Return the shifts in time and in method over so many days."""
    profiles = [c.profiles for c in contrasts if c.profiles]
    base, other = (np.sum([p[k] for p in profiles], axis=0) if profiles else np.zeros(1) for k in (0, 1))
    still_pairs = [p for p in profiles if len(p) > 2]
    still, drift = (np.sum([p[k] for p in still_pairs], axis=0) if still_pairs else np.zeros(1) for k in (0, 2))
    worlds = [c.base for c in contrasts], [c.other for c in contrasts]
    in_open, deals = ([sum(means[name] for means in world) for world in worlds] for name in ("open_deals", "all_deals"))
    shares = [n / whole if whole > 0 else None for n, whole in zip(in_open, deals, strict=True)]
    return ShiftRow(
        label, hours_moved(base, other), hours_moved(still, drift), share_moved(base, other), share_moved(still, drift),
        shares[0], shares[1], *recorded_away(contrasts, days),
    )  # fmt: skip


def recorded_away(contrasts: Sequence[SeedContrast], days: int) -> tuple[float | None, float | None]:
    """Return the share of recorded offences recorded away from scenes, in base and other world; None without any."""
    placed = [c for c in contrasts if "recorded_offences" in c.counts]

    def share(world: str) -> float | None:
        at_scenes = sum(float(getattr(c.counts["recorded_offences"], world).sum()) for c in placed)
        recorded = sum(days * sum(getattr(c, world)[name] for name in RECORDED) for c in placed)
        return 1.0 - at_scenes / recorded if recorded > 0 else None

    return share("base"), share("other")
