"""Kills a batch and its workers at random moments until it is done: nothing may be lost or done twice.

`test_kill` does a few kills; ``make kills`` does forty (some minutes).
"""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from odssim.studies.study import load_study, run_study
from odssim.studies.study.export import export
from study.town import MIXES, WORLDS, Inline, batch, kill, started, workers_of, write_study

N_WORLDS = 500
"""Of `make kills`: 2,000 runs with two mixes and two replicates."""
START_S = 3.0
"""A batch that is killed while it starts is killed within this time; others once they have done some runs more."""
STARTING = 0.25
"""Share of the batches that are killed while they start."""


def done_keys(store: Path) -> set[str]:
    """Return the keys of the finished runs, as another process sees them."""
    if not store.is_file():
        return set()
    with sqlite3.connect(store, timeout=30) as db:
        try:
            return {key for (key,) in db.execute("SELECT key FROM runs WHERE status = 'done'")}
        except sqlite3.OperationalError:  # killed before it had made the tables
            return set()


def killed_often(folder: Path, n_kills: int, *, n_worlds: int, seed: int) -> tuple[Path, Path, int]:
    """Run a study under `n_kills` kills, every other one of the parent; return study, store and kills made."""
    luck = random.Random(seed)
    file = write_study(folder, MIXES + WORLDS.format(n=n_worlds))
    store, made = folder / "killed.sqlite", 0
    held: set[str] = set()
    while made < n_kills:
        command = started(file, "--store", store, "--workers", "2", folder=folder)
        if luck.random() < STARTING:
            time.sleep(luck.uniform(0.0, START_S))
        else:
            _wait_for_runs(command, store, len(held) + luck.randint(1, n_worlds // 5))
        for _ in range(luck.randint(0, 2)):
            time.sleep(luck.uniform(0.0, 0.8))
            found = workers_of(command.pid) if command.poll() is None else []
            if found and made < n_kills:
                kill(luck.choice(found))
                made += 1
        time.sleep(luck.uniform(0.0, 1.0))
        if command.poll() is None and made < n_kills:
            kill(command.pid)
            made += 1
        else:
            command.wait(timeout=3600)
        command.communicate()
        now = done_keys(store)
        assert held <= now, "a finished run was lost"
        held = now
        if command.returncode == 0:
            break
    return file, store, made


def _wait_for_runs(command: subprocess.Popen[str], store: Path, n: int) -> None:
    while command.poll() is None and len(done_keys(store)) < n:
        time.sleep(0.05)


def check(file: Path, store: Path, folder: Path) -> int:
    """Finish the batch and compare it, byte by byte, with one that nobody disturbed; return its runs."""
    batch(file, "--store", store, folder=folder)
    study = load_study(file)
    undisturbed = folder / "undisturbed.sqlite"
    run_study(study, undisturbed, executor=Inline(), workers=1)
    for name, source in (("a", store), ("b", undisturbed)):
        export(source, study, folder / name, ["parquet"])
    for path in sorted((folder / "a" / "parquet").iterdir()):
        assert path.read_bytes() == (folder / "b" / "parquet" / path.name).read_bytes(), path.name
    with sqlite3.connect(store) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        n_days = db.execute("SELECT COUNT(*) FROM run_days").fetchone()[0]
    assert n_days == 12 * study.n_runs
    return study.n_runs


def main(n_kills: int) -> None:
    """Kill until `n_kills` are made, in as many studies of 2,000 runs as that takes."""
    made = rounds = 0
    while made < n_kills:
        with tempfile.TemporaryDirectory() as name:
            file, store, more = killed_often(Path(name), n_kills - made, n_worlds=N_WORLDS, seed=rounds)
            n_runs = check(file, store, Path(name))
        made, rounds = made + more, rounds + 1
        print(f"{made} kills: {n_runs} runs, nothing lost, nothing doubled", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
