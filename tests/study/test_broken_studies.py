"""Every way to get a study wrong that we could think of, with the exact line that it must answer with.

``broken/NNN_name.toml`` is the study, ``broken/NNN_name.txt`` the message; ``{file}`` stands for its path and
``{folder}`` for the folder of the cases.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from odssim.errors import OdssimError
from odssim.studies.study import load_study, run_study, runs_table
from odssim.studies.study import store as store_module
from odssim.studies.study.store import StoreError, open_store, transaction
from study.town import MIXES, WORLDS, Inline, batch, write_study

FOLDER = Path(__file__).parent / "broken"
CASES = sorted(FOLDER.glob("[0-9]*.toml"))
THROUGH_THE_COMMAND_LINE = ("unknown_parameter", "mix_option_out_of_range", "table_bad_cell")


def expected(case: Path) -> str:
    text = case.with_suffix(".txt").read_text(encoding="utf-8")
    return text.replace("{file}", str(case)).replace("{folder}", str(FOLDER)).rstrip("\n")


def test_there_are_cases_and_each_has_its_message():
    assert len(CASES) >= 51
    assert {case.stem for case in CASES} == {text.stem for text in FOLDER.glob("*.txt")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_message(case):
    with pytest.raises(OdssimError) as caught:
        load_study(case)
    assert str(caught.value) == expected(case)
    assert str(caught.value).isprintable(), "a message is one line"


@pytest.mark.parametrize("name", THROUGH_THE_COMMAND_LINE)
def test_the_command_answers_with_that_line_and_writes_nothing(name, tmp_path):
    case = next(case for case in CASES if case.stem[4:] == name)
    done = batch(case, "--export", "csv", folder=tmp_path, expect=2)
    assert (done.stdout, done.stderr.strip()) == ("", expected(case))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--export", "excell"], "--export = 'excell': no such format; did you mean 'excel'?"),
        (["--engine", "dusk"], "--engine = 'dusk': no such engine; did you mean 'dask'?"),
        (["--scheduler", "tcp://x"], "--scheduler = 'tcp://x': is used only with --engine dask"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_run(options, message, tmp_path):
    done = batch("study.toml", *options, folder=tmp_path, expect=2)
    assert done.stderr.strip() == message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("store", "message"),
    [
        ("text.sqlite", "text.sqlite: is not a store of odssim (file is not a database)"),
        ("newer.sqlite", "newer.sqlite: is not a store of odssim (format 9, this version reads 4; name a new file)"),
        ("other.sqlite", "other.sqlite: is not a store of odssim (it holds tables of something else)"),
        (".", ".: cannot be opened or written (unable to open database file); what is stored is kept"),
        ("text.sqlite/s.sqlite", "text.sqlite/s.sqlite: its folder cannot be made (File exists)"),
    ],
)
def test_a_store_that_is_none_is_one_line_and_left_as_it_is(store, message, tmp_path, monkeypatch):
    (tmp_path / "text.sqlite").write_text("hello")
    for name, statement in (("newer", "PRAGMA user_version = 9"), ("other", "CREATE TABLE mine (a)")):
        with closing(sqlite3.connect(tmp_path / f"{name}.sqlite")) as db:
            db.execute(statement)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError) as caught, open_store(Path(store), create=True):
        pass
    assert str(caught.value) == message
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_store_that_another_batch_holds_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "BUSY_S", 0.1)
    file = tmp_path / "s.sqlite"
    with open_store(file, create=True) as mine, transaction(mine):
        locked = pytest.raises(StoreError, match=r"cannot be opened or written \(database is locked\)")
        with locked, open_store(file) as theirs, transaction(theirs):
            pass


def test_a_finished_store_is_read_and_gone_on_with_without_write_right(tmp_path, monkeypatch):
    study = load_study(write_study(tmp_path, MIXES + WORLDS.format(n=2), replicates=1))
    (tmp_path / "kept").mkdir()
    store = tmp_path / "kept" / "50% #1?.sqlite"
    run_study(study, store, executor=Inline(), workers=1)
    whole = runs_table(store, study)
    before = {path.name: path.read_bytes() for path in store.parent.iterdir()}
    monkeypatch.setattr(store_module, "may_write", lambda path: path.parent.name != "kept")
    assert runs_table(store, study).equals(whole)
    assert run_study(study, store, executor=Inline(), workers=1).n_new == 0
    with open_store(tmp_path / "merged.sqlite", create=True) as db:
        store_module.merge_into(db, store)
        assert db.execute("SELECT COUNT(*) FROM runs").fetchone() == (len(whole),)
    with pytest.raises(StoreError, match="readonly database"):
        run_study(replace(study, name="another"), store, executor=Inline(), workers=1)
    assert {path.name: path.read_bytes() for path in store.parent.iterdir()} == before


def test_a_store_cut_in_two_is_one_line(tmp_path):
    store = tmp_path / "s.sqlite"
    study = load_study(write_study(tmp_path, MIXES + WORLDS.format(n=2), replicates=1))
    run_study(study, store, executor=Inline(), workers=1)
    whole = store.read_bytes()
    for size, words in ((20_000, "malformed"), (len(whole) - 4096, "malformed|is damaged")):
        store.write_bytes(whole[:size])
        with pytest.raises(StoreError, match=words), open_store(store) as db:
            db.execute("SELECT * FROM run_days, run_places, jobs").fetchall()
