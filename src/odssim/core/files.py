"""The one way to write for a user: a folder or a file appears as a whole or not at all, and nothing of his is lost.

A folder is replaced only if everything in it was written by odssim (`marks`), a file likewise; all else is refused, by
`check_folder` and `check_files` before the work begins and again when it is done. What is being made lies beside its
place under a hidden name and is moved there at once.
"""

import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from odssim.core import marks
from odssim.core.locks import exchange, in_the_way, is_free, lock
from odssim.core.reading import input_in, replaces
from odssim.errors import OdssimError, ScenarioError, Sentence

PARTIAL = re.compile(r"\.(.+)\.[0-9a-f]{8}\.partial", re.DOTALL)
"""Hidden names of files that are being written: the number at the end is a digest of the rest and shows whose it is."""


@dataclass
class Claim:
    """A results folder that this process holds."""

    path: Path
    gone: tuple[str, ...] = ()
    """Once it was replaced: names of what was in it before and is not any more."""


_held: dict[Path, Claim] = {}


@contextmanager
def naming_faults(path: Path) -> Iterator[None]:
    """Turn what a full, read-only or vanished disk does to a writer into one line that names the path."""
    try:
        yield
    except OdssimError:
        raise
    except Exception as error:
        # some packages wrap it: xlsxwriter's error has the system's as its argument
        fault = next((one for one in (error, *error.args) if isinstance(one, OSError)), None)
        if fault is None:
            raise
        reason = os.strerror(fault.errno) if fault.errno else " ".join(str(fault).split())
        raise OdssimError(
            "{path}: cannot be written ({reason}); what was there is as it was", path=path, reason=reason
        ) from None


def check_folder(path: Path, key: str = "--out") -> None:
    """Refuse a folder that results may not replace; a folder that does not exist, or is empty, is none of these.

    Raises ScenarioError: if it is a link, a mount point, write-protected, the current or the home folder or one above
    them, below a file, or holds anything that odssim did not write; or if its name has a line end or a tab.
    """
    with naming_faults(path):
        rule = _why_no_name(path) or _why_no_folder(path)
    if rule is not None:
        raise ScenarioError(rule, key=key, value=str(path), remedy="nothing was touched; name another folder")


def _why_no_name(path: Path) -> str | None:
    rule = None
    if any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in str(path)):
        rule = "holds a line end, a tab or another control character"
    return rule


def _why_no_folder(path: Path) -> str | None:
    real = _real(path)
    there = next(step for step in (real, *real.parents) if os.path.lexists(step))
    rule = None
    if path.is_symlink():
        rule = "is a link; results replace only folders"
    elif not there.is_dir():
        rule = "is a file, not a folder" if there == real else Sentence("{path!r} is a file, not a folder", path=str(there))
    elif real in _dear_folders():
        rule = "is the current folder, the home folder or one above them"
    elif there == real and os.path.ismount(real):
        rule = "is a mount point"
    elif not (_may_be_replaced(real) and os.access(there.parent if there == real else there, os.W_OK)):
        rule = "is write-protected, or lies in a folder that is"
    elif there == real and (name := input_in(real)) is not None:
        rule = Sentence("holds {name!r}, which this command reads", name=name)
    elif there == real and (name := marks.foreign(real)) is not None:
        rule = Sentence("holds {name!r}, which odssim did not write, or which was changed since", name=name)
    return rule


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _dear_folders() -> set[Path]:
    """Return the folders that are never replaced, whatever is in them."""
    dear = [Path.cwd()]
    with suppress(RuntimeError):  # no home
        dear.append(_real(Path.home()))
    return {step for one in dear for step in (one, *one.parents)}


def _may_be_replaced(path: Path) -> bool:
    """Whether a folder or file is not there, or meant to be written to; root may where its mode says no, and should not."""
    return not path.exists() or (os.access(path, os.W_OK) and bool(path.stat().st_mode & 0o222))


@contextmanager
def claimed(path: Path, key: str = "--out") -> Iterator[Claim]:
    """Hold a results folder, checked, so that no other odssim writes it; what a killed one left beside it goes.

    Raises ScenarioError: if results may not replace it, another process holds it, or something of the user's has a
    hidden name beside it.
    """
    real = _real(path)
    if real in _held:
        yield _held[real]
        return
    check_folder(path, key)
    missing = [step for step in real.parents if not step.exists()]
    with ExitStack() as until_done:
        until_done.callback(_remove_empty, missing)
        with naming_faults(path):
            until_done.enter_context(lock(_beside(real, "lock"), path, key))
            work, old = _beside(real, "work"), _beside(real, "old")
            for left in (work, old):
                if os.path.lexists(left) and not _is_left(left):
                    raise in_the_way(left, path, key)
            if old.is_dir() and not real.exists():  # killed between two renames
                old.rename(real)
            for left in (work, old):
                _remove(left)
        _held[real] = Claim(real)
        until_done.callback(_held.pop, real)
        yield _held[real]


def _is_left(folder: Path) -> bool:
    """Whether a hidden folder is what a killed odssim left: one that it had begun, or one that it wrote all of."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return marks.is_begun(folder) or marks.foreign(folder, litter=frozenset()) is None


def _remove(folder: Path) -> None:
    """Remove a folder of odssim's, its marker last: what a kill leaves of it is known."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != marks.MARKER:
                path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove folders that were made for results and have none, the innermost first."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def _beside(path: Path, what: str) -> Path:
    """Return the hidden name beside a folder for its lock, what is being made and what is being replaced."""
    return path.with_name(f".{path.name}.odssim-{what}")


