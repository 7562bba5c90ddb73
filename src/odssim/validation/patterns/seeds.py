"""Everything that one seed of one scenario says: the past once, the base world once, an arm per pattern."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from odssim.observe.result import RunResult
from odssim.scenario.records import Scenario
from odssim.validation.patterns import demand, enforcement, relocation
from odssim.validation.patterns import fifteen_minutes as dose
from odssim.validation.patterns.counts import measure
from odssim.validation.patterns.findings import Sets, Value
from odssim.validation.patterns.trunk import Trunk

YEAR = 365
COUNT_PATTERNS = ("V1", "V2", "V3", "V4", "V12", "A45")
"""Patterns of the base world alone, over a year."""
Arm = Callable[[Trunk, RunResult], dict[str, Value]]

ARMS: dict[str, tuple[int, int, Arm]] = {
    "V5": (demand.DAYS, demand.DAYS, lambda t, base: demand.elasticity(t, base, demand.dearer_arm(t))),
    "V6": (YEAR, YEAR, lambda t, base: enforcement.doubled_arrests(base, enforcement.arrest_arm(t))),
    "V7": (84, 84, lambda t, base: enforcement.doubled_patrol(t, base, enforcement.patrol_arm(t))),
    "V8": (0, dose.DAYS, lambda t, base: dose.dose(t, dose.dose_arm(t))),
    "V9": (84, 4 * 84, relocation.relocation),
    "V10": (154, 154, lambda t, base: enforcement.fading(t, base, enforcement.saturation_arm(t))),
    "V11": (84, 2 * 84, enforcement.cameras),
    "V13": (0, demand.DAYS, lambda t, base: demand.care(t, demand.outreach_arm(t))),
}
"""Pattern: days of the base world that it needs, days of its arms, and how it is measured."""


def base_days(patterns: Sequence[str]) -> int:
    """Return how long the base world has to run."""
    return max([YEAR if p in COUNT_PATTERNS else ARMS[p][0] for p in patterns], default=0)


def work_days(scenario: Scenario, patterns: Sequence[str]) -> int:
    """Return the simulated days of one seed, for the progress bar."""
    arms = sum(ARMS[p][1] for p in patterns if p in ARMS)
    return scenario.burn_in_days + base_days(patterns) + arms


def with_sets(scenario: Scenario, sets: Sets) -> Scenario:
    """Return the scenario with other parameters from the first simulated day on; ranges are not checked."""
    return replace(scenario, parameters={**scenario.parameters, **dict(sets)})


def measure_seed(scenario: Scenario, seed: int, patterns: Sequence[str]) -> dict[str, Value]:
    """Return the values of every row of `patterns` for one seed; keys that begin with "note" are reported beside them."""
    trunk = Trunk.grow(scenario, seed)
    days = base_days(patterns)
    base: Any = trunk.branch(days, ledger=True) if days else None
    found: dict[str, Value] = {}
    if any(p in COUNT_PATTERNS for p in patterns):
        counted = measure(base)
        found |= {key: value for key, value in counted.items() if key.split()[0] in patterns}
    for pattern in patterns:
        if pattern in ARMS:
            found |= ARMS[pattern][2](trunk, base)
    return found
