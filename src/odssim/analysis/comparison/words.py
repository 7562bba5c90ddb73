"""A comparison in sentences, as an evaluator would write them. Every number comes from `tables`."""

from collections.abc import Callable, Mapping, Sequence

from odssim.analysis.comparison.contrast import Window
from odssim.analysis.comparison.difference_rows import WHOLE_CITY, DifferenceRow
from odssim.analysis.comparison.idle_rows import CutRow, IdleRow
from odssim.analysis.statistics.intervals import FEWER, MORE, NO_DIFFERENCE, NOT_ENOUGH, ONE_RUN, SAME
from odssim.core.outcomes import REPORTED
from odssim.language import counting, layout, marked, say
from odssim.language.names import noun
from odssim.language.written import THIN_SPACE, number, said_range, signed, signed_percent
from odssim.scenario.records import PAYERS

COSTS: Mapping[str, str] = {
    **{f"cost_{payer}_sek": payer.replace("_", " ") for payer in PAYERS},
    "cost_sek": marked("all payers"),
}
"""Costs by payer, shown in a table of their own."""


def header(label: str, base: str, n_seeds: int, window: Window) -> str:
    """Return the line above an alternative's sentences."""
    return say(
        "{label}, against {base}: {runs}, {first} to {last} ({days} days)", label=say(label), base=say(base),
        runs=counting(n_seeds, "one run", "{n} paired runs", n=n_seeds), first=window.first_date, last=window.last_date,
        days=window.days,
    )  # fmt: skip


def reported(rows: Sequence[DifferenceRow]) -> list[DifferenceRow]:
    """Return the rows worth reporting, areas first; nothing on what neither world had."""
    order = list(REPORTED)
    named = [row for row in rows if row.outcome in order and (row.base or row.other)]
    return sorted(named, key=lambda r: -1 if r.where != WHOLE_CITY else order.index(r.outcome))


def differences(rows: Sequence[DifferenceRow], smallest: float) -> list[str]:
    """Return a sentence on each established difference, then what is not one and what is not known."""
    mine = reported(rows)
    same = [row for row in mine if unchanged(row)]
    rest = [row for row in mine if row not in same]
    sentences = [difference(row, smallest) for row in rest if row.verdict in (FEWER, MORE, ONE_RUN)]
    for verdict, words in (
        (NO_DIFFERENCE, say("No difference of note (less than {x} % either way)", x=number(100 * smallest))),
        (NOT_ENOUGH, say("Not enough runs to say whether these changed")),
    ):
        if names := _names([row for row in rest if row.verdict == verdict]):
            sentences.append(f"{words}: {names}.")
    if same:
        sentences.append(say("Exactly the same in both worlds: {names}.", names=_names(same)))
    ratio = next((r.variance_ratio for r in mine if r.outcome == "open_deals" and r.where == WHOLE_CITY), None)
    if ratio is not None:
        sentences.append(
            counting(
                1 + (ratio > 1.005),
                "Pairing by seed: of open deals in the whole city, one pair tells as much as {n} unpaired run.",
                "Pairing by seed: of open deals in the whole city, one pair tells as much as {n} unpaired runs.",
                n=number(ratio),
            )
        )
    return sentences


def _names(rows: Sequence[DifferenceRow]) -> str:
    return "; ".join(_line_name(row) for row in rows)


def difference_table(rows: Sequence[DifferenceRow]) -> list[str]:
    """Return the table of all that is reported but costs; levels are means per day."""
    heads = marked("mean per day|base|mix|change (95 % interval)|pairing|verdict")
    lines = [
        (_line_name(row), number(row.base), number(row.other), change(row), pairing(row), _short(row))
        for row in reported(rows)
        if row.outcome not in COSTS
    ]
    return layout.table(say(heads).split("|"), lines)


def cost_table(rows: Sequence[DifferenceRow]) -> list[str]:
    """Return the table of costs by payer, and an empty line; nothing where nothing was spent."""
    spent = {row.outcome: row for row in rows if row.outcome in COSTS and (row.base or row.other)}
    lines = [
        (say(COSTS[name]), number(spent[name].base), number(spent[name].other), _sek(spent[name]))
        for name in COSTS
        if name in spent
    ]
    heads = say("cost of the interventions, SEK a day|base|mix|difference (95 % interval)").split("|")
    return [*layout.table(heads, lines), ""] if lines else []


def _sek(row: DifferenceRow) -> str:
    return with_interval(row.difference, row.low, row.high)


