"""From a design to what estimators need: the lottery, the plan, the panel of an assignment."""

from collections.abc import Callable
from functools import partial

import numpy as np

from odssim.core.types import Array
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.design.power import panel_df, panel_se
from odssim.evaluation.estimators.panel import Plan
from odssim.evaluation.lottery.over_places import Blocks, Mechanism, Saturation, blocked, complete, paired
from odssim.evaluation.lottery.over_time import Crossover, TimeLottery, steps

BY_RANDOMISATION = ("permutation", "placebo")
"""Estimators whose p is that of a lottery over places, drawn or supposed."""


def even(n: int, parts: int) -> list[int]:
    """Return `n` dealt into `parts` as evenly as possible, the larger first."""
    return [n // parts + (i < n % parts) for i in range(parts)]


def mechanism_of(design: Design) -> Mechanism | None:
    """Return the lottery over the design's treated and control places, treated + control of them.

    None where randomisation decides no such thing: places picked by hand, crossover and stepped wedge (there the draw
    is over time, see `assign_time`).
    """
    places, assignment = design.keys.data.places, design.keys.data.assignment
    n = places.treated + places.control
    if assignment.mechanism == "complete":
        return complete(n, places.treated)
    if assignment.mechanism == "paired":
        return paired(places.treated)
    if assignment.mechanism == "blocked":
        if assignment.block_sizes is None:
            assert assignment.blocks is not None
            treated, control = even(places.treated, assignment.blocks), even(places.control, assignment.blocks)[::-1]
        else:
            treated, control = ([block[arm] for block in assignment.block_sizes] for arm in (0, 1))
        return blocked([t + c for t, c in zip(treated, control, strict=True)], treated)
    if assignment.mechanism == "saturation":
        district = np.arange(n) * len(assignment.saturations) // n
        return Saturation(district, tuple(assignment.saturations))
    return None


def time_lottery_of(design: Design) -> TimeLottery | None:
    """Return the lottery over periods (crossover) or over the order of places (stepped wedge), else None."""
    assignment, timing = design.keys.data.assignment, design.keys.data.timing
    n = design.keys.data.places.treated + design.keys.data.places.control
    after = design.n_periods - timing.pre
    if assignment.mechanism == "crossover":
        return Crossover(n, after, max(1, min(n - 1, round(assignment.on_share * n))))
    return steps(n, assignment.steps or min(n, timing.post), after) if assignment.mechanism == "stepped_wedge" else None


def block_of(design: Design) -> Array:
    """Return the block of each treated or control place, int64[treated + control]; all 0 without blocks."""
    mechanism = mechanism_of(design)
    n = design.keys.data.places.treated + design.keys.data.places.control
    return np.zeros(n, dtype=np.int64) if mechanism is None else mechanism.block


def plan_of(design: Design) -> Plan:
    """Return the analysis of a design."""
    data, answer = design.keys.data, design.keys.answer
    return Plan(
        alpha=answer.alpha,
        dispersion=answer.dispersion_known,
        mechanism=mechanism_of(design),
        time_lottery=time_lottery_of(design),
        n_draws=answer.draws,
        seed=data.assignment.seed,
        exclude_within_m=data.places.exclude_within_m,
        ring_edges_m=tuple(data.places.buffer_m),
        range_m=data.places.displacement_range_m,
        s_max=answer.s_max,
    )


def planned_test(design: Design) -> tuple[Callable[[float], float], float]:
    """Return what the closed forms of power need: the error of the log ratio by true ratio, and the degrees of freedom.

    A lottery (or placebo) compares all places, n - 2; any other primary estimator rests on how each arm's places differ.
    """
    places, counts, timing = design.keys.data.places, design.keys.data.counts, design.keys.data.timing
    arms, spread = (places.treated, places.control), counts.spread_of_places
    se = partial(
        panel_se, n_treated=arms[0], n_control=arms[1], mean=counts.mean, pre=timing.pre, post=timing.post,
        nb2_alpha=counts.dispersion, drift_sd=counts.place_drift_sd, spread=spread,
    )  # fmt: skip
    by_randomisation = design.keys.answer.primary in BY_RANDOMISATION
    return se, max(1.0, sum(arms) - 2.0) if by_randomisation else panel_df(*arms, spread)


def smallest_p_of(design: Design) -> float | None:
    """Return the smallest p that the design's permutation (or placebo) test can give; None without a lottery."""
    mechanism, places = mechanism_of(design), design.keys.data.places
    if mechanism is None and "placebo" in design.estimators:
        mechanism = complete(places.treated + places.control, places.treated)
    if isinstance(mechanism, Blocks):
        return mechanism.smallest_p()
    return None if mechanism is None else 1.0 / mechanism.n_assignments()
