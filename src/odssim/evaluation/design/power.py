"""Power, minimum detectable effects, and what significant estimates from weak designs look like.

All from a normal estimate unless said otherwise: with l = |effect| / SE and z the two-sided quantile,
power = Phi(l - z) + Phi(-l - z).

Regression to the mean: places picked because they were hot cool down with nothing done. With gamma rates (mean m, shape k)
and Poisson counts, a place seen with y events is expected to have (k + y) / (k / m + 1) next time.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaincinv, nctdtr, ndtr, ndtri, stdtrit
from scipy.stats import nbinom

from odssim.evaluation.estimators.arms import jackknife_df


def power(effect: float, se: float, alpha: float = 0.05, df: float | None = None) -> float:
    """Return the chance that a two-sided test at `alpha` rejects "no effect"; Student's t if `df` is given."""
    if df is not None:
        q, ratio = float(stdtrit(df, 1.0 - alpha / 2.0)), abs(effect) / se
        return float(nctdtr(df, ratio, -q) + 1.0 - nctdtr(df, ratio, q))
    z, ratio = float(ndtri(1.0 - alpha / 2.0)), abs(effect) / se
    return float(ndtr(ratio - z) + ndtr(-ratio - z))


def panel_se(
    ratio: float, n_treated: int, n_control: int, mean: float, pre: int, post: int, *, nb2_alpha: float = 0.0,
    drift_sd: float = 0.0, spread: float = 0.0,
) -> float:  # fmt: skip
    """Return the SE of the log RIRR of whole arms when places drift and counts vary more than Poisson.

    A place's log ratio of after to before has variance 1/(pre m) + 1/(post m ratio) + alpha (1/pre + 1/post) +
    drift_sd^2, averaged over the places of an arm.

    Parameters
    ----------
    mean
        Events per place and period before.
    nb2_alpha
        NB2 dispersion of one period's count.
    drift_sd
        Spread of a place's own lasting change between the two periods, on the log scale.
    spread
        Coefficient of variation of places' levels; unequal places weigh unequally and average out less.
    """
    own = (nb2_alpha * (1.0 / pre + 1.0 / post) + drift_sd**2) * (1.0 + spread**2)
    treated = 1.0 / (pre * mean) + 1.0 / (post * mean * ratio) + own
    control = 1.0 / (pre * mean) + 1.0 / (post * mean) + own
    return math.sqrt(treated / n_treated + control / n_control)


def panel_df(n_treated: int, n_control: int, spread: float = 0.0) -> float:
    """Return the degrees of freedom of a difference between arms, each with its own error (see `arms`).

    Places' levels are supposed to be spread like a gamma distribution of coefficient of variation `spread`; 1 with a lone
    place, of which no estimator makes a verdict.
    """
    parts = []
    for n in (n_treated, n_control):
        level = gammaincinv(1 / spread**2, (np.arange(n) + 0.5) / n) if spread else np.ones(n)
        share = level / level.sum()
        parts.append((float((share**2).sum()), float(jackknife_df(share[None])[0]) if n > 1 else 1.0))
    return sum(s for s, _ in parts) ** 2 / sum(s**2 / df for s, df in parts)


@dataclass(frozen=True)
class MinimumDetectableEffect:
    """The smallest fall found with a wanted power: as a ratio, its logarithm, and in per cent."""

    ratio: float
    power: float

    @property
    def log(self) -> float:
        """Logarithm of the ratio."""
        return math.log(self.ratio)

    @property
    def percent(self) -> float:
        """Change in per cent: -34 for a fall by a third."""
        return 100.0 * (self.ratio - 1.0)


def minimum_detectable_effect(
    se_of_ratio: Callable[[float], float], wanted: float = 0.8, alpha: float = 0.05, df: float | None = None
) -> MinimumDetectableEffect | None:
    """Return the ratio nearest to 1, below it, that has the wanted power; None if not even 0.1 % left has it.

    `se_of_ratio`: function from a true ratio to the SE of its logarithm (`panel_se`).
    `df`: degrees of freedom of the test; normal if left out.
    """

    def gap(log_ratio: float) -> float:
        return power(log_ratio, se_of_ratio(math.exp(log_ratio)), alpha, df) - wanted

    # the SE grows as the after count vanishes: walk down until the wanted power is reached once
    steps = np.linspace(-1e-6, math.log(1e-3), 400)
    reached = next((step for step in steps if gap(float(step)) >= 0), None)
    if reached is None:
        return None
    before = float(reached - (steps[1] - steps[0]))
    log_ratio = float(brentq(gap, min(before, -1e-9), float(reached), xtol=1e-14)) if reached < -1e-6 else -1e-6
    return MinimumDetectableEffect(math.exp(log_ratio), wanted)


def two_wave_survey_mde(
    share: float, n: float, *, design_effect: float = 1.0, wanted: float = 0.8, alpha: float = 0.05
) -> float:
    """Return the smallest change of a share between two waves of `n` answers found with the wanted power."""
    z = float(ndtri(1.0 - alpha / 2.0) + ndtri(wanted))
    return z * math.sqrt(2.0 * share * (1.0 - share) * design_effect / n)


def smallest_displacement(
    target_before: float, effect: float, buffer_counts: tuple[float, ...], wanted: float = 0.8, alpha: float = 0.05
) -> tuple[float, float]:
    """Return the SE of the buffer's change and the smallest displaced share found with the wanted power.

    s_min = (z_(1 - alpha/2) + z_wanted) sqrt(sum of buffer and buffer-control counts) / (effect x target count).
    Above 1: even if everything moved there, the design could not see it.

    `buffer_counts`: expected counts of buffer and its control, before and after.
    """
    se = math.sqrt(sum(buffer_counts))
    return se, float(ndtri(1.0 - alpha / 2.0) + ndtri(wanted)) * se / (effect * target_before)


def expected_next(observed: float, mean: float, shape: float) -> float:
    """Return the expected count next time of a place with `observed` events."""
    return (shape + observed) / (shape / mean + 1.0)


@dataclass(frozen=True)
class Selected:
    """Places picked for at least so many events: their mean then, the mean expected next, the change in per cent."""

    before: float
    after: float
    percent: float
    share: float
    """Share of all places that are picked."""


def pick_at_least(threshold: int, mean: float, shape: float) -> Selected:
    """Return what picking places with at least `threshold` events does, with no effect at all."""
    law = nbinom(shape, shape / (shape + mean))
    top = int(law.isf(1e-15)) + 10
    counts = np.arange(threshold, top + 1)
    chance = law.pmf(counts)
    share = float(chance.sum())
    before = float((counts * chance).sum() / share)
    after = float((expected_next(counts, mean, shape) * chance).sum() / share)  # type: ignore[arg-type]
    return Selected(before, after, 100.0 * (after / before - 1.0), share)


def lasting_share(mean: float, cv: float, periods: int, *, nb2_alpha: float = 0.0, drift_sd: float = 0.0) -> float:
    """Return the share of the spread of places' counts over some periods that is still there afterwards.

    cv^2 / (cv^2 + 1 / (periods x mean) + alpha / periods + drift_sd^2): what is not chance, and not drift.
    """
    return cv**2 / (cv**2 + 1.0 / (periods * mean) + nb2_alpha / periods + drift_sd**2)


def pick_top(n_picked: int, n_places: int, mean: float, shape: float) -> Selected:
    """Return the same for the threshold at which about `n_picked` of `n_places` are picked."""
    threshold = int(nbinom(shape, shape / (shape + mean)).isf(n_picked / n_places)) + 1
    return pick_at_least(threshold, mean, shape)
