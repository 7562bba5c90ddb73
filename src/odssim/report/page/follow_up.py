"""Step 6, follow up and evaluate: what changed, by how much for certain, and where the deals went."""

from datetime import date, timedelta

from odssim.analysis.comparison.difference_rows import WHOLE_CITY, FateRow
from odssim.analysis.comparison.displacement_words import CAME_WORDS, FATE_WORDS, STAYED
from odssim.analysis.statistics.intervals import FEWER, MORE
from odssim.drawing import style
from odssim.drawing.as_data import as_svg
from odssim.drawing.charts import Bar, interval_figure, series_figure, share_figure
from odssim.language import marked, say
from odssim.language.written import change, joined, number, percent
from odssim.report.page.blocks import Block, Figure, Section, Table, declared_table
from odssim.report.page.common import CHOSEN_OUTCOMES, how, interval_text, label_of, outcome_name, signed_cells
from odssim.report.page.mix_ranking import ranking
from odssim.report.page.source import ComparisonFiles, RunFiles, Source
from odssim.report.page.study_part import of_study, study_lead

LINES = (
    ("open_deals", marked("Open deals a day"), style.OPEN),
    ("hidden_deals", marked("Hidden deals a day (by phone)"), style.HIDDEN),
    ("recorded_sale", marked("Recorded sales a day: what police statistics show"), style.RECORDED),
)
VERDICTS: dict[str, str] = {FEWER: marked("lower"), MORE: marked("higher")}
"""What is said of any outcome, be it a count or a price."""
FATES = ("prevented", "tactical", "near", "far", "temporal", "product", "other_ends")
MOST_DRAWN = 6
"""Mixes that a picture with intervals can hold; the tables have all."""
BARS_SHOWN = (
    "open_deals", "hidden_deals", "all_deals", "n_scenes", "nuisance", "fear_share", "failed_needs", "recorded_sale",
    "overdoses", "violence", "funding_crimes",
)  # fmt: skip


def follow_up(source: Source, maps: list[Figure]) -> Section:
    """Return the section; `maps` are before, after and difference."""
    title = say("Follow up and evaluate results")
    if source.run is not None:
        lead = say(
            "One run shows what went on, not what an intervention did: season and chance are in every change below."
            " An effect needs the same random numbers with and without it: odssim compare."
        )
        return Section(title, lead, (_series(source, source.run), *maps, *_before_during(source, source.run)))
    assert source.comparison is not None
    found = source.comparison
    blocks: list[Block] = [intervals(source), *maps, *(_difference_table(found, mix) for mix in found.mixes)]
    if source.study is not None:
        return Section(title, study_lead(source.study), (*blocks, *of_study(source, source.study), *ranking(found)))
    lead = say(
        "Every mix is run beside the base with the same random numbers, seed by seed; what differs is the mixes' doing."
        " Intervals are 95 % over seeds: chance in the model, not doubt about its assumptions."
    )
    return Section(title, lead, (*blocks, *_displacement(source, found), *ranking(found)))


def _series(source: Source, run: RunFiles) -> Figure:
    shaded = [
        (max(source.first, date.fromisoformat(row["start"])), min(source.last + timedelta(days=1),
         date.fromisoformat(row["end"])), label_of(row["type"]))
        for row in run.process if date.fromisoformat(row["start"]) <= source.last
    ]  # fmt: skip
    lines = [(say(title), run.series[outcome], colour) for outcome, title, colour in LINES]
    deals = run.series["open_deals"] + run.series["hidden_deals"]
    recorded = float(run.series["recorded_sale"].sum())
    finding = say(
        "{n} open and {m} hidden deals a day took place; police recorded one sale in about {ratio}.",
        n=number(float(run.series["open_deals"].mean())),
        m=number(float(run.series["hidden_deals"].mean())),
        ratio=number(round(float(deals.sum()) / recorded)) if recorded else say("infinitely many"),
    )
    rows = [[title, *(float(v) for v in (values.mean(), values.min(), values.max()))] for title, values, _ in lines]
    image = as_svg(series_figure(source.first, lines, shaded))
    data = declared_table("series", rows)
    return Figure(finding, image, say("Lines: the market day by day; interventions are shaded."), how(source), data)


def _before_during(source: Source, run: RunFiles) -> list[Table]:
    """Return the change of each outcome from the days before to the days of the first intervention."""
    starts = [(date.fromisoformat(r["start"]), date.fromisoformat(r["end"])) for r in run.process]
    if not starts:
        return []
    first = min((start - source.first).days for start, _ in starts)
    end = max((stop - source.first).days for _, stop in starts)
    if first <= 0:
        return []
    rows = []
    for outcome in CHOSEN_OUTCOMES:
        values = run.series.get(outcome)
        if values is None or (len(values) < end and len(values) <= first):
            continue
        before, during = float(values[:first].mean()), float(values[first:end].mean())
        if not before and not during:
            continue
        share = during / before - 1 if before else None
        rows.append([outcome_name(outcome), before, during, (share, change(share))])
    return [declared_table("before_during", rows)]


