"""The command that a page prints makes the same bytes: it is run as printed, through a shell's quoting."""

from __future__ import annotations

import html
import re
import shlex

import pytest

from report.folders import DESIGN, SCENARIOS, STUDY, call

SETS = ("--set", "burn_in_days=3", "--set", "population_multiplier=1", "--set", "name=\"It's $HOME; a town\"",
        "--set", "parameters.detection.conceal=0.4")  # fmt: skip
PATROL = """
name = "Patrol"
extends = "a town.toml"
[[interventions]]
id = "p"
type = "fifteen_minute_patrol"
resources = "added"
places = { names = ["Central"] }
[parameters]
"detection.stash_share" = 0.25
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working folder with scenarios in a folder whose name a shell would take apart."""
    folder = tmp_path / "my $cities"
    folder.mkdir()
    text = (SCENARIOS / "teaching-town.toml").read_text(encoding="utf-8")
    (folder / "a town.toml").write_text(text, encoding="utf-8")
    (folder / "patrol.toml").write_text(PATROL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(page):
    """Return the command that a page prints."""
    lines = re.findall(r">(odssim (?:run|compare|batch|design) [^<]*)<", page.read_text(encoding="utf-8"))
    (line,) = set(map(html.unescape, lines))
    return line


def tables(folder):
    """Return the bytes of all tables below a folder; a record holds a clock."""
    files = [path for path in folder.rglob("*") if path.suffix in (".parquet", ".csv") or path.name == "comparison.json"]
    assert files
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def again(line, *more):
    """Run a printed line."""
    program, *words = shlex.split(line)
    assert program == "odssim"
    assert call(*words, *more) == 0


def test_of_a_run(here, capsys):
    assert call("run", "my $cities/patrol.toml", "--days", "5", "--seed", "7", *SETS, "--ledger", "--out", "one") == 0
    assert call("report", "one") == 0
    again(printed(here / "one/report.html"), "--out", "two")
    assert tables(here / "two") == tables(here / "one")
    assert "ledger.parquet" in tables(here / "one")


def test_of_a_comparison(here, capsys):
    files = [str(here / "my $cities" / name) for name in ("a town.toml", "patrol.toml")]
    how = ("--days", "5", "--objective", "open_deals:250.5", "--smallest", "0.1", "--precision", "open_deals:0.07%")
    assert call("compare", *files, *SETS, *how, "--set", "seed=4", "--seeds", "2", "--max-seeds", "3", "--out", "one") == 0
    assert call("report", "one") == 0
    line = printed(here / "one/report.html")
    assert str(here) not in line
    again(line)
    assert tables(here / "results/comparison") == tables(here / "one")


def test_of_a_study(here, capsys):
    text = STUDY.replace("days = 16", "days = 13").replace("n = 3", "n = 2").replace("2018-01-16", "2018-01-13")
    (here / "my $cities/doses.toml").write_text(text, encoding="utf-8")
    study, store = "my $cities/doses.toml", "my $cities/d.sqlite"
    assert call("batch", study, "--store", store, "--workers", "1", "--export", "csv", "--out", "one") == 0
    assert call("report", study, "--store", store, "--out", "one/report.html") == 0
    line = printed(here / "one/report.html")
    (here / store).unlink()
    again(line, "--workers", "1", "--export", "csv", "--out", "two")
    assert tables(here / "two") == tables(here / "one")


@pytest.mark.parametrize("word", ["run", "search"])
def test_of_designs(here, capsys, word):
    (here / "my $cities/plan.toml").write_text(DESIGN, encoding="utf-8")
    how = ("--half-width", "0.2", "--all-indicators") if word == "run" else ("--draws", "0", "--by", "power_target")
    limits = ("--worlds", "20", "--workers", "1", "--out", "one")
    assert call("design", word, "my $cities/plan.toml", *limits, *how) == 0
    assert call("report", "one") == 0
    again(printed(here / "one/report.html"), "--out", "two")
    assert {k: v for k, v in tables(here / "two").items() if "batches" not in k} == {
        k: v for k, v in tables(here / "one").items() if "batches" not in k
    }


def test_what_is_private_is_not_told(here, capsys):
    (here / "secret.csv").write_text("place\nCentral\n", encoding="utf-8")
    sets = ("--set", "known_activity=secret.csv")
    assert call("run", "my $cities/a town.toml", "--days", "1", *SETS, *sets, "--out", "one") == 0
    assert "secret" not in (here / "one/run.json").read_text(encoding="utf-8")
