"""From two engine runs to a pair of worlds: deals and registers by listed place, its surroundings and the rest.

And the numbers of a market city as one engine world has them, so that a cheap city can stand for the engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from odssim.analysis.displacement.flows import LedgerFlows
from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.worlds.assignment import Assignment
from odssim.evaluation.worlds.truth import Deals, Pair, truths
from odssim.observe.outcomes import PLACE_COLUMNS
from odssim.observe.result import RunResult

READINGS = 20
"""Evaluators who read each world: measurement draws per engine run."""
NEAR_M = 250.0
"""Surroundings where a design counts none: what is displaced so far is still told apart from the rest."""
WHOLE_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
RECORDED = ("recorded_sale", "recorded_possession", "recorded_use")
FIT = "fit."
"""What a column with such a number begins with."""
KEYS = (
    "market.deals", "market.city_sd", "market.near_ratio", "market.far_ratio", "market.hidden_ratio", "market.effect",
    "market.near", "market.far", "market.tactical", "data.counts.mean", "data.counts.dispersion",
    "data.counts.place_drift_sd", "data.counts.spread_of_places", "data.counts.detection_ratio",
)  # fmt: skip
"""Keys of a design file that an engine world gives a value to."""


@dataclass(frozen=True)
class Twins:
    """Two runs of one seed, the assignment that parts them, the listed places and what became of the targets' deals."""

    base: RunResult
    other: RunResult
    assignment: Assignment
    listed: Array
    flows: LedgerFlows


def near_m(design: Design) -> float:
    """Return how far surroundings reach, m."""
    edges = design.keys.data.places.buffer_m
    return edges[-1] if edges else NEAR_M


def pair_of(design: Design, twins: Twins, *, other: bool) -> Pair:
    """Return twins as a pair of worlds read by `READINGS` evaluators; without `other`, the base set beside itself."""
    dose = twins.assignment.by_place()
    per_period = WHOLE_DAYS[design.keys.data.timing.period]
    nearest = _nearest(twins, near_m(design))

    def deals(result: RunResult) -> tuple[Deals, dict[str, Array]]:
        kept = len(result.past)
        total = _by_period(result.open_deals_by_day[kept:], per_period)
        listed = total[:, twins.listed].T
        near = _sum_near(total, nearest, len(twins.listed))
        far = total.sum(axis=1) - listed.sum(axis=0) - near.sum(axis=0)
        hidden = _by_period(result.city_series["hidden_deals"][:, None], per_period)[:, 0]
        given = {}
        for indicator, names in (("recorded_offences", RECORDED), ("tips", ("tips",))):
            counted = _by_period(_place_days(result, names), per_period)
            given[indicator] = np.concatenate([counted[:, twins.listed].T, _sum_near(counted, nearest, len(twins.listed))])
        return Deals(*(_tile(a) for a in (listed, near, far, hidden))), given

    base, given_base = deals(twins.base)
    after, given_after = deals(twins.other) if other else (base, given_base)
    treated = dose.any(axis=2)
    given = {name: np.stack([_tile(given_base[name]), _tile(given_after[name])]) for name in given_base}
    moved = _moved(design, twins.flows, base.far.shape) if other else {}
    switched = np.zeros_like(base.listed)
    if other and twins.flows.tactical:
        share = base.listed * (dose > 0)
        switched = share / share.sum(axis=(1, 2), keepdims=True) * twins.flows.tactical
    return Pair(base, after, treated, dose, switched, moved, given)


def _moved(design: Design, flows: LedgerFlows, shape: tuple[int, ...]) -> dict[str, Array]:
    """Return the fates of the removed, spread evenly over the periods after the washout."""
    timing = design.keys.data.timing
    inside = np.arange(shape[1]) >= timing.pre + timing.washout
    others = flows.removed - flows.near - flows.far - flows.tactical - flows.temporal - flows.merged - flows.prevented
    counts = {"near": flows.near, "far": flows.far, "tactical": flows.tactical,
              "temporal": flows.temporal + flows.merged, "prevented": flows.prevented, "other": others}  # fmt: skip
    return {name: np.broadcast_to(inside * (n / inside.sum()), shape) for name, n in counts.items()}


def _tile(values: Array) -> Array:
    return np.repeat(values[None], READINGS, axis=0)


def _by_period(by_day: Array, per_period: int) -> Array:
    """Return sums over periods, float64[T, ...], from float[days, ...]."""
    n = len(by_day) // per_period
    return np.asarray(by_day[: n * per_period].reshape(n, per_period, -1).sum(axis=1), dtype=np.float64)


