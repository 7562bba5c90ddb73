"""What a study has to say beyond a comparison: whether the answer holds in every world that was tried."""

from odssim.drawing.as_data import as_svg
from odssim.drawing.charts import dot_figure
from odssim.language import say
from odssim.language.written import change
from odssim.report.page.blocks import Block, Figure, Table, table
from odssim.report.page.common import Row, columns, how, interval_text
from odssim.report.page.source import ComparisonFiles, Source, StudyFiles
from odssim.studies.study.records import OPTION

MOST_WORLDS = 60
"""Worlds listed in the table; all are in the picture."""


def study_lead(study: StudyFiles) -> str:
    """Return what is compared with what, and what the intervals hold."""
    if study.by_world:
        return say(
            "Every mix is run in {n} worlds, sets of values for what is uncertain, with the same random numbers."
            " Intervals are 95 % over worlds: they hold doubt about what was varied, and no other.",
            n=study.n_worlds,
        )
    return say(
        "Every mix is run with the same random numbers, seed by seed. Intervals are 95 % over seeds:"
        " chance in the model, not doubt about its assumptions."
    )


def of_study(source: Source, study: StudyFiles) -> list[Block]:
    """Return the picture over worlds, and what a study can say of displacement."""
    found = source.comparison
    assert found is not None
    over = [_over_worlds(source, study, found)] if study.worlds else []
    return [*over, *([_mix_table(study)] if study.options else []), _other_ways(found)]


def _over_worlds(source: Source, study: StudyFiles, found: ComparisonFiles) -> Figure:
    base, best = found.base, found.ranked[0]
    changes = {mix: [_change(world, base, mix) for world in study.worlds] for mix in found.mixes}
    rows = [(mix, [share for share in shares if share is not None]) for mix, shares in changes.items()]
    of_best = dict(rows)[best]
    finding = say(
        "{best} has fewer open deals than {base} in {k} of {n} worlds.", best=best, base=base,
        k=sum(share < 0 for share in of_best), n=len(of_best),
    )  # fmt: skip
    if of_best:
        spread = say("The change lies between {low} and {high}.", low=change(min(of_best)), high=change(max(of_best)))
        finding = f"{finding} {spread}"
    zero = say("change of open deals against {base}, a dot per world", base=base)
    image = as_svg(dot_figure(rows, zero))
    alt = say("Dots: change of open deals by mix, one dot per world.")
    return Figure(finding, image, alt, how(source), _world_table(study, base, best))


def _mix_table(study: StudyFiles) -> Table:
    """Return what is set in each mix."""
    keys = list(next(iter(study.options.values())))
    heads = columns(
        ("mix", say("Mix"), "", ""),
        *((key, key.removeprefix(OPTION), say("Option or budget that the study sets."), "") for key in keys),
    )
    rows = [[mix, *(values[key] for key in keys)] for mix, values in study.options.items()]
    return table("mixes", say("The mixes, and what is set in each"), heads, rows)


def _change(world: Row, base: str, mix: str) -> float | None:
    """Return the relative change of open deals in a world; None where one of the two is missing or nothing."""
    before, after = world["open_deals"].get(base), world["open_deals"].get(mix)
    return after / before - 1 if before and after is not None else None


def _world_table(study: StudyFiles, base: str, best: str) -> Table:
    varied = list(study.worlds[0]["values"])
    heads = columns(
        ("world", say("World"), say("A set of values for what is uncertain."), ""),
        *((key, key, say("Parameter that was varied."), "") for key in varied),
        ("base", base, say("Open deals a day."), "deals/day"),
        ("best", best, say("Open deals a day."), "deals/day"),
        ("change", say("Change"), say("Share of the base."), "share"),
    )
    rows = []
    for world in study.worlds[:MOST_WORLDS]:
        share = _change(world, base, best)
        deals = [world["open_deals"].get(mix) for mix in (base, best)]
        values = [value for value in world["values"].values()]
        rows.append([world["world"], *values, *deals, (share, change(share))])
    return table("worlds", say("The worlds, and open deals a day in each"), heads, rows)


def _other_ways(found: ComparisonFiles) -> str:
    """Return what counts alone say of displacement."""
    best = found.ranked[0]
    said = say(
        "Displacement: a study does not follow needs from world to world, so it cannot count where deals went; odssim"
        " compare does, for the mixes that are left."
    )
    open_deals, hidden = (interval_text(found.difference(best, name)) for name in ("open_deals", "hidden_deals"))
    counts = say(
        "Counts alone, with {best}: open deals {open}, hidden deals {hidden}.", best=best, open=open_deals, hidden=hidden
    )
    return f"{said} {counts}"
