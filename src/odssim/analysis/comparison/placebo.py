"""The noise floor: the base world with one extra visit at a place that has nothing to do with the targets.

Even keyed random numbers drift apart after the smallest push: one need met elsewhere changes who knows what. What
the ledger shows after a single unrelated visit is what it shows of any intervention before it has done
anything.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b

import numpy as np

from odssim.analysis.comparison.contrast import Window, open_deals_per_place, worked_at
from odssim.analysis.displacement.rings import metres_to_targets
from odssim.interventions import CATALOGUE
from odssim.observe.result import RunResult
from odssim.scenario.records import InterventionSpec, OptionValue, Scenario, Targeting

PLACEBO_ID = "placebo"
PLACEBO_TYPE = "fifteen_minute_patrol"
PLACEBO_OPTIONS: dict[str, OptionValue] = {"visits_per_day": 1, "minutes": (240, 240), "hours": (15.0, 21.0)}
"""One visit of four hours in the afternoon and evening: a short one often meets nobody and pushes nothing."""
UNRELATED_M = 1000.0
"""A placebo place is at least this far from every target, metres."""


def placebo_place(base: RunResult, others: Sequence[RunResult], window: Window) -> int | None:
    """Return the busiest place more than a kilometre from all targets, or None if there is none."""
    targets = frozenset[int]().union(*(worked_at(base, other) for other in others))
    distance_m = metres_to_targets(*base.city.place_xy_m(), targets)
    deals = np.where(distance_m > UNRELATED_M, open_deals_per_place(base, window), -1.0)
    best = int(np.argmax(deals))
    return best if deals[best] >= 0 else None


def placebo_scenario(base: Scenario, place_name: str, window: Window) -> Scenario:
    """Return the base with a single visit of a patrol at `place_name` on the window's first day."""
    entry = CATALOGUE[PLACEBO_TYPE]
    defaults = {option.id: option.default for option in entry.options}
    spec = InterventionSpec(
        id=free_id(PLACEBO_ID, base),
        type=entry.id,
        start=window.first_date,
        end=window.first_date + timedelta(days=1),
        ramp_days=0,
        dose=1.0,
        resources="added",
        payer=entry.payer,
        places=Targeting("names", names=(place_name,)),
        options={**defaults, **PLACEBO_OPTIONS},  # type: ignore[dict-item]
    )
    return replace(
        base,
        name=f"{base.name}, placebo",
        interventions=tuple(sorted((*base.interventions, spec), key=lambda one: one.id)),
        content_hash=blake2b(f"{base.content_hash}{spec}".encode(), digest_size=16).hexdigest(),
    )


def free_id(wanted: str, scenario: Scenario) -> str:
    """Return `wanted`, lengthened until no intervention of the scenario has it."""
    taken = {spec.id for spec in scenario.interventions}
    while wanted in taken:
        wanted += "_"
    return wanted
