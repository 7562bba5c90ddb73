"""Chunks: lost ones are done again, the run that kills its worker is found, and nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from odssim.studies.study.dispatch import Dispatcher, share
from odssim.studies.study.workers import BrokenEngineError, LocalWorkers
from study.town import Inline

LETHAL = "lethal"


def note(groups):
    """Do a chunk: note every run in a file, die on the lethal one."""
    for group in groups:
        for folder, run in group:
            if run == LETHAL:
                os.kill(os.getpid(), signal.SIGKILL)
            Path(folder, f"{run}-{time.monotonic_ns()}").touch()
    return [run for group in groups for _, run in group]


def dispatched(groups, executor, n_workers, work=note):
    done, lost = [], []
    dispatcher = Dispatcher(work, list, len, done.extend, lost.append)
    dispatcher.run(groups, executor, n_workers)
    return done, lost


def test_a_run_that_kills_its_worker_is_found_and_the_others_are_done_once(tmp_path):
    names = [[f"{g}.{i}" for i in range(2)] for g in range(2)]
    names[1][1] = LETHAL
    groups = [tuple((str(tmp_path), run) for run in group) for group in names]
    workers = LocalWorkers(2)
    done, lost = dispatched(groups, workers, 2)
    workers.shutdown()
    assert Counter(done) == Counter(run for group in names for run in group if run != LETHAL)
    assert [run for _, run in lost] == [LETHAL]


class Flaky(Inline):
    """Loses every other chunk, as a cluster does when it takes a worker away."""

    def __init__(self):
        self.n = 0

    def submit(self, fn, /, *args, **kwargs):
        self.n += 1
        if self.n % 2:
            return super().submit(lose)
        return super().submit(fn, *args, **kwargs)


def lose():
    raise RuntimeError("worker lost")


def test_what_a_foreign_engine_loses_is_done_again(tmp_path):
    groups = [((str(tmp_path), str(i)),) for i in range(9)]
    done, lost = dispatched(groups, Flaky(), 1)
    assert sorted(done) == [str(i) for i in range(9)]
    assert lost == []


def broken():
    raise BrokenExecutor("all gone")


class Broken(Inline):
    def submit(self, fn, /, *args, **kwargs):
        return super().submit(broken)


def test_a_foreign_engine_that_is_broken_ends_the_batch_in_words(tmp_path):
    with pytest.raises(BrokenEngineError, match="run again to go on"):
        dispatched([((str(tmp_path), "1"),)], Broken(), 1)


def test_few_groups_are_split_so_that_every_worker_has_work():
    assert share([tuple(range(10))], 4) == [(0, 1, 2), (3, 4, 5), (6, 7, 8), (9,)]
    assert share([(1, 2), (3,)], 2) == [(1, 2), (3,)]
    assert share([], 2) == []


def test_chunks_grow_to_two_seconds_and_shrink_towards_the_end():
    sizes = []

    def slow(groups):
        sizes.append(len(groups))
        return groups

    class Clocked(Inline):
        def submit(self, fn, /, *args, **kwargs):
            time.sleep(0.02 * len(args[0]))
            return super().submit(fn, *args, **kwargs)

    dispatcher = Dispatcher(slow, list, lambda group: 1.0, lambda done: None, lambda run: None)
    dispatcher.run([(i,) for i in range(100)], Clocked(), 1)
    assert sum(sizes) == 100
    assert sizes[0] == 1
    assert max(sizes) > 10
    assert sizes[-1] < max(sizes) / 4


def test_workers_do_not_run_the_callers_script_anew(tmp_path):
    """Without ``if __name__ == "__main__"``, as in a notebook or a first script of one's own."""
    script = tmp_path / "own.py"
    lines = ["from odssim.studies.study.workers import LocalWorkers", "workers = LocalWorkers(1)",
             "print(workers.submit(abs, -3).result())", "workers.shutdown()",
             "assert __file__.endswith('own.py')"]  # fmt: skip
    script.write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.returncode) == ("3\n", 0), done.stderr
