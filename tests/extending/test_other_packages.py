"""Somebody else's package brings an intervention, an estimator and a city by entry points, without a fork."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from city.template import FILES
from extending.recipe import steps_of
from odssim.cli.new_command import intervention
from odssim.core.declare import Lever
from odssim.interventions.catalogue import CATALOGUE, read_entry

ENTRY_POINTS = """[odssim.interventions]
noise_walks = other:NOISE_WALKS

[odssim.estimators]
plain_ratio = other:PLAIN_RATIO

[odssim.cities]
harbour = other:HARBOUR
"""
CODE = """
from pathlib import Path

from odssim.evaluation.estimators.estimator import Estimator
from odssim.evaluation.estimators.two_by_two import rirr

HERE = Path(__file__).parent
NOISE_WALKS = HERE / "noise_walks.toml"
HARBOUR = HERE / "city" / "scenario.toml"
PLAIN_RATIO = Estimator("plain_ratio", "own", "Plain ratio", "log ratio", rirr, "nothing", "much")
"""


def odssim(folder, *words):
    where = os.pathsep.join([str(folder / "site"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "odssim", *words], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": where},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    folder = tmp_path_factory.mktemp("other")
    site = folder / "site"
    info = site / "other-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    (site / "other.py").write_text(CODE)
    words = ("new", "intervention", "noise_walks", "--folder", str(site))
    subprocess.run([sys.executable, "-m", "odssim", *words], capture_output=True, check=True)
    (site / "city").mkdir()
    for name, text in FILES.items():
        (site / "city" / name).write_text(text, encoding="utf-8")
    return folder


def test_they_are_used_like_our_own(other):
    cards = {card["id"]: card for card in json.loads(odssim(other, "catalogue", "--json"))}
    assert cards["noise_walks"]["english"] == "Noise walks"
    (other / "own.toml").write_text(
        'name = "own"\nextends = "harbour.toml"\ndays = 3\nburn_in_days = 0\n[[interventions]]\nid = "walks"\n'
        'type = "noise_walks"\nstart = 2018-01-02\ndays = 1\nplaces = { every = true }\n'
    )
    shown = json.loads(odssim(other, "show", "own.toml", "--json"))
    assert shown["interventions"][0]["options"]["visits_per_day"] == 4
    assert Path(shown["city"]["areas"]).parent == other / "site" / "city"
    assert "modelled" in odssim(other, "run", "own.toml", "--out", "out")
    odssim(other, "design", "new", "plan.toml", "--yes")
    plan = other / "plan.toml"
    text = plan.read_text()
    plan.write_text(text.replace("secondary = [", 'secondary = ["plain_ratio", '))
    assert plan.read_text() != text
    odssim(other, "design", "check", "plan.toml")


@pytest.mark.parametrize("like", CATALOGUE)
def test_what_new_writes_is_an_entry_with_the_options_of_another_and_none_of_its_texts(tmp_path, like, capsys):
    intervention("noise_walks", like, tmp_path)
    entry, other = read_entry(tmp_path / "noise_walks.toml"), CATALOGUE[like]
    assert (entry.id, entry.label_en, entry.grade) == ("noise_walks", "Noise walks", "assumption")
    for name in ("lever", "options", "fixed", "targets_places", "payer", "cost_parameter", "expected"):
        assert getattr(entry, name) == getattr(other, name)
    for name in ("label_sv", "handbook", "mechanism", "evidence", "harms", "not_modelled"):
        assert getattr(entry, name) != getattr(other, name)
    assert "position" not in (tmp_path / "noise_walks.toml").read_text(encoding="utf-8")
    assert "docs/extending.md" in capsys.readouterr().err


def test_the_page_names_an_entry_of_each_lever_to_begin_with():
    step = steps_of("Add an intervention")[1]
    named = {entry.lever for entry in CATALOGUE.values() if f"`{entry.id}`" in step}
    assert named == set(get_args(Lever))


@pytest.mark.parametrize(
    ("words", "said"),
    [(("cameras",), "is in the catalogue already"), (("Noise walks",), "must be 3 to 32 small letters"),
     (("noise_walks", "--like", "camera"), "did you mean 'cameras'")],
)  # fmt: skip
def test_wrong_names_are_refused(tmp_path, words, said):
    command = [sys.executable, "-m", "odssim", "new", "intervention", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
