"""Contrasts at the places treated, and patterns of another study's scenario."""

import numpy as np
import pytest

from calibration.test_study import HEAD
from odssim.engine.run import run_scenario
from odssim.errors import OdssimError
from odssim.studies.calibration.calibrate import Calibrator
from odssim.studies.calibration.measured import levels_at_treated
from odssim.studies.sensitivity.runs import run_points, space_of_study
from odssim.studies.study.jobs import Plan
from odssim.studies.study.study import load_study
from odssim.validation.patterns.trunk import place_days
from study.town import Inline

SHORT = "days = 5, burn_in_days = 1, population_multiplier = 0.3"
LONGER = "days = 104, burn_in_days = 2, population_multiplier = 5"
TOWN = HEAD.replace(SHORT, LONGER) + 'period = "month"\n'
RANKED = """
[[mixes]]
id = "nothing"
interventions = []
[[mixes]]
id = "cameras"
[[mixes.interventions]]
id = "c"
type = "cameras"
start = 2018-04-01
coverage = 1.0
places = { rank = "open_deals", top = 2, at = 2018-03-31 }
"""
STUDY = """
[worlds]
method = "sobol"
n = 2
[worlds.parameters]
"guardianship.camera_fear_sek" = { low = 100, high = 5000 }
[calibrate]
patterns = ["V1"]
contrasts = [{ id = "V11", study = "other.toml", mix = "cameras", where = "treated", band = [-30, -8] }]
elsewhere = [{ id = "deals there", study = "other.toml", pattern = "A45 open" }]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "town.toml").write_text(HEAD + STUDY, encoding="utf-8")
    (tmp_path / "other.toml").write_text(TOWN + RANKED, encoding="utf-8")
    return tmp_path


def test_levels_are_those_of_the_places_that_the_runs_ranked(folder):
    study = load_study(folder / "other.toml")
    space = space_of_study(folder / "town.toml")
    how = {"executor": Inline(), "workers": 1}
    _, batch, labels = run_points(study, "x", space, np.array([[300.0]]), np.array([0]), folder / "s.sqlite", **how)
    found = levels_at_treated(folder / "s.sqlite", batch, labels, ("nothing", "cameras"), "open_deals")
    plan, treated = Plan(batch), {}
    for job in plan.jobs:
        result = run_scenario(plan.task(job).scenario)
        deals = place_days(result)
        if job.mix == "nothing":
            treated[job.seed] = np.argsort(-deals[:90].sum(axis=0), kind="stable")[:2]
        expected = deals[90:, treated[job.seed]].sum()
        assert expected > 0
        assert found[0, int(job.mix == "cameras"), job.replicate - 1] == expected
        assert not result.targets or result.targets == set(treated[job.seed].tolist())
    assert (found[:, 1] < found[:, 0]).all()


def test_both_are_measured_from_the_second_wave_on_and_bands_are_those_of_the_city(folder):
    calibrator = Calibrator(folder / "town.toml", folder / "c.sqlite", 10, {"executor": Inline(), "workers": 1})
    targets = {target.id: target for target in calibrator.settings.all_targets}
    assert (targets["deals there"].low, targets["deals there"].high) == (0.08, 0.25)
    assert len(calibrator.others) == 1
    points = np.array([[0.1], [0.9]])
    first, second = calibrator.evaluate(points, 1), calibrator.evaluate(points, 2)
    assert np.isnan(first["V11"]).all()
    assert np.isnan(first["deals there"]).all()
    assert np.isfinite(second["V11"]).all()
    assert (second["V11"] < 0).any()
    assert (second["deals there"] > 0).all()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('period = "month"', 'period = "week"', "a period must begin on 2018-04-01"),
        ("at = 2018-03-31", "at = 2018-03-30", "a period must begin on 2017-12-31"),
        ('rank = "open_deals", top = 2, at = 2018-03-31', "every = true", "must be one intervention at places by names"),
        ('id = "cameras"', 'id = "kameras"', "no such mix: 'cameras'"),
    ],
)
def test_what_the_table_of_places_cannot_tell_is_refused(folder, old, new, words):
    text = (TOWN + RANKED).replace(old, new, 1)
    (folder / "other.toml").write_text(text, encoding="utf-8")
    with pytest.raises(OdssimError) as error:
        Calibrator(folder / "town.toml", folder / "c.sqlite", 10, {})
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_pattern_elsewhere_must_exist(folder):
    (folder / "town.toml").write_text((HEAD + STUDY).replace('"A45 open"', '"A45 opn"'), encoding="utf-8")
    with pytest.raises(OdssimError, match="no such pattern: 'A45 opn'; did you mean 'A45 open'"):
        Calibrator(folder / "town.toml", folder / "c.sqlite", 10, {})
