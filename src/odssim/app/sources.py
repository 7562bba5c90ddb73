"""What the page may show: the worlds that come along, and the one scenario named on the command line.

A message from a browser names one of these; it can never name a file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from odssim.core.reading import existing
from odssim.errors import ScenarioError, Sentence

OWN = "own"
"""Id of the scenario named on the command line."""


@dataclass(frozen=True)
class Source:
    """One world: its id and the TOML text with which a scenario of it begins."""

    id: str
    head: str


def shipped() -> dict[str, Source]:
    """Return the worlds that come with the package, by id."""
    folder = files("odssim.app") / "worlds"
    texts = {entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8") for entry in folder.iterdir()}
    return {name: Source(name, texts[name]) for name in sorted(texts)}


def sources(scenario: str | None = None) -> Mapping[str, Source]:
    """Return the worlds to choose from; a scenario file of one's own comes first.

    Raises ScenarioError: if there is no such file.
    """
    found = shipped()
    if scenario is None or scenario in found:
        return found
    if existing(scenario) is None:
        raise ScenarioError(
            "no such scenario file, nor one of the page's own",
            key="SCENARIO",
            value=scenario,
            remedy=Sentence("give a file or one of {words}", words=", ".join(found)),
        )
    path = json.dumps(Path(scenario).resolve().as_posix(), ensure_ascii=False)
    return {OWN: Source(OWN, f"extends = {path}\n"), **found}
