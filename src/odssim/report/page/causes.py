"""Step 3, cause analysis: which of routine activity's three conditions a deal lacks, where one fails."""

from odssim.drawing.as_data import as_svg
from odssim.drawing.charts import share_figure
from odssim.language import marked, say
from odssim.language.written import percent
from odssim.observe.cause import ENDINGS
from odssim.report.page.blocks import Block, Figure, Section, Table, table
from odssim.report.page.common import columns, how
from odssim.report.page.source import ComparisonFiles, RunFiles, Source

NAMES = {
    "open_deals": marked("ended in a deal"),
    "blocked_offender": marked("no seller free (motivated offender)"),
    "blocked_target": marked("price or money (suitable target)"),
    "blocked_guardian": marked("guardians or cameras (capable guardian)"),
}
MOST_SCENES = 12
WHOLE = marked("Whole city")


def causes(source: Source) -> Section:
    """Return the section."""
    rows = _of_run(source.run) if source.run is not None else []
    if source.comparison is not None:
        rows = _of_comparison(source.comparison)
    blocks: tuple[Block, ...] = (say("Nobody tried to buy in the open: there is no cause to analyse."),)
    if rows:
        blocks = (_figure(source, rows),)
    return Section(
        say("Cause analysis and theoretical model for the direction of the work"),
        say(
            "Routine activity theory: a deal needs a motivated offender, a suitable target and the absence of a capable"
            " guardian. Take one away and the crime does not happen. Tries to buy show which condition was missing."
        ),
        blocks,
    )


Tries = list[tuple[str, dict[str, float]]]


def _of_run(run: RunFiles) -> Tries:
    rows = [(scene.name, dict(scene.tries)) for scene in run.scenes.scenes[:MOST_SCENES]]
    whole = {ending: float(run.series[ending].sum()) for ending in ENDINGS}
    return [row for row in [(say(WHOLE), whole), *rows] if sum(row[1].values()) > 0]


def _of_comparison(found: ComparisonFiles) -> Tries:
    rows: Tries = []
    for k, mix in enumerate(found.mixes):
        worlds = {ending: found.difference(mix, ending) for ending in ENDINGS}
        if any(row is None for row in worlds.values()):
            continue
        if k == 0:
            rows.append((found.base, {e: r.base or 0.0 for e, r in worlds.items() if r}))
        rows.append((mix, {e: r.other or 0.0 for e, r in worlds.items() if r}))
    return [row for row in rows if sum(row[1].values()) > 0]


def _figure(source: Source, rows: Tries) -> Figure:
    shares = [(name, [tries[e] / sum(tries.values()) for e in ENDINGS]) for name, tries in rows]
    first = dict(zip(ENDINGS, shares[0][1], strict=True))
    missing = max(ENDINGS[1:], key=lambda ending: first[ending])
    finding = say(
        "{where}: {deals} of tries to buy end in a deal; what most often stops the others is: {what} ({share}).",
        where=shares[0][0], deals=percent(first["open_deals"]), what=say(NAMES[missing]), share=percent(first[missing]),
    )  # fmt: skip
    image = as_svg(share_figure(shares, [say(NAMES[e]) for e in ENDINGS]))
    return Figure(finding, image, say("Bars: how tries to buy ended, by place or mix."), how(source), _table(rows))


def _table(rows: Tries) -> Table:
    heads = columns(
        ("where", say("Where"), "", ""),
        ("tries", say("Tries"), say("Tries to buy in the open, of a run or a day."), ""),
        *((e, say(NAMES[e]), say("Share of tries."), "share") for e in ENDINGS),
    )
    values = [[name, sum(tries.values()), *(tries[e] / sum(tries.values()) for e in ENDINGS)] for name, tries in rows]
    return table("causes", say("How tries to buy ended"), heads, values)
