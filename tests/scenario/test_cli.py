"""The command line without the engine: help, exit codes, JSON, what it imports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from odssim.__main__ import main
from odssim.cli import simulate
from odssim.cli.app import app
from odssim.cli.output import print_rows
from odssim.errors import ScenarioError
from odssim.interventions import CATALOGUE
from odssim.language import written
from odssim.language.written import p_text
from odssim.validation import page as validation

SCENARIOS = Path(__file__).parents[2] / "scenarios"
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
    assert all(name in text for name in ("run", "compare", "validate", "catalogue", "schema", "where", "show"))


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
        (("run",), "SCENARIO: is missing"),
        (("run", "x.toml", "--sed", "3"), "--sed: no such option; did you mean '--seed'?"),
        (("run", "x.toml", "--seed", "soon"), "--seed: Input should be a valid integer"),
        (("run", "x.toml", "--seed"), "Option '--seed' requires an argument."),
        (("run", "x.toml", "y", "z"), "Got unexpected extra argument(s) (y z)"),
        (("compare", "a", "b", "--seeds", "0"), "--seeds: Input should be greater than or equal to 1"),
        (("rum", "x.toml"), "rum: no such command; did you mean 'run'?"),
        (("design", "serch", "x.toml"), "serch: no such command; did you mean 'search'?"),
    ],
)
def test_bad_input_leaves_with_2_and_says_why(monkeypatch, capsys, arguments, words):
    assert call(monkeypatch, *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert len(captured.err.splitlines()) == 1


def commands(command, words=()):
    """Return the words of every command that there is."""
    below = getattr(command, "commands", {})
    return [words] if not below else [found for name, one in below.items() for found in commands(one, (*words, name))]


@pytest.mark.parametrize("words", commands(typer.main.get_command(app)), ids=" ".join)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_wrong_use_of_any_command_is_one_line(monkeypatch, capsys, words, language):
    monkeypatch.setenv("ODSSIM_LANGUAGE", language)
    assert call(monkeypatch, *words, "--no-such-option") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert line.startswith("--no-such-option: " + {"en": "no such option", "sv": "alternativet finns inte"}[language])


@pytest.mark.parametrize("text", ["population.users_share=0,2", "population_multiplier=-1,5", "days=1,0"])
def test_a_decimal_comma_on_the_command_line_gets_its_remedy(monkeypatch, capsys, text):
    assert call(monkeypatch, "show", str(SCENARIOS / "teaching-town.toml"), "--set", text) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"write {text.partition('=')[2].replace(',', '.')}, for a list" in line


@pytest.mark.parametrize("value", ["0,2", '"0,2"', "0,2  # a fifth"])
def test_a_decimal_comma_in_a_file_gets_its_remedy(monkeypatch, capsys, tmp_path, value):
    text = 'name = "A"\ncity = "teaching-town"\nstart_date = 2018-01-01\ndays = 5\n'
    (tmp_path / "a.toml").write_text(f"{text}population_multiplier = {value}\n", encoding="utf-8")
    assert call(monkeypatch, "show", str(tmp_path / "a.toml")) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "a.toml:5: " in line
    assert line.endswith("write 0.2, for a list [0, 2]")


@pytest.mark.parametrize(("p", "told"), [(3e-9, "< 0.001"), (0.00149, "0.001"), (0.04567, "0.046"), (1.0, "1.000")])
def test_a_p_is_told_in_one_way(capsys, p, told):
    assert p_text(p) == told
    print_rows([{"estimator": "a", "p": p}], as_json=False)
    assert told in capsys.readouterr().out


def test_no_number_is_told_as_a_negative_nought(capsys):
    print_rows([{"estimate": -0.0}], as_json=False)
    assert "-0" not in capsys.readouterr().out
    told = [form(-0.0) for form in (written.number, written.signed, validation.number)]
    told += [form(small) for small in (-0.0, -1e-6) for form in (written.percent, written.change)]
    assert [text for text in told if text.startswith(("-", "\u2212"))] == []


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
