"""What an evaluation is worth before the money is spent: EVPI, EVPPI, EVSI and their net of cost, in SEK.

Decision
    Carry the intervention on at all places, or stop. Net benefit of a place-year = worth of an open deal averted x
    deals averted - cost of the intervention there; stopping is worth nothing.
Method
    Regression on simulated results (Strong, Oakley, Brennan and Breeze 2015, Medical Decision Making 35): unknowns
    are drawn, each draw is evaluated once by the design, and the net benefit is regressed on what the design
    reads. The regression decides, and its decisions are paid by the draws that it was not fitted to (two halves in
    turn): the value of a decision rule that can be had, so a lower bound, without reward for chance. What
    chance puts below zero is reported as 0, beside its error: information that is left unread is worth that.
Limits
    Two actions; the prior is an assumption; a design's value ends with this decision.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.design.cost import design_cost
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.trial.characteristics import Row
from odssim.evaluation.trial.score import Setup, assignment_of, market_of, positions, score_pair, setup_of
from odssim.evaluation.worlds.assignment import n_candidates
from odssim.evaluation.worlds.cities import BATCH, base_deals, with_intervention
from odssim.evaluation.worlds.prior import UNKNOWNS, Prior, draw_prior

DRAWS = 600
LEAST_DRAWS = 20
"""Fewer say nothing of what information is worth; assumption."""
HALVES = 2
HALF_SD = 1.0 / np.sqrt(3.0)
"""Error of a study, in prior spreads, after which half of the spread is left."""


BOX_DEPTH, LEAST_IN_BOX = 3, 0.05
"""Sides of the box of a design's failures at most, and the share of draws that it must hold."""


@dataclass(frozen=True)
class Tries:
    """Draws of the unknown, each evaluated once: net benefit [n], readings [n, k], error of the whole [n]."""

    prior: Prior
    net_benefit: Array
    readings: Array
    error: Array


def net_benefit(design: Design, prior: Prior) -> Array:
    """Return the net benefit of carrying on, SEK per place and year."""
    keys = design.keys.decision
    return np.asarray(keys.worth_sek_per_deal * prior.open_deals_averted(design) - keys.action_sek_per_place_year)