def with_interval(
    value: float | None, low: float | None, high: float | None, form: Callable[[float | None], str] = signed
) -> str:
    """Return a difference with its interval, if there is one; what is exactly known is so in every run."""
    text = form(value)
    if low is None or high is None:
        return text
    if low == high:
        return say("{value} in every run", value=text)
    ends = [form(end).removesuffix(f"{THIN_SPACE}%") for end in (low, high)]
    return f"{text} ({said_range(*ends)})"


def _line_name(row: DifferenceRow) -> str:
    if row.where != WHOLE_CITY:
        return say("deals, {where}", where=say(row.where))
    return noun(row.outcome)


def _short(row: DifferenceRow) -> str:
    return say("the same") if unchanged(row) else say(SHORT.get(row.verdict, row.verdict))


SHORT = {
    FEWER: marked("fewer"), MORE: marked("more"), NOT_ENOUGH: marked("too few runs"), NO_DIFFERENCE: marked("none of note"),
    ONE_RUN: marked("one run"),
}  # fmt: skip


def pairing(row: DifferenceRow) -> str:
    """Return how many unpaired runs one pair is worth; nothing where the difference never varied."""
    ratio = row.variance_ratio
    if ratio is None or unchanged(row):
        return ""
    return f"> {number(1000)}" if ratio > 1000 else number(ratio)


def unchanged(row: DifferenceRow) -> bool:
    """Return whether no seed showed any difference."""
    return row.verdict == SAME or (row.verdict == ONE_RUN and row.difference == 0)


def difference(row: DifferenceRow, smallest: float) -> str:
    """Return the sentence on one row of the table of differences."""
    outcome = REPORTED[row.outcome]
    down, up = say(f"{outcome.fall}|{outcome.rise}").split("|")  # together: Swedish has two words for "more"
    what = f"{noun(row.outcome)} {_place(row.where)}"
    known = {"other": number(row.other), "base": number(row.base)}
    levels = say("{other} instead of {base}", **known)
    if row.unit.endswith("/day"):
        levels = say("{other} a day instead of {base}", **known)
    if row.verdict == ONE_RUN:
        return f"{what[0].upper()}{what[1:]}: {change(row)}, {levels} ({say(ONE_RUN)})."
    small = ""
    if not row.of_interest:
        small = say(": less than the {x} % that are of interest", x=number(100 * smallest))
    return f"{down if row.verdict == FEWER else up} {what}: {change(row)}, {levels}{small}."


def _place(where: str) -> str:
    if where == WHOLE_CITY:
        return say("in the whole city")
    if where in PLACES:
        return say(PLACES[where])
    if where.startswith("within"):
        return say("{where} of them", where=say(where))
    return say("at {where}", where=say(where))


PLACES = {
    "treated places": marked("at the treated places"),
    "rest of the city": marked("in the rest of the city"),
    "other places": marked("at other places"),
}


def idle(rows: Sequence[IdleRow]) -> list[str]:
    """Return a sentence per intervention that works nowhere, and in how many runs."""
    return [
        say("{mix}: intervention {id} works nowhere in {k} of {n} runs: {why}.", mix=row.mix, id=row.id,
            k=row.n_runs, n=row.of_runs, why=say(row.why))
        for row in rows
    ]  # fmt: skip


def cut(rows: Sequence[CutRow]) -> list[str]:
    """Return a sentence per intervention that its payer's budget cut, and in how many runs."""
    return [
        say("{mix}: intervention {id} is cut by its payer's budget in {k} of {n} runs: planned for {plan} SEK, {cut} of them"
            " beyond the budget, delivered for {cost} (means over the whole run).", mix=row.mix, id=row.id,
            k=row.n_runs, n=row.of_runs, plan=number(row.plan_sek), cut=number(row.cut_sek),
            cost=number(row.cost_sek))
        for row in rows
    ]  # fmt: skip


def _change(row: DifferenceRow) -> tuple[tuple[float | None, float | None, float | None], Callable[[float | None], str]]:
    """Return a change with its limits, in per cent where the base has something, and how they are written."""
    if row.percent is None:
        return (row.difference, row.low, row.high), signed
    return (row.percent, row.percent_low, row.percent_high), signed_percent


def limits(row: DifferenceRow) -> list[str | None]:
    """Return a change and its limits as they are shown."""
    values, form = _change(row)
    return [None if value is None else form(value) for value in values]


def change(row: DifferenceRow) -> str:
    """Return the change with its interval, in per cent where the base has something to compare with."""
    (value, low, high), form = _change(row)
    text = with_interval(value, low, high, form)
    return text if low is not None or unchanged(row) or row.verdict == ONE_RUN else known_or_not(text)


def known_or_not(value: str) -> str:
    """Return a value of which the interval is not known."""
    return say("{value} (interval not known)", value=value)
