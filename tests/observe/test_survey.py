"""The survey: what areas, response and distance do to what is read."""

from dataclasses import replace

import numpy as np
import pytest

from evaluation.formulas import read_share
from odssim.city import load_city
from odssim.observe import instruments, laws, survey
from odssim.observe.windows import Window, values_of
from odssim.world.codes import PLACE_TALLIES
from statistical.stat import assert_mean, assert_variance

N = 20_000
WHO = np.arange(N)


def parameters(**changes: float) -> dict[str, float]:
    given = {f"survey.{name}": value for name, value in changes.items()}
    return values_of(instruments.PARAMETERS, given)


def ask(p: float, sent: int, **changes: float) -> tuple[np.ndarray, np.ndarray]:
    return survey.ask(np.full(N, p), sent, 1, WHO, 700_000, parameters(**changes))


@pytest.mark.parametrize("icc", [0.0, 0.1, 0.4])
def test_areas_widen_the_spread_by_the_design_effect(icc):
    """With everybody answering, the shares of areas vary as p (1 - p) / n times 1 + (n - 1) ICC."""
    p, n = 0.2, 40
    answers, yes = ask(p, n, icc=icc, response=0.99, tilt=0.0)
    shares = survey.share_of(answers, yes)
    expected = p * (1 - p) / answers.mean() * laws.design_effect(float(answers.mean()), icc)
    assert_mean(shares, p, detects=0.02)
    assert_variance(shares, expected, detects=0.15 * expected)


def test_the_response_is_as_declared_and_tilts_the_share():
    answers, yes = ask(0.2, 400, icc=0.0)
    keen = 1 / (1 + np.exp(-(np.log(0.65 / 0.35) + 0.2)))
    assert_mean(answers / 400, 0.2 * keen + 0.8 * 0.65, detects=0.01)
    read = read_share(0.2, keen, 0.65)
    assert read > 0.21
    assert_mean(survey.share_of(answers, yes), read, detects=0.005)


def test_who_answers_is_drawn_one_by_one():
    answers, _ = ask(0.3, 400, icc=0.0, tilt=0.0)
    assert_variance(answers, 400 * 0.65 * 0.35, detects=10.0)


def test_an_area_keeps_its_effect_from_wave_to_wave():
    par = parameters(icc=0.3)
    shares = []
    for wave in (700_000, 700_090):
        shares.append(survey.share_of(*survey.ask(np.full(N, 0.3), 200, 1, WHO, wave, par)))
    assert np.corrcoef(*shares)[0, 1] > 0.9
    alone = [survey.share_of(*survey.ask(np.full(N, 0.3), 200, 1, WHO, w, parameters(icc=0.0))) for w in (1, 2)]
    assert abs(np.corrcoef(*alone)[0, 1]) < 0.04


def window(nuisance: np.ndarray) -> Window:
    return Window(90, 90, np.zeros((len(nuisance), len(PLACE_TALLIES)), dtype=np.int64), nuisance)


def test_exposure_halves_with_the_distance_that_is_declared():
    town = load_city("teaching-town")
    x, y = town.place_xy_m()
    nuisance = np.zeros(len(x))
    scene = town.place_name.index("Central")
    nuisance[scene] = 80.0
    par = parameters(half=100.0, half_distance_m=300.0)
    exposed = survey.exposure(town, window(nuisance), par)
    distance = np.hypot(x - x[scene], y - y[scene])
    amount = np.where(distance <= survey.FAR_M, 80.0 * 0.5 ** (distance / 300.0), 0.0)
    assert exposed == pytest.approx(amount / (amount + 100.0))
    assert exposed[distance == 300.0] == pytest.approx(40 / 140)
    share = survey.problem_share(town, window(nuisance), par)
    assert share[scene] > share[distance > 1000].max()


def test_means_weigh_residents():
    town = load_city("teaching-town")
    values = np.random.default_rng(1).random(town.n_places)
    residents = town.residents.sum(axis=(1, 2))
    for d in range(len(town.districts)):
        mine = town.place_district == d
        expected = (values * residents)[mine].sum() / residents[mine].sum()
        assert survey.district_mean(town, values)[d] == pytest.approx(expected)
    x, y = town.place_xy_m()
    near = np.hypot(x - x[7], y - y[7]) <= 500
    expected = (values * residents)[near].sum() / residents[near].sum()
    assert survey.near_mean(town, values, np.array([7])) == pytest.approx([expected])
    empty = replace(town, residents=np.zeros_like(town.residents))
    assert np.isnan(survey.near_mean(empty, values, np.array([7]))).all()
    assert np.isnan(survey.district_mean(empty, values)).all()
