"""A batch: what it gives is what single runs give; it resumes, shares, isolates failures and depends on no worker."""

import json
import re
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from odssim.engine import key as key_module
from odssim.engine.run import run_scenario
from odssim.errors import EngineError, OdssimError
from odssim.studies.study import Mix, World, days_table, load_study, places_table, run_study, runs_table
from odssim.studies.study import batch as batch_module
from odssim.studies.study import store as store_module
from odssim.studies.study import work as work_module
from odssim.studies.study.choice import choose
from odssim.studies.study.export import export
from odssim.studies.study.jobs import Plan
from odssim.studies.study.store import StoreError, count_status, merge_into, open_store
from odssim.studies.study.work import DAY_OUTCOMES, ChangedError
from study.town import MIXES, WORLDS, Inline, batch, write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return load_study(write_study(tmp_path_factory.mktemp("study"), MIXES + WORLDS.format(n=2), period="window"))


@pytest.fixture(scope="module")
def store(study, tmp_path_factory):
    file = tmp_path_factory.mktemp("store") / "town.sqlite"
    summary = run_study(study, file, executor=Inline(), workers=1)
    assert (summary.n_runs, summary.n_new, summary.n_done, summary.n_failed) == (8, 8, 8, 0)
    return file


def test_a_call_counts_what_it_has_stored_and_not_what_another_was_first_with(study, tmp_path, monkeypatch):
    file = tmp_path / "shared.sqlite"
    dispatch = batch_module._dispatch

    def second(*given):
        monkeypatch.setattr(batch_module, "_dispatch", dispatch)
        assert run_study(study, file, executor=Inline(), workers=1, only=sorted(Plan(study).by_key)[:3]).n_new == 3
        dispatch(*given)

    monkeypatch.setattr(batch_module, "_dispatch", second)
    found = run_study(study, file, executor=Inline(), workers=1)
    assert (found.n_new, found.n_done, found.n_missing) == (5, 8, 0)


def store_of(store, folder):
    """Return a copy of a store."""
    return shutil.copy(store, folder / "s.sqlite")


def test_every_run_is_the_run_of_its_scenario_alone(study, store):
    plan = Plan(study)
    days, places, runs = days_table(store, study), places_table(store, study), runs_table(store, study)
    for job in plan.jobs:
        alone = run_scenario(plan.task(job).scenario)
        mine = days[(days["key"] == job.key)]
        for outcome in DAY_OUTCOMES:
            np.testing.assert_array_equal(mine[outcome], alone.city_series[outcome], outcome)
        here = places[places["key"] == job.key].set_index("place")
        for outcome in ("open_deals", "police_min", "nuisance", "turnover_sek"):
            total = pd.Series(alone.place_totals[outcome], alone.city.place_name)
            np.testing.assert_allclose(here[outcome], total[here.index], rtol=1e-12)
            assert here[outcome].sum() == pytest.approx(total.sum())
        row = runs[runs["key"] == job.key].iloc[0]
        assert row["open_deals"] == pytest.approx(alone.city_series["open_deals"].mean())
        assert row["p.detection.conceal"] == plan.worlds[job.world].parameters["detection.conceal"]


def test_the_mixes_differ_and_share_the_luck_of_their_replicate(store):
    runs = runs_table(store).set_index(["world", "replicate", "mix"]).sort_index()
    assert runs["seed"].nunique() == 2
    assert set(runs["seed"].unstack("mix").nunique(axis=1)) == {1}
    visits = runs["visits"].unstack("mix")
    assert (visits["patrol"] > visits["baseline"]).all()
    days = days_table(store)
    before = days[pd.to_datetime(days["day"]) < "2018-01-05"].set_index(["world", "replicate", "day", "mix"])
    pairs = before["open_deals"].unstack("mix")
    assert (pairs["baseline"] == pairs["patrol"]).all()


