"""From the keywords of a Mesa model to a checked scenario."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, time
from os import PathLike, fspath
from typing import Any

import numpy as np

from odssim.engine.build import PARAMETERS
from odssim.errors import OdssimError, ScenarioError
from odssim.interventions.catalogue import CATALOGUE
from odssim.scenario.document import COMMAND_LINE
from odssim.scenario.faults import toml
from odssim.scenario.load import load
from odssim.scenario.records import Scenario
from odssim.scenario.shipped import nearest_shipped

DEFAULT_SOURCE = "teaching-town"
OWN_SEED = "own"
"""Stands for the scenario's seed. None is Mesa's word for a new one: `batch_run` gives it to every replicate."""
DATES = ("start", "end", "at", "start_date")
"""Keys whose value may be a text such as "2018-04-01": TOML has dates, a notebook writes texts."""
ARGUMENTS = {"out": "save(folder)", "n": "n_blocks", "set": "settings", "waves": "n_waves", "worth": "worth_sek"}
"""The arguments that are called otherwise than the options of the command line."""


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
    plain = {key: _plain(value, key) for key, value in overrides.items()}
    texts = [f"interventions={toml(plain.pop('interventions'))}"] if "interventions" in plain else []
    found = load(file, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=texts).interventions
    labels = [spec.id for spec in found]
    for key, value in plain.items():
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


def _plain(value: Any, key: str) -> Any:
    """Return a value of Python as TOML has it: arrays as lists, texts of dates as dates."""
    if isinstance(value, Mapping):
        return {str(name): _plain(entry, f"{key}.{name}") for name, entry in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(entry, f"{key}[{k}]") for k, entry in enumerate(value)]
    if isinstance(value, PathLike):
        return fspath(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str) and key.rpartition(".")[2] in DATES:
        with suppress(ValueError):  # what is no date, the scenario refuses
            return date.fromisoformat(value)
    if not isinstance(value, str | int | float | date | time):
        raise ScenarioError("must be a number, a text, a date, a list or a dictionary", key=key, value=value)
    return value


def labels_of(interventions: Any) -> dict[str, str]:
    """Return how faults call the interventions of a list, and what an argument calls them."""
    tables = interventions if isinstance(interventions, list | tuple) else ()
    ids = [table.get("id") if isinstance(table, Mapping) else None for table in tables]
    return {f"interventions.{f'#{k + 1}' if one is None else one}": f"interventions[{k}]" for k, one in enumerate(ids)}


@contextmanager
def as_arguments(labels: Mapping[str, str]) -> Iterator[None]:
    """Let faults name the arguments of a function, where they would name options of the command line.

    `labels`: what keys of a fault are called in place of their first words.
    """
    try:
        yield
    except OdssimError as error:
        for fault in error.each:
            if isinstance(fault, ScenarioError):
                if fault.file == COMMAND_LINE:
                    key = f"{fault.key}."
                    known = next((old for old in labels if key.startswith(f"{old}.")), "")
                    fault.file, fault.key = None, (labels[known] + key.removeprefix(known))[:-1] if known else fault.key
                if fault.rule.startswith("cannot be read") and fault.remedy is None and fault.file:
                    fault.remedy = nearest_shipped(fault.file)
                fault.key, fault.rule, fault.remedy = _renamed(fault.key), _renamed(fault.rule), _renamed(fault.remedy)
                fault.args = (fault.said(str),)
            else:
                fault.args = (_renamed(fault.args[0]),)
        error.args = (error.said(str),)
        raise


def _renamed(text: Any) -> Any:
    """Return a text with the names of arguments in place of options; others, and None, as they are."""
    if "--" not in (text or ""):
        return text
    return re.sub(r"--([a-z][a-z-]*)", lambda found: ARGUMENTS.get(found[1], found[1].replace("-", "_")), text)
