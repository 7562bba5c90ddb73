"""Burn-ins of these tests are stored in a folder of their own."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def own_pasts(tmp_path_factory):
    """Keep stored burn-ins apart from the user's (compiled kernels stay where they are)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ODSSIM_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
