"""Finished seeds of a campaign on disk, a line each: one that is killed goes on where it was."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from odssim.core.files import naming_faults
from odssim.engine.key import EVERYTHING, city_of, digest, program_hash, run_key
from odssim.errors import ScenarioError
from odssim.scenario.records import Scenario
from odssim.validation.patterns.findings import Value


def key_of(scenario: Scenario, seed: int, patterns: Sequence[str]) -> str:
    """Return a key over all that decides a seed's values, the code included."""
    run = run_key(replace(scenario, seed=seed), city_of(scenario.city))
    return digest(program_hash(EVERYTHING), run, *patterns)


class Kept:
    """The values by key in a file of JSON lines, each with its digest; a line that was cut off or changed counts as none."""

    def __init__(self, file: Path | None) -> None:
        """Read what the file has; without a file nothing is kept, and one of the user's is refused."""
        self.file = file
        self.values: dict[str, dict[str, Value]] = {}
        text = file.read_text(encoding="utf-8", errors="replace") if file is not None and file.is_file() else ""
        for line in text.splitlines():
            if not line.startswith('["'):
                raise ScenarioError("holds no finished seeds of odssim", file=str(file), remedy="move it away")
            try:
                key, plain, seal = json.loads(line)
                if seal == digest(json.dumps([key, plain])):
                    self.values[key] = {name: _value(one) for name, one in plain.items()}
            except (ValueError, RecursionError):
                continue

    def add(self, key: str, values: dict[str, Value]) -> None:
        """Write down a finished seed."""
        self.values[key] = values
        if self.file is not None:
            plain = {name: _plain(one) for name, one in values.items()}
            line = json.dumps([key, plain, digest(json.dumps([key, plain]))])
            with naming_faults(self.file):
                self.file.parent.mkdir(parents=True, exist_ok=True)
                with self.file.open("a", encoding="utf-8") as out:
                    out.write(f"{line}\n")

    def done(self) -> None:
        """Delete the file: the campaign is over."""
        if self.file is not None:
            self.file.unlink(missing_ok=True)


def _plain(value: Value) -> Any:
    return [np.asarray(part).tolist() for part in value] if isinstance(value, tuple) else float(value)


def _value(plain: Any) -> Value:
    if not isinstance(plain, list):
        return float(plain)
    first, second = plain
    return (np.array(first), np.array(second)) if isinstance(first, list) else (first, second)
