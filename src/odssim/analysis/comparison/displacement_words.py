"""Where the removed deals went, in sentences: the ledger's account, then what counts alone would say."""

from collections.abc import Mapping, Sequence

from odssim.analysis.comparison.difference_rows import FateRow
from odssim.analysis.comparison.ring_rows import MeasureRow
from odssim.analysis.comparison.source_rows import ShiftRow, SourceRow
from odssim.analysis.comparison.words import known_or_not, with_interval
from odssim.analysis.displacement.seen import LABELS, NOT_BY_PLACE, TRUTH
from odssim.analysis.statistics.intervals import FEWER, MORE
from odssim.language import layout, marked, say
from odssim.language.written import grouped, number, percent, said_range, signed, signed_percent

FATE_WORDS: Mapping[str, str] = {
    "prevented": "did not take place",
    "tactical": "went to phone and delivery",
    "near": "moved nearby (within 500 m)",
    "far": "moved further away",
    "temporal": "took place at another time",
    "product": "were of another drug",
    "other_ends": "ended otherwise",
}
STAYED = marked("stayed as they were")
CAME_WORDS: Mapping[str, str] = {
    "inflow": marked("came in there (in the base elsewhere or none)"),
    "induced": marked("came in, whole city: needs unmet in the base"),
    "prevented_outside": marked("elsewhere or by phone: did not take place"),
}
DISPERSAL = marked("That deals move need not undo the gain: fewer at each place, or out of sight, may be what is wanted.")
ENOUGH_MATCHED = 0.9
"""Below this share of needs found in both worlds, shares of the ledger only describe."""


def ledger(fates: Sequence[FateRow], measures: MeasureRow, placebo_place: str | None) -> list[str]:
    """Return what became of the base's deals at the treated places, and what came in, beside the noise floor."""
    if not fates:
        if measures.n_targets:
            return [say("No open deals at the treated places in the base: nothing to follow.")]
        return [say("Works at no particular places: nothing to follow there.")]
    return _split(fates, placebo_place)


def _split(fates: Sequence[FateRow], placebo_place: str | None) -> list[str]:
    by_fate = {row.fate: row for row in fates}
    removed, split = by_fate["removed"], by_fate["displaced"]
    known = {"stayed": number(by_fate["stayed"].per_100), "removed": number(removed.per_100)}
    if removed.net_per_100 is None:
        return [say(
            "Followed need by need: of 100 open deals at the treated places {stayed} stayed as they were and {removed} did"
            " not happen as before (no place for a placebo: noise included).", **known,
        ), *_table(by_fate)]  # fmt: skip
    sentences = [say(
        "Followed need by need: of 100 open deals at the treated places {stayed} stayed as they were and {removed} did not"
        " happen as before; {floor} also after one extra visit at {place} (the noise floor).",
        **known, floor=number(removed.placebo_per_100), place=placebo_place,
    ), *_table(by_fate)]  # fmt: skip
    if split.share_of_removed is None:
        return [*sentences, say("That does not clearly exceed the noise floor: no displacement split.")]
    return [*sentences, say("Displaced in all: {part} of what was removed.", part=_part(split)), say(DISPERSAL)]


def _table(by_fate: Mapping[str, FateRow]) -> list[str]:
    """Return the ledger of needs: what became of the base's deals, and what came in, beside the noise floor."""
    heads = say("per 100 open deals there in the base|with the mix|noise floor|beyond it (95 % interval)").split("|")
    lines = [
        (say(words), number(row.per_100), *(("-", "-") if row.net_per_100 is None else _beyond(row)))
        for fate, words in {"stayed": STAYED, **FATE_WORDS, **CAME_WORDS}.items()
        if (row := by_fate[fate]).per_100 or row.placebo_per_100
    ]
    return ["", *layout.table(heads, lines), ""]


def _beyond(row: FateRow) -> tuple[str, str]:
    """Return the noise floor of a fate, and what there is of it beyond that, with its interval."""
    text = with_interval(row.net_per_100, row.net_low, row.net_high)
    return number(row.placebo_per_100), text if row.net_low is not None else known_or_not(text)


def _part(row: FateRow) -> str:
    text = with_interval(row.share_of_removed, row.share_low, row.share_high, percent)
    return text if row.share_low is not None else known_or_not(text)


def checks(measures: MeasureRow) -> list[str]:
    """Return the sentences on the displacement quotient and on the ledger's matched share."""
    sentences = []
    if measures.same_seller_share is not None:
        share = percent(measures.same_seller_share)
        sentences.append(say("Same pair: {share} of the displaced deals were made with the same seller.", share=share))
    if measures.placebo_untouched:
        sentences.append(say("Seeds in which the placebo's visit met nobody: {n}.", n=measures.placebo_untouched))
    if measures.wdq_readable:
        sentences.append(say("Counts alone: displacement quotient {quotient}.", quotient=quotient(measures)))
    else:
        why = say(measures.wdq_unreadable_because)
        sentences.append(say("Counts alone: displacement quotient not read, {why}.", why=why))
    if measures.reach_m:
        m = grouped(measures.reach_m)
        sentences.append(say("Reach: open deals changed out to {m} m from the treated places.", m=m))
    elif measures.reach_m is not None:
        sentences.append(say("Reach: open deals show no established change around the treated places."))
    if measures.control_verdict == FEWER:
        sentences.append(say("The rest of the city had fewer open deals than in the base: as a control it misleads."))
    elif measures.control_verdict == MORE:
        sentences.append(say("The rest of the city had more open deals than in the base: as a control it misleads."))
    if measures.matched_share is not None and measures.matched_share < ENOUGH_MATCHED:
        share = percent(measures.matched_share)
        sentences.append(say("Only {share} of needs exist in both worlds: these shares only describe.", share=share))
    return sentences


