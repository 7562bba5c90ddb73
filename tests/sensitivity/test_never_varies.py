"""An outcome that is the same in every run: every method says just that; where little varies no number is made up."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest

from odssim.cli.sensitivity_command import _print
from odssim.core.result import write_result
from odssim.errors import OdssimError
from odssim.studies.sensitivity.analyse import NEVER_VARIES, analyse
from odssim.studies.sensitivity.pictures import pictures
from odssim.studies.sensitivity.sample import make_sample
from odssim.studies.sensitivity.space import Factor, Space

METHODS = ("chance", "oat", "morris", "sobol", "pawn", "shapley", "emulator", "decisions")
SPACE = Space(tuple(Factor(name, 0.0, 1.0, "", False, None) for name in ("a", "b")))


@pytest.fixture(autouse=True)
def no_warning():
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        yield


def sampled(method, common_random_numbers=False):
    sample = make_sample(
        method, SPACE, 8 if method != "emulator" else 16, base=[0.5, 0.5], common_random_numbers=common_random_numbers
    )
    n, m, _ = sample.unit.shape
    return sample, np.zeros((n, 2 if method == "decisions" else m, 3))


@pytest.mark.parametrize("common_random_numbers", [False, True])
@pytest.mark.parametrize("value", [0.0, 4.5])
@pytest.mark.parametrize("method", METHODS)
def test_it_says_just_that(method, value, common_random_numbers, tmp_path, capsys):
    sample, y = sampled(method, common_random_numbers)
    y += value
    y[0, 0, 0] = np.nan  # a run that failed does not make an outcome vary
    report = analyse(sample, y, "deaths", mixes=("A", "B"))
    line = f"deaths is {value:g} in all {y.size - 1} runs: it never varies, "
    line += "so that no parameter can be said to matter for it."
    assert report.notes == (line,)
    assert report.indices == ({"outcome": "deaths", "value": value, "n_runs": y.size - 1, "verdict": NEVER_VARIES},)
    assert (report.chance, report.levels, report.shares, report.converged) == (None, (), (), None)
    write_result(report, tmp_path)
    assert pictures(report) == {}
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == ["indices.csv"]
    assert (tmp_path / "indices.csv").read_text(encoding="utf-8").endswith(f"deaths,{value},{y.size - 1},never varies\n")
    text = (tmp_path / "sensitivity.json").read_text(encoding="utf-8")
    assert json.loads(text)["notes"] == [line]
    assert "NaN" not in text
    _print(report)
    assert line in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["one run", "few runs", "second half"])
@pytest.mark.parametrize("method", METHODS)
def test_where_little_varies_there_is_no_nan_and_no_warning(method, kind, tmp_path):
    sample, y = sampled(method)
    rng = np.random.default_rng(1)
    half = y[len(y) // 2 :]
    if kind == "one run":
        y[-1, -1, -1] = 1.0
    elif kind == "few runs":
        half[rng.random(half.shape) < 0.1] = 1.0
        y[-1, -1, -1] = 1.0
    else:
        half[:] = rng.random(half.shape)
    try:
        report = analyse(sample, y, "deaths", mixes=("A", "B"))
    except OdssimError:  # too little to say anything
        return
    write_result(report, tmp_path)
    for path in tmp_path.iterdir():
        assert "nan" not in path.read_text(encoding="utf-8").lower(), path.name
