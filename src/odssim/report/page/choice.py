"""Step 4, choice of goals, interventions, methods and indicators: what is planned, expected and known of it."""

from datetime import date
from typing import Any

from odssim.core.outcomes import REPORTED
from odssim.language import say
from odssim.language.names import day_text
from odssim.language.written import capitalised, counted, joined, number
from odssim.report.page.blocks import Section, declared_table
from odssim.report.page.common import Row, entry_of, label_of, outcome_name, payer_name
from odssim.report.page.source import Source

ARROWS = {"+": "↑", "-": "↓", "0": "→"}


def choice(source: Source) -> Section:
    """Return the section."""
    title = say("Choice of goals, interventions, methods and indicators for follow-up")
    if not source.planned:
        return Section(title, say("No intervention is planned: this run is a baseline for mixes to be compared with."), ())
    planned = counted(len(source.planned), "{n} intervention is planned", "{n} interventions are planned")
    lead = say(
        "{planned}. The arrows say which way the literature expects each outcome to go; the model is free to contradict it.",
        planned=capitalised(planned),
    )
    rows = [_row(name, spec) for name, spec in source.planned]
    return Section(title, lead, (declared_table("plan", rows),))


def _row(scenario: str, spec: Row) -> list[Any]:
    entry = entry_of(spec["type"])
    known = [(outcome_name(o).split(" (")[0].lower(), ARROWS[sign]) for o, sign in entry.expected.items() if o in REPORTED]
    when = say("{first} to {last}", first=_day(spec["start"]), last=_day(spec["end"]))
    done = spec["dose"] * spec["delivery"]
    return [
        scenario, label_of(spec["type"]), entry.handbook, places_text(spec["places"]), when, done,
        payer_name(spec["payer"]), ", ".join(f"{name} {arrow}" for name, arrow in known[:5]),
    ]  # fmt: skip


def _day(text: str) -> str:
    return day_text(date.fromisoformat(text))


def places_text(places: Row | None) -> str:
    """Return which places an intervention works at."""
    if places is None:
        return say("the whole city")
    kind = places["kind"]
    if kind == "names":
        return joined(places["names"][:6]) + ("…" if len(places["names"]) > 6 else "")
    if kind == "rank":
        return say("the {n} places with most: {what}", n=places["top"], what=outcome_name(places["rank"]).lower())
    if kind == "type":
        return say("every place of the type {type}", type=say(places["type"].replace("_", " ")))
    if kind == "area":
        return joined(places["area"])
    if kind == "near":
        return say("within {m} m of {place}", m=number(places["within_m"]), place=places["place"])
    if kind == "random":
        return say("{n} places drawn at random", n=places["n"])
    return say("every place")
