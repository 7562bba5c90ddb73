"""What is the user's is his: folders and files are replaced only if odssim wrote them, and a full disk harms nothing."""

import errno
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

import odssim
from odssim.core import files, locks, marks
from odssim.core.files import atomic_folder, check_files, check_folder, claimed, whole_file, write_files
from odssim.errors import OdssimError, ScenarioError


def write(path: Path, *names: str, text: str = "text") -> None:
    with atomic_folder(path) as folder:
        for name in names:
            (folder / name).write_text(text, encoding="utf-8")


def tree(folder: Path) -> dict[str, object]:
    """Return everything below a folder: contents, links, folders."""
    return {
        path.relative_to(folder).as_posix(): os.readlink(path) if path.is_symlink() else path.is_dir() or path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


def refused(path: Path) -> str:
    """Return the line with which a folder is refused; its tree is as it was, and the work has not begun."""
    before = tree(path.parent)
    with pytest.raises(ScenarioError) as caught, atomic_folder(path):
        pytest.fail("the work began")
    assert tree(path.parent) == before
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_results_appear_when_all_is_written_with_a_marker(tmp_path):
    with atomic_folder(tmp_path / "out") as folder:
        (folder / "a.txt").write_text("x", encoding="utf-8")
        assert not (tmp_path / "out").exists()
    assert sorted(os.listdir(tmp_path / "out")) == [".odssim-files", "a.txt"]
    assert os.listdir(tmp_path) == ["out"]


def test_results_replace_results_and_what_went_with_them_is_known(tmp_path):
    out = tmp_path / "out"
    write(out, "a.txt", "b.txt")
    write_files({out / "report.html": b"page", out / "report.xlsx": b"book"})
    with claimed(out) as claim:
        write(out, "a.txt", text="new")
    assert claim.gone == ("b.txt", "report.html", "report.xlsx")
    assert sorted(os.listdir(out)) == [".odssim-files", "a.txt"]
    assert (out / "a.txt").read_text(encoding="utf-8") == "new"


def test_an_empty_folder_and_what_file_managers_leave_are_no_obstacle(tmp_path):
    (tmp_path / "out").mkdir(mode=0o750)
    write(tmp_path / "out", "a.txt")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o750
    for name in sorted(marks.LITTER):
        (tmp_path / "out" / name).write_text("mine", encoding="utf-8")
        for _ in range(2):
            with claimed(tmp_path / "out") as claim:
                write(tmp_path / "out", "a.txt")
            assert claim.gone == ()
            assert (tmp_path / "out" / name).read_text(encoding="utf-8") == "mine", "it is kept"


def filled(folder: Path, name: str = "x") -> None:
    folder.mkdir()
    (folder / name).write_text("mine", encoding="utf-8")


@pytest.mark.parametrize("name", [*sorted(marks.LITTER), marks.MARKER])
def test_a_name_excuses_only_a_plain_file(tmp_path, name):
    (tmp_path / "empty").mkdir()
    for n, make in enumerate((filled, Path.mkdir, lambda path: path.symlink_to(tmp_path / "empty"))):
        (tmp_path / str(n)).mkdir()
        make(tmp_path / str(n) / name)
        assert f"holds {name!r}" in refused(tmp_path / str(n))


def test_a_marker_of_the_users_is_no_marker(tmp_path):
    filled(tmp_path / "out", marks.MARKER)
    assert f"holds {marks.MARKER!r}" in refused(tmp_path / "out")
    with pytest.raises(ScenarioError, match=r"lies beside '\.odssim-files', which odssim did not write"):
        write_files({tmp_path / "out" / "page.html": b"page"})
    assert os.listdir(tmp_path / "out") == [marks.MARKER]


HIDDEN = {
    "a folder of the user's": filled,
    "litter": lambda path: filled(path, "Thumbs.db"),
    "results that somebody added to": lambda path: (write(path, "a.txt"), (path / "notes").touch()),
    "a file": lambda path: path.write_text("mine", encoding="utf-8"),
    "a link to a folder": lambda path: path.symlink_to("docs"),
    "a link to a file": lambda path: path.symlink_to("thesis"),
    "a link to nothing": lambda path: path.symlink_to("nowhere/x"),
}


@pytest.mark.parametrize("kind", HIDDEN)
@pytest.mark.parametrize("what", ["lock", "work", "old"])
def test_what_the_user_has_under_a_hidden_name_stays_and_is_named(tmp_path, what, kind):
    filled(tmp_path / "docs")
    (tmp_path / "thesis").write_text("mine", encoding="utf-8")
    hidden = tmp_path / f".out.odssim-{what}"
    HIDDEN[kind](hidden)
    assert f"the hidden {str(hidden)!r} is in the way" in refused(tmp_path / "out")


def test_what_a_killed_odssim_left_under_hidden_names_goes(tmp_path):
    for what in ("work", "old"):
        (tmp_path / "out").mkdir(exist_ok=True)
        left = tmp_path / f".out.odssim-{what}"
        left.mkdir()
        marks.mark(left, {})
        (left / "half.txt").touch()
    (tmp_path / ".out.odssim-lock").write_text("4711", encoding="utf-8")
    write(tmp_path / "out", "a.txt")
    assert os.listdir(tmp_path) == ["out"]


def test_a_lock_file_that_always_vanishes_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "_is_at", lambda *_: False)
    with pytest.raises(ScenarioError, match="is in the way"), locks.lock(tmp_path / "x", tmp_path, "--out"):
        pytest.fail("it was taken")


