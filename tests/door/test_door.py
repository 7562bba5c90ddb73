"""The public door: light to import, every name there, every answer with a line, a table, a picture and a folder."""

import subprocess
import sys
from pathlib import Path

import matplotlib
import pandas as pd
import pytest

import odssim
from evaluation.test_hand_over import counts, plan_file
from odssim.errors import OdssimError

matplotlib.use("agg")
PACKAGE = Path(odssim.__file__).parent


def test_import_loads_nothing_else():
    script = (
        "import sys; before = set(sys.modules); import odssim; dir(odssim)\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "['odssim']\n"


def test_every_name_is_there_and_no_room_has_it():
    for name in odssim.__all__:
        assert getattr(odssim, name) is not None
        assert not (PACKAGE / name).exists()
        assert not (PACKAGE / f"{name}.py").exists()
    assert set(odssim.__all__) <= set(dir(odssim))
    with pytest.raises(AttributeError, match="has no attribute 'rnu'"):
        _ = odssim.rnu


@pytest.fixture(scope="module")
def run():
    return odssim.run("teaching-town", days=5, seed=3, settings={"burn_in_days": 0, "population_multiplier": 1})


def test_a_run_is_a_line_a_table_a_picture_and_a_folder(run, tmp_path):
    assert repr(run) == "<odssim: Teaching town, 5 days from 2018-01-01, seed 3>"
    assert "Every figure is modelled" in run._repr_html_()
    frame = run.frame()
    assert frame["day"].dtype.kind == "M"
    assert frame.attrs["units"]["open_deals"] == "deals"
    deals = frame[frame["outcome"] == "open_deals"]
    assert deals["day"].tolist() == list(pd.date_range("2018-01-01", periods=5))
    assert deals["value"].sum() == pytest.approx(run.result.summary["open_deals"]["value"])
    assert "place" in run.frame(places=True)
    assert run.places()["open_deals"].sum() == pytest.approx(deals["value"].sum())
    assert {"run.json", "map.png", "series.png"} <= {file.name for file in run.save(tmp_path / "out").iterdir()}
    with pytest.raises(OdssimError, match=r"did you mean 'open_deals'"):
        run.plot("open_deal")


def test_two_runs_in_one_figure(run):
    axes = run.plot(label="one")
    assert run.plot("hidden_deals", ax=axes, label="other") is axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["open_deals: one", "hidden_deals: other"]


def test_words_of_the_user_are_no_html(run):
    named = odssim.run("teaching-town", days=1, settings={"burn_in_days": 0, "name": "<b>mine"})
    assert "<b>mine" not in named._repr_html_()
    assert "&lt;b&gt;mine" in named._repr_html_()


def test_scenarios_are_checked():
    scenario = odssim.load_scenario("stockholm-city", days=9, seed=4, parameters={"need.rate_month": [1, 2, 3]})
    assert (scenario.days, scenario.seed, scenario.parameters["need.rate_month.regular"]) == (9, 4, 2)
    assert odssim.load_scenario(scenario) is scenario
    with pytest.raises(OdssimError, match=r"did you mean 'choice.loyalty'"):
        odssim.load_scenario("teaching-town", parameters={"choice.loyality": 1})


def test_a_comparison(tmp_path):
    small = {"days": 40, "settings": {"burn_in_days": 5, "population_multiplier": 1}}
    found = odssim.compare("teaching-town", "hot-spot-town", seeds=2, **small)
    assert "2 paired seeds" in repr(found)
    assert found.frame()["first_day"].dtype.kind == "M"
    assert len(found.plot("hidden_deals").get_yticks()) == 1
    assert (found.save(tmp_path / "out") / "comparison.json").exists()
    with pytest.raises(OdssimError, match="an alternative or more"):
        odssim.compare("teaching-town")


def test_counts_are_estimated(tmp_path):
    data = tmp_path / "counts.csv"
    data.write_text(counts(), encoding="utf-8")
    found = odssim.estimate(data, plan_file(tmp_path))
    assert repr(found) == f"<odssim: {found.design.id}: {len(found.design.estimators)} estimators>"
    frame = found.frame()
    assert frame["estimator"][0] == found.design.keys.answer.primary
    assert len(found.plot().get_yticks()) == frame["percent"].notna().sum()
    assert (found.save(tmp_path / "out") / "plan.md").exists()


def test_lists():
    assert odssim.parameters().loc["choice.loyalty", "unit"] == "probability"
    assert odssim.outcomes("violence").index[0] == "violence"
    assert len(odssim.catalogue()) == 34
    assert odssim.catalogue().loc["hot_spot_patrol", "grade"] == "several studies"
