"""A/A studies: comparing a thing with itself finds a difference as often as the interval says, and no oftener."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from odssim.analysis.decision.objective import Objective
from odssim.analysis.decision.ranking import BEST, Evidence, rank
from odssim.analysis.displacement.rirr import rirr
from odssim.analysis.displacement.wdd import wdd
from odssim.analysis.statistics.intervals import paired_difference
from odssim.analysis.statistics.overdispersion import dispersion_index
from odssim.engine.run import run_scenario
from odssim.interventions import CATALOGUE
from odssim.rules import PARAMETERS
from odssim.scenario import load
from statistical.stat import FALSE_FAIL, assert_proportion

N_STUDIES, N_PAIRS = 60, 2
"""Of the town: 240 runs of two days in a small population."""
TOWN = """\
name = "Town"
city = "teaching-town"
start_date = 2018-01-01
days = 2
burn_in_days = 0
population_multiplier = 0.5
"""


def covers(low, high, value=0.0):
    return low <= value <= high


@pytest.fixture(scope="module")
def town_runs(tmp_path_factory):
    """Daily means of 240 runs of one scenario, each with a seed of its own: [studies, side, pairs] per outcome."""
    folder = tmp_path_factory.mktemp("aa")
    (folder / "town.toml").write_text(TOWN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ODSSIM_CACHE", str(folder / "cache"))
        town = load(folder / "town.toml", parameters=PARAMETERS, catalogue=CATALOGUE)
        series = [run_scenario(replace(town, seed=seed)).city_series for seed in range(1, 1 + N_STUDIES * 2 * N_PAIRS)]
    return {
        name: np.array([one[name].mean() for one in series]).reshape(N_STUDIES, 2, N_PAIRS)
        for name in ("hidden_turnover_sek", "consumed_g")
    }


@pytest.mark.parametrize("outcome", ["hidden_turnover_sek", "consumed_g"])
def test_intervals_of_a_town_against_itself_cover_zero(town_runs, outcome):
    changes = [paired_difference(base, other).difference for base, other in town_runs[outcome]]
    assert all(change.se > 0 for change in changes)
    covered = sum(covers(change.low, change.high) for change in changes)
    # false alarm: one in a million; a coverage of 53 % or less would be noticed
    assert_proportion(covered, N_STUDIES, 0.95, detects=0.42)


def test_independent_worlds_have_nothing_to_gain_from_pairing(town_runs):
    sides = np.moveaxis(town_runs["consumed_g"], 1, 2).reshape(-1, 2)
    pairs = paired_difference(sides[:, 0], sides[:, 1])
    # 1 / (1 - r) with r of 120 unrelated runs: five standard errors of r are 0.45
    assert 1 / 1.45 < pairs.variance_ratio < 1 / 0.55


def counts_of(rng, n_studies, n_pairs, alpha=0.3, mean=40.0):
    return rng.poisson(mean * rng.gamma(1 / alpha, alpha, size=(n_studies, 2, n_pairs)))


@pytest.mark.parametrize("n_pairs", [4, 10, 40])
def test_intervals_of_overdispersed_counts_against_themselves_cover_zero(n_pairs):
    studies = counts_of(np.random.default_rng(100 + n_pairs), 4000, n_pairs)
    changes = [paired_difference(base, other).difference for base, other in studies]
    assert_proportion(sum(covers(c.low, c.high) for c in changes), 4000, 0.95, detects=0.04)


def test_confidence_sequences_of_counts_against_themselves_cover_zero():
    studies = counts_of(np.random.default_rng(200), 2000, 12)
    changes = [paired_difference(base, other, anytime=True).difference for base, other in studies]
    missed = sum(not covers(c.low, c.high) for c in changes)
    assert missed <= binom.isf(FALSE_FAIL, 2000, 0.05)


def test_equal_mixes_are_called_best_no_oftener_than_the_level():
    rng, wrong, n = np.random.default_rng(300), 0, 400
    for _ in range(n):
        values = {"open_deals": rng.normal(100, 10, size=(8, 3)), "cost_sek": np.zeros((8, 3))}
        wrong += rank(Evidence(("A", "B", "C"), values), Objective()).verdict == BEST
    # one of three wins with a chance over 95 %: at most three times 5 %
    assert wrong <= binom.isf(FALSE_FAIL, n, 0.15)


@pytest.mark.parametrize("alpha", [0.0, 0.3])
def test_wdd_and_rirr_of_nothing_cover_nothing_once_they_allow_for_dispersion(alpha):
    """Target and control of twelve months before and after, mean 12 a month, nothing done."""
    rng, n, months = np.random.default_rng(400), 2000, 12
    shape = (n, 4, months)
    rates = 12.0 * (rng.gamma(1 / alpha, alpha, size=shape) if alpha else np.ones(shape))
    monthly = rng.poisson(rates).astype(float)
    plain = wide = ratio = 0
    for target_b, target_a, control_b, control_a in monthly:
        spread = dispersion_index(np.column_stack((target_b, target_a, control_b, control_a)))
        sums = (target_b.sum(), target_a.sum()), (control_b.sum(), control_a.sum())
        poisson, allowed = wdd(*sums), wdd(*sums, dispersion=spread)
        rate = rirr(*sums, dispersion=spread)
        plain += covers(poisson.low, poisson.high)
        wide += covers(allowed.low, allowed.high)
        ratio += covers(rate.low, rate.high, 1.0)
    # the dispersion is estimated: two points below the nominal 95 % are allowed for
    assert min(wide, ratio) / n > 0.93 - 5 * (0.95 * 0.05 / n) ** 0.5
    if alpha:
        # what the closed form says of the Poisson test at 12 a month: size 0.361
        assert_proportion(n - plain, n, 0.361, detects=0.12, false_fail=1e-4)
