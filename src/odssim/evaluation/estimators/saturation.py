"""Two-stage saturation designs: what treatment does, and what it does to untreated places of the same district.

Baird, Bohren, McIntosh and Ozler (2018), Review of Economics and Statistics 100. Districts draw a share of their
places to treat; untreated places in districts with share 0 are the clean comparison, so that no map of who reaches
whom within a district is needed. Between districts nothing must move.
"""

from dataclasses import replace

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.estimators.arms import mean_arm, together
from odssim.evaluation.estimators.estimates import EVENTS, Estimates, from_se, scaled, warning
from odssim.evaluation.estimators.panel import CONTROL, TREATED, Panel, Plan


def saturation(panel: Panel, plan: Plan) -> Estimates:
    """Two-stage saturation: change at treated places against untreated places of untreated districts, in events.

    `parts` hold the direct effect and the spillover per place.
    """
    found = saturation_effects(panel, plan)
    parts = {name: found[name].estimate for name in ("direct", "spillover")}
    total = scaled(found["total"], panel.n_of(TREATED))
    return replace(total, warnings=(*total.warnings, warning("spillover")), parts=parts)


def saturation_areas(panel: Panel, plan: Plan) -> tuple[Estimates, Estimates]:
    """Return the change at untreated places of districts with treated ones, and at all places of those districts."""
    change, member = _changes(panel)
    drawn = np.isin(panel.area, (TREATED, CONTROL))
    mixed = maths.product((panel.area == TREATED) * 1.0, member) > 0
    in_mixed = drawn & (maths.product(mixed * 1.0, member.T) > 0)
    everywhere = _district_means(change, drawn, member)
    clean = np.where(mixed, np.nan, everywhere)
    whole = _one(np.where(mixed, everywhere, np.nan), clean, plan)
    near = saturation_effects(panel, plan)["spillover"]
    n_near = (in_mixed & (panel.area == CONTROL)).sum(axis=1)
    return scaled(near, n_near), scaled(whole, in_mixed.sum(axis=1))


def saturation_effects(panel: Panel, plan: Plan) -> dict[str, Estimates]:
    """Return direct, spillover and total effects per place, in events over the after period.

    direct: treated less untreated places of districts with some treated; spillover: those untreated less untreated
    places of districts with none; total: their sum, treated less clean. Means over districts, each counting as
    one; errors from how districts differ in each group (Satterthwaite).
    """
    change, member = _changes(panel)
    treated, control = panel.area == TREATED, panel.area == CONTROL
    cells = {"treated": treated, "untreated": control}
    means = {name: _district_means(change, inside, member) for name, inside in cells.items()}
    is_mixed = np.isfinite(means["treated"])
    mixed = np.where(is_mixed, means["untreated"], np.nan)
    clean = np.where(is_mixed, np.nan, means["untreated"])
    found = {
        "direct": _one(means["treated"] - mixed, None, plan),
        "spillover": _one(mixed, clean, plan),
        "total": _one(np.where(is_mixed, means["treated"], np.nan), clean, plan),
    }
    return found


def _changes(panel: Panel) -> tuple[Array, Array]:
    """Return each place's change at equal length, float64[R, J], and whether it is in a district, float64[J, districts]."""
    before, after = panel.sums()
    block = panel.block if panel.block.size else np.zeros(panel.n_places)
    member = (block[:, None] == np.unique(block)).astype(np.float64)
    return after - before * panel.time_ratio, member


def _district_means(values: Array, inside: Array, member: Array) -> Array:
    """Return the mean over each district's places inside, float64[R, districts]; NaN where there is none."""
    n = maths.product(inside * 1.0, member)
    total = maths.product(np.where(inside, values, 0.0), member)
    return np.asarray(np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0))


def _one(group: Array, other: Array | None, plan: Plan) -> Estimates:
    """Return the mean over districts of a group, less that of another group if there is one."""
    mine = mean_arm(group)
    if other is None:
        se, df = together((1.0, mine))
        return from_se("saturation", EVENTS, mine.log, se, alpha=plan.alpha, df=df)
    clean = mean_arm(other)
    se, df = together((1.0, mine), (1.0, clean))
    warnings = (warning("no_clean"),) if np.isnan(clean.log).any() else ()
    return from_se("saturation", EVENTS, mine.log - clean.log, se, alpha=plan.alpha, df=df, warnings=warnings)
