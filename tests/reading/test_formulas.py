"""Text stays text: in CSV made for spreadsheets with an apostrophe, in workbooks by its type, in plain CSV as it is."""

import csv

import openpyxl
import pandas as pd
import pytest

from evaluation.designs import edited
from odssim.core.csv_json import NOTE, as_text, write_spreadsheet_csv
from odssim.evaluation.counts.analyse import analyse
from odssim.evaluation.counts.data_file import read_panel
from odssim.evaluation.counts.hand_over import write_hand_over
from odssim.evaluation.design.design_file import load_design
from odssim.studies.study.export import WRITERS

NASTY = ["=1+1", "+A1", "@SUM(A1)", "-A1", '=HYPERLINK("http://a","b")', "http://example.org", "{=1}"]


@pytest.mark.parametrize("text", ["=1+1", "+A1", "@A", "-A1", "\t=1", "\r=1", "=", "-", "+-1"])
def test_text_that_a_spreadsheet_obeys_gets_an_apostrophe(text):
    assert as_text(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-1", "+1,5", "-1e5", "a=1", "", "Torget", "'=1", None, -1, -1.5, True])
def test_all_else_stays(value):
    assert as_text(value) == value


def test_a_table_for_spreadsheets_holds_numbers_and_texts(tmp_path):
    table = pd.DataFrame({"=name": ["=1", "Öst", None], "number": [-1.5, 2, None], "n": [-1, 0, 1]})
    assert write_spreadsheet_csv([table, table], tmp_path / "t.csv") == ["=name", "number", "n"]
    text = (tmp_path / "t.csv").read_bytes().decode("utf-8")
    assert text == "\ufeff'=name;number;n\n" + "'=1;-1,5;-1\nÖst;2,0;0\n;;1\n" * 2


def test_the_codebook_for_spreadsheets_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("odssim.studies.study.export.frames", lambda *_: iter([pd.DataFrame({"key": ["=1"], "seed": [1]})]))
    for kind in ("csv", "csv-semicolon"):
        (tmp_path / kind).mkdir()
        WRITERS[kind](tmp_path, None, ["runs"], tmp_path / kind)
        book = (tmp_path / kind / "codebook.csv").read_text(encoding="utf-8-sig")
        assert (NOTE in book) == (kind == "csv-semicolon")
    assert (tmp_path / "csv" / "runs.csv").read_text(encoding="utf-8") == "key,seed\n=1,1\n"


def test_the_hand_over_has_no_formula_but_its_own(tmp_path):
    design = load_design(_plan(tmp_path))
    names = [*NASTY, "eighth"]
    arms = ["treated"] * 4 + ["control"] * 4
    rows = [(name, t, 5 + t % 3, arm) for name, arm in zip(names, arms, strict=True) for t in range(1, 13)]
    with (tmp_path / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("place", "period", "count", "arm"), *rows])
    panel = read_panel(str(tmp_path / "counts.csv"), design)
    write_hand_over(design, panel, analyse(panel, design), tmp_path / "out")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "formulas.xlsx")["data"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(cell.hyperlink is None for cell in cells)
    assert {cell.value for cell in sheet["A"][1:]} == set(names)
    assert set(pd.read_csv(tmp_path / "out" / "panel.csv")["place"]) == set(names)
    shown = pd.read_csv(tmp_path / "out" / "panel-semicolon.csv", sep=";", encoding="utf-8-sig")
    assert set(shown["place"]) == {as_text(name) for name in names}


def _plan(folder):
    tables = {
        "data__places": "treated = 4\ncontrol = 4",
        "data__timing": "pre = 6\npost = 6",
        "data": 'indicators = ["recorded_offences"]',
    }
    (folder / "plan.toml").write_text(edited(**tables), encoding="utf-8")
    return folder / "plan.toml"
