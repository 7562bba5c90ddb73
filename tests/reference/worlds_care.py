"""Care and the city-wide levers of the random worlds."""

from __future__ import annotations

from typing import Any

import numpy as np

from odssim.world import columns

Array = np.ndarray[Any, Any]
Random = np.random.Generator
DEPENDENT = 2
MOST = {
    "care_places": 10.0, "compulsory_year": 200.0, "referral": 1.0, "acceptance": 1.0, "women_reach": 1.0,
    "first_use": 1.0, "escalation": 1.0, "young_sellers": 1.0, "exits_year": 300.0, "target_list": 10.0,
    "custody": 0.5,
}  # fmt: skip
"""Largest draw of each lever."""
OFF_SHARE = 0.25
"""Probability that a lever is 0."""


def set_city_levers(random: Random, levers: Array) -> None:
    for lever, most in MOST.items():
        levers[lever] = 0.0 if random.random() < OFF_SHARE else random.uniform(0, most)


def hasten_care(random: Random, par: Array) -> None:
    """Make stays so short that many end within the run, and wait and risk whole days, as by default."""
    par["treatment_retention_12"] = 10.0 ** -random.uniform(1, 60)
    par["treatment_seek_year"] = random.uniform(10, 200)
    for days in ("treatment_wait_days", "treatment_return_days"):
        par[days] = np.floor(par[days])


def set_ties_to_care(random: Random, buyers: Array) -> None:
    """Put some who sell nothing away, and some dependents on the waiting list."""
    n = len(buyers)
    free = buyers["status"] == columns.Status.FREE
    away = free & (buyers["seller"] < 0) & (random.random(n) < 0.15)
    buyers["status"][away] = columns.Status.AWAY
    asked = free & ~away & (buyers["type"] == DEPENDENT) & (random.random(n) < 0.4)
    buyers["care"][asked] = columns.Care.ASKED
    buyers["care_day"][asked] = 0
