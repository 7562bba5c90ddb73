"""One draw of a design's lottery: who gets the intervention when, and in which order its places stand."""

from dataclasses import dataclass

import numpy as np

from odssim.core.types import Array
from odssim.evaluation.design.analysis_plan import mechanism_of, time_lottery_of
from odssim.evaluation.design.design_file import Design


@dataclass(frozen=True)
class Assignment:
    """R draws."""

    order: Array
    """Which place of the city stands in each row, int64[R, K]; the sample comes first."""
    dose: Array
    """Share of the plan in force by row, float64[R, K, T]."""

    def by_place(self) -> Array:
        """Return the dose with places in the city's order, float64[R, K, T]."""
        found = np.zeros_like(self.dose)
        np.put_along_axis(found, self.order[..., None], self.dose, axis=1)
        return found


def n_candidates(design: Design) -> int:
    """Return the number of listed places of the city, K."""
    places = design.keys.data.places
    return max(places.candidates or 0, places.treated + places.control)


def draw_assignment(design: Design, counts_before: Array, hot: bool, rng: np.random.Generator) -> Assignment:
    """Return one draw for each replicate.

    `counts_before`: events of each place before the start, float64[R, K]: what places are ranked by where they are
    picked because hot, or put into blocks and pairs of their like.
    `hot`: whether the treated are the hottest places, whatever the lottery says.
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
        dose[:, :n, start:] = mechanism.draw(n_replicates, rng)[..., None]
    return Assignment(order, dose)


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
