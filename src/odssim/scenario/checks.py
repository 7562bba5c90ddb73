"""Rules that compare several keys of a scenario, or a scenario with its city."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import cast

from odssim.core.declare import Parameter
from odssim.errors import Sentence
from odssim.scenario.document import LENGTH_KEYS, Draft
from odssim.scenario.faults import fault, nearest
from odssim.scenario.locate import Path
from odssim.scenario.records import SUBSTANCES, TARGETING_FIELDS, OptionValue, Scenario, Targeting, minute_of_day
from odssim.scenario.schema import InterventionKeys, PlacesKeys

EARLIEST, LATEST = date(1980, 1, 1), date(2099, 12, 31)


def check_start_date(draft: Draft, start_date: date) -> None:
    """Refuse dates outside of any use, before they overflow a calendar."""
    if not EARLIEST <= start_date <= LATEST:
        raise draft.fault(("start_date",), "must lie between {earliest} and {latest}", earliest=EARLIEST, latest=LATEST)


def check_weights(
    draft: Draft, parameters: Iterable[Parameter], values: Mapping[str, float], substances: Collection[str]
) -> None:
    """Refuse weights by which nobody could be drawn: all of them, or all of the scenario's substances, 0."""
    for parameter in parameters:
        labels = [label for label in parameter.by if label in substances or label not in SUBSTANCES]
        ids = [f"{parameter.id}.{label}" for label in labels]
        if parameter.weights and not any(values[scalar_id] for scalar_id in ids):
            written = [scalar_id for scalar_id in ids if draft.has(("parameters", scalar_id))]
            rule = "at least one of these weights must be above 0: {words}"
            raise draft.fault(("parameters", *written[:1]), rule, words=", ".join(labels))


def intervention_dates(draft: Draft, table: InterventionKeys, start_date: date, end_date: date) -> tuple[date, date]:
    """Return first day and day after the last of an intervention in a run [start_date, end_date)."""
    at: Path = ("interventions", table.id)
    given = [key for key in LENGTH_KEYS if getattr(table, key) is not None]
    if len(given) > 1:
        rule = Sentence(
            "give one of {words}, not {given}", words=", ".join(given), given=Sentence("both" if len(given) == 2 else "all")
        )
        raise draft.fault((*at, given[1]), rule)
    start = table.start or start_date
    if start < start_date:
        raise draft.fault((*at, "start"), "must not lie before start_date, {start_date}", start_date=start_date)
    if start >= end_date:
        raise draft.fault((*at, "start"), "must lie before the run ends, {end_date}", end_date=end_date)
    if table.end is not None and table.end <= start:
        raise draft.fault((*at, "end"), "must lie after the start, {start}", start=start)
    length_days = 7 * table.weeks if table.weeks else table.days
    end = start + timedelta(days=length_days) if length_days else table.end or end_date
    if table.ramp_days > (end - start).days:
        raise draft.fault((*at, "ramp_days"), "must not exceed its length, {days} days", days=(end - start).days)
    return start, end


def check_visits(draft: Draft, label: str, options: dict[str, OptionValue]) -> None:
    """Check that the visits of a day fit into their hours; a timetable decides how many there are."""
    at: Path = ("interventions", label)
    low_h, high_h = cast(tuple[float, float], options["hours"])
    longest_min = cast(tuple[int, int], options["minutes"])[1]
    if timetable := cast(tuple[str, ...], options["timetable"]):
        _check_timetable(draft, at, timetable, options)
        options["visits_per_day"] = len(timetable)
    n_visits = cast(int, options["visits_per_day"])
    if n_visits * longest_min > 60 * (high_h - low_h):
        written = [key for key in ("minutes", "hours", "visits_per_day") if draft.has((*at, key))]
        rule = "{n_visits} visits of up to {longest_min} min do not fit into {low_h:g} to {high_h:g} h"
        rule = Sentence(rule, n_visits=n_visits, longest_min=longest_min, low_h=low_h, high_h=high_h)
        raise draft.fault((*at, *written[:1]), rule)


