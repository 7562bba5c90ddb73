"""The axis of mixes: named sets of interventions, and grids over their options."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from odssim.interventions.catalogue import CATALOGUE
from odssim.scenario.document import Draft
from odssim.scenario.faults import named_file, nearest
from odssim.scenario.locate import Path as KeyPath
from odssim.studies.study.records import Mix, Study
from odssim.studies.study.resolve import mix_draft
from odssim.studies.study.schema import MixKeys
from odssim.studies.study.values import dotted


def make_mixes(draft: Draft, tables: Sequence[MixKeys] | None, folder: Path) -> tuple[Mix, ...]:
    """Return the mixes of ``[[mixes]]``; without any, the base scenario's own interventions.

    Raises
    ------
    ScenarioError
        If an id is used twice or a scenario file does not exist.
    """
    mixes: list[Mix] = []
    for k, table in enumerate(tables or ()):
        at: KeyPath = ("mixes", k)
        if table.id in [mix.id for mix in mixes]:
            raise draft.fault((*at, "id"), "is used twice")
        scenario = None if table.scenario is None else named_file(draft, (*at, "scenario"), folder, table.scenario)
        interventions = None if table.interventions is None else tuple(table.interventions)
        mixes.append(Mix(table.id, scenario, interventions, dotted(table.settings), at=at))
    return tuple(mixes) or (Mix("base"),)


def sweep_mixes(
    draft: Draft, path: KeyPath, study: Study, mixes: Sequence[Mix], values: Sequence[Any]
) -> tuple[Mix, ...]:
    """Return every mix that has the swept key's intervention once per value; the others as they are.

    A budget is swept in every mix that has interventions.

    Raises
    ------
    ScenarioError
        If no mix has that intervention.
    """
    key = str(path[-1])
    head, label, *rest = key.split(".")
    trees = [mix_draft(study, mix).tree.get("interventions", {}) for mix in mixes]
    swept = [bool(tree) if head == "budget" else label in tree for tree in trees]
    if not any(swept):
        known = sorted({name for tree in trees for name in tree})
        raise draft.fault(path, "no mix has this intervention", nearest(label, known))
    grown: list[Mix] = []
    for mix, tree, is_swept in zip(mixes, trees, swept, strict=True):
        kind = tree[label].get("type") if is_swept and head != "budget" else None
        lowest = _lowest(str(kind), ".".join(rest))
        grown += [_swept(mix, key, label, value, lowest) for value in values] if is_swept else [mix]
    return tuple(grown)


def _lowest(kind: str, option_id: str) -> float:
    """Return the least value of an intervention's option; 0 for keys common to all."""
    options = CATALOGUE[kind].options if kind in CATALOGUE else ()
    return next((option.low or 0.0 for option in options if option.id == option_id), 0.0)


def _swept(mix: Mix, key: str, label: str, value: Any, lowest: float) -> Mix:
    """Return a mix with one value of a sweep; 0 of what begins at 1, visits say, is the mix without it."""
    before = "" if mix.id == "base" else f"{mix.id} "
    name = f"{before}{key.removeprefix('interventions.')}={value}"
    swept = {**mix.swept, key: value}
    if value == 0 and lowest > 0:
        return replace(mix, id=name, swept=swept, without=(*mix.without, label))
    return replace(mix, id=name, swept=swept, overrides={**mix.overrides, key: value})
