"""Results appear as a whole or not at all, whenever a writer is killed; what stands beside them is never touched."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from odssim.core import files
from odssim.core.files import atomic_folder, write_files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills by signal")

WRITER = """
import os, signal, sys
from pathlib import Path
from odssim.core import files

step, place, exchanging = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "exchange"
if not exchanging:
    files.exchange = lambda one, other: False
seen = 0

def count(event, arguments):
    global seen
    if event.split(".")[0] in ("open", "os", "shutil") and arguments and place in str(arguments[0]):
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
with files.atomic_folder(Path(place) / "out") as folder:
    (folder / "new.txt").write_text("new")
    (folder / "both.txt").write_text("new")
files.write_files({Path(place) / "page.html": b"new page", Path(place) / "page.xlsx": b"new book"})
"""
OLD, NEW = {"both.txt": "old", "old.txt": "old"}, {"both.txt": "new", "new.txt": "new"}


def write(path: Path, contents: dict[str, str]) -> None:
    with atomic_folder(path) as folder:
        for name, text in contents.items():
            (folder / name).write_text(text, encoding="utf-8")


def visible(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if not path.name.startswith(".")}


def prepared(folder: Path) -> Path:
    folder.mkdir()
    write(folder / "out", OLD)
    write_files({folder / "page.html": b"old page", folder / "page.xlsx": b"old book"})
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    (folder / ".out.partial-mine").mkdir()
    return folder


def check_after_a_kill(folder: Path, *, exchanging: bool) -> None:
    """All is old or all is new; at worst the old folder waits under its hidden name for the next command."""
    out = folder / "out"
    if not out.exists():
        assert not exchanging
        out = folder / ".out.odssim-old"
    assert visible(out) in (OLD, NEW)
    assert (folder / "page.html").read_bytes() in (b"old page", b"new page")
    assert (folder / "page.xlsx").read_bytes() in (b"old book", b"new book")


def check_the_next_command(folder: Path) -> None:
    """The same command goes through and leaves nothing but its results."""
    write(folder / "out", NEW)
    write_files({folder / "page.html": b"new page", folder / "page.xlsx": b"new book"})
    assert visible(folder / "out") == NEW
    left = {".odssim-files", ".out.partial-mine", "mine.txt", "out", "page.html", "page.xlsx"}
    assert set(os.listdir(folder)) == left
    assert (folder / "mine.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("how", ["exchange", "two renames"])
def test_a_kill_at_any_step_loses_nothing(tmp_path, how):
    for step in range(1, 500):
        folder = prepared(tmp_path / str(step))
        done = subprocess.run([sys.executable, "-c", WRITER, str(step), str(folder), how], capture_output=True, text=True)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        check_after_a_kill(folder, exchanging=how == "exchange")
        check_the_next_command(folder)
        if done.returncode == 0:
            break
    assert step > 20


def test_an_old_folder_left_between_two_renames_comes_back_before_anything_is_made(tmp_path):
    write(tmp_path / "out", OLD)
    (tmp_path / "out").rename(tmp_path / ".out.odssim-old")
    with files.claimed(tmp_path / "out"):
        assert visible(tmp_path / "out") == OLD


LOOP = """
import sys
from pathlib import Path
from odssim.core.files import atomic_folder, write_files
place = Path(sys.argv[1])
print("begun", flush=True)
for n in range(100_000):
    with atomic_folder(place / "out") as folder:
        for k in range(5):
            (folder / f"{k}.txt").write_bytes(b"%d" % n * 1000)
    write_files({place / "page.html": b"%d" % n * 1000})
"""


def test_random_kills_leave_one_whole_generation(tmp_path):
    kill_at_random(tmp_path, 6, seed=1)


def kill_at_random(place: Path, n_kills: int, seed: int) -> None:
    luck = random.Random(seed)
    for _ in range(n_kills):
        process = subprocess.Popen([sys.executable, "-c", LOOP, str(place)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        time.sleep(luck.uniform(0.02, 0.3))
        process.kill()
        process.communicate()
        if (place / "out").exists():
            assert len(set(visible(place / "out").values())) == 1
            assert len(visible(place / "out")) == 5
    with atomic_folder(place / "out"):
        pass
    write_files({place / "page.html": b"last"})
    assert set(os.listdir(place)) == {".odssim-files", "out", "page.html"}


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        kill_at_random(Path(name), int(sys.argv[1]), seed=2)
        print(f"{sys.argv[1]} kills: nothing lost")
