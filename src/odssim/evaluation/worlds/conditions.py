"""What may be true while an evaluation runs: how strong the effect is, where dealing goes, how it is read."""

import math
from dataclasses import dataclass, replace

from odssim.core.types import Array
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.design.keys import OVER_TIME

Amount = float | Array
"""A number, or one for each replicate, float64[R, 1, 1]."""

NULL, EXPECTED, PURE = "null", "expected", "pure reduction"
TYPES = ("near", "far", "tactical", "temporal")
"""Ways in which a deal is displaced: into the surroundings, elsewhere, out of sight (phone), to other hours."""
EFFECT = "effect "
"""What the name of a point of the grid of effects begins with."""


@dataclass(frozen=True)
class Condition:
    """One truth about what happens; shares are of the deals removed from where and when they were."""

    id: str
    effect: Amount = 0.0
    """Share of the open deals at a place with the full intervention that do not take place as before."""
    near: Amount = 0.0
    controls: Amount = 0.0
    far: Amount = 0.0
    tactical: Amount = 0.0
    temporal: Amount = 0.0
    """Where the removed go: surroundings of the place, listed places without the intervention, the rest of the
    city, phone and delivery, other hours at the same place. What is left is prevented. `near` below 0 is
    diffusion of benefits."""
    detection: Amount = 1.0
    """Chance that a deal is recorded at a place with the intervention, over that before."""
    co_trend: Amount = 0.0
    """Relative change at the treated places after the start that has other causes."""
    fidelity: float = 1.0
    """Mean share of the plan that is delivered."""
    hot: bool = False
    """Places are treated because their counts were high before."""
    carry_over: float = 0.0
    """Share of the effect that is left one period after a period with the intervention."""

    @property
    def displaced(self) -> Amount:
        """Share of the removed that takes place elsewhere, otherwise or at another time."""
        return self.near + self.controls + self.far + self.tactical + self.temporal


LEFT_AFTER_CARRY_OVER = 0.05
"""Carry-over of n periods means that this share of the effect is left after n periods; a convention."""


def conditions_of(design: Design) -> tuple[Condition, ...]:
    """Return the conditions under which a design is tried, the null first.

    A grid of effects without displacement (for the smallest detectable effect), the expected effect with the
    expected displacement, the same effect displaced wholly in each way, and what disturbs: higher detection, a
    trend of the treated, half-hearted delivery, places picked because they were hot.
    """
    market, data = design.keys.market, design.keys.data
    lasting = math.pow(LEFT_AFTER_CARRY_OVER, 1 / data.timing.carry_over) if data.timing.carry_over else 0.0
    plain = Condition(PURE, market.effect, carry_over=lasting, detection=data.counts.detection_ratio,
                      fidelity=data.dose, hot=data.places.chosen == "hot")  # fmt: skip
    expected = displaced(
        replace(plain, id=EXPECTED), market.listed_share, market.near, market.far, market.tactical, market.temporal
    )
    found = [replace(plain, id=NULL, effect=0.0), plain, expected]
    found += [replace(plain, id=f"{EFFECT}{e:g}", effect=e) for e in market.effects if e not in (0.0, market.effect)]
    for k, kind in enumerate(TYPES):
        whole = [float(k == other) for other in range(len(TYPES))]
        found.append(displaced(replace(plain, id=f"all {kind}"), market.listed_share, *whole))
    found += [replace(plain, id=f"detection x{k:g}", detection=k) for k in market.detections]
    found += [replace(plain, id=f"{NULL}, detection x{k:g}", effect=0.0, detection=k) for k in market.detections]
    found += [replace(plain, id=f"co-trend {c:+.0%}", co_trend=c) for c in market.co_trends]
    found += [replace(plain, id=f"delivered {f:.0%}", fidelity=f) for f in market.fidelities]
    if not plain.hot and data.assignment.mechanism not in OVER_TIME:
        found += [replace(plain, id=f"{NULL}, hot places", effect=0.0, hot=True), replace(plain, id="hot places", hot=True)]
    return tuple(found)


def displaced(
    condition: Condition, listed_share: float, near: Amount, far: Amount, tactical: Amount, temporal: Amount
) -> Condition:
    """Return the condition with these shares of the removed displaced; `listed_share` of the far to listed places."""
    to_listed, to_rest = far * listed_share, far * (1.0 - listed_share)
    return replace(condition, near=near, controls=to_listed, far=to_rest, tactical=tactical, temporal=temporal)
