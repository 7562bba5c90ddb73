"""Operating characteristics, displacement index and smallest detectable effect against closed forms."""

import math

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import norm

from evaluation.formulas import exaggeration
from odssim.evaluation.trial.characteristics import mean_over, sign_and_size
from odssim.evaluation.trial.identify import displacement_index, probit
from odssim.evaluation.trial.indicators import sign_of


def test_mean_error_counts_worlds_not_readings():
    rng = np.random.default_rng(1)
    luck = rng.normal(size=400)
    world = np.repeat(np.arange(400), 20)
    one, many = mean_over(np.arange(400), luck), mean_over(world, np.repeat(luck, 20))
    assert many.value == pytest.approx(one.value)
    assert many.mcse == pytest.approx(one.mcse)
    assert one.mcse == pytest.approx(luck.std(ddof=1) / 20)
    assert mean_over(world[:20], luck[:20]).mcse is None
    assert mean_over(world, np.full(8000, np.nan)).value is None


@pytest.mark.parametrize(("effect", "se"), [(2.0, 2.0), (1.0, 0.8), (0.5, 0.7)])
def test_type_s_and_m_are_those_of_the_closed_form(effect, se):
    rng = np.random.default_rng(4)
    n = 200_000
    estimate = -rng.normal(effect, se, n)
    found = np.abs(estimate) > 1.959964 * se
    row = sign_and_size(np.arange(n), estimate, np.full(n, -effect), found, "te")
    known = exaggeration(effect, se)
    assert row["type_s_te"] == pytest.approx(known.type_s, abs=5 * row["type_s_te_mcse"] + 1e-4)
    assert row["type_m_te"] == pytest.approx(known.type_m, abs=5 * row["type_m_te_mcse"])


def test_index_is_the_normal_formula_and_half_where_nothing_differs():
    rng = np.random.default_rng(2)
    n, gap, s0, s1 = 4000, 0.3, 0.2, 0.4
    a, b = rng.normal(0, s0, n), rng.normal(gap, s1, n)
    index, mcse = displacement_index(a, b, np.arange(n))
    assert index == pytest.approx(ndtr(gap / math.hypot(s0, s1)), abs=4 * mcse)
    assert displacement_index(a, a, np.arange(n)) == pytest.approx((0.5, 0.0), abs=1e-12)
    assert displacement_index(b, a, np.arange(n))[0] == pytest.approx(1 - index)


def test_error_of_the_index_is_that_of_repetitions():
    rng = np.random.default_rng(3)
    found = []
    for _ in range(400):
        shared = rng.normal(0, 1, 150)
        a, b = shared + rng.normal(0, 0.5, 150), shared + rng.normal(0.7, 0.5, 150)
        found.append(displacement_index(a, b, np.arange(150)))
    index, mcse = np.array(found).T
    assert mcse.mean() == pytest.approx(index.std(), rel=0.15)


def test_probit_finds_the_curve_that_made_the_data():
    rng = np.random.default_rng(5)
    x = np.repeat([0.0, 0.1, 0.2, 0.4, 0.6], 4000)
    y = (rng.random(len(x)) < ndtr(-1.6 + 6 * x)).astype(float)
    (a, b), covariance = probit(x, y, np.arange(len(x)))
    assert (a, b) == pytest.approx((-1.6, 6.0), abs=4 * np.sqrt(covariance.max()))
    mde = (norm.ppf(0.8) - a) / b
    assert mde == pytest.approx((norm.ppf(0.8) + 1.6) / 6, abs=0.01)
    assert probit(x, np.zeros(len(x)), np.arange(len(x))) is None


def test_a_bias_has_a_sign_only_if_it_is_clear():
    assert sign_of(0.3, 0.1) == "understates the fall"
    assert sign_of(-0.3, 0.1) == "overstates the fall"
    assert sign_of(0.1, 0.1) == sign_of(None, None) == "none seen"
