"""Fenced blocks of a page that can be run: `console` (commands after "$ ") and `python`; others are only read.

In a `console` block the lines after a command are what it prints on standard output: ``...`` within a line
stands for anything, and a line ``...`` for any number of lines. Blocks of a page run in order, in one folder,
and Python blocks share their names.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One block: its language, its text, the line of the page on which it begins."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """One command and the lines it should print."""

    arguments: list[str]
    expected: list[str]


def blocks(page: str) -> list[Block]:
    """Return all fenced blocks."""
    return [Block(m[1], m[2], page[: m.start()].count("\n") + 1) for m in FENCE.finditer(page)]


def commands(block: Block) -> list[Command]:
    """Return the commands of a console block; a line that ends with a backslash goes on in the next."""
    found: list[Command] = []
    for line in block.text.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            found.append(Command(shlex.split(line[2:]), []))
        else:
            found[-1].expected.append(line)
    return found


def first_missing(expected: list[str], printed: list[str]) -> str | None:
    """Return the first expected line that is not printed where it should be, None if all are."""
    at, anywhere = 0, False
    for line in expected:
        if line == "...":
            anywhere = True
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in line.split("...")))
        last = len(printed) if anywhere else min(at + 1, len(printed))
        hit = next((k for k in range(at, last) if pattern.fullmatch(printed[k])), None)
        if hit is None:
            return line
        at, anywhere = hit + 1, False
    return None if anywhere or at == len(printed) or not expected else f"nothing after {expected[-1]!r}"