def try_prior(design: Design, n: int = DRAWS, progress: Callable[[], None] | None = None) -> Tries:
    """Return `n` draws, each read by the design once."""
    setup = setup_of(design)
    parts = []
    for batch in range(-(-n // BATCH)):
        parts.append(_try_batch(setup, batch))
        if progress is not None:
            progress()
    draws, readings, error = (np.concatenate(arrays)[:n] for arrays in zip(*parts, strict=True))
    prior = Prior(draws)
    return Tries(prior, net_benefit(design, prior), readings, error)


def _try_batch(setup: Setup, batch: int) -> tuple[Array, Array, Array]:
    design = setup.design
    seed, market = design.seed, market_of(design)
    prior = draw_prior(design, seed, batch)
    condition = prior.condition(design.keys.market.listed_share)
    base = base_deals(market, seed, batch, n_candidates(design), design.n_periods, design.keys.data.timing.pre)
    assignment = assignment_of(setup, base, market, condition, batch)
    dose = assignment.by_place()
    pair = with_intervention(market, base, dose, condition, dose)
    tables = score_pair(setup, pair, assignment, condition, market.mean, positions(design), batch)
    primary = [t for t in tables if t["estimator"] == design.keys.answer.primary]
    readings = np.column_stack([t[name] for t in primary for name in ("estimate", "overall")])
    first = primary[0]
    return prior.draws, readings, first["overall"] - first["OE_open"] / first["treated_base"]


def value_row(design: Design, tries: Tries) -> Row:
    """Return what a design is worth: per decision and place-year, and net of its cost."""
    keys = design.keys.decision
    n_decided = keys.places * keys.years
    value, mcse = rule_value(tries.net_benefit, tries.readings)
    cost = design_cost(design)
    worth = np.column_stack([tries.net_benefit, np.zeros(len(tries.net_benefit))])
    return {
        "design": design.id, "n_draws": len(worth), "place_years": n_decided, "cost_sek": cost,
        "net_benefit_sek": float(tries.net_benefit.mean()), "carry_on_best": float((tries.net_benefit > 0).mean()),
        "evpi_sek": worth_of(float(worth.max(axis=1).mean() - worth.mean(axis=0).max())) * n_decided,
        "evsi_sek": worth_of(value) * n_decided, "evsi_sek_mcse": mcse * n_decided,
        "enbs_sek": worth_of(value) * n_decided - cost,
    }  # fmt: skip


def worth_of(value: float) -> float:
    """Return what information is worth that a rule makes `value` of: at least nothing."""
    return max(0.0, value)


def rule_value(benefit: Array, readings: Array) -> tuple[float, float]:
    """Return what deciding by `readings` adds to deciding at once, with its Monte Carlo error; benefit float64[n].

    By chance it may lie below zero: see `worth_of`.
    """
    predicted = cross_fitted(readings, benefit)
    gain = np.where(predicted > 0, benefit, 0.0) - (benefit if benefit.mean() > 0 else 0.0)
    return float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(len(gain)))


def cross_fitted(readings: Array, outcome: Array) -> Array:
    """Return each draw's outcome as predicted by a regression on the other half of the draws, float64[n].

    Linear, squared and (of few readings) mixed terms of standardised readings; readings beyond five spreads are
    drawn in, and what is missing is put at the mean.
    """
    x = _terms(readings)
    half = np.arange(len(outcome)) % HALVES
    predicted = np.empty(len(outcome))
    for k in range(HALVES):
        learn, seen = x[half != k], outcome[half != k, None]
        weights = maths.solve(maths.product(learn.T, learn), maths.product(learn.T, seen))
        predicted[half == k] = maths.product(x[half == k], weights)[:, 0]
    return predicted


def _terms(readings: Array) -> Array:
    values = np.where(np.isfinite(readings), readings, np.nan)
    spread = np.nanstd(values, axis=0)
    used = spread > 0
    with np.errstate(invalid="ignore"):
        z = np.nan_to_num((values - np.nanmedian(values, axis=0))[:, used] / spread[used])
    z = np.clip(z, -5, 5)
    mixed = [z[:, i] * z[:, j] for i in range(z.shape[1]) for j in range(i)] if z.shape[1] <= 4 else []
    return np.column_stack([np.ones(len(z)), z, z**2, *mixed])


def measure_first(design: Design, tries: Tries) -> list[Row]:
    """Return, per unknown, what knowing it would be worth, and what it explains; the most valuable first.

    evppi_sek: knowing it exactly. halved_sek: a study that halves its spread. explains_effect, explains_error:
    share of the variance of open deals averted, and of the design's error about the whole city, that a curve of
    it alone explains (first order). What the dummy gets is noise.
    """
    n_decided = design.keys.decision.places * design.keys.decision.years
    rng = np.random.default_rng(design.seed)
    averted = tries.prior.open_deals_averted(design)
    rows = []
    for name in UNKNOWNS:
        values = tries.prior.column(name)
        noisy = values + rng.normal(0, values.std() * HALF_SD, len(values))
        perfect, mcse = rule_value(tries.net_benefit, values[:, None])
        halved, _ = rule_value(tries.net_benefit, noisy[:, None])
        rows.append(
            {"unknown": name, "mean": float(values.mean()), "sd": float(values.std(ddof=1)),
             "evppi_sek": worth_of(perfect) * n_decided, "evppi_sek_mcse": mcse * n_decided,
             "halved_sek": worth_of(halved) * n_decided,
             "explains_effect": _explained(values, averted), "explains_error": _explained(values, tries.error)}
        )  # fmt: skip
    return sorted(rows, key=lambda row: -row["evppi_sek"])


def _explained(values: Array, outcome: Array) -> float:
    kept = np.isfinite(outcome)
    centred = outcome[kept] - outcome[kept].mean()
    rest = centred - cross_fitted(values[kept, None], centred)
    return float(max(0.0, 1.0 - (rest**2).mean() / max((centred**2).mean(), 1e-300)))


def failure_box(design: Design, tries: Tries) -> Row | None:
    """Return where a design misleads: the part of the unknowns in which it most often reads the whole wrong.

    Wrong is an error about the whole city of more than half the smallest effect of interest. The box is a leaf of a
    small tree (CART, for scenario discovery see Lempert, Bryant and Bankes 2008), grown on one half of the draws;
    density (share of the box that is wrong) and coverage (share of all that is wrong and lies in it) are those of
    the other half. None if the design is nearly always right or nearly always wrong.
    """
    from sklearn.tree import DecisionTreeClassifier

    kept = np.isfinite(tries.error)
    x, wrong = tries.prior.draws[kept], np.abs(tries.error[kept]) > design.keys.answer.smallest_effect / 2
    grown = np.arange(len(x)) % HALVES == 0
    rare = min(wrong[grown].sum(), (~wrong[grown]).sum())
    if rare < LEAST_IN_BOX * grown.sum():
        return None
    tree = DecisionTreeClassifier(max_depth=BOX_DEPTH, min_samples_leaf=LEAST_IN_BOX, random_state=0)
    tree.fit(x[grown], wrong[grown])
    leaf, judged = tree.apply(x), ~grown
    worst = max(np.unique(leaf[grown]), key=lambda k: wrong[grown & (leaf == k)].mean())
    inside = judged & (leaf == worst)
    n_wrong = int((wrong & inside).sum())
    return {
        "design": design.id, "wrong_beyond": design.keys.answer.smallest_effect / 2,
        "share_wrong": float(wrong[judged].mean()), "box": _sides(tree.tree_, worst),
        "density": n_wrong / max(int(inside.sum()), 1), "coverage": n_wrong / max(int(wrong[judged].sum()), 1),
    }  # fmt: skip


def _sides(tree: Any, leaf: int) -> str:
    """Return the bounds of a leaf in words, each unknown at its narrowest."""
    parent = {int(c): k for k in range(tree.node_count) for c in (tree.children_left[k], tree.children_right[k]) if c >= 0}
    sides: dict[tuple[str, str], float] = {}
    node = leaf
    while node in parent:
        up = parent[node]
        key = (UNKNOWNS[tree.feature[up]], "<=" if tree.children_left[up] == node else ">")
        sides.setdefault(key, float(tree.threshold[up]))
        node = up
    return " and ".join(f"{name} {sign} {value:.3g}" for (name, sign), value in sorted(sides.items()))