def test_a_window_and_periods_are_those_of_the_study(study, store, tmp_path):
    first, last = pd.Timestamp("2018-01-03").date(), pd.Timestamp("2018-01-11").date()
    other = replace(study, name="Window", window=(first, last), period_days=7, place_days=True)
    again = store_of(store, tmp_path)
    run_study(other, again, executor=Inline(), workers=1)
    days, runs = days_table(again, other), runs_table(again, other)
    inside = days[(days["day"] >= first) & (days["day"] <= last)]
    means = inside.groupby("key")["grams"].mean()
    np.testing.assert_allclose(runs.set_index("key")["grams"], means, rtol=1e-12)
    places = places_table(again, other)
    assert set(zip(places["first_day"].astype(str), places["n_days"], strict=True)) == {("2018-01-03", 7), ("2018-01-10", 2)}
    assert places.groupby("key")["open_deals"].sum().to_dict() == pytest.approx(
        inside.groupby("key")["open_deals"].sum().to_dict()
    )
    pd.testing.assert_frame_equal(places_table(again, study), places_table(store, study))
    with sqlite3.connect(again) as db:
        by_day = db.execute("SELECT SUM(open_deals) FROM run_place_days").fetchone()[0]
    assert by_day == inside["open_deals"].sum()


def test_the_same_call_again_does_nothing_and_more_replicates_only_what_is_new(study, store, tmp_path):
    again = store_of(store, tmp_path)
    assert run_study(study, again, executor=Inline(), workers=1).n_new == 0
    assert run_study(replace(study, n_replicates=3), again, executor=Inline(), workers=1).n_new == 4


def test_another_study_in_the_store_shares_the_runs_it_has_in_common(study, store, tmp_path):
    again = store_of(store, tmp_path)
    other = replace(study, name="Other", worlds=(study.worlds[1], World("base")), mixes=study.mixes[:1])
    assert run_study(other, again, executor=Inline(), workers=1).n_new == 2
    both = runs_table(again)
    assert both["key"].duplicated().sum() == 2
    assert len(runs_table(again, "Other")) == 4
    assert set(runs_table(again, study)["key"]) == set(runs_table(store)["key"])


def test_keys_depend_on_content_alone(study, monkeypatch):
    def keys(changed):
        return {(job.world, job.mix, job.replicate): job.key for job in Plan(changed).jobs}

    first = keys(study)
    turned = replace(study, name="New name", worlds=study.worlds[::-1], mixes=study.mixes[::-1])
    assert keys(turned) == first
    assert len(set(first.values())) == 8
    value = dict(study.worlds[0].parameters)
    default = Plan(study).resolved[(), "baseline"].parameters["detection.stash_share"]
    spelt_out = World("w1", {**value, "detection.stash_share": default})
    assert keys(replace(study, worlds=(spelt_out,))).items() <= first.items()
    assert not set(keys(replace(study, seed=2)).values()) & set(first.values())
    renamed = replace(study, worlds=(World("renamed", value),), mixes=(replace(study.mixes[0], id="none"),))
    assert set(keys(renamed).values()) == {first["w1", "baseline", 1], first["w1", "baseline", 2]}
    warmer = replace(study, worlds=(World("w1", {**value, "detection.conceal": 0.5}),))
    assert not set(keys(warmer).values()) & set(first.values())
    monkeypatch.setattr(key_module, "program_hash", lambda *_: "another model")
    assert not set(keys(study).values()) & set(first.values())


def test_a_batch_does_not_go_on_with_another_program_or_other_files(study, tmp_path, monkeypatch):
    file = tmp_path / "changed.sqlite"
    with monkeypatch.context() as patch:
        patch.setattr(work_module, "run_key", lambda *_: "of other files")
        with pytest.raises(ChangedError, match="has changed since the batch began; run again"):
            run_study(study, file, executor=Inline(), workers=1)
    assert run_study(study, file, executor=Inline(), workers=1).n_new == study.n_runs


def sabotaged(monkeypatch, message):
    """Let every run of the second world's patrol fail."""
    branch = work_module._branch

    def fail(trunk, scenario, city):
        if scenario.interventions and scenario.parameters["detection.conceal"] == message[0]:
            raise EngineError(message[1])
        return branch(trunk, scenario, city)

    monkeypatch.setattr(work_module, "_branch", fail)


def test_a_run_that_fails_is_a_row_with_its_error_and_the_others_go_on(study, store, tmp_path, monkeypatch):
    file = tmp_path / "failing.sqlite"
    with monkeypatch.context() as patch:
        sabotaged(patch, (study.worlds[1].parameters["detection.conceal"], "the pool\nis exhausted"))
        summary = run_study(study, file, executor=Inline(), workers=1)
        assert (summary.n_done, summary.n_failed, summary.n_missing) == (6, 2, 0)
        runs = runs_table(file)
        failed = runs[runs["status"] == "failed"]
        assert set(zip(failed["world"], failed["mix"], strict=True)) == {("w2", "patrol")}
        assert set(failed["error"]) == {"EngineError: the pool is exhausted"}
        assert failed["open_deals"].isna().all()
        assert run_study(study, file, executor=Inline(), workers=1).n_new == 0
    assert run_study(study, file, executor=Inline(), workers=1, retry_failed=True).n_new == 2
    pd.testing.assert_frame_equal(runs_table(file), runs_table(store))


