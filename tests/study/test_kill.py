"""A batch that is killed, or interrupted, loses no finished run, and the same command goes on."""

import os
import signal
import sys
import time

import pytest

from study.kills import check, done_keys, killed_often
from study.town import MIXES, WORLDS, batch, kill, started, workers_of, write_study

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


def test_random_kills_of_parent_and_workers_lose_and_double_nothing(tmp_path):
    file, store, made = killed_often(tmp_path, 3, n_worlds=40, seed=3)
    assert made >= 2
    assert check(file, store, tmp_path) == 160


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition, seconds=600):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_ctrl_c_ends_with_130_says_how_to_go_on_and_leaves_no_worker(tmp_path):
    file = write_study(tmp_path, MIXES + WORLDS.format(n=300))
    command = started(file, "--store", "s.sqlite", folder=tmp_path)
    wait_for(lambda: done_keys(tmp_path / "s.sqlite"))
    workers = workers_of(command.pid)
    assert workers
    os.killpg(command.pid, signal.SIGINT)  # a terminal sends it to the whole group
    stdout, stderr = command.communicate(timeout=600)
    assert (command.returncode, stdout) == (130, "")
    *told, line = stderr.splitlines()
    assert all("runs, about" in text for text in told), "progress of a slow machine, nothing else"
    assert "every finished run is stored" in line
    assert f"odssim batch {file} --store s.sqlite" in line
    wait_for(lambda: not any(map(is_alive, workers)))
    before = len(done_keys(tmp_path / "s.sqlite"))
    assert 0 < before < 1200
    to_do = batch(file, "--store", "s.sqlite", "--dry-run", folder=tmp_path).stdout
    assert f"1200 runs, {1200 - before} to do" in to_do


def test_workers_end_when_their_parent_is_killed(tmp_path):
    file = write_study(tmp_path, MIXES + WORLDS.format(n=300))
    command = started(file, "--store", "s.sqlite", folder=tmp_path)
    wait_for(lambda: done_keys(tmp_path / "s.sqlite"))
    workers = workers_of(command.pid)
    assert workers
    command.kill()
    command.wait()
    try:
        wait_for(lambda: not any(map(is_alive, workers)))
    finally:
        for pid in workers:
            kill(pid)