def _check_timetable(draft: Draft, at: Path, timetable: tuple[str, ...], options: dict[str, OptionValue]) -> None:
    path = (*at, "timetable")
    if options["irregular"]:
        raise draft.fault(path, "is used only with irregular = false")
    if sorted(set(timetable)) != list(timetable):
        raise draft.fault(path, "must name times once each, in order")
    if draft.has((*at, "visits_per_day")) and options["visits_per_day"] != len(timetable):
        rule = Sentence("holds {n} times, but visits_per_day = {visits}", n=len(timetable), visits=options["visits_per_day"])
        raise draft.fault(path, rule, "leave visits_per_day out")
    low_h, high_h = cast(tuple[float, float], options["hours"])
    for clock in timetable:
        if not 60 * low_h <= minute_of_day(clock) < 60 * high_h:
            rule = Sentence(
                "{clock} lies outside the hours {low_h:g} to {high_h:g}", clock=clock, low_h=low_h, high_h=high_h
            )
            raise draft.fault(path, rule, "set hours")


def targeting(draft: Draft, label: str, places: PlacesKeys, start: date, first_day: date) -> Targeting:
    """Return the targeting of an intervention that begins on `start` in a run simulated from `first_day`."""
    at: Path = ("interventions", label, "places")
    given = [kind for kind in TARGETING_FIELDS if getattr(places, kind) is not None]
    if len(given) != 1:
        found = f"has {' and '.join(given)}" if given else "has none"
        raise draft.fault(at, "needs exactly one of {words}; this {found}", words=", ".join(TARGETING_FIELDS), found=found)
    kind = given[0]
    for key in TARGETING_FIELDS["rank"][1:]:
        if kind != "rank" and getattr(places, key) is not None:
            raise draft.fault((*at, key), "is used only with rank, not with {kind}", kind=kind)
    if kind == "rank":
        return _ranking(draft, at, places, start, first_day)
    if places.near is not None:
        return Targeting(kind, place=places.near.place, within_m=places.near.within_m)
    if places.random is not None:
        drawn = places.random
        return Targeting(kind, n=drawn.n, within=_districts(drawn.within), draw=drawn.draw)
    return Targeting(kind, names=tuple(places.names or ()), type=places.type or "", area=tuple(places.area or ()))


def _ranking(draft: Draft, at: Path, places: PlacesKeys, start: date, first_day: date) -> Targeting:
    if places.top is None:
        raise draft.fault((*at, "rank"), "needs top, the number of places to take")
    day = places.at or start - timedelta(days=1)
    if day > start:
        raise draft.fault((*at, "at"), "must not lie after the intervention's start, {start}", start=start)
    if day < first_day:
        key = "at" if places.at else "rank"
        rule = Sentence("needs records, and nothing is simulated before {first_day}", first_day=first_day)
        raise draft.fault((*at, key), rule, "set burn_in_days, or start the intervention later")
    return Targeting(
        "rank",
        rank=str(places.rank),
        top=places.top,
        at=day,
        rerank_days=places.rerank_days,
        within=_districts(places.within),
    )


def _districts(within: str | list[str] | None) -> tuple[str, ...]:
    return tuple(within) if isinstance(within, list) else ()


def check_against_city(scenario: Scenario, place_names: Collection[str], districts: Collection[str]) -> None:
    """Check that every place and district that the interventions name exists in the city.

    Raises ScenarioError: with the file, the line and the nearest name.
    """
    for spec in scenario.interventions:
        if spec.places is None:
            continue
        at: Path = ("interventions", spec.id, "places")
        here = spec.places
        wanted = (
            ("names", here.names, "place", place_names),
            ("near", (here.place,) if here.place else (), "place", place_names),
            ("area", here.area, "district", districts),
            (here.kind if here.kind == "random" else "within", here.within, "district", districts),
        )
        for key, names, what, known in wanted:
            for name in names:
                if name not in known:
                    rule = Sentence("no {what} of this name in the city", what=what)
                    raise fault(scenario.origins, (*at, key), rule, value=name, remedy=nearest(name, known))
