"""Shipped ensembles: every member lies inside the declared ranges and runs; their names work in study and design files."""

import json

import numpy as np
import pytest

from odssim.engine.build import PARAMETERS
from odssim.engine.run import run_scenario
from odssim.errors import OdssimError
from odssim.studies.calibration.result import _hash
from odssim.studies.study import load_study
from odssim.studies.study.jobs import Plan
from odssim.studies.study.worlds import members_of, shipped_ensembles
from study.town import write_study

ENSEMBLE = '[worlds]\nmethod = "ensemble"\nensemble = "stockholm"\n'
RANGES = {key: (p.low, p.high) for p in PARAMETERS for key in p.ids}


def test_every_member_lies_inside_the_declared_ranges_and_says_where_it_comes_from():
    members = members_of(shipped_ensembles()["stockholm"])
    record = json.loads(shipped_ensembles()["stockholm"].with_suffix(".json").read_text(encoding="utf-8"))
    assert 100 <= len(members) <= 300
    for member in members:
        assert set(member.parameters) == set(record["parameters"])
        for key, value in member.parameters.items():
            assert RANGES[key][0] <= value <= RANGES[key][1], (member.id, key)
            assert record["parameters"][key][0] <= value <= record["parameters"][key][1], (member.id, key)
    assert record["ensemble_hash"] == _hash([{"id": m.id, **m.parameters} for m in members])
    assert {"waves", "targets", "model", "odssim", "seed", "marginals"} <= set(record)


def test_members_run_and_differ(tmp_path):
    study = load_study(write_study(tmp_path, ENSEMBLE, replicates=1))
    plan = Plan(study)
    first, last = (plan.task(plan.jobs[i]).scenario for i in (0, -1))
    deals = [run_scenario(s).city_series["hidden_deals"].sum() for s in (first, last)]
    assert min(deals) > 0
    assert deals[0] != deals[1]


def test_the_first_members_by_n(tmp_path):
    whole = load_study(write_study(tmp_path, ENSEMBLE))
    some = load_study(write_study(tmp_path, ENSEMBLE + "n = 7\n"))
    assert some.worlds == whole.worlds[:7]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"stockholm"', '"stokholm"', "no such ensemble; did you mean 'stockholm'"),
        ("n = 3", "n = 9999", "is more than the 200 members of stockholm"),
        ("n = 3", 'table = "x.csv"', "is not used by ensemble"),
        ('ensemble = "stockholm"\n', "", "is missing: ensemble needs it"),
    ],
)
def test_a_wrong_ensemble_is_told_in_one_line(tmp_path, old, new, words):
    with pytest.raises(OdssimError) as error:
        load_study(write_study(tmp_path, (ENSEMBLE + "n = 3\n").replace(old, new)))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_the_default_is_near_the_middle_of_the_ensemble():
    members = members_of(shipped_ensembles()["stockholm"])
    record = json.loads(shipped_ensembles()["stockholm"].with_suffix(".json").read_text(encoding="utf-8"))
    defaults = {key: value for p in PARAMETERS for key, value in zip(p.ids, p.defaults, strict=True)}
    for key in (row["parameter"] for row in record["marginals"] if row["verdict"] == "narrowed"):
        values = np.array([member.parameters[key] for member in members])
        assert np.quantile(values, 0.05) <= defaults[key] <= np.quantile(values, 0.95), key
