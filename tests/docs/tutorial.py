"""Runs the fenced blocks of a tutorial in order and compares what they print with the text blocks below them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"# file: (\S+)\n")


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return (language, content) of every fenced block."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def run_tutorial(page: Path, folder: Path) -> int:
    """Run a page in a folder; return how many lines of output were compared.

    A ``toml`` block is a file, named in its first line; ``sh`` lines are odssim commands, where a backslash
    goes on in the next line; ``python`` is a script. Each line of a ``text`` block must be a line of what was
    printed since the last, in order; ``...`` stands for anything, and blanks for any blanks.
    """
    printed, n_compared = "", 0
    for language, content in blocks(page):
        if language == "toml":
            name = FILE_NAME.match(content)
            assert name, f"a toml block without its file: {content[:40]}"
            (folder / name[1]).write_text(content, encoding="utf-8")
        elif language == "sh":
            for line in content.replace("\\\n", " ").splitlines():
                words = shlex.split(line)
                assert words[0] == "odssim", line
                printed += _output([sys.executable, "-m", "odssim", *words[1:]], folder)
        elif language == "python":
            script = folder / "tutorial.py"
            script.write_text(content, encoding="utf-8")
            printed += _output([sys.executable, script.name], folder)
        elif language == "text":
            n_compared += _compare(content, printed)
            printed = ""
    return n_compared


def _output(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}\n{done.stderr}"
    return done.stdout


def _compare(wanted: str, printed: str) -> int:
    lines = iter(" ".join(line.split()) for line in printed.splitlines())
    n = 0
    for line in wanted.splitlines():
        parts = (re.escape(part.strip()) for part in " ".join(line.split()).split("..."))
        pattern = re.compile(r"\s*.*\s*".join(parts))
        assert any(pattern.fullmatch(found) for found in lines), f"not printed: {line}\n{printed}"
        n += 1
    return n
