"""Rings around treated places against places far away, and bounds where nothing was counted around them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.arms import arm, beside, fewest, together
from odssim.evaluation.estimators.estimates import EVENTS, LOG_RATIO, Estimates, from_se, warning
from odssim.evaluation.estimators.nb_did import poisson_did
from odssim.evaluation.estimators.panel import BUFFER, CONTROL, FAR, TREATED, Panel, Plan


class Rings:
    """The fit of target and rings against far places; all log ratios share the far places' change.

    Attributes
    ----------
    members
        Places of target and rings, bool[R, J] each.
    log, se
        Log ratio of each group's after/before over the far places' and its error, float64[R, 1 + rings].
    events
        Change in events in each group, float64[R, 1 + rings].
    """

    def __init__(self, panel: Panel, edges_m: tuple[float, ...]) -> None:
        before, after = panel.sums()
        self.members = [panel.area == TREATED, *ring_groups(panel, edges_m)]
        self.far = arm(before, after, far_places(panel, edges_m))
        self.groups = [arm(before, after, group) for group in self.members]
        self.log = np.stack([group.log - self.far.log for group in self.groups], axis=1)
        self.se = np.stack([together((1.0, group), (1.0, self.far))[0] for group in self.groups], axis=1)
        b, a = (np.stack([(s * g).sum(axis=1) for g in self.members], axis=1) for s in (before, after))
        odds = maths.exp(self.far.log)[:, None]
        self.events = a - b * odds
        with np.errstate(divide="ignore", invalid="ignore"):
            self._own = np.where(a + b > 0, a * b / (a + b), 0.0) * (1.0 + odds)
        self._far = b * odds

    def change(self, groups: Sequence[int], alpha: float) -> Estimates:
        """Return the change in events of some groups together; its error by the delta method (see `beside`)."""
        own = beside(*((self._own[:, k], self.groups[k]) for k in groups))
        se, df = together((1.0, own), (self._far[:, groups].sum(axis=1), self.far))
        return from_se("ring", EVENTS, self.events[:, groups].sum(axis=1), se, alpha=alpha, df=df)


def ring_groups(panel: Panel, edges_m: tuple[float, ...]) -> list[Array]:
    """Return the buffer places in each ring, bool[R, J] each; one ring where distances are not known."""
    buffer = panel.area == BUFFER
    if not panel.distance_m.size or not edges_m:
        return [buffer] if buffer.any() else []
    inner = (0.0, *edges_m[:-1])
    rings = [
        buffer & (panel.distance_m > low) & (panel.distance_m <= high) for low, high in zip(inner, edges_m, strict=True)
    ]
    return [ring for ring in rings if ring.any()]


def far_places(panel: Panel, edges_m: tuple[float, ...]) -> Array:
    """Return the places to compare with, bool[R, J]: far ones and controls beyond the outermost ring."""
    far = np.isin(panel.area, (CONTROL, FAR))
    if panel.distance_m.size and edges_m:
        far = far & (panel.distance_m > edges_m[-1])
    return np.asarray(far)


def ring(panel: Panel, plan: Plan) -> Estimates:
    """E13: log ratio of treated places against far ones; `areas` gives the rings and all together in events."""
    fit = Rings(panel, plan.ring_edges_m)
    far = far_places(panel, plan.ring_edges_m).sum(axis=1)
    warnings = (warning("no_far"),) if not far.all() else fewest(min(int(far.min()), int(panel.n_of(TREATED).min())))
    parts = {"log_by_ring": fit.log, "se_by_ring": fit.se, "events_by_ring": fit.events}
    se, df = together((1.0, fit.groups[0]), (1.0, fit.far))
    return from_se("ring", LOG_RATIO, fit.log[:, 0], se, alpha=plan.alpha, df=df, warnings=warnings, parts=parts)


def ring_areas(panel: Panel, plan: Plan) -> tuple[Estimates, Estimates] | None:
    """Return the change in events in all rings, and in target and rings together; None without rings."""
    fit = Rings(panel, plan.ring_edges_m)
    every = list(range(len(fit.groups)))
    return (fit.change(every[1:], plan.alpha), fit.change(every, plan.alpha)) if len(every) > 1 else None


def bounds(panel: Panel, plan: Plan) -> Estimates:
    """E14: the city's change in events, between "nothing was displaced" and "a share s_max was".

    From the target's interval: its lower end with nothing displaced, its upper end with s_max displaced (a rise
    is not lessened). No p; the estimate is the middle of the two point estimates, which are among the parts.
    """
    target = poisson_did(panel, plan)
    _, after = panel.area_sums(TREATED)
    te = after * (1.0 - maths.exp(-target.estimate))
    low = after * (1.0 - maths.exp(-target.low))
    high = after * (1.0 - maths.exp(-target.high))
    least, most = (np.where(x < 0, x * (1.0 - plan.s_max), x) for x in (te, high))
    nothing = np.full(panel.n_replicates, np.nan)
    warnings = (*target.warnings, warning("assumed", percent=100 * plan.s_max))
    return Estimates(
        "bounds", EVENTS, (te + least) / 2.0, nothing, low, most, nothing, target.ok, plan.alpha, warnings,
        {"nothing_displaced": te, "s_max_displaced": least},
    )  # fmt: skip


def bounds_areas(panel: Panel, plan: Plan) -> tuple[None, Estimates]:
    """Return the bounds as the answer on the whole city; of the surroundings they say nothing."""
    return None, bounds(panel, plan)


def bounds_target(panel: Panel, plan: Plan) -> Estimates:
    """Return the target's effect, from which the bounds start."""
    return replace(poisson_did(panel, plan), estimator="bounds")
