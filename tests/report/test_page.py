"""The report of a run and of a comparison: its order, its pictures, both languages, the workbook, what is refused."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from io import BytesIO

import openpyxl
import pytest

from odssim.analysis.comparison.difference_rows import DifferenceRow
from odssim.city.load import load_city
from odssim.errors import ScenarioError
from odssim.language import speaking
from odssim.report.page.blocks import Figure
from odssim.report.page.html import as_html, numeric
from odssim.report.page.mixes_page import make_report
from odssim.report.page.source import read_source
from odssim.report.page.workbook import _sheet_names, as_workbook
from report.folders import call, town_comparison, town_run
from report.make import plain

MOST_BYTES = 3_000_000
KINDS = {"run": town_run, "comparison": town_comparison}
STEPS_SV = (
    "Motivera till förändring genom kartläggning", "Bedöma resurser och förutsättningar, involvera aktörer",
    "Orsaksanalys och teoretisk modell för inriktning av arbetet",
    "Val av mål, insatser, metoder och indikatorer för uppföljning", "Genomförande",
    "Följa upp och utvärdera resultat", "Analysera och förbättra",
)  # fmt: skip


@cache
def report_of(kind, language="en"):
    with speaking(language):
        return make_report(read_source(KINDS[kind]()))


@pytest.fixture(params=KINDS)
def report(request):
    return report_of(request.param)


def test_the_page_needs_nothing_from_outside(report):
    page = as_html(report)
    assert len(page.encode()) < MOST_BYTES
    addresses = re.findall(r'(?:src|href|url)\s*[=(]\s*["\']?([^"\'> ]{1,12})', page)
    assert addresses
    assert all(address.startswith(("data:image", "#step-")) for address in addresses)
    assert "<script" not in page


@pytest.mark.parametrize("kind", KINDS)
def test_the_steps_stand_in_the_handbooks_order(kind):
    report = report_of(kind, "sv")
    with speaking("sv"):
        page = as_html(report)
    assert tuple(section.title for section in report.sections) == STEPS_SV
    assert '<html lang="sv">' in page


def test_every_picture_has_a_finding_a_text_how_it_was_made_and_numbers(report):
    figures = [block for section in report.sections for block in section.blocks if isinstance(block, Figure)]
    assert len(figures) >= 3
    for figure in figures:
        assert figure.finding.endswith(".")
        assert figure.alt
        assert "odssim 0." in figure.how
        assert "seed" in figure.how
        assert figure.how.count("odssim run") + figure.how.count("odssim compare") == 1
    assert sum(figure.table is not None for figure in figures) >= 3


def test_the_first_page_says_modelled_and_how_far_to_trust_it(report):
    assert report.warnings == ("Modelled: no real scenes are shown",)
    assert "no list of real scenes" in report.reservations[0]
    assert 3 <= len(report.tiles) <= 4


def test_the_same_folder_gives_the_same_bytes():
    first, second = report_of("run"), make_report(read_source(town_run()))
    assert as_html(first) == as_html(second)
    assert as_workbook(first) == as_workbook(second)


def test_names_are_text_and_not_markup():
    page = as_html(report_of("comparison"))
    assert "Cameras &amp; &lt;signs&gt;" in page
    assert "<signs>" not in page


def test_numbers_of_the_run_are_those_of_its_files():
    source = read_source(town_run())
    summary = json.loads((town_run() / "summary.json").read_text(encoding="utf-8"))
    deals = summary["open_deals"]["value"] / 24
    assert source.run.deals_per_day(source.first, source.last).sum() == pytest.approx(deals)
    assert source.run.series["open_deals"].mean() == pytest.approx(deals)
    table = next(t for t in report_of("run").tables if t.id == "delivered")
    row = dict(zip((c.id for c in table.columns), table.rows[0], strict=True))
    assert row["cost_sek"] == pytest.approx(summary["cost_sek"]["value"])


def test_maps_of_a_comparison_add_up_to_its_differences():
    source = read_source(town_comparison())
    found = source.comparison
    for k, mix in enumerate(found.mixes, start=1):
        row = found.difference(mix, "open_deals")
        assert found.places[0].sum() == pytest.approx(row.base, rel=1e-6)
        assert found.places[k].sum() == pytest.approx(row.other, rel=1e-6)


def test_a_comparison_tells_costs_by_payer_with_intervals():
    tables = {table.id: table for table in report_of("comparison").tables}
    payers = {row[1] for row in tables["cost_intervals"].rows}
    assert payers == {"Police", "Municipality", "All payers"}
    assert len(tables["indicators_1"].rows) == len(tables["indicators_2"].rows) == 12
    assert {row[0] for row in tables["plan"].rows} == {"Patrol", "Cameras & <signs>"}


def test_the_workbook_has_a_sheet_for_each_table_and_a_codebook_of_every_column(report):
    book = openpyxl.load_workbook(BytesIO(as_workbook(report)))
    assert len(book.sheetnames) == 2 + len(report.tables)
    listed = {(row[0], row[1]) for row in book["codebook"].iter_rows(min_row=2, values_only=True)}
    for name, table in zip(book.sheetnames[2:], report.tables, strict=True):
        heads = [cell.value for cell in book[name][1]]
        assert heads == [column.id for column in table.columns]
        assert {(name, head) for head in heads} <= listed
        assert book[name].max_row == 1 + len(table.rows)


def test_sheets_have_names_of_their_own():
    long = "a_name_that_is_much_longer_than_a_sheet_may_have"
    names = _sheet_names([long, long.upper(), "b"])
    assert len({name.lower() for name in names}) == 3
    assert all(len(name) <= 31 for name in names)


def test_numbers_stand_to_the_right_and_words_to_the_left():
    table = next(t for t in report_of("run").tables if t.id == "delivered")
    right = dict(zip((c.id for c in table.columns), numeric(table), strict=True))
    assert right["cost_sek"]
    assert not right["method"]


def test_swedish_numbers_have_decimal_commas():
    shown = [text for table in report_of("run", "sv").tables for row in table.shown for text in row]
    assert any(re.fullmatch(r"\d+,\d+", plain(text)) for text in shown)
    assert not any(re.fullmatch(r"\d+\.\d+", plain(text)) for text in shown)


def test_the_command_writes_both_files_and_says_where(tmp_path, capsys):
    file = tmp_path / "new" / "page.html"
    assert call("report", str(town_run()), "--out", str(file), "--language", "sv") == 0
    assert sorted(path.name for path in file.parent.glob("[!.]*")) == ["page.html", "page.xlsx"]
    assert "rapport i" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere",), "no such folder"),
        (("{empty}",), "holds no results; name a folder of `odssim run`"),
        (("{run}", "--out", "x.pdf"), "--out = 'x.pdf': must end with .html"),
        (("{run}", "--language", "da"), "--language = 'da': must be one of en, sv"),
        (("{cut}",), "outcomes.parquet: was changed or damaged since odssim wrote it"),
        (("{old}",), "comparison.json: was changed or damaged since odssim wrote it"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments, words, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    shutil.copytree(town_run(), tmp_path / "cut")
    (tmp_path / "cut" / "outcomes.parquet").write_bytes(b"PAR1")
    shutil.copytree(town_comparison(), tmp_path / "old")
    record = json.loads((tmp_path / "old" / "comparison.json").read_text(encoding="utf-8"))
    del record["indicators"]
    (tmp_path / "old" / "comparison.json").write_text(json.dumps(record), encoding="utf-8")
    known = {"run": town_run(), **{name: tmp_path / name for name in ("empty", "cut", "old")}}
    assert call("report", *(text.format(**known) for text in arguments)) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not list(tmp_path.glob("**/*.html"))


@pytest.mark.parametrize(
    ("change", "read"),
    [
        (lambda row: row.pop("base"), False),
        (lambda row: row.update(base="many"), False),
        (lambda row: row.update(of_another_version=1), True),
    ],
)
def test_a_comparison_of_another_version_is_read_if_it_has_every_field(change, read, tmp_path, monkeypatch):
    shutil.copytree(town_comparison(), tmp_path / "old")
    file = tmp_path / "old" / "comparison.json"
    record = json.loads(file.read_text(encoding="utf-8"))
    change(record["differences"][0])
    file.write_text(json.dumps(record), encoding="utf-8")
    monkeypatch.setattr("odssim.report.page.source.check_sealed", lambda *_: None)
    if read:
        assert isinstance(read_source(tmp_path / "old").comparison.tables.differences[0], DifferenceRow)
        return
    with pytest.raises(ScenarioError, match=r"comparison\.json: damaged, or written by another version") as error:
        read_source(tmp_path / "old")
    assert "\n" not in str(error.value)


def test_a_comparison_whose_city_was_changed_since_is_refused(monkeypatch):
    monkeypatch.setattr("odssim.report.page.source.load_city", lambda name: load_city("stockholm-city"))
    with pytest.raises(ScenarioError, match=r"places\.parquet does not fit the city"):
        read_source(town_comparison())
