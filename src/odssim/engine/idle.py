"""Which interventions of a run work nowhere, and why: found in the run, said wherever its answer is."""

from typing import Any

from odssim.engine.levers import Levers
from odssim.language import marked
from odssim.scenario.records import InterventionSpec
from odssim.world.attributes import ATTRIBUTES

NO_DOSE = marked("its dose is 0")
TOO_LATE = marked("it starts after the run ends")
NO_MONEY = marked("the budget of its payer is 0")
NOT_DELIVERED = marked("nothing of its plan is carried out (delivery, late_days)")
NO_PLACE = marked("no place meets its places")
NO_VISIT = marked("none of its visits took place")
NOT_ON_SALE = marked("its substance is not on sale")
NOTHING_TO_JOIN = marked("there is no other intervention for it to join")
MOVES_NOTHING = marked("its options are 0")
MOVED: dict[str, tuple[str, ...]] = {
    "interception": ("extra_share",),
    "coordination": ("bonus",),
    **dict.fromkeys(("place", "person"), tuple(attribute.id for attribute in ATTRIBUTES)),
}
"""Options by which a lever moves anything; a lever that is not here moves something by its own conditions."""


def why_idle(levers: Levers, spec: InterventionSpec, delivered: int) -> str:
    """Return why an intervention works nowhere in a run that is over; empty where it works.

    `delivered`: visits carried out.
    """
    lever = levers.lever(spec)
    reasons = (
        (NO_DOSE, spec.dose == 0),
        (TOO_LATE, spec.start >= levers.scenario.end_date),
        (NO_MONEY, spec.id not in levers.carried_out and levers.scenario.budget.get(spec.payer) == 0),
        (NOT_DELIVERED, spec.id not in levers.carried_out),
        (NO_PLACE, spec.places is not None and spec.id not in levers.placed),
        (NO_VISIT, lever == "visits" and delivered == 0),
        (NOTHING_TO_JOIN, lever == "coordination" and spec.id not in levers.joined),
        (NOT_ON_SALE, spec.options.get("substance", "all") not in ("all", *levers.scenario.substances)),
        (MOVES_NOTHING, not moves(lever, spec.options)),
    )
    return next((reason for reason, holds in reasons if holds), "")


def moves(lever: str, options: Any) -> bool:
    """Return whether an intervention with these options moves anything."""
    if lever == "cameras":
        return bool(options["coverage"] * options["uptime"])
    names = MOVED.get(lever)
    return names is None or any(options.get(name) for name in names)
