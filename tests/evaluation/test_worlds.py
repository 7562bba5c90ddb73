"""Cities with known truth: what is true in them follows from a formula."""

import numpy as np
import pytest

from evaluation.analytic_city import analytic_city
from evaluation.tried import scores, small
from odssim.evaluation.trial.characteristics import select
from odssim.evaluation.worlds.cities import Market, ac1, base_deals, intensity, with_intervention
from odssim.evaluation.worlds.conditions import Condition
from odssim.evaluation.worlds.truth import Deals, truths


def flat(listed, near, far=0.0, hidden=0.0):
    """Deals of one world and one period."""
    return Deals(
        np.array(listed, float)[None, :, None],
        np.array(near, float)[None, :, None],
        np.full((1, 1), far),
        np.full((1, 1), hidden),
    )


def pair_of(market, base, treated, condition):
    dose = np.zeros(base.listed.shape)
    dose[:, :treated] = 1.0
    return with_intervention(market, base, dose, condition, dose)


@pytest.mark.parametrize(
    ("treated", "near", "controls", "e", "own", "each"),
    [((40, 60), (20, 30), (50, 50), 0.3, 0.4, 0.05), ((31, 44, 8), (10, 5, 12), (22, 70), 0.17, 0.25, 0.1)],
)
def test_analytic_city_has_the_effects_of_its_formulas(treated, near, controls, e, own, each):
    city = analytic_city(treated, near, controls, effect=e, own_buffer_share=own, each_control_share=each)
    base = flat([*treated, *controls], [*near, *[5.0] * len(controls)])
    condition = Condition("c", effect=e, near=own, controls=each * len(controls))
    true = truths(pair_of(Market(), base, len(treated), condition), np.array([True]))
    assert true["OE_open"][0] == pytest.approx(city.overall)
    assert true["TE_target"][0] == pytest.approx(city.total)
    assert true["IE_buffer"][0] == pytest.approx(city.buffer)
    assert true["IE_control"][0] == pytest.approx(city.control)
    assert true["delta_near"][0] == pytest.approx(own)
    assert true["delta_far"][0] == pytest.approx(each * len(controls))


@pytest.mark.parametrize(("u", "drop"), [((1, 0.5, 0.2, 0, 0), 0.5), ((0.4, 1.1, -0.3, 0.7, 0.2), 0.9)])
def test_mnl_city_moves_needs_as_a_logit_does(u, drop):
    """Place, surroundings, elsewhere, phone and no deal; the share of the odds that is lost is 1 - exp(-drop)."""
    weight = np.exp(u)
    share = weight / weight.sum()
    base = flat([share[0]], [share[1]], share[2], share[3])
    unmet = share[4] / share[:4].sum()
    market = Market(choice=True, unmet_ratio=unmet)
    pair = pair_of(market, base, 1, Condition("c", effect=1 - np.exp(-drop)))
    weight[0] *= np.exp(-drop)
    after = weight / weight.sum()
    assert pair.other.listed[0, 0, 0] == pytest.approx(after[0])
    assert pair.other.near[0, 0, 0] == pytest.approx(after[1])
    assert pair.other.far[0, 0] == pytest.approx(after[2])
    assert pair.other.hidden[0, 0] == pytest.approx(after[3])
    true = truths(pair, np.array([True]))
    assert true["delta_prevented"][0] == pytest.approx(share[4] / (1 - share[0]))
    assert true["OE_all"][0] == pytest.approx(-(after[4] - share[4]))


def test_mnl_city_has_the_published_known_answer():
    share = np.exp([1, 0.5, 0.2, 0, 0])
    share /= share.sum()
    base = flat([share[0]], [share[1]], share[2], share[3])
    market = Market(choice=True, unmet_ratio=share[4] / share[:4].sum())
    true = truths(pair_of(market, base, 1, Condition("c", effect=1 - np.exp(-0.5))), np.array([True]))
    assert -true["TE_target"][0] == pytest.approx(0.1052989827, abs=5e-11)
    assert 1 - true["delta_prevented"][0] == pytest.approx(0.7946664204, abs=5e-11)
    assert true["OE_all"][0] == pytest.approx(-0.0216214170, abs=5e-11)


def test_a_smaller_or_shorter_design_sees_the_same_city():
    large = base_deals(Market(), 7, 3, 10, 24, 12)
    small_one = base_deals(Market(), 7, 3, 4, 18, 12)
    np.testing.assert_array_equal(large.listed[:, :4, :18], small_one.listed)
    np.testing.assert_array_equal(large.near[:, :4, :18], small_one.near)


def test_what_leaves_a_place_is_somewhere():
    base = base_deals(Market(), 7, 0, 8, 12, 6)
    condition = Condition("c", effect=0.4, near=0.2, controls=0.1, far=0.1, tactical=0.3, temporal=0.1)
    pair = pair_of(Market(), base, 3, condition)
    lost = base.open().sum(axis=1) + base.hidden.sum(axis=1) - pair.other.open().sum(axis=1) - pair.other.hidden.sum(axis=1)
    np.testing.assert_allclose(lost, pair.moved["prevented"].sum(axis=1))
    removed = sum(amount.sum() for amount in pair.moved.values())
    assert removed == pytest.approx((base.listed[:, :3] * 0.4).sum())


def test_effect_lingers_from_period_to_period():
    dose = np.zeros((1, 1, 5))
    dose[0, 0, 1] = 1.0
    felt = intensity(dose, Condition("c", carry_over=0.5), np.random.default_rng(1))
    np.testing.assert_allclose(felt[0, 0], [0, 1, 0.5, 0.25, 0.125])


def test_ac1_overall_effect_halves_when_half_goes_to_controls():
    base = base_deals(ac1(12, 0.6, 0.25), 1, 0, 24, 24, 12)
    true = truths(pair_of(ac1(12, 0.6, 0.25), base, 12, Condition("c", effect=0.3, controls=0.5)), np.arange(24) >= 12)
    np.testing.assert_allclose(true["OE_open"] / true["treated_base"], -0.15)


def test_the_whole_is_target_and_surroundings_in_shares_of_the_target(tmp_path):
    """Without chance: -e where nothing is displaced, nothing where all of it moves into the surroundings."""
    design = small(
        tmp_path, "analytic", market="effect = 0.3\nlevels = [500]", indicators='["latent_open_deals"]',
        answer='primary = "poisson_did"\nsecondary = ["wdd"]',
    )  # fmt: skip
    c = scores(design, 1, "pure reduction", "all near")
    for name in ("poisson_did", "wdd"):
        np.testing.assert_allclose(select(c, condition="pure reduction", estimator=name)["overall"], -0.3)
        np.testing.assert_allclose(select(c, condition="all near", estimator=name)["overall"], 0.0, atol=1e-12)


def test_analytic_city_is_read_without_bias_by_every_estimator(tmp_path):
    """Expected counts without chance: readings are what the formulas say, truth and reading alike."""
    design = small(
        tmp_path, "analytic", market="effect = 0.3\nlevels = [400, 600, 500]", indicators='["latent_open_deals"]',
        answer='primary = "poisson_did"\nsecondary = ["rirr", "before_after"]',
    )  # fmt: skip
    for name in ("poisson_did", "rirr", "before_after"):
        c = select(scores(design, 1, "pure reduction"), estimator=name)
        np.testing.assert_allclose(c["estimate"], np.log(0.7), rtol=1e-9)
        np.testing.assert_allclose(c["own_truth"], np.log(0.7), rtol=1e-12)
