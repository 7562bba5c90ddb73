"""Value of information by regression against closed forms."""

import numpy as np
import pytest

from evaluation.formulas import evpi_two, evsi_two
from evaluation.tried import small
from odssim.evaluation.trial.worth import LEAST_DRAWS, Tries, failure_box, measure_first, rule_value, try_prior, value_row
from odssim.evaluation.worlds.prior import UNKNOWNS, Prior, draw_prior

DECISION = """[decision]
worth_sek_per_deal = 250
action_sek_per_place_year = 200000
fixed_sek = 100000
places = 48
years = 3
"""


@pytest.mark.parametrize(("mean", "sd", "study"), [(1.0, 2.0, 1.5), (-0.5, 1.0, 0.8)])
def test_rules_are_worth_what_the_normal_formulas_say(mean, sd, study):
    rng = np.random.default_rng(6)
    n = 100_000
    benefit = rng.normal(mean, sd, n)
    read = benefit + rng.normal(0, study, n)
    value, mcse = rule_value(benefit, read[:, None])
    assert value == pytest.approx(evsi_two(mean, sd, study), abs=4 * mcse)
    assert rule_value(benefit, benefit[:, None])[0] == pytest.approx(evpi_two(mean, sd), abs=4 * mcse)


def test_noise_is_worth_nothing():
    rng = np.random.default_rng(7)
    benefit = rng.normal(0.1, 1, 2000)
    value, mcse = rule_value(benefit, rng.normal(size=(2000, 3)))
    assert value < 2 * mcse


def test_chance_is_not_paid_for():
    """Sixty draws and many readings of noise: a fit judged on its own draws would find them worth a third of a spread."""
    rng = np.random.default_rng(9)
    values = [rule_value(rng.normal(0, 1, 60), rng.normal(size=(60, 8)))[0] for _ in range(100)]
    assert np.mean(values) < 0.02


@pytest.fixture(scope="module")
def design(tmp_path_factory):
    return small(tmp_path_factory.mktemp("worth"), rest=DECISION, answer='primary = "poisson_did"')


@pytest.fixture(scope="module")
def tries(design):
    return try_prior(design, 400)


def test_a_design_is_worth_at_most_perfect_information(design, tries):
    row = value_row(design, tries)
    assert 0 < row["evsi_sek"] < row["evpi_sek"]
    assert row["enbs_sek"] == pytest.approx(row["evsi_sek"] - 100_000)
    assert row["place_years"] == 144


@pytest.mark.parametrize("n", [LEAST_DRAWS, 33, 60])
def test_information_is_never_worth_less_than_nothing(design, n):
    """However few the draws: nobody need read it. As many are drawn as asked for."""
    few = try_prior(design, n)
    row, unknown = value_row(design, few), measure_first(design, few)
    raw = [rule_value(few.net_benefit, few.prior.column(one)[:, None])[0] for one in UNKNOWNS]
    assert min(raw) < 0, "else this test shows nothing"
    assert row["n_draws"] == n
    assert min(row["evsi_sek"], row["evpi_sek"], *(one[key] for one in unknown for key in ("evppi_sek", "halved_sek"))) >= 0
    assert row["evsi_sek_mcse"] > 0
    failure_box(design, few)


def test_what_matters_is_named_first_and_the_dummy_gets_nothing(design, tries):
    rows = measure_first(design, tries)
    by_name = {row["unknown"]: row for row in rows}
    assert rows[0]["unknown"] == "effect"
    assert set(by_name) == set(UNKNOWNS)
    assert by_name["dummy"]["evppi_sek"] < 3 * max(by_name["dummy"]["evppi_sek_mcse"], 1.0)
    assert by_name["dummy"]["explains_effect"] < 0.05
    assert by_name["effect"]["explains_effect"] > 0.5
    assert by_name["detection"]["explains_error"] > 0.2 > by_name["detection"]["explains_effect"]


def test_the_prior_has_the_moments_it_is_asked_for(design):
    draws = np.concatenate([draw_prior(design, 1, batch).draws for batch in range(40)])
    effect = draws[:, UNKNOWNS.index("effect")]
    assert effect.mean() == pytest.approx(0.3, abs=0.015)
    assert effect.std() == pytest.approx(0.15, abs=0.01)
    shares = draws[:, 1:5]
    assert (shares.sum(axis=1) <= 1).all()
    assert shares[:, 0].mean() == pytest.approx(0.2, abs=0.015)


def test_the_box_says_where_a_design_misleads(design):
    draws = np.concatenate([draw_prior(design, 1, batch).draws for batch in range(20)])
    detection = draws[:, UNKNOWNS.index("detection")]
    error = np.where(detection > 1.3, 0.2, 0.01)
    none = np.zeros(len(draws))
    box = failure_box(design, Tries(Prior(draws), none, draws, error))
    assert box["box"].startswith("detection > 1.")
    assert " and " not in box["box"]
    assert box["density"] > 0.95 < box["coverage"]
    assert box["share_wrong"] == pytest.approx((detection > 1.3).mean(), abs=0.05)
    assert failure_box(design, Tries(Prior(draws), none, draws, none)) is None


def test_a_box_of_noise_holds_no_more_than_its_share(design):
    draws = np.concatenate([draw_prior(design, 1, batch).draws for batch in range(20)])
    error = np.random.default_rng(4).uniform(0, 0.15, len(draws))
    box = failure_box(design, Tries(Prior(draws), error, draws, error))
    assert box["density"] == pytest.approx(box["share_wrong"], abs=0.15)
