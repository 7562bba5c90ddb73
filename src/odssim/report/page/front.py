"""The first page: what a head of unit needs to know, in a minute."""

from odssim.analysis.comparison.displacement_words import DISPERSAL
from odssim.analysis.comparison.net_words import net_rows, net_sentence
from odssim.analysis.comparison.set_apart import apart_text
from odssim.analysis.comparison.words import cut, idle, limits
from odssim.language import say
from odssim.language.names import city_in_text
from odssim.language.written import UNKNOWN, counted, joined, number, percent
from odssim.report.page.blocks import Tile
from odssim.report.page.common import interval_text, label_of, seeds_text
from odssim.report.page.follow_up import clear_changes, fates_of, removed_fates
from odssim.report.page.source import ComparisonFiles, RunFiles, Source
from odssim.report.page.where import net_over_time
from odssim.report.run.headline import cut_text, idle_text

FEW_SEEDS = 10
"""Below this number of seeds the first page says that intervals are rough."""
SUREST = 0.999
"""Draws alone never make certain."""


def answer(source: Source) -> tuple[str, ...]:
    """Return the page's sentences."""
    if source.run is not None:
        return (*idle_text(source.run.process), *cut_text(source.run.process), *_of_run(source, source.run))
    assert source.comparison is not None
    tables = source.comparison.tables
    return (*idle(tables.works_nowhere), *cut(tables.cut_by_budget), *_of_comparison(source))


def tiles(source: Source) -> tuple[Tile, ...]:
    """Return four numbers."""
    return _run_tiles(source.run) if source.run is not None else _mix_tiles(source)


def reservations(source: Source) -> tuple[str, ...]:
    """Return how far all this may be trusted."""
    said = [say("Every number is modelled: a planning aid, no list of real scenes and no evidence about a person or place.")]
    if source.run is not None:
        said.append(say("One run of one seed: changes over time hold season and chance, so no effect can be read from it."))
    elif source.study is not None and source.study.by_world:
        n = source.study.n_worlds
        said.append(say("Intervals are over {n} sets of assumptions; what was not varied is not in them.", n=n))
    elif len(source.seeds) < FEW_SEEDS:
        n = len(source.seeds)
        said.append(say("Only {n} seeds: intervals are wide and rough; run at least 20 before deciding.", n=n))
    said += apart_text(source.apart)
    said.append(say("Most behaviour in the model is assumed, within ranges that are stated (step 7)."))
    return tuple(said)


def _of_comparison(source: Source) -> tuple[str, ...]:
    found = source.comparison
    assert found is not None
    best, base = found.ranked[0], found.base
    net = net_sentence(found.tables.of(best).differences, interval_text)
    said = [say("{mix}, against {base}. {net}", mix=best, base=base, net=net)] if net else []
    if found.standings and found.standings[0].mix == base:
        said.append(say("No mix does better than {base} on open deals.", base=base))
    else:
        chance = next((row.chance_best for row in found.standings if row.mix == best), None)
        sure = ""
        if chance is not None:
            p = percent(min(chance, SUREST))
            sure = say(" The chance that it is the best of those compared is {p}.", p=p)
        deals = interval_text(found.difference(best, "open_deals"))
        said.append(say("It has the fewest open deals of all mixes: {change} in the whole city.", change=deals) + sure)
    others = [mix for mix in found.mixes if mix != best]
    if others:
        rows = [(mix, interval_text(found.difference(mix, "open_deals"))) for mix in others]
        changes = "; ".join(say("{mix} {change}", mix=mix, change=text) for mix, text in rows)
        said.append(say("The others: {changes}.", changes=changes))
    said += [_cost_text(found, best), *_moved_text(found, best)]
    said.append(say("With {best} also: {changes}.", best=best, changes=clear_changes(found, best)))
    return tuple(said)


