"""Everything that helps to choose among mixes: ranking, cost and effect, acceptability, Pareto front."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from odssim.analysis.decision.cost_effect import Increment, Step, acceptability, frontier, increment, worth_grid
from odssim.analysis.decision.objective import COST, Objective
from odssim.analysis.decision.ranking import DISPLACED, HARM, Evidence, Ranking, rank
from odssim.analysis.statistics.intervals import Estimate
from odssim.analysis.statistics.pareto import beaten_by, pareto_front
from odssim.core.csv_json import jsonable
from odssim.core.types import Array

Row = dict[str, Any]


@dataclass(frozen=True)
class Decision:
    """The mixes set beside each other; all tuples over mixes are in the evidence's order, the base first."""

    evidence: Evidence
    ranking: Ranking
    increments: tuple[Increment, ...]
    """One per mix but the base."""
    steps: tuple[Step, ...]
    worth_sek: Array
    acceptable: Array | None
    """Grid of willingness to pay, float64[W]; chance of the highest net benefit, float64[W, mixes], or None
    with one row of evidence."""
    criteria: tuple[str, ...]
    """What the Pareto front is over, each less is better: the outcome (sign turned if more is better), cost,
    and where known displaced deals and social cost of harm, a day."""
    burdens: Array
    """Means, float64[mixes, criteria]."""
    best_buy: Array
    """Which mix has the highest mean net benefit at each worth of the grid, int64[W]."""
    front: tuple[bool, ...]
    beaten_by: Sequence[Sequence[int]]
    front_chance: tuple[float, ...] | None
    """Whether each mix is on the front of the means, and if not, which beat it; how often it is on that of the draws (None
    with one row)."""

    @property
    def objective(self) -> Objective:
        """What is ranked."""
        return self.ranking.objective

    @property
    def mixes(self) -> tuple[str, ...]:
        """The names, the base first."""
        return self.evidence.mixes

    def record(self) -> dict[str, Any]:
        """Return everything as plain values, for JSON."""
        goal = self.objective
        return {
            "objective": {"outcome": goal.outcome, "worth_sek": goal.worth_sek, "unit": goal.unit,
                          "better": "more" if goal.more_is_better else "less"},
            "unit": self.ranking.unit, "n": self.ranking.n, "n_left_out": self.ranking.n_left_out,
            "method": "multivariate posterior t of the means, n - 1 degrees of freedom",
            "verdict": self.ranking.verdict,
            "ranking": jsonable(self.ranking.standings),
            "cost_effect": [_increment_row(m, i) for m, i in zip(self.mixes[1:], self.increments, strict=True)],
            "frontier": [self._step_row(step) for step in self.steps],
            "acceptability": self._acceptability_rows(),
            "pareto": self._pareto_rows(),
        }  # fmt: skip

    def _step_row(self, step: Step) -> Row:
        return {
            "mix": self.mixes[step.mix],
            "on_frontier": not step.dominated_by,
            "dominated_by": [self.mixes[k] for k in step.dominated_by],
            "before": None if step.before is None else self.mixes[step.before],
            "sek_per_unit": step.sek_per_unit,
        }

    def _acceptability_rows(self) -> list[Row]:
        if self.acceptable is None:
            return []
        return [
            {"worth_sek": float(w), "best_buy": self.mixes[best], "chance": dict(zip(self.mixes, row.tolist(), strict=True))}
            for w, best, row in zip(self.worth_sek, self.best_buy, self.acceptable, strict=True)
        ]

    def _pareto_rows(self) -> list[Row]:
        return [
            {"mix": mix, "on_front": self.front[k], "beaten_by": [self.mixes[j] for j in self.beaten_by[k]],
             "front_chance": None if self.front_chance is None else self.front_chance[k],
             **{name: float(value) for name, value in zip(self.criteria, self.burdens[k], strict=True)}}
            for k, mix in enumerate(self.mixes)
        ]  # fmt: skip


def _increment_row(mix: str, one: Increment) -> Row:
    def parts(name: str, estimate: Estimate) -> Row:
        return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}

    return {
        "mix": mix, **parts("effect", one.effect), **parts("cost_sek", one.cost), "position": one.position,
        "sek_per_unit": one.sek_per_unit, "low": one.low, "high": one.high,
    }  # fmt: skip


def decide(evidence: Evidence, objective: Objective, smallest: float = 0.0) -> Decision:
    """Rank the mixes and work out what they cost for what they do; `smallest` as in `ranking.rank`."""
    values, ranking = evidence.values, rank(evidence, objective, smallest)
    effect, cost = objective.effect(values[objective.outcome]), values[COST]
    increments = tuple(
        increment(effect[:, k] - effect[:, 0], cost[:, k] - cost[:, 0], evidence.event)
        for k in range(1, len(evidence.mixes))
    )
    gain, price = effect.mean(axis=0), cost.mean(axis=0)
    steps = frontier(gain.tolist(), price.tolist())
    grid = worth_grid(steps, gain.tolist(), price.tolist(), objective.worth_sek)
    best_buy = np.argmax(grid[:, None] * gain - price, axis=1)
    criteria = tuple(dict.fromkeys((objective.outcome, COST, *(n for n in (DISPLACED, HARM) if n in values))))
    burdens = _burdens({name: v.mean(axis=0) for name, v in values.items()}, objective, criteria)
    curves = front_chance = None
    if (drawn := ranking.draws) is not None:
        curves = acceptability(objective.effect(drawn[objective.outcome]), drawn[COST], grid)
        chances = pareto_front(_burdens(drawn, objective, criteria)).mean(axis=0)
        front_chance = tuple(float(chance) for chance in chances)
    front = tuple(bool(on) for on in pareto_front(burdens))
    return Decision(
        evidence, ranking, increments, tuple(steps), grid, curves, criteria, burdens, best_buy, front, beaten_by(burdens),
        front_chance,
    )  # fmt: skip


def _burdens(values: Any, objective: Objective, criteria: Sequence[str]) -> Array:
    """Return the criteria side by side, each less is better, float64[..., mixes, criteria]."""
    columns = [
        -values[name] if name == objective.outcome and objective.more_is_better else values[name] for name in criteria
    ]
    return np.stack(columns, axis=-1)


def short_names(names: Sequence[str]) -> list[str]:
    """Return the names without what several share: the place they end with, or a sweep's words before its option."""
    heads, tails = zip(*(name.partition(" in ")[::2] for name in names), strict=True)
    short = [head if tail and tails.count(tail) > 1 else name for name, head, tail in zip(names, heads, tails, strict=True)]
    options = {name.partition("=")[0] for name in short if "=" in name}
    if len(options) == 1:
        (option,) = options
        shared = max(option.rfind(" "), option.rfind(".")) + 1
        short = [name[shared:] if "=" in name else name for name in short]
    return short if len(set(short)) == len(short) else list(names)


def with_short_names(found: Decision) -> Decision:
    """Return the decision with short names of the mixes, for tables and pictures."""
    names = dict(zip(found.mixes, short_names(found.mixes), strict=True))
    standings = tuple(replace(one, mix=names[one.mix]) for one in found.ranking.standings)
    return replace(
        found,
        evidence=replace(found.evidence, mixes=tuple(names.values())),
        ranking=replace(found.ranking, standings=standings),
    )
