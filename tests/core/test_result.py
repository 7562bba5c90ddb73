"""What a command hands over is one protocol, and one function writes it."""

import pytest

from odssim.analysis.comparison.side_by_side import Comparison
from odssim.core.result import Result, write_folder
from odssim.studies.calibration.result import Calibration
from odssim.studies.sensitivity.analyse import Report
from odssim.studies.study.choice import Choice


@pytest.mark.parametrize("kind", [Comparison, Choice, Report, Calibration])
def test_results_follow_the_protocol(kind):
    assert issubclass(kind, Result)
    assert kind.__dataclass_params__.frozen


def test_texts_rows_and_what_writes_itself_become_files(tmp_path):
    files = {"a.json": "{}\n", "b.csv": [{"x": 1.5, "y": None}], "c.png": lambda path: path.write_bytes(b"picture")}
    write_folder(tmp_path / "out", files)
    assert (tmp_path / "out" / "a.json").read_text(encoding="utf-8") == "{}\n"
    assert (tmp_path / "out" / "b.csv").read_text(encoding="utf-8") == "x,y\n1.5,\n"
    assert (tmp_path / "out" / "c.png").read_bytes() == b"picture"


def test_nothing_is_left_where_one_of_them_fails(tmp_path):
    with pytest.raises(ZeroDivisionError):
        write_folder(tmp_path / "out", {"a.json": "{}", "b.png": lambda path: 1 / 0})
    assert not (tmp_path / "out").exists()