@pytest.mark.parametrize("sign", ["\n", "\t", "\x1b", "\x85", "\u2028"])
def test_a_name_has_no_control_characters(tmp_path, sign):
    assert "holds a line end, a tab or another control character" in refused(tmp_path / f"a{sign}b")
    with pytest.raises(ScenarioError, match="holds a line end"):
        write_files({tmp_path / f"a{sign}b.html": b"page"})


CHANGES = {
    "added": lambda out: (out / "thesis.tex").write_text("mine"),
    "hidden": lambda out: (out / ".notes").touch(),
    "edited": lambda out: (out / "a.txt").write_text("TEXT"),
    "renamed": lambda out: (out / "a.txt").rename(out / "c.txt"),
    "put in place of it": lambda out: (out / "mine").rename(out / "a.txt"),
    "a subfolder": lambda out: (out / "sub").mkdir(),
    "results in a subfolder": lambda out: write(out / "sub", "a.txt"),
    "a link inside": lambda out: (out / "link").symlink_to(out / "a.txt"),
    "a link in place of it": lambda out: ((out / "a.txt").unlink(), (out / "a.txt").symlink_to(out / "b.txt")),
    "a folder in place of it": lambda out: ((out / "a.txt").unlink(), (out / "a.txt").mkdir()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_one_foreign_entry_and_the_folder_is_refused(tmp_path, change):
    out = tmp_path / "out"
    write(out, "a.txt", "b.txt")
    if change == "put in place of it":
        (out / "mine").write_text("mine", encoding="utf-8")
    CHANGES[change](out)
    name = {"added": "thesis.tex", "hidden": ".notes", "renamed": "c.txt", "a link inside": "link"}.get(
        change, "sub" if "subfolder" in change else "a.txt"
    )
    assert f"holds {name!r}, which odssim did not write, or which was changed since" in refused(out)


def test_a_folder_of_the_users_is_refused(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.json").write_text("{}", encoding="utf-8")
    assert "holds 'run.json'" in refused(tmp_path / "out")


@pytest.mark.parametrize("record", marks.RECORDS)
def test_a_record_stands_for_a_marker_that_was_lost(tmp_path, record):
    out = tmp_path / "out"
    with atomic_folder(out) as folder:
        (folder / "table.csv").write_text("a\n1\n", encoding="utf-8")
        (folder / record).write_text(json.dumps({"n": 1.5, "name": "Å", "nan": math.nan}), encoding="utf-8")
    (out / marks.MARKER).unlink()
    check_folder(out)
    marks.check_sealed(out / record, "table.csv")
    whole = {path.name: path.read_bytes() for path in out.iterdir()}
    for name, old, new in (
        ("table.csv", b"1", b"2"), (record, b"1.5", b"1.6"), (record, b'"n": ', b'"n":  '), (record, b'"files"', b'"file"'),
    ):  # fmt: skip
        (out / name).write_bytes(whole[name].replace(old, new, 1))
        assert f"holds {name!r}, which odssim did not write" in refused(out) or name == record
        refused(out)
        with pytest.raises(ScenarioError, match=f"{name}: was changed or damaged since odssim wrote it"):
            marks.check_sealed(out / record, "table.csv")
        (out / name).write_bytes(whole[name])
    (out / "report.html").touch()
    assert "holds 'report.html'" in refused(out)
    (out / "report.html").unlink()
    (out / "table.csv").unlink()
    with pytest.raises(ScenarioError, match=r"table\.csv: cannot be read"):
        marks.check_sealed(out / record, "table.csv")
    check_folder(out)


def test_a_record_of_an_older_version_is_no_marker(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.json").write_text(json.dumps({"versions": {"odssim": odssim.__version__}}), encoding="utf-8")
    assert "holds 'run.json'" in refused(tmp_path / "out")


def test_a_link_a_mount_point_a_file_and_dear_folders_are_refused(tmp_path, monkeypatch):
    write(tmp_path / "real", "a.txt")
    (tmp_path / "link").symlink_to("real")
    assert "is a link" in refused(tmp_path / "link")
    (tmp_path / "file").touch()
    assert "'file': is a file, not a folder" in refused(tmp_path / "file").replace(f"{tmp_path}/", "")
    assert "file' is a file, not a folder" in refused(tmp_path / "file" / "below")
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).name == "real")
    assert "is a mount point" in refused(tmp_path / "real")
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    for path in (Path(), Path(".."), Path("../../a"), tmp_path / "a", Path.home(), Path("/")):
        with pytest.raises(ScenarioError, match="is the current folder, the home folder or one above them"):
            check_folder(path)


def test_a_folder_without_write_right_is_refused_for_root_too(tmp_path):
    write(tmp_path / "up" / "out", "a.txt")
    locked = tmp_path / "up" / "out"
    locked.chmod(0o555)
    try:
        assert "is write-protected, or lies in a folder that is" in refused(locked)
    finally:
        locked.chmod(0o755)


def test_a_folder_in_which_one_may_not_write_is_refused(tmp_path, monkeypatch):
    write(tmp_path / "up" / "out", "a.txt")
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path / "up" and may(path, mode))
    for name in ("out", "new"):
        assert "is write-protected, or lies in a folder that is" in refused(tmp_path / "up" / name)


def test_a_file_that_comes_while_the_work_runs_and_the_new_results_are_both_kept(tmp_path):
    def work() -> None:
        with atomic_folder(tmp_path / "out") as folder:
            (folder / "a.txt").write_text("new", encoding="utf-8")
            (tmp_path / "out" / "notes").touch()

    write(tmp_path / "out", "a.txt")
    with pytest.raises(ScenarioError, match=r"holds 'notes'.*the new results are in .*out-2"):
        work()
    assert (tmp_path / "out" / "notes").exists()
    assert (tmp_path / "out-2" / "a.txt").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("name", ["*", "[ab]", "?", "a b", "-x", "å"])
def test_signs_in_names_mean_nothing(tmp_path, name):
    for other in ("a", ".a.odssim-work", ".b.partial", ".x.y.partial"):
        (tmp_path / other).mkdir()
    before = tree(tmp_path)
    for _ in range(2):
        write(tmp_path / name, "a.txt")
        write_files({tmp_path / f"{name}.html": b"x"})
    assert before.items() <= tree(tmp_path).items()
    assert {path.name for path in tmp_path.iterdir()} - set(before) == {name, f"{name}.html", ".odssim-files"}


HOLDER = """
import sys
from pathlib import Path
from odssim.core.files import claimed, whole_file
with claimed(Path(sys.argv[1]) / "out"), whole_file(Path(sys.argv[1]) / "page.html"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_command_is_refused_and_touches_nothing_of_the_first(tmp_path):
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"
    (tmp_path / ".out.odssim-work").mkdir()
    assert f"another odssim is writing it (process {first.pid}, lock file " in refused(tmp_path / "out")
    partials = [name for name in os.listdir(tmp_path) if name.endswith(".partial")]
    write_files({tmp_path / "page.html": b"second"})
    assert set(partials) <= set(os.listdir(tmp_path)), "a file that a living process writes stays"
    first.kill()
    first.communicate()
    write(tmp_path / "out", "a.txt")
    write_files({tmp_path / "page.html": b"third"})
    assert sorted(os.listdir(tmp_path)) == [".odssim-files", "out", "page.html"]


def test_a_claim_that_comes_to_nothing_leaves_nothing(tmp_path):
    with claimed(tmp_path / "a" / "b" / "out"):
        assert (tmp_path / "a" / "b").is_dir()
    assert os.listdir(tmp_path) == []


def test_single_files_of_the_users_are_refused(tmp_path):
    page, book = tmp_path / "thesis.html", tmp_path / "thesis.xlsx"
    book.write_text("mine", encoding="utf-8")
    before = tree(tmp_path)
    with pytest.raises(ScenarioError, match=r"thesis\.xlsx': is a file that odssim did not write, or that was changed"):
        write_files({page: b"page", book: b"book"})
    assert tree(tmp_path) == before
    book.unlink()
    for content in (b"one", b"two"):
        write_files({page: content, book: content})
    assert (page.read_bytes(), book.read_bytes()) == (b"two", b"two")
    page.write_text("edited", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"thesis\.html"):
        check_files([page])
    (tmp_path / "link.html").symlink_to(page)
    with pytest.raises(ScenarioError, match="is not a file in a folder"):
        check_files([tmp_path / "link.html"])
    book.chmod(0o444)
    with pytest.raises(ScenarioError, match="write-protected"):
        check_files([book])


def test_a_damaged_marker_makes_files_foreign_not_odssims(tmp_path):
    write(tmp_path / "out", "a.txt")
    marker = tmp_path / "out" / marks.MARKER
    marker.write_bytes(b"\xff\x00 garbage\n{}\n" + marker.read_bytes()[:40])
    assert "holds 'a.txt'" in refused(tmp_path / "out")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("step", ["block", "mark", "rename"])
def test_a_disk_that_refuses_is_one_line_and_leaves_the_old(tmp_path, monkeypatch, number, step):
    write(tmp_path / "out", "a.txt", text="old")
    before = tree(tmp_path)

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number), str(tmp_path))

    def work() -> None:
        with atomic_folder(tmp_path / "out") as folder:
            (folder / "a.txt").write_text("half", encoding="utf-8")
            if step == "block":
                fail()

    with monkeypatch.context() as patch:
        if step == "mark":
            patch.setattr(marks, "mark_all", fail)
        elif step == "rename":
            patch.setattr(files, "exchange", lambda *_: False)
            patch.setattr(Path, "rename", fail)
        with pytest.raises(OdssimError) as caught:
            work()
    assert str(caught.value) == (
        f"{tmp_path / 'out'}: cannot be written ({os.strerror(number)}); what was there is as it was"
    )
    assert tree(tmp_path) == before


FULL = """
import resource, sys
from pathlib import Path
import numpy, pandas, pyarrow, pyarrow.parquet, xlsxwriter
from matplotlib.figure import Figure
from odssim.core.files import atomic_folder, write_files
from odssim.errors import OdssimError
from odssim.drawing.style import save
table = pandas.DataFrame({"a": numpy.random.default_rng(1).random(20_000)})

def workbook(path):
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_column(0, 0, list(table["a"]))

WRITERS = {
    "text": lambda path: path.write_text("x" * 100_000),
    "parquet": lambda path: pyarrow.parquet.write_table(pyarrow.Table.from_pandas(table), path),
    "picture": lambda path: save(Figure(figsize=(20, 20)), path),
    "csv": lambda path: table.to_csv(path),
    "stata": lambda path: table.to_stata(path, version=118),
    "excel": workbook,
}
resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))
for name, writer in WRITERS.items():
    try:
        with atomic_folder(Path("out")) as folder:
            writer(folder / "file.dat")
        print(name, "was written")
    except OdssimError as error:
        print(name, error)
