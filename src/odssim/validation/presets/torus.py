"""Offenders, targets and police walking on a torus: victimisation falls as police are added, by a known law.

A plain Mesa model. An offender who shares a cell with a target has a victim of it unless a police officer is in the cell or
one of the eight around it (Cohen and Felson 1979; police radius as in the teaching models of routine activities). All walk
at random from random starts, so that everybody is anywhere with equal chance at every step, and the expectation is
exact: victimisations a step = offenders * targets / cells * (1 - 9 / cells) ** police.
"""

import math
from itertools import pairwise
from typing import Any

import mesa
from mesa.discrete_space import CellAgent, OrthogonalMooreGrid

from odssim.analysis.statistics.intervals import mean_estimate
from odssim.validation.presets.preset import Preset, Progress, Table

SIDE = 25
OFFENDERS, TARGETS = 25, 60
POLICE = (0, 20, 40, 80, 160)
STEPS = 150
SEEDS = 5


class Walker(CellAgent):  # type: ignore[misc]
    """Somebody who goes to one of the eight cells around, or stays."""

    def __init__(self, model: mesa.Model, cell: Any) -> None:
        """Start in `cell`."""
        super().__init__(model)
        self.cell = cell

    def walk(self) -> None:
        """Take one step."""
        self.cell = self.cell.get_neighborhood(include_center=True).select_random_cell()


class Target(Walker):
    """Somebody who may become a victim."""


class Police(Walker):
    """A guardian of the cell and those around it."""


class Offender(Walker):
    """Somebody who strikes where no police are near."""

    def victims(self) -> int:
        """Return how many targets this offender has as victims where he stands."""
        guarded = any(isinstance(agent, Police) for agent in self.cell.get_neighborhood(include_center=True).agents)
        return 0 if guarded else sum(isinstance(agent, Target) for agent in self.cell.agents)


class RoutineActivityWorld(mesa.Model):  # type: ignore[misc]
    """The torus with its walkers; `victimisations` counts pairs of offender and target over all steps."""

    def __init__(self, n_police: int, rng: int) -> None:
        """Place everybody at random."""
        super().__init__(rng=rng)
        self.grid = OrthogonalMooreGrid((SIDE, SIDE), torus=True, random=self.random)
        self.victimisations = 0
        for kind, n in ((Offender, OFFENDERS), (Target, TARGETS), (Police, n_police)):
            for _ in range(n):
                kind(self, self.grid.all_cells.select_random_cell())

    def step(self) -> None:
        """Let everybody walk, then every offender strike."""
        self.agents.do("walk")
        self.victimisations += sum(self.agents_by_type[Offender].map("victims"))


def expected(n_police: int) -> float:
    """Return the expected victimisations a step."""
    cells = SIDE * SIDE
    return OFFENDERS * TARGETS / cells * math.pow(1 - 9 / cells, n_police)


def run(seeds: int = SEEDS, progress: Progress | None = None) -> Table:
    """Return victimisations a step for each number of police, beside the expectation."""
    rows: list[dict[str, Any]] = []
    for i, n_police in enumerate(POLICE):
        rates = []
        for seed in range(1, seeds + 1):
            model = RoutineActivityWorld(n_police, rng=1000 * n_police + seed)
            for _ in range(STEPS):
                model.step()
            rates.append(model.victimisations / STEPS)
            if progress is not None:
                progress(i * seeds + seed, len(POLICE) * seeds)
        found = mean_estimate(rates, least=0.0)
        rows.append({
            "police": n_police, "victimisations": found.value, "low": found.low, "high": found.high,
            "expected": expected(n_police), "n_seeds": seeds,
        })  # fmt: skip
    values = [row["victimisations"] for row in rows]
    return Table(
        "Victimisations a step, by number of police", tuple(rows), "police", "victimisations", "falls as police are added",
        all(a > b for a, b in pairwise(values)), "Cohen and Felson 1979", "low", "high",
    )  # fmt: skip


PRESET = Preset("torus", "offenders, targets and police on a torus: victimisation falls as police are added", SEEDS, run)
