"""The one room in which files of the user are read: bytes to text, TOML or JSON, each fault with file and line.

Text is UTF-8, with or without a byte order mark, in one Unicode form (NFC) and with one line end. Signs that a
terminal would obey are refused here, so that no name holds one further on.
"""

import csv
import difflib
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path
from typing import Any
from unicodedata import normalize

from odssim.errors import OdssimError, ScenarioError, Sentence

LARGEST_FILE = 500_000_000
"""Bytes."""
DEEPEST = 50
"""Tables within tables; deeper ones are no one's own."""
LARGEST_INTEGER = 10**300
"""Beyond it a whole number is no number of a machine any more."""
OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control signs, marks that turn the direction of writing, and halves of signs."""


DECIMAL_COMMA = re.compile(r"=\s*([+-]?\d+),(\d+)\s*(?:[,}#]|$)")

DAMAGE = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, MemoryError, csv.Error,
)  # fmt: skip
"""What reading a file that is damaged, or of another kind than supposed, may raise."""


@dataclass(frozen=True)
class _Command:
    """The files that a command has read, and the folders that its results will replace."""

    inputs: set[Path] = field(default_factory=set)
    to_replace: set[Path] = field(default_factory=set)


_command: ContextVar[_Command | None] = ContextVar("command", default=None)
"""None outside a command: a program that calls odssim knows what it reads and writes."""


@contextmanager
def reading(file: str | PathLike[str]) -> Iterator[None]:
    """Turn whatever goes wrong while a user's file is read into one line that names it."""
    try:
        yield
    except OdssimError:
        raise
    except OSError as error:
        raise ScenarioError("cannot be read ({reason})", file=fspath(file), reason=error.strerror or error) from None
    except RecursionError:
        raise ScenarioError("has tables within tables too deep to be read", file=fspath(file)) from None
    except DAMAGE as error:
        raise ScenarioError("is damaged or of another kind ({error!r})", file=fspath(file), error=error) from None


def note_inputs() -> None:
    """Remember from here on which files a command reads: results never replace a folder that holds one."""
    _command.set(_Command())


def replaces(folder: Path, is_done: bool = False) -> None:
    """Note that a command will replace a folder, whose files it must not read till that is done."""
    if (command := _command.get()) is not None:
        (command.to_replace.discard if is_done else command.to_replace.add)(folder)


def input_in(folder: Path) -> str | None:
    """Return a file below a folder that this command has read, as seen from the folder; None if there is none."""
    command = _command.get()
    below = sorted(path for path in (command.inputs if command else ()) if path.is_relative_to(folder))
    return str(below[0].relative_to(folder)) if below else None


def existing(path: str | PathLike[str]) -> Path | None:
    """Return a file's path if there is such a file, its name in either Unicode form; no pipe, folder or device."""
    for form in ("NFC", "NFD"):
        for name in (fspath(path), normalize(form, fspath(path))):
            try:
                if stat.S_ISREG(os.stat(name).st_mode):
                    return Path(name)
            except (OSError, ValueError):  # not there, a circle of links, too long, a NUL
                continue
    return None


def like(path: str | PathLike[str], pattern: str) -> str | None:
    """Return a "did you mean" from the files beside a path that does not exist, None if none is near."""
    try:
        return nearest_word(Path(path).name, [entry.name for entry in Path(path).parent.glob(pattern)])
    except (OSError, ValueError):
        return None


def nearest_word(word: str, allowed: Iterable[str]) -> str | None:
    """Return a "did you mean" for a mistyped word, None if none is near."""
    near = difflib.get_close_matches(word, list(allowed), n=1)
    return Sentence("did you mean {word!r}?", word=near[0]) if near else None


def read_bytes(path: str | PathLike[str]) -> bytes:
    """Return what a file holds.

    Raises ScenarioError: if there is no such file, it is no ordinary file, or too large.
    """
    name = fspath(path)
    with reading(name):
        found = existing(name)
        if found is None:
            os.stat(name)  # says why, unless it is there
            raise ScenarioError("is no ordinary file", file=name, remedy="name a file, not a folder, pipe or device")
        if found.stat().st_size > LARGEST_FILE:
            raise ScenarioError("has more than {n:,} bytes", file=name, n=LARGEST_FILE)
        if (command := _command.get()) is not None:
            real = Path(os.path.realpath(found))
            if any(real.is_relative_to(folder) for folder in command.to_replace):
                rule = "lies in the folder that the results would replace"
                raise ScenarioError(rule, file=name, remedy="name another --out")
            command.inputs.add(real)
        return found.read_bytes()


