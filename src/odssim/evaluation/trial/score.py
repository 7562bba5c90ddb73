"""One pass over a batch of worlds: assignment, what is true, what is read, what every estimator answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.design.analysis_plan import plan_of
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.estimators.estimates import EVENTS, Estimates
from odssim.evaluation.estimators.panel import BUFFER, TREATED, Panel, Plan
from odssim.evaluation.estimators.registry import Answer, answer
from odssim.evaluation.estimators.withheld import VERDICTS
from odssim.evaluation.worlds.assignment import Assignment, draw_assignment, n_candidates
from odssim.evaluation.worlds.cities import BATCH, Market, ac1, base_deals, intensity, stream, with_intervention
from odssim.evaluation.worlds.conditions import EXPECTED, NULL, PURE, Condition, conditions_of
from odssim.evaluation.worlds.instruments import INSTRUMENTS, negative_binomial
from odssim.evaluation.worlds.observed import metres, read, scenes_of
from odssim.evaluation.worlds.truth import Deals, Pair, truths

CITY_SIDE_M = 8000.0
"""Listed places lie anywhere in a square of this side; an assumption."""
Columns = dict[str, Any]


def market_of(design: Design) -> Market:
    """Return the market city of a design's [market] and [data.counts]."""
    keys, counts = design.keys.market, design.keys.data.counts
    kind = design.kind
    if kind == "ac1":
        return ac1(keys.deals, counts.spread_of_places, counts.place_drift_sd)
    calm = kind == "analytic"
    near_ratio = keys.near_ratio if counts.buffer_mean is None else counts.buffer_mean / counts.mean
    return Market(
        keys.deals, counts.spread_of_places, 0.0 if calm else counts.place_drift_sd, 0.0 if calm else keys.city_sd,
        near_ratio, keys.far_ratio, keys.hidden_ratio, tuple(keys.levels), tuple(keys.near_levels),
        choice=kind == "mnl", unmet_ratio=keys.unmet_ratio,
    )  # fmt: skip


@dataclass(frozen=True)
class Setup:
    """A design made ready to be tried: its plan of analysis and its conditions."""

    design: Design
    plan: Plan
    conditions: tuple[Condition, ...]
    indicators: tuple[str, ...]
    estimators: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The condition whose power is looked at: pure reduction, or what the engine's interventions do."""
        return PURE if any(c.id == PURE for c in self.conditions) else EXPECTED

    @property
    def after(self) -> Array:
        """Periods over which truth is taken, bool[T]."""
        timing = self.design.keys.data.timing
        return np.arange(self.design.n_periods) >= timing.pre + timing.washout


def setup_of(design: Design, *, everything: bool = False) -> Setup:
    """Return a design ready to be tried; with `everything`, on every indicator, the truth among them."""
    indicators = tuple(INSTRUMENTS) if everything else tuple(design.keys.data.indicators)
    if design.kind == "engine":
        # the engine alone says what the interventions do: no grid of effects
        conditions: tuple[Condition, ...] = (Condition(NULL), Condition(EXPECTED, effect=design.keys.market.effect))
    else:
        conditions = conditions_of(design)
    return Setup(design, plan_of(design), conditions, indicators, design.estimators)


def score_batch(setup: Setup, batch: int) -> list[Columns]:
    """Return the scores of one batch of a city with known truth, one table of columns per condition and indicator."""
    design = setup.design
    market, base = market_of(design), base_of(design, batch)
    position = positions(design)
    found: list[Columns] = []
    assignments: dict[bool, Assignment] = {}
    for condition in setup.conditions:
        if condition.hot not in assignments:
            assignments[condition.hot] = assignment_of(setup, base, market, condition, batch)
        assignment = assignments[condition.hot]
        pair = pair_of(design, base, assignment, condition, batch)
        found += score_pair(setup, pair, assignment, condition, market.mean, position, batch)
    return found


def base_of(design: Design, batch: int) -> Deals:
    """Return the deals of a batch's worlds without the intervention."""
    market, start = market_of(design), design.keys.data.timing.pre
    base = base_deals(market, design.seed, batch, n_candidates(design), design.n_periods, start)
    return Deals(*(np.broadcast_to(a, (BATCH, *a.shape[1:])) for a in (base.listed, base.near, base.far, base.hidden)))


def pair_of(design: Design, base: Deals, assignment: Assignment, condition: Condition, batch: int) -> Pair:
    """Return a batch's worlds without and with the intervention, delivered as the condition says."""
    dose = assignment.by_place()
    felt = intensity(dose, condition, stream(design.seed, "delivery", batch))
    return with_intervention(market_of(design), base, dose, condition, felt)


def positions(design: Design) -> Array:
    """Return where the listed places of a city with known truth lie, m, float64[K, 2]."""
    return stream(design.seed, "position").uniform(0, CITY_SIDE_M, size=(n_candidates(design), 2))


