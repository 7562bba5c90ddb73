"""Where the removed deals went, in sentences: the ledger's account, then what counts alone would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from odssim.analysis import layout
from odssim.analysis.contrast import BUFFER_M
from odssim.analysis.intervals import FEWER, MORE
from odssim.analysis.seen import LABELS, NOT_BY_PLACE, TRUTH
from odssim.analysis.wording import amount, percent, signed

Row = Mapping[str, Any]
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
    stayed = f"{amount(by_fate['stayed']['per_100'])} stayed as they were and {amount(removed['per_100'])}"
    start = f"Followed need by need: of 100 open deals at the treated places {stayed}"
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
    came, crowded = (signed(by_fate[fate]["net_per_100"]) for fate in ("inflow", "crowded_out"))
    sentences.append(
        f"Also beyond the noise floor, per 100: {came} deals there that the base has elsewhere or not at all, "
        f"{crowded} deals elsewhere that moved to yet another place."
    )
    if by_fate["displaced"]["share_of_removed"] is None:
        return [*sentences, "That does not clearly exceed the noise floor: no displacement split."]
    parts = [f"{_part(by_fate[f])} {words}" for f, words in FATE_WORDS.items()]
    sentences.append(f"Of these: {', '.join(parts)}.")
    return [*sentences, f"Displaced in all: {_part(by_fate['displaced'])} of what was removed."]


def _part(row: Row) -> str:
    if row["share_low"] is None:
        return percent(row["share_of_removed"])
    low, high = (percent(row[key]).removesuffix(" %") for key in ("share_low", "share_high"))
    return f"{percent(row['share_of_removed'])} ({low} to {high})"


def _checks(measures: Row) -> list[str]:
    """Return the sentences on the displacement quotient and on the ledger's matched share."""
    sentences = []
    if measures["same_seller_share"] is not None:
        pairs = percent(measures["same_seller_share"])
        sentences.append(f"Same pair: {pairs} of the displaced deals were made with the same seller.")
    if measures["placebo_untouched"]:
        sentences.append(f"Seeds in which the placebo's visit met nobody: {measures['placebo_untouched']}.")
    if measures["wdq_readable"]:
        sentences.append(f"Counts alone: displacement quotient {quotient(measures)}.")
    else:
        sentences.append(
            f"Counts alone: displacement quotient not read, {measures['wdq_unreadable_because']}."
        )
    if measures["reach_m"] is not None:
        far = f"changed out to {measures['reach_m']:.0f} m from the treated places"
        none = "show no established change around the treated places"
        sentences.append(f"Reach: open deals {far if measures['reach_m'] else none}.")
    if measures["control_verdict"] in (FEWER, MORE):
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


def shifts(shift: Row, truth: Row | None) -> list[str]:
    """Return the sentences on time, method and spread; nothing on what cannot be told."""
    sentences = []
    if shift["hours_moved"] is not None:
        moved = f"{percent(shift['moved_share'])} of the deals left at the treated places, "
        moved += f"{shift['hours_moved']:.1f} h on average"
        if shift["hours_moved_placebo"] is not None:
            luck = f"{percent(shift['moved_share_placebo'])}, {shift['hours_moved_placebo']:.1f} h"
            moved += f" (after the placebo visit: {luck})"
        sentences.append(f"Time of the week: moved at least {moved}.")
    if None not in (shift["open_share_base"], shift["open_share_other"]):
        before, after = percent(shift["open_share_base"]), percent(shift["open_share_other"])
        text = f"{after} of purchases in the open instead of {before}"
        away = shift["recorded_away_base"], shift["recorded_away_other"]
        if None not in away:
            text += f"; of recorded offences, {percent(away[1])} away from scenes instead of {percent(away[0])}"
        sentences.append(f"Method: {text}.")
    if truth is not None and truth["h20_benefit"] is not None:
        alone = f"{signed(-100 * truth['h20_benefit'])} % at an unchanged number of deals"
        text = f"changed by {signed(100 * truth['h20_change'])} %, {alone}"
        mild = f"{signed(100 * truth['h15_change'])} and {signed(-100 * truth['h15_benefit'])} %"
        sentences.append(
            f"Spread: nuisance that grows with the square of the deals at a place {text} (power 1.5: {mild})."
        )
    return sentences


def sources(rows: Sequence[Row]) -> list[str]:
    """Return the table of what each source shows at the treated places, and where it contradicts the truth."""
    if not rows:
        return []
    head = ("at treated places", "base", "mix", "rate ratio (95 %)", "WDD (SE)", "displacement quotient")
    lines = [
        (LABELS[row["source"]], *(amount(row[f"target_{world}"]) for world in ("base", "other")),
         _ratio(row), _wdd(row), _quotient(row))
        for row in rows
    ]  # fmt: skip
    text = layout.table(head, lines)
    text.append(
        "Counts of one run of these days, as a city has one history; errors and intervals of rate ratio and WDD "
        "allow for months that differ more than by chance alone; WDD is against matched control places."
    )
    left_out = "; ".join(f"the {name} {why}" for name, why in NOT_BY_PLACE.items())
    text.append(f"No displacement measure from these, which do not count by place: {left_out}.")
    truth = next((reading(row) for row in rows if row["source"] == TRUTH), None)
    for row in rows:
        said = reading(row)
        if truth in (FEWER, MORE) and said != truth:
            shown = "no clear change" if said is None else f"{said} deals"
            text.append(f"{LABELS[row['source']].capitalize()} would show {shown} where there were {truth}.")
    return text


def reading(row: Row) -> str | None:
    """Return FEWER or MORE if the rate ratio's interval lies below or above 1, else None."""
    if row["rirr"] is None:
        return None
    return FEWER if row["rirr_high"] < 1 else MORE if row["rirr_low"] > 1 else None


def _ratio(row: Row) -> str:
    if row["rirr"] is None:
        return "an empty cell"
    return f"{row['rirr']:.2f} ({row['rirr_low']:.2f} to {row['rirr_high']:.2f})"


def _wdd(row: Row) -> str:
    return "no control" if row["wdd"] is None else f"{signed(row['wdd'])} ({amount(row['wdd_se'])})"


def _quotient(row: Row) -> str:
    if not row["wdq_readable"]:
        return "not to be read"
    interval = "unbounded" if row["wdq_low"] is None else f"{row['wdq_low']:.2f} to {row['wdq_high']:.2f}"
    return f"{row['wdq']:.2f} ({interval})"
