"""Reports on a study and on tried designs: what they hold, and that their numbers are those of the results."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache

import pytest

from odssim.language import speaking
from odssim.report.page.blocks import Figure, Report, Table
from odssim.report.page.html import as_html
from odssim.report.page.mixes_page import _warnings, make_report, report_on
from odssim.report.page.source import Source
from odssim.report.page.study_source import read_study
from odssim.report.page.workbook import as_workbook
from odssim.scenario.command import from_here
from odssim.studies.study import load_study, runs_table
from report.folders import call, town_study, tried_designs
from report.make import plain


@cache
def study() -> Source:
    return read_study(*town_study())


@cache
def report_of(kind: str, language: str = "en") -> Report:
    with speaking(language):
        return make_report(study()) if kind == "study" else report_on(tried_designs())


def table_of(report: Report, name: str) -> Table:
    return next(table for table in report.tables if table.id == name)


def column(table: Table, name: str) -> list:
    return [row[[c.id for c in table.columns].index(name)] for row in table.rows]


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("kind", ["study", "design"])
def test_a_page_needs_nothing_from_outside_and_is_small(kind, language):
    report = report_of(kind, language)
    with speaking(language):
        page = as_html(report)
    assert not re.search(r"(src|href)=\"(?!data:|#)|@import|url\(", page)
    assert len(page) < 3_000_000
    assert len(report.sections) == 7
    assert len(as_workbook(report)) > 5_000


def test_runs_of_another_version_of_the_model_are_reported_with_a_warning(monkeypatch):
    made = town_study()
    for module in ("odssim.engine.key", "odssim.report.page.study_source"):
        monkeypatch.setattr(f"{module}.program_hash", lambda *rooms: "another version")
    report = make_report(read_study(*made))
    assert "The store holds runs of another version of the model" in report.warnings


@pytest.mark.parametrize("kind", ["study", "design"])
def test_every_row_of_a_table_has_a_value_for_each_column(kind):
    for table in report_of(kind).tables:
        assert {len(row) for row in table.rows} <= {len(table.columns)}, table.id


@pytest.mark.parametrize(
    ("kind", "made"), [("study", "odssim batch {}doses.toml --store "), ("design", "odssim design search {}plan.toml")]
)
def test_every_picture_says_what_it_shows_and_how_it_was_made(kind, made):
    figures = [block for section in report_of(kind).sections for block in section.blocks if isinstance(block, Figure)]
    assert len(figures) >= 2
    made = made.format(from_here(town_study()[0].parent) + "/")
    assert all(figure.finding.endswith(".") and figure.alt and made in figure.how for figure in figures)


def test_a_study_is_compared_within_its_worlds():
    file, store = town_study()
    runs = runs_table(store, load_study(file))
    deals = runs.pivot(index="world", columns="mix", values="open_deals")
    base, best = deals.columns[0], deals.mean().idxmin()
    report = report_of("study")
    row = study().comparison.difference(best, "open_deals")
    assert row.difference == pytest.approx((deals[best] - deals[base]).mean())
    assert row.n_seeds == 3
    worlds = table_of(report, "worlds")
    assert column(worlds, "best") == pytest.approx(deals[best].tolist())
    assert "3 worlds (sets of assumptions) with 1 seeds each" in report.subtitle
    assert "of 3 worlds" in " ".join(b.finding for s in report.sections for b in s.blocks if isinstance(b, Figure))


def test_maps_of_a_study_add_up_to_its_means():
    file, store = town_study()
    source = study()
    means = runs_table(store, load_study(file)).groupby("mix", sort=False)["open_deals"].mean()
    totals = [float(deals.sum()) for deals in source.comparison.places]
    assert totals == pytest.approx([means["visits patrol.visits_per_day=0"], *(means[m] for m in source.comparison.mixes)])


def test_a_study_does_not_claim_to_have_followed_needs():
    text = as_html(report_of("study"))
    assert "it cannot count where deals went" in text
    assert "Where removed deals went" not in text


def test_runs_of_another_model_are_told():
    other = replace(study(), study=replace(study().study, same_model=False))
    assert study().study.same_model
    assert "The store holds runs of another version of the model" in _warnings(other)
    assert len(_warnings(study())) == 1


def test_a_design_is_told_with_the_numbers_of_its_results():
    report = report_of("design")
    search = json.loads((tried_designs() / "search.json").read_text(encoding="utf-8"))
    chosen = search["plan"]["design"] or search["plan"]["nearest"]
    result = json.loads((tried_designs() / chosen / "result.json").read_text(encoding="utf-8"))
    verdicts = table_of(report, "verdicts")
    assert column(verdicts, "net_reduction") == [row["net_reduction"] for row in result["verdicts"]]
    assert column(table_of(report, "characteristics"), "power_city") == [
        row["power_city"] for row in result["characteristics"] if row["estimator"] == "poisson_did"
    ]
    assert len(table_of(report, "designs").rows) == len(search["ranking"])
    assert plain(report.tiles[0].value) == f"{round(100 * result['headline']['power_target'])} %"
    assert any("designs is enough" in text or "cheapest that is enough" in text for text in report.answer)


def test_one_design_is_reported_by_its_own_folder():
    folder = next(tried_designs().glob("*/result.json")).parent
    report = report_on(folder)
    assert report.title == json.loads((folder / "result.json").read_text(encoding="utf-8"))["title"]
    assert "designs" not in {table.id for table in report.tables}


def test_a_report_on_a_design_is_swedish_throughout():
    shown = as_html(report_of("design", "sv"))
    for word in ("Power", "Verdict", "warnings", "the places", "Smallest", "Harms", "dealing falls"):
        assert word not in re.sub(r"data:[^\"]*", "", shown), word


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("{store}",), "is the store of a study; odssim report STUDY.toml --store FILE"),
        (("{study}", "--store", "nowhere.sqlite"), "nowhere.sqlite: no such store"),
        (("{single}", "--store", "{store}"), "no study"),
        (("{old}",), "result.json: was changed or damaged since odssim wrote it, or is of another version"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments, words, tmp_path, capsys):
    file, store = town_study()
    single = tmp_path / "single.toml"
    single.write_text(file.read_text(encoding="utf-8").replace("Doses & worlds", "Another"), encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "result.json").write_text("{}", encoding="utf-8")
    known = {"study": file, "store": store, "single": single, "old": tmp_path / "old"}
    assert call("report", *(text.format(**known) for text in arguments), "--out", str(tmp_path / "page.html")) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not (tmp_path / "page.html").exists()