def assignment_of(setup: Setup, base: Deals, market: Market, condition: Condition, batch: int, *again: int) -> Assignment:
    """Return the assignments of a batch; places are ranked by the counts that will be read before the start.

    Numbers in `again` name other assignments for the same worlds.
    """
    design = setup.design
    nothing = np.zeros_like(base.listed)
    bare = Pair(base, base, nothing.any(axis=2), nothing, nothing)
    _, without = scenes_of(bare, condition, design, market.mean)
    recorded = INSTRUMENTS["recorded_offences"].mean(without)
    counts = negative_binomial(recorded, without, stream(design.seed, "read recorded_offences", batch))
    before = counts[:, : base.listed.shape[1], : design.keys.data.timing.pre].sum(axis=2)
    rng = stream(design.keys.data.assignment.seed, "lot", design.seed, batch, *again)
    return draw_assignment(design, before, condition.hot, rng)


def score_pair(
    setup: Setup, pair: Pair, drawn: Assignment, condition: Condition, mean: float, position: Array | None, batch: int
) -> list[Columns]:
    """Return the scores of pairs of worlds that are there, one table per indicator and estimator."""
    design, seed = setup.design, setup.design.seed
    distance = None if position is None else metres(position, drawn, design)
    truth = truths(pair, setup.after)
    n = len(pair.treated)
    tables = []
    for indicator in setup.indicators:
        rng = stream(seed, f"read {indicator}", batch)
        reading = read(INSTRUMENTS[indicator], pair, drawn, condition, design, mean, distance, rng)
        for name in setup.estimators:
            columns = score(answer(name, reading.panel, setup.plan), reading.panel)
            columns |= {"own_truth": reading.own_truth, **truth}
            columns |= {"condition": condition.id, "indicator": indicator, "estimator": name}
            columns |= {"world": batch * BATCH + np.arange(n)}
            tables.append(columns)
    return tables


def score(found: Answer, panel: Panel) -> Columns:
    """Return what is kept of an answer, arrays over replicates.

    Effects at the target are log ratios; `overall` is the estimated change of target and surroundings together,
    `buffer` that of the surroundings, both as shares of the target's events without the intervention. Where an
    estimator says nothing of surroundings, its target stands for the whole.
    """
    target = found.target
    estimate, low, high = (as_log_ratio(v, target, panel) for v in (target.estimate, target.low, target.high))
    _, after = panel.area_sums(TREATED)
    change = target.events(panel)
    whole = found.overall or target
    with np.errstate(divide="ignore", invalid="ignore"):
        without = after - change
        overall = whole.events(_on(panel, found.overall)) / without
    code = {verdict: i for i, verdict in enumerate(VERDICTS)}
    columns: Columns = {
        "estimate": estimate, "low": low, "high": high, "p": target.p, "ok": target.answered,
        "falls": target.established(-1), "rises": target.established(1), "overall": overall,
        "city_falls": found.overall.established(-1) if found.overall else np.zeros(len(estimate), dtype=bool),
        "city_asked": np.full(len(estimate), found.overall is not None),
        "buffer_rises": found.buffer.established(1) if found.buffer else np.zeros(len(estimate), dtype=bool),
        "verdict": np.array([code[v] for v in found.verdict], dtype=np.int8),
    }  # fmt: skip
    columns["overall_low"], columns["overall_high"] = _overall_interval(found, panel, without)
    return columns


def _on(panel: Panel, overall: Estimates | None) -> Panel:
    return panel if overall is None or overall.scale == EVENTS else panel.with_target(TREATED, BUFFER)


def _overall_interval(found: Answer, panel: Panel, without: Array) -> tuple[Array, Array]:
    """Return the interval of the whole as shares of the target's events without; NaN where the whole is not asked."""
    nothing = np.full(len(without), np.nan)
    whole = found.overall
    if whole is None:
        return nothing, nothing
    ends = (replace(whole, estimate=end).events(_on(panel, whole)) for end in (whole.low, whole.high))
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (end / without for end in ends)
    return low, high


def as_log_ratio(values: Array, of: Estimates, panel: Panel) -> Array:
    """Return effects on an estimator's scale as log ratios of the target's events; NaN where none is possible."""
    if of.scale != EVENTS:
        return values
    _, after = panel.area_sums(TREATED)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = after / (after - values)
        return np.asarray(np.where(ratio > 0, maths.log(np.abs(ratio)), np.nan))


def columns_of(tables: Sequence[Mapping[str, Any]]) -> Columns:
    """Return tables of columns as one; texts are repeated, what one table lacks is NaN."""
    names = list(dict.fromkeys(name for table in tables for name in table))
    joined: Columns = {}
    for name in names:
        parts = []
        for table in tables:
            n = len(table["estimate"])
            value = table.get(name, np.nan)
            parts.append(np.full(n, value) if isinstance(value, str | float) else value)
        joined[name] = np.concatenate(parts)
    return joined
