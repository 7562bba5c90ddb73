"""Cities loaded once for all tests of this folder; none of the tests writes to them."""

from __future__ import annotations

import pytest

from odssim.city import City, load_city


@pytest.fixture(scope="session")
def stockholm() -> City:
    return load_city("stockholm-city")


@pytest.fixture(scope="session")
def county() -> City:
    return load_city("stockholm-county")


@pytest.fixture(scope="session")
def town() -> City:
    return load_city("teaching-town")


@pytest.fixture(scope="session", params=["stockholm-city", "stockholm-county", "teaching-town"])
def city(request: pytest.FixtureRequest) -> City:
    return load_city(request.param)
