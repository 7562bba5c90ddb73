import pytest

from observe.runs import two_worlds
from odssim.observe.write import write_run


@pytest.fixture(scope="session")
def worlds(tmp_path_factory):
    return two_worlds(tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="session")
def written(worlds, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written") / "run"
    write_run(worlds[1], folder)
    return folder
