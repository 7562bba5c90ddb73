"""Results appear as a whole or not at all, whenever a run is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from odssim.observe.write import atomic_folder

KILLED = """
import os, signal, sys
from pathlib import Path
from odssim.observe.write import atomic_folder
with atomic_folder(Path(sys.argv[1])) as folder:
    (folder / "outcomes.parquet").write_text("half")
    print("half", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def write(path: Path, text: str) -> None:
    with atomic_folder(path) as folder:
        (folder / "a.txt").write_text(text, encoding="utf-8")


def kill_while_writing(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], capture_output=True, text=True)
    assert done.stdout == "half\n"
    assert done.returncode == -signal.SIGKILL


def visible(folder: Path) -> list[str]:
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


def test_a_folder_appears_when_all_is_written(tmp_path):
    with atomic_folder(tmp_path / "out") as folder:
        (folder / "a.txt").write_text("x", encoding="utf-8")
        assert visible(tmp_path) == []
    assert visible(tmp_path) == ["out"]
    assert visible(tmp_path / "out") == ["a.txt"]


def test_a_killed_run_leaves_nothing_visible(tmp_path):
    kill_while_writing(tmp_path / "out")
    assert visible(tmp_path) == []


def test_a_killed_run_leaves_earlier_results_as_they_were(tmp_path):
    write(tmp_path / "out", "earlier")
    kill_while_writing(tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "earlier"
    assert visible(tmp_path / "out") == ["a.txt"]


def test_the_next_run_clears_what_a_killed_one_left(tmp_path):
    kill_while_writing(tmp_path / "out")
    assert len(os.listdir(tmp_path)) == 1
    write(tmp_path / "out", "new")
    assert os.listdir(tmp_path) == ["out"]


def test_a_fault_while_writing_leaves_nothing(tmp_path):
    def fail() -> None:
        with atomic_folder(tmp_path / "out") as folder:
            (folder / "a.txt").write_text("half", encoding="utf-8")
            raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        fail()
    assert os.listdir(tmp_path) == []


def test_new_results_replace_old_ones_as_a_whole(tmp_path):
    write(tmp_path / "out", "old")
    (tmp_path / "out" / "b.txt").write_text("old too", encoding="utf-8")
    write(tmp_path / "out", "new")
    assert visible(tmp_path / "out") == ["a.txt"]
    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "new"
