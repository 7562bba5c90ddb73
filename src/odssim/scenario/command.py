"""The command that makes a result anew, quoted for a shell; files as seen from the folder where it was run."""

import os
import shlex
from pathlib import Path

from odssim.scenario.locate import split_key
from odssim.scenario.records import Scenario
from odssim.scenario.shipped import short_name

NOT_SHOWN = ("known_activity",)
"""Keys whose value is private."""
OPTIONS = ("seed", "days")
"""Keys that commands have options for."""


def command(*words: object) -> str:
    """Return words of a command as one line."""
    return shlex.join(["odssim", *map(str, words)])


def from_here(file: str | os.PathLike[str]) -> str:
    """Return a path as seen from the working folder; a relative one as it was given, a shipped one by its name."""
    path = os.fspath(file)
    if os.path.isabs(path) and (name := short_name(Path(path))) is not None:
        return name
    try:
        path = os.path.relpath(path) if os.path.isabs(path) else path
    except ValueError:  # on another drive
        return path
    return f"./{path}" if path.startswith("-") else path


def file_of(scenario: Scenario) -> str:
    """Return the file that a scenario was read from; its name where there is none."""
    return from_here(scenario.files[-1]) if scenario.files else scenario.name


def shown_overrides(scenario: Scenario) -> dict[str, list[str]]:
    """Return the texts ``key=value`` that went above the file, by key, as given; of private ones the key alone."""
    shown: dict[str, list[str]] = {}
    for text in scenario.overrides:
        key = ".".join(split_key(text.partition("=")[0].strip()))
        shown.setdefault(key, []).append(f"{key}=..." if key in NOT_SHOWN else text)
    return shown


def set_words(scenario: Scenario, *, seed: bool = False) -> list[str]:
    """Return the options that put on a file what went above it; of the seed only on request."""
    sets = {key: texts for key, texts in shown_overrides(scenario).items() if key not in OPTIONS}
    words = [word for texts in sets.values() for text in texts for word in ("--set", text)]
    words += ["--set", f"seed={scenario.seed}"] if seed and "seed" in shown_overrides(scenario) else []
    return [*words, "--days", str(scenario.days)]
