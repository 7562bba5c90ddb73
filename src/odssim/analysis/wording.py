"""A comparison in sentences, as an evaluator would write them. Every number comes from `tables`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from odssim.analysis import layout
from odssim.analysis.contrast import Window
from odssim.analysis.intervals import FEWER, MORE, NO_DIFFERENCE, NOT_ENOUGH, ONE_RUN
from odssim.analysis.tables import WHOLE_CITY
from odssim.scenario.records import PAYERS

Row = Mapping[str, Any]
NOUNS: Mapping[str, tuple[str, str, str]] = {
    "open_deals": ("open deals", "Fewer", "More"),
    "hidden_deals": ("hidden deals", "Fewer", "More"),
    "all_deals": ("purchases of all kinds", "Fewer", "More"),
    "failed_needs": ("needs given up after search", "Fewer", "More"),
    "turnover_sek": ("money paid in the open (SEK)", "Less", "More"),
    "price_median_sek": ("median price (SEK/g)", "Lower", "Higher"),
    "wait_min": ("minutes waited at places", "Fewer", "More"),
    "sellers_active": ("sellers at work", "Fewer", "More"),
    "n_scenes": ("open drug scenes", "Fewer", "More"),
    "nuisance": ("visible nuisance", "Less", "More"),
    "guard_min": ("guardian minutes at places", "Fewer", "More"),
    "arrests": ("arrests of sellers", "Fewer", "More"),
    "recorded_sale": ("recorded sales", "Fewer", "More"),
    "recorded_possession": ("recorded possessions", "Fewer", "More"),
    "overdoses": ("overdoses", "Fewer", "More"),
    "violence": ("violence", "Less", "More"),
    "funding_crimes": ("crimes that pay for use", "Fewer", "More"),
    "first_users": ("new users", "Fewer", "More"),
    "in_care": ("people in care", "Fewer", "More"),
    "harm_cost_sek": ("social cost of harm (SEK)", "Lower", "Higher"),
    "cost_sek": ("cost, all payers (SEK)", "Lower", "Higher"),
}
"""Outcomes told in sentences: what they are called, and the words for a fall and a rise."""

COSTS: Mapping[str, str] = {
    **{f"cost_{payer}_sek": payer.replace("_", " ") for payer in PAYERS}, "cost_sek": "all payers",
}  # fmt: skip
"""Costs by payer, told in a table of their own."""


def header(label: str, base: str, n_seeds: int, window: Window) -> str:
    """Return the line above an alternative's sentences."""
    runs = "one run" if n_seeds == 1 else f"{n_seeds} paired runs"
    return f"{label}, against {base}: {runs}, {window.first_date} to {window.last_date} ({window.days} days)"


def told(rows: Sequence[Row]) -> list[Row]:
    """Return the rows worth telling, areas first; nothing on what neither world had."""
    order = list(NOUNS)
    named = [row for row in rows if row["outcome"] in order and (row["base"] or row["other"])]
    return sorted(named, key=lambda r: -1 if r["where"] != WHOLE_CITY else order.index(r["outcome"]))


def differences(rows: Sequence[Row], smallest: float) -> list[str]:
    """Return a sentence on each established difference, then what is not one and what is not known."""
    mine = told(rows)
    same = [row for row in mine if unchanged(row)]
    rest = [row for row in mine if row not in same]
    sentences = [difference(row, smallest) for row in rest if row["verdict"] in (FEWER, MORE, ONE_RUN)]
    for verdict, words in (
        (NO_DIFFERENCE, f"No difference of note (less than {100 * smallest:g} % either way)"),
        (NOT_ENOUGH, "Not enough runs to say whether these changed"),
    ):
        if names := _names([row for row in rest if row["verdict"] == verdict]):
            sentences.append(f"{words}: {names}.")
    if same:
        sentences.append(f"Exactly the same in both worlds: {_names(same)}.")
    ratio = next(
        (r["variance_ratio"] for r in mine if r["outcome"] == "open_deals" and r["where"] == WHOLE_CITY), None
    )
    if ratio is not None:
        pairs = f"one pair tells as much as {amount(ratio)} unpaired run{'s' if ratio > 1.005 else ''}"
        sentences.append(f"Pairing by seed: of open deals in the whole city, {pairs}.")
    return sentences


def _names(rows: Sequence[Row]) -> str:
    return "; ".join(_line_name(row) for row in rows)


