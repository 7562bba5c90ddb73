"""Units and programmes of the random worlds."""

from __future__ import annotations

from typing import Any

import numpy as np

from odssim.world import columns
from odssim.world.columns import NOBODY

Array = np.ndarray[Any, Any]
Random = np.random.Generator
POLICE, OUTREACH = 0, 3
KIND_SHARE = (0.49, 0.17, 0.17, 0.17)
"""Probability that a programme sends police, volunteers, guards or outreach workers."""
LEVERS = ("manager", "upkeep", "lighting", "tip_line", "letters", "traffic")
"""Columns of a place that interventions other than visits set."""
CLOSED_SHARE = 0.15
MAX_BASELINE = 6
"""Own units of programmes are numbered from here; unused baseline rows have no district."""


def set_levers(random: Random, places: Array) -> None:
    """Close a few places, never the first, and give the others levers between 0 and 1, some of them 0."""
    n = len(places)
    places["closed"][1:] = random.random(n - 1) < CLOSED_SHARE
    for lever in LEVERS:
        places[lever] = np.where(random.random(n) < 0.4, 0.0, random.uniform(0, 1, n))


def make_units(random: Random, places: Array, own: int) -> Array:
    """Return 1-6 baseline units and the programmes' own units after them."""
    n = int(random.integers(1, 7))
    units = np.zeros(MAX_BASELINE + own, dtype=columns.UNIT)
    units["uid"] = 1 + np.arange(len(units))
    units["district"] = NOBODY
    units["district"][:n] = random.integers(0, places["district"].max() + 1, n)
    units["shift"][:n] = random.integers(0, 3, n)
    return units


def make_programmes(random: Random, places: Array, n_days: int, *, besieged: bool) -> tuple[Array, Array, int]:
    """Return 0-6 programmes of all shapes, their targets, and the number of own units."""
    programmes = np.zeros(int(random.integers(5 * besieged, 7)), dtype=columns.PROGRAMME)
    targets: list[int] = []
    own = 0
    for g, row in enumerate(programmes):
        mine = random.permutation(len(places))[: 5 if besieged else int(random.integers(1, 5))]
        row["uid"] = 100 + g
        row["first_target"], row["n_targets"] = len(targets), len(mine)
        targets.extend(int(p) for p in mine)
        set_programme(random, row, n_days)
        if besieged:
            besiege(row, n_days)
        row["unit"] = MAX_BASELINE + own if row["added"] else NOBODY
        own += len(mine) if row["added"] else 0
    return programmes, np.array(targets, dtype=np.int32), own


def set_programme(random: Random, row: Any, n_days: int) -> None:
    row["first_day"] = random.integers(0, 3)
    row["last_day"] = random.integers(1, n_days + 1)
    row["ramp_days"] = random.integers(0, 5)
    row["dose"] = random.uniform(0.3, 2.0)
    row["visits_per_day"] = random.integers(1, 9)
    row["min_minutes"] = random.integers(5, 30)
    row["max_minutes"] = row["min_minutes"] + random.integers(0, 60)
    row["from_minute"] = random.integers(0, 1200)
    row["to_minute"] = row["from_minute"] + random.integers(30, 600)
    row["irregular"] = random.integers(0, 2)
    row["weekdays"] = random.integers(1, 128)
    row["added"] = random.integers(0, 2)
    row["kind"] = random.choice(4, p=KIND_SHARE)
    civilian = row["kind"] != POLICE
    row["may_search"] = 0 if civilian else random.integers(0, 2)
    row["may_arrest"] = 0 if civilian else random.integers(0, 2)
    row["refer"] = random.random() < (0.8 if row["kind"] == OUTREACH else 0.1)
    row["delivery"] = 1.0 if random.random() < 0.5 else random.uniform(0.3, 1)
    row["stay"] = random.integers(0, 2)
    row["stash"] = random.uniform(0, 1) if not civilian and random.random() < 0.7 else 0.0
    row["n_times"] = 0 if row["irregular"] else random.integers(0, 6)
    row["times"][: row["n_times"]] = np.sort(random.integers(0, 1440, row["n_times"]))


def besiege(row: Any, n_days: int) -> None:
    """Let the programme's own police be at its places most of the day."""
    row["first_day"], row["last_day"], row["ramp_days"] = 0, n_days, 0
    row["dose"], row["visits_per_day"], row["weekdays"] = 1.0, 9, 127
    row["min_minutes"], row["max_minutes"] = 30, 90
    row["from_minute"], row["to_minute"] = 480, 1439
    row["irregular"], row["added"], row["n_times"] = 1, 1, 0
    row["kind"] = POLICE
