"""Closed forms of the literature, whose answers are known: what the laboratory's numbers are held against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri
from scipy.stats import binom, norm, poisson

from odssim.core.types import Array
from odssim.evaluation.design.power import power
from odssim.evaluation.estimators.estimates import safe_log
from odssim.evaluation.estimators.matched_control import matched_panel
from odssim.evaluation.estimators.nb_did import nb2_variance, poisson_did
from odssim.evaluation.estimators.panel import Panel, Plan
from odssim.evaluation.estimators.permutation import TIE
from odssim.evaluation.lottery.over_places import Mechanism, assignments_of
from odssim.observe.laws import at_least

TAIL = 1e-12


def evpi_two(mean: float, sd: float) -> float:
    """Return the expected value of perfect information about a normal incremental net benefit."""
    if sd <= 0:
        return 0.0
    return float(sd * norm.pdf(mean / sd) - abs(mean) * ndtr(-abs(mean) / sd))


def evsi_two(mean: float, sd: float, study_se: float) -> float:
    """Return the expected value of a study that estimates (a component with this sd of) the difference.

    It resolves sd^2 / sqrt(sd^2 + se^2).
    """
    return evpi_two(mean, sd**2 / math.sqrt(sd**2 + study_se**2))


def net_of_cost(value: float, decisions: float, cost: float) -> float:
    """Return the expected net benefit of sampling: value x decisions (places x years) less the study's cost."""
    return value * decisions - cost


def expected_worth(worth: ArrayLike, chances: ArrayLike | None = None) -> np.ndarray:
    """Return each action's mean over draws, from float[draws, actions]; equal chances if left out."""
    table = np.asarray(worth, dtype=np.float64)
    return np.average(table, axis=0, weights=None if chances is None else np.asarray(chances))


def evppi(worth: ArrayLike, group: Sequence[int], chances: ArrayLike | None = None) -> float:
    """Return the expected value of learning only in which group of draws the truth lies."""
    table, member = np.asarray(worth, dtype=np.float64), np.asarray(group)
    weight = np.full(len(table), 1.0 / len(table)) if chances is None else np.asarray(chances, dtype=np.float64)
    within = sum(
        float(weight[member == g].sum() * expected_worth(table[member == g], weight[member == g]).max())
        for g in np.unique(member)
    )
    return within - float(expected_worth(table, weight).max())


def best_chance(worth: ArrayLike, chances: ArrayLike | None = None) -> np.ndarray:
    """Return the chance that each action is the best one; ties share."""
    table = np.asarray(worth, dtype=np.float64)
    top = table == table.max(axis=1, keepdims=True)
    weight = None if chances is None else np.asarray(chances)
    return np.asarray(np.average(top / top.sum(axis=1, keepdims=True), axis=0, weights=weight))


def acceptability(
    effect: tuple[float, float], cost: tuple[float, float], correlation: float, worth_per_unit: float
) -> float:
    """Return the chance that worth x effect exceeds cost, both normal (mean, sd): a point of the CEAC."""
    w = worth_per_unit
    mean = w * effect[0] - cost[0]
    variance = (w * effect[1]) ** 2 + cost[1] ** 2 - 2.0 * correlation * w * effect[1] * cost[1]
    return float(ndtr(mean / math.sqrt(variance)))


@dataclass(frozen=True)
class Exaggeration:
    """Power, chance of the wrong sign if significant (S), mean exaggeration if significant (M)."""

    power: float
    type_s: float
    type_m: float


def exaggeration(effect: float, se: float, alpha: float = 0.05) -> Exaggeration:
    """Return type S and type M errors.

    Gelman and Carlin (2014), Perspectives on Psychological Science 9; closed form of M:
    (l Phi(l - z) + phi(z - l) - l Phi(-l - z) + phi(z + l)) / (l power).
    """
    z, ratio = float(ndtri(1.0 - alpha / 2.0)), abs(effect) / se
    chance = power(effect, se, alpha)
    above, below = float(ndtr(ratio - z)), float(ndtr(-ratio - z))
    total = ratio * above + norm.pdf(z - ratio) - ratio * below + norm.pdf(z + ratio)
    return Exaggeration(chance, below / chance, float(total / (ratio * chance)))


def rirr_power(
    ratio: float, before_treated: float, before_control: float, *, alpha: float = 0.05, time_ratio: float = 1.0,
    dispersion: float = 1.0,
) -> float:  # fmt: skip
    """Return the power of the RIRR test for a true ratio."""
    se = rirr_se(ratio, before_treated, before_control, time_ratio=time_ratio, dispersion=dispersion)
    return power(math.log(ratio), se, alpha)


def exact_conditional_power(mean_after: float, mean_before: float, alpha: float = 0.05) -> float:
    """Return the power of the exact one-sided test that a Poisson count fell, given the sum of both counts.

    Given n = before + after, the after count is binomial(n, 1/2) if nothing changed.
    """
    top = int(poisson.isf(TAIL, mean_after + mean_before)) + 1
    chance = 0.0
    share = mean_after / (mean_after + mean_before)
    for n in range(1, top + 1):
        critical = int(binom.ppf(alpha, n, 0.5))
        if binom.cdf(critical, n, 0.5) > alpha:
            critical -= 1
        if critical >= 0:
            chance += float(poisson.pmf(n, mean_after + mean_before) * binom.cdf(critical, n, share))
    return chance