def difference_table(rows: Sequence[Row]) -> list[str]:
    """Return the table of all that is told but costs; levels are means per day."""
    head = ("mean per day", "base", "mix", "change (95 % interval)", "pairing", "verdict")
    lines = [
        (_line_name(row), amount(row["base"]), amount(row["other"]), change(row), pairing(row), _short(row))
        for row in told(rows)
        if row["outcome"] not in COSTS
    ]
    return layout.table(head, lines)


def cost_table(rows: Sequence[Row]) -> list[str]:
    """Return the table of costs by payer, and an empty line; nothing where nothing was spent."""
    spent = {row["outcome"]: row for row in rows if row["outcome"] in COSTS and (row["base"] or row["other"])}
    lines = [
        (COSTS[name], amount(spent[name]["base"]), amount(spent[name]["other"]), _sek(spent[name]))
        for name in COSTS
        if name in spent
    ]
    head = ("cost of the interventions, SEK a day", "base", "mix", "difference (95 % interval)")
    return [*layout.table(head, lines), ""] if lines else []


def _sek(row: Row) -> str:
    interval = "" if row["low"] is None else f" ({signed(row['low'])} to {signed(row['high'])})"
    return f"{signed(row['difference'])}{interval}"


def _line_name(row: Row) -> str:
    if row["where"] != WHOLE_CITY:
        return f"open deals, {row['where']}"
    name: str = NOUNS[row["outcome"]][0]
    return name


def _short(row: Row) -> str:
    words = {NOT_ENOUGH: "not enough runs", NO_DIFFERENCE: "none of note", ONE_RUN: "one run"}
    verdict: str = row["verdict"]
    return "the same" if unchanged(row) else words.get(verdict, verdict)


def pairing(row: Row) -> str:
    """Return how many unpaired runs one pair is worth; nothing where the difference never varied."""
    ratio = row["variance_ratio"]
    if ratio is None or unchanged(row):
        return ""
    return "> 1,000" if ratio > 1000 else f"{ratio:.1f}"


def unchanged(row: Row) -> bool:
    """Return whether no seed showed any difference."""
    return bool(row["difference"] == 0 and (row["low"] == 0 if row["n_seeds"] > 1 else True))


def difference(row: Row, smallest: float) -> str:
    """Return the sentence on one row of the table of differences."""
    noun, down, up = NOUNS[row["outcome"]]
    what = f"{noun} {_place(row['where'])}"
    levels = f"{amount(row['other'])} a day instead of {amount(row['base'])}"
    if not row["unit"].endswith("/day"):
        levels = f"{amount(row['other'])} instead of {amount(row['base'])}"
    if row["verdict"] == ONE_RUN:
        return f"{what[0].upper()}{what[1:]}: {change(row)}, {levels} ({ONE_RUN})."
    small = "" if row["of_interest"] else f": less than the {100 * smallest:g} % that are of interest"
    return f"{down if row['verdict'] == FEWER else up} {what}: {change(row)}, {levels}{small}."


def _place(where: str) -> str:
    if where == WHOLE_CITY:
        return "in the whole city"
    return {"treated places": "at the treated places", "rest of the city": "in the rest of the city"}.get(
        where, f"{where} of them" if where.startswith("within") else f"at {where}"
    )


def change(row: Row) -> str:
    """Return the change with its interval, in per cent where the base has something to compare with."""
    keys, unit = ("percent", "percent_low", "percent_high"), " %"
    if row["percent"] is None:
        keys, unit = ("difference", "low", "high"), ""
    value, low, high = (row[key] for key in keys)
    text = f"{signed(value)}{unit}"
    return text if low is None else f"{text} ({signed(low)} to {signed(high)})"


def signed(number: float) -> str:
    """Return a number with its sign: whole from 10 on, else with one decimal."""
    text = f"{number:+,.0f}" if abs(number) >= 9.95 else f"{number:+.1f}"
    return text if text.strip("+-0.,") else "0"


def amount(number: float) -> str:
    """Return a number that is not a difference, to three figures or whole."""
    return f"{number:,.0f}" if abs(number) >= 99.5 else f"{number:.3g}"


def percent(share: float) -> str:
    """Return a share in whole per cent."""
    return f"{100 * share + 0.0:.0f} %".replace("-0 %", "0 %")
