"""Every file that odssim reads back, damaged in every way: the right answer or one clear line for it, and no file lost.

A fixed small budget here; ``make fuzz ARGS="--examples 300 --seed 7"`` for more, with other luck.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fuzz.damage import damages
from odssim.errors import MOST_FAULTS
from report.folders import call, town_comparison, town_run, tried_designs
from study.town import MIXES, Inline, write_study

EXAMPLES, LUCK = int(os.environ.get("FUZZ_EXAMPLES", "12")), random.Random(os.environ.get("FUZZ_SEED", "0"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told(capfd: pytest.CaptureFixture[str], *command: str) -> tuple[int, str, str]:
    """Return exit code, output and messages of a command; refusals are few plain lines."""
    code = call(*command)
    out, err = capfd.readouterr()
    lines = [line for line in err.split("\n") if line]
    assert "Traceback" not in err
    assert all(line.isprintable() for line in lines), lines
    assert code in (0, 1, 2), err
    if code == 2:
        assert 1 <= len(lines) <= MOST_FAULTS, err
    return code, out, err


RUN = "run.json summary.json outcomes.parquet indicators.parquet"
RESULTS = {
    "report run": (town_run, RUN, ("report", "{}", "--out", "{}/p.html")),
    "replay run": (town_run, RUN, ("replay", "{}", "--out", "{}/p.html")),
    "scenes run": (town_run, "run.json outcomes.parquet indicators.parquet", ("scenes", "{}")),
    "report comparison": (town_comparison, "comparison.json places.parquet", ("report", "{}", "--out", "{}/p.html")),
    "report designs": (tried_designs, "search.json", ("report", "{}", "--out", "{}/p.html")),
    "report design": (
        lambda: min(path.parent for path in tried_designs().glob("*/result.json")),
        "result.json",
        ("report", "{}", "--out", "{}/p.html"),
    ),
}
"""By name: a folder, the files in it that the command reads, the command."""


@pytest.mark.parametrize("name", RESULTS)
def test_a_damaged_file_of_results_is_named_and_nothing_is_written(name, tmp_path, capfd):
    made, read, command = RESULTS[name]
    whole, folder = contents(made()), tmp_path / "out"
    folder.mkdir()
    for file in read.split():
        others = [content for other, content in whole.items() if other != file]
        for how, damaged in damages(whole[file], others, LUCK, EXAMPLES // 4).items():
            shutil.rmtree(folder)
            shutil.copytree(made(), folder)
            (folder / file).write_bytes(damaged)
            code, _, err = told(capfd, *(part.replace("{}", str(folder)) for part in command))
            assert code == 2, (file, how)
            assert file in err, (file, how, err)
            assert contents(folder) == whole | {file: damaged}, (file, how)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    from odssim.studies.study import load_study, run_study

    folder = tmp_path_factory.mktemp("store")
    file = write_study(folder, MIXES)
    run_study(load_study(file), folder / "s.sqlite", executor=Inline(), workers=1)
    with closing(sqlite3.connect(folder / "s.sqlite")) as db:
        db.execute("VACUUM")
    return file, folder / "s.sqlite"


READERS = {
    "compare": ("compare", "--store", "{}/s.sqlite", "--json"),
    "report": ("report", "{study}", "--store", "{}/s.sqlite", "--out", "{}/p.html"),
    "batch": ("batch", "{study}", "--store", "{}/s.sqlite", "--export", "csv", "--out", "{}/t", "--workers", "1"),
    "dry run": ("batch", "{study}", "--store", "{}/s.sqlite", "--dry-run"),
}


def test_a_store_whose_own_fault_cannot_be_read_is_named(store, tmp_path, capfd):
    """SQLite quotes what it does not understand, whatever the bytes."""
    whole = store[1].read_bytes()
    assert b"CREATE TABLE" in whole
    (tmp_path / "s.sqlite").write_bytes(whole.replace(b"CREATE TABLE", b"CREA\xe5E TABLE"))
    code, _, err = told(capfd, "compare", "--store", str(tmp_path / "s.sqlite"))
    assert code == 2
    assert "s.sqlite: is not a store of odssim" in err


@pytest.mark.parametrize("name", READERS)
def test_a_damaged_store_gives_the_right_answer_or_is_named(name, store, tmp_path, capfd):
    file, whole = store[0], store[1].read_bytes()

    def use(content: bytes) -> tuple[int, str, dict[str, bytes], str]:
        shutil.rmtree(tmp_path / "x", ignore_errors=True)
        (tmp_path / "x").mkdir()
        (tmp_path / "x" / "s.sqlite").write_bytes(content)
        filled = (part.replace("{}", str(tmp_path / "x")).replace("{study}", str(file)) for part in READERS[name])
        code, out, err = told(capfd, *filled)
        tables = {key: data for key, data in contents(tmp_path / "x").items() if not key.startswith("s.sqlite")}
        return code, out if name == "compare" else "", tables, err

    right = use(whole)
    assert right[0] == 0
    n_flips = EXAMPLES // 2 if name in ("compare", "batch") else 2
    for how, damaged in damages(whole, [file.read_bytes()], LUCK, n_flips).items():
        found = use(damaged)
        if found[0] == 2:
            assert "s.sqlite" in found[3], (how, found[3])
            assert not found[2], how
            assert name == "batch" or (tmp_path / "x" / "s.sqlite").read_bytes() == damaged, how
        else:
            assert found[:3] == right[:3], how
