"""Tables and records as files: one way each."""

import json
import math
from datetime import date

import numpy as np

from odssim.core.csv_json import json_text, jsonable, write_csv


def test_a_record_holds_only_what_json_knows():
    value = {1: np.float64("nan"), "b": (np.int64(2), np.True_), "day": date(2018, 1, 6), "top": math.inf, "å": "å"}
    assert jsonable(value) == {"1": None, "b": [2, True], "day": "2018-01-06", "top": None, "å": "å"}
    assert json.loads(json_text(value)) == jsonable(value)
    assert json_text({"b": 1, "a": 2}, sort_keys=True) == '{\n "a": 2,\n "b": 1\n}\n'


def test_a_table_has_a_column_for_every_key_of_any_row(tmp_path):
    write_csv(tmp_path / "a.csv", [{"x": 1}, {"x": None, "y": "two, three"}])
    assert (tmp_path / "a.csv").read_bytes() == b'x,y\n1,\n,"two, three"\n'
    write_csv(tmp_path / "b.csv", [{"x": 1}], end="\r\n")
    assert (tmp_path / "b.csv").read_bytes() == b"x\r\n1\r\n"
    write_csv(tmp_path / "c.csv", [])
    assert (tmp_path / "c.csv").read_bytes() == b""
