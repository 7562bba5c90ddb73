"""How much of the variance of a run's outcome is chance: the first question, before any index."""

from dataclasses import dataclass

import numpy as np

from odssim.core.types import Array
from odssim.language import LANGUAGES, speaking
from odssim.language.written import percent
from odssim.studies.sensitivity.replicates import TooFewReplicatesError, complete, interval, resample_weights


@dataclass(frozen=True)
class ChanceShare:
    """The law of total variance over points of parameter space and replicates."""

    n_points: int
    n_replicates: int
    chance_variance: float
    parameter_variance: float
    """Mean variance within a point; variance between points of the expected outcome, unbiased (it may be
    below zero where there is none)."""
    share: float
    low: float
    high: float
    """Chance's share of the variance of one run, with its 95 % interval."""
    common_variance: float = 0.0
    """With common random numbers: the part of `chance_variance` that all points have in common, and that a difference
    between two points of the same replicate therefore does not have."""

    @property
    @speaking(LANGUAGES[0])  # as all that a record says
    def sentence(self) -> str:
        """The answer in one line."""
        text = f"Chance is {percent(self.share)} of the variance of one run"
        text += f" (95 % interval {percent(self.low)} to {percent(self.high)})"
        return f"{text}; {self.n_points} points, {self.n_replicates} replicates."


def chance_share(y: Array, *, common_random_numbers: bool = False, seed: int = 1) -> ChanceShare:
    """Split the variance of outcomes float64[points, replicates].

    With independent random numbers this is one-way analysis of variance: chance = mean square within, parameters =
    variance of the means - chance / R, and the interval is the exact F interval of the intraclass
    correlation (Searle, Casella and McCulloch 1992, Variance Components, section 3.6). With common random numbers
    (replicate r of every point has the same seed) the means of all points err together, and one-way analysis
    would take too much off: two-way analysis, with an interval by bootstrap over points.

    Raises TooFewReplicatesError: with one replicate per point.
    """
    (y,) = complete(y)
    if y.shape[1] < 2:
        raise TooFewReplicatesError("the share of chance needs at least 2 replicates per point")
    if common_random_numbers:
        return _two_way(y, seed)
    from scipy.special import fdtri

    n, r = y.shape
    within, between = float(y.var(axis=1, ddof=1).mean()), r * float(y.mean(axis=1).var(ddof=1))
    parameters = (between - within) / r
    ends = []
    for p in (0.975, 0.025):
        quantile = float(fdtri(n - 1, n * (r - 1), p))
        ratio = between / within / quantile if within > 0 else np.inf
        ends.append(1 - (ratio - 1) / (ratio + r - 1) if np.isfinite(ratio) else 0.0)
    high, low = (min(1.0, max(0.0, end)) for end in ends)
    return ChanceShare(n, r, within, parameters, _share(within, parameters), low, high)


def _share(chance: float, parameters: float) -> float:
    total = chance + max(0.0, parameters)
    return chance / total if total > 0 else 0.0


def _two_way(y: Array, seed: int) -> ChanceShare:
    n, r = y.shape
    chance, parameters, common = _components(y)
    draws = []
    for weights in resample_weights(n, seed, 500):
        rows = np.repeat(np.arange(n), np.round(weights * n).astype(int))
        within, between, _ = _components(y[rows])
        draws.append(_share(within, between))
    low, high = interval(np.array(draws))
    return ChanceShare(n, r, chance, parameters, _share(chance, parameters), float(low), float(high), common)


def _components(y: Array) -> tuple[float, float, float]:
    """Return the variances of chance (all of it), of parameters, and of the chance that all points share."""
    n, r = y.shape
    rest = y - y.mean(axis=1, keepdims=True) - y.mean(axis=0) + y.mean()
    residual = float((rest**2).sum() / ((n - 1) * (r - 1)))
    parameters = float(y.mean(axis=1).var(ddof=1)) - residual / r
    common = max(0.0, float(y.mean(axis=0).var(ddof=1)) - residual / n)
    return residual + common, parameters, common
