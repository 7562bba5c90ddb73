"""The report of the patterns, from findings made up here; and the page in docs that is made of such reports."""

import math

import pytest

from architecture.source import ROOT
from odssim.validation.page import html_page, markdown, number, verdict_of
from odssim.validation.patterns.ablation import Ablation
from odssim.validation.patterns.bands import KNOWN_SHORT, PAGES, ROWS, row_of
from odssim.validation.patterns.findings import Off, Validation
from odssim.validation.patterns.judge import judge

GOOD = judge(row_of("V1", "town"), "town", [0.03, 0.031, 0.032])
BAD = judge(row_of("V10", "town"), "town", [1.2, 1.21, 1.19])
OPEN = judge(row_of("V10 12 weeks", "town"), "town", [1.0, 0.9, 1.1])


@pytest.fixture
def validation():
    return Validation((GOOD, BAD, OPEN), 3, 90.0, {"V10 something, ratio": 1.5})


def test_the_worst_row_is_the_verdict_of_a_pattern():
    assert verdict_of([GOOD]) == "inside"
    assert verdict_of([OPEN, BAD]) == "above"
    assert verdict_of([GOOD, judge(row_of("V1", "town"), "town", [0.03])]) == "undecided"


def test_a_section_per_pattern_with_a_picture_per_row(validation):
    page = html_page(validation)
    assert (page.count("<section"), page.count("<svg")) == (2, 3)
    assert PAGES[0].mechanism[:60] in page
    assert "something, ratio: 1.5" in page


def test_the_picture_shows_every_seed_and_survives_an_open_band():
    page = html_page(Validation((OPEN,), 3, 90.0, {}))
    assert page.count("<circle") == 4
    assert "nan" not in page[page.index("<svg") :]
    assert '"inf' not in page[page.index("<svg") :]
    assert number(math.inf) == "-"
    assert OPEN.record()["band_high"] is None


def test_markdown_holds_values_and_ablations(validation):
    off = Ablation(Off("no such thing", (("a.b", 0.0),)), BAD, judge(BAD.row, "town", [0.5, 0.6, 0.55]))
    text = markdown(validation, [off])
    assert "| V1: share of cells" in text
    assert "| no such thing (`a.b=0`) | V10 |" in text
    assert off.moved == "lower"


def test_the_page_in_docs_tells_what_the_code_tells():
    text = " ".join((ROOT / "docs" / "patterns.md").read_text(encoding="utf-8").split())
    assert [page.id for page in PAGES if page.mechanism not in text or page.protocol not in text] == []
    assert [off.what for page in PAGES for off in page.offs if off.what not in text] == []
    assert [row.key for row in ROWS if f"| {row.key}: " not in text] == []


def test_what_is_known_to_fall_short_has_its_account():
    account = (ROOT / "DECISIONS.md").read_text(encoding="utf-8").split("## Validation", 1)[1].split("\n## ", 1)[0]
    assert [key for key in KNOWN_SHORT if f"**{key}" not in account] == []
