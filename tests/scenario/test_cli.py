"""The command line without the engine: help, exit codes, JSON, what it imports."""

import json
import subprocess
import sys

import pytest

from odssim.__main__ import main
from odssim.cli import simulate
from odssim.errors import ScenarioError
from odssim.interventions import CATALOGUE

HEAVY = ("numpy", "numba", "mesa", "pandas", "scipy", "matplotlib", "networkx", "pyarrow", "rich")


def call(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["odssim", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_help_imports_nothing_heavy():
    code = "import sys, odssim.__main__; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(done.stdout.split())


def test_help_lists_every_command(monkeypatch, capsys):
    assert call(monkeypatch, "--help") == 0
    text = capsys.readouterr().out
    assert all(
        name in text for name in ("run", "compare", "validate", "catalogue", "schema", "where", "show")
    )


def test_the_catalogue_as_json_is_the_catalogue(monkeypatch, capsys):
    assert call(monkeypatch, "catalogue", "--json") == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)] == list(CATALOGUE)
    assert call(monkeypatch, "catalogue", "cameras", "--json") == 0
    assert json.loads(capsys.readouterr().out)["label_sv"] == "Kamerabevakning"


def test_one_entry_is_printed_with_its_harms(monkeypatch, capsys):
    assert call(monkeypatch, "catalogue", "civil_presence") == 0
    assert "harms: Volunteers" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("catalogue", "camera"), "ID = 'camera': no such intervention; did you mean 'cameras'?"),
        (("run",), "Missing argument"),
        (("run", "x.toml", "--sed", "3"), "No such option"),
        (("rum", "x.toml"), "No such command"),
    ],
)
def test_bad_input_leaves_with_2_and_says_why(monkeypatch, capsys, arguments, words):
    assert call(monkeypatch, *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err


@pytest.mark.parametrize(("raised", "code"), [(KeyboardInterrupt(), 130), (ScenarioError("no"), 2)])
def test_exit_codes(monkeypatch, raised, code):
    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr(simulate, "read_scenario", fail)
    assert call(monkeypatch, "run", "x.toml") == code


def test_results_are_not_written_over_a_file(monkeypatch, capsys, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    monkeypatch.setattr(simulate, "read_scenario", lambda *_: None)
    assert call(monkeypatch, "run", "x.toml", "--out", str(tmp_path / "taken" / "deeper")) == 2
    assert "is a file, not a folder" in capsys.readouterr().err
