"""What the system does at once: locking a file against other processes, and exchanging two folders."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from odssim.errors import ScenarioError

if sys.platform == "win32":
    fcntl = None
else:
    import fcntl

HERE, EXCHANGE = -100, 2
"""Linux's AT_FDCWD and RENAME_EXCHANGE."""


@contextmanager
def lock(file: Path, path: Path, key: str) -> Iterator[None]:
    """Hold a lock file, which vanishes afterwards; one that a killed process left is taken over.

    Raises
    ------
    ScenarioError
        If another process holds it; the line is about `path`, given as `key`.
    """
    while (handle := _taken(file, path, key)) is None:
        pass
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        with suppress(OSError):
            file.unlink()
        os.close(handle)


def _taken(file: Path, path: Path, key: str) -> int | None:
    """Return the locked handle of a lock file; None if its last holder has deleted it meanwhile."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | (os.O_EXCL if fcntl is None else 0), 0o666)
    except FileExistsError:
        raise _busy(file, path, key) from None
    except FileNotFoundError:  # the last holder has removed the folder that it had made
        return None
    if not is_free(handle):
        os.close(handle)
        raise _busy(file, path, key)
    with suppress(FileNotFoundError):
        if os.path.samestat(os.fstat(handle), file.stat()):
            return handle
    os.close(handle)
    return None


def _busy(file: Path, path: Path, key: str) -> ScenarioError:
    process = ""
    with suppress(OSError):
        process = file.read_text(encoding="ascii", errors="replace")
    rule = f"another odssim is writing it (process {process}, lock file {file})"
    return ScenarioError(rule, key=key, value=str(path), remedy="wait for it, or name another folder")


def is_free(file: int | BinaryIO, unknown: bool = True) -> bool:
    """Lock an open file, until it is closed, and return True; False if another process holds it.

    Parameters
    ----------
    unknown
        What is returned where files cannot be locked, as on some file systems of clusters.
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
