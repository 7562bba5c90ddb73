"""History matching on a toy model whose truth is known."""

import numpy as np
import pytest

from odssim.errors import OdssimError
from odssim.studies.calibration.identified import implausible_corners, marginals
from odssim.studies.calibration.implausibility import Target, fit_patterns, implausibility
from odssim.studies.calibration.waves import latin, match, sample_nroy
from odssim.studies.sensitivity.space import Factor, Space

NOISE_SD = 0.05
N_REPLICATES = 3
SPACE = Space((Factor("a", 0, 10), Factor("b", 1, 100, is_log=True), Factor("idle", -1, 1)))


def patterns(points):
    """Two patterns of the first two parameters; the third does nothing."""
    a, b = points[:, 0], points[:, 1]
    return {"sum": a + b**2, "shape": np.sin(3 * a) * (1 + b)}


def noisy(seed):
    def evaluate(points, wave):
        rng = np.random.default_rng([seed, wave])
        return {
            key: f[:, None] + NOISE_SD * rng.normal(size=(len(points), N_REPLICATES)) for key, f in patterns(points).items()
        }

    return evaluate


def targets_of(truth, half_width=0.05):
    values = {key: float(f[0]) for key, f in patterns(truth[None]).items()}
    return [Target(key, value - half_width, value + half_width, 0.02) for key, value in values.items()]


def test_implausibility_is_the_distance_from_the_band_in_standard_deviations():
    target = Target("x", 1.0, 2.0, 0.3)
    values = implausibility(target, np.array([1.5, 0.5, 3.0]), np.array([0.16, 0.16, 0.0]))
    assert values == pytest.approx([0.0, 0.5 / 0.5, 1.0 / 0.3])


def test_what_the_emulator_does_not_know_is_not_ruled_out():
    points = latin(12, 1, 1) * 0.3
    y = np.sin(20 * points) * np.ones(2)
    (one,), _ = fit_patterns(points, {"x": y}, [Target("x", 3.0, 4.0, 0.01)])
    far, near = np.array([[1.0]]), points[:1]
    mean, variance = one.emulator.predict(far)
    assert one.implausibility(far) == pytest.approx((3 - mean) / np.sqrt(variance * one.inflation + 0.01**2))
    assert one.implausibility(far) < one.implausibility(near) / 2
    assert one.inflation >= 1


def test_the_truth_stays_and_the_rest_is_cut():
    n, kept, shares = 16, 0, []
    for seed in range(n):
        truth = np.random.default_rng(seed).random(3)
        history = match(noisy(seed), targets_of(truth), 3, n_waves=2, n_points=(30,), seed=seed)
        kept += bool(history.is_plausible(truth[None])[0])
        shares.append(history.nroy_share)
    assert kept >= n - 2  # at least 0.95 each: three misses of 16 have a chance of 4 in 100
    assert np.median(shares) < 0.15


def test_corners_are_cut_and_what_does_nothing_stays_wide():
    truth = np.array([0.3, 0.4, 0.5])
    history = match(noisy(1), targets_of(truth), 3, n_waves=3, n_points=(40,))
    corners = np.array([[a, b, c] for a in (0.02, 0.98) for b in (0.02, 0.98) for c in (0.1, 0.9)])
    assert not history.is_plausible(corners).any()
    assert history.waves[0].nroy_share > history.nroy_share > 0
    nroy = sample_nroy(history, 400)
    rows = {row.parameter: row for row in marginals(nroy, SPACE)}
    assert rows["idle"].verdict.startswith("not identified")
    assert rows["a"].verdict == rows["b"].verdict == "narrowed"
    assert rows["a"].left_low <= 3.0 <= rows["a"].left_high
    assert rows["b"].left_low <= 100**0.4 <= rows["b"].left_high
    assert rows["a"].implausible
    assert not rows["idle"].implausible


def test_two_parameters_that_make_up_for_each_other_show_as_corners():
    points = latin(4000, 2, 1)
    ridge = points[np.abs(points[:, 0] + points[:, 1] - 1) < 0.05]
    assert implausible_corners(ridge, ("a", "b")) == [
        "a in its lower half with b in its lower half",
        "a in its upper half with b in its upper half",
    ]


def test_patterns_that_cannot_be_shown_together_are_told():
    targets = [Target("sum", 1.9, 2.0, 0.01), Target("shape", -5.0, -4.0, 0.01)]
    with pytest.raises(OdssimError, match=r"ruled out.*alone they leave shape 0 %, sum"):
        match(noisy(1), targets, 3, n_waves=3, n_points=(30,))


def test_the_same_match_twice_and_in_pieces_is_the_same():
    truth = np.array([0.3, 0.4, 0.5])
    whole, again = (match(noisy(1), targets_of(truth), 3, n_waves=2, n_points=(25,)) for _ in range(2))
    short = match(noisy(1), targets_of(truth), 3, n_waves=2, n_points=(25,), may_start=lambda points, wave: wave < 2)
    assert [w.points.tobytes() for w in whole.waves] == [w.points.tobytes() for w in again.waves]
    assert len(short.waves) == 1
    assert short.waves[0].points.tobytes() == whole.waves[0].points.tobytes()
