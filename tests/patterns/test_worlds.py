"""Branches of one past, arms of the contrasts, and the command, in a small run of the teaching town."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from odssim.engine.run import run_pair
from odssim.errors import ScenarioError
from odssim.validation.patterns import campaign, enforcement, relocation
from odssim.validation.patterns.ablation import ablate
from odssim.validation.patterns.campaign import TOWN, chosen, jobs_of, run_jobs, shipped
from odssim.validation.patterns.fifteen_minutes import BIN_EDGES_MIN, dose_curve
from odssim.validation.patterns.findings import Off
from odssim.validation.patterns.seeds import measure_seed, with_sets
from odssim.validation.patterns.trunk import Trunk, place_days

DAYS = 20
STRONG = ("parameters.guardianship.camera_fear_sek=400",)
"""A reaction that a few days show."""


@pytest.fixture(scope="module")
def trunk():
    return Trunk.grow(shipped(TOWN, ("burn_in_days=182", *STRONG)), 1)


@pytest.fixture(scope="module")
def base(trunk):
    return trunk.branch(DAYS, ledger=True)


def test_a_branch_is_what_run_pair_makes(trunk, tmp_path, monkeypatch):
    monkeypatch.setenv("ODSSIM_CACHE", str(tmp_path))
    patrol = trunk.plan("hot_spot_patrol", trunk.cells, DAYS)
    alone = trunk.branch(DAYS, patrol, ledger=True)
    first = alone.scenario.__class__(**{**vars(alone.scenario), "interventions": ()})
    _, paired = run_pair(first, [alone.scenario], 1)
    assert np.array_equal(alone.ledger, paired.ledger)
    assert np.array_equal(place_days(alone, "police_min"), place_days(paired, "police_min"))


def test_other_parameters_act_from_the_start_date_on(trunk, base):
    same = trunk.branch(DAYS, sets=[("supply.wholesale_sek_g.heroin", 350.0)], ledger=True)
    assert np.array_equal(same.ledger, base.ledger), "the default again changes nothing"
    dearer = trunk.branch(DAYS, sets=[("supply.wholesale_sek_g.heroin", 700.0)])
    prices = [r.city_series["price_heroin_sek"] for r in (base, dearer)]
    assert prices[1][-1] > prices[0][-1]
    assert prices[1][0] == pytest.approx(prices[0][0], rel=0.02)


def test_scenes_are_worked_at(trunk, base):
    assert len(trunk.sites) >= 2
    assert trunk.per_day("open_deals", trunk.cells) >= 5
    other = enforcement.patrol_arm(trunk, DAYS)
    minutes = [place_days(r, "police_min")[:, trunk.cells].sum() for r in (base, other)]
    assert 1.5 < minutes[1] / minutes[0] < 2.6, "ordinary patrol once more"
    change, level = enforcement.at_scenes(base, other, trunk.cells, "open_deals")
    assert change < 0 < level


def test_cameras_in_full_view_do_more_than_in_part(trunk, base):
    full, part = (enforcement.camera_arm(trunk, share, DAYS) for share in (1.0, 0.3))
    falls = [enforcement.at_scenes(base, r, trunk.cells, "open_deals")[0] for r in (full, part)]
    assert falls[0] < falls[1] < 0


def test_sites_have_three_methods_and_disjoint_rings(trunk):
    plans = relocation.site_plans(trunk, DAYS)
    assert [spec.type for _, spec in plans] == list(relocation.METHODS)
    target, near, rest = relocation.rings(trunk, plans[0][0])
    assert (target.astype(int) + near + rest == 1).all()
    assert target.sum() == len(plans[0][0]) < near.sum() < rest.sum()


def test_relocation_counts_sites(trunk, base):
    found = relocation.relocation(trunk, base, DAYS)
    displaced, n = found["V9 displaced"]
    assert n == 3
    assert 0 <= displaced + found["V9 diffused"][0] <= n
    assert found["V9 wdq"][1] < 0, "something was removed at the targets"


def test_the_dose_curve_counts_every_visit(trunk):
    spec = trunk.plan("hot_spot_patrol", trunk.cells, DAYS, visits_per_day=3, minutes=(1, 30), hours=(11.0, 23.0))
    curve = dose_curve(trunk, trunk.branch(DAYS, spec, events=True))
    assert 0.8 * 3 * DAYS * len(trunk.cells) < curve["visits"].sum() <= 3 * DAYS * len(trunk.cells)
    lengths = curve["minutes"] / curve["visits"]
    assert ((lengths >= BIN_EDGES_MIN[:-1]) & (lengths < BIN_EDGES_MIN[1:])).all()
    assert (curve["soon"] <= curve["visits"]).all()


def test_one_process_and_two_say_the_same():
    town = shipped(TOWN, ("burn_in_days=40",))
    jobs = jobs_of(town, ("V11",), 2, ())
    done = []
    two = run_jobs(jobs, 2, lambda a, b: done.append((a, b)))
    assert two == run_jobs(jobs, 1)
    assert done[-1][0] == done[-1][1] > 0


def test_a_campaign_that_was_killed_goes_on(tmp_path, monkeypatch):
    town, file = shipped(TOWN, ("burn_in_days=20",)), tmp_path / "kept.jsonl"
    jobs = jobs_of(town, ("V8",), 2, ())
    calls = []

    def measured(_scenario, seed, _patterns):
        calls.append(seed)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return {"V8 peak": (np.array([1.0, seed]), np.array([2.0, 3.0])), "V8 ratio": (1.0, 2.0), "note x": float(seed)}

    monkeypatch.setattr(campaign, "measure_seed", measured)
    with pytest.raises(KeyboardInterrupt):
        run_jobs(jobs, 1, kept=file)
    with file.open("a") as out:
        out.write(file.read_text(encoding="utf-8").replace("1.0", "7.0"))  # a line that was changed
        out.write('["deep", ' + "[" * 5000 + '\n["cut off')
    found = run_jobs(jobs, 1, kept=file)[TOWN]
    assert calls == [1, 2, 2], "the first seed is not measured again"
    assert found[0]["V8 peak"][0].tolist() == [1.0, 1.0]
    assert (found[0]["V8 ratio"], found[1]["note x"]) == ((1.0, 2.0), 2.0)
    assert not file.exists()


def test_switching_off_reaches_the_rules():
    town = shipped(TOWN, ("burn_in_days=60", *STRONG))
    off = with_sets(town, (("guardianship.camera_fear_sek", 0.0),))
    change, level = measure_seed(off, 1, ("V11",))["V11"]
    assert change > -0.35 * level, "what is left: cameras still lead to arrests"
    change, level = measure_seed(town, 1, ("V11",))["V11"]
    assert change < -0.5 * level


def test_an_ablation_sits_beside_the_same_seeds():
    rows = ablate(shipped(TOWN, ("burn_in_days=60", *STRONG)), seeds=2, patterns=["V11"], workers=1)
    assert [row.shipped.row.key for row in rows] == ["V11", "V11 violence"] * 2
    assert isinstance(rows[0].off, Off)
    assert rows[0].moved == "higher"
    assert rows[0].record()["sets"] == "guardianship.camera_fear_sek=0"


def test_a_pattern_that_does_not_exist_is_named():
    with pytest.raises(ScenarioError, match="no such pattern"):
        chosen(["V14"])


def command(*arguments: str, cwd) -> subprocess.CompletedProcess:
    line = [sys.executable, "-m", "odssim", *arguments]
    return subprocess.run(line, cwd=cwd, env=os.environ, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_command_writes_a_report(tmp_path):
    sets = ("--set", "burn_in_days=60", "--workers", "1", "--quick", "--seeds", "2", "--pattern", "V11")
    done = command("validate", *sets, "--json", "--out", "report", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["id"] for row in rows] == ["V11", "V11 violence"]
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "http" not in page, "the page needs nothing from elsewhere"
    assert json.loads((tmp_path / "report" / "patterns.json").read_text())["patterns"] == rows
