"""A comparison in sentences, as an evaluator would write them. Every number comes from `tables`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from odssim.analysis.contrast import BUFFER_M, Window
from odssim.analysis.intervals import NO_DIFFERENCE, ONE_RUN
from odssim.analysis.tables import WHOLE_CITY

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
    "cost_sek": ("cost of the interventions (SEK)", "Lower", "Higher"),
}
"""Outcomes told in sentences: what they are called, and the words for a fall and a rise."""

FATE_WORDS: Mapping[str, str] = {
    "prevented": "did not take place",
    "tactical": "went to phone and delivery",
    "near": f"moved nearby (within {BUFFER_M:.0f} m)",
    "far": "moved further away",
    "temporal": "took place at another time",
    "product": "were of another drug",
    "other_ends": "ended otherwise",
}
ENOUGH_MATCHED = 0.9
"""Below this share of needs found in both worlds, shares of the ledger only describe."""


def header(label: str, base: str, n_seeds: int, window: Window) -> str:
    """Return the line above an alternative's sentences."""
    runs = "one run" if n_seeds == 1 else f"{n_seeds} paired runs"
    return f"{label}, against {base}: {runs}, {window.first_date} to {window.last_date} ({window.days} days)"


def differences(rows: Sequence[Row]) -> list[str]:
    """Return one sentence per area and told outcome; nothing on what neither world had."""
    told = [row for row in rows if row["outcome"] in NOUNS and (row["base"] or row["other"])]
    areas = [row for row in told if row["where"] != WHOLE_CITY]
    order = list(NOUNS)
    city = sorted((r for r in told if r["where"] == WHOLE_CITY), key=lambda r: order.index(r["outcome"]))
    same = [row for row in (*areas, *city) if unchanged(row)]
    sentences = [difference(row) for row in (*areas, *city) if row not in same]
    if same:
        names = ", ".join(f"{NOUNS[row['outcome']][0]} {_place(row['where'])}" for row in same)
        sentences.append(f"Exactly the same in both worlds: {names}.")
    ratio = next((r["variance_ratio"] for r in told if r["outcome"] == "open_deals"), None)
    if ratio is not None:
        sentences.append(f"Pairing by seed: one pair tells as much of that as {amount(ratio)} unpaired runs.")
    return sentences


def unchanged(row: Row) -> bool:
    """Return whether no seed showed any difference."""
    return bool(row["difference"] == 0 and (row["low"] == 0 if row["n_seeds"] > 1 else True))


def difference(row: Row) -> str:
    """Return the sentence on one row of the table of differences."""
    noun, down, up = NOUNS[row["outcome"]]
    what = f"{noun} {_place(row['where'])}"
    if row["verdict"] == NO_DIFFERENCE:
        return f"No clear difference in {what}: {change(row)}."
    levels = f"{amount(row['other'])} a day instead of {amount(row['base'])}"
    if not row["unit"].endswith("/day"):
        levels = f"{amount(row['other'])} instead of {amount(row['base'])}"
    if row["verdict"] == ONE_RUN:
        return f"{what[0].upper()}{what[1:]}: {change(row)}, {levels} ({ONE_RUN})."
    return f"{down if row['verdict'] == 'fewer' else up} {what}: {change(row)}, {levels}."


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


def displacement(fates: Sequence[Row], measures: Row, placebo_place: str | None) -> list[str]:
    """Return the sentences on where the removed deals went, and on what counts alone would say."""
    if not fates:
        if measures["n_targets"]:
            return ["No open deals at the treated places in the base: nothing to follow."]
        return ["Works at no particular places: nothing to follow there."]
    return [*_split(fates, placebo_place), *_checks(measures)]


def _split(fates: Sequence[Row], placebo_place: str | None) -> list[str]:
    by_fate = {row["fate"]: row for row in fates}
    removed = by_fate["removed"]
    start = f"Followed need by need: of 100 open deals at the treated places {amount(removed['per_100'])}"
    if removed["net_per_100"] is None:
        parts = [f"{amount(by_fate[f]['per_100'])} {words}" for f, words in FATE_WORDS.items()]
        return [
            f"{start} did not happen as before (no place for a placebo: noise included): {', '.join(parts)}."
        ]
    floor = amount(removed["placebo_per_100"])
    also = f"{floor} also after one extra visit at {placebo_place} (the noise floor)"
    sentences = [f"{start} did not happen as before; {also}."]
    net = signed(removed["net_per_100"])
    if removed["net_low"] is not None:
        net += f" ({signed(removed['net_low'])} to {signed(removed['net_high'])})"
    sentences.append(f"Removed beyond the noise floor, per 100: {net}.")
    came = signed(by_fate["inflow"]["net_per_100"])
    sentences.append(
        f"Deals there that the base has elsewhere or not at all, beyond the noise floor: {came}."
    )
    if by_fate["displaced"]["share_of_removed"] is None:
        return [*sentences, "That does not clearly exceed the noise floor: no displacement split."]
    parts = [f"{_share(by_fate[f])} {words}" for f, words in FATE_WORDS.items()]
    sentences.append(f"Of these: {', '.join(parts)}.")
    return [*sentences, f"Displaced in all: {_share(by_fate['displaced'])} of what was removed."]


def _share(row: Row) -> str:
    if row["share_low"] is None:
        return percent(row["share_of_removed"])
    low, high = (percent(row[key]).removesuffix(" %") for key in ("share_low", "share_high"))
    return f"{percent(row['share_of_removed'])} ({low} to {high})"


def _checks(measures: Row) -> list[str]:
    """Return the sentences on the displacement quotient and on the ledger's matched share."""
    sentences = []
    if measures["placebo_untouched"]:
        sentences.append(f"Seeds in which the placebo's visit met nobody: {measures['placebo_untouched']}.")
    if measures["wdq_readable"]:
        sentences.append(f"Counts alone: displacement quotient {quotient(measures)}.")
    else:
        sentences.append(
            f"Counts alone: displacement quotient not read, {measures['wdq_unreadable_because']}."
        )
    if measures["control_verdict"] in ("fewer", "more"):
        moved = f"{measures['control_verdict']} open deals than in the base"
        sentences.append(f"The rest of the city had {moved}: as a control it misleads.")
    matched = measures["matched_share"]
    if matched is not None and matched < ENOUGH_MATCHED:
        sentences.append(
            f"Only {percent(matched)} of needs exist in both worlds: these shares only describe."
        )
    return sentences


def quotient(measures: Row) -> str:
    """Return the displacement quotient with its Fieller interval and what it means."""
    wdq, low, high = (measures[key] for key in ("wdq", "wdq_low", "wdq_high"))
    if low is None:
        return f"{wdq:.2f} (interval unbounded)"
    reading = "no clear displacement or diffusion nearby"
    if high < 0:
        reading = "more displaced nearby than removed" if high < -1 else "displacement nearby"
    elif low > 0:
        reading = "diffusion of benefits nearby"
    return f"{wdq:.2f} ({low:.2f} to {high:.2f}): {reading}"