def quotient(measures: MeasureRow) -> str:
    """Return the displacement quotient with its Fieller interval and what it means."""
    low, high = measures.wdq_low, measures.wdq_high
    if low is None or high is None:
        return say("{wdq} (interval not known)", wdq=number(measures.wdq))
    reading = say("no clear displacement or diffusion nearby")
    if high < 0:
        reading = say("more displaced nearby than removed") if high < -1 else say("displacement nearby")
    elif low > 0:
        reading = say("diffusion of benefits nearby")
    return f"{number(measures.wdq)} ({said_range(number(low), number(high))}): {reading}"


def shifts(shift: ShiftRow, truth: SourceRow | None) -> list[str]:
    """Return the sentences on time, method and spread; nothing on what cannot be said."""
    sentences = []
    if shift.hours_moved is not None:
        placebo = ""
        if shift.hours_moved_placebo is not None:
            hours = number(shift.hours_moved_placebo)
            share = percent(shift.moved_share_placebo)
            placebo = say(" (after the placebo visit: {share}, {hours} h)", share=share, hours=hours)
        sentences.append(say(
            "Time of the week: moved at least {share} of the deals left at the treated places,"
            " {hours} h on average{placebo}.",
            share=percent(shift.moved_share), hours=number(shift.hours_moved), placebo=placebo,
        ))  # fmt: skip
    if None not in (shift.open_share_base, shift.open_share_other):
        before, after = percent(shift.open_share_base), percent(shift.open_share_other)
        away = shift.recorded_away_base, shift.recorded_away_other
        recorded = ""
        if None not in away:
            recorded = say(
                "; of recorded offences, {after} away from scenes instead of {before}",
                after=percent(away[1]),
                before=percent(away[0]),
            )
        sentences.append(say(
            "Method: {after} of purchases in the open instead of {before}{recorded}.", after=after, before=before,
            recorded=recorded,
        ))  # fmt: skip
    if truth is not None and truth.h20_benefit is not None:
        assert truth.h20_change is not None
        assert truth.h15_change is not None
        assert truth.h15_benefit is not None
        sentences.append(say(
            "Spread: nuisance that grows with the square of the deals at a place changed by {change}, {alone} at an"
            " unchanged number of deals (power 1.5: {mild_change} and {mild_alone}).",
            change=signed_percent(100 * truth.h20_change), alone=signed_percent(-100 * truth.h20_benefit),
            mild_change=signed_percent(100 * truth.h15_change), mild_alone=signed_percent(-100 * truth.h15_benefit),
        ))  # fmt: skip
    return sentences


def sources(rows: Sequence[SourceRow]) -> list[str]:
    """Return the table of what each source shows at the treated places, and where it contradicts the truth."""
    if not rows:
        return []
    head = say("at treated places|base|mix|rate ratio (95 %)|WDD (SE)|displacement quotient").split("|")
    lines = [
        (say(LABELS[row.source]), number(row.target_base), number(row.target_other), _ratio(row), _wdd(row), _quotient(row))
        for row in rows
    ]
    text = layout.table(head, lines)
    text.append(
        say(
            "Counts of one run of these days, as a city has one history; errors and intervals of rate ratio and WDD allow"
            " for months that differ more than by chance alone; WDD is against matched control places."
        )
    )
    left_out = "; ".join(say(sentence) for sentence in NOT_BY_PLACE)
    text.append(say("No displacement measure from these, which do not count by place: {sources}.", sources=left_out))
    truth = next((reading(row) for row in rows if row.source == TRUTH), None)
    for row in rows:
        said = reading(row)
        if truth in (FEWER, MORE) and said != truth:
            text.append(say(MISLED[said, truth], source=say(LABELS[row.source]).capitalize()))
    return text


MISLED: Mapping[tuple[str | None, str | None], str] = {
    (None, FEWER): marked("{source} would show no clear change where there were fewer."),
    (None, MORE): marked("{source} would show no clear change where there were more."),
    (FEWER, MORE): marked("{source} would show fewer deals where there were more."),
    (MORE, FEWER): marked("{source} would show more deals where there were fewer."),
}
"""What a source shows and what is true, where the two differ."""


def reading(row: SourceRow) -> str | None:
    """Return FEWER or MORE if the rate ratio's interval lies below or above 1, else None."""
    if row.rirr_low is None or row.rirr_high is None:
        return None
    return FEWER if row.rirr_high < 1 else MORE if row.rirr_low > 1 else None


def _ratio(row: SourceRow) -> str:
    if row.rirr is None:
        return say("an empty cell")
    return f"{number(row.rirr)} ({said_range(number(row.rirr_low), number(row.rirr_high))})"


def _wdd(row: SourceRow) -> str:
    return say("no control") if row.wdd is None else f"{signed(row.wdd)} ({number(row.wdd_se)})"


def _quotient(row: SourceRow) -> str:
    if not row.wdq_readable:
        return say("not to be read")
    interval = say("not known") if row.wdq_low is None else said_range(number(row.wdq_low), number(row.wdq_high))
    return f"{number(row.wdq)} ({interval})"
