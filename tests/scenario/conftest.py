"""A scenario written to a file and loaded, in one call."""

from collections.abc import Callable
from pathlib import Path

import pytest

from odssim.interventions import CATALOGUE
from odssim.scenario import Scenario, load
from scenario.declared import HEAD, PARAMETERS


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Scenario]:
    """Return a function that writes the text of a scenario file below HEAD and loads it."""

    def write_and_load(text: str = "", *overrides: str, head: str = HEAD, file: str = "scenario.toml") -> Scenario:
        path = tmp_path / file
        path.write_text(head + text, encoding="utf-8")
        return load(path, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=overrides)

    return write_and_load
