"""Ranking, cost and effect in sentences; every number comes from `decision`."""

from __future__ import annotations

from collections.abc import Sequence

from odssim.analysis import cost_effect, layout
from odssim.analysis.cost_effect import Increment
from odssim.analysis.decision import Decision, with_short_names
from odssim.analysis.intervals import NOT_ENOUGH
from odssim.analysis.objective import Objective
from odssim.analysis.ranking import BEST, NEAR_BEST, Standing
from odssim.analysis.wording import NOUNS, amount

CRITERIA = {"cost_sek": "cost", "harm_cost_sek": "harm", "displaced": "displaced deals"}
UNITS = {
    "open_deals": "open deal averted", "all_deals": "deal averted", "overdoses": "overdose averted",
    "deaths": "death averted", "funding_crimes": "crime averted", "first_users": "new user averted",
    "in_care": "day in care", "n_scenes": "scene-day averted", "consumed_g": "gram averted",
}  # fmt: skip
"""What one unit of improvement is called, where there is a plain word for it."""
NEARLY_SURE = 0.995


def decision_text(found: Decision) -> list[str]:
    """Return the ranking as a table and what follows from it in sentences; mixes by their short names."""
    found = with_short_names(found)
    goal = found.objective
    what = f"{noun(goal.outcome)}, {'most' if goal.more_is_better else 'fewest'} is best"
    if goal.worth_sek is not None:
        what = f"net benefit at {amount(goal.worth_sek)} SEK per {unit_name(goal)}"
    lines = [f"Ranking of {len(found.mixes)} mixes by {what}; {found.ranking.n} {found.ranking.unit}"]
    if found.ranking.n_left_out:
        lines.append(f"Left out for want of a value in some mix: {found.ranking.n_left_out}.")
    lines += _ranking_table(found)
    lines.append(_verdict(found))
    lines += [
        position(mix, one, unit_name(found.objective)) for mix, one in zip(found.mixes[1:], found.increments, strict=True)
    ]
    lines += _frontier(found)
    lines += _acceptability(found)
    return [*lines, *_pareto(found)]


def noun(outcome: str) -> str:
    """Return what an outcome is called."""
    return NOUNS[outcome][0] if outcome in NOUNS else outcome.replace("_", " ")


def unit_name(goal: Objective) -> str:
    """Return what one unit of improvement is called."""
    return UNITS.get(goal.outcome, f"one {'more' if goal.more_is_better else 'less'} of {noun(goal.outcome)}")


def _ranking_table(found: Decision) -> list[str]:
    goal, chance = found.objective, found.ranking.draws is not None
    head = ["mean per day", noun(goal.outcome).split(" (")[0], "cost (SEK)"]
    head += ["net (SEK)"] if goal.worth_sek is not None else []
    head += ["chance best", "expected loss"] if chance else []
    head.append("best in")
    rows = [[s.mix, *_cells(found, s)] for s in found.ranking.standings]
    return layout.table(head, rows)


def _cells(found: Decision, s: Standing) -> list[str]:
    cells = [amount(s.outcome), amount(s.cost_sek)]
    if found.objective.worth_sek is not None:
        cells.append(f"{s.worth:,.0f}")
    if s.chance_best is not None and s.expected_loss is not None:
        cells += [chance_text(s.chance_best), amount(s.expected_loss)]
    return [*cells, f"{s.best_in:g} of {found.ranking.n}"]


def chance_text(chance: float) -> str:
    """Return a chance in whole per cent, never nought or a hundred."""
    if chance > NEARLY_SURE:
        return "over 99 %"
    return "under 1 %" if chance < 1 - NEARLY_SURE else f"{100 * chance:.0f} %"


