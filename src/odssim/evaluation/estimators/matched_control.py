"""Matched controls: for every treated place the most similar other place beyond an exclusion radius."""

from dataclasses import replace

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.estimates import Estimates, warning
from odssim.evaluation.estimators.nb_did import poisson_did
from odssim.evaluation.estimators.panel import CONTROL, FAR, TREATED, UNUSED, Panel, Plan


def features(panel: Panel) -> Array:
    """Return what places are matched on: mean and slope of the counts before, and given features, [R, J, n]."""
    y = panel.counts[:, :, panel.before]
    t = np.arange(y.shape[2]) - (y.shape[2] - 1) / 2.0
    slope = (y * t).sum(axis=2) / max((t**2).sum(), 1.0)
    made = np.stack([y.mean(axis=2), slope], axis=2)
    if not panel.features.size:
        return made
    given = np.broadcast_to(panel.features, (*made.shape[:2], panel.features.shape[1]))
    return np.concatenate([made, given], axis=2)


def mahalanobis(values: Array, a: Array, b: Array) -> Array:
    """Return the distance between places `a` and `b` in units of how all places scatter, float64[R, len(a), len(b)].

    `values`: float64[R, J, n].
    `a`, `b`: indices of places, int64[R, n_a] and [R, n_b].
    """
    inverse = maths.solve(maths.covariance(values), np.broadcast_to(np.eye(n := values.shape[2]), (len(values), n, n)))
    rows = np.arange(len(values))[:, None]
    gap = [values[rows, a, i][:, :, None] - values[rows, b, i][:, None, :] for i in range(n)]
    square = sum(gap[i] * gap[j] * inverse[:, i, j, None, None] for i in range(n) for j in range(n))
    return np.asarray(np.sqrt(np.maximum(square, 0.0)))


def match(panel: Panel, exclude_within_m: float, caliper: float) -> tuple[Array, Array]:
    """Return which places are matched controls and which treated places found one, bool[R, J] each.

    The busiest treated place chooses first; no control is used twice.
    """
    values = features(panel)
    everyone = np.broadcast_to(np.arange(panel.n_places), panel.area.shape)
    free = np.isin(panel.area, (CONTROL, FAR))
    if panel.distance_m.size:
        free = free & (panel.distance_m >= exclude_within_m)
    treated = panel.area == TREATED
    level = np.where(treated, values[:, :, 0], -np.inf)
    order = np.argsort(-level, axis=1, kind="stable")[:, : int(treated.sum(axis=1).max())]
    gap = mahalanobis(values, order, everyone)
    rows = np.arange(panel.n_replicates)
    chosen, found = np.zeros_like(free), np.zeros_like(treated)
    for k in range(order.shape[1]):
        who = order[:, k]
        distance = np.where(free, gap[:, k], np.inf)
        best = distance.argmin(axis=1)
        good = treated[rows, who] & (distance[rows, best] <= caliper)
        chosen[rows[good], best[good]] = True
        free[rows[good], best[good]] = False
        found[rows[good], who[good]] = True
    return chosen, found


def matched_panel(panel: Panel, exclude_within_m: float, caliper: float) -> Panel:
    """Return the panel with matched controls only, and the treated places that have one."""
    chosen, found = match(panel, exclude_within_m, caliper)
    keep = np.isin(panel.area, (TREATED, CONTROL, FAR))
    area = np.where(found, TREATED, np.where(chosen, CONTROL, np.where(keep, UNUSED, panel.area)))
    return replace(panel, area=area.astype(np.int8))


def matched_control(panel: Panel, plan: Plan) -> Estimates:
    """E5: the Poisson difference in differences of treated places and their matched controls."""
    matched = matched_panel(panel, plan.exclude_within_m, plan.caliper)
    found = poisson_did(matched, plan)
    lost = panel.n_of(TREATED) - matched.n_of(TREATED)
    warnings = found.warnings
    if lost.any():
        warnings = (*warnings, warning("unmatched", n=float(lost.mean())))
    if plan.exclude_within_m > 0 and not panel.distance_m.size:
        warnings = (*warnings, warning("no_distance"))
    return replace(found, estimator="matched_control", warnings=warnings, parts={"unmatched": lost})
