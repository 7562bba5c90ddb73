"""Check a draft against the model of its keys and say, one line for each key, what is wrong."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from odssim.core.declare import Intervention
from odssim.errors import ScenarioError
from odssim.scenario.document import Draft
from odssim.scenario.faults import all_of, close_match, fault, nearest, rule_of
from odssim.scenario.locate import Path
from odssim.scenario.schema import (
    CityFilesKeys,
    InterventionKeys,
    NearKeys,
    PlacesKeys,
    RandomKeys,
    ScenarioKeys,
)


def validated(draft: Draft, model: type[ScenarioKeys], catalogue: Mapping[str, Intervention]) -> ScenarioKeys:
    """Return the keys of a draft as the model reads them.

    Raises
    ------
    ScenarioError, FaultsError
        With every fault.
    """
    tables = list(draft.tree.get("interventions", {}).values())
    try:
        return model.model_validate({**draft.tree, "interventions": tables})
    except ValidationError as error:
        labels = list(draft.tree.get("interventions", {}))
        found = [(_tree_path(draft, entry["loc"], labels), entry) for entry in error.errors()]
    raise all_of(found, lambda path, entry: _fault_of(draft, path, entry, model, catalogue))


def _tree_path(draft: Draft, location: tuple[str | int, ...], labels: list[str]) -> Path:
    """Return pydantic's location as a path of the draft: ids for indices, without the tags of unions."""
    path: list[str | int] = []
    here: Any = draft.tree
    for position, part in enumerate(location):
        is_last = position == len(location) - 1
        if path == ["interventions"] and isinstance(part, int):
            path.append(labels[part])
        elif position == 2 and location[0] == "interventions" and not is_last:
            continue  # the tag of the union, which an option may be called like
        elif (isinstance(here, list) and isinstance(part, int)) or (
            isinstance(here, dict) and (part in here or is_last)
        ):
            path.append(part)
        else:
            continue
        here = here.get(path[-1]) if isinstance(here, dict) else None
    return tuple(path)


def _fault_of(
    draft: Draft,
    path: Path,
    error: Mapping[str, Any],
    model: type[ScenarioKeys],
    catalogue: Mapping[str, Intervention],
) -> ScenarioError:
    rule, words = rule_of(error)
    if error["type"].startswith("union_tag"):
        path = (*path, "type")
    if error["type"] == "union_tag_not_found":
        others = [label for label in draft.tree["interventions"] if label != path[1]]
        return fault(draft.origins, path, rule, remedy=close_match(path[1], others) or "see odssim catalogue")
    if error["type"] == "missing":
        return fault(draft.origins, path, rule)
    if error["type"] == "union_tag_invalid":
        return draft.fault(path, rule, nearest(draft.value(path), words))
    if error["type"] != "extra_forbidden":
        return draft.fault(path, rule, close_match(error["input"], words))
    if path[0] == "interventions" and path[2:] == ("places",):
        return draft.fault(path, "does not apply: it acts on the whole market", "leave it out")
    words = _valid_keys(draft, path, model, catalogue)
    page = "odssim schema"
    if path[0] == "interventions" and len(path) == 3:
        page = f"odssim catalogue {draft.value((*path[:2], 'type'))}"
    return draft.fault(path, rule, nearest(path[-1], words) or f"see {page}")


def _valid_keys(
    draft: Draft, path: Path, model: type[ScenarioKeys], catalogue: Mapping[str, Intervention]
) -> list[str]:
    """Return the keys that the table holding `path` may have."""
    if path[0] == "parameters" and len(path) > 1:
        fields = model.model_fields["parameters"].annotation.model_fields  # type: ignore[union-attr]
        return [str(entry.alias) for entry in fields.values()]
    if path[0] == "city" and len(path) > 1:
        return list(CityFilesKeys.model_fields)
    if path[0] != "interventions" or len(path) < 3:
        return list(model.model_fields)
    if len(path) == 3:
        entry = catalogue[draft.tree["interventions"][path[1]]["type"]]
        common = [*InterventionKeys.model_fields, "type", "payer", "places"]
        return [*common, *(option.id for option in entry.options)]
    tables: dict[object, type[Any]] = {"near": NearKeys, "random": RandomKeys}
    return list(tables.get(path[3], PlacesKeys).model_fields if len(path) > 4 else PlacesKeys.model_fields)
