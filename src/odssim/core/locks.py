"""What the system does at once: locking a file against other processes, and exchanging two folders."""

import ctypes
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from odssim.errors import ScenarioError, Sentence

if sys.platform == "win32":
    fcntl = None
else:
    import fcntl

HERE, EXCHANGE = -100, 2
"""Linux's AT_FDCWD and RENAME_EXCHANGE."""


TRIES = 100
"""How often a lock file is opened anew that its last holder has just deleted."""
LONGEST_NUMBER = 10
"""Digits of the number of a process, at most."""


@contextmanager
def lock(file: Path, path: Path, key: str) -> Iterator[None]:
    """Hold a lock file, which vanishes afterwards; one that a killed process left is taken over.

    Raises ScenarioError: if another process holds it, or what has its name is no lock file; the line is about `path`,
    given as `key`.
    """
    handle = _taken(file, path, key)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        with suppress(OSError):
            if _is_at(handle, file):
                file.unlink()
        os.close(handle)


def _taken(file: Path, path: Path, key: str) -> int:
    """Return the locked handle of a lock file, made if need be."""
    for _ in range(TRIES):
        with suppress(FileNotFoundError):  # the last holder has deleted it meanwhile, or the folder that it had made
            file.parent.mkdir(parents=True, exist_ok=True)
            handle = _opened(file, path, key)
            refused = _busy if not is_free(handle) else in_the_way if not _is_lock(handle) else None
            if refused is None and _is_at(handle, file):
                return handle
            os.close(handle)
            if refused is not None:
                raise refused(file, path, key)
    raise in_the_way(file, path, key)


def _opened(file: Path, path: Path, key: str) -> int:
    try:
        new_or_not = os.O_EXCL if fcntl is None else os.O_NOFOLLOW
        return os.open(file, os.O_RDWR | os.O_CREAT | new_or_not, 0o666)
    except FileExistsError:
        raise _busy(file, path, key) from None
    except OSError:
        if os.path.lexists(file):
            raise in_the_way(file, path, key) from None
        raise


def _is_at(handle: int, file: Path) -> bool:
    """Whether an open file still has its name."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), file.lstat())
    return False


def _is_lock(handle: int) -> bool:
    """Whether an open file holds nothing, or the number of a process and no more."""
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        return False
    content = os.read(handle, LONGEST_NUMBER + 1)
    os.lseek(handle, 0, os.SEEK_SET)
    return not content or (content.isdigit() and len(content) <= LONGEST_NUMBER)


def in_the_way(file: Path, path: Path, key: str) -> ScenarioError:
    """Return the refusal of `path`, given as `key`, for what has a hidden name beside it that odssim needs."""
    rule = Sentence("the hidden {file!r} is in the way: odssim did not make it, or may not use it", file=str(file))
    return ScenarioError(rule, key=key, value=str(path), remedy="nothing was touched; move it, or name another folder")


def _busy(file: Path, path: Path, key: str) -> ScenarioError:
    process = ""
    with suppress(OSError):
        process = file.read_text(encoding="ascii", errors="replace")
    rule = Sentence("another odssim is writing it (process {process}, lock file {file})", process=process, file=file)
    return ScenarioError(rule, key=key, value=str(path), remedy="wait for it, or name another folder")


def is_free(file: int | BinaryIO, unknown: bool = True) -> bool:
    """Lock an open file, until it is closed, and return True; False if another process holds it.

    `unknown`: what is returned where files cannot be locked, as on some file systems of clusters.
    """
    if fcntl is None:
        return unknown
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return unknown
    return True


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places at once and return True; False where the system cannot."""
    if sys.platform != "linux":
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(renameat2(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0)