def _verdict(found: Decision) -> str:
    first, verdict = found.ranking.standings[0], found.ranking.verdict
    if first.chance_best is None or first.expected_loss is None:
        return f"One run: {NOT_ENOUGH} which mix is best."
    unit = "SEK" if found.objective.worth_sek is not None else found.objective.unit.removesuffix("/day")
    loss = f"choosing it loses {amount(first.expected_loss)} {unit} a day on average against the best"
    chance = f"a chance of {chance_text(first.chance_best)} to be best (posterior t over the {found.ranking.unit})"
    if verdict == BEST:
        return f"Best is {first.mix}, with {chance}; {loss}."
    if verdict == NEAR_BEST:
        return f"{first.mix} is as good as the best: {chance}, and {loss}, less than is of interest."
    more = "worlds or knowledge" if found.ranking.unit != "paired runs" else "runs"
    return f"Not enough {more} to say which mix is best: {first.mix} leads with {chance}; {loss}."


def position(mix: str, one: Increment, unit: str) -> str:
    """Return the sentence on where a mix stands against the base on the plane of cost and effect."""
    if one.position == cost_effect.DOES_MORE:
        return f"{mix}, against the base: costs more and does more: {_sek(one)} per {unit}."
    if one.position == cost_effect.DOES_LESS:
        return f"{mix}, against the base: costs less and does less: it saves {_sek(one)} for each {unit} given up."
    texts = {
        cost_effect.MORE_FOR_LESS: "does more or the same for the same or less money: it dominates the base",
        cost_effect.LESS_FOR_MORE: "does less or the same for the same or more money: the base dominates it",
        cost_effect.UNCLEAR_EFFECT: f"{_extra(one)}, and {NOT_ENOUGH} whether it does more or less: no ratio is told",
        cost_effect.UNCLEAR_COST: f"differs in effect, and {NOT_ENOUGH} whether it costs more or less: no ratio is told",
        cost_effect.SAME: "costs and does the same",
        cost_effect.ONE_RUN: "one run: no ratio is told",
    }  # fmt: skip
    return f"{mix}, against the base: {texts[one.position]}."


def _extra(one: Increment) -> str:
    value = one.cost.value or 0.0
    return "costs the same" if value == 0 else f"costs {amount(abs(value))} SEK a day {'more' if value > 0 else 'less'}"


def _sek(one: Increment) -> str:
    assert one.sek_per_unit is not None
    interval = "" if one.low is None or one.high is None else f" ({amount(one.low)} to {amount(one.high)})"
    return f"{amount(one.sek_per_unit)} SEK{interval}"


def _frontier(found: Decision) -> list[str]:
    """Return a sentence on each mix that means alone rule out, if there are more than two mixes."""
    if len(found.mixes) < 3:
        return []
    sentences = []
    for step in found.steps:
        names = [found.mixes[k] for k in step.dominated_by]
        if len(names) == 1:
            better = f"{names[0]} costs no more and does no less"
            sentences.append(f"By its means {found.mixes[step.mix]} is dominated: {better}.")
        elif names:
            blend = f"a blend of {' and '.join(names)} does more for the money"
            sentences.append(f"By its means {found.mixes[step.mix]} is dominated: {blend}.")
    return sentences


def _acceptability(found: Decision) -> list[str]:
    """Return which mix is the best buy at what willingness to pay, with its chance at the end of its range."""
    if found.acceptable is None:
        return []
    best, grid = found.best_buy, found.worth_sek
    starts = [0, *(k for k in range(1, len(best)) if best[k] != best[k - 1])]
    parts = []
    for start, after in zip(starts, [*starts[1:], len(best)], strict=True):
        middle = (start + after - 1) // 2
        chance = chance_text(float(found.acceptable[middle, best[start]]))
        reach = f"up to about {amount(grid[after])}" if after < len(best) else "at any worth shown"
        if start and after == len(best):
            reach = f"from about {amount(grid[start])} on"
        parts.append(f"{found.mixes[best[start]]} {reach} (chance {chance} at {amount(grid[middle])})")
    return [f"Best buy by SEK per {unit_name(found.objective)}: {'; '.join(parts)}."]


def _pareto(found: Decision) -> list[str]:
    names = _joined([CRITERIA.get(name, noun(name)) for name in found.criteria])
    on = [mix for mix, front in zip(found.mixes, found.front, strict=True) if front]
    if len(on) == len(found.mixes):
        return [f"Pareto front over {names}: no mix is worse than another on every count."]
    return [f"Pareto front over {names}: {_joined(on)}; the others are worse than one of these on every count."]


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