@contextmanager
def atomic_folder(path: Path, key: str = "--out") -> Iterator[Path]:
    """Yield a hidden folder that becomes `path` when the block ends well, and vanishes otherwise.

    An existing folder at `path` is replaced as a whole, and only if odssim wrote all that is in it. If that has changed
    while the block ran, the new folder gets a name of its own, so that neither is lost.

    Raises OdssimError: if `path` may not be replaced (`check_folder`), is held by another process, or the disk refuses.
    """
    with claimed(path, key) as claim, naming_faults(path):
        work = _beside(claim.path, "work")
        work.mkdir()
        try:
            marks.mark(work, {})
            yield work
            marks.mark_all(work)
            _put(work, claim, key)
        finally:
            _remove(work)


def _put(work: Path, claim: Claim, key: str) -> None:
    """Move a finished folder to its place."""
    path = claim.path
    replaces(path, is_done=True)
    if not path.exists():
        work.rename(path)
        return
    rule = _why_no_folder(path)
    if rule is not None:
        spare = next(one for n in range(2, 10_000) if not (one := path.with_name(f"{path.name}-{n}")).exists())
        work.rename(spare)
        raise ScenarioError(rule, key=key, value=str(path), remedy=Sentence("the new results are in {spare}", spare=spare))
    shutil.copymode(path, work)
    for name in marks.LITTER.intersection(os.listdir(path)):
        shutil.copy2(path / name, work / name)
    gone = set(os.listdir(path)) - set(os.listdir(work))
    if not exchange(work, path):
        old = _beside(path, "old")
        path.rename(old)
        try:
            work.rename(path)
        except BaseException:
            old.rename(path)
            raise
        _remove(old)
    claim.gone = tuple(sorted(gone))


def check_files(paths: Iterable[Path], key: str = "--out", *, force: bool = False) -> None:
    """Refuse names under which files may not be written; a file that odssim wrote, and nobody changed, is replaced.

    `force`: a file of the user's is replaced too: he has asked for it.

    Raises ScenarioError: if one is a folder, a link, lies below a file or in a write-protected folder, or is a file of
    the user's.
    """
    for path in paths:
        with naming_faults(path):
            rule = _why_no_name(path) or _why_no_file(path, force)
        if rule is not None:
            raise ScenarioError(rule, key=key, value=str(path), remedy="nothing was touched; name another file")


def _why_no_file(path: Path, force: bool) -> str | None:
    real = _real(path.parent)
    there = next(step for step in (real, *real.parents) if os.path.lexists(step))
    rule = None
    if not there.is_dir() or (os.path.lexists(path) and (path.is_symlink() or not path.is_file())):
        rule = "is not a file in a folder"
    elif not (_may_be_replaced(path) and os.access(there, os.W_OK)):
        rule = "is write-protected, or lies in a folder that is"
    elif os.path.lexists(marker := real / marks.MARKER) and not marks.is_marker(marker):
        rule = Sentence("lies beside {marker!r}, which odssim did not write", marker=marks.MARKER)
    elif path.exists() and not force and not marks.is_ours(path):
        rule = "is a file that odssim did not write, or that was changed since"
    return rule


def write_files(
    contents: Mapping[Path, bytes], *, key: str = "--out", force: bool = False, check: Callable[[str], object] | None = None
) -> None:
    """Write single files, all or none of them.

    `force`: as `check_files` takes it.
    `check`: called with the name under which a file lies before it is moved to its place; raises where it is wrong.

    Raises OdssimError: if one may not be written (`check_files`), or the disk refuses.
    """
    check_files(contents, key, force=force)
    with ExitStack() as all_whole:
        for path, content in contents.items():
            with naming_faults(path):
                all_whole.enter_context(naming_faults(path))
                path.parent.mkdir(parents=True, exist_ok=True)
                file = all_whole.enter_context(whole_file(path))
                file.write(content)
                file.flush()
                if check is not None:
                    check(file.name)
        for path, content in contents.items():
            with naming_faults(path):
                marks.mark(path.parent, {path.name: marks.digest_of(content)})


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a hidden file that becomes `path` when the block ends well, and vanishes otherwise.

    For files that are odssim's own by their place: of caches and kept batches. A user's go through `write_files`.
    """
    clear_partials(path.parent, f".{path.name}.")
    partial = path.with_name(partial_name(f"{path.name}.{secrets.token_hex(4)}"))
    try:
        with partial.open("xb") as file:
            is_free(file)
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def partial_name(begun: str) -> str:
    """Return the hidden name of a file that is being written, from its name and a number in hexadecimal digits."""
    return f".{begun}.{marks.digest_of(os.fsencode(begun))[:8]}.partial"


def clear_partials(folder: Path, start: str = "") -> None:
    """Delete files whose writing was cut short; one that a living process writes is locked and stays."""
    with suppress(OSError):
        for name in os.listdir(folder):
            found = PARTIAL.fullmatch(name) if name.startswith(start) else None
            if found and name == partial_name(found[1]) and not (folder / name).is_symlink():
                with suppress(OSError), (folder / name).open("rb+") as file:
                    if is_free(file, unknown=False):
                        (folder / name).unlink()
