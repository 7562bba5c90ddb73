"""A recipe of docs/extending.md, followed step by step in a scratch copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from odssim.core.folders import PACKAGE

ROOT = PACKAGE.parents[1]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
NOT_COPIED = shutil.ignore_patterns("static", "vendor", "stockholm*")


def steps_of(heading: str) -> dict[int, str]:
    """Return the numbered steps of a recipe."""
    recipe = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return {int(k): text for k, text in re.findall(r"^(\d)\. ((?:.+\n?)(?:   .+\n?)*)", recipe, re.MULTILINE)}


class Recipe:
    """A recipe and the copy in which it is followed; whatever is done must stand in the step that it is done for."""

    def __init__(self, heading: str, folder: Path, *names: str, **placeholders: str) -> None:
        """Copy the parts of the project by name; `placeholders` are the words for `<name>` in the page."""
        self.steps = steps_of(heading)
        for word, meant in placeholders.items():
            self.steps = {k: text.replace(f"<{word}>", meant) for k, text in self.steps.items()}
        self.folder = folder
        for name in names:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / name, folder / name, **({"ignore": NOT_COPIED} if copy is shutil.copytree else {}))

    def write(self, step: int, file: str, text: str) -> None:
        """Write a new file that the step names."""
        assert f"`{file}`" in self.steps[step], f"step {step} does not name {file}"
        (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / file).write_text(text, encoding="utf-8", newline="\n")

    def edit(self, step: int, file: str, *pairs: tuple[str, str]) -> None:
        """Replace texts, each of which occurs once, in a file that the step names."""
        text = (self.folder / file).read_text(encoding="utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, (file, old)
            text = text.replace(old, new)
        self.write(step, file, text)

    def run(self, step: int, *words: str) -> str:
        """Run `python WORDS` that the step tells to run; return what it prints."""
        assert f"`python {' '.join(words)}`" in self.steps[step], f"step {step} does not run {words}"
        done = self.python(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def make_pages(self, step: int) -> None:
        """Write the pages that `make pages` writes."""
        assert "`make pages`" in self.steps[step], f"step {step} does not make pages"
        rule = (self.folder / "Makefile").read_text(encoding="utf-8").split("\npages:")[1].split("\n\n")[0]
        for page in re.findall(r"for page in ([\w ]+);", rule)[0].split():
            done = self.python("-m", f"architecture.{page}")
            assert done.returncode == 0, done.stderr

    def make_test(self, step: int, *more: str) -> str:
        """Run pytest as `make test ARGS=...` of the step would, on the files and options given; return what it prints."""
        asked = re.search(r'`make test ARGS="?([\w/. ]+)"?`', self.steps[step])
        assert asked, f"step {step} runs no test"
        assert all(any(name.startswith(one) for one in asked[1].split()) for name in more if name.startswith("tests"))
        return self.python("-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", *more).stdout

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Return how Python fares in the copy."""
        where = os.pathsep.join(map(str, (self.folder / "src", self.folder / "tests")))
        return subprocess.run(
            [sys.executable, *words], cwd=self.folder, capture_output=True, text=True, check=False,
            env=os.environ | {"PYTHONPATH": where, "ODSSIM_CACHE": str(self.folder / "cache")},
        )  # fmt: skip
