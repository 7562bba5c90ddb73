"""Short runs of the teaching town through Mesa's own interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from odssim.engine.model import OpenDrugSceneModel

DAYS = 4
Town = Callable[..., OpenDrugSceneModel]


@pytest.fixture(scope="session")
def town() -> Town:
    """Return a maker of town models without burn-in."""

    def make(**keys: Any) -> OpenDrugSceneModel:
        return OpenDrugSceneModel(**{"burn_in_days": 0, "days": DAYS, "rng": 3, **keys})

    return make


@pytest.fixture(scope="module")
def finished(town: Town) -> OpenDrugSceneModel:
    """Return a model after its last step; not to be changed."""
    model = town()
    for _ in range(DAYS):
        model.step()
    return model
