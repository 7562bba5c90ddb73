"""What is run for a method: blocks of points, and which random number stream each point has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from odssim.core.types import Array
from odssim.errors import OdssimError
from odssim.studies.sensitivity import design
from odssim.studies.sensitivity.oat import LEVELS
from odssim.studies.sensitivity.space import DUMMY, Space

BLOCKS: Mapping[str, int] = {
    "chance": 24, "oat": 1, "morris": 20, "sobol": 64, "pawn": 128, "shapley": 64, "emulator": 96, "decisions": 64,
}  # fmt: skip
"""How many blocks each method takes if nothing is said."""
WITHOUT_DUMMY = ("chance", "decisions", "pawn")
"""Methods that know chance in another way."""


@dataclass(frozen=True)
class Sample:
    """Points in blocks; what is compared stands in one block."""

    method: str
    space: Space
    unit: Array
    """Points of the unit cube, float64[blocks, rows, k]."""
    stream: Array
    """The random number stream of each point, int[blocks, rows]: replicate r of points with one stream has the same
    seed. Within a block the stream is common, so that differences are paired; the dummy alone changes it, so
    that its index is what other random numbers do. Between blocks it is new, so that blocks are independent,
    unless `common_random_numbers` was asked for."""
    common_random_numbers: bool

    @property
    def values(self) -> Array:
        """Parameter values, float64[blocks, rows, k]."""
        return self.space.values(self.unit)

    @property
    def n_blocks(self) -> int:
        """Number of blocks."""
        return len(self.unit)


def make_sample(
    method: str,
    space: Space,
    n_blocks: int | None = None,
    *,
    base: Sequence[float] | None = None,
    common_random_numbers: bool = False,
    second_order: bool = False,
    seed: int = 1,
) -> Sample:
    """Return the sample of a method over a space, the dummy added where the method needs one.

    Parameters
    ----------
    n_blocks
        Default `BLOCKS`; the blocks of a smaller sample are the first of a larger.
    base
        For ``oat``: the base values of the space's parameters.
    second_order
        For ``sobol``: also the points that second-order indices need, nearly twice as many.

    Raises OdssimError: if there is no such method, or a group is given to one that cannot take it.
    """
    from odssim.scenario.faults import nearest

    if method not in BLOCKS:
        raise OdssimError("no such method: {method!r}; {remedy}", method=method, remedy=nearest(method, list(BLOCKS)))
    space = space if method in WITHOUT_DUMMY else space.with_dummy()
    if method in ("shapley", "pawn", "oat") and len(space.groups) < len(space.ids):
        raise OdssimError("{method} takes parameters one by one: leave the groups out", method=method)
    if second_order and method != "sobol":
        raise OdssimError("second-order indices come from sobol, not from {method}", method=method)
    n = n_blocks or BLOCKS[method]
    k = len(space.ids)
    makers: dict[str, Callable[[], Array]] = {
        "morris": lambda: design.trajectories(n, k, space.groups, seed),
        "sobol": lambda: design.pick_freeze(n, k, space.groups, seed, second_order=second_order),
        "shapley": lambda: design.shapley_paths(n, k, seed),
        "oat": lambda: design.one_at_a_time(_base_point(space, base), LEVELS)[None],
    }
    unit = makers[method]() if method in makers else design.sobol_points(n, k, seed)[:, None]
    return Sample(method, space, unit, _stream(unit, space, method, common_random_numbers), common_random_numbers)


def _base_point(space: Space, base: Sequence[float] | None) -> Array:
    values = [f.values(np.array(0.5)) for f in space.factors] if base is None else [*base, 0.5]
    return space.unit(np.array(values, dtype=np.float64))


def _stream(unit: Array, space: Space, method: str, common_random_numbers: bool) -> Array:
    n, m, _ = unit.shape
    stream = np.zeros((n, m), dtype=np.int64)
    if space.ids[-1] == DUMMY:
        stream += unit[:, :, -1] != unit[:, :1, -1]
        if method == "oat":
            stream[0, m - len(LEVELS) :] = 1 + np.arange(len(LEVELS))
    return stream if common_random_numbers else stream + 2 * np.arange(n)[:, None]
