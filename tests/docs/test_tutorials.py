"""Every tutorial in docs runs as it is printed."""

import sys
from pathlib import Path

import pytest

import odssim.engine.run  # noqa: F401 - compiled code is found before a page gets a cache of its own
from docs.blocks import Block, blocks, commands, first_missing
from odssim.__main__ import main

ROOT = Path(__file__).parents[2]
TUTORIALS = sorted((ROOT / "docs").glob("tutorial-*.md"))


def test_there_is_a_tutorial():
    assert TUTORIALS


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs_as_printed(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ODSSIM_CACHE", str(tmp_path / "cache"))
    for folder in ("scenarios", "experiments"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    names: dict[str, object] = {}
    ran = 0
    for block in blocks(path.read_text(encoding="utf-8")):
        if block.language == "python":
            exec(compile("\n" * block.line + block.text, str(path), "exec"), names)
        elif block.language == "console":
            for command in commands(block):
                run(command, f"{path.name}:{block.line}", monkeypatch, capsys)
        ran += block.language in ("python", "console")
    assert ran > 1


def run(command, where, monkeypatch, capsys):
    assert command.arguments[0] == "odssim", f"{where}: only odssim is run"
    monkeypatch.setattr(sys, "argv", command.arguments)
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main()
    printed = capsys.readouterr()
    assert not left.value.code, f"{where}: {printed.err}"
    missing = first_missing(command.expected, printed.out.splitlines())
    assert missing is None, f"{where}: {missing}\nprinted:\n{printed.out}"


def test_blocks_and_commands_are_found():
    page = "a\n```console\n$ odssim run 'a b' \\\n  --json\n1\n...\n```\n```python\nx = 1\n```\n```text\n$ no\n```\n"
    found = blocks(page)
    assert [(block.language, block.line) for block in found] == [("console", 2), ("python", 8), ("text", 11)]
    (command,) = commands(found[0])
    assert (command.arguments, command.expected) == (["odssim", "run", "a b", "--json"], ["1", "..."])


@pytest.mark.parametrize(
    ("expected", "missing"),
    [
        ("a 1\nb 22\nc", None), ("a ...\nb ...\nc", None), ("...\nc", None), ("a 1\n...", None), ("", None),
        ("b 22\n...", "b 22"), ("a 1\nc", "c"), ("a 1\n...\nd", "d"), ("a 1", "nothing after 'a 1'"),
        ("...\na 1\n...\na 1\n...", "a 1"),
    ],
)  # fmt: skip
def test_what_is_printed_is_compared_line_by_line(expected, missing):
    assert first_missing(expected.splitlines(), ["a 1", "b 22", "c"]) == missing


def test_a_block_without_commands_is_empty():
    assert commands(Block("console", "", 1)) == []
