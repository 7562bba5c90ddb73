"""Ranking mixes of interventions, the base among them, from runs that are paired by random numbers and by world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from odssim.analysis.decision.objective import ALL_DEALS, COST, Objective, event_of
from odssim.analysis.statistics.intervals import NOT_ENOUGH, difference_estimate
from odssim.analysis.statistics.posterior import best_share, expected_loss, posterior_means
from odssim.core.types import Array

if TYPE_CHECKING:
    import pandas as pd

HARM, DISPLACED = "harm_cost_sek", "displaced"
SURE = 0.95
"""Chance of being best from which a mix is called best."""
BEST, NEAR_BEST = "best", "as good as the best"
RUNS, WORLDS = "paired runs", "worlds"


@dataclass(frozen=True)
class Evidence:
    """What is known of the mixes: means per day, float64[units, mixes] each, the base first."""

    mixes: tuple[str, ...]
    values: Mapping[str, Array]
    """The objective's outcome and ``cost_sek``; ``harm_cost_sek`` and ``displaced`` where known."""
    unit: str = RUNS
    """What a row is: RUNS (one seed) or WORLDS (one parameter set, mean over its seeds)."""
    n_left_out: int = 0
    """Rows left out because a mix had no value there."""
    event: float = 0.0
    """By how much one event more changes the objective's outcome, if it counts events."""

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.values[COST])

    def knows(self, outcome: str) -> bool:
        """Return whether no two mixes differ by the same amount in all of several rows, which tells nothing of chance."""
        values = self.values[outcome]
        pairs = combinations(range(len(self.mixes)), 2)
        return self.n > 1 and all(difference_estimate(values[:, j] - values[:, k]).se is not None for j, k in pairs)


@dataclass(frozen=True)
class Standing:
    """One mix in a ranking."""

    rank: int
    """From 1, the best."""
    mix: str
    outcome: float
    cost_sek: float
    worth: float
    """Means per day: of the objective's outcome, of the cost, of what is ranked (more is better)."""
    chance_best: float | None
    expected_loss: float | None
    """Chance that its mean is the best of all; what choosing it loses on average, in units of `worth` a day.
    None with one row."""
    best_in: float
    """Rows in which it was best by itself; ties are shared out."""


@dataclass(frozen=True)
class Ranking:
    """Mixes from best to worst by mean worth; `draws` are those of the means, per quantity [draws, mixes]."""

    objective: Objective
    standings: tuple[Standing, ...]
    verdict: str
    n: int
    unit: str
    n_left_out: int
    draws: Mapping[str, Array] | None


def rank(evidence: Evidence, objective: Objective, smallest: float = 0.0) -> Ranking:
    """Rank the mixes of `evidence`.

    `smallest`: smallest difference of interest as a share of the base's outcome: a leader whose expected loss is below
    it is as good as the best, even if it is not known to be best.
    """
    outcome, cost = evidence.values[objective.outcome], evidence.values[COST]
    worth = objective.worth(outcome, cost)
    draws = joint_draws(evidence) if evidence.knows(objective.outcome) else None
    chance = loss = None
    if draws is not None:
        drawn = objective.worth(draws[objective.outcome], draws[COST])
        chance, loss = best_share(drawn), expected_loss(drawn)
    alone = best_share(worth[:, None, :]).sum(axis=0)
    order = np.argsort(-worth.mean(axis=0), kind="stable")
    standings = [
        Standing(
            place, evidence.mixes[k], float(outcome[:, k].mean()), float(cost[:, k].mean()), float(worth[:, k].mean()),
            None if chance is None else float(chance[k]), None if loss is None else float(loss[k]), float(alone[k]),
        )
        for place, k in enumerate(order, start=1)
    ]  # fmt: skip
    margin = smallest * abs(float(outcome[:, 0].mean())) * (objective.worth_sek or 1.0)
    verdict = verdict_on(standings[0], margin)
    return Ranking(objective, tuple(standings), verdict, evidence.n, evidence.unit, evidence.n_left_out, draws)


def verdict_on(first: Standing, margin: float) -> str:
    """Return whether the leader is best, as good as the best within `margin`, or not known to be either."""
    if first.chance_best is None or first.expected_loss is None:
        return NOT_ENOUGH
    if first.chance_best >= SURE:
        return BEST
    return NEAR_BEST if first.expected_loss < margin else NOT_ENOUGH


def joint_draws(evidence: Evidence) -> dict[str, Array]:
    """Return draws of the means of all quantities of all mixes together, [draws, mixes] per quantity."""
    n_mixes = len(evidence.mixes)
    drawn = posterior_means(np.hstack(list(evidence.values.values())))
    return {name: drawn[:, k * n_mixes : (k + 1) * n_mixes] for k, name in enumerate(evidence.values)}


def evidence_of(
    table: pd.DataFrame, objective: Objective, mixes: Sequence[str] | None = None, days: float | None = None
) -> Evidence:
    """Return the evidence in a table of runs.

    Parameters
    ----------
    table
        One row per run with columns ``world``, ``mix``, ``replicate`` and one per outcome (mean per day).
        Worlds and replicates are the same for all mixes. With several worlds a row of the evidence is a
        world, averaged over its replicates: what is left is lack of knowledge, not of runs.
    mixes
        Mixes in order, the base first; default: as they first stand in the table.
    days
        How many days a mean is over; None leaves open what one event more changes.

    Raises ValueError: if a column is missing, a run stands there twice, or no world and replicate has every mix.
    """
    names = tuple(mixes or dict.fromkeys(table["mix"]))
    wanted = [objective.outcome, COST, *([HARM] if HARM in table and objective.outcome != HARM else [])]
    if ALL_DEALS in wanted and ALL_DEALS not in table:
        table = table.assign(**{ALL_DEALS: table["open_deals"] + table["hidden_deals"]})
    missing = [name for name in wanted if name not in table]
    if missing:
        raise ValueError(f"the table of runs has no column {missing[0]}")
    wide = table[table["mix"].isin(names)].pivot(
        index=["world", "replicate"], columns="mix", values=list(dict.fromkeys(wanted))
    )
    complete = wide.dropna()
    unknown = [name for name in names if (wanted[0], name) not in wide.columns]
    if unknown or complete.empty:
        raise ValueError(f"no run of mix {unknown[0]}" if unknown else "no world and replicate has every mix")
    by_world = complete.index.get_level_values("world").nunique() > 1
    rows = complete.groupby(level="world").mean() if by_world else complete
    values = {name: rows[name][list(names)].to_numpy(dtype=np.float64) for name in dict.fromkeys(wanted)}
    event = 0.0 if days is None else event_of(objective.outcome, days)
    return Evidence(names, values, WORLDS if by_world else RUNS, len(wide) - len(complete), event)


def rank_runs(
    table: pd.DataFrame, objective: Objective | None = None, mixes: Sequence[str] | None = None, smallest: float = 0.0
) -> Ranking:
    """Rank the mixes in a table of runs; see `evidence_of` for the table and `rank` for the rest."""
    goal = objective or Objective()
    return rank(evidence_of(table, goal, mixes), goal, smallest)
