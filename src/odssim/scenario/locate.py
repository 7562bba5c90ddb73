"""Find the line on which a key of a TOML file stands.

The standard parser does not keep lines, so this searches the text for headers and ``key =``. It knows
tables, arrays of tables, dotted and quoted keys and keys of an inline table on the key's own line; for
anything deeper `origin_of` answers with the nearest key above. It is used for messages only.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

Path = tuple[str | int, ...]

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_KEY = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEY})\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_KEY})\s*=")
_INLINE = re.compile(rf"[{{,]\s*({_KEY})\s*=")
_LONG_STRING = re.compile(r'"""|' + "'''")


class Origin(NamedTuple):
    """Where a value was written: a file, and its line if that is known."""

    file: str
    line: int | None


def split_key(text: str) -> tuple[str, ...]:
    """Return the parts of a dotted TOML key, quotes taken off; none if it is no key."""
    parts: list[str] = []
    try:
        table = tomllib.loads(f"{text} = 0")
    except (ValueError, RecursionError):
        return ()
    while isinstance(table, dict) and len(table) == 1:
        ((part, table),) = table.items()
        parts.append(part)
    return tuple(parts)


def key_lines(text: str) -> dict[Path, int]:
    """Return the first line (from 1) of every key found; entries of arrays of tables by their index."""
    lines: dict[Path, int] = {}
    prefix: Path = ()
    counts: dict[Path, int] = {}
    for number, line in _outside_long_strings(text):
        if (header := _HEADER.match(line)) and (parts := split_key(header[2])):
            prefix = _enter(parts, header[1] == "[[", counts)
            lines.setdefault(prefix, number)
            lines.setdefault(prefix[:-1] if isinstance(prefix[-1], int) else prefix, number)
        elif assignment := _ASSIGNMENT.match(line):
            key = (*prefix, *split_key(assignment[1]))
            lines.setdefault(key, number)
            for inner in _INLINE.finditer(line, assignment.end()):
                lines.setdefault((*key, *split_key(inner[1])), number)
    return lines


def origin_of(origins: Mapping[Path, Origin], path: Path) -> Origin | None:
    """Return the origin of a key, or of the nearest key above it."""
    for length in range(len(path), 0, -1):
        if path[:length] in origins:
            return origins[path[:length]]
    return None


def _enter(parts: tuple[str, ...], is_array: bool, counts: dict[Path, int]) -> Path:
    """Return the path of a header; a part that is an array of tables is followed by its latest index."""
    path: Path = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if is_array and position == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _outside_long_strings(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number, line) of the lines that do not begin inside a multi-line string."""
    inside = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not inside:
            yield number, line
        if len(_LONG_STRING.findall(line)) % 2:
            inside = not inside
