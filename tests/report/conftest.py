"""Cities loaded once for the tests of reports; none of the tests writes to them."""

from __future__ import annotations

import pytest

from odssim.city import City, load_city


@pytest.fixture(scope="session")
def stockholm() -> City:
    return load_city("stockholm-city")


@pytest.fixture(scope="session")
def town() -> City:
    return load_city("teaching-town")
