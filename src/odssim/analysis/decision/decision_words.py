"""Ranking, cost and effect in sentences; every number comes from `decision`."""

from odssim.analysis.decision import cost_effect
from odssim.analysis.decision.choose import Decision, with_short_names
from odssim.analysis.decision.cost_effect import Increment
from odssim.analysis.decision.objective import Objective
from odssim.analysis.decision.ranking import BEST, NEAR_BEST, RUNS, Standing
from odssim.language import layout, marked, say
from odssim.language.names import noun
from odssim.language.written import joined, number, percent, said_range

CRITERIA = {"cost_sek": marked("cost"), "harm_cost_sek": marked("harm"), "displaced": marked("displaced deals")}
UNITS = {
    "open_deals": marked("open deal averted"), "all_deals": marked("deal averted"), "overdoses": marked("overdose averted"),
    "deaths": marked("death averted"), "funding_crimes": marked("crime averted"), "first_users": marked("new user averted"),
    "in_care": marked("day in care"), "n_scenes": marked("scene-day averted"), "consumed_g": marked("gram averted"),
}  # fmt: skip
"""What one unit of improvement is called, where there is a plain word for it."""
NEARLY_SURE = 0.995


def decision_text(found: Decision, when: str = "") -> list[str]:
    """Return the ranking as a table and what follows from it in sentences; mixes by their short names.

    `when`: the days that the ranking is over, for its first line.
    """
    found = with_short_names(found)
    goal = found.objective
    best = say("most is best") if goal.more_is_better else say("fewest is best")
    what = f"{noun(goal.outcome)}, {best}"
    if goal.worth_sek is not None:
        what = say("net benefit at {worth} SEK per {unit}", worth=number(goal.worth_sek), unit=unit_name(goal))
    head = say("Ranking of {n} mixes by {what}; {rows} {unit}", n=len(found.mixes), what=what, rows=found.ranking.n,
               unit=say(found.ranking.unit))  # fmt: skip
    lines = [f"{head}{when and f', {when}'}"]
    if found.ranking.n_left_out:
        lines.append(say("Left out for want of a value in some mix: {n}.", n=found.ranking.n_left_out))
    lines += _ranking_table(found)
    lines.append(_verdict(found))
    lines += [
        position(mix, one, unit_name(found.objective)) for mix, one in zip(found.mixes[1:], found.increments, strict=True)
    ]
    lines += _frontier(found)
    lines += _acceptability(found)
    return [*lines, *_pareto(found)]


def unit_name(goal: Objective) -> str:
    """Return what one unit of improvement is called."""
    if goal.outcome in UNITS:
        return say(UNITS[goal.outcome])
    one = say("one more of {noun}") if goal.more_is_better else say("one less of {noun}")
    return one.format(noun=noun(goal.outcome))


def _ranking_table(found: Decision) -> list[str]:
    goal, chance = found.objective, found.ranking.draws is not None
    head = [say("mean per day"), noun(goal.outcome).split(" (")[0], say("cost (SEK)")]
    head += [say("net (SEK)")] if goal.worth_sek is not None else []
    head += [say("chance best"), say("expected loss")] if chance else []
    head.append(say("best in"))
    rows = [[say(s.mix), *_cells(found, s)] for s in found.ranking.standings]
    return layout.table(head, rows)


def _cells(found: Decision, s: Standing) -> list[str]:
    cells = [number(s.outcome), number(s.cost_sek)]
    if found.objective.worth_sek is not None:
        cells.append(number(s.worth))
    if s.chance_best is not None and s.expected_loss is not None:
        cells += [chance_text(s.chance_best), number(s.expected_loss)]
    return [*cells, say("{k} of {n}", k=number(s.best_in), n=found.ranking.n)]


def chance_text(chance: float) -> str:
    """Return a chance in whole per cent, never zero or a hundred."""
    if chance > NEARLY_SURE:
        return say("over 99 %")
    return say("under 1 %") if chance < 1 - NEARLY_SURE else percent(round(chance, 2))


