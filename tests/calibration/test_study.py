"""A small calibration of the teaching town: resumable, budgeted, and its ensemble a table of worlds."""

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from odssim.core.result import write_result
from odssim.engine.run import run_scenario
from odssim.errors import OdssimError
from odssim.studies.calibration.calibrate import calibrate
from odssim.studies.calibration.measured import patterns_of_study
from odssim.studies.calibration.picture import pictures
from odssim.studies.calibration.settings import read_settings
from odssim.studies.sensitivity.runs import run_points, space_of_study
from odssim.studies.study.jobs import Plan
from odssim.studies.study.study import load_study
from odssim.validation.patterns import measure, measure_counts
from study.town import Inline

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HEAD = f"""
name = "Town"
scenario = "{(SCENARIOS / "teaching-town.toml").as_posix()}"
replicates = 2
set = {{ days = 5, burn_in_days = 1, population_multiplier = 0.3 }}
"""
PARAMETERS = """
[worlds]
method = "sobol"
n = 4
[worlds.parameters]
"choice.explore_share" = { low = 0.01, high = 0.3 }
"need.rate_month.dependent" = { low = 5, high = 75 }
"""
MIXES = """
[[mixes]]
id = "nothing"
interventions = []
[[mixes]]
id = "more"
interventions = [{ id = "p", type = "hot_spot_patrol", start = 2018-01-02, resources = "added", places = { every = true } }]
"""
CALIBRATE = """
[calibrate]
patterns = ["V12 deals"]
bands = { "V12 deals" = [1, 1000], consumed_g = [45, 60] }
discrepancy = { consumed_g = 1 }
waves = 2
points = 6
ensemble = 40
check = "check.toml"
finalists = 2
contrasts = [{ id = "patrol", study = "other.toml", mix = "more", outcome = "visits", band = [0, 1e6] }]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("calibration")
    (made / "town.toml").write_text(HEAD + PARAMETERS + CALIBRATE, encoding="utf-8")
    (made / "other.toml").write_text(HEAD + MIXES, encoding="utf-8")
    check = f'name = "Check"\nextends = "{(SCENARIOS / "teaching-town.toml").as_posix()}"\ndays = 4\nburn_in_days = 1\n'
    (made / "check.toml").write_text(check + "population_multiplier = 0.3\n", encoding="utf-8")
    return made


def run(folder, store, **given):
    return calibrate(folder / "town.toml", folder / store, executor=Inline(), workers=1, **given)


def test_resumed_is_uninterrupted_byte_for_byte(folder):
    whole = run(folder, "whole.sqlite")
    write_result(whole, folder / "whole", pictures(whole))
    first = run(folder, "pieces.sqlite", n_waves=1)
    with sqlite3.connect(folder / "pieces.sqlite") as db:
        keys = [key for (key,) in db.execute("SELECT key FROM runs ORDER BY key")][::3]
        for table in ("runs", "details", "run_days", "run_places"):
            db.executemany(f"DELETE FROM {table} WHERE key = ?", [(key,) for key in keys])
    resumed = run(folder, "pieces.sqlite")
    write_result(resumed, folder / "pieces", pictures(resumed))
    names = sorted(path.name for path in (folder / "whole").glob("[!.]*"))
    assert names == ["ensemble.csv", "finalists.csv", "marginals.csv", "marginals.png", "provenance.json", "waves.csv"]
    for name in names:
        assert (folder / "whole" / name).read_bytes() == (folder / "pieces" / name).read_bytes(), name
    assert len(first.history.waves) == 1
    assert 0 < whole.history.nroy_share < 0.7
    rows = {row.parameter: row for row in whole.marginals}
    assert rows["need.rate_month.dependent"].left_low > 15
    assert rows["choice.explore_share"].verdict.startswith("not identified")


def test_what_was_run_is_what_is_written(folder):
    result = run(folder, "whole.sqlite")
    assert {row["pattern"] for row in result.finalists} == {"V12 deals", "consumed_g"}
    assert {row["member"] for row in result.finalists} == {"e001", "e002"}
    assert "patrol" not in {e.target.id for e in result.history.waves[0].emulators}
    last = result.history.waves[-1]
    assert "patrol" in {e.target.id for e in last.emulators} | set(last.not_used)
    assert result.history.is_plausible(result.members).all()
    with sqlite3.connect(folder / "whole.sqlite") as db:
        waves = "FROM jobs WHERE study LIKE '% / wave _ patterns' AND study NOT LIKE '%wave 0%'"
        (seeds,), (jobs,) = (db.execute(f"SELECT COUNT({what}) {waves}").fetchone() for what in ("DISTINCT seed", "*"))
    assert seeds == jobs == 2 * 6 * 2
    record = json.loads((folder / "whole" / "provenance.json").read_text(encoding="utf-8"))
    assert record["targets"] == [
        {"id": "V12 deals", "low": 1, "high": 1000, "discrepancy_sd": pytest.approx(99.9)},
        {"id": "consumed_g", "low": 45, "high": 60, "discrepancy_sd": 1},
        {"id": "patrol", "low": 0, "high": 1e6, "discrepancy_sd": pytest.approx(1e5)},
    ]
    assert any("finalists run on check.toml" in line for line in result.text())
    words = "These patterns say nothing of: "
    same = [row.parameter for row in result.marginals if row.verdict.startswith("not identified")]
    assert any(line.startswith(words) for line in result.text()) == bool(same)


def test_the_ensemble_is_a_table_of_worlds(folder):
    result = run(folder, "whole.sqlite")
    text = HEAD + '[worlds]\nmethod = "table"\ntable = "whole/ensemble.csv"\n'
    (folder / "uses.toml").write_text(text, encoding="utf-8")
    study = load_study(folder / "uses.toml")
    assert [world.id for world in study.worlds] == [f"e{i:03d}" for i in range(1, 41)]
    values = result.space.values(result.members)
    assert [w.parameters["choice.explore_share"] for w in study.worlds] == pytest.approx(values[:, 0])


def test_without_time_the_first_wave_is_not_begun(folder):
    with pytest.raises(OdssimError, match="the first wave takes about"):
        run(folder, "never.sqlite", minutes=1e-6)


def test_patterns_of_a_store_are_those_of_the_run(folder):
    study = load_study(folder / "town.toml")
    space = space_of_study(folder / "town.toml")
    values, luck = space.values(np.array([[0.2, 0.1]])), np.array([0])
    _, batch, labels = run_points(study, "x", space, values, luck, folder / "one.sqlite", executor=Inline(), workers=1)
    plan = Plan(batch)
    whole = run_scenario(plan.task(plan.jobs[0]).scenario, ledger=True)
    expected = measure(whole)
    found = patterns_of_study(folder / "one.sqlite", batch, labels, list(expected))
    counted = measure_counts(whole.city_series, whole.place_totals["open_deals"], 1.0, 0.5)
    assert len(counted) == 13
    for key in counted:
        assert found[key][0, 0] == pytest.approx(expected[key], rel=1e-12, nan_ok=True), key


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('patterns = ["V3"]', "V3 needs a ledger"), ('patterns = ["V99"]', "no such pattern: 'V99'"),
        ("bands = { open_deal = [1, 2] }", "did you mean 'open_deals'"), ("points = 1", "must be at least 4"),
        ("bands = { V1 = [2, 1] }", "lower number first"), ("wave = 2", "did you mean 'waves'"),
        ('check = "none.toml"', "no such file"),
        ('contrasts = [{ id = "x", study = "other.toml", mix = "more", outcome = "visit", band = [0, 1] }]', "'visits'"),
        ('contrasts = [{ id = "x", study = "other.toml", mixx = "more", band = [0, 1] }]', "did you mean 'mix'"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_told_in_one_line(folder, table, words):
    file = folder / "wrong.toml"
    file.write_text(f"{HEAD}{PARAMETERS}[calibrate]\n{table}\n", encoding="utf-8")
    with pytest.raises(OdssimError) as error:
        read_settings(file, "teaching-town")
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert str(file) in str(error.value)
