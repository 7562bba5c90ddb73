"""A small study of the teaching town: a run takes some hundredths of a second."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future
from pathlib import Path

SCENARIOS = Path(__file__).parents[2] / "scenarios"
COMMAND = [sys.executable, "-m", "odssim", "batch"]
HEAD = f"""
name = "Town"
scenario = "{(SCENARIOS / "teaching-town.toml").as_posix()}"
replicates = {{replicates}}
period = "{{period}}"
set = {{{{ days = 12, burn_in_days = 6, population_multiplier = 1 }}}}
"""
MIXES = f"""
[[mixes]]
id = "baseline"
interventions = []
[[mixes]]
id = "patrol"
scenario = "{(SCENARIOS / "fifteen-minute-town.toml").as_posix()}"
[mixes.set]
"interventions.patrol.start" = 2018-01-05
"interventions.patrol.days" = 5
"interventions.patrol.places" = {{ random = {{ n = 3 }} }}
"""
WORLDS = """
[worlds]
method = "latin_hypercube"
n = {n}
[worlds.parameters]
"belief.buyer_halflife_days" = {{}}
"detection.conceal" = {{ low = 0.1, high = 0.9 }}
"""


def write_study(folder: Path, text: str = "", *, replicates: int = 2, name: str = "town.toml", period: str = "none") -> Path:
    """Write a study of the town with `text` below its head and return its path."""
    file = folder / name
    file.write_text(HEAD.format(replicates=replicates, period=period) + text, encoding="utf-8")
    return file


def batch(*args: str | Path, folder: Path, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
    """Run ``odssim batch`` in a folder and check its exit code."""
    done = subprocess.run(
        [*COMMAND, *map(str, args)], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert expect is None or done.returncode == expect, done.stderr
    return done


def started(*args: str | Path, folder: Path) -> subprocess.Popen[str]:
    """Start ``odssim batch`` in a session of its own, where an interrupt is heard even if the tests ignore it."""
    return subprocess.Popen(
        [*COMMAND, *map(str, args)], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def workers_of(pid: int) -> list[int]:
    """Return the worker processes of a running batch (Linux)."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in words:
            found.append(int(child))
    return found


def kill(pid: int) -> None:
    """Kill a process that may have ended by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Inline(Executor):
    """Does what it is given at once, in this process."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future
