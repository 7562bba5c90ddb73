"""A study in shards gives the store that one batch gives, and a shard that was cut short goes on."""

import json
import os
import subprocess
import sys

import pytest

from odssim.errors import ScenarioError
from odssim.studies.study import load_study, run_study
from odssim.studies.study import shards as shards_module
from odssim.studies.study.export import export
from odssim.studies.study.shards import ShardError, merge, plan_shards, work_on
from study.town import MIXES, WORLDS, Inline, batch, write_study


@pytest.fixture
def file(tmp_path):
    return write_study(tmp_path, MIXES + WORLDS.format(n=3), replicates=1)


def parquet(store, study, folder):
    export(store, study, folder, ["parquet"])
    return {path.name: path.read_bytes() for path in sorted((folder / "parquet").iterdir())}


def test_shards_merged_are_the_batch_byte_for_byte(file, tmp_path):
    out = tmp_path / "shards"
    assert sum(plan_shards(file, 3, out)) == 6
    for i in (3, 1, 2):
        assert work_on(out, i, executor=Inline()).n_new == 2
    summary = merge(out, tmp_path / "merged.sqlite")
    assert (summary.n_done, summary.n_failed, summary.n_missing) == (6, 0, 0)
    study = load_study(file)
    run_study(study, tmp_path / "batch.sqlite", executor=Inline(), workers=1)
    merged = parquet(tmp_path / "merged.sqlite", study, tmp_path / "a")
    assert merged == parquet(tmp_path / "batch.sqlite", study, tmp_path / "b")
    assert work_on(out, 1).n_new == 0
    assert merge(out, tmp_path / "merged.sqlite").n_done == 6


def test_every_run_is_in_one_shard_and_those_of_one_past_stay_together(file, tmp_path):
    plan_shards(file, 2, tmp_path / "s")
    keys = [json.loads((tmp_path / "s" / f"shard-000{i}.json").read_text()) for i in (1, 2)]
    assert sorted(map(len, keys)) == [2, 4]
    assert len({key for shard in keys for key in shard}) == 6


def test_a_missing_shard_is_told_and_gives_exit_code_1(file, tmp_path):
    plan_shards(file, 3, tmp_path / "s")
    work_on(tmp_path / "s", 2, executor=Inline())
    done = batch("merge", "s", "--store", "m.sqlite", folder=tmp_path, expect=1)
    assert "2 of 6 runs done (0 now), 0 failed, 4 missing" in done.stdout


def test_the_slurm_script_works_on_the_shard_of_its_task(file, tmp_path):
    plan_shards(file, 3, tmp_path / "s")
    script = (tmp_path / "s" / "array.sh").read_text()
    assert "#SBATCH --array=1-3\n" in script
    command = tmp_path / "bin" / "odssim"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m odssim "$@"\n')
    command.chmod(0o755)
    env = {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}", "SLURM_ARRAY_TASK_ID": "2"}
    done = subprocess.run(["bash", "array.sh"], cwd=tmp_path / "s", env=env, capture_output=True, text=True, check=True)
    assert "shard 2: 2 runs done now, 0 failed in all" in done.stderr
    assert (tmp_path / "s" / "shard-0002.sqlite").is_file()


def test_a_plan_that_does_not_fit_any_more_is_refused(file, tmp_path, monkeypatch):
    out = tmp_path / "s"
    plan_shards(file, 2, out)
    text = file.read_text()
    file.write_text(text.replace("low = 0.1", "low = 0.2"))
    with pytest.raises(ShardError, match="the study has changed"):
        work_on(out, 1)
    file.write_text(text)
    with pytest.raises(ScenarioError, match=r"shard-0007\.json: cannot be read .*; odssim batch plan STUDY"):
        work_on(out, 7)
    monkeypatch.setattr(shards_module, "program_hash", lambda: "another")
    with pytest.raises(ShardError, match="odssim has changed"):
        work_on(out, 1)


def test_more_shards_than_runs_are_refused(file, tmp_path):
    done = batch("plan", file, "--shards", "50", "--out", "s", folder=tmp_path, expect=2)
    assert done.stderr.strip() == "--shards = 50: must be at most 6 for this study"
    assert not (tmp_path / "s").exists()


def test_the_same_plan_again_keeps_what_its_shards_have_done(file, tmp_path):
    out = tmp_path / "s"
    sizes = plan_shards(file, 3, out)
    work_on(out, 1, executor=Inline())
    (out / "array.sh").write_text("my own account and partition")
    (out / "odssim-1_1.log").touch()
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert plan_shards(file, 3, out) == sizes
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    done = batch("plan", file, "--shards", "3", "--out", "s", folder=tmp_path)
    assert "6 runs in 3 shards" in done.stdout
    done = batch("plan", file, "--shards", "2", "--out", "s", folder=tmp_path, expect=2)
    assert "--out = 's': holds 'array.sh', which odssim did not write, or which was changed since" in done.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_another_plan_replaces_one_whose_shards_have_not_begun_only(file, tmp_path):
    out = tmp_path / "s"
    plan_shards(file, 3, out)
    plan_shards(file, 2, out)
    assert not (out / "shard-0003.json").exists()
    work_on(out, 2, executor=Inline())
    with pytest.raises(ScenarioError, match=r"holds 'shard-0002\.sqlite'"):
        plan_shards(file, 3, out)
    assert work_on(out, 2).n_new == 0


DAMAGES = [
    ("plan.json", '{"study": "town.toml"}', "plan.json: must name a study and a model; odssim batch plan"),
    ("plan.json", '{"study": 4, "model": "x"}', "plan.json: must name a study and a model"),
    ("plan.json", "[3]", "plan.json: must name a study and a model"),
    ("plan.json", '{"study":\n', "plan.json:2: is not valid JSON: Expecting value at column 1"),
    ("shard-0001.json", "7", "shard-0001.json: must hold a list of keys of runs; odssim batch plan"),
    ("shard-0001.json", "[[2]]", "shard-0001.json: must hold a list of keys of runs"),
]


@pytest.mark.parametrize(("name", "text", "line"), DAMAGES)
def test_a_damaged_plan_or_shard_is_told_in_one_line(name, text, line, file, tmp_path):
    plan_shards(file, 2, tmp_path / "s")
    (tmp_path / "s" / name).write_text(text)
    with pytest.raises(ScenarioError) as told:
        work_on(tmp_path / "s", 1)
    assert str(told.value).startswith(f"{tmp_path / 's'}/{line}")
    if name == "plan.json":
        with pytest.raises(ScenarioError) as told:
            merge(tmp_path / "s", tmp_path / "m.sqlite")
        assert line in str(told.value)
        assert not (tmp_path / "m.sqlite").exists()
