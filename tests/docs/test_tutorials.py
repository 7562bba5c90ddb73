"""Every tutorial does what it says."""

from pathlib import Path

import pytest

from docs.tutorial import blocks, run_tutorial

ROOT = Path(__file__).parents[2]
OWN_TESTS = {"tutorial-sensitivity", "tutorial-calibrate", "tutorial-design"}
"""Run in `tests/sensitivity` and `tests/evaluation`, within one process."""
PAGES = [page for page in sorted((ROOT / "docs").glob("tutorial-*.md")) if page.stem not in OWN_TESTS]
PAGES += [ROOT / "docs" / "python.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_tutorial_runs_from_top_to_bottom(page, tmp_path):
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    assert run_tutorial(page, tmp_path) >= 3


def test_there_are_tutorials_and_they_have_blocks():
    assert PAGES
    assert all("text" in {language for language, _ in blocks(page)} for page in PAGES)


def test_a_line_that_is_not_printed_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nprint('18 runs, 1 new')\n```\n```text\n18 runs, 0 new\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="not printed: 18 runs, 0 new"):
        run_tutorial(page, tmp_path)
