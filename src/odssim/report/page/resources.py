"""Step 2, resources and actors: who is involved, what each pays, who lives and passes there."""

from odssim.language import say
from odssim.language.names import city_in_text
from odssim.language.written import UNKNOWN, grouped, joined, number
from odssim.report.page.blocks import Section, declared_table
from odssim.report.page.common import label_of, payer_name
from odssim.report.page.source import Source


def resources(source: Source) -> Section:
    """Return the section."""
    city, base = source.city, source.scenarios[0]
    people = city.residents.sum() * base["population_multiplier"]
    where = say(
        "{city}: {people} inhabitants, {places} street cells where people may meet, {stations} stations.",
        city=city_in_text(city.name),
        people=grouped(people),
        places=grouped(city.n_places),
        stations=sum(station.cell >= 0 for station in city.stations),
    )
    payers: dict[str, list[str]] = {}
    for _, spec in source.planned:
        payers.setdefault(spec["payer"], []).append(label_of(spec["type"]))
    if not payers:
        return Section(_title(), where[:1].upper() + where[1:], (say("No intervention is planned in this run."),))
    budget = base["budget"]
    rows = [
        [payer_name(p), joined(list(dict.fromkeys(m))), (budget.get(p), number(budget[p]) if p in budget else UNKNOWN)]
        for p, m in payers.items()
    ]
    lead = say(
        "{where} The handbook asks for anchoring, long-term funding and clear roles. Actors taking part here: {n}.",
        where=where[:1].upper() + where[1:],
        n=len(payers),
    )
    return Section(_title(), lead, (declared_table("actors", rows),))


def _title() -> str:
    return say("Assess resources and conditions, involve actors")
