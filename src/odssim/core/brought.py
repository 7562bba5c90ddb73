"""What other packages bring by Python entry points (docs/extending.md): interventions, estimators, cities."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from odssim.errors import OdssimError

Group = Literal["interventions", "estimators", "cities"]


@cache
def points(group: Group) -> Mapping[str, EntryPoint]:
    """Return the entry points of a group by name, in the order of names; nothing is loaded."""
    return {point.name: point for point in sorted(entry_points(group=f"odssim.{group}"), key=lambda point: point.name)}


def brought(group: Group) -> dict[str, Any]:
    """Return what stands behind the entry points of a group, by name.

    Raises OdssimError: naming the entry point that cannot be loaded.
    """
    found = {}
    for name, point in points(group).items():
        try:
            found[name] = point.load()
        except Exception as error:  # whatever another package's code raises
            rule = "entry point odssim.{group} {name} = {value}: cannot be loaded ({error!r})"
            raise OdssimError(rule, group=group, name=name, value=point.value, error=error) from error
    return found


def versions() -> list[str]:
    """Return name and version of each package that brings code: an estimator's answers are its author's."""
    dists = {point.dist for point in points("estimators").values()}
    return sorted(f"{dist.name} {dist.version}" for dist in dists if dist is not None)
