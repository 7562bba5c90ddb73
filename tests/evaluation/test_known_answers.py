"""Published and recomputed answers, and twins of them by another route."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from evaluation.analytic_city import analytic_city
from evaluation.formulas import (
    acceptability,
    arm_ratio,
    best_chance,
    detection_chance,
    difference_test,
    evpi,
    evpi_two,
    evppi,
    evsi_two,
    exact_conditional_power,
    exaggeration,
    expected_worth,
    kappa_from_churn,
    listed_chance,
    log_ratio_of_means,
    months_per_place,
    nb2_two_sample_power,
    raters_needed,
    read_with_hours,
    replicates_needed,
    rirr_power,
    rirr_se,
    stepped_wedge_variance,
)
from evaluation.toy_city import ToyCity
from odssim.evaluation.design.power import (
    expected_next,
    minimum_detectable_effect,
    panel_df,
    panel_se,
    pick_at_least,
    power,
    smallest_displacement,
)
from odssim.evaluation.estimators.poisson_panel import fit
from odssim.evaluation.lottery.over_places import blocked, complete, paired
from odssim.evaluation.lottery.over_time import carry_over
from odssim.evaluation.trial.noise import look

TIGHT = 1e-6
TREATED = ([12, 20, 7, 31, 15, 9], [9, 13, 6, 22, 8, 8])
CONTROL = ([14, 11, 25, 6, 18, 10], [15, 10, 27, 8, 17, 12])


@pytest.mark.parametrize(("alpha", "se"), [(0.1, 0.3399958774), (0.4, 0.5617803812)])
def test_k4_negative_binomial_with_known_dispersion(alpha, se):
    assert log_ratio_of_means(TREATED, CONTROL, alpha) == pytest.approx((-0.4114596111, se), rel=TIGHT)


@pytest.mark.parametrize(
    ("effect", "se", "answer"),
    [(0.1, 3.28, (0.0501064821, 0.4644228430, 76.6891641)), (2, 8.1, (0.0570129406, 0.2396176545, 9.5366276))],
)
def test_k5_type_s_and_m(effect, se, answer):
    found = exaggeration(effect, se)
    assert (found.power, found.type_s, found.type_m) == pytest.approx(answer, rel=TIGHT)


def test_type_s_and_m_agree_with_simulation():
    draws = np.random.default_rng(1).normal(1.0, 0.8, 400_000)
    hit = np.abs(draws) > 1.959964 * 0.8
    found = exaggeration(1.0, 0.8)
    assert found.power == pytest.approx(hit.mean(), abs=0.004)
    assert found.type_s == pytest.approx((draws[hit] < 0).mean(), abs=0.003)
    assert found.type_m == pytest.approx(np.abs(draws[hit]).mean(), rel=0.005)


@pytest.mark.parametrize(
    ("scores", "treated", "lottery", "statistic", "p"),
    [
        ([-40, -35, 5, 8], [1, 1, 0, 0], complete(4, 2), -44.0, 1 / 3),
        ([-40, -35, -28, -20, 5, 8, 2, -3], [1] * 4 + [0] * 4, complete(8, 4), -33.75, 2 / 70),
        ([-9, 0, -4, 0, -7, 0, -3, 0, -11, 0], [1, 0] * 5, paired(5), -6.8, 1 / 16),
        ([-9, 0, -4, 0, -7, 0, -3, 0, -11, 0, -5, 0], [1, 0] * 6, paired(6), -6.5, 1 / 32),
        ([-12, -8, 3, 1, -5, 2, -1, -20, -15, -2, 4, -6], [1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0],
         blocked([4, 3, 5], [2, 1, 2]), -12.1111111111, 1 / 180),
    ],
)  # fmt: skip
def test_k6_exact_permutation(scores, treated, lottery, statistic, p):
    found, chance = difference_test(scores, treated, lottery)
    assert found[0] == pytest.approx(statistic, rel=1e-9)
    assert chance[0] == pytest.approx(p, rel=1e-12)


def test_k7_power_of_rirr():
    assert rirr_se(0.84, 200, 200) == pytest.approx(0.1447493729, rel=TIGHT)
    assert rirr_power(0.84, 200, 200) == pytest.approx(0.2257678444, rel=TIGHT)
    assert rirr_power(0.84, 200, 200, dispersion=3) == pytest.approx(0.1069799126, rel=TIGHT)


@pytest.mark.parametrize(("n", "ratio"), [(200, 0.6561552988), (600, 0.7895871374)])
def test_k7_minimum_detectable_effect(n, ratio):
    found = minimum_detectable_effect(lambda r: rirr_se(r, n, n))
    assert found.ratio == pytest.approx(ratio, rel=TIGHT)
    assert rirr_power(found.ratio, n, n) == pytest.approx(0.8, rel=1e-9)


def test_power_of_students_t_is_that_of_statsmodels():
    from statsmodels.stats.power import TTestIndPower

    found = power(0.8, math.sqrt(2 / 9), 0.05, 16)
    assert found == pytest.approx(TTestIndPower().power(0.8, 9, 0.05), rel=1e-6)
    assert power(0.8, 0.4, 0.05, 1e7) == pytest.approx(power(0.8, 0.4), abs=1e-5)


def test_many_controls_lend_no_degrees_of_freedom():
    assert panel_df(10, 10) == pytest.approx(18)
    assert panel_df(2, 500) == pytest.approx(1, abs=0.02)
    assert panel_df(10, 10, 0.6) < 9


@pytest.mark.parametrize(("treated", "control"), [(5, 5), (12, 12), (5, 60)])
def test_planned_power_is_not_more_than_what_is_found(treated, control):
    """Of errors by arms and of the lottery, on AC-1, the city that the closed form describes."""
    from odssim.evaluation.estimators.panel import Plan
    from odssim.evaluation.estimators.registry import estimate

    n, settings = 1500, {"nb2_alpha": 0.3, "drift_sd": 0.25}
    panel = ToyCity(n_treated=treated, n_control=control, effect=0.3).draw(n, np.random.default_rng(2))
    se = panel_se(0.7, treated, control, 12, 12, 12, spread=0.6, **settings)
    plan = Plan(mechanism=complete(treated + control, treated), n_draws=499)
    for name, df in (("poisson_did", panel_df(treated, control, 0.6)), ("permutation", treated + control - 2)):
        planned, found = power(math.log(0.7), se, 0.05, df), estimate(name, panel, plan).rejected.mean()
        assert planned < found + 0.02 + 4 * math.sqrt(found * (1 - found) / n), name
        assert planned > found - 0.05 - 4 * math.sqrt(found * (1 - found) / n), name


def test_there_is_no_detectable_effect_without_events():
    assert minimum_detectable_effect(lambda r: rirr_se(r, 0.5, 0.5)) is None


def test_k7_exact_conditional_and_negative_binomial():
    assert exact_conditional_power(18, 30) == pytest.approx(0.4835520517, rel=TIGHT)
    assert exact_conditional_power(30, 30) == pytest.approx(0.0385086924, rel=TIGHT)
    assert nb2_two_sample_power(0.8, 30, 0.3, 24) == pytest.approx(0.2650459114, rel=TIGHT)


def test_k8_analytic_city():
    city = analytic_city((40, 60), (20, 30), (50, 50), effect=0.3, own_buffer_share=0.4, each_control_share=0.05)
    truth = (city.overall, city.total, city.buffer, city.control, city.contrast, city.bias)
    assert truth == pytest.approx((-15, -30, 12, 3, -33, -18), rel=1e-12)
    assert city.bias_by_formula == pytest.approx(-18, rel=1e-12)
    assert city.rirr == pytest.approx(0.6796116505, rel=TIGHT)
    assert city.measures.wdq == pytest.approx(-0.3181818182, rel=TIGHT)
    assert city.measures.total_net_effect == pytest.approx(22.5, rel=TIGHT)


@pytest.mark.parametrize("trend", [0.8, 1.0, 1.3])
def test_the_contamination_bias_formula_holds_with_a_trend_and_uneven_arms(trend):
    city = analytic_city(
        (31, 12, 55), (9, 4, 7), (80, 20), effect=0.22, own_buffer_share=0.3, each_control_share=0.11, trend=trend
    )
    # the overall effect compares worlds, the contrast before with after: the trend is its last term
    assert city.bias_by_formula == pytest.approx(city.contrast - city.overall, rel=1e-9)


def test_k13_ratings_and_churn():
    p = (0.95, 0.9, 0.8, 0.9, 0.85, 0.7, 0.75, 0.5, 0.4, 0.6)
    assert listed_chance(p) == pytest.approx(0.7556391450, rel=TIGHT)
    assert listed_chance(p, n_raters=3) == pytest.approx(0.8984744442, rel=TIGHT)
    assert listed_chance([0.7] * 10) == pytest.approx(0.6496107184, rel=TIGHT)
    assert raters_needed(0.8, 0.1) == pytest.approx(36)
    assert kappa_from_churn(12 / 64, 0.65) == pytest.approx(0.4642857143, rel=TIGHT)


def test_k14_value_of_information_in_closed_form():
    found = evpi_two(1, 2), evpi_two(1, 1.6), evpi_two(1, 1.2), evsi_two(1, 1.6, 0.8)
    assert found == pytest.approx((0.3955931148, 0.2590720206, 0.1359658695, 0.2048981388), rel=TIGHT)


def test_k14_value_of_information_from_a_table():
    worth, chances = [(4, 1, 0), (-2, 3, 0), (6, 2, 0), (-5, -1, 0)], (0.4, 0.3, 0.1, 0.2)
    assert expected_worth(worth, chances).tolist() == pytest.approx([0.6, 1.3, 0.0])
    assert evpi(worth, chances) == pytest.approx(1.8)
    assert evppi(worth, [0, 1, 0, 1], chances) == pytest.approx(1.6)
    assert evppi(worth, [0, 1, 2, 3], chances) == pytest.approx(evpi(worth, chances))
    assert evppi(worth, [0, 0, 0, 0], chances) == pytest.approx(0.0)
    assert best_chance(worth, chances).tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert acceptability((30, 12), (900, 250), 0.3, 40) == pytest.approx(0.7383601016, rel=TIGHT)


def test_a_perfect_study_is_worth_perfect_information():
    assert evsi_two(1, 2, 1e-9) == pytest.approx(evpi_two(1, 2), rel=1e-9)
    assert evsi_two(1, 2, 1e9) == pytest.approx(0.0, abs=1e-9)


def test_k15_stepped_wedge_variance_and_carry_over():
    wedge = np.arange(5) > np.arange(4)[:, None]
    assert stepped_wedge_variance(wedge, 4, 2) == pytest.approx(2.24, rel=TIGHT)
    found = carry_over(0.3, 0.5, 0.5, 0, 10)
    assert (found["on"], found["off"], found["contrast"]) == pytest.approx((-3, -1, -2))
    assert carry_over(0.3, 0.5, 0.5, 2, 10)["contrast"] == pytest.approx(-2.75)


def test_stepped_wedge_variance_is_that_of_generalised_least_squares():
    on = (np.arange(7) >= np.array([1, 2, 2, 4, 5, 6])[:, None]).astype(float)
    i, t = on.shape
    x = np.column_stack([np.tile(np.eye(t), (i, 1)), on.ravel()])
    v = np.kron(np.eye(i), 1.7 * np.eye(t) + 0.6 * np.ones((t, t)))
    expected = np.linalg.inv(x.T @ np.linalg.solve(v, x))[-1, -1]
    assert stepped_wedge_variance(on, 1.7, 0.6) == pytest.approx(expected, rel=1e-9)


def test_k16_recording_and_regression_to_the_mean():
    assert detection_chance(1, 0.002, 0.01) == pytest.approx(0.0119282871, rel=TIGHT)
    assert detection_chance(3, 0.002, 0.01) == pytest.approx(0.0314934179, rel=TIGHT)
    assert read_with_hours(0.3, (1, 3), 0.002, 0.01) == pytest.approx(1.8481607870, rel=TIGHT)
    assert expected_next(30, 10, 2.5) == pytest.approx(26)
    picked = pick_at_least(20, 10, 2.5)
    assert (picked.before, picked.after, picked.percent) == pytest.approx((25.2689999, 22.2151999, -12.0851636), rel=TIGHT)


REFERENCE = [
    ({}, {"estimate": 0.0, "power": 0.0742, "poisson": 0.566}, {"power": 0.041}),
    ({"effect": 0.3}, {"estimate": -0.3567, "power": 0.598, "coverage": 0.926}, {"power": 0.474, "coverage": 0.962}),
    ({"effect": 0.3, "displaced": 0.5}, {"estimate": -0.5008, "power": 0.866, "coverage": 0.825}, {"power": 0.778}),
]
"""The reference is of the usual clustered error (CR1, t with G - 1); last what the error used here makes of it."""


@pytest.mark.parametrize(("numbers", "reference", "here"), REFERENCE)
def test_k17_toy_city(numbers, reference, here):
    from odssim.evaluation.estimators.estimates import from_se
    from odssim.evaluation.estimators.registry import estimate

    n, city = 20_000, ToyCity(**numbers)
    panel = city.draw(n, np.random.default_rng(5))
    usual = fit(panel.counts, panel.dose[..., None])
    usual = from_se("CR1", "log ratio", usual.beta[:, 0], np.sqrt(usual.covariance[:, 0, 0]), alpha=0.05, df=23.0)
    did, ratio = estimate("poisson_did", panel), estimate("rirr", panel)
    truth = math.log(1 - city.effect)

    def allowed(p: float) -> float:
        return 4 * math.sqrt(p * (1 - p) * (1 / n + 1 / 40_000)) + 5e-4

    assert did.estimate.mean() == pytest.approx(reference["estimate"], abs=4 * did.estimate.std() / math.sqrt(n) + 5e-5)
    assert did.estimate.tolist() == pytest.approx(usual.estimate.tolist(), rel=1e-6, abs=1e-9)
    for found, expected in ((usual, reference), (did, here)):
        assert found.rejected.mean() == pytest.approx(expected["power"], abs=allowed(expected["power"]))
        if "coverage" in expected:
            covered = ((found.low <= truth) & (truth <= found.high)).mean()
            assert covered == pytest.approx(expected["coverage"], abs=allowed(expected["coverage"]))
    if "poisson" in reference:
        assert (ratio.p <= 0.05).mean() == pytest.approx(0.566, abs=allowed(0.566)), "the published test"
        assert ratio.rejected.tolist() == did.rejected.tolist(), "the verdict beside it"
    assert city.overall == pytest.approx(-city.effect * (1 - city.displaced))


def test_k18_looks_that_stay_valid():
    first, second = look(1, 88, 100, target=0.8), look(2, 179, 200, target=0.8)
    assert (first.alpha, first.low, first.high) == pytest.approx((0.0303963551, 0.7910421, 0.9408166), rel=TIGHT)
    assert (second.alpha, second.low, second.high) == pytest.approx((0.0075990888, 0.8243310, 0.9447285), rel=TIGHT)
    assert (first.stop, second.stop) == (False, True)
    assert (replicates_needed(0.8, 0.025), replicates_needed(0.8, 0.01)) == (984, 6147)


def test_k19_power_for_displacement():
    assert smallest_displacement(200, 0.3, (150, 150, 150, 150)) == pytest.approx((24.4948974278, 1.1437423759), rel=TIGHT)
    z = norm.ppf(0.975) + norm.ppf(0.9)
    se, s_min = smallest_displacement(400, 0.2, (90, 80, 70, 60), wanted=0.9)
    assert s_min == pytest.approx(z * math.sqrt(300) / 80)
    assert se == pytest.approx(math.sqrt(300))


def test_money_goes_where_it_buys_precision():
    """Among all splits of one budget no other is more precise."""
    ratio = arm_ratio(2.0, 1.0, 4.0, 1.0)

    def variance(n_ratio):
        n_control = 100 / (4 * n_ratio + 1)
        return 4 / (n_ratio * n_control) + 1 / n_control

    assert variance(ratio) <= min(variance(ratio * factor) for factor in (0.9, 1.1))
    months = months_per_place(900, 10, 0.3)

    def error(m):
        return (0.3 + 0.7 / m) * (900 + 10 * m)

    assert error(months) <= min(error(0.9 * months), error(1.1 * months))
