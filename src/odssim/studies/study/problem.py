"""A SALib problem in a JSON file, read as the ``[worlds.parameters]`` of a study."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from odssim.core.reading import read_json
from odssim.errors import ScenarioError, Sentence
from odssim.scenario.document import Draft
from odssim.scenario.faults import named_file, nearest
from odssim.studies.study.schema import AxisKeys, WorldsKeys

PATH = ("worlds", "problem")
DUMMY = "dummy"
"""Stands in the problems that `odssim sensitivity` writes, and is no parameter of the model."""
DISTS = {"unif": False, "logunif": True}
SAMPLED = ("latin_hypercube", "sobol")
LISTS = ("names", "bounds", "dists", "groups")


def axes_of_problem(draft: Draft, worlds: WorldsKeys, folder: Path) -> dict[str, AxisKeys]:
    """Return the parameters that a study's problem file varies, uniformly or log-uniformly; `folder` is the study's.

    Raises ScenarioError: if the file is missing or no SALib problem, or a law is neither of the two.
    """
    if worlds.parameters is not None:
        raise draft.fault(PATH, "is not used beside worlds.parameters", "leave one out")
    if worlds.method not in SAMPLED:
        raise draft.fault(
            PATH, "is not used by {method}", Sentence("method = {method!r}", method=SAMPLED[1]), method=worlds.method
        )
    content, file = _content(draft, worlds, folder)
    dists = content.get("dists") or ["unif"] * len(content["names"])
    axes = {}
    for name, bounds, dist in zip(content["names"], content["bounds"], dists, strict=True):
        if dist not in DISTS:
            raise ScenarioError("must be unif or logunif", file=str(file), key=f"dists of {name}", value=dist)
        is_pair = isinstance(bounds, list) and len(bounds) == 2 and all(map(_is_number, bounds))
        if not is_pair:
            raise ScenarioError("must be two numbers", file=str(file), key=f"bounds of {name}", value=bounds)
        if name != DUMMY:
            axes[str(name)] = AxisKeys(low=bounds[0], high=bounds[1], log=DISTS[dist])
    return axes


def groups_of_problem(draft: Draft, worlds: WorldsKeys, folder: Path) -> dict[str, str]:
    """Return the groups of a study's problem file by parameter; of parameters that are a group by themselves, none."""
    content, _ = _content(draft, worlds, folder)
    groups = content.get("groups") or content["names"]
    named = zip(content["names"], groups, strict=True)
    return {str(name): str(group) for name, group in named if group is not None and group != name}


def _content(draft: Draft, worlds: WorldsKeys, folder: Path) -> tuple[Mapping[str, Any], Path]:
    """Return a problem whose lists are lists of one length, and its file."""
    file = named_file(draft, PATH, folder, str(worlds.problem))
    content = read_json(file)
    if not isinstance(content, dict):
        raise ScenarioError("is not a SALib problem: a JSON object with names and bounds", file=str(file))
    for key in LISTS:
        value = content.get(key)
        if value is None and key in ("dists", "groups"):
            continue
        if not isinstance(value, list) or not value:
            near = nearest(key, [name for name in content if name not in LISTS]) if value is None else None
            raise ScenarioError("must be a list that is not empty", file=str(file), key=key, value=value, remedy=near)
        if len(value) != len(content["names"]):
            rule = Sentence("has {n} entries for {names} names", n=len(value), names=len(content["names"]))
            raise ScenarioError(rule, file=str(file), key=key)
        for entry in value if key != "bounds" else ():
            if not isinstance(entry, str) and (key != "groups" or entry is not None):
                raise ScenarioError("must be a list of texts", file=str(file), key=key, value=entry)
        if key == "names" and len(set(value)) < len(value):
            twice = next(name for name in value if value.count(name) > 1)
            raise ScenarioError("stands twice", file=str(file), key=key, value=twice)
    return content, file


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
