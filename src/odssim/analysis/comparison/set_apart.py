"""What sets the sides of a comparison apart beside their interventions: columns of every table, and a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

from odssim.language import say
from odssim.scenario.records import Scenario

Values = Mapping[str, Mapping[str, Any]]
"""By the label of a side: what is set, by column."""
PARAMETER, OPTION, OF_BASE = "p.", "o.", "base."
"""How a column begins that holds a parameter, a key of an intervention or budget, and either of the base."""
LABELS = ("alternative", "mix")
"""Columns that hold the label of a side; a row on an alternative compares it with the base."""


def parameters_apart(labels: Sequence[str], scenarios: Sequence[Scenario]) -> dict[str, dict[str, float]]:
    """Return, per scenario, its values of the parameters that are not the same in all; empty where all agree."""
    first = scenarios[0].parameters
    apart = [key for key in sorted(first) if any(one.parameters[key] != first[key] for one in scenarios)]
    if not apart:
        return {}
    return {
        label: {f"{PARAMETER}{key}": one.parameters[key] for key in apart}
        for label, one in zip(labels, scenarios, strict=True)
    }


def with_values(tree: Any, values: Values, base: str) -> Any:
    """Return rows, or a tree with rows in it, in which a row about a side has what is set there as columns."""
    if isinstance(tree, list | tuple):
        return [with_values(one, values, base) for one in tree]
    if not isinstance(tree, Mapping):
        return tree
    row = {key: with_values(value, values, base) for key, value in tree.items()}
    label = next((row[key] for key in LABELS if isinstance(row.get(key), str)), None)
    if label is None or label not in values:
        return row
    beside = values.get(base, {}) if LABELS[0] in row else {}
    return {**row, **values[label], **{f"{OF_BASE}{key}": value for key, value in beside.items()}}


def apart_text(values: Values) -> list[str]:
    """Return a sentence on the parameters that differ, none where all agree."""
    keys = next(iter(values.values()), {})
    names = [
        f"{key.removeprefix(PARAMETER)} {', '.join(f'{one[key]:g} ({label})' for label, one in values.items())}"
        for key in keys
    ]
    if not names:
        return []
    return [
        say("Parameters differ too, so no difference is that of the interventions alone: {which}.", which="; ".join(names))
    ]
