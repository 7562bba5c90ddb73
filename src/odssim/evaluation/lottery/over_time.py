"""Lotteries over time: on and off by period (crossover), and the order in which places start (stepped wedge).

With the formulas for what such designs can give at best: carry-over, and the variance of a stepped wedge.
"""

import itertools
import math
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from odssim.core.types import Array
from odssim.evaluation.lottery.over_places import LARGEST_LIST, smallest


class TimeLottery(Protocol):
    """A lottery over which places are on in which periods from the start on."""

    def table(self, n_draws: int, rng: np.random.Generator) -> tuple[Array, bool]:
        """Return all assignments or `n_draws` of them, bool[P, J, T], and whether they are all."""


@dataclass(frozen=True)
class Crossover:
    """In every period `n_on` of the places are drawn."""

    n_places: int
    n_periods: int
    n_on: int

    def table(self, n_draws: int, rng: np.random.Generator) -> tuple[Array, bool]:
        """Return drawn assignments, bool[P, J, T]; all of them if they are few."""
        if math.prod([math.comb(self.n_places, self.n_on)] * self.n_periods) <= LARGEST_LIST:
            return self.every(), True
        numbers = rng.random((n_draws, self.n_places, self.n_periods)).swapaxes(1, 2)
        return smallest(numbers, self.n_on).swapaxes(1, 2), False

    def every(self) -> Array:
        """Return all assignments, bool[P, J, T]."""
        columns = list(itertools.combinations(range(self.n_places), self.n_on))
        rows = list(itertools.product(columns, repeat=self.n_periods))
        table = np.zeros((len(rows), self.n_places, self.n_periods), dtype=bool)
        for p, row in enumerate(rows):
            for t, chosen in enumerate(row):
                table[p, list(chosen), t] = True
        return table


@dataclass(frozen=True)
class SteppedWedge:
    """Places start one after the other in an order drawn at random.

    `crossing` holds the periods after the start, 0 first, in which some place begins; n_periods and later: never.
    """

    crossing: tuple[int, ...]
    n_periods: int

    def table(self, n_draws: int, rng: np.random.Generator) -> tuple[Array, bool]:
        """Return drawn orders, or all of them, bool[P, J, T]."""
        groups = Counter(self.crossing).values()
        n = math.factorial(len(self.crossing)) // math.prod(math.factorial(g) for g in groups)
        if n <= LARGEST_LIST and len(self.crossing) <= 9:
            orders = sorted(set(itertools.permutations(self.crossing)))
            return self.dose(np.array(orders)), True
        drawn = rng.permuted(np.tile(self.crossing, (n_draws, 1)), axis=1)
        return self.dose(drawn), False

    def dose(self, crossing: Array) -> Array:
        """Return which places are on when, bool[..., J, T], for given crossing periods."""
        return np.asarray(np.arange(self.n_periods) >= np.asarray(crossing)[..., None])


def steps(n_places: int, n_steps: int, n_periods: int) -> SteppedWedge:
    """Return a wedge of `n_places` dealt evenly over `n_steps`, evenly over the periods after the start."""
    when = [round(s * n_periods / n_steps) for s in range(n_steps)]
    return SteppedWedge(tuple(sorted(when[i % n_steps] for i in range(n_places))), n_periods)


def carry_over(effect: float, retention: float, on_share: float, washout: int = 0, mean: float = 1.0) -> dict[str, float]:
    """Return what a crossover reads when deterrence wears off slowly, in events per period.

    Off periods still have effect x retention^l, l periods after the last on period; on periods are drawn with
    chance `on_share`. Among off periods at least washout + 1 after the last on,
    off = effect p r^(w+1) / (1 - (1 - p) r), and the contrast is on less off.
    """
    r, p = retention, on_share
    on = -effect * mean
    off = -effect * mean * p * math.pow(r, washout + 1) / (1.0 - (1.0 - p) * r)
    return {"on": on, "off": off, "contrast": on - off}
