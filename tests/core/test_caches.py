"""A cache that is damaged, read-only or not to be had is healed or done without, and that is said once."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import odssim
from odssim.core import folders
from odssim.core.files import clear_partials, partial_name, whole_file
from odssim.core.locks import is_free

PACKAGE = Path(odssim.__file__).parent
NOBODY = 12345
"""A user without an entry in the list of users, and so without a home."""
CODE = """
import numpy as np
from odssim.core.notes import take_notes
from odssim.core.rng import output
is_drawn = output(np.uint64(1), np.uint64(0)) > 0
print([float(is_drawn)], sum(output.stats.cache_hits.values()), [str(note) for note in take_notes()])
"""


def code_in(source: Path) -> dict[str, str]:
    """Return the environment of a process that runs the package in `source`."""
    packages = (path for path in sys.path if path.endswith("site-packages"))
    return {"PYTHONPATH": os.pathsep.join([str(source), *packages]), "PYTHONDONTWRITEBYTECODE": "1"}


def compiled(cache: Path | None, *, source: Path = PACKAGE.parent, before: tuple[str, ...] = (), **environment: str) -> str:
    """Return what a new process prints that calls a compiled function."""
    env = {k: v for k, v in os.environ.items() if k not in ("ODSSIM_CACHE", "XDG_CACHE_HOME", "HOME")} | environment
    env |= {**code_in(source), **({"ODSSIM_CACHE": str(cache)} if cache else {})}
    command = [*before, sys.executable, "-c", CODE]
    return subprocess.run(command, env=env, cwd="/", capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A cache that holds the compiled function."""
    cache = tmp_path_factory.mktemp("cache")
    assert compiled(cache) == "[1.0] 0 []"
    return cache


@pytest.fixture
def cache(filled, tmp_path):
    return shutil.copytree(filled, tmp_path / "cache")


def files_of(cache: Path) -> list[Path]:
    return sorted(path for path in (cache / "compiled").rglob("*") if path.is_file())


def test_what_was_compiled_is_used(cache):
    assert [path.suffix for path in files_of(cache)] == [".nbc", ".nbi"]
    assert compiled(cache) == "[1.0] 1 []"


def test_the_place_of_the_package_does_not_matter(cache, tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "elsewhere" / "odssim", ignore=shutil.ignore_patterns("__pycache__", "data"))
    assert compiled(cache, source=tmp_path / "elsewhere") == "[1.0] 1 []"


@pytest.mark.parametrize(("ending", "damage"), [(".nbi", "empty"), (".nbi", "garbage"), (".nbc", "cut"), (".nbc", "a bit")])
def test_damaged_code_is_never_run_and_heals(cache, ending, damage):
    (file,) = (path for path in files_of(cache) if path.suffix == ending)
    whole = file.read_bytes()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    file.write_bytes({"empty": b"", "cut": whole[:-9], "a bit": bytes(changed), "garbage": b"\x80\x05garbage."}[damage])
    told = compiled(cache)
    assert told.startswith("[1.0] 0 ['")
    assert told.endswith("was damaged, or of another version; it is made anew']")
    assert compiled(cache) == "[1.0] 1 []"
    assert [path.suffix for path in files_of(cache)] == [".nbc", ".nbi"]


def test_a_file_where_the_cache_should_be_is_said_once(tmp_path):
    (tmp_path / "file").touch()
    told = compiled(tmp_path / "file" / "below")
    assert told.startswith("[1.0] 0 ['")
    assert told.count("the cache cannot be written") == 1
    assert "set ODSSIM_CACHE to a folder that you may write to" in told


@pytest.fixture
def as_nobody():
    """The beginning of a command that makes it run as a user without rights; the tests must be root's."""
    setpriv = shutil.which("setpriv")
    if setpriv is None or os.geteuid() != 0:
        pytest.skip("needs root and setpriv")
    before = (setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    command = [*before, sys.executable, "-c", "import odssim, numba"]
    if subprocess.run(command, env=code_in(PACKAGE.parent), cwd="/", capture_output=True, check=False).returncode:
        pytest.skip("others may not read Python here")
    return before


def test_a_read_only_cache_of_another_user_is_used(filled, as_nobody):
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        cache = shutil.copytree(filled, Path(name, "cache"))
        for path in (cache, *cache.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        assert compiled(cache, before=as_nobody) == "[1.0] 1 []"


@pytest.mark.parametrize("home", [{}, {"HOME": "/nonexistent"}])
def test_without_a_home_it_works_and_is_said_once(as_nobody, home):
    told = compiled(None, before=as_nobody, **home)
    assert told.startswith("[1.0] 0 ['")
    assert told.count("the cache cannot be written") == 1


@pytest.mark.parametrize("command", ["doctor", f"show {PACKAGE.parents[1] / 'scenarios' / 'teaching-town.toml'}"])
def test_doctor_and_show_work_without_a_home(as_nobody, command):
    done = subprocess.run(
        [*as_nobody, sys.executable, "-m", "odssim", *command.split()], cwd="/", capture_output=True, text=True,
        env=code_in(PACKAGE.parent), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("the cache cannot be written") == 1
    assert "Traceback" not in done.stderr


def past(folder: Path, name: str, kilobytes: int, days_ago: float) -> None:
    file = folder / name
    file.write_bytes(bytes(kilobytes * 1000))
    used = time.time() - days_ago * 86_400
    os.utime(file, (used, used))


def test_what_is_kept_is_decided_by_size_and_age(tmp_path):
    for name, kilobytes, days_ago in (("a", 400, 1), ("b", 400, 2), ("c", 400, 3), ("d", 1, 4), ("e", 1, 90)):
        past(tmp_path, name, kilobytes, days_ago)
    folders.trim(tmp_path.iterdir(), most_mb=1.0, most_days=60)
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]
    folders.trim(tmp_path.iterdir(), most_mb=0.1, most_days=0)
    assert os.listdir(tmp_path) == ["a"], "the last used stays"


def test_only_generations_of_compiled_code_go(cache, monkeypatch):
    mine = cache / "compiled" / "thesis"
    mine.mkdir()
    (old,) = (path for path in (cache / "compiled").iterdir() if path != mine)
    os.utime(old, (0, 0))
    os.utime(mine, (0, 0))
    old.rename(old.with_name("0" * 32 + "-numba0"))
    monkeypatch.setenv("ODSSIM_CACHE", str(cache))
    folders.compiled_folder.cache_clear()
    try:
        new = folders.compiled_folder()
    finally:
        folders.compiled_folder.cache_clear()
    assert new is not None
    assert sorted(path.name for path in (cache / "compiled").iterdir()) == sorted([new.name, "thesis"])


def test_partial_files_of_dead_processes_go_and_what_only_has_such_a_name_stays(tmp_path):
    dead, living, linked = (partial_name(f"{name}.01234567") for name in ("x", "y", "z"))
    (tmp_path / dead).touch()
    (tmp_path / "mine").touch()
    (tmp_path / linked).symlink_to("mine")
    users = [".x.0123.partial", ".x.01234567.89abcdef.partial", "x.partial", ".x.partial", dead.replace("x", "xx")]
    for name in users:
        (tmp_path / name).touch()
    (tmp_path / partial_name("folder.01234567")).mkdir()
    with (tmp_path / living).open("xb") as file:
        assert is_free(file)
        clear_partials(tmp_path)
    assert set(os.listdir(tmp_path)) == {living, linked, "mine", *users, partial_name("folder.01234567")}
    with whole_file(tmp_path / "x") as file:
        assert Path(file.name).name == partial_name(f"x.{file.name.split('.')[-3]}")
