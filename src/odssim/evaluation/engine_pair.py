"""From two engine runs to a pair of worlds: deals and registers by listed place, its surroundings and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from odssim.analysis.flows import LedgerFlows
from odssim.core import maths
from odssim.evaluation.design import Design
from odssim.evaluation.panel import Array
from odssim.evaluation.truth import Deals, Pair
from odssim.observe.outcomes import PLACE_COLUMNS
from odssim.observe.result import RunResult

if TYPE_CHECKING:
    from odssim.evaluation.engine_worlds import Twins

READINGS = 20
"""Evaluators who read each world: measurement draws per engine run."""
NEAR_M = 250.0
"""Surroundings where a design counts none: what is displaced so far is still told apart from the rest."""
WHOLE_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
RECORDED = ("recorded_sale", "recorded_possession", "recorded_use")


def near_m(design: Design) -> float:
    """Return how far surroundings reach, m."""
    edges = design.keys.data.places.buffer_m
    return edges[-1] if edges else NEAR_M


def pair_of(design: Design, twins: Twins, *, other: bool) -> Pair:
    """Return twins as a pair of worlds read by `READINGS` evaluators; without `other`, the base set beside itself."""
    dose = twins.lot.by_place()
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
            given[indicator] = np.concatenate(
                [counted[:, twins.listed].T, _sum_near(counted, nearest, len(twins.listed))]
            )
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
