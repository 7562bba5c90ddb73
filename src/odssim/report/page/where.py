"""The three maps: before or without, during or with, and the difference."""

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np

from odssim.core.types import Array
from odssim.drawing.as_data import as_png
from odssim.drawing.paper_maps import triptych
from odssim.language import say
from odssim.language.names import period
from odssim.language.written import capitalised, change, joined, number, signed
from odssim.report.page.blocks import Figure, Table, table
from odssim.report.page.common import columns, how, signed_cells
from odssim.report.page.source import RunFiles, Source
from odssim.report.run.sums import said_over_time

MOST_MAPS = 4
"""Mixes that are drawn: a page of many would grow too large to send."""
MOST_PLACES = 12
"""Places listed under a map: those with most deals, and with the largest changes."""
LEAST_DEALS = 1.0
"""A place with fewer open deals a day in both pictures is not said to rise or fall."""


def maps_of(source: Source) -> list[Figure]:
    """Return figures of three maps: for a run one, for a comparison one per mix, the best first."""
    if source.comparison is not None:
        found = source.comparison
        pairs = [(mix, found.places[1 + found.mixes.index(mix)]) for mix in found.ranked] if found.places else []
        return [
            _figure(source, found.places[0], deals, (found.base, mix), found.worked_at[mix])
            for mix, deals in pairs[:MOST_MAPS]
        ]
    assert source.run is not None
    split = split_day(source)
    days = (source.first, split - timedelta(days=1)), (split, _during_end(source, split))
    before, after = (source.run.deals_per_day(*span) for span in days)
    titles = say("before, {days}", days=_span(*days[0])), say("during, {days}", days=_span(*days[1]))
    if not source.planned:
        titles = say("first half, {days}", days=_span(*days[0])), say("second half, {days}", days=_span(*days[1]))
    return [_figure(source, before, after, titles, source.run.worked_at)]


def split_day(source: Source) -> date:
    """Return the first day of the second picture: the first start of an intervention, else the run's middle."""
    starts = [date.fromisoformat(spec["start"]) for _, spec in source.planned]
    middle = source.first + timedelta(days=((source.last - source.first).days + 1) // 2)
    later = [start for start in starts if start > source.first]
    return min(later) if later else max(middle, source.first + timedelta(days=1))


def net_over_time(source: Source, run: RunFiles) -> str:
    """Return how deals changed from the days before the interventions to those from their first to their last."""
    split = split_day(source)
    day, last = (split - source.first).days, _during_end(source, split)
    if not run.process or not 0 < day < len(run.series["open_deals"]):
        return ""
    halves = (source.first, split - timedelta(days=1)), (split, last)
    there = [float(run.deals_per_day(*half)[run.worked_at].sum()) for half in halves] if run.worked_at else []
    end = (last - source.first).days + 1
    series = (run.series[name] for name in ("open_deals", "hidden_deals"))
    deals, hidden = ([float(values[:day].mean()), float(values[day:end].mean())] for values in series)
    return said_over_time(say("While the interventions ran"), (day, end - day), there, deals, hidden)


def _during_end(source: Source, split: date) -> date:
    ends = [date.fromisoformat(spec["end"]) - timedelta(days=1) for _, spec in source.planned]
    return max(split, min(source.last, max(ends))) if ends else source.last


def _span(first: date, last: date) -> str:
    return period([first + timedelta(days=k) for k in range((last - first).days + 1)])


def _figure(source: Source, before: Array, after: Array, titles: tuple[str, str], targets: Collection[int]) -> Figure:
    figure = triptych(source.city, before, after, (*titles, say("difference")), targets)
    fell, rose = [int(p) for p in np.argsort(after - before, kind="stable")[[0, -1]]]
    total = [float(v.sum()) for v in (before, after)]
    moved = change(total[1] / total[0] - 1) if total[0] else signed(total[1])
    finding = say(
        "{first}: {n} open deals a day; {second}: {m} ({change}).",
        first=capitalised(titles[0]), second=titles[1], n=number(total[0]), m=number(total[1]), change=moved,
    )  # fmt: skip
    parts = []
    for place, text in ((fell, say("largest fall at {place} ({n})")), (rose, say("largest rise at {place} ({n})"))):
        step = float(after[place] - before[place])
        if abs(step) >= LEAST_DEALS and (step < 0) == (place == fell):
            parts.append(text.format(place=source.city.place_name[place], n=signed(step)))
    if parts:
        finding = f"{finding} {_sentence(joined(parts))}"
    alt = say("Three modelled maps of open deals: {first}, {second}, and the difference.", first=titles[0], second=titles[1])
    return Figure(finding, as_png(figure), alt, how(source), _places(source, before, after, titles))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _places(source: Source, before: Array, after: Array, titles: tuple[str, str]) -> Table:
    city = source.city
    order = np.argsort(-np.maximum(before, after), kind="stable")[:MOST_PLACES]
    heads = columns(
        ("place", say("Place"), say("A street cell of the model; not a known scene."), ""),
        ("before", titles[0], say("Open deals a day."), "deals/day"),
        ("after", titles[1], say("Open deals a day."), "deals/day"),
        ("difference", say("Difference"), "", "deals/day"),
        ("residents", say("Residents"), say("Of the cell."), "persons"),
        ("footfall", say("Passers-by"), say("Per weekday, modelled."), "persons/day"),
    )
    rows = [
        [
            city.place_name[p], float(before[p]), float(after[p]), *signed_cells(float(after[p] - before[p])),
            float(city.residents[p].sum()), float(city.place_footfall[p]),
        ]
        for p in order
    ]  # fmt: skip
    name = f"places_{titles[1]}"[:28]
    sheet = "".join(c if c.isalnum() else "_" for c in name)
    return table(sheet, say("The busiest modelled places"), heads, rows)