def _cost_text(found: ComparisonFiles, mix: str) -> str:
    row = found.difference(mix, "cost_sek")
    costs = [r for r in found.tables.of(mix).differences if r.outcome.startswith("cost_") and r.outcome != "cost_sek"]
    paid = sorted([(r.other, r.outcome[5:-4].replace("_", " ")) for r in costs if r.other], key=lambda one: -one[0])
    parts = [f"{say(payer)} {number(sek)}" for sek, payer in paid]
    total = number(row.other) if row and row.other else "0"
    if not parts:
        return say("It costs nothing extra.")
    return say("It costs {total} SEK a day: {parts}.", total=total, parts=joined(parts))


def _moved_text(found: ComparisonFiles, mix: str) -> list[str]:
    fates = removed_fates(found, mix)
    return [say(
        "Of the deals removed at its places, beyond the noise floor ({floor} of 100), {fates}. {dispersal}",
        floor=number(fates_of(found, mix)["removed"].placebo_per_100), fates=fates, dispersal=say(DISPERSAL),
    )] if fates else []  # fmt: skip


def _mix_tiles(source: Source) -> tuple[Tile, ...]:
    found = source.comparison
    assert found is not None
    shown = []
    for label, row in net_rows(found.tables.of(found.ranked[0]).differences).items():
        levels = say("{base} → {other} a day", base=number(row.base), other=number(row.other))
        value, low, high = limits(row)
        known = say("interval not known") if low is None else say("{low} to {high}", low=low, high=high)
        shown.append(Tile(str(value), label, f"{levels}; {known}"))
    return tuple(shown)


def _of_run(source: Source, run: RunFiles) -> tuple[str, ...]:
    deals, hidden = (float(run.series[name].mean()) for name in ("open_deals", "hidden_deals"))
    scenes = counted(len(run.scenes.scenes), "{n} modelled scene", "{n} modelled scenes")
    whole = deals + hidden
    share = percent(deals / whole) if whole else UNKNOWN
    said = [say(
        "In {city} the model has {n} open deals a day, {share} of all purchases, and {scenes} at the end.",
        city=city_in_text(source.city.name), n=number(deals), share=share, scenes=scenes,
    )]  # fmt: skip
    working = [row for row in run.process if not row.get("works_nowhere")]
    if working:
        methods = joined(list(dict.fromkeys(label_of(row["type"]) for row in working)))
        cost = number(sum(float(row["cost_sek"]) for row in working))
        said.append(say("Carried out: {methods}, at a cost of {cost} SEK.", methods=methods, cost=cost))
        said += _moved_over_time(source, run)
    recorded, truth = float(run.series["recorded_sale"].sum()), whole * len(run.series["open_deals"])
    if recorded:
        ratio = number(truth / recorded)
        said.append(say("Police recorded about one sale in {n}: the statistics show little of the trade.", n=ratio))
    overdoses, deaths = (round(float(run.series[name].sum())) for name in ("overdoses", "deaths"))
    said.append(say("Harm: {n} overdoses, {m} of them fatal.", n=number(overdoses), m=number(deaths)))
    return tuple(said)


def _moved_over_time(source: Source, run: RunFiles) -> list[str]:
    net = net_over_time(source, run)
    return [net] if net else []


def _run_tiles(run: RunFiles) -> tuple[Tile, ...]:
    recorded = float(run.series["recorded_sale"].mean())
    return (
        Tile(number(float(run.series["open_deals"].mean())), say("open deals a day")),
        Tile(number(float(run.series["hidden_deals"].mean())), say("hidden deals a day")),
        Tile(number(len(run.scenes.scenes)), say("modelled scenes"), say("at the end")),
        Tile(number(recorded), say("recorded sales a day")),
    )


def subtitle(source: Source) -> str:
    """Return the line under the title: city, days, seeds."""
    return say(
        "{city}, {first} to {last}; {seeds}",
        city=city_in_text(source.city.name),
        first=source.first.isoformat(),
        last=source.last.isoformat(),
        seeds=seeds_text(source),
    )
