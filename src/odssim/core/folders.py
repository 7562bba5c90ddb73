"""Where compiled kernels and stored burn-ins are kept."""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
KERNELS = ("core", "world", "rules", "engine/day.py", "engine/build.py")
"""Folders and files that hold compiled functions."""
KEEP_COMPILED = 3
"""Compiled generations kept; a change in any kernel source starts a new one."""


def cache_folder() -> Path:
    """Return the cache folder: ODSSIM_CACHE, or ``odssim`` in the user's cache folder."""
    given = os.environ.get("ODSSIM_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(given) if given else base / "odssim"


def source_hash(*parts: str) -> str:
    """Return a hash of the package's source files, or of those in some of its folders."""
    digest = blake2b(digest_size=16)
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE).as_posix()
        if not parts or relative.startswith(parts):
            digest.update(relative.encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def use_compiled_folder() -> Path | None:
    """Let Numba keep its machine code in a folder named by the kernels' sources; return the folder.

    Numba's own cache looks at one file at a time: after a change in a helper, a kernel that calls it
    would be loaded from the cache with the old helper inside. Must run before the first kernel is declared.
    Returns None where the cache folder cannot be written to (then Numba decides).
    """
    import numba

    name = f"{source_hash(*KERNELS)}-numba{numba.__version__}-py{sys.version_info[0]}{sys.version_info[1]}"
    folder = cache_folder() / "compiled" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
    except OSError:
        return None
    numba.config.CACHE_DIR = str(folder)
    others = sorted(folder.parent.iterdir(), key=lambda p: p.stat().st_mtime)
    for old in others[:-KEEP_COMPILED]:
        shutil.rmtree(old, ignore_errors=True)
    return folder
