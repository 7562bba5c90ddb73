"""What an estimator is given: counts by place and period for many replicates at once, and the plan of the analysis."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from odssim.core.types import Array
from odssim.evaluation.lottery.over_places import Mechanism
from odssim.evaluation.lottery.over_time import TimeLottery

TREATED, CONTROL, BUFFER, BUFFER_CONTROL, FAR, UNUSED = range(6)
AREAS = ("treated", "control", "buffer", "buffer_control", "far", "unused")
"""What a row of a panel is: a place worked at, its control, the surroundings of either, other places far away."""
EMPTY = np.zeros(0)


@dataclass(frozen=True)
class Panel:
    """Counts of one indicator by place and period; R replicates, J places, T periods."""

    counts: Array
    """Events, float64[R, J, T]."""
    area: Array
    """Index in `AREAS` of each place, int8[R, J]."""
    dose: Array
    """Share of the plan in force, float64[R, J, T]: 0 off, 1 on; all else for dose response."""
    start: int
    """Index of the first period with the intervention (of the first places, if they start one by one)."""
    washout: int = 0
    """Periods after the start (crossover: after every day with the intervention) that are left out."""
    block: Array = field(default_factory=lambda: EMPTY)
    """Pair, block or district of each place, int64[J]; within it places were drawn."""
    distance_m: Array = field(default_factory=lambda: EMPTY)
    """Metres to the nearest treated place, float64[R, J]; empty if unknown."""
    between_m: Array = field(default_factory=lambda: EMPTY)
    """Metres between any two places, float64[J, J], or [R, J, J] where replicates have other places; empty if unknown."""
    features: Array = field(default_factory=lambda: EMPTY)
    """What places are matched on beside level and slope, float64[J, n]; categories as 0/1 columns."""
    periods_per_year: float = 12.0
    first_period: int = 0
    """Number of the first period within the year (0 for January), for the season."""
    places: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    """What of counts that were read agrees with the registered design, and what could not be compared."""

    @property
    def n_replicates(self) -> int:
        """R."""
        return int(self.counts.shape[0])

    @property
    def n_places(self) -> int:
        """J."""
        return int(self.counts.shape[1])

    @property
    def n_periods(self) -> int:
        """T."""
        return int(self.counts.shape[2])

    @property
    def before(self) -> Array:
        """Which periods count as before the start, bool[T]."""
        return np.arange(self.n_periods) < self.start

    @property
    def after(self) -> Array:
        """Which periods count as after the start, without the washout, bool[T]."""
        return np.arange(self.n_periods) >= self.start + self.washout

    @property
    def time_ratio(self) -> float:
        """Length of the after period over that of the before period."""
        return float(self.after.sum() / max(self.before.sum(), 1))

    def sums(self) -> tuple[Array, Array]:
        """Return each place's events before and after, float64[R, J] each."""
        return self.counts[:, :, self.before].sum(axis=2), self.counts[:, :, self.after].sum(axis=2)

    def area_sums(self, *areas: int) -> tuple[Array, Array]:
        """Return the events before and after of all places of some areas, float64[R] each."""
        before, after = self.sums()
        inside = np.isin(self.area, areas)
        return (before * inside).sum(axis=1), (after * inside).sum(axis=1)

    def n_of(self, *areas: int) -> Array:
        """Return the number of places in some areas, int64[R]."""
        return np.asarray(np.isin(self.area, areas).sum(axis=1))

    def has(self, area: int) -> bool:
        """Whether any replicate has a place of this area."""
        return bool((self.area == area).any())

    def with_target(self, *areas: int) -> Self:
        """Return the panel with the places of `areas` as the treated ones; others stay, the rest is unused.

        Controls (and what is far) remain; what was treated and is not named is put out of use. The dose of
        the new target is that of a full intervention after the start.
        """
        target = np.isin(self.area, areas)
        area = np.where(target, TREATED, np.where(self.area == TREATED, UNUSED, self.area)).astype(np.int8)
        on = (np.arange(self.n_periods) >= self.start)[None, None, :] & target[:, :, None]
        dose = self.dose if areas == (TREATED,) else np.where(on, 1.0, 0.0)
        return replace(self, area=area, dose=dose)

    def replicate(self, r: int) -> Self:
        """Return the panel of replicate `r` alone."""
        distance = self.distance_m[r : r + 1] if self.distance_m.size else self.distance_m
        between = self.between_m[r] if self.between_m.ndim == 3 else self.between_m
        part = slice(r, r + 1)
        return replace(
            self, counts=self.counts[part], area=self.area[part], dose=self.dose[part], distance_m=distance,
            between_m=between,
        )  # fmt: skip


def make_panel(counts: Array, area: Array, *, start: int, dose: Array | None = None, **rest: Any) -> Panel:
    """Return a panel from arrays that may lack the axis of replicates.

    Parameters
    ----------
    counts
        float64[R, J, T] or [J, T].
    area
        int8[R, J] or, the same for all replicates, [J].
    dose
        float64[R, J, T] or [J, T]; left out, treated places get 1 from `start` on.
    rest
        Other fields of `Panel`; `distance_m` may be [J].

    Raises ValueError: if the shapes do not fit, or `start` leaves nothing before or after.
    """
    values = np.asarray(counts, dtype=np.float64)
    values = values[None] if values.ndim == 2 else values
    n_replicates, n_places, n_periods = values.shape
    if not 0 < start < n_periods:
        raise ValueError(f"start {start} leaves nothing before or nothing after, of {n_periods} periods")
    areas = np.broadcast_to(np.asarray(area, dtype=np.int8), (n_replicates, n_places))
    if dose is None:
        on = (np.arange(n_periods) >= start)[None, None, :] & (areas == TREATED)[:, :, None]
        doses: Array = on.astype(np.float64)
    else:
        doses = np.broadcast_to(np.asarray(dose, dtype=np.float64), values.shape)
    if "distance_m" in rest:
        rest["distance_m"] = np.broadcast_to(np.asarray(rest["distance_m"], dtype=np.float64), (n_replicates, n_places))
    panel = Panel(values, areas, doses, start, **rest)
    if not panel.after.any():
        raise ValueError(f"a washout of {panel.washout} periods leaves nothing after the start")
    return panel


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