def read_text(path: str | PathLike[str]) -> str:
    r"""Return a file's text in NFC, without byte order mark, its lines ended by ``\n``.

    Raises ScenarioError: if it cannot be read, is not UTF-8, or holds a sign that a terminal would obey.
    """
    data = read_bytes(path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScenarioError("is not a text file in UTF-8", file=fspath(path), line=line, remedy="save it as UTF-8") from None
    text = normalize("NFC", text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n"))
    if found := OBEYED.search(text):
        rule = Sentence("holds a control sign (U+{sign:04X})", sign=ord(found[0]))
        raise ScenarioError(rule, file=fspath(path), line=text.count("\n", 0, found.start()) + 1)
    return text


def read_toml(path: str | PathLike[str]) -> tuple[str, dict[str, Any]]:
    """Return text and tree of a TOML file.

    Raises ScenarioError: if it cannot be read or is not TOML.
    """
    text = read_text(path)
    return text, parse_toml(text, fspath(path))


def with_point(line: str) -> str | None:
    """Return what to write in place of a number with a decimal comma in a line ``key = value``; None without one."""
    found = DECIMAL_COMMA.search(line)
    if found is None:
        return None
    remedy = Sentence("write {whole}.{part}, for a list [{whole}, {part}]", whole=found[1], part=found[2])
    return remedy


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Return the tree of a TOML text; `file` is named where it is none.

    Raises ScenarioError: with the line where the text is not TOML, or holds what cannot be taken further.
    """
    import tomllib

    with reading(file):
        try:
            tree = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            line = int(found[1]) if found else None
            reason = re.sub(r"\s*\(at .*\)$", "", str(error))
            remedy = with_point(text.split("\n")[line - 1]) if line else None
            raise ScenarioError("is not valid TOML: {reason}", file=file, line=line, remedy=remedy, reason=reason) from None
        except (ValueError, RecursionError):
            raise ScenarioError("is not valid TOML: a number too long or tables too deep", file=file) from None
        _check_tree(tree, file, ())
    return tree


def read_json(path: str | PathLike[str]) -> Any:
    """Return what a JSON file holds.

    Raises ScenarioError: if it cannot be read, is not JSON, or has a key twice in one object.
    """
    text, file = read_text(path), fspath(path)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            keys = [key for key, _ in pairs]
            raise ScenarioError("stands twice in one object", file=file, key=next(k for k in keys if keys.count(k) > 1))
        return table

    with reading(file):
        try:
            tree = json.loads(text, object_pairs_hook=unique)
        except json.JSONDecodeError as error:
            rule = Sentence("is not valid JSON: {reason} at column {column}", reason=error.msg, column=error.colno)
            remedy = "the file may be cut off"
            raise ScenarioError(rule, file=file, line=error.lineno, remedy=remedy) from None
        _check_tree(tree, file, ())
    return tree


def _check_tree(value: Any, file: str, path: tuple[str, ...]) -> None:
    """Refuse texts with signs that a terminal would obey, whole numbers beyond 64 bits, and trees too deep."""
    if isinstance(value, float | bool) or value is None:
        return
    key = ".".join(path) or None
    if len(path) > DEEPEST:
        raise ScenarioError("has tables within tables too deep to be read", file=file, key=key)
    if isinstance(value, str) and (found := OBEYED.search(value)):
        raise ScenarioError("holds a control sign (U+{sign:04X})", file=file, key=key, sign=ord(found[0]))
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise ScenarioError("is a whole number too large to be read", file=file, key=key)
    if isinstance(value, dict):
        for name, entry in value.items():
            _check_tree(name, file, (*path, "a name"))
            _check_tree(entry, file, (*path, name))
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            _check_tree(entry, file, (*path, str(number)))
