"""The keys of a scenario file as pydantic models, made from the declared parameters and catalogue.

One model checks kinds, ranges and unknown keys (`load`) and writes the JSON schema (``odssim schema``).
Rules that compare several keys stand in `checks`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Union

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, create_model
from pydantic_core import PydanticCustomError

from odssim.core.declare import Intervention, Option, Parameter
from odssim.core.outcomes import RANK_OUTCOMES
from odssim.scenario.faults import ID_PATTERN, TIME_PATTERN
from odssim.scenario.records import BUILT_IN_CITIES, PAYERS, PLACE_TYPES, SUBSTANCES

literal: Any = Literal  # the vocabularies stand in records; a type checker wants them written out
MAX_DAYS = 3660
MAX_BURN_IN_DAYS = 3650
MAX_SEED = 2**63 - 1


class Keys(BaseModel):
    """A table of a scenario file: no unknown keys, no conversions, no NaN or infinity."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True, protected_namespaces=())


def _only_true(value: bool) -> bool:
    if not value:
        raise PydanticCustomError("rule", "must be true, or left out")
    return value


def _no_duplicates(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("rule", "must not name anything twice")
    return values


def _city_kind(value: object) -> str | None:
    return "name" if isinstance(value, str) else "files" if isinstance(value, dict) else None


def _within_kind(value: object) -> str | None:
    return "all" if value == "all" else "districts" if isinstance(value, list) else None


Name = Annotated[str, Field(min_length=1)]
Names = Annotated[list[Name], Field(min_length=1), AfterValidator(_no_duplicates)]
Within = Annotated[
    Annotated[Literal["all"], Tag("all")] | Annotated[Names, Tag("districts")],
    Discriminator(
        _within_kind, custom_error_type="rule", custom_error_message='must be "all" or a list of districts in [ ]'
    ),
]
Count = Annotated[int, Field(ge=1, le=100_000)]
Days = Annotated[int, Field(ge=1, le=MAX_DAYS)]


class NearKeys(Keys):
    """All places within a distance of one place."""

    place: Name
    within_m: Annotated[float, Field(ge=0, le=100_000)]


class RandomKeys(Keys):
    """Places drawn at random; another `draw` gives other places."""

    n: Count
    within: Within = "all"
    draw: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0


class PlacesKeys(Keys):
    """Which places: exactly one of names, rank, type, area, near, random and every."""

    names: Names | None = None
    rank: literal[RANK_OUTCOMES] | None = None
    top: Count | None = None
    at: date | None = None
    rerank_days: Days | None = None
    within: Within | None = None
    type: literal[PLACE_TYPES] | None = None
    area: Names | None = None
    near: NearKeys | None = None
    random: RandomKeys | None = None
    every: Annotated[bool, AfterValidator(_only_true)] | None = None


class CityFilesKeys(Keys):
    """One's own city; paths are seen from the scenario file."""

    areas: Name
    places: Name
    population: Name | None = None
    lines: Name | None = None
    water: Name | None = None
    name: Name | None = None
    cell_m: Annotated[int, Field(ge=20, le=1000)] = 100


class InterventionKeys(Keys):
    """Keys common to all interventions; `end` is the day after the last, at most one of end, weeks, days."""

    id: Annotated[str, Field(pattern=ID_PATTERN)]
    start: date | None = None
    end: date | None = None
    weeks: Annotated[int, Field(ge=1, le=MAX_DAYS // 7)] | None = None
    days: Days | None = None
    ramp_days: Annotated[int, Field(ge=0, le=MAX_DAYS)] = 0
    dose: Annotated[float, Field(ge=0, le=1)] = 1.0
    resources: Literal["from_baseline", "added"] = "from_baseline"
    delivery: Annotated[float, Field(ge=0, le=1)] = 1.0
    late_days: Annotated[int, Field(ge=0, le=MAX_DAYS)] = 0
    fade_weeks: Annotated[float, Field(ge=0, le=MAX_DAYS)] = 0.0


class ScenarioKeys(Keys):
    """One run of one city: what a scenario file may say, its bases (`extends`) merged in."""

    name: Name
    extends: Name | None = None
    start_date: date
    days: Days
    burn_in_days: Annotated[int, Field(ge=0, le=MAX_BURN_IN_DAYS)] = 0
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 1
    known_activity: Name | None = None
    city: Annotated[
        Annotated[literal[BUILT_IN_CITIES], Tag("name")] | Annotated[CityFilesKeys, Tag("files")],
        Discriminator(
            _city_kind,
            custom_error_type="rule",
            custom_error_message="must be a built-in city's name in quotes, or a table of own files",
        ),
    ]
    population_multiplier: Annotated[float | None, Field(ge=0.001, le=64)] = None
    budget: dict[literal[PAYERS], Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    substances: Annotated[list[literal[SUBSTANCES]], Field(min_length=1), AfterValidator(_no_duplicates)] = list(SUBSTANCES)


def scenario_model(parameters: Iterable[Parameter], catalogue: Mapping[str, Intervention]) -> type[ScenarioKeys]:
    """Return the model of a whole scenario, its parameters and interventions as declared; made once for each."""
    key = id(parameters), id(catalogue)
    if key not in _MODELS:  # the objects are kept with it, so that no other can have their ids
        _MODELS[key] = parameters, catalogue, _new_model(parameters, catalogue)
    return _MODELS[key][2]


_MODELS: dict[tuple[int, int], tuple[object, object, type[ScenarioKeys]]] = {}


def _new_model(parameters: Iterable[Parameter], catalogue: Mapping[str, Intervention]) -> type[ScenarioKeys]:
    tables: Any = tuple(intervention_model(entry) for entry in catalogue.values())
    table: Any = Annotated[Union[tables], Field(discriminator="type")]  # noqa: UP007 -- made at run time
    parameter_keys = _parameter_model(parameters)
    fields: dict[str, Any] = {
        "parameters": (parameter_keys, Field(default_factory=parameter_keys)),
        "interventions": (list[table], Field(default_factory=list)),
    }
    return create_model("Scenario", __base__=ScenarioKeys, __doc__=ScenarioKeys.__doc__, **fields)


def _parameter_model(parameters: Iterable[Parameter]) -> type[Keys]:
    fields: dict[str, Any] = {}
    for parameter in parameters:
        for label, default in zip(parameter.ids, parameter.defaults, strict=True):
            about = f"{parameter.meaning} Unit: {parameter.unit}. {parameter.status}: {parameter.source}"
            low, high = parameter.low, parameter.high
            limits = Field(default, alias=label, title=label, ge=low, le=high, description=about)
            fields[f"parameter_{len(fields)}"] = (float, limits)
    return create_model("Parameters", __base__=Keys, __doc__="Numbers of the rules, by id.", **fields)


def intervention_model(entry: Intervention) -> type[InterventionKeys]:
    """Return the model of one catalogue entry's table: the common keys and its own options."""
    fields: dict[str, Any] = {"type": (literal[entry.id], ...), "payer": (literal[PAYERS], entry.payer)}
    if entry.targets_places:
        fields["places"] = (PlacesKeys, ...)
    for option in entry.options:
        if option.id in fields or option.id in InterventionKeys.model_fields:
            raise ValueError(f"{entry.id}: option {option.id!r} has the name of a common key")
        about = f"{option.meaning} Unit: {option.unit}."
        default = list(option.default) if isinstance(option.default, tuple) else option.default
        fields[option.id] = (_option_type(option), Field(default, description=about))
    return create_model(entry.id, __base__=InterventionKeys, __doc__=entry.mechanism, **fields)


def _option_type(option: Option) -> Any:
    number: Any = int if option.unit == "min" else float  # the clock knows whole minutes only
    limits = Field(ge=option.low, le=option.high)
    kinds: dict[str, Any] = {
        "int": Annotated[int, limits],
        "float": Annotated[float, limits],
        "bool": bool,
        "choice": literal[option.choices] if option.choices else str,
        "range": Annotated[
            list[Annotated[number, limits]], Field(min_length=2, max_length=2), BeforeValidator(_two_numbers(option.unit))
        ],
        "times": list[Annotated[str, Field(pattern=TIME_PATTERN)]],
    }
    return kinds[option.kind]


def _two_numbers(unit: str) -> Any:
    """Return the check of a range: two numbers, the lower first."""

    def check(value: Any) -> Any:
        if not isinstance(value, list) or [type(entry) in (int, float) for entry in value] != [True, True]:
            raise PydanticCustomError("rule", "must be two numbers, [low, high] in {unit}", {"unit": unit})
        if value[0] > value[1]:
            raise PydanticCustomError("rule", "must have the lower number first")
        return value

    return check
