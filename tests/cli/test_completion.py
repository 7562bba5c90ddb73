"""The shell offers scenarios, methods, outcomes and parameters for a word that is begun, without importing the model."""

import os
import subprocess
import sys

import pytest

from odssim.cli import completion
from odssim.engine.build import PARAMETERS
from odssim.interventions import CATALOGUE
from odssim.observe.outcomes import OUTCOMES

AS_ODSSIM = "import sys; sys.argv = ['odssim', *sys.argv[1:]]; from odssim.__main__ import main; main()"


def offered(folder, line):
    """Return what bash is offered for a line whose last word is begun."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_ODSSIM_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [sys.executable, "-c", AS_ODSSIM], cwd=folder, capture_output=True, text=True, check=False, env=os.environ | words
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "some"),
    [("odssim run tea", ["teaching-town"]), ("odssim catalogue hot", ["hot_spot_patrol"]),
     ("odssim show teaching-town --set choice.loy", ["choice.loyalty="]), ("odssim doc", ["doctor"])],
)  # fmt: skip
def test_a_word_is_completed(tmp_path, line, some):
    assert offered(tmp_path, line) == some


def test_what_is_offered_is_what_there_is(tmp_path, monkeypatch):
    assert completion.methods("") == sorted(CATALOGUE)
    assert completion.outcomes("") == sorted(OUTCOMES)
    known = (name for one in PARAMETERS for name in one.ids)
    assert completion.parameters("") == sorted(name for name in known if not name.startswith("indicators."))  # in no table
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").touch()
    assert completion.scenarios("ow") == ["own.toml"]
    assert completion.scenarios(f"{tmp_path}/") == [str(tmp_path / "own.toml")]


def test_completing_imports_nothing_heavy():
    code = "import sys; from odssim.cli import completion as c; c.{}('a'); print({{*sys.modules}} & {{'numpy', 'numba'}})"
    for what in ("scenarios", "methods", "outcomes", "parameters", "settings"):
        done = subprocess.run([sys.executable, "-c", code.format(what)], capture_output=True, text=True, check=True)
        assert done.stdout == "set()\n", what
