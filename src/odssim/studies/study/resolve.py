"""From the axes of a study to checked scenarios: one per mix, and per set of scenario numbers that worlds set."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path as FilePath

from odssim.city.city import City
from odssim.engine.build import PARAMETERS
from odssim.engine.comparable import first_difference
from odssim.engine.key import city_of
from odssim.engine.known_activity import check_in_city
from odssim.errors import ScenarioError, Sentence
from odssim.interventions.catalogue import CATALOGUE
from odssim.scenario.document import Draft, put_interventions, read_chain, set_key
from odssim.scenario.faults import fault
from odssim.scenario.load import resolve
from odssim.scenario.locate import Origin, Path
from odssim.scenario.records import Scenario
from odssim.scenario.schema import ScenarioKeys, scenario_model
from odssim.studies.study.records import Mix, Study, World
from odssim.studies.study.values import RANGES, SCENARIO_NUMBERS, WHOLE_NUMBERS

Numbers = tuple[tuple[str, float], ...]
"""What a world sets of the scenario's own numbers, sorted."""
NOT_FOR_ALL = {
    "interventions": "set it in a mix, or sweep it",
    "budget": "set it in a mix, or sweep it",
    "seed": "give the study a seed",
    "extends": "name it as scenario",
}
"""Keys of a scenario that a study does not set for all runs, and what to do instead."""


def numbers_of(world: World) -> Numbers:
    """Return the scenario numbers that a world sets; the rest of its values are parameters."""
    given = {key: world.parameters[key] for key in SCENARIO_NUMBERS if key in world.parameters}
    return tuple(sorted((key, int(v) if key in WHOLE_NUMBERS else float(v)) for key, v in given.items()))


def base_draft(study: Study, file: FilePath, numbers: Numbers = ()) -> Draft:
    """Return a scenario file with the study's settings and a world's numbers above it."""
    draft = read_chain(str(file))
    for key, value in study.settings.items():
        path = key_path(key)
        origin = where(study, ("set", *key.split(".")), ("set", key), ("set", *path), ("set",))
        if path[0] in NOT_FOR_ALL:
            rule, remedy = "cannot be set for all runs", NOT_FOR_ALL[str(path[0])]
            raise fault({(): origin}, ("set", *path), rule, remedy=remedy)
        set_key(draft, path, value, origin)
    for key, number in numbers:
        set_key(draft, (key,), number, where(study, ("sweep", key), ("worlds", "parameters", key), ("worlds",)))
    return draft


def where(study: Study, *paths: Path) -> Origin:
    """Return where the first known of some keys of the study was written; its file if none is known."""
    found = next((study.origins[path] for path in paths if path in study.origins), None)
    return found or study.origins.get((), Origin(str(study.scenario), None))


def key_path(key: str) -> Path:
    """Return the path of a dotted key; a bare parameter id stands for the parameter."""
    if key in RANGES:
        return ("parameters", key)
    head, _, rest = key.partition(".")
    if head == "parameters" and rest:
        return (head, rest)
    return tuple(key.split("."))


def mix_draft(study: Study, mix: Mix, numbers: Numbers = ()) -> Draft:
    """Return the draft of a mix: the base scenario with the mix's interventions in place of its own.

    Raises ScenarioError: if an intervention that is edited does not exist.
    """
    draft = base_draft(study, study.scenario, numbers)
    if mix.scenario is not None:
        other = base_draft(study, mix.scenario, numbers)
        for key in ("interventions", "budget"):
            _take(draft, other, key)
    elif mix.interventions is not None:
        draft.tree.pop("interventions", None)
    if mix.interventions:
        lines = {path: origin.line for path, origin in study.origins.items() if origin.line is not None}
        tables = [dict(table) for table in mix.interventions]
        put_interventions(draft, tables, lines, where(study).file, (*mix.at, "interventions"))
    for key, value in mix.overrides.items():
        origin = where(study, (*mix.at, "set", *key.split(".")), (*mix.at, "set", key), ("sweep", key), mix.at)
        set_key(draft, key_path(key), value, origin)
    for label in mix.without:
        del draft.tree["interventions"][label]
    return draft


def _take(draft: Draft, other: Draft, key: str) -> None:
    """Put another draft's table, or its absence, in place of the draft's own."""
    draft.tree.pop(key, None)
    if key in other.tree:
        draft.tree[key] = other.tree[key]
    own = {path: origin for path, origin in draft.origins.items() if path[:1] != (key,)}
    draft.origins = own | {path: origin for path, origin in other.origins.items() if path[:1] == (key,)}


def resolve_mix(study: Study, mix: Mix, numbers: Numbers = ()) -> Scenario:
    """Return the checked scenario of a mix, with the base scenario's parameters.

    Raises ScenarioError: if the mix is wrong, or its scenario file differs in more than interventions and budget.
    """
    if mix.scenario is not None:
        _check_same_frame(study, mix, mix.scenario, numbers)
    return _resolved(mix_draft(study, mix, numbers))


def _check_same_frame(study: Study, mix: Mix, file: FilePath, numbers: Numbers) -> None:
    """Check that a mix's scenario file is the study's scenario but for interventions and budget."""
    drafts = [base_draft(study, one, numbers) for one in (study.scenario, file)]
    for draft in drafts:
        draft.tree.pop("interventions", None)
    base, other = map(_resolved, drafts)
    name = "parameters" if other.parameters != base.parameters else first_difference(base, other)
    if name is not None:
        rule = Sentence("differs from the study's scenario in {key}, not only in interventions and budget", key=name)
        origins: dict[Path, Origin] = {(): where(study, (*mix.at, "scenario"), mix.at)}
        raise fault(origins, (*mix.at, "scenario"), rule, value=file.name)


def _resolved(draft: Draft) -> Scenario:
    return resolve(draft, PARAMETERS, CATALOGUE, _model())


@cache
def _model() -> type[ScenarioKeys]:
    return scenario_model(PARAMETERS, CATALOGUE)


def check_study(study: Study) -> None:
    """Resolve every mix once and check what it names against the city, and the window against the days.

    Raises ScenarioError, CityError: on the first fault.
    """
    for key in study.varied:
        if key not in RANGES and key not in SCENARIO_NUMBERS:
            raise ScenarioError("no such parameter", key=key)
    resolved = resolve_all(study)
    city: City | None = None
    for scenario in resolved.values():
        if city is None:
            city = city_of(scenario.city)
        check_in_city(scenario, city)
        check_window(study, scenario)


def check_window(study: Study, scenario: Scenario) -> None:
    """Check that the window lies within the days of a scenario.

    Raises ScenarioError: naming the key that lies outside.
    """
    if study.window is None:
        return
    first, last = study.window
    begin, end = scenario.start_date, scenario.end_date
    for name, day, is_right in (("first", first, begin <= first < end), ("last", last, first <= last < end)):
        if not is_right:
            rule = Sentence("must lie in the run, {begin} to before {end}, and first not after last", begin=begin, end=end)
            raise fault({(): where(study, ("window", name), ("window",))}, ("window", name), rule, value=day)


def resolve_all(study: Study) -> Mapping[tuple[Numbers, str], Scenario]:
    """Return one checked scenario per (numbers, mix id) that occurs."""
    wanted = {(numbers_of(world), mix.id): mix for world, mix in study.combinations}
    return {key: resolve_mix(study, mix, key[0]) for key, mix in wanted.items()}