def nb2_two_sample_power(ratio: float, mean: float, nb2_alpha: float, n: int, alpha: float = 0.05) -> float:
    """Return the power to tell the means of two samples of `n` NB2 counts apart, mean and mean x ratio."""
    se = math.sqrt((1.0 / mean + 1.0 / (mean * ratio) + 2.0 * nb2_alpha) / n)
    return power(math.log(ratio), se, alpha)


def months_per_place(place_sek: float, month_sek: float, correlation: float) -> float:
    """Return the number of months per place that buys most precision, sqrt(c_place / c_month (1 - r) / r)."""
    return math.sqrt(place_sek / month_sek * (1.0 - correlation) / correlation)


def arm_ratio(sd_treated: float, sd_control: float, cost_treated: float, cost_control: float) -> float:
    """Return n_treated / n_control that buys most precision: (sd_T / sd_C) sqrt(c_C / c_T)."""
    return sd_treated / sd_control * math.sqrt(cost_control / cost_treated)


def replicates_needed(share: float, half_width: float, alpha: float = 0.05) -> int:
    """Return how many replicates give a proportion with this half width, z^2 p (1 - p) / h^2."""
    from scipy.special import ndtri

    z = float(ndtri(1.0 - alpha / 2.0))
    return math.ceil(z * z * share * (1.0 - share) / half_width**2)


def stepped_wedge_variance(on: Array, error_variance: float, place_variance: float) -> float:
    """Return the variance of the effect in a stepped wedge with one observation per place and period.

    Hussey and Hughes (2007), Contemporary Clinical Trials 28: with I places, T periods, U the sum of on,
    W the sum over periods of squared column sums, V that over places of squared row sums,
    I s2 (s2 + T t2) / ((I U - W) s2 + (U^2 + I T U - T W - I V) t2).

    Parameters
    ----------
    on
        0 or 1, [places, periods].
    """
    x = np.asarray(on, dtype=np.float64)
    i, t = x.shape
    u, w, v = x.sum(), (x.sum(axis=0) ** 2).sum(), (x.sum(axis=1) ** 2).sum()
    s2, t2 = error_variance, place_variance
    return float(i * s2 * (s2 + t * t2) / ((i * u - w) * s2 + (u**2 + i * t * u - t * w - i * v) * t2))


def log_ratio_of_means(treated: tuple[Array, Array], control: tuple[Array, Array], alpha: float) -> tuple[float, float]:
    """Return the NB2 difference in differences of four samples (before, after) and its SE, alpha known."""
    cells = [np.asarray(sample, dtype=np.float64) for sample in (*treated, *control)]
    means = np.array([cell.mean() for cell in cells])
    estimate = float(np.array([-1.0, 1.0, 1.0, -1.0]) @ safe_log(means))
    return estimate, float(np.sqrt(nb2_variance(means, np.array([len(c) for c in cells]), alpha)))


def permutation_p(statistics: Array, observed: Array, is_all: bool, *, side: int = 0) -> Array:
    """Return the share of assignments with a statistic at least as extreme as the observed one, float64[R].

    Parameters
    ----------
    statistics
        Under every assignment (the observed one among them), or under drawn ones, float64[R, P].
    observed
        float64[R].
    is_all
        Whether `statistics` holds every assignment; if not, the observed one is added to the drawn.
    side
        0 two-sided on the absolute statistic, -1 for a fall, 1 for a rise.
    """
    values, seen = (np.abs(statistics), np.abs(observed)) if side == 0 else (side * statistics, side * observed)
    margin = TIE * np.maximum(np.abs(seen), 1e-300)
    n = (values >= (seen - margin)[:, None]).sum(axis=1)
    n_all = statistics.shape[1]
    p = n / n_all if is_all else (1 + n) / (1 + n_all)
    return np.where(np.isfinite(observed), p, np.nan)


def difference_test(
    scores: Array, treated: Array, mechanism: Mechanism, *, n_draws: int = 2000, seed: int = 1, side: int = 0
) -> tuple[Array, Array]:
    """Return the difference of mean scores, weighted by block size, and its permutation p, float64[R] each.

    Parameters
    ----------
    scores
        One per place, such as the change of its counts, float64[R, J] or [J].
    treated
        The assignment that was drawn, bool[R, J] or [J].
    """
    values = np.atleast_2d(np.asarray(scores, dtype=np.float64))
    drawn = np.broadcast_to(np.asarray(treated, dtype=bool), values.shape)
    table, is_all = assignments_of(mechanism, n_draws, np.random.default_rng(seed))
    observed = (values * difference_weights(drawn, mechanism.block)).sum(axis=1)
    statistics = values @ difference_weights(table, mechanism.block).T
    return observed, permutation_p(statistics, observed, is_all, side=side)


