"""What an estimator has to know beside the panel: the analysis as decided in advance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from odssim.evaluation.assign import Mechanism
    from odssim.evaluation.assign_time import TimeLottery


@dataclass(frozen=True)
class Plan:
    """The analysis as decided in advance."""

    alpha: float = 0.05
    """Size of the test, two-sided."""
    dispersion: float | None = None
    """Variance of a place's count over its mean, for WDD and RIRR; None: Poisson, as they were published."""
    mechanism: Mechanism | None = None
    """How places were drawn; None if they were not, and then there is no permutation test."""
    time_lottery: TimeLottery | None = None
    """How periods (crossover) or the order of places (stepped wedge) were drawn; None if they were not."""
    n_draws: int = 2000
    seed: int = 1
    """Of a permutation test with too many assignments to try them all."""
    exclude_within_m: float = 0.0
    """Controls and donors nearer to a treated place are not used."""
    ring_edges_m: tuple[float, ...] = field(default=(100.0, 250.0, 500.0))
    """Outer edges of the rings around treated places."""
    range_m: float = 500.0
    """How far displacement is taken to reach, for the exposure mapping."""
    s_max: float = 1.0
    """Largest share of a fall at the target that may have been displaced, for the bounds."""
    harmonics: int = 1
    """Pairs of sine and cosine for the season, in an interrupted time series."""
    caliper: float = 3.0
    """Largest Mahalanobis distance of a matched control."""


DEFAULT = Plan()
