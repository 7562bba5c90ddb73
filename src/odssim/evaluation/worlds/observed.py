"""From a pair of worlds to the panel an evaluator would hold: one indicator read, rows put in the design's order."""

from dataclasses import dataclass, replace

import numpy as np

from odssim.core import maths
from odssim.core.types import Array
from odssim.evaluation.design.analysis_plan import block_of
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.design.keys import OVER_TIME
from odssim.evaluation.estimators.panel import BUFFER, BUFFER_CONTROL, CONTROL, TREATED, UNUSED, Panel
from odssim.evaluation.worlds.assignment import Assignment
from odssim.evaluation.worlds.conditions import Condition
from odssim.evaluation.worlds.instruments import Instrument, Scene, chunks, raised_by
from odssim.evaluation.worlds.truth import Pair

DAYS = {"day": 1.0, "week": 7.0, "month": 365.0 / 12.0, "quarter": 365.0 / 4.0, "year": 365.0}


@dataclass(frozen=True)
class Reading:
    """A panel, and what it would show without chance at the treated places: the indicator's own true log ratio, [R]."""

    panel: Panel
    own_truth: Array


def has_zones(design: Design) -> bool:
    """Whether the design counts around its places."""
    return bool(design.keys.data.places.buffer_m)


def scenes_of(pair: Pair, condition: Condition, design: Design, mean: float) -> tuple[Scene, Scene]:
    """Return what can be read with the intervention and without it; surroundings only where they are counted."""
    zones = has_zones(design)

    def rows(listed: Array, near: Array) -> Array:
        return np.concatenate([listed, near], axis=1) if zones else listed

    base = rows(pair.base.listed, pair.base.near)
    raised = raised_by(condition, pair.dose, pair.treated, design.keys.data.timing.pre)
    # police work around the places too, but what they record there is as before
    raised = rows(raised, np.ones_like(raised))
    days = DAYS[design.keys.data.timing.period]
    # users of a place buy out of sight as often as the whole city's do, and more once they have left it
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.nan_to_num(pair.base.hidden / pair.base.open())[:, None, :]
    hidden = base * ratio
    more = rows(pair.switched, np.zeros_like(pair.switched))
    with_it = Scene(rows(pair.other.listed, pair.other.near), base, raised, hidden + more, mean, days, design)
    return with_it, Scene(base, base, np.ones_like(base), hidden, mean, days, design)


def read(
    instrument: Instrument, pair: Pair, assignment: Assignment, condition: Condition, design: Design, mean: float,
    distance: tuple[Array, Array] | None, rng: np.random.Generator,
) -> Reading:  # fmt: skip
    """Return one indicator's panel for every replicate.

    `mean`: mean level of a place, open deals per period.
    `distance`: metres between rows, and from each to the nearest treated place; see `metres`.
    """
    timing = design.keys.data.timing
    scene, without = scenes_of(pair, condition, design, mean)
    dose, on, start, washout = assignment.dose, pair.dose, timing.pre, timing.washout
    given = pair.given.get(instrument.id)
    if given is not None:
        values, means, means_base = given[1], given[1], given[0]
    else:
        if instrument.waves is not None:
            rounds = chunks(design.n_periods, start, washout, instrument.waves(design))
            scene, without = (_averaged(s, rounds) for s in (scene, without))
            dose, on = (np.stack([a[..., t].mean(axis=2) for t in rounds], axis=2) for a in (dose, on))
            start, washout = sum(t[0] < timing.pre for t in rounds), 0
        means, means_base = instrument.mean(scene), instrument.mean(without)
        values = instrument.draw(means, scene, rng)
    order = assignment.order
    if has_zones(design):
        order = np.concatenate([order, order + order.shape[1]], axis=1)
        dose = np.concatenate([dose, np.zeros_like(dose)], axis=1)
    elif given is not None:
        values, means, means_base = (a[:, : order.shape[1]] for a in (values, means, means_base))
    values = np.take_along_axis(values, order[..., None], axis=1)
    panel = Panel(
        values, _areas(design, assignment), dose, start, washout, block=_blocks(design, order.shape[1]),
        distance_m=distance[1] if distance else np.zeros(0), between_m=distance[0] if distance else np.zeros(0),
        periods_per_year=design.periods_per_year,
    )  # fmt: skip
    return Reading(panel, _own_truth(means, means_base, on > 0, panel))


def _averaged(scene: Scene, rounds: list[Array]) -> Scene:
    def averaged(values: Array) -> Array:
        return np.stack([values[..., t].mean(axis=2) for t in rounds], axis=2)

    return replace(
        scene, deals=averaged(scene.deals), base=averaged(scene.base), raised=averaged(scene.raised),
        hidden=averaged(scene.hidden),
    )  # fmt: skip


def _areas(design: Design, assignment: Assignment) -> Array:
    places = design.keys.data.places
    n, n_all = places.treated + places.control, assignment.order.shape[1]
    treated = assignment.dose.any(axis=2)
    area = np.where(treated, TREATED, CONTROL)
    if design.keys.data.assignment.mechanism in OVER_TIME:
        area[:] = TREATED
    area[:, n:] = UNUSED
    if has_zones(design):
        near = np.where(area == TREATED, BUFFER, np.where(area == CONTROL, BUFFER_CONTROL, UNUSED))
        area = np.concatenate([area, near], axis=1)
    assert area.shape[1] in (n_all, 2 * n_all)
    return area.astype(np.int8)


def _blocks(design: Design, n_rows: int) -> Array:
    block = np.zeros(n_rows, dtype=np.int64)
    own = block_of(design)
    block[: len(own)] = own
    return block


def _own_truth(means: Array, means_base: Array, on: Array, panel: Panel) -> Array:
    """Return the log of the mean reading at the treated places over what it would be without, float64[R]."""
    inside = on & panel.after
    k = on.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (means[:, :k] * inside).sum(axis=(1, 2)) / (means_base[:, :k] * inside).sum(axis=(1, 2))
        return maths.log(ratio)


def metres(position: Array, assignment: Assignment, design: Design) -> tuple[Array, Array]:
    """Return metres between rows and from each row to the nearest treated place, float64[R, J].

    Between rows: float64[J, J], or [R, J, J] where places stand in other orders from replicate to replicate.
    A row of surroundings stands at its own place, half the widest zone away from it.
    """
    placed = position[assignment.order]
    treated = assignment.dose.any(axis=2)
    gap = np.hypot(*(placed[:, :, None] - placed[:, None]).transpose(3, 0, 1, 2))
    nearest = np.where(treated[:, None, :], gap, np.inf).min(axis=2)
    between = gap[0] if (assignment.order == assignment.order[0]).all() else gap
    if has_zones(design):
        reach = design.keys.data.places.buffer_m[-1] / 2
        nearest = np.concatenate([nearest, np.maximum(nearest, reach)], axis=1)
        apart = np.maximum(between, reach)
        between = np.block([[between, apart], [apart, apart]])
        rows = np.arange(between.shape[-1])
        between[..., rows, rows] = 0.0
    return between, nearest