def _verdict(found: Decision) -> str:
    first, verdict = found.ranking.standings[0], found.ranking.verdict
    if first.chance_best is None or first.expected_loss is None:
        return say("Not enough runs to say which mix is best.")
    unit = "SEK" if found.objective.worth_sek is not None else found.objective.unit.removesuffix("/day")
    loss = say("choosing it loses next to nothing")
    if first.expected_loss > 0.001 * abs(first.worth):
        loss = say(
            "choosing it loses {n} {unit} a day on average against the best", n=number(first.expected_loss), unit=say(unit)
        )
    chance = say(
        "a chance of {p} to be best (posterior t over the {unit})",
        p=chance_text(first.chance_best),
        unit=say(found.ranking.unit),
    )
    known = {"mix": say(first.mix), "chance": chance, "loss": loss}
    if verdict == BEST:
        return say("Best is {mix}, with {chance}; {loss}.", **known)
    if verdict == NEAR_BEST:
        return say("{mix} is as good as the best: {chance}, and {loss}, less than is of interest.", **known)
    if found.ranking.unit != RUNS:
        return say("Not enough worlds or knowledge to say which mix is best: {mix} leads with {chance}; {loss}.", **known)
    return say("Not enough runs to say which mix is best: {mix} leads with {chance}; {loss}.", **known)


def position(mix: str, one: Increment, unit: str) -> str:
    """Return the sentence on where a mix stands against the base on the plane of cost and effect."""
    known = {"mix": say(mix), "sek": _sek(one), "unit": unit, "extra": _extra(one)}
    return say(POSITIONS[one.position], **known)


POSITIONS = {
    cost_effect.DOES_MORE: marked("{mix}, against the base: costs more and does more: {sek} per {unit}."),
    cost_effect.DOES_LESS: marked(
        "{mix}, against the base: costs less and does less: it saves {sek} for each {unit} given up."
    ),
    cost_effect.MORE_FOR_LESS: marked(
        "{mix}, against the base: does more or the same for the same or less money: it dominates the base."
    ),
    cost_effect.LESS_FOR_MORE: marked(
        "{mix}, against the base: does less or the same for the same or more money: the base dominates it."
    ),
    cost_effect.UNCLEAR_EFFECT: marked(
        "{mix}, against the base: {extra}, and not enough runs to say whether it does more or less: no ratio is given."
    ),
    cost_effect.UNCLEAR_COST: marked(
        "{mix}, against the base: differs in effect, and not enough runs to say whether it costs more or less: no ratio is"
        " given."
    ),
    cost_effect.SAME: marked("{mix}, against the base: costs and does the same."),
    cost_effect.ONE_RUN: marked("{mix}, against the base: one run: no ratio is given."),
}


def _extra(one: Increment) -> str:
    value = one.cost.value or 0.0
    if value == 0:
        return say("costs the same")
    text = say("costs {n} SEK a day more") if value > 0 else say("costs {n} SEK a day less")
    return text.format(n=number(abs(value)))


def _sek(one: Increment) -> str:
    """Return what one unit costs; nothing where no ratio is given."""
    if one.sek_per_unit is None:
        return ""
    text = f"{number(one.sek_per_unit)} SEK"
    return text if one.low is None or one.high is None else f"{text} ({said_range(number(one.low), number(one.high))})"


def _frontier(found: Decision) -> list[str]:
    """Return a sentence on each mix that means alone rule out, if there are more than two mixes."""
    if len(found.mixes) < 3:
        return []
    sentences = []
    for step in found.steps:
        names = [say(found.mixes[k]) for k in step.dominated_by]
        if len(names) == 1:
            text = marked("By its means {mix} is dominated: {names} costs no more and does no less.")
        else:
            text = marked("By its means {mix} is dominated: a blend of {names} does more for the money.")
        if names:
            sentences.append(say(text, mix=say(found.mixes[step.mix]), names=joined(names)))
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
        if after < len(best):
            reach = say("up to about {sek}", sek=number(grid[after]))
        else:
            reach = say("from about {sek} on", sek=number(grid[start])) if start else say("at any worth shown")
        parts.append(say(
            "{mix} {reach} (chance {p} at {sek})", mix=say(found.mixes[best[start]]), reach=reach, p=chance,
            sek=number(grid[middle]),
        ))  # fmt: skip
    return [say("Best buy by SEK per {unit}: {parts}.", unit=unit_name(found.objective), parts="; ".join(parts))]


def _pareto(found: Decision) -> list[str]:
    names = joined([say(CRITERIA[name]) if name in CRITERIA else noun(name) for name in found.criteria])
    on = [say(mix) for mix, front in zip(found.mixes, found.front, strict=True) if front]
    if len(on) == len(found.mixes):
        return [say("Pareto front over {names}: no mix is worse than another on every count.", names=names)]
    return [say(
        "Pareto front over {names}: {mixes}; the others are worse than one of these on every count.", names=names,
        mixes=joined(on),
    )]  # fmt: skip
