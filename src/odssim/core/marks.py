"""Which files odssim wrote: a marker in their folder names them, each with a digest of what was written.

A name alone would not do: a table that somebody has edited and saved under its old name is his work. Lines are only
added, and before a file appears; so a kill at any moment leaves no file of odssim's unknown.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import blake2b, file_digest
from pathlib import Path

import odssim

MARKER = ".odssim-files"
HEADER = "# What odssim wrote here: BLAKE2b digest and name. What is not named, or was changed since, is never replaced.\n"
DIGEST_BYTES = 16
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""Files that file managers leave in every folder that somebody looks at; they are kept when the folder is replaced."""
RECORDS = ("run.json", "comparison.json")
UNMARKED = frozenset({
    *RECORDS, "summary.json", "outcomes.parquet", "places.parquet", "indicators.parquet", "ledger.parquet", "events.parquet",
    "map.png", "series.png", "differences.csv", "displacement.csv", "sources.csv", "indicators.csv", "ranking.csv",
    "plane.png", "acceptability.png", "pareto.png", "report.html", "report.sv.html", "report.xlsx", "report.sv.xlsx",
    "replay.html", "replay.sv.html",
})  # fmt: skip
"""What may stand in a folder whose marker was lost, beside a record of this very version."""


def mark(folder: Path, digests: Mapping[str, str]) -> None:
    """Add names and digests to the marker of a folder, in one write at its end."""
    lines = "".join(f"{digest} {json.dumps(name)}\n" for name, digest in digests.items())
    file = folder / MARKER
    with file.open("a", encoding="ascii") as out:
        out.write(lines if file.stat().st_size else HEADER + lines)


def mark_all(folder: Path) -> None:
    """Write the marker of a folder that has just been made."""
    mark(folder, {path.name: digest_of(path) for path in sorted(folder.iterdir()) if path.name != MARKER})


def digest_of(content: bytes | Path) -> str:
    """Return the digest of bytes, or of what a file holds."""
    if isinstance(content, bytes):
        return blake2b(content, digest_size=DIGEST_BYTES).hexdigest()
    with content.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=DIGEST_BYTES)).hexdigest()


def is_ours(file: Path) -> bool:
    """Whether a file is one that odssim wrote, and is still what it wrote; links and folders are not."""
    if not _is_plain(file):
        return False
    digests = _digests(file.parent)
    if file.name in digests:
        return digest_of(file) in digests[file.name]
    return file.name in UNMARKED and any(_is_of_today(file.parent / name) for name in RECORDS if name not in digests)


def is_marker(file: Path) -> bool:
    """Whether a file is a marker: a plain file that begins as odssim begins it, or is empty."""
    return _is_plain(file) and (not (content := file.read_bytes()) or content.startswith(HEADER.rstrip().encode()))


def is_begun(folder: Path) -> bool:
    """Whether odssim had begun to fill a folder: its marker names nothing yet."""
    return _is_plain(folder / MARKER) and (folder / MARKER).read_bytes().strip() == HEADER.strip().encode()


def _is_plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def foreign(folder: Path, litter: frozenset[str] = LITTER) -> str | None:
    """Return the name of the first entry of a folder that odssim did not write; None if it wrote all but `litter`."""

    def is_known(file: Path) -> bool:
        if file.name == MARKER:
            return is_marker(file)
        return is_ours(file) or (file.name in litter and _is_plain(file))

    names = sorted(os.listdir(folder), key=lambda name: (name == MARKER, name))
    return next((name for name in names if not is_known(folder / name)), None)


def _digests(folder: Path) -> dict[str, set[str]]:
    """Return what the marker of a folder says: by name, the digests of what was written; damaged lines say nothing."""
    found: dict[str, set[str]] = {}
    file = folder / MARKER
    lines = file.read_text(encoding="ascii", errors="replace").splitlines() if file.is_file() else []
    for line in lines:
        digest, _, name = line.partition(" ")
        try:
            found.setdefault(json.loads(name), set()).add(digest)
        except (ValueError, TypeError, RecursionError):
            continue
    return found


def _is_of_today(record: Path) -> bool:
    """Whether a record of a run or a comparison was written by this version."""
    try:
        return bool(json.loads(record.read_text(encoding="utf-8"))["versions"]["odssim"] == odssim.__version__)
    except (OSError, ValueError, KeyError, TypeError):
        return False
