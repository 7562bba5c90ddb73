"""Every command that writes refuses what is the user's, in one line, before its work begins."""

import errno
import os
import sys
from pathlib import Path

import pytest

from core.test_files import tree
from evaluation.designs import GOOD
from evaluation.test_run_search import SEARCH
from odssim.__main__ import main
from odssim.cli import simulate
from odssim.core import files, folders
from odssim.engine import run as engine
from odssim.errors import OdssimError
from study.town import MIXES, SCENARIOS, WORLDS, write_study

TOWN, PATROL = (str(SCENARIOS / name) for name in ("teaching-town.toml", "fifteen-minute-town.toml"))
COMMANDS = {
    f"run {TOWN} --out out": "out/mine",
    f"compare {TOWN} {PATROL} --seeds 2 --out out": "out/mine",
    "compare --store none.sqlite --out out": "out/mine",
    "sensitivity town.toml --method chance --n 2 --out out": "out/mine",
    "sensitivity town.toml --n 2 --problem mine.json": "mine.json",
    "calibrate town.toml --out out": "out/mine",
    "validate --quick --out out": "out/mine",
    "preset groff --out out": "out/mine",
    "design plan good.toml --out out": "out/mine",
    "design run good.toml --out out": "out/good/mine",
    "design search search.toml --out out": "out/search.json",
    "design new mine.toml --yes": "mine.toml",
    "estimate counts.csv --design good.toml --out out": "out/mine",
    "batch town.toml --export csv --out out": "out/csv/mine",
    "batch plan town.toml --shards 2 --out out": "out/mine",
    "city new out": "out/mine",
    "city map town --out map.png": "map.png",
    "report folder": "folder/report.html",
    "report folder --out page.html": "page.xlsx",
    "replay folder --out page.html": "page.html",
    f"bundle --root {SCENARIOS.parent} --out mine.zip": "mine.zip",
    "demo --out out": "out/patrol.toml",
}


def call(monkeypatch, line: str) -> int:
    monkeypatch.setattr(sys, "argv", ["odssim", *line.split()])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working folder with inputs, in which nothing may be simulated."""
    write_study(tmp_path, MIXES + WORLDS.format(n=3))
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "search.toml").write_text(GOOD + SEARCH, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for module in [m for name, m in sys.modules.items() if name.startswith("odssim.") and hasattr(m, "run_scenario")]:
        monkeypatch.setattr(module, "run_scenario", lambda *_, **__: pytest.fail("the work began"))
    assert engine.run_scenario.__name__ == "<lambda>"
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_of_the_users_is_refused_before_the_work(command, place, monkeypatch, capsys):
    if command.startswith("city new"):
        (place / "out").mkdir()
    mine = place / COMMANDS[command]
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine", encoding="utf-8")
    before = tree(place)
    if command.startswith("city map"):
        assert call(monkeypatch, "city new town") == 0
        before = tree(place)
        capsys.readouterr()
    assert call(monkeypatch, command) == 2
    out, err = capsys.readouterr()
    assert out == ""
    last = err.strip().splitlines()[-1]
    assert mine.name in last or "exists already" in last
    assert tree(place) == before


def test_what_was_derived_goes_with_the_old_results_and_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = f"run {TOWN} --days 2 --set burn_in_days=0 --set population_multiplier=0.3 --out out"
    assert call(monkeypatch, f"{command} --ledger") == 0
    files.write_files({Path("out/report.html"): b"page", Path("out/report.xlsx"): b"book"})
    capsys.readouterr()
    assert call(monkeypatch, command) == 0
    assert "went with the earlier results in out: ledger.parquet, report.html, report.xlsx" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("out", [".", "..", ""])
def test_the_folder_that_one_stands_in_is_never_replaced(out, place, monkeypatch, capsys):
    before = tree(place)
    monkeypatch.setattr(sys, "argv", ["odssim", "run", TOWN, "--out", out])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "is the current folder, the home folder or one above them" in capsys.readouterr().err
    assert tree(place) == before


def test_what_is_kept_beside_a_validation_is_never_a_file_of_the_users(place, monkeypatch, capsys):
    (place / ".out.seeds.jsonl").write_text("mine\n", encoding="utf-8")
    assert call(monkeypatch, "validate --quick --out out") == 2
    assert ".out.seeds.jsonl: holds no finished seeds of odssim" in capsys.readouterr().err
    assert (place / ".out.seeds.jsonl").read_text(encoding="utf-8") == "mine\n"


def test_a_disk_that_is_full_elsewhere_is_one_line_too(monkeypatch, capsys):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/scratch/x")

    monkeypatch.setattr(simulate, "read_scenario", full)
    assert call(monkeypatch, "run x.toml") == 2
    assert capsys.readouterr().err == "/scratch/x: cannot be read or written (No space left on device)\n"


def test_what_is_said_of_the_cache_is_said_by_the_command_that_met_it(tmp_path, monkeypatch, capsys):
    def meet(*_: object) -> None:
        folders.note_damaged(tmp_path / "one.past")
        folders.note_damaged(tmp_path / "two.past")
        raise OdssimError("no")

    folders.note_unwritable("earlier")
    monkeypatch.setattr(simulate, "read_scenario", meet)
    assert call(monkeypatch, "run x.toml") == 2
    said = f"{tmp_path / 'one.past'}: was damaged, or of another version; it is made anew"
    assert capsys.readouterr().err == f"no\n{said}\n"


def test_a_second_command_waits_for_nobody_and_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with files.claimed(tmp_path / "out"):
        monkeypatch.setattr(files, "_held", {})  # as another process sees it
        assert call(monkeypatch, f"run {TOWN} --out out") == 2
    assert "another odssim is writing it" in capsys.readouterr().err


@pytest.mark.parametrize("words", [
    ("run", "town/scenario.toml", "--days", "1", "--set", "burn_in_days=0", "--out", "town"),
    ("design", "plan", "made/plan.toml", "--out", "made"),
    ("compare", "town/scenario.toml", "town/scenario.toml", "--seeds", "2", "--out", "town"),
])  # fmt: skip
def test_a_folder_that_holds_what_the_command_reads_is_never_replaced(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for first in (("city", "new", "town"), ("design", "new", "made/plan.toml", "--yes")):
        ended(first, monkeypatch)
    before = sorted(tmp_path.rglob("*"))
    assert ended(words, monkeypatch) == 2
    assert sorted(tmp_path.rglob("*")) == before
    assert "name another" in capsys.readouterr().err


def ended(words, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["odssim", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code or 0
