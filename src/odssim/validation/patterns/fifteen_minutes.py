"""V8: what a visit of so many minutes does, when lengths are drawn at random and nothing but behaviour answers."""

import math
from dataclasses import dataclass

import numpy as np

from odssim.core.types import Array
from odssim.engine.levers import FIRST_PROGRAMME_UID
from odssim.observe.result import RunResult
from odssim.validation.patterns.findings import Value
from odssim.validation.patterns.trunk import Trunk
from odssim.world.codes import Log

DAYS = 182
UID_SHIFT = 24
"""A visit's uid is its programme's uid times 2**24, and more (ODD, patrol)."""
BIN_EDGES_MIN = np.array([1, 3, 6, 9, 12, 15, 18, 22, 26, 31])
"""Edges of the lengths that are told apart: 1-2, 3-5, ... 26-30 minutes."""
AFTER_MIN = 120
"""How long after a visit its effect is looked for."""
SOON_MIN = 30
"""Koper's window (D5)."""
DRIVE_THROUGH, STAY = (1, 2), (10, 16)
DAY_MIN, HOUR_MIN = 1440, 60


@dataclass(frozen=True)
class Visits:
    """Visits of a programme: place, first and last minute on site, int64 each."""

    place: Array
    arrived: Array
    left: Array

    @property
    def length(self) -> Array:
        """Minutes on site."""
        return self.left - self.arrived


def dose_arm(trunk: Trunk, days: int = DAYS) -> RunResult:
    """Return the world in which scenes get three visits a day of 1 to 30 minutes, length and time drawn at random."""
    spec = trunk.plan("hot_spot_patrol", trunk.cells, days, visits_per_day=3, minutes=(1, 30), hours=(11.0, 23.0))
    return trunk.branch(days, spec, events=True)


def programme_visits(events: Array) -> Visits:
    """Return the visits ordered from outside that have ended."""
    rows = events[(events[:, 1] == Log.VISIT_END) & (events[:, 2] >> UID_SHIFT >= FIRST_PROGRAMME_UID)]
    return Visits(rows[:, 3], rows[:, 0] - rows[:, 5], rows[:, 0])


def deal_minutes(events: Array, place: int, first: int, n_minutes: int) -> Array:
    """Return the open deals at a place in each minute from `first` on, int64[n_minutes]."""
    rows = events[(events[:, 1] == Log.DEAL_OPEN) & (events[:, 3] == place)]
    return np.bincount(rows[:, 0] - first, minlength=n_minutes)[:n_minutes]


def quiet_rate(deals: Array, arrived: Array, left: Array) -> Array:
    """Return deals per minute by hour of the day, in minutes that no visit of the last two hours touches, float64[24]."""
    quiet = np.ones(len(deals), dtype=bool)
    for a, b in zip(arrived, left, strict=True):
        quiet[a : b + AFTER_MIN] = False
    hour = np.arange(len(deals)) % DAY_MIN // HOUR_MIN
    counted = np.bincount(hour[quiet], deals[quiet], 24)
    return counted / np.maximum(1, np.bincount(hour[quiet], minlength=24))


def dose_curve(trunk: Trunk, result: RunResult) -> dict[str, Array]:
    """Return, per bin of length: visits, minutes on site, deals prevented, and visits with a deal within 30 minutes.

    Prevented: what the place would have had at that hour on its quiet minutes, less what it had from
    arrival to two hours after departure. Both are of the same world, so what sellers have learned of the
    place over the weeks is in both.
    """
    assert result.events is not None
    events, first = result.events, trunk.scenario.burn_in_days * DAY_MIN
    n_minutes = DAY_MIN * len(result.days_kept)
    visits = programme_visits(events)
    length = visits.length
    prevented, soon = np.zeros(len(length)), np.zeros(len(length), dtype=bool)
    complete = visits.left - first + AFTER_MIN <= n_minutes
    for place in np.unique(visits.place):
        mine = np.flatnonzero((visits.place == place) & complete)
        deals = deal_minutes(events, int(place), first, n_minutes)
        arrived, left = visits.arrived[mine] - first, visits.left[mine] - first
        rate = quiet_rate(deals, arrived, left)
        expected = np.append(0.0, np.cumsum(rate[np.arange(n_minutes) % DAY_MIN // HOUR_MIN]))
        had = np.append(0, np.cumsum(deals))
        prevented[mine] = (expected - had)[left + AFTER_MIN] - (expected - had)[arrived]
        soon[mine] = had[np.minimum(left + SOON_MIN, n_minutes)] > had[left]
    kept = complete & (length >= BIN_EDGES_MIN[0]) & (length < BIN_EDGES_MIN[-1])
    at = np.searchsorted(BIN_EDGES_MIN, length[kept], side="right") - 1
    n_bins = len(BIN_EDGES_MIN) - 1
    weights = {"visits": np.ones(kept.sum()), "minutes": length[kept], "prevented": prevented[kept], "soon": soon[kept]}
    curve = {name: np.bincount(at, weight, n_bins).astype(np.float64) for name, weight in weights.items()}
    for name, (low, high) in (("drive_through", DRIVE_THROUGH), ("stay", STAY)):
        chosen = complete & (length >= low) & (length <= high)
        curve[name] = np.array([float(soon[chosen].sum()), float(chosen.sum())])
    return curve


def hazard(with_deal: float, visits: float) -> float:
    """Return -ln(1 - p) of the share of visits with a deal soon after; half a visit is added to each side."""
    return -math.log(1.0 - (with_deal + 0.5) / (visits + 1.0))


def dose(trunk: Trunk, result: RunResult) -> dict[str, Value]:
    """V8: the curve of benefit over officer-minutes, and the two hazards."""
    curve = dose_curve(trunk, result)
    return {
        "V8 peak": (curve["prevented"], curve["minutes"]),
        "V8 ratio": (hazard(*curve["stay"]), hazard(*curve["drive_through"])),
        "note V8 visits": float(curve["visits"].sum()),
    }
