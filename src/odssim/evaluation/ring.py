"""Rings around treated places against places far away, and bounds where nothing was counted around them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from odssim.evaluation.estimates import EVENTS, LOG_RATIO, Array, Estimates, from_se
from odssim.evaluation.panel import BUFFER, CONTROL, FAR, TREATED, Panel
from odssim.evaluation.plan import Plan
from odssim.evaluation.poisson_did import arm, poisson_did

NO_FAR = "no place lies beyond the outermost ring: nothing to compare with"
ASSUMED = "bounds stand and fall with the assumed largest displaced share, {0:.0f} %"


class Rings:
    """The fit of target and rings against far places; all log ratios share the far places' change.

    Attributes
    ----------
    log, variance
        Log ratio of each group's after/before over the far places' and its variance, float64[R, 1 + rings].
    events, events_variance
        Change in events in each group, float64[R, 1 + rings].
    """

    def __init__(self, panel: Panel, edges_m: tuple[float, ...]) -> None:
        before, after = panel.sums()
        groups = [panel.area == TREATED, *ring_groups(panel, edges_m)]
        far = far_places(panel, edges_m)
        self.n_clusters = far.sum(axis=1) + sum(g.sum(axis=1) for g in groups)
        factor = self.n_clusters / np.maximum(self.n_clusters - 1.0, 1e-9)
        change, far_variance = arm_or_poisson(before, after, far)
        self.far_variance = far_variance * factor
        found = [arm_or_poisson(before, after, group) for group in groups]
        self.log = np.stack([value - change for value, _ in found], axis=1)
        own = np.stack([variance * factor for _, variance in found], axis=1)
        self.variance = own + self.far_variance[:, None]
        b, a = (np.stack([(s * g).sum(axis=1) for g in groups], axis=1) for s in (before, after))
        odds = np.exp(change)[:, None]
        self.events = a - b * odds
        with np.errstate(divide="ignore", invalid="ignore"):
            h = np.where(a + b > 0, a * b / (a + b), 0.0)
        self._own = np.nan_to_num((h * (1.0 + odds)) ** 2 * own)
        self._far = b * odds
        self.n_groups = len(groups)

    def events_se(self, *groups: int) -> Array:
        """Return the SE of the change in events of some groups together, float64[R]."""
        index = list(groups)
        own = self._own[:, index].sum(axis=1)
        return np.asarray(np.sqrt(own + self._far[:, index].sum(axis=1) ** 2 * self.far_variance))


def arm_or_poisson(before: Array, after: Array, inside: Array) -> tuple[Array, Array]:
    """Return an arm's log ratio and variance; of a lone place, whose scatter is unknown, that of Poisson counts."""
    change, variance = arm(before, after, inside)
    b, a = (before * inside).sum(axis=1), (after * inside).sum(axis=1)
    with np.errstate(divide="ignore"):
        poisson = 1.0 / a + 1.0 / b
    return change, np.where(inside.sum(axis=1) > 1, variance, poisson)


def ring_groups(panel: Panel, edges_m: tuple[float, ...]) -> list[Array]:
    """Return the buffer places in each ring, bool[R, J] each; one ring where distances are not known."""
    buffer = panel.area == BUFFER
    if not panel.distance_m.size or not edges_m:
        return [buffer] if buffer.any() else []
    inner = (0.0, *edges_m[:-1])
    rings = [
        buffer & (panel.distance_m > low) & (panel.distance_m <= high)
        for low, high in zip(inner, edges_m, strict=True)
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
    warnings: tuple[str, ...] = ()
    if not far_places(panel, plan.ring_edges_m).any(axis=1).all():
        warnings = (NO_FAR,)
    parts = {"log_by_ring": fit.log, "se_by_ring": np.sqrt(fit.variance), "events_by_ring": fit.events}
    return from_se(
        "ring", LOG_RATIO, fit.log[:, 0], np.sqrt(fit.variance[:, 0]), alpha=plan.alpha,
        df=fit.n_clusters - 1.0, warnings=warnings, parts=parts,
    )  # fmt: skip


def ring_areas(panel: Panel, plan: Plan) -> tuple[Estimates, Estimates] | None:
    """Return the change in events in all rings, and in target and rings together; None without rings."""
    fit = Rings(panel, plan.ring_edges_m)
    if fit.n_groups < 2:
        return None
    near, both = range(1, fit.n_groups), range(fit.n_groups)
    rings, whole = (
        from_se("ring", EVENTS, fit.events[:, list(g)].sum(axis=1), fit.events_se(*g), alpha=plan.alpha,
                df=fit.n_clusters - 1.0)
        for g in (near, both)
    )  # fmt: skip
    return rings, whole


def bounds(panel: Panel, plan: Plan) -> Estimates:
    """E14: the city's change in events, between "nothing was displaced" and "a share s_max was".

    From the target's interval: its lower end with nothing displaced, its upper end with s_max displaced (a rise
    is not lessened). No p; the estimate is the middle of the two point estimates, which are among the parts.
    """
    target = poisson_did(panel, plan)
    _, after = panel.area_sums(TREATED)
    te = after * (1.0 - np.exp(-target.estimate))
    low = after * (1.0 - np.exp(-target.low))
    high = after * (1.0 - np.exp(-target.high))
    least, most = (np.where(x < 0, x * (1.0 - plan.s_max), x) for x in (te, high))
    nothing = np.full(panel.n_replicates, np.nan)
    warnings = (*target.warnings, ASSUMED.format(100 * plan.s_max))
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
