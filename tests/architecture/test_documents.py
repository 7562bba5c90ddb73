"""Documents can be read, compared and merged line by line."""

import re

import pytest

from architecture import rooms_page
from architecture.source import PACKAGE, ROOT
from architecture.wrapped import WIDTH, wrapped

FOLDERS = (ROOT, ROOT / "docs", ROOT / "experiments")
PAGES = [page for folder in FOLDERS for page in sorted(folder.glob("*.md"))] + sorted(PACKAGE.rglob("SOURCES.md"))
"""All documents; what else ends in `.md` in the package are templates, whose lines are those of what is written."""
MERGED = ("CHANGELOG.md", "DECISIONS.md")
"""Documents of entries to which many add at once."""


def is_row(line: str) -> bool:
    """Return whether a line is a row of a table, which Markdown cannot break."""
    return line.lstrip().startswith("|")


def entries(name: str) -> list[str]:
    """Return the entries of a document, each on one line."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return [" ".join(entry.split()) for entry in re.split(r"\n(?=\s*- |\n|#)", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_line_is_longer_than_120_signs(page):
    lines = page.read_text(encoding="utf-8").split("\n")
    assert [line for line in lines if len(line) > WIDTH and not is_row(line)] == []


def anchors(text: str) -> set[str]:
    """Return what links can lead to within a page: its headings as GitHub writes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]*)#?([^)\s]*)\)", page.read_text(encoding="utf-8"))
    links = [(page.parent / file if file else page, anchor) for file, anchor in links if not file.startswith("http")]
    assert [file for file, _ in links if not file.exists()] == []
    assert [
        (file.name, anchor) for file, anchor in links if anchor and anchor not in anchors(file.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize("name", MERGED)
def test_no_entry_was_cut_or_doubled_by_a_merge(name):
    found = [entry for entry in entries(name) if entry]
    assert sorted(one for one in set(found) if found.count(one) > 1) == []
    lists = (ROOT / name).read_text(encoding="utf-8").split("\n## ", 1)[1].split("\n")
    assert [line for line in lists if not re.match(r"$|#|\||- \S| +\S|[A-Z]", line)] == []
    assert [entry for entry in found if entry.startswith("- ") and not entry.endswith((".", ":", ".)", ")", "`"))] == []


def test_make_pages_writes_every_page_that_is_made_from_the_code():
    made = {
        path.stem
        for path in (ROOT / "tests" / "architecture").glob("*.py")
        if "\nif __name__" in path.read_text(encoding="utf-8")
    }
    target = re.search(r"^pages:.*\n\tfor page in (.*?);", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(target[1].split()) == made


def test_a_wrapped_item_keeps_its_words_and_begins_no_list():
    text = "3. " + "word - 2. and " * 40
    lines = wrapped(text).split("\n")
    assert " ".join(" ".join(lines).split()) == text.strip()
    assert max(map(len, lines)) <= WIDTH
    assert [line for line in lines[1:] if not re.match(r"   (?!- |\d\.)\S", line)] == []


def test_the_page_of_the_rooms_is_that_of_the_code():
    assert rooms_page.PAGE.read_text(encoding="utf-8") == rooms_page.written()