def test_a_past_that_fails_fails_all_its_runs_and_no_others(study, tmp_path, monkeypatch):
    bad = study.worlds[0].parameters["detection.conceal"]
    build = work_module.new_state

    def fail(scenario, city):
        if scenario.parameters["detection.conceal"] == bad:
            raise MemoryError("too large")
        return build(scenario, city)

    monkeypatch.setattr(work_module, "new_state", fail)
    summary = run_study(study, tmp_path / "s.sqlite", executor=Inline(), workers=1)
    assert (summary.n_done, summary.n_failed) == (4, 4)


def exported(store, study, folder):
    """Return the bytes of every exported file by name."""
    export(store, study, folder, ["parquet", "csv"])
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("n", [1, 2, 5])
def test_exports_are_the_same_bytes_for_any_number_of_workers(study, store, tmp_path, n):
    few = replace(study, worlds=study.worlds[:1])
    run_study(few, tmp_path / "w.sqlite", workers=n)
    run_study(few, store_of(store, tmp_path), workers=1)
    found, wanted = (exported(tmp_path / name, few, tmp_path / name[0]) for name in ("w.sqlite", "s.sqlite"))
    assert list(found) == list(wanted)
    assert len(found) == 10  # with what each folder's marker says
    assert {name for name in found if found[name] != wanted[name]} == set()


def test_any_executor_will_do(study, store, tmp_path):
    with ThreadPoolExecutor(2) as threads:
        run_study(study, tmp_path / "t.sqlite", executor=threads, workers=2)
    pd.testing.assert_frame_equal(runs_table(tmp_path / "t.sqlite"), runs_table(store))


def test_a_study_made_in_python_needs_no_file(study):
    made = replace(study, worlds=(World("base"),), mixes=(Mix("baseline", interventions=()),), origins={})
    assert len(Plan(made).jobs) == 2


def test_the_command_tells_what_it_will_do_then_does_it_and_exports(tmp_path):
    file = write_study(tmp_path, MIXES, period="window")
    told = batch(file, "--dry-run", folder=tmp_path).stdout
    assert "4 runs, 4 to do" in told
    assert "a probe run took" in told
    assert list(tmp_path.iterdir()) == [file]
    done = json.loads(batch(file, "--export", "csv", "--json", folder=tmp_path).stdout)
    assert (done["n_runs"], done["n_new"], done["n_failed"]) == (4, 4, 0)
    assert [row["mix"] for row in done["mixes"]] == ["baseline", "patrol"]
    assert (tmp_path / "results" / "town" / "csv" / "runs.csv").is_file()
    size_mb = (tmp_path / "results" / "town.sqlite").stat().st_size / 1e6
    assert float(re.search(r"([0-9.]+) MB", told)[1]) == pytest.approx(size_mb, rel=0.4)


def test_some_failed_is_exit_code_1_and_the_error_is_told(study, store, tmp_path):
    file = write_study(tmp_path, MIXES + WORLDS.format(n=2), period="window")
    shutil.copy(store, tmp_path / "s.sqlite")
    with sqlite3.connect(tmp_path / "s.sqlite") as db:
        key = db.execute("SELECT MIN(key) FROM runs").fetchone()[0]
        db.execute("UPDATE runs SET status = 'failed', error = 'EngineError: no room' WHERE key = ?", (key,))
        db.execute("DELETE FROM details WHERE key = ?", (key,))
        store_module._write_seal(db, "key", key)
    done = batch(file, "--store", "s.sqlite", folder=tmp_path, expect=1)
    assert "7 of 8 runs done (0 now), 1 failed" in done.stdout
    assert "EngineError: no room" in done.stderr


