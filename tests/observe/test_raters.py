"""Raters: agreement, chance of a listing, majority."""

import numpy as np
import pytest
from scipy.special import ndtr

from evaluation.formulas import latent_agreement
from odssim.observe import instruments, laws, raters
from odssim.observe.windows import values_of
from statistical.stat import assert_mean, assert_proportion

N = 60_000
WHO = np.arange(N)


def parameters(**changes: float) -> dict[str, float]:
    given = {f"raters.{name}": value for name, value in changes.items()}
    return values_of(instruments.PARAMETERS, given)


def rate(x: np.ndarray, *, wave: int = 700_000, **changes: float) -> raters.Rated:
    """Rate places that lie in a district each, so that every rating has raters of its own."""
    return raters.rate(x, WHO[: len(x)], WHO[: len(x)], 1, wave, parameters(**changes))


@pytest.mark.parametrize("spread", [(1.15, 0.5, 0.5), (2.0, 0.0, 0.0), (1.0, 1.5, 0.0), (1.0, 0.0, 1.5)])
def test_two_raters_agree_as_the_formula_says(spread):
    loading, leniency, halo = spread
    x = np.random.default_rng(5).standard_normal((N, 1))
    yes = rate(x, n=2, loading=loading, leniency_sd=leniency, halo_sd=halo).yes[:, :, 0]
    rho = latent_agreement(loading, leniency, halo)
    assert_proportion(int((yes[0] == yes[1]).sum()), N, 0.5 + np.arcsin(rho) / np.pi, detects=0.03)


def test_the_default_agreement_is_that_of_the_churn_law():
    par = parameters()
    rho = latent_agreement(par["raters_loading"], par["raters_leniency_sd"], par["raters_halo_sd"])
    assert rho == pytest.approx(0.46, abs=0.02)


def test_items_of_one_rater_hang_together_by_leniency_and_halo():
    x = np.zeros((N, 2))
    yes = rate(x, n=1, leniency_sd=0.8, halo_sd=0.6).yes[0]
    assert_proportion(int((yes[:, 0] == yes[:, 1]).sum()), N, 0.5 + np.arcsin(0.5) / np.pi, detects=0.03)
    alone = rate(x, n=1, leniency_sd=0.0, halo_sd=0.0).yes[0]
    assert_proportion(int((alone[:, 0] == alone[:, 1]).sum()), N, 0.5, detects=0.03)


@pytest.mark.parametrize("spread", [(0.0, 0.0), (0.7, 0.4)])
def test_a_rater_lists_a_place_with_the_chance_of_the_formula(spread):
    row = np.array([1.0, 0.8, 0.3, -0.2, 0.5, 0.9, 0.1, 1.4, -0.6, 0.4])
    yes = rate(np.tile(row, (N, 1)), n=1, loading=1.0, leniency_sd=spread[0], halo_sd=spread[1]).yes[0]
    chance = float(laws.listing_chance(row[None], 7, float(np.hypot(*spread)))[0])
    assert_proportion(int((yes.sum(axis=1) >= 7).sum()), N, chance, detects=0.02)
    if spread == (0.0, 0.0):
        assert chance == pytest.approx(float(laws.at_least(ndtr(row), 7)), rel=1e-12)


def test_leniency_stays_with_the_officer_and_halo_does_not():
    x = np.zeros((N, 1))
    kept = [rate(x, wave=w, n=1, leniency_sd=1.0, halo_sd=0.0).yes[0, :, 0] for w in (1, 2)]
    drawn = [rate(x, wave=w, n=1, leniency_sd=0.0, halo_sd=1.0).yes[0, :, 0] for w in (1, 2)]
    assert_proportion(int((kept[0] == kept[1]).sum()), N, 0.5 + np.arcsin(0.5) / np.pi, detects=0.03)
    assert_proportion(int((drawn[0] == drawn[1]).sum()), N, 0.5, detects=0.03)


def test_more_than_half_decide():
    yes = np.array([[[True, True, False]], [[True, False, False]], [[True, False, False]]])
    assert raters.Rated(yes).met.tolist() == [[True, False, False]]
    assert raters.Rated(yes[:2]).met.tolist() == [[True, False, False]]  # one of two is not more than half


def test_a_place_far_beyond_its_thresholds_is_granted_more():
    low, high = (rate(np.full((2000, 10), x)).yes.sum(axis=2).mean(axis=0) for x in (-1.0, 1.0))
    assert (high >= low).all()  # the same officers with the same luck
    assert_mean(high - low, 10 * (2 * ndtr(1.15 / np.sqrt(1.5)) - 1), detects=1.0)