try:
    write_files({Path("page.html"): b"x", Path("page.xlsx"): b"x" * 100_000})
except OdssimError as error:
    print("files", error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of Unix")
def test_every_kind_of_writer_tells_a_full_disk_in_one_line(tmp_path):
    write(tmp_path / "out", "a.txt", text="old")
    before = tree(tmp_path)
    done = subprocess.run([sys.executable, "-c", FULL], cwd=tmp_path, capture_output=True, text=True, check=True)
    told = "cannot be written (File too large); what was there is as it was"
    kinds = ("text", "parquet", "picture", "csv", "stata", "excel")
    assert done.stdout.splitlines() == [*(f"{kind} out: {told}" for kind in kinds), f"files page.xlsx: {told}"]
    assert tree(tmp_path) == before


def test_a_fault_of_the_program_is_not_called_one_of_the_disk(tmp_path):
    with pytest.raises(ZeroDivisionError), atomic_folder(tmp_path / "out"):
        _ = 1 / 0
    assert os.listdir(tmp_path) == []


def test_a_partial_file_vanishes_with_its_fault(tmp_path):
    def work() -> None:
        with whole_file(tmp_path / "x") as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert os.listdir(tmp_path) == []


def test_each_damaged_bit_of_a_record_is_noticed(tmp_path):
    """Of its list of digests too."""
    files = {"run.json": b'{"name": "a", "n": 1}', "map.png": b"map", "summary.json": b"{}"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    marks.mark_all(tmp_path)
    whole = (tmp_path / "run.json").read_bytes()
    marks.check_sealed(tmp_path / "run.json", "summary.json")
    for bit in range(8 * len(whole)):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        (tmp_path / "run.json").write_bytes(damaged)
        with pytest.raises(OdssimError, match=r"run\.json"):
            marks.check_sealed(tmp_path / "run.json", "summary.json")