DAMAGES = {
    "all days": "DELETE FROM run_days", "the last days": "DELETE FROM run_days WHERE day > 4",
    "a day in the middle": "DELETE FROM run_days WHERE day = 4", "a place": "DELETE FROM run_places WHERE open_deals = 1",
    "whole runs": "DELETE FROM runs", "what is kept": "DELETE FROM details",
    "digests": "DELETE FROM seals WHERE kind = 'key'",
    "a value changed": "UPDATE run_days SET open_deals = open_deals + 1 WHERE day = 4",
    "a value of another kind": "UPDATE run_days SET open_deals = 'many' WHERE day = 4",
    "a day twice": "INSERT INTO run_days SELECT * FROM run_days WHERE day = 4",
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_run_that_is_not_as_it_was_written_is_refused_by_readers_and_done_again_by_a_batch(damage, study, store, tmp_path):
    file = store_of(store, tmp_path)
    with closing(sqlite3.connect(file)) as db, db:
        if damage == "a day twice":  # in a table without its primary key
            db.execute("ALTER TABLE run_days RENAME TO old")
            db.execute("CREATE TABLE run_days AS SELECT * FROM old")
            db.execute("DROP TABLE old")
        keys = [key for (key,) in db.execute("SELECT key FROM runs ORDER BY key")]
        db.execute(DAMAGES[damage])
    for use in (runs_table, days_table, places_table, choose, lambda s: merged(tmp_path, s)):
        with pytest.raises(OdssimError) as caught:
            use(file)
        told = str(caught.value).splitlines()
        assert told[0].startswith(f"{file}: run ")
        assert told[0].endswith(" has lost rows or was changed; odssim batch STUDY does it again")
        assert {line.split()[2] for line in told} <= set(keys)
    with open_store(file, create=True) as db:
        n_damaged = count_status(db, Plan(study))["missing"]
        assert n_damaged == len(told)
    summary = run_study(study, file, executor=Inline(), workers=1)
    assert (summary.n_new, summary.n_done, summary.n_missing) == (n_damaged, 8, 0)
    for table in (days_table, runs_table, places_table):
        pd.testing.assert_frame_equal(table(file), table(store))


def merged(folder, other):
    """Put a store into another one, whose runs stay what they are."""
    with open_store(folder / "m.sqlite", create=True) as db:
        merge_into(db, Path(other))


def test_a_merge_takes_the_whole_run_from_either_store(study, store, tmp_path):
    file = store_of(store, tmp_path)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE run_days SET open_deals = open_deals + 1 WHERE day = 4")
    with open_store(Path(file), create=True) as db:
        merge_into(db, store)
    pd.testing.assert_frame_equal(days_table(file), days_table(store))


@pytest.mark.parametrize("damage", [
    "UPDATE axes SET value = 0.5", "DELETE FROM jobs WHERE replicate = 1", "UPDATE studies SET first_day = 3",
    "DELETE FROM seals WHERE kind = 'study'",
])  # fmt: skip
def test_a_study_that_is_not_as_it_was_written_is_refused_and_written_again(damage, study, store, tmp_path):
    file = store_of(store, tmp_path)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(damage)
    with pytest.raises(StoreError, match=f"s.sqlite: study {study.name} has lost rows or was changed"):
        runs_table(file)
    assert run_study(study, file, executor=Inline(), workers=1).n_new == 0
    pd.testing.assert_frame_equal(runs_table(file), runs_table(store))


def test_a_file_of_the_same_number_that_is_no_store_stays_as_it_was(study, tmp_path):
    file = tmp_path / "diary.sqlite"
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE diary (day TEXT)")
        db.execute(f"PRAGMA user_version = {store_module.FORMAT}")
    before = file.read_bytes()
    for use in (lambda: run_study(study, file, executor=Inline()), lambda: runs_table(file)):
        with pytest.raises(StoreError, match=r"diary\.sqlite: is not a store of odssim \(it lacks tables or columns"):
            use()
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("change", ["DROP TABLE run_days", 'ALTER TABLE run_days DROP COLUMN "open_deals"'])
def test_a_store_without_a_table_or_column_is_named(change, study, store, tmp_path):
    file = store_of(store, tmp_path)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(change)
    for use in (lambda: run_study(study, file, executor=Inline()), lambda: runs_table(file)):
        with pytest.raises(StoreError, match=r"s\.sqlite: .*lacks tables or columns, run_days\."):
            use()


def test_a_fault_that_pandas_meets_names_the_store(store):
    with pytest.raises(StoreError, match=r"town\.sqlite: is damaged \(no such column: nowhere"), open_store(store) as db:
        pd.read_sql_query("SELECT nowhere FROM runs", db)
