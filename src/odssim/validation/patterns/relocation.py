"""V9: where trade goes when one scene at a time is worked at."""

from collections.abc import Sequence

import numpy as np

from odssim.analysis.comparison.contrast import BUFFER_M
from odssim.analysis.comparison.placebo import PLACEBO_OPTIONS, PLACEBO_TYPE, UNRELATED_M
from odssim.analysis.displacement.rings import metres_to_targets
from odssim.core.types import Array
from odssim.observe.result import RunResult
from odssim.scenario.records import InterventionSpec
from odssim.validation.patterns.findings import Value
from odssim.validation.patterns.trunk import Trunk, place_days

DAYS = 84
METHODS = ("fifteen_minute_patrol", "cameras", "place_managers")
"""One site under each per seed; the sites change from seed to seed."""
MATTERS = 0.1
"""Share of what was removed from which a change of the buffer counts."""


def rings(trunk: Trunk, site: Sequence[int]) -> tuple[Array, Array, Array]:
    """Return target, buffer (500 m around it) and control (the rest), bool[P] each."""
    distance = metres_to_targets(*trunk.city.place_xy_m(), frozenset(site))
    target = np.zeros(len(distance), dtype=bool)
    target[list(site)] = True
    near = (distance <= BUFFER_M) & ~target
    return target, near, ~(target | near)


def totals(result: RunResult) -> Array:
    """Return open deals per place over the window, float64[P]."""
    return place_days(result)[:DAYS].sum(axis=0)


def placebo_place(trunk: Trunk, base: Array) -> int:
    """Return the busiest place over a kilometre from all scenes."""
    distance = metres_to_targets(*trunk.city.place_xy_m(), frozenset(trunk.cells))
    return int(np.argmax(np.where(distance > UNRELATED_M, base, -1.0)))


def placebo_arm(trunk: Trunk, base: Array, days: int) -> RunResult:
    """Return the world with one visit at a place that has nothing to do with any scene."""
    spec = trunk.plan(PLACEBO_TYPE, [placebo_place(trunk, base)], 1, **PLACEBO_OPTIONS)
    return trunk.branch(days, spec)


def site_plans(trunk: Trunk, days: int) -> list[tuple[tuple[int, ...], InterventionSpec]]:
    """Return the sites of this seed with the method at each."""
    n, seed = len(trunk.sites), trunk.scenario.seed
    chosen = [trunk.sites[(seed + j) % n] for j in range(len(METHODS))]
    return [(site, trunk.plan(method, site, days)) for site, method in zip(chosen, METHODS, strict=True)]


def relocation(trunk: Trunk, base_run: RunResult, days: int = DAYS) -> dict[str, Value]:
    """V9: shares of site contrasts with displacement and diffusion, and the quotient as a ratio of sums.

    A change of the buffer counts if it is more than a tenth of what was removed and more than the largest
    change that the placebo of this seed makes in any of the buffers. A site where nothing was removed has
    neither. WDQ: Bowers and Johnson (2003), control = rest of the city.
    """
    base = place_days(base_run)[:days].sum(axis=0)
    placebo = totals(placebo_arm(trunk, base, days))
    plans = site_plans(trunk, days)
    parts = [rings(trunk, site) for site, _ in plans]
    floor = max(abs(float((placebo - base)[near].sum())) for _, near, _ in parts)
    displaced = diffused = 0
    buffer_sum = target_sum = 0.0
    for (_, spec), (target, near, rest) in zip(plans, parts, strict=True):
        other = totals(trunk.branch(days, spec))
        removed = float((base - other)[target].sum())
        moved = float((other - base)[near].sum())
        if removed > 0 and abs(moved) > max(MATTERS * removed, floor):
            displaced += moved > 0
            diffused += moved < 0
        control = float(other[rest].sum() / max(1.0, base[rest].sum()))
        buffer_sum += float(other[near].sum()) / max(control, 1e-9) - float(base[near].sum())
        target_sum += float(other[target].sum()) / max(control, 1e-9) - float(base[target].sum())
    n = float(len(plans))
    return {
        "V9 displaced": (float(displaced), n),
        "V9 diffused": (float(diffused), n),
        "V9 wdq": (buffer_sum, target_sum),
        "note V9 placebo change of a buffer, deals": floor,
    }
