"""Which files odssim wrote: a marker in their folder names them, each with a digest of what was written.

A name alone would not do: a table that somebody has edited and saved under its old name is his work. Lines are only
added, and before a file appears; so a kill at any moment leaves no file of odssim's unknown. Where the marker, which is
hidden, was left behind, the records of results stand for it: they hold the same digests, and one of themselves.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any

from odssim.core.reading import DAMAGE, reading
from odssim.errors import FaultList, ScenarioError

MARKER = ".odssim-files"
HEADER = "# What odssim wrote here: BLAKE2b digest and name. What is not named, or was changed since, is never replaced.\n"
DIGEST_BYTES = 16
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""Files that file managers leave in every folder that somebody looks at; they are kept when the folder is replaced."""
RECORDS = ("run.json", "comparison.json", "result.json")
"""Records of results, which seal themselves and the files beside them: with one a folder is known without its marker."""
SEAL = "files"
"""The record's key for digests by name; that of the record itself is of all the rest, the other digests too."""


def mark(folder: Path, digests: Mapping[str, str]) -> None:
    """Add names and digests to the marker of a folder, in one write at its end."""
    lines = "".join(f"{digest} {json.dumps(name)}\n" for name, digest in digests.items())
    file = folder / MARKER
    with file.open("a", encoding="ascii") as out:
        out.write(lines if file.stat().st_size else HEADER + lines)


def mark_all(folder: Path) -> None:
    """Seal the records of a folder that has just been made, and write its marker."""
    files = sorted(path for path in folder.iterdir() if path.name != MARKER)
    others = {path.name: digest_of(path) for path in files if path.name not in RECORDS}
    for record in (path for path in files if path.name in RECORDS):
        record.write_bytes(sealed(json.loads(record.read_bytes()), record.name, others))
    mark(folder, {path.name: digest_of(path) for path in files})


def sealed(record: Mapping[str, Any], name: str, others: Mapping[str, str]) -> bytes:
    """Return a record as JSON with digests of the files beside it and of itself with them."""
    rest = {**{key: value for key, value in record.items() if key != SEAL}, SEAL: others}
    return _as_bytes({**rest, SEAL: {**others, name: digest_of(_as_bytes(rest))}})


def _as_bytes(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, indent=1, ensure_ascii=False).encode() + b"\n"


def check_sealed(record: Path, *names: str) -> None:
    """Refuse a record, or files beside it, that are not what was written together.

    Raises ScenarioError: a line for every file that was changed or damaged since; one for a record of another version.
    """
    known, faults = _sealed_by(record), FaultList()
    for name in (record.name, *names) if known else (record.name,):
        with reading(file := record.with_name(name)):
            if known.get(name) != digest_of(file):
                rule = "was changed or damaged since odssim wrote it, or is of another version"
                faults.append(ScenarioError(rule, file=str(file), remedy="make its folder anew"))
    faults.refuse()


def digest_of(content: bytes | Path) -> str:
    """Return the digest of bytes, or of what a file holds."""
    if isinstance(content, bytes):
        return blake2b(content, digest_size=DIGEST_BYTES).hexdigest()
    with content.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=DIGEST_BYTES)).hexdigest()


def is_ours(file: Path) -> bool:
    """Whether a file is one that odssim wrote, and is still what it wrote; links and folders are not."""
    return _is_plain(file) and digest_of(file) in _digests(file.parent).get(file.name, ())


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
    digests = _digests(folder)

    def is_known(file: Path) -> bool:
        if file.name == MARKER:
            return is_marker(file)
        return _is_plain(file) and (file.name in litter or digest_of(file) in digests.get(file.name, ()))

    names = sorted(os.listdir(folder), key=lambda name: (name == MARKER, name))
    return next((name for name in names if not is_known(folder / name)), None)


def _digests(folder: Path) -> dict[str, set[str]]:
    """Return what marker and records of a folder say: by name, the digests of what was written.

    Damaged lines, and records that were changed, say nothing.
    """
    found: dict[str, set[str]] = {}
    file = folder / MARKER
    lines = file.read_text(encoding="ascii", errors="replace").splitlines() if file.is_file() else []
    for line in lines:
        digest, _, name = line.partition(" ")
        with suppress(ValueError, TypeError, RecursionError):
            found.setdefault(json.loads(name), set()).add(digest)
    for record in RECORDS:
        for name, digest in _sealed_by(folder / record).items():
            found.setdefault(name, set()).add(digest)
    return found


def _sealed_by(record: Path) -> dict[str, str]:
    """Return the digests of a record and of the files beside it; none if it is not what was written."""
    with suppress(*DAMAGE):
        content = record.read_bytes()
        seal = (tree := json.loads(content))[SEAL]
        if content == sealed(tree, record.name, {name: str(seal[name]) for name in seal if name != record.name}):
            return {**seal, record.name: digest_of(content)}
    return {}
