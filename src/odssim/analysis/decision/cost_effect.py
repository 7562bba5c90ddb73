"""Cost-effectiveness: what more effect costs, in words where a ratio would mislead, and how sure one can be.

A ratio of two negative numbers looks like a ratio of two positive ones, and a negative ratio may be the best or
the worst of all. So a ratio is given only where both differences are established and point the same way, and
every position is said in words (Drummond et al., Methods for the Economic Evaluation of Health Care Programmes).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from odssim.analysis.statistics.intervals import Estimate, difference_estimate, never_differs, ratio_estimate
from odssim.analysis.statistics.posterior import best_share
from odssim.core.types import Array

DOES_MORE, DOES_LESS, MORE_FOR_LESS, LESS_FOR_MORE = "does more", "does less", "dominates", "dominated"
UNCLEAR_EFFECT, UNCLEAR_COST, SAME, ONE_RUN = "effect unclear", "cost unclear", "same", "one run"
N_GRID = 51


@dataclass(frozen=True)
class Increment:
    """One mix against the base."""

    effect: Estimate
    cost: Estimate
    """Gain in effect (more is better) and extra cost in SEK, both a day, with paired t intervals."""
    position: str
    """DOES_MORE (and costs more), DOES_LESS (and costs less), MORE_FOR_LESS (or for the same),
    LESS_FOR_MORE, or why the position is not known."""
    sek_per_unit: float | None = None
    low: float | None = None
    high: float | None = None
    """SEK per unit gained (DOES_MORE) or saved per unit given up (DOES_LESS), with its Fieller interval;
    None elsewhere."""


def increment(effect: ArrayLike, cost: ArrayLike, event: float = 0.0) -> Increment:
    """Return where a mix stands on the plane of cost and effect, from paired differences to the base, [n] each.

    `event`: by how much one event more changes the effect, if it counts events.
    """
    gain, extra = difference_estimate(effect, event=event), difference_estimate(cost, planned=True)
    position = position_of(sign_of(gain), sign_of(extra)) if gain.n > 1 else ONE_RUN
    if position not in (DOES_MORE, DOES_LESS):
        return Increment(gain, extra, position)
    price = ratio_estimate(cost, effect)
    return Increment(gain, extra, position, price.value, price.low, price.high)


def sign_of(estimate: Estimate) -> int | None:
    """Return 1 or -1 where the interval lies on one side of zero, 0 if it is zero itself, None if not known."""
    if never_differs(estimate):
        return 0
    if estimate.low is None or estimate.high is None:
        return None
    return 1 if estimate.low > 0 else -1 if estimate.high < 0 else None


def position_of(effect: int | None, cost: int | None) -> str:
    """Return the position for the signs of the gain in effect and of the extra cost."""
    if effect is None:
        return UNCLEAR_EFFECT
    if cost is None:
        return UNCLEAR_COST
    if effect == cost:
        return {1: DOES_MORE, -1: DOES_LESS, 0: SAME}[effect]
    return MORE_FOR_LESS if effect > cost else LESS_FOR_MORE


@dataclass(frozen=True)
class Step:
    """A mix on the way from the cheapest to the dearest, by mean cost and effect."""

    mix: int
    dominated_by: tuple[int, ...] = ()
    """Indices: one mix that costs no more and does no less, or two of which a blend does more for the money
    (extended dominance); empty on the frontier."""
    before: int | None = None
    """The mix below it on the frontier; None for the cheapest and for the dominated."""
    sek_per_unit: float | None = None
    """Extra cost per extra unit against `before`."""


def frontier(effect: Sequence[float], cost: Sequence[float]) -> list[Step]:
    """Return a step for each mix, in the order given, from mean effect (more is better) and mean cost."""
    order = sorted(range(len(cost)), key=lambda k: (cost[k], -effect[k], k))
    kept: list[int] = []
    beaten: dict[int, tuple[int, ...]] = {}
    for k in order:
        if kept and effect[k] <= effect[kept[-1]]:
            beaten[k] = (kept[-1],)
            continue
        while len(kept) > 1 and _price(effect, cost, kept[-2], kept[-1]) >= _price(effect, cost, kept[-1], k):
            beaten[kept[-1]] = (kept[-2], k)
            kept.pop()
        kept.append(k)
    steps = [Step(k, dominated_by=beaten.get(k, ())) for k in range(len(cost))]
    for low, high in pairwise(kept):
        steps[high] = Step(high, before=low, sek_per_unit=_price(effect, cost, low, high))
    return steps


def _price(effect: Sequence[float], cost: Sequence[float], low: int, high: int) -> float:
    return (cost[high] - cost[low]) / (effect[high] - effect[low])


def acceptability(effect: Array, cost: Array, worth_sek: ArrayLike) -> Array:
    """Return each mix's chance of the highest net benefit, float64[worths, mixes].

    `effect`, `cost`: float64[draws, mixes], drawn together.
    `worth_sek`: willingness to pay per unit of effect, SEK.
    """
    return np.array([best_share(w * effect - cost) for w in np.asarray(worth_sek, dtype=np.float64)])


def worth_grid(steps: Sequence[Step], effect: Sequence[float], cost: Sequence[float], asked: float | None) -> Array:
    """Return the grid of willingness to pay, from 0 to twice the dearest step or what was asked for, SEK."""
    prices = [step.sek_per_unit for step in steps if step.sek_per_unit]
    if not prices:
        spread = max(effect) - min(effect)
        prices = [(max(cost) - min(cost)) / spread] if spread > 0 else []
    top = 2.0 * max([*prices, asked or 0.0], default=0.0)
    return np.linspace(0.0, round_up(top), N_GRID)


def round_up(number: float) -> float:
    """Return the next 1, 2 or 5 times a power of ten; 1 for 0."""
    if number <= 0:
        return 1.0
    power = math.pow(10.0, math.floor(math.log10(number)))
    return next(float(k * power) for k in (1, 2, 5, 10) if k * power >= number * (1 - 1e-12))
