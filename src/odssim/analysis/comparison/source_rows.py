"""What each source that counts by place says of displacement: the truth first, then every instrument.

The base world stands for "before" and the alternative for "after", so that season and trend, which both share,
drop out and only the instrument stands between the counts and the truth.
"""

from collections.abc import Sequence
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

Row = dict[str, Any]
Counts = tuple[float, float]
RECORDED = ("recorded_sale", "recorded_possession", "recorded_use")


def source_rows(label: str, contrasts: Sequence[SeedContrast]) -> list[Row]:
    """Return one row per source that counted anything: counts per run, WDQ, WDD, RIRR, dispersion benefit.

    The WDQ is that of all runs together; WDD and RIRR are those of one run of average counts, as a city has
    only one history, with standard errors widened by how much counts vary from month to month beyond Poisson.
    ``readable_runs`` is the number of runs in which the WDQ might have been read from that run alone.
    """
    rows = []
    for source in LABELS:
        found = [c.counts[source] for c in contrasts if source in c.counts]
        if found:
            rows.append(_source_row(label, source, found, len(contrasts)))
    return rows


def _source_row(label: str, source: str, found: Sequence[AreaCounts], n_runs: int) -> Row:
    base, other = np.array([f.base for f in found]), np.array([f.other for f in found])
    sums = base.sum(axis=0), other.sum(axis=0)
    ends = (slice(0, 1), slice(1, 2), slice(2, None))
    parts = [np.column_stack((base[:, s].sum(axis=1), other[:, s].sum(axis=1))) for s in ends]
    all_runs = pop_measures_of_runs(*parts)
    alone = [pop_measures(*_thirds(f.base, f.other)) for f in found]
    row: Row = {"alternative": label, "source": source, "n_runs": n_runs}
    for k, area in enumerate(AREAS):
        row |= {f"{area}_base": float(sums[0][k] / n_runs), f"{area}_other": float(sums[1][k] / n_runs)}
    row |= {
        "wdq": all_runs.wdq if all_runs.wdq_readable else None, "wdq_low": all_runs.wdq_low,
        "wdq_high": all_runs.wdq_high, "wdq_readable": all_runs.wdq_readable,
        "wdq_unreadable_because": all_runs.why, "readable_runs": sum(one.wdq_readable for one in alone),
    }  # fmt: skip
    if not all_runs.wdq_readable:
        row["wdq_low"] = row["wdq_high"] = None
    return {**row, **_wdd_part(found), **_rirr_part(found), **_spread_part(found, sums)}


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


def _wdd_part(found: Sequence[AreaCounts]) -> Row:
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


def _rirr_part(found: Sequence[AreaCounts]) -> Row:
    """Return the rate ratio of targets over all that is further away than the buffer, of average counts."""
    target, _, control = _thirds(*_mean_counts(found))
    spread = monthly_index(found, slice(0, 1))
    ratio = rirr(target, control, dispersion=spread)
    values = (None, None, None) if ratio is None else (ratio.ratio, ratio.low, ratio.high)
    return {"dispersion_index": spread, **dict(zip(("rirr", "rirr_low", "rirr_high"), values, strict=True))}


def _mean_counts(found: Sequence[AreaCounts]) -> tuple[Array, Array]:
    """Return the mean counts of a run per area in base and other world, float64[5] each."""
    return np.mean([f.base for f in found], axis=0), np.mean([f.other for f in found], axis=0)


def _spread_part(found: Sequence[AreaCounts], sums: tuple[Array, Array]) -> Row:
    """Return, per gamma, the change of the nuisance index and the part of it that spreading alone makes."""
    row: Row = {}
    n_base, n_other = float(sums[0].sum()), float(sums[1].sum())
    for g, gamma in enumerate(GAMMAS):
        h_base, h_other = sum(f.h_base[g] for f in found), sum(f.h_other[g] for f in found)
        name = f"{10 * gamma:.0f}"
        row[f"h{name}_change"] = h_other / h_base - 1 if h_base > 0 else None
        row[f"h{name}_benefit"] = dispersion_benefit(h_base, h_other, n_base, n_other, gamma)
    return row


def shift_row(label: str, contrasts: Sequence[SeedContrast]) -> Row:
    """Return the shifts in time (deals at the targets, all runs together) and in method (whole city).

    ``hours_moved`` is the least mean way around the week's clock, ``moved_share`` the least share that moved,
    each with that of the placebo, which is chance; ``open_share`` is that of all purchases.
    """
    profiles = [c.profiles for c in contrasts if c.profiles]
    base, other = (np.sum([p[k] for p in profiles], axis=0) if profiles else np.zeros(1) for k in (0, 1))
    still_pairs = [p for p in profiles if len(p) > 2]
    still, drift = (np.sum([p[k] for p in still_pairs], axis=0) if still_pairs else np.zeros(1) for k in (0, 2))
    row: Row = {
        "alternative": label,
        "hours_moved": hours_moved(base, other),
        "hours_moved_placebo": hours_moved(still, drift),
        "moved_share": share_moved(base, other),
        "moved_share_placebo": share_moved(still, drift),
    }
    for world, means in (("base", [c.base for c in contrasts]), ("other", [c.other for c in contrasts])):
        open_deals, deals = (sum(m[name] for m in means) for name in ("open_deals", "all_deals"))
        row[f"open_share_{world}"] = open_deals / deals if deals > 0 else None
    return row


def recorded_away(contrasts: Sequence[SeedContrast], days: int) -> Row:
    """Return the share of recorded offences recorded away from scenes, in both worlds; None without any."""
    row: Row = {}
    for world in ("base", "other"):
        placed = [c for c in contrasts if "recorded_offences" in c.counts]
        at_scenes = sum(float(getattr(c.counts["recorded_offences"], world).sum()) for c in placed)
        recorded = sum(days * sum(getattr(c, world)[name] for name in RECORDED) for c in placed)
        row[f"recorded_away_{world}"] = 1.0 - at_scenes / recorded if recorded > 0 else None
    return row
