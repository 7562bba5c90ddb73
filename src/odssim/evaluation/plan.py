"""What an estimator has to know beside the panel: the analysis as decided in advance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from odssim.evaluation.assign import Mechanism
    from odssim.evaluation.assign_time import TimeLottery


@dataclass(frozen=True)
class Plan:
    """The analysis as decided in advance.

    Attributes
    ----------
    alpha
        Size of the test, two-sided.
    dispersion
        Variance of a place's count over its mean, for WDD and RIRR; None: Poisson, as they were published.
    mechanism
        How places were drawn; None if they were not, and then there is no permutation test.
    time_lottery
        How periods (crossover) or the order of places (stepped wedge) were drawn; None if they were not.
    n_draws, seed
        Of a permutation test with too many assignments to try them all.
    exclude_within_m
        Controls and donors nearer to a treated place are not used.
    ring_edges_m
        Outer edges of the rings around treated places.
    range_m
        How far displacement is taken to reach, for the exposure mapping.
    s_max
        Largest share of a fall at the target that may have been displaced, for the bounds.
    harmonics
        Pairs of sine and cosine for the season, in an interrupted time series.
    caliper
        Largest Mahalanobis distance of a matched control.
    """

    alpha: float = 0.05
    dispersion: float | None = None
    mechanism: Mechanism | None = None
    time_lottery: TimeLottery | None = None
    n_draws: int = 2000
    seed: int = 1
    exclude_within_m: float = 0.0
    ring_edges_m: tuple[float, ...] = field(default=(100.0, 250.0, 500.0))
    range_m: float = 500.0
    s_max: float = 1.0
    harmonics: int = 1
    caliper: float = 3.0


DEFAULT = Plan()
