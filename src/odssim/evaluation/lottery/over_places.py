"""How places are drawn for treatment: at random, in blocks or pairs, in two stages, or picked by hand."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from odssim.core import maths
from odssim.core.types import Array

LARGEST_LIST = 20_000
"""With more assignments than this a test draws some of them."""
LARGEST_FIRST_STAGE = 8
"""Districts whose orders are listed."""


class Mechanism(Protocol):
    """A lottery over assignments of J places; `block` says within which places it draws."""

    @property
    def block(self) -> Array:
        """Block, pair or district of each place, int64[J]."""

    def n_assignments(self) -> int:
        """Return how many assignments the lottery may give."""

    def every(self) -> Array | None:
        """Return all assignments, bool[P, J]; None if some are likelier than others."""

    def draw(self, n: int, rng: np.random.Generator) -> Array:
        """Return `n` drawn assignments, bool[n, J]."""


@dataclass(frozen=True)
class Blocks:
    """Within each block, `n_treated` of its places are drawn; one block is complete randomisation, pairs are 1 of 2."""

    block: Array
    """Block of each place, 0..B-1, int64[J]."""
    n_treated: tuple[int, ...]
    """Places drawn in each block, length B."""

    def members(self) -> list[Array]:
        """Return the places of each block."""
        return [np.flatnonzero(self.block == b) for b in range(len(self.n_treated))]

    def n_assignments(self) -> int:
        """Return the product over blocks of (size over drawn)."""
        sizes = zip(self.members(), self.n_treated, strict=True)
        return math.prod(math.comb(len(places), n) for places, n in sizes)

    def every(self) -> Array:
        """Return all assignments, bool[P, J]."""
        sizes = zip(self.members(), self.n_treated, strict=True)
        choices = [list(itertools.combinations(places.tolist(), n)) for places, n in sizes]
        table = np.zeros((self.n_assignments(), len(self.block)), dtype=bool)
        for row, chosen in enumerate(itertools.product(*choices)):
            table[row, list(itertools.chain.from_iterable(chosen))] = True
        return table

    def draw(self, n: int, rng: np.random.Generator) -> Array:
        """Return `n` drawn assignments, bool[n, J]: in each block those with the smallest random numbers."""
        table = np.zeros((n, len(self.block)), dtype=bool)
        for places, n_treated in zip(self.members(), self.n_treated, strict=True):
            table[:, places] = smallest(rng.random((n, len(places))), n_treated)
        return table

    def smallest_p(self, *, one_sided: bool = False) -> float:
        """Return the smallest p that any data can give.

        Two-sided on the absolute statistic, an assignment and its opposite tie if every block treats half of
        its places.
        """
        halves = all(2 * n == len(m) for m, n in zip(self.members(), self.n_treated, strict=True))
        return (2.0 if halves and not one_sided else 1.0) / self.n_assignments()


def smallest(numbers: Array, k: int) -> Array:
    """Return which numbers are the k smallest of their row (the last axis), bool; equals are all in."""
    return numbers <= maths.ranked(numbers, k - 1)[..., None] if k else np.zeros(numbers.shape, dtype=bool)


def complete(n_places: int, n_treated: int) -> Blocks:
    """Return complete randomisation of `n_treated` of `n_places`."""
    return Blocks(np.zeros(n_places, dtype=np.int64), (n_treated,))


def paired(n_pairs: int) -> Blocks:
    """Return randomisation within pairs; places 2k and 2k + 1 are a pair."""
    return Blocks(np.repeat(np.arange(n_pairs), 2), (1,) * n_pairs)


def blocked(sizes: Sequence[int], n_treated: Sequence[int]) -> Blocks:
    """Return randomisation within blocks of these sizes, places in the order of the blocks."""
    return Blocks(np.repeat(np.arange(len(sizes)), sizes), tuple(n_treated))


@dataclass(frozen=True)
class Saturation:
    """Two stages: each district draws a share of its places to treat, then the places are drawn."""

    district: Array
    """District of each place, 0..D-1, int64[J]."""
    shares: tuple[float, ...]
    """Share for each district in some order; which district gets which share is drawn."""

    @property
    def block(self) -> Array:
        """The district of each place."""
        return self.district

    def treated_in(self, places: Array, share: float) -> int:
        """Return how many of a district's places are treated at a share."""
        return round(len(places) * share)

    def orders(self) -> list[tuple[float, ...]]:
        """Return the distinct ways to deal the shares to the districts."""
        return sorted(set(itertools.permutations(self.shares)))

    def inner(self, order: Sequence[float]) -> Blocks:
        """Return the second stage, given each district's share."""
        members = [np.flatnonzero(self.district == d) for d in range(len(self.shares))]
        return Blocks(self.district, tuple(self.treated_in(m, s) for m, s in zip(members, order, strict=True)))

    def n_assignments(self) -> int:
        """Return the number of assignments; more than `LARGEST_LIST` where the first stage has too many to list."""
        if len(self.shares) > LARGEST_FIRST_STAGE:
            return LARGEST_LIST + 1
        return sum(self.inner(order).n_assignments() for order in self.orders())

    def every(self) -> Array | None:
        """Return all assignments, bool[P, J]; None if districts differ in size, so that some are likelier."""
        inner = [self.inner(order) for order in self.orders()]
        alike = len({blocks.n_assignments() for blocks in inner}) == 1
        return np.concatenate([blocks.every() for blocks in inner]) if alike else None

    def draw(self, n: int, rng: np.random.Generator) -> Array:
        """Return `n` drawn assignments, bool[n, J]."""
        rows = [self.inner(rng.permutation(self.shares).tolist()).draw(1, rng)[0] for _ in range(n)]
        return np.array(rows)


def assignments_of(mechanism: Mechanism, n_draws: int, rng: np.random.Generator) -> tuple[Array, bool]:
    """Return all assignments, or `n_draws` of them if they are too many, and whether they are all."""
    table = mechanism.every() if mechanism.n_assignments() <= LARGEST_LIST else None
    return (mechanism.draw(n_draws, rng), False) if table is None else (table, True)
