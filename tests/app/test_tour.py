"""The demonstration runs to its end; the doctor sees what is missing and says how to mend it."""

import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from odssim.cli import demo_command, doctor_command
from odssim.cli.app import app

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IMPORTED = {"scikit-learn": "sklearn"}
"""Libraries that are imported under another name than they are installed."""


def name_of(requirement):
    return re.match(r"[\w-]+", requirement)[0]


def rows(monkeypatch, *hidden):
    """Return the doctor's rows by name, with some modules hidden."""
    found = doctor_command.find_spec
    monkeypatch.setattr(doctor_command, "find_spec", lambda name: None if name in hidden else found(name))
    return {row["what"]: row for row in doctor_command.findings()}


def test_the_doctor_knows_every_dependency_and_extra():
    assert {IMPORTED.get(name, name) for name in map(name_of, PROJECT["dependencies"])} == set(doctor_command.LIBRARIES)
    assert set(doctor_command.EXTRAS) == set(PROJECT["optional-dependencies"]) - {"dev"}


@pytest.mark.parametrize(("extra", "module"), [(e, m) for e, (ms, _) in doctor_command.EXTRAS.items() for m in ms])
def test_a_missing_extra_is_named_with_its_remedy_and_nothing_else_is(monkeypatch, extra, module):
    row = rows(monkeypatch, module)[f"extra {extra}"]
    assert row["state"] == "missing"
    assert module in row["detail"]
    assert row["mend"] == f"pip install 'odssim[{extra}]'"


def test_a_library_without_which_nothing_runs_is_broken_and_the_exit_code_says_so(monkeypatch):
    row = rows(monkeypatch, "matplotlib")["libraries"]
    assert (row["state"], row["detail"]) == ("broken", "without matplotlib")
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1


def test_a_cache_that_cannot_be_written_to_is_told(monkeypatch, tmp_path):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("ODSSIM_CACHE", str(file / "below"))
    row = rows(monkeypatch)["cache"]
    assert row["state"] == "missing"
    assert "ODSSIM_CACHE" in row["mend"]


def test_the_demonstration_leaves_all_that_it_names(monkeypatch, tmp_path):
    monkeypatch.setattr(demo_command, "DAYS", 40)
    monkeypatch.setattr(demo_command, "SEEDS", 2)
    result = CliRunner().invoke(app, ["demo", "--out", str(tmp_path / "tour")])
    assert result.exit_code == 0, result.output
    titles = re.findall(r"^(\d) .*?: odssim (\w+)", result.output, re.MULTILINE)
    assert [number for number, _ in titles] == [str(n) for n in range(1, 10)]
    reports = ("report.html", "report.xlsx", "replay.html")
    for made in ("town/run.json", *(f"patrol/{name}" for name in reports), "compared", "design.toml"):
        assert (tmp_path / "tour" / made).exists(), made
