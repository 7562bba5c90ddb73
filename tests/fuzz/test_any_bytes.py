"""Any bytes in: exit code 0 or 2, no traceback, at most twenty lines that a terminal does not obey.

A fixed small budget here; ``make fuzz ARGS="--examples 500 --seed 7"`` for more, with another seed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from fuzz.mutate import any_bytes
from fuzz.targets import Target, run_targets, shard_targets, targets
from odssim.errors import MOST_FAULTS
from report.folders import call, town_run

EXAMPLES, SEED = int(os.environ.get("FUZZ_EXAMPLES", "12")), os.environ.get("FUZZ_SEED")
TARGETS = targets()
RESULTS = ("scenes run.json", "scenes outcomes.parquet", "report run.json", "report summary.json", "replay run.json")
SLOW = 2 if EXAMPLES < 50 else EXAMPLES // 10
"""Examples of what takes seconds each."""


def budget(n: int) -> settings:
    return settings(
        max_examples=n, derandomize=SEED is None, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )


def check(target: Target, content: bytes, folder: Path, capfd: pytest.CaptureFixture[str]) -> int:
    """Give a command changed files and return its exit code, which must be 0 or 2, with few plain lines."""
    for name, data in {**target.files, target.changed: content}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    before = os.getcwd()
    os.chdir(folder)
    try:
        code = call(*target.command)
    finally:
        os.chdir(before)
    told = capfd.readouterr()
    assert code in (0, 2), told.err
    assert "Traceback" not in told.err
    lines = told.err.split("\n")
    assert all(line.isprintable() for line in lines), lines
    if code == 2:
        assert 1 <= len([line for line in lines if line]) <= MOST_FAULTS
    return code


@pytest.fixture
def folder(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")
    return tmp_path


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes(name, folder, capfd):
    target = TARGETS[name]

    @seed(int(SEED or 0))
    @budget(EXAMPLES)
    @given(any_bytes(target.files[target.changed]))
    def run(content: bytes) -> None:
        check(target, content, folder, capfd)

    run()


@pytest.mark.parametrize("name", TARGETS)
def test_the_files_are_valid_before_they_are_changed(name, folder, capfd):
    target = TARGETS[name]
    assert check(target, target.files[target.changed], folder, capfd) == 0


@pytest.mark.parametrize("name", RESULTS)
def test_any_bytes_in_results(name, folder, capfd):
    target = run_targets(town_run)[name]

    @seed(int(SEED or 0))
    @budget(SLOW)
    @given(any_bytes(target.files[target.changed]))
    def run(content: bytes) -> None:
        check(target, content, folder, capfd)

    run()


@pytest.mark.parametrize("name", ["plan.json", "shard-0001.json"])
def test_any_json_in_a_plan_of_shards(name, folder, capfd, tmp_path_factory):
    """Other JSON than a plan of shards, and bytes cut off: never taken."""
    target = shard_targets(tmp_path_factory.mktemp("planned"))[name]
    data = target.files[target.changed]
    for content in (b"5", b"[2]", b"[[2]]", b'{"study": 2, "model": []}', b'{"model": "M"}', b"{}", b"null", data[:-9]):
        assert check(target, content, folder, capfd) == 2


WORDS = st.sampled_from([
    "", " ", "\0", "a\0b", "\x1b[31m", "\udcff", "x" * 300, "x" * 5000, "../..", "pipe", "circle", "/dev/zero", "nan",
    "-1", "1e999", "9" * 5000, "[" * 5000, "a.b=1", "=", "=1", "a=", "seed=", "days=1e400", 'name="a\nb"', "city=[1]",
    "name='''", 'parameters."=1', "interventions.patrol=1", "interventions.patrol.weeks=[", "start_date=9999-12-31",
    "\u202eabc", "--", "-x",
])  # fmt: skip
COMMANDS = tuple(
    tuple(line.split())
    for line in """\
{}
show {}
show scenario.toml --set {}
show scenario.toml --seed {}
show scenario.toml --days {}
show scenario.toml --language {}
run {}
compare {} scenario.toml
city check {}
batch plan {} --shards 2 --out o
batch plan study.toml --shards {} --out o
batch work {} 1
batch merge {} --store s.sqlite
sensitivity {}
calibrate {}
design check {}
estimate {} --design design.toml
estimate counts.csv --design {}
report {}
replay {}
scenes {}
catalogue {}
where {}
preset {}
""".splitlines()
)
"""Commands in which any word stands for `{}`."""


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_any_argument(command, folder, capfd):
    files = {**TARGETS["study"].files, **TARGETS["counts"].files}

    @seed(int(SEED or 0))
    @budget(max(EXAMPLES, 12))
    @given(WORDS)
    def run(word: str) -> None:
        filled = tuple(part.replace("{}", word) for part in command)
        check(Target(files, "scenario.toml", filled), files["scenario.toml"], folder, capfd)

    run()


if __name__ == "__main__":
    os.environ |= {"FUZZ_EXAMPLES": "200", "FUZZ_SEED": "1"}
    given_ = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    os.environ |= {f"FUZZ_{key.lstrip('-').upper()}": value for key, value in given_.items()}
    raise SystemExit(pytest.main([__file__, str(Path(__file__).with_name("test_read_back.py")), "-n0", "-q"]))
