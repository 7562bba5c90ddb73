"""Known answers of the laws, and binomial draws by inversion."""

import numpy as np
import pytest
from scipy import stats

from odssim.observe import laws

CHANCES = np.array([0.95, 0.9, 0.8, 0.9, 0.85, 0.7, 0.75, 0.5, 0.4, 0.6])


def by_hand(chances: np.ndarray, k: int) -> float:
    """Return the tail by adding up all outcomes."""
    total = 0.0
    for outcome in range(2 ** len(chances)):
        bits = (outcome >> np.arange(len(chances))) & 1
        if bits.sum() >= k:
            total += np.prod(np.where(bits, chances, 1 - chances))
    return total


def test_seven_or_more_of_ten_unequal_items():
    assert laws.at_least(CHANCES, 7) == pytest.approx(0.7556391450, abs=1e-9)
    assert laws.at_least(CHANCES, 7) == pytest.approx(by_hand(CHANCES, 7), rel=1e-12)
    assert laws.at_least(np.full(10, 0.7), 7) == pytest.approx(0.6496107184, abs=1e-9)
    majority = CHANCES**2 * (3 - 2 * CHANCES)
    assert laws.at_least(majority, 7) == pytest.approx(0.8984744442, abs=1e-9)


def test_the_tail_of_several_places_is_that_of_each():
    many = np.array([CHANCES, np.full(10, 0.7)])
    assert laws.at_least(many, 7) == pytest.approx([0.7556391450, 0.6496107184], abs=1e-9)
    assert laws.at_least(many, 0) == pytest.approx([1.0, 1.0])


def test_agreement_of_three_raters_on_eight_places():
    counts = np.array([[0, 3], [1, 2], [3, 0], [0, 3], [2, 1], [0, 3], [3, 0], [1, 2]])
    assert laws.fleiss_kappa(counts) == pytest.approx(0.4857142857, abs=1e-9)
    assert np.isnan(laws.fleiss_kappa(np.array([[0, 3], [0, 3]])))


def test_rating_noise_alone_takes_twelve_of_sixty_four_off_the_list():
    assert 64 * laws.churn(0.65, 0.46) == pytest.approx(12, abs=0.15)
    assert 64 * laws.churn(0.65, 0.4642857143) == pytest.approx(12, abs=1e-7)
    assert laws.churn(0.65, 1.0) == 0.0


def test_churn_is_what_two_ratings_of_one_place_give():
    rng = np.random.default_rng(3)
    m, kappa, n = 0.65, 0.46, 400_000
    certain = rng.random(n) < kappa  # both ratings alike with chance kappa, else independent
    first = rng.random(n) < m
    second = np.where(certain, first, rng.random(n) < m)
    assert (~second[first]).mean() == pytest.approx(laws.churn(m, kappa), abs=0.005)


def test_reliability_and_design_effect():
    assert laws.reliability(9, 0.1) == pytest.approx(0.5)
    assert laws.reliability(36, 0.1) == pytest.approx(0.8)
    assert laws.design_effect(1, 0.1) == 1.0
    assert laws.design_effect(26, 0.1) == pytest.approx(3.5)
    assert laws.share_se(0.2, 100, 4.0) == pytest.approx(2 * np.sqrt(0.2 * 0.8 / 100))


def test_a_true_cut_can_read_as_a_rise():
    assert laws.reading_ratio(0.3, 1.6) == pytest.approx(1.12)
    before, after = (1 - np.exp(-(0.002 + 0.01 * h)) for h in (1, 3))
    assert laws.reading_ratio(0.3, after / before) == pytest.approx(1.8481607870, rel=1e-9)
    assert laws.reading_ratio(0.3, 1 / 0.7) == pytest.approx(1.0)


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (10, 0.02), (57, 0.5), (400, 0.9), (1000, 0.97), (343, 0.031)])
def test_binomial_draws_are_the_inverse_of_the_distribution(n, p):
    u = np.random.default_rng(n).random(2000)
    drawn = laws.binomial(u, np.full(len(u), n), np.full(len(u), p))
    assert (drawn == stats.binom.ppf(u, n, p)).mean() > 0.999
    assert (np.abs(drawn - stats.binom.ppf(u, n, p)) <= 1).all()
    assert drawn.min() >= 0
    assert drawn.max() <= n


def test_binomial_draws_rise_with_luck_number_and_chance():
    u = np.sort(np.random.default_rng(1).random(500))
    ones = np.ones(500)
    for p in (0.2, 0.8):
        assert (np.diff(laws.binomial(u, 40 * ones, p * ones)) >= 0).all()
        assert (laws.binomial(u, 41 * ones, p * ones) >= laws.binomial(u, 40 * ones, p * ones)).all()
    chances = np.linspace(0, 1, 500)
    assert (np.diff(laws.binomial(0.4 * ones, 40 * ones, chances)) >= 0).all()
    assert laws.binomial(0.4 * ones, 40 * ones, chances)[[0, -1]].tolist() == [0, 40]


def test_poisson_tail_and_rounding():
    counts = np.array([0, 1, 3, 9])
    assert laws.poisson_tail(counts, 2.0 * np.ones(4)) == pytest.approx(stats.poisson.sf(counts - 1, 2.0))
    assert laws.rounded_to([10, 74, 76, 925], 50).tolist() == [50, 50, 100, 950]