def intervals(source: Source) -> Figure:
    """Return the picture of what each mix changes, with intervals."""
    found = source.comparison
    assert found is not None
    bars, sentences, drawn = [], [], found.ranked[:MOST_DRAWN]
    for mix in drawn:
        for outcome in BARS_SHOWN:
            row = found.difference(mix, outcome)
            if row is None or row.percent is None:
                continue
            low, high = (None if end is None else end / 100 for end in (row.percent_low, row.percent_high))
            bars.append(Bar(outcome_name(outcome), mix, row.percent / 100, low, high))
        sentences.append(say("{mix} {change}", mix=mix, change=interval_text(found.difference(mix, "open_deals"))))
    finding = say("Open deals in the whole city: {parts}.", parts="; ".join(sentences))
    zero = say("change against {base}, 95 % interval; 0 is no difference", base=found.base)
    image = as_svg(interval_figure(bars, drawn, zero))
    return Figure(finding, image, say("Points with intervals: change of each outcome by mix."), how(source))


def _difference_table(found: ComparisonFiles, mix: str) -> Table:
    reported = [
        row for row in found.tables.of(mix).differences if row.outcome in CHOSEN_OUTCOMES and (row.base or row.other)
    ]
    reported.sort(key=lambda row: (row.where == WHOLE_CITY, CHOSEN_OUTCOMES.index(row.outcome)))
    rows = [
        [outcome_name(row.outcome), say("whole city") if row.where == WHOLE_CITY else say(row.where), row.base,
         row.other, *signed_cells(row.difference, row.low, row.high), (row.percent, interval_text(row)),
         say(VERDICTS.get(row.verdict, row.verdict))]
        for row in reported
    ]  # fmt: skip
    k = found.mixes.index(mix) + 1
    return declared_table("differences", rows, sheet=f"differences_{k}", mix=mix)


def _displacement(source: Source, found: ComparisonFiles) -> list[Block]:
    """Return where the deals that no longer take place at the treated places went, beyond the noise floor."""
    shares, sentences = [], []
    for mix in found.mixes:
        if in_words := removed_fates(found, mix):
            fates = fates_of(found, mix)
            shares.append((mix, [fates[f].share_of_removed or 0.0 for f in FATES]))
            sentences.append(say("{mix}: of the deals removed {fates}.", mix=mix, fates=in_words))
    text = say(
        "Displacement: every need is followed in both worlds, so it is counted, not inferred. The"
        " handbook: that deals move need not undo the gain, and the share that moves is often small; it must be watched."
    )
    if not shares:
        none = say("No mix removes clearly more deals at its places than one extra visit does: nothing to split.")
        return [text, none]
    image = as_svg(share_figure(shares, [say(FATE_WORDS[f]) for f in FATES]))
    alt = say("Bars: what became of the open deals removed at the treated places, by mix.")
    return [text, Figure(" ".join(sentences), image, alt, how(source), _fate_table(found))]


def fates_of(found: ComparisonFiles, mix: str) -> dict[str, FateRow]:
    """Return the rows on what became of the deals at a mix's places, by fate."""
    return {row.fate: row for row in found.tables.of(mix).displacement}


def removed_fates(found: ComparisonFiles, mix: str) -> str:
    """Return what became of the deals removed at a mix's places, in shares; nothing where they cannot be said."""
    fates = fates_of(found, mix)
    if not fates or fates["displaced"].share_of_removed is None:
        return ""
    share = {fate: fates[fate].share_of_removed or 0.0 for fate in FATES}
    known = {fate: percent(max(0.0, share[fate])) for fate in ("prevented", "tactical", "near", "far")}
    rest = percent(max(0.0, 1 - sum(share[fate] for fate in known)))
    return say(
        "{prevented} did not take place, {tactical} went to phone and delivery, {near} moved nearby, {far} further away,"
        " and {rest} took place at another time, with another drug or ended otherwise",
        **known,
        rest=rest,
    )


def _fate_table(found: ComparisonFiles) -> Table:
    rows = []
    for mix in found.mixes:
        fates = fates_of(found, mix)
        lines = [(say(words), fates[f]) for f, words in {**FATE_WORDS, **CAME_WORDS, "stayed": STAYED}.items() if f in fates]
        rows += [
            [mix, words, row.per_100, row.placebo_per_100,
             *signed_cells(row.net_per_100, row.net_low, row.net_high),
             row.share_of_removed, row.share_low, row.share_high]
            for words, row in lines
        ]  # fmt: skip
    return declared_table("displacement", rows)


def clear_changes(found: ComparisonFiles, mix: str) -> str:
    """Return the outcomes, open deals aside, that changed for certain and by an amount of interest."""
    parts = []
    for outcome in CHOSEN_OUTCOMES[1:]:
        row = found.difference(mix, outcome)
        if row and row.verdict in (FEWER, MORE) and row.of_interest and abs(row.percent or 100) >= 1:
            parts.append(f"{outcome_name(outcome).lower()} {interval_text(row)}")
    return joined(parts) if parts else say("nothing else for certain")
