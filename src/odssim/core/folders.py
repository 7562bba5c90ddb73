"""Where compiled kernels and stored burn-ins are kept; what cannot be kept, or is damaged, is made anew and said once."""

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from glob import glob
from hashlib import blake2b
from pathlib import Path

from odssim.core.notes import note
from odssim.errors import OdssimError

PACKAGE = Path(__file__).parent.parent
KERNELS = ("core/compiled.py", "core/rng.py", "world", "rules", "engine/day.py", "engine/build.py")
"""Folders and files that hold compiled functions."""
COMPILED_MB, COMPILED_DAYS = 100, 180
"""Compiled generations kept; a change in any kernel source starts a new one of some megabytes."""
GENERATION = re.compile(r"[0-9a-f]{32}-numba.*")
DIGEST_BYTES = 32
MB, DAY_S = 1e6, 86_400.0


def cache_folder() -> Path | None:
    """Return the cache folder: ODSSIM_CACHE, or ``odssim`` in the user's cache folder; None for a user without a home."""
    given = os.environ.get("ODSSIM_CACHE")
    if given:
        return Path(given)
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "odssim"
    except RuntimeError:
        return None


def source_hash(*parts: str, kinds: tuple[str, ...] = ("py", "toml", "csv")) -> str:
    """Return a hash of the package's sources and tables, or of those in some folders; a city has a key of its own."""
    digest = blake2b(digest_size=16)
    for name in sorted(name for kind in kinds for name in glob(f"**/*.{kind}", root_dir=PACKAGE, recursive=True)):
        relative = name.replace(os.sep, "/")
        if relative.startswith(parts or "") and not relative.startswith("city/data/"):
            digest.update(relative.encode() + (PACKAGE / name).read_bytes())
    return digest.hexdigest()


@cache
def compiled_folder() -> Path | None:
    """Return the folder for machine code, named by the kernels' sources; None where it can be neither read nor made.

    Numba's own cache looks at one file at a time: after a change in a helper, a kernel that calls it would be loaded
    from the cache with the old helper inside. A folder that can only be read, of a shared installation say, will do.
    """
    import numba

    base = cache_folder()
    if base is None:
        note_unwritable("no home folder")
        return None
    name = f"{source_hash(*KERNELS, kinds=('py',))}-numba{numba.__version__}-py{sys.version_info[0]}{sys.version_info[1]}"
    folder = base / "compiled" / name
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            trim((path for path in folder.parent.iterdir() if GENERATION.fullmatch(path.name)), COMPILED_MB, COMPILED_DAYS)
    except OSError as error:
        note_unwritable(error.strerror)
        return None
    with suppress(OSError):  # used today; of a folder that may only be read it cannot be noted
        os.utime(folder)
    return folder


def trim(entries: Iterable[Path], most_mb: float, most_days: float) -> None:
    """Delete what was not used for long, and the longest unused until the rest is small enough; the last used stays."""
    found = []
    for path in entries:
        with suppress(OSError):
            found.append((path.stat().st_mtime, path))
    total = 0
    for n, (used, path) in enumerate(sorted(found, reverse=True)):
        with suppress(OSError):
            parts = path.rglob("*") if path.is_dir() else (path,)
            total += sum(part.stat().st_size for part in parts)
            if n and (total > most_mb * MB or time.time() - used > most_days * DAY_S):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()


def sealed(body: bytes, name: str) -> bytes:
    """Return bytes with a digest of them and of their name before them, so that damage and another's bytes are noticed."""
    return blake2b(name.encode() + b"\0" + body, digest_size=DIGEST_BYTES).digest() + body


def unsealed(content: bytes, name: str) -> bytes | None:
    """Return the bytes that were sealed under a name; None if they are damaged, or another's."""
    body = content[DIGEST_BYTES:]
    return body if sealed(body, name) == content else None


def why_not_kept() -> str | None:
    """Return why nothing can be kept in the cache folder; None if it can."""
    folder = cache_folder()
    if folder is None:
        return "no home folder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return error.strerror
    return None


def note_unwritable(reason: object) -> None:
    """Note that the cache cannot be written, whatever was to be kept."""
    where = cache_folder() or "~/.cache"
    note("unwritable", OdssimError(
        "{where}: the cache cannot be written ({reason}); odssim does without, and starts more slowly:"
        " set ODSSIM_CACHE to a folder that you may write to", where=where, reason=reason,
    ))  # fmt: skip


def note_damaged(path: Path) -> None:
    """Note that something in the cache was damaged; what it held is made anew."""
    note("damaged", OdssimError("{path}: was damaged, or of another version; it is made anew", path=path))
