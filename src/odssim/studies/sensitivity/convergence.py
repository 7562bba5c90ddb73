"""Are there enough runs? Indices over growing prefixes of the same design, and the answer in one sentence."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from odssim.errors import OdssimError
from odssim.language.written import figures
from odssim.studies.sensitivity.index import Index
from odssim.studies.sensitivity.space import DUMMY

WIDEST = 0.05
"""Half the width of an interval that counts as known, for indices that are shares; after Sarrazin, Pianosi and
Wagener 2016, who propose 0.05 for the whole width as a strict criterion. Assumption."""


@dataclass(frozen=True)
class Step:
    """One parameter's index with the first `n_blocks` blocks."""

    n_blocks: int
    parameter: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Convergence:
    """How indices settle as blocks are added, and whether they have."""

    steps: tuple[Step, ...]
    has_converged: bool
    is_ranking_stable: bool
    widest: float
    enough_blocks: int
    sentence: str


def convergence(
    n_blocks: int, indices_of: Callable[[int], Sequence[Index]], *, widest: float = WIDEST, least_blocks: int = 8
) -> Convergence:
    """Return the indices of 1/8, 1/4, 1/2 and all of the blocks, and the verdict.

    `indices_of`: the indices of one measure from the first n blocks.
    `widest`: half width, in the index's unit, below which an index is known; 0 where nothing has any effect.
    """
    steps: list[Step] = []
    for n in prefixes(n_blocks, least_blocks):
        try:
            rows = indices_of(n)
        except OdssimError:
            continue  # a prefix may be too short for what the whole can tell
        steps += [Step(n, row.parameter, row.value, row.low, row.high) for row in rows]
    last = [step for step in steps if step.n_blocks == n_blocks]
    half = max(((step.high - step.low) / 2 for step in last), default=math.inf)
    enough = n_blocks if half <= widest else 2 * n_blocks  # where no half width can be aimed at
    if math.isfinite(half) and widest > 0:
        enough = math.ceil(n_blocks * max(1.0, half / widest) ** 2)
    stable = _same_ranking(steps, widest)
    done = half <= widest and stable
    if done:
        text = f"Enough runs: the widest interval is +/- {figures(half)}; the last doubling did not change the ranking."
    elif half <= widest:
        text = f"Intervals are narrow (+/- {figures(half)}) but the last doubling changed the ranking: double the blocks."
    else:
        text = (
            f"Not enough runs: the widest interval is +/- {figures(half)} (wanted +/- {figures(widest)}); about {enough} "
            f"blocks in place of {n_blocks} would do. Stored runs are used again."
        )
    return Convergence(tuple(steps), done, stable, half, enough, text)


def prefixes(n_blocks: int, least: int = 8) -> list[int]:
    """Return an eighth, a quarter, a half and all of the blocks, none below `least` but the last."""
    return [n for n in (n_blocks // 8, n_blocks // 4, n_blocks // 2) if n >= least] + [n_blocks]


def _same_ranking(steps: Sequence[Step], widest: float) -> bool:
    """Whether parameters that differ by more than `widest` stand in the same order in the last two prefixes."""
    sizes = sorted({step.n_blocks for step in steps})
    if len(sizes) < 2:
        return False
    before, now = ({s.parameter: s.value for s in steps if s.n_blocks == n and s.parameter != DUMMY} for n in sizes[-2:])
    pairs = [(p, q) for p in now for q in now if now[p] > now[q] + widest]
    return all(before[p] > before[q] for p, q in pairs)