def detection_chance(hours: float, base: float, per_hour: float) -> float:
    """Return the chance that a deal is recorded at so many hours of enforcement: 1 - exp(-(base + per_hour h))."""
    return -math.expm1(-(base + per_hour * hours))


def read_with_hours(true_cut: float, hours: tuple[float, float], base: float, per_hour: float) -> float:
    """Return recorded after over before when a true cut comes with a change in hours of enforcement."""
    before, after = (detection_chance(h, base, per_hour) for h in hours)
    return (1.0 - true_cut) * after / before


def majority(chance: float, n_raters: int = 3) -> float:
    """Return the chance that more than half of independent raters say yes."""
    return float(at_least(np.full(n_raters, chance), n_raters // 2 + 1))


def listed_chance(chances: Sequence[float], needed: int = 7, n_raters: int = 1) -> float:
    """Return the chance that enough indicators are granted, each by a majority of raters."""
    return float(at_least(np.array([majority(p, n_raters) for p in chances]), needed))


def raters_needed(wanted: float, icc: float) -> float:
    """Return how many judgements give a mean this reliable (Spearman and Brown, turned around)."""
    return wanted * (1.0 - icc) / (icc * (1.0 - wanted))


def kappa_from_churn(leaving: float, qualifying_share: float) -> float:
    """Return the agreement at which rating noise alone makes this share leave a list, with no real change."""
    return 1.0 - leaving / (1.0 - qualifying_share)


def evpi(worth: ArrayLike, chances: ArrayLike | None = None) -> float:
    """Return the expected value of perfect information from draws of the actions' worth, float[draws, actions]."""
    table = np.asarray(worth, dtype=np.float64)
    best = np.average(table.max(axis=1), weights=None if chances is None else np.asarray(chances))
    return float(best - expected_worth(table, chances).max())


def exclusion_curve(panel: Panel, plan: Plan, radii_m: Sequence[float]) -> list[dict[str, float]]:
    """Return bias, variance and their sum over exclusion radii, one row per radius, and which is least.

    Near controls are alike but contaminated, far ones clean but different. The bias is told against the widest
    radius that still finds controls (contamination is taken to be nil there); its square is lessened by the
    variance of the difference, so that chance does not pass for bias.
    """
    fits = [poisson_did(matched_panel(panel, radius, plan.caliper), plan) for radius in radii_m]
    usable = [k for k, found in enumerate(fits) if found.ok.any()]
    if not usable:
        return []
    widest = fits[usable[-1]].estimate
    rows = []
    for k in usable:
        gap = fits[k].estimate - widest
        gap = gap[np.isfinite(gap)]
        chance = gap.var(ddof=1) / len(gap) if len(gap) > 1 else 0.0
        bias = float(gap.mean())
        variance = float(np.nanmean(fits[k].se ** 2))
        rows.append(
            {"radius_m": radii_m[k], "bias": bias, "variance": variance, "mse": max(bias**2 - chance, 0.0) + variance}
        )
    least = min(row["mse"] for row in rows)
    return [{**row, "is_best": float(row["mse"] == least)} for row in rows]


def read_share(share: float, response_yes: float, response_no: float) -> float:
    """Return the share a survey reads when those who say yes and those who say no answer unequally."""
    yes = share * response_yes
    return yes / (yes + (1.0 - share) * response_no)


def latent_agreement(loading: float, leniency_sd: float, halo_sd: float) -> float:
    """Return the correlation of two raters' latent verdicts on one item of places with variance 1."""
    return loading**2 / (loading**2 + leniency_sd**2 + halo_sd**2 + 1.0)


def difference_weights(assignments: Array, block: Array) -> Array:
    """Return weights that make of scores the mean difference within blocks, weighted by block size, float64[P, J].

    Blocks of which an assignment treats none or all say nothing and get no weight.
    """
    inside = np.asarray(assignments, dtype=np.float64)
    member = (block == np.unique(block)[:, None]).astype(np.float64)
    size = member.sum(axis=1)
    n = inside @ member.T
    used = (n > 0) & (n < size)
    weight = used * size / np.maximum((used * size).sum(axis=1, keepdims=True), 1.0)
    up, down = weight / np.maximum(n, 1.0), weight / np.maximum(size - n, 1.0)
    return np.asarray(np.where(inside > 0, up @ member, -(down @ member)))


def rirr_se(
    ratio: float, before_treated: float, before_control: float, *, time_ratio: float = 1.0, dispersion: float = 1.0
) -> float:
    """Return the SE of the log RIRR from expected counts before, and equal trends of 1.

    Parameters
    ----------
    ratio
        True relative incidence rate ratio, below 1 for a fall.
    time_ratio
        Length of the after period over that of the before period.
    dispersion
        Variance of a summed count over its mean.
    """
    after = before_treated * ratio * time_ratio, before_control * time_ratio
    return math.sqrt(dispersion * sum(1.0 / count for count in (before_treated, before_control, *after)))