def _place_days(result: RunResult, names: Sequence[str]) -> Array:
    columns = [column for name in names for column in PLACE_COLUMNS[name]]
    found = np.zeros((len(result.days_kept), len(result.city.place_cell)))
    for d, record in enumerate(result.days_kept):
        mine = np.isin(record.tally, columns)
        np.add.at(found[d], record.place[mine], record.value[mine])
    return found


def _nearest(twins: Twins, reach_m: float) -> Array:
    """Return the listed place whose surroundings each place belongs to, its own row excepted, int64[P]; -1: none."""
    xy = np.column_stack(twins.base.city.place_xy_m())
    gap = np.hypot(*(xy[:, None] - xy[twins.listed][None]).transpose(2, 0, 1))
    nearest = np.where(gap.min(axis=1) <= reach_m, gap.argmin(axis=1), -1)
    nearest[twins.listed] = -1
    return np.asarray(nearest)


def _sum_near(by_period: Array, nearest: Array, n_listed: int) -> Array:
    """Return sums over each listed place's surroundings, float64[J, T]."""
    return maths.sums(by_period, nearest[:, None] == np.arange(n_listed)).T


def fit_market(pair: Pair, start: int, after: Array) -> dict[str, float]:
    """Return the values of `KEYS` in one pair of worlds; NaN where it has nothing to tell.

    Levels, ratios and the movement of the city come from before the start, the drift of places from both parts
    of the base, effect and displaced shares from how many deals there are in both worlds (net of what chance moves
    both ways, so that the market city has the engine's effects on target, surroundings and city), the detection
    ratio from recorded offences per open deal at the treated places in both worlds.
    """
    true = {name: float(values[0]) for name, values in truths(pair, after).items()}
    fall = -true["TE_target"]
    gains = (true["IE_buffer"], true["OE_open"] + fall - true["IE_buffer"], true["OE_all"] - true["OE_open"])
    base, other, treated = pair.base, pair.other, pair.treated[0]
    listed, near, far, hidden = base.listed[0], base.near[0], base.far[0], base.hidden[0]
    levels = listed[:, :start].mean(axis=1)
    counts = pair.given["recorded_offences"][:, 0, : len(levels)]
    recorded = counts[0][:, :start]
    with np.errstate(divide="ignore", invalid="ignore"):
        opened = listed.sum(axis=0) + near.sum(axis=0) + far
        drift = maths.log(listed[:, after].mean(axis=1) / levels)
        per_deal = counts[:, treated][:, :, after].sum(axis=(1, 2)) / np.array(
            [base.listed[0][treated][:, after].sum(), other.listed[0][treated][:, after].sum()]
        )
        shares = np.array(gains) / fall
        values = (
            levels.mean(), maths.log(opened[:start]).std(ddof=1) if start > 1 else np.nan,
            near[:, :start].sum() / listed[:, :start].sum(), far[:start].sum() / listed[:, :start].sum(),
            hidden[:start].sum() / opened[:start].sum(), fall / true["treated_base"], *shares,
            recorded.mean(), dispersion(recorded), np.std(drift[np.isfinite(drift)], ddof=1),
            levels.std(ddof=1) / levels.mean(), per_deal[1] / per_deal[0],
        )  # fmt: skip
    return {FIT + key: float(value) for key, value in zip(KEYS, values, strict=True)}


def dispersion(counts: Array) -> float:
    """Return the negative binomial alpha of counts around their places' means, by moments, at least 0."""
    n_periods = counts.shape[1]
    if n_periods < 2:
        return float("nan")
    mean = counts.mean(axis=1)
    extra = (counts.var(axis=1, ddof=1) - mean).sum()
    # the square of a mean of n counts is too large by its own variance
    squares = (mean**2 - counts.var(axis=1, ddof=1) / n_periods).sum()
    return float(max(0.0, extra / squares)) if squares > 0 else float("nan")


def fitted(columns: Mapping[str, Array]) -> list[dict[str, Any]]:
    """Return each key's mean over worlds and how worlds differ, from the scores of engine worlds; else nothing."""
    rows = []
    for key in KEYS:
        if FIT + key not in columns:
            continue
        _, first = np.unique(columns["world"], return_index=True)
        values = columns[FIT + key][first]
        values = values[np.isfinite(values)]
        rows.append({"key": key, "value": _mean(values), "sd": _sd(values), "n_worlds": len(values)})
    return rows


def _mean(values: Array) -> float | None:
    return float(values.mean()) if len(values) else None


def _sd(values: Array) -> float | None:
    return float(values.std(ddof=1)) if len(values) > 1 else None
