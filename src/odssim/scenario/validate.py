"""Check a draft against the model of its keys and say, one line for each key, what is wrong."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from odssim.errors import FaultList, ScenarioError
from odssim.scenario.document import Draft
from odssim.scenario.faults import close_match, fault, nearest, rule_of
from odssim.scenario.locate import Path
from odssim.scenario.schema import ScenarioKeys

Location = tuple[str | int, ...]
"""Where pydantic found an error: keys and indices, with the names of tables that a key may hold among them."""
Faults = Callable[[Path, Mapping[str, Any]], ScenarioError]


def checked_scenario(draft: Draft, model: type[ScenarioKeys]) -> ScenarioKeys:
    """Return the keys of a scenario as the model reads them.

    Raises ScenarioError, FaultsError: with every fault.
    """
    labels = list(draft.tree.get("interventions", {}))
    tree = {**draft.tree, "interventions": [draft.tree["interventions"][label] for label in labels]}

    def path_of(location: Location) -> Path:
        if location[0] != "interventions" or len(location) == 1:
            return _path_in(tree, location)
        at, own = location[1], location[3:] or location[2:]  # without the table's type, as an option may be called
        return ("interventions", labels[int(at)], *_path_in(tree["interventions"][int(at)], own))

    return _checked(model, tree, path_of, partial(_scenario_fault, draft, model))


def checked_keys[Model: BaseModel](draft: Draft, model: type[Model], *, below: Path = (), page: str | None = None) -> Model:
    """Return the keys of a draft's table `below` (default the whole) as the model reads them.

    Raises ScenarioError, FaultsError: with every fault; `page` is the remedy where no valid key is near.
    """
    tree = draft.value(below) or {}
    return _checked(
        model, tree, lambda location: (*below, *_path_in(tree, location)), partial(_fault_of, draft, model, page)
    )


def _checked[Model: BaseModel](
    model: type[Model], tree: object, path_of: Callable[[Location], Path], fault_of: Faults
) -> Model:
    """Return what the model reads; misspelt keys explain those that are missing, and a key has one fault."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        found = [(path_of(entry["loc"]), entry) for entry in error.errors()]
    is_misspelt = any(entry["type"] == "extra_forbidden" for _, entry in found)
    kept = [item for item in found if not (is_misspelt and item[1]["type"] == "missing")]
    kept.sort(key=lambda item: item[1]["type"] != "extra_forbidden")
    first = {path: entry for path, entry in reversed(kept)}
    raise FaultList(fault_of(path, entry) for path, entry in reversed(first.items())).error()


def _fault_of(draft: Draft, model: type[BaseModel], page: str | None, path: Path, error: Mapping[str, Any]) -> ScenarioError:
    rule, words = rule_of(error)
    if error["type"] == "extra_forbidden":
        return draft.fault(path, rule, nearest(path[-1], valid_keys(model, error["loc"])) or page)
    return draft.fault(path, rule, None if error["type"] == "missing" else close_match(error["input"], words))


def valid_keys(model: type[BaseModel], location: Location) -> list[str]:
    """Return the keys that the table may have in which a location ends."""
    models = [model]
    for part in location[:-1]:
        field = next((one for name, one in models[0].model_fields.items() if part == (one.alias or name)), None)
        inner = [] if field is None else _models_in(field.annotation)
        models = inner or [one for one in models if one.__name__ == part] or models
    return [field.alias or name for name, field in models[0].model_fields.items()]


def _models_in(annotation: object) -> list[type[BaseModel]]:
    """Return the models that a field's type is made of, in lists, tables or a choice of several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _path_in(tree: Any, location: Location) -> Path:
    """Return a location as a path of what was read, without the names of kinds that a value may be of."""
    path: list[str | int] = []
    for position, part in enumerate(location):
        is_key = isinstance(tree, dict) and (part in tree or position == len(location) - 1) and part != "[key]"
        if is_key or (isinstance(tree, list) and isinstance(part, int)):
            path.append(part)
            tree = tree.get(part) if isinstance(tree, dict) else tree[int(part)]
    return tuple(path)


def _scenario_fault(draft: Draft, model: type[BaseModel], path: Path, error: Mapping[str, Any]) -> ScenarioError:
    rule, words = rule_of(error)
    of_intervention = path[0] == "interventions"
    if error["type"] == "union_tag_not_found":
        others = [label for label in draft.tree["interventions"] if label != path[1]]
        remedy = close_match(path[1], others) or "see odssim catalogue"
        return fault(draft.origins, (*path, "type"), rule, remedy=remedy)
    if error["type"] == "union_tag_invalid":
        path = (*path, "type")
        return draft.fault(path, rule, nearest(draft.value(path), words))
    if error["type"] == "extra_forbidden" and of_intervention and path[2:] == ("places",):
        return draft.fault(path, "does not apply: it acts on the whole market", "leave it out")
    page = "see odssim schema"
    if of_intervention and len(path) == 3:
        page = f"see odssim catalogue {draft.value((*path[:2], 'type'))}"
    return _fault_of(draft, model, page, path, error)
