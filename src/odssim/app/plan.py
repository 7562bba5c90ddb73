"""From a shared link to checked scenarios: which world, which seed, which interventions in A and in B.

A picture on the page is a function of a plan and a minute, and of nothing else: who opens the same link
sees the same thing. Interventions placed while the town runs begin at the next midnight.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from odssim.app.sources import Source
from odssim.city.city import City
from odssim.city.load import load_city
from odssim.engine.build import PARAMETERS
from odssim.errors import ScenarioError
from odssim.interventions.catalogue import CATALOGUE
from odssim.scenario.checks import check_against_city
from odssim.scenario.faults import toml
from odssim.scenario.load import load
from odssim.scenario.records import Scenario
from odssim.scenario.schema import MAX_SEED

MOST_WISHES, MOST_PLACES, MOST_OPTIONS = 20, 60, 12
LIVE_ID = "zz{:02d}"
"""Labels of the interventions placed on the page: they sort after those of a scenario, so that these keep
their units, and with them their random numbers."""
NAME = "the plan"

OptionText = Annotated[str, Field(max_length=40)]
Number = bool | int | float
Value = Number | OptionText | Annotated[list[Number | OptionText], Field(max_length=48)]


class Strict(BaseModel):
    """Part of a message from the browser: no unknown keys, no conversions, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class Wish(Strict):
    """One intervention as placed on the page; `day` counts from the start date, `places` are indices."""

    type: Annotated[str, Field(max_length=40)]
    day: Annotated[int, Field(ge=0, le=3660)]
    weeks: Annotated[int, Field(ge=1, le=520)] = 12
    places: Annotated[list[Annotated[int, Field(ge=0, le=1_000_000)]], Field(max_length=MOST_PLACES)] = []
    dose: Annotated[float, Field(ge=0, le=1)] = 1.0
    resources: Literal["added", "from_baseline"] = "added"
    options: Annotated[dict[Annotated[str, Field(max_length=40)], Value], Field(max_length=MOST_OPTIONS)] = {}


Wishes = Annotated[list[Wish], Field(max_length=MOST_WISHES)]


class Plan(Strict):
    """What a link says of the worlds: `b` is None where only one is shown."""

    world: Annotated[str, Field(max_length=40)]
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] | None = None
    a: Wishes = []
    b: Wishes | None = None


@lru_cache(maxsize=4)
def bare_scenario(source: Source) -> Scenario:
    """Return the scenario of a world in which nothing has been placed; the last few are kept."""
    return scenario_of(source, None, ())


@lru_cache(maxsize=4)
def city_of(source: Source) -> City:
    """Return the city of a world; the last few are kept."""
    return load_city(bare_scenario(source).city)


def scenario_of(source: Source, seed: int | None, wishes: Sequence[Wish], city: City | None = None) -> Scenario:
    """Return the checked scenario of one pane.

    Parameters
    ----------
    source
        The world.
    seed
        None: the world's own.
    wishes
        What was placed on the page; places are named with the help of `city`.

    Raises ScenarioError: if a wish breaks a rule of the catalogue; the message names no file.
    """
    text = scenario_text(source, wishes, city)
    overrides = [] if seed is None else [f"seed={seed}"]
    try:
        checked = load(NAME, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=overrides, text=text)
    except ScenarioError as error:
        raise ScenarioError(_without_file(error)) from None
    if city is not None:
        check_against_city(checked, city.place_name, city.districts)
    return checked


def scenario_text(source: Source, wishes: Sequence[Wish], city: City | None = None) -> str:
    """Return the scenario as a TOML file that ``odssim run`` takes too.

    Raises ScenarioError: if a wish names a method or a place that does not exist.
    """
    tables = [_table(source, wish, number, city) for number, wish in enumerate(wishes, start=1)]
    return source.head + "".join(tables)


def _table(source: Source, wish: Wish, number: int, city: City | None) -> str:
    entry = CATALOGUE.get(wish.type)
    if entry is None:
        raise ScenarioError("no such intervention in the catalogue", key="type", value=wish.type)
    start = bare_scenario(source).start_date + timedelta(days=wish.day)
    keys: dict[str, Any] = {"id": LIVE_ID.format(number), "type": wish.type}
    lines = [f"{key} = {toml(value)}" for key, value in keys.items()]
    lines += [f"start = {start.isoformat()}", f"weeks = {wish.weeks}", f"dose = {wish.dose}"]
    lines.append(f"resources = {toml(wish.resources)}")
    if entry.targets_places:
        lines.append(f"places = {{ names = {toml(_names(wish, city))} }}")
    common = {"id", "type", "start", "weeks", "dose", "resources", "places"}
    for key, value in wish.options.items():
        if key in common or key not in {option.id for option in entry.options}:
            raise ScenarioError("no such option of this method", key=repr(key), value=wish.type)
        lines.append(f"{key} = {toml(value)}")
    return "\n[[interventions]]\n" + "\n".join(lines) + "\n"


def _names(wish: Wish, city: City | None) -> list[str]:
    """Return the names of a wish's places."""
    if city is None or not wish.places:
        raise ScenarioError("this method works at places: name at least one", key=wish.type)
    if max(wish.places) >= city.n_places:
        raise ScenarioError("must be below {n}", key="places", value=max(wish.places), n=city.n_places)
    return [city.place_name[p] for p in sorted(set(wish.places))]


def _without_file(error: ScenarioError) -> str:
    """Return an error's text without where it was found."""
    where = f"{error.file}:{error.line}: " if error.line else f"{error.file}: "
    return str(error).removeprefix(where)
