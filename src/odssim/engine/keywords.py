"""From the keywords of a Mesa model to a checked scenario."""

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from typing import Any

import numpy as np

from odssim.engine.build import PARAMETERS
from odssim.errors import ScenarioError
from odssim.interventions.catalogue import CATALOGUE
from odssim.scenario.faults import toml
from odssim.scenario.load import load
from odssim.scenario.records import Scenario

DEFAULT_SOURCE = "teaching-town"
OWN_SEED = "own"
"""Stands for the scenario's seed. None is Mesa's word for a new one: `batch_run` gives it to every replicate."""


def resolve(scenario: Scenario | str | PathLike[str] | None, rng: Any, overrides: Mapping[str, Any]) -> Scenario:
    """Return the checked scenario of what a model was called with, see `OpenDrugSceneModel`.

    Raises ScenarioError: if a key or value is wrong, or keys are given beside a finished `Scenario`.
    """
    if isinstance(scenario, Scenario):
        if overrides:
            raise ScenarioError(
                "is set in a scenario's file or name, not beside a finished Scenario", key=next(iter(overrides))
            )
        resolved = scenario
    else:
        resolved = _read(DEFAULT_SOURCE if scenario is None else scenario, overrides)
    if rng is OWN_SEED or (rng is None and "seed" in overrides):
        return resolved
    seed = rng if isinstance(rng, int | np.integer) else np.random.default_rng(rng).integers(2**63 - 1)
    return replace(resolved, seed=int(seed))


def _read(file: str | PathLike[str], overrides: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a file, or of a shipped one's name, with `overrides` above it."""
    labels = [spec.id for spec in load(file, parameters=PARAMETERS, catalogue=CATALOGUE).interventions]
    texts = []
    for key, value in overrides.items():
        if key == "dose" and not labels:
            raise ScenarioError("there is no intervention in the scenario", key="dose", value=value)
        everyone = [f"interventions.{label}.dose" for label in labels]
        texts += [f"{k}={toml(value)}" for k in (everyone if key == "dose" else [_dotted(key, labels)])]
    return load(file, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=texts)


def _dotted(key: str, labels: list[str]) -> str:
    """Return a key of the scenario, a parameter's id or a key of one intervention in dotted form."""
    first, within, _ = key.partition("__")
    dotted = key.replace("__", ".")
    if not within or first == "interventions":
        return dotted
    return f"interventions.{dotted}" if first in labels else f"parameters.{dotted}"
