"""One draw of a design's lottery: who gets the intervention when, and in which order its places stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from odssim.evaluation.assign import Array, Mechanism
from odssim.evaluation.assign_time import Crossover, TimeLottery, steps
from odssim.evaluation.design import Design
from odssim.evaluation.from_design import mechanism_of

OVER_TIME = ("crossover", "stepped_wedge")


@dataclass(frozen=True)
class Lot:
    """R draws.

    Attributes
    ----------
    order
        Which place of the city stands in each row, int64[R, K]; the sample comes first.
    dose
        Share of the plan in force by row, float64[R, K, T].
    """

    order: Array
    dose: Array

    def by_place(self) -> Array:
        """Return the dose with places in the city's order, float64[R, K, T]."""
        found = np.zeros_like(self.dose)
        np.put_along_axis(found, self.order[..., None], self.dose, axis=1)
        return found


def n_candidates(design: Design) -> int:
    """Return the number of listed places of the city, K."""
    places = design.keys.data.places
    return max(places.candidates or 0, places.treated + places.control)


def time_lottery_of(design: Design) -> TimeLottery | None:
    """Return the lottery over periods or over the order of places; None if the design has none."""
    places, lot, post = design.keys.data.places, design.keys.data.assignment, design.keys.data.timing.post
    n, n_after = places.treated + places.control, design.keys.data.timing.washout + post
    if lot.mechanism == "crossover":
        return Crossover(n, n_after, max(1, min(n - 1, round(lot.on_share * n))))
    if lot.mechanism == "stepped_wedge":
        return steps(n, lot.steps or min(n, post), n_after)
    return None


def draw_lots(design: Design, counts_before: Array, hot: bool, rng: np.random.Generator) -> Lot:
    """Return one draw for each replicate.

    Parameters
    ----------
    counts_before
        Events of each place before the start, float64[R, K]: what places are ranked by where they are picked
        because hot, or put into blocks and pairs of their like.
    hot
        Whether the treated are the hottest places, whatever the lottery says.
    """
    places, timing = design.keys.data.places, design.keys.data.timing
    n, start = places.treated + places.control, timing.pre
    n_replicates, n_all = counts_before.shape
    order = _order(design, counts_before, hot)
    dose = np.zeros((n_replicates, n_all, design.n_periods))
    over_time = time_lottery_of(design)
    mechanism = mechanism_of(design)
    if over_time is not None:
        table, is_all = over_time.table(n_replicates, rng)
        drawn = table[rng.integers(len(table), size=n_replicates)] if is_all else table
        dose[:, :n, start:] = drawn
    elif hot or mechanism is None:
        dose[:, : places.treated, start:] = 1.0
    else:
        dose[:, :n, start:] = _drawn(mechanism, n_replicates, rng)[..., None]
    return Lot(order, dose)


def _drawn(mechanism: Mechanism, n: int, rng: np.random.Generator) -> Array:
    return mechanism.draw(n, rng)


def _order(design: Design, counts_before: Array, hot: bool) -> Array:
    """Return which place stands in each row: as they come, by rank, or the sample alone by rank."""
    n_replicates, n_all = counts_before.shape
    n = design.keys.data.places.treated + design.keys.data.places.control
    order = np.broadcast_to(np.arange(n_all), (n_replicates, n_all)).copy()
    by_rank = np.argsort(-counts_before, axis=1, kind="stable")
    if hot or design.keys.data.places.chosen == "hot":
        return by_rank
    if design.keys.data.assignment.mechanism in ("blocked", "paired"):
        order[:, :n] = np.argsort(-counts_before[:, :n], axis=1, kind="stable")
    return order
