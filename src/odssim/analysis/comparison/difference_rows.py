"""What changed and what became of the deals at the places worked at: a row each, None where a number is not known."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from odssim.analysis.comparison.contrast import SeedContrast, Window
from odssim.analysis.decision.objective import event_of, is_planned, unit_of
from odssim.analysis.displacement.flows import LedgerFlows
from odssim.analysis.displacement.rings import RINGS
from odssim.analysis.statistics.intervals import NOTHING, Estimate, paired_difference, ratio_estimate, share_estimate, within

WHOLE_CITY, TREATED_PLACES, OTHER_PLACES = "city", RINGS[0], "other places"
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
    ("induced", lambda f: f.induced),
    ("prevented_outside", lambda f: f.prevented_outside),
)
"""What is reported of the open deals at the targets; `inflow` came there from elsewhere, `crowded_out` are deals
made elsewhere that moved to yet another place, `induced` those of needs that go unmet in the base,
`prevented_outside` those elsewhere or by phone in the base that do not take place."""
CAME = ("inflow", "crowded_out", "induced", "prevented_outside")
"""Fates of deals that the base has not at the places: per 100 there may be more than 100."""
ONLY_COUNTED = ("removed", "stayed", *CAME)
"""Fates that are not parts of what was removed."""


@dataclass(frozen=True)
class DifferenceRow:
    """How one outcome differs between a mix and the base, over pairs of runs."""

    alternative: str
    outcome: str
    where: str
    """The mix, the outcome's id, and an area around the targets or WHOLE_CITY."""
    unit: str
    """Of the two means, of their difference and of its limits."""
    first_day: date
    last_day: date
    """The days that are compared."""
    base: float | None
    other: float | None
    """Means per day in the base's world and in the mix's."""
    difference: float | None
    low: float | None
    high: float | None
    """Mean of other - base with its 95 % interval."""
    percent: float | None
    percent_low: float | None
    percent_high: float | None
    """The same in per cent of the base."""
    verdict: str
    """What the interval says, in the words of `intervals`."""
    of_interest: bool
    """Whether the difference may be as large as the smallest that is of interest."""
    variance_ratio: float | None
    """How many unpaired runs one pair is worth."""
    n_seeds: int
    """Pairs in which both worlds had a value."""


@dataclass(frozen=True)
class FateRow:
    """What became of the base's open deals at the places that a mix works at, or what came there: one of `FATES`."""

    alternative: str
    fate: str
    per_100: float | None
    placebo_per_100: float | None
    """Per 100 of the base's open deals at the targets, with the mix and after one unrelated visit: the noise floor."""
    net_per_100: float | None
    net_low: float | None
    net_high: float | None
    """The difference of the two with its 95 % interval."""
    share_of_removed: float | None
    share_low: float | None
    share_high: float | None
    """The net part of the net removal (0 to 1), only where that is clearly above zero."""
    n_seeds: int


def difference_rows(
    label: str, contrasts: Sequence[SeedContrast], window: Window, smallest: float = 0.0, *, anytime: bool = False
) -> list[DifferenceRow]:
    """Return one row per area around the targets, then one per outcome of the city.

    `smallest`: smallest difference of interest, as a share of the base's mean.
    `anytime`: whether the number of runs was not fixed beforehand: intervals of a confidence sequence.
    """
    rows = []

    def add(outcome: str, where: str, base: ArrayLike, other: ArrayLike) -> None:
        rows.append(difference_row(label, outcome, where, base, other, window, smallest, anytime=anytime))

    placed = [c for c in contrasts if c.base_rings is not None and c.other_rings is not None]
    if placed:
        base = np.array([c.base_rings for c in placed]) / window.days
        other = np.array([c.other_rings for c in placed]) / window.days
        for r, where in enumerate(RINGS):
            add("open_deals", where, base[:, r], other[:, r])
        add("open_deals", OTHER_PLACES, base[:, 1:].sum(axis=1), other[:, 1:].sum(axis=1))
    for outcome in contrasts[0].base:
        add(outcome, WHOLE_CITY, *([world[outcome] for world in worlds] for worlds in _worlds(contrasts)))
    return rows


def _worlds(contrasts: Sequence[SeedContrast]) -> tuple[list[Mapping[str, float]], list[Mapping[str, float]]]:
    return [c.base for c in contrasts], [c.other for c in contrasts]


def difference_row(
    label: str, outcome: str, where: str, base: ArrayLike, other: ArrayLike, window: Window, smallest: float, *,
    anytime: bool = False,
) -> DifferenceRow:  # fmt: skip
    """Return one row of a table of differences, from means per day of pairs; the rest as in `difference_rows`."""
    event, planned = event_of(outcome, window.days), is_planned(outcome)
    pairs = paired_difference(base, other, event=event, planned=planned, anytime=anytime)
    change = pairs.difference
    return DifferenceRow(
        alternative=label, outcome=outcome, where=where, unit=unit_of(outcome), first_day=window.first_date,
        last_day=window.last_date, base=pairs.base, other=pairs.other, difference=change.value, low=change.low,
        high=change.high, percent=pairs.percent.value, percent_low=pairs.percent.low, percent_high=pairs.percent.high,
        verdict=pairs.verdict(smallest), of_interest=not within(change, smallest * abs(pairs.base or 0.0)),
        variance_ratio=pairs.variance_ratio, n_seeds=change.n,
    )  # fmt: skip


def fate_rows(label: str, contrasts: Sequence[SeedContrast]) -> list[FateRow]:
    """Return one row per fate of the base's open deals at the targets; none if there were no such deals.

    Without a placebo nothing is net.
    """
    flows = [c.flows for c in contrasts if c.flows is not None]
    deals = np.array([f.target_base for f in flows], dtype=np.float64)
    if deals.sum() == 0:
        return []
    paired = [(c.flows, c.placebo) for c in contrasts if c.flows is not None and c.placebo is not None]
    paired_deals = [float(f.target_base) for f, _ in paired]
    net_removed = [float(f.removed - p.removed) for f, p in paired]
    splits = exceeds_noise(share_estimate(net_removed, paired_deals, least=-1.0))
    rows = []
    for fate, count in FATES:
        net = [float(count(f) - count(p)) for f, p in paired]
        share = share_estimate(net, net_removed) if splits and fate not in ONLY_COUNTED else NOTHING
        all_of = _ratio([count(f) for f in flows], deals)
        floor = _ratio([count(p) for _, p in paired], paired_deals)
        beyond = ratio_estimate(net, paired_deals) if fate in CAME else share_estimate(net, paired_deals, least=-1.0)
        rows.append(FateRow(
            label, fate, _percent(all_of), _percent(floor), _percent(beyond.value), _percent(beyond.low),
            _percent(beyond.high), share.value, share.low, share.high, len(flows),
        ))  # fmt: skip
    return rows


def exceeds_noise(net_removed: Estimate) -> bool:
    """Return whether more was removed than a placebo removes: the interval's, or one run's, lower end."""
    low = net_removed.value if net_removed.n == 1 else net_removed.low
    return low is not None and low > 0


def _ratio(parts: Sequence[float], wholes: Iterable[float]) -> float | None:
    whole = sum(wholes)
    return float(sum(parts) / whole) if whole > 0 else None


def _percent(number: float | None) -> float | None:
    return None if number is None else 100.0 * number
