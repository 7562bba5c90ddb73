"""What is installed is pinned by version and hash, and what is claimed to be supported is what the smoke test runs."""

import re
import tomllib
from pathlib import Path

import pytest

from smoke import SUPPORTED

ROOT = Path(__file__).resolve().parents[2]
LISTS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENTRY = re.compile(r"[\w.-]+(\[[\w,-]+\])?==[\w.!+]+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n")


def unpinned(text):
    without = ENTRY.sub("", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE))
    return without.split("\n")[:-1]


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.name)
def test_every_package_has_one_version_and_hashes_and_no_address(file):
    text = file.read_text(encoding="utf-8")
    assert unpinned(text) == []
    assert "://" not in text
    assert len(ENTRY.findall(text)) > 40


def test_a_package_without_version_or_hash_is_found():
    good = f"six==1.16.0 \\\n    --hash=sha256:{'0' * 64}\n    # via odssim\n"
    assert unpinned(good) == []
    assert unpinned(good + "numpy>=2\n") == ["numpy>=2"]
    assert unpinned(good + "numpy==2.5.5\n") == ["numpy==2.5.5"]


def test_make_installs_the_lists_by_their_hashes_only():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installed = re.findall(r"\$\((\w+)\)/(\w+)\.txt", makefile)
    assert set(installed) == {("PINNED", file.stem) for file in LISTS}
    assert "--require-hashes" in makefile


def test_the_classifiers_name_the_pythons_of_the_smoke_test():
    named = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", text) for text in PROJECT["classifiers"]]
    assert tuple(match[1] for match in named if match) == SUPPORTED
    assert (ROOT / ".python-version").read_text(encoding="utf-8").strip() in SUPPORTED
