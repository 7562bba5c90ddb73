"""What sweeps and tables set is in columns of every table and export, not only in the name of a mix."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from odssim.core.result import write_result
from odssim.studies.study import load_study, run_study, runs_table
from odssim.studies.study.choice import choose
from odssim.studies.study.codebook import codebook, stata_names
from odssim.studies.study.export import FORMATS, export
from odssim.studies.study.tables import TABLES, frames, options_of
from study.town import MIXES, Inline, write_study

SWEEP = (
    MIXES
    + """
[sweep]
"interventions.patrol.visits_per_day" = { values = [0, 3] }
"budget.police" = { values = [500, 1000] }
"detection.conceal" = { values = [0.2, 0.8] }
"""
)
OPTIONS = ("o.patrol.visits_per_day", "o.budget.police")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    study = load_study(write_study(folder, SWEEP, replicates=1, period="window"))
    run_study(study, folder / "s.sqlite", executor=Inline(), workers=1)
    return study, folder


def test_every_table_has_them(study):
    swept, folder = study
    for name in TABLES[:3]:
        for part in frames(folder / "s.sqlite", swept, name):
            assert {*OPTIONS, "p.detection.conceal", "o.patrol.start"} <= set(part)
            for _, row in part.iloc[:: max(1, len(part) // 50)].iterrows():
                expected = next(mix for mix in swept.mixes if mix.id == row["mix"]).options
                assert row["p.detection.conceal"] == (0.2 if "0.2" in row["world"] else 0.8)
                for column, key in zip(OPTIONS, ("interventions.patrol.visits_per_day", "budget.police"), strict=True):
                    assert row[column] == expected[key] if key in expected else pd.isna(row[column])


def test_a_sweep_that_takes_the_intervention_out_says_nought(study):
    swept, folder = study
    options = options_of(runs_table(folder / "s.sqlite", swept))
    assert {one["o.patrol.visits_per_day"] for one in options.values()} == {None, 0.0, 3.0}
    assert options["baseline"] == dict.fromkeys(next(iter(options.values())))


@pytest.mark.parametrize("kind", FORMATS)
def test_every_export_has_them(study, kind, tmp_path):
    swept, folder = study
    export(folder / "s.sqlite", swept, tmp_path, [kind])
    wanted = runs_table(folder / "s.sqlite", swept)
    names = stata_names(list(wanted))
    read = {
        "parquet": lambda: pd.read_parquet(tmp_path / kind / "runs.parquet"),
        "csv": lambda: pd.read_csv(tmp_path / kind / "runs.csv"),
        "csv-semicolon": lambda: pd.read_csv(tmp_path / kind / "runs.csv", sep=";", decimal=",", encoding="utf-8-sig"),
        "excel": lambda: pd.read_excel(tmp_path / kind / "tables.xlsx", sheet_name="runs"),
        "stata": lambda: pd.read_stata(tmp_path / kind / "runs.dta"),
    }
    found = read[kind]()
    for column in (*OPTIONS, "p.detection.conceal"):
        here = names[column] if kind == "stata" else column
        pd.testing.assert_series_equal(found[here].astype(float), wanted[column], check_names=False)
    rows = {row["column"]: row for row in codebook("runs", list(wanted))}
    assert rows["o.patrol.visits_per_day"]["unit"] == "visits/day"
    assert rows["o.budget.police"]["meaning"] == "budget.police of the mix."


def test_a_choice_has_them(study, tmp_path):
    swept, folder = study
    found = choose(folder / "s.sqlite", swept.name, [mix.id for mix in swept.mixes if mix.id != "baseline"])
    write_result(found, tmp_path / "out")
    record = json.loads((tmp_path / "out" / "choice.json").read_text(encoding="utf-8"))
    assert all(OPTIONS[1] in row and f"base.{OPTIONS[1]}" in row for row in record["differences"])
    assert {row["mix"]: row[OPTIONS[1]] for row in record["decision"]["ranking"]}
    for name in ("differences", "ranking"):
        assert OPTIONS[0] in (tmp_path / "out" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
