"""Step 1, mapping: where the modelled open drug scenes are, and their ten indicators."""

from collections.abc import Sequence

from odssim.analysis.comparison.indicator_rows import COUNTED
from odssim.language import say
from odssim.language.written import counted
from odssim.observe.indicators import ENOUGH, INDICATORS
from odssim.report.page.blocks import Block, Figure, Section, Table, declared_table, table
from odssim.report.page.common import columns, signed_cells
from odssim.report.page.source import ComparisonFiles, RunFiles, Source

YES, NO = "✓", "-"


def mapping(source: Source, maps: Sequence[Figure]) -> Section:
    """Return the section; `maps` show where open deals took place."""
    tables: tuple[Block, ...] = ()
    if source.run is not None:
        tables = (_scene_text(source.run), *_scene_tables(source.run))
    elif source.study is not None:
        tables = (_not_counted_text(),)
    elif source.comparison is not None:
        tables = (_counted_text(), *(_counted_table(source.comparison, k) for k in range(len(source.comparison.mixes))))
    return Section(
        say("Motivate change by mapping"),
        say(
            "An open drug scene is a lasting place where drugs are used and sold in public and which authorities or the"
            " public see as a problem. What follows is modelled: no place named here is known to be a scene."
        ),
        (*maps, *tables),
    )


def _scene_text(run: RunFiles) -> str:
    report = run.scenes
    listed = sum(sum(v.met for v in scene.verdicts) >= ENOUGH for scene in report.scenes)
    return say(
        "{scenes} stood at the end; {n} of them had {enough} or more of the ten indicators. The indicators are judged"
        " over {days} days; raters who visit see them with error (second line of each place).",
        scenes=counted(len(report.scenes), "{n} modelled scene", "{n} modelled scenes").capitalize(),
        n=listed,
        enough=ENOUGH,
        days=report.days,
    )


def _scene_tables(run: RunFiles) -> list[Table]:
    """Return what each modelled scene has of the ten indicators, and what the indicators mean."""
    names = [str(n) for n in range(1, len(INDICATORS) + 1)]
    heads = columns(
        ("scene", say("Modelled scene"), say("Its busiest place."), ""),
        ("how", say("How"), say("True in the model, or as raters see it."), ""),
        *((f"indicator_{n}", n, say(i.label), "0/1") for n, i in zip(names, INDICATORS, strict=True)),
        ("of_10", say("of 10"), say("Indicators that the place has."), ""),
    )
    rows = []
    for scene in run.scenes.scenes:
        true, rated = [v.met for v in scene.verdicts], [v.rated for v in scene.verdicts]
        for what, marks in ((say("true"), true), (say("rated"), rated)):
            rows.append([scene.name, what, *((int(m), YES if m else NO) for m in marks), sum(marks)])
    listed = [
        [n, say(i.label), say(i.measure), (int(i.proxy), say("proxy") if i.proxy else "")]
        for n, i in enumerate(INDICATORS, start=1)
    ]
    return [table("scenes", say("The ten indicators, by modelled scene"), heads, rows), declared_table("indicators", listed)]


def _not_counted_text() -> str:
    return say(
        "A study keeps days and places, not the ten indicators: odssim compare counts them for the mixes that are left."
    )


def _counted_text() -> str:
    return say(
        "How many places have each of the handbook's ten indicators at the end, without and with each mix, mean over"
        " seeds with 95 % intervals; seven or more make a qualified open drug scene."
    )


def _counted_table(found: ComparisonFiles, k: int) -> Table:
    ends = {COUNTED[0]: say("Places looked at"), COUNTED[-1]: say("Seven or more")}
    names = {i.id: say(i.label) for i in INDICATORS} | ends
    rows = [
        [names[row.indicator], row.base, row.other, *signed_cells(row.difference, row.low, row.high)]
        for row in found.tables.of(found.mixes[k]).indicators
    ]
    return declared_table("indicators_of_mix", rows, sheet=f"indicators_{k + 1}", mix=found.mixes[k])
