"""The headline of a comparison: what is left in sum, before any need is followed."""

from collections.abc import Callable, Sequence

from odssim.analysis.comparison.difference_rows import OTHER_PLACES, TREATED_PLACES, WHOLE_CITY, DifferenceRow
from odssim.analysis.comparison.words import change
from odssim.analysis.statistics.intervals import ONE_RUN
from odssim.language import marked, say

NET = {
    ("open_deals", TREATED_PLACES): marked("open deals at the treated places"),
    ("open_deals", OTHER_PLACES): marked("open deals at other places"),
    ("open_deals", WHOLE_CITY): marked("open deals in the whole city"),
    ("hidden_deals", WHOLE_CITY): marked("by phone and delivery"),
    ("all_deals", WHOLE_CITY): marked("purchases of all kinds"),
}


def net_rows(rows: Sequence[DifferenceRow]) -> dict[str, DifferenceRow]:
    """Return the rows of a table of differences that make up the net change, by what they are called."""
    by_key = {(row.outcome, row.where): row for row in rows if row.difference is not None}
    placed = ("open_deals", TREATED_PLACES) in by_key
    return {
        say(words): by_key[key]
        for key, words in NET.items()
        if key in by_key and not (placed and key == ("open_deals", WHOLE_CITY))
    }


def net_sentence(rows: Sequence[DifferenceRow], text: Callable[[DifferenceRow], str] = change) -> str:
    """Return the net change in a sentence, each number with its interval or "not known"; nothing without rows."""
    found = net_rows(rows)
    if not found:
        return ""
    changes = "; ".join(f"{words} {text(row)}" for words, row in found.items())
    if any(row.verdict == ONE_RUN for row in found.values()):
        return say("Net change: {changes} (one pair of runs: interval not known).", changes=changes)
    return say("Net change: {changes}.", changes=changes)
