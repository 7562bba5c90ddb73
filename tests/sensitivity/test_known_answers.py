"""Indices of noisy test functions whose indices are known, and that they fail where they must."""

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from scipy.stats import f as f_law

from odssim.errors import OdssimError
from odssim.studies.sensitivity.chance import chance_share
from odssim.studies.sensitivity.convergence import convergence
from odssim.studies.sensitivity.design import moved_group, pick_freeze, shapley_paths, sobol_points, trajectories
from odssim.studies.sensitivity.emulator import PoorEmulatorError, emulated_indices
from odssim.studies.sensitivity.index import Index, judge
from odssim.studies.sensitivity.morris import elementary_effects, morris
from odssim.studies.sensitivity.pawn import pawn
from odssim.studies.sensitivity.replicates import TooFewReplicatesError
from odssim.studies.sensitivity.shapley import shapley
from odssim.studies.sensitivity.sobol import sobol_indices
from sensitivity.functions import A, columns, g_answers, g_function, ishigami, ishigami_answers, with_noise

K12 = np.array([(10, 12, 11), (18, 15, 18), (25, 28, 25), (7, 9, 8)], dtype=float)
SD = 0.5


def by_measure(indices, measure):
    return {i.parameter: i for i in indices if i.measure == measure}


def test_variance_split_of_a_table_by_hand():
    split = chance_share(K12)
    assert split.chance_variance == pytest.approx(2)
    assert split.parameter_variance == pytest.approx(62.3333333333)
    assert split.share == pytest.approx(0.0310880829)
    ratio = 3 * K12.mean(axis=1).var(ddof=1) / 2
    ends = [3 / (2 + ratio / f_law.ppf(p, 3, 8)) for p in (0.025, 0.975)]  # chance / (chance + parameters)
    assert [split.low, split.high] == pytest.approx(ends)
    with pytest.raises(TooFewReplicatesError):
        chance_share(K12[:, :1])


def test_the_interval_of_chance_covers_at_its_nominal_rate():
    rng, hits = np.random.default_rng(5), 0
    for _ in range(600):
        y = rng.normal(size=(12, 1)) * 2 + rng.normal(size=(12, 3))
        split = chance_share(y)
        hits += split.low <= 0.2 <= split.high
    assert abs(hits / 600 - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 600)


def test_luck_that_all_points_share_is_not_taken_for_that_of_each():
    rng = np.random.default_rng(6)
    one_way, two_way = [], []
    for _ in range(60):
        y = rng.normal(size=(40, 1)) + 2 * rng.normal(size=(1, 4)) + 0.5 * rng.normal(size=(40, 4))
        one_way.append(chance_share(y).parameter_variance)
        two_way.append(chance_share(y, common_random_numbers=True).parameter_variance)
    assert np.mean(two_way) == pytest.approx(1, abs=4 * np.std(two_way) / np.sqrt(60))
    assert np.mean(one_way) < 0.5


@pytest.mark.parametrize("n_replicates", [1, 10])
def test_g_function_with_fresh_luck(n_replicates):
    """K11: what naive totals come to, and that the correction takes chance out."""
    variance, first, total = g_answers()
    groups = columns(4, dummy=False)
    f = g_function(pick_freeze(16384, 4, groups))
    y = with_noise(f, SD, n_replicates)
    naive = by_measure(sobol_indices(y.mean(axis=2, keepdims=True), list(groups), treatment="raw"), "ST")
    noise = SD**2 / n_replicates
    expected = (total * variance + noise) / (variance + noise)
    if n_replicates == 1:
        assert expected == pytest.approx([0.8616921, 0.5071241, 0.3718666, 0.3563444])
    else:
        assert expected == pytest.approx([0.7982131, 0.2809094, 0.0835728, 0.0609264], abs=1e-6)
        fair = sobol_indices(y, list(groups))
        for measure, answers in (("S1", first), ("ST", total)):
            rows = by_measure(fair, measure)
            for name, answer in zip(groups, answers, strict=True):
                assert rows[name].value == pytest.approx(answer, abs=1.5 * (rows[name].high - rows[name].low) / 2)
                assert rows[name].high - rows[name].low < 0.06
    for name, answer in zip(groups, expected, strict=True):
        assert naive[name].value == pytest.approx(answer, abs=0.02)


def test_noise_makes_raw_totals_too_large_and_the_correction_mends_it():
    variance, _, total = ishigami_answers()
    groups = columns(4)
    f = ishigami(pick_freeze(8192, 4, groups))
    y = with_noise(f, np.sqrt(variance), 2)
    raw, fair = (by_measure(sobol_indices(y, list(groups), treatment=t), "ST") for t in ("raw", "qoi"))
    assert raw["dummy"].value == pytest.approx(0.5, abs=0.03)
    assert fair["dummy"].low <= 0 <= fair["dummy"].high
    for name, answer in zip(groups, total, strict=False):
        assert fair[name].value == pytest.approx(answer, abs=1.5 * (fair[name].high - fair[name].low) / 2)
        assert raw[name].value > 0.95 * (answer + 1) / 2
    verdicts = {row.parameter: row.verdict for row in judge(fair.values())}
    assert [verdicts[f"x{i}"] for i in (1, 2, 3)] == ["matters"] * 3


@pytest.mark.parametrize("treatment", ["qoi", "raw"])
def test_second_order_indices_of_noisy_functions(treatment):
    """Of the g-function V_ij is V_i V_j; of Ishigami's only the first and third act together."""
    groups = columns(4)
    variance, first, _ = g_answers(A[:3])
    own = first * variance
    answers = {f"x{i + 1} x x{j + 1}": own[i] * own[j] / variance for i, j in ((0, 1), (0, 2), (1, 2))}
    y = with_noise(g_function(pick_freeze(4096, 4, groups, second_order=True), A[:3]), SD, 2)
    _covered(y, groups, answers, treatment, variance / (variance + SD**2))
    variance, first, total = ishigami_answers()
    answers = {"x1 x x2": 0.0, "x1 x x3": (total - first)[0], "x2 x x3": 0.0}
    y = with_noise(ishigami(pick_freeze(4096, 4, groups, second_order=True)), 2.0, 2)
    rows = _covered(y, groups, answers, treatment, variance / (variance + 4))
    assert rows["x1 x x3"].low > 0.1


def _covered(y, groups, answers, treatment, share):
    """Check second-order indices against answers free of chance; raw ones have chance in their denominator."""
    rows = by_measure(sobol_indices(y, list(groups), treatment=treatment), "S2")
    assert set(rows) == set(answers)
    for pair, answer in answers.items():
        half = (rows[pair].high - rows[pair].low) / 2
        assert half < 0.06
        assert rows[pair].value == pytest.approx(answer * (1 if treatment == "qoi" else share), abs=1.6 * half)
    return rows


def test_second_order_points_mend_the_other_indices():
    """Both halves of the design speak of S1 and ST: they stay what they are, with narrower intervals."""
    groups = columns(4, dummy=False)
    _, first, total = g_answers()
    f = g_function(pick_freeze(2048, 4, groups, second_order=True))
    y = with_noise(f, SD, 2)
    assert (f[:, :6] == g_function(pick_freeze(2048, 4, groups))).all()
    few, many = sobol_indices(y[:, :6], list(groups)), sobol_indices(y, list(groups))
    for measure, answers in (("S1", first), ("ST", total)):
        narrow, wide = by_measure(many, measure), by_measure(few, measure)
        for name, answer in zip(groups, answers, strict=True):
            half = (narrow[name].high - narrow[name].low) / 2
            assert narrow[name].value == pytest.approx(answer, abs=1.6 * half)
        assert np.mean([i.high - i.low for i in narrow.values()]) < np.mean([i.high - i.low for i in wide.values()])


def test_the_dummy_covers_nought_at_the_nominal_rate():
    groups, hits = columns(5), 0
    for seed in range(100):
        f = g_function(pick_freeze(64, 5, groups, seed=seed))
        total = by_measure(sobol_indices(with_noise(f, SD, 2, seed), list(groups)), "ST")["dummy"]
        hits += total.low <= 0 <= total.high
    assert hits >= 88  # 95 of 100 expected; 87 or fewer has a chance of 1 in 1,000


def test_three_treatments_of_multiplicative_luck():
    """Y = X xi with E xi = 1, Var xi = 1/2: QoI and Hart 1; raw S1 1/3, seed 1/2, their interaction 1/6."""
    rng = np.random.default_rng(2)
    xi = rng.gamma(2, 0.5, size=2000)
    y = pick_freeze(256, 1, {"x": [0]})[:, :, 0][..., None] * xi
    for treatment, answer, tolerance in (("qoi", 1, 0.05), ("hart", 1, 0.05), ("raw", 1 / 3, 0.05)):
        found = by_measure(sobol_indices(y, ["x"], treatment=treatment), "S1") if treatment == "raw" else by_measure(
            sobol_indices(y[:, :, :60], ["x"], treatment=treatment, common_random_numbers=True), "S1")  # fmt: skip
        assert found["x"].value == pytest.approx(answer, abs=tolerance)
    total = by_measure(sobol_indices(y, ["x"], treatment="raw"), "ST")["x"].value
    assert total == pytest.approx(1 / 3 + 1 / 6, abs=0.05)
    with pytest.raises(OdssimError, match="common random numbers"):
        sobol_indices(y, ["x"], treatment="hart")


def test_morris_knows_what_chance_alone_shows():
    """K11: an inert factor with noise 1 shows mu* 1.69 at step 2/3; the effect free of chance is nought."""
    groups = columns(5)
    blocks = trajectories(2000, 5, groups)
    moved = moved_group(blocks, groups)
    y = with_noise(g_function(blocks), 1.0, 2)
    rows = {row.parameter: row for row in morris(y, blocks, moved, list(groups))}
    dummy = rows["dummy"]
    single = np.abs(elementary_effects(y[:, :, :1], blocks, moved, 5)[:, 4]).mean()
    assert single == pytest.approx(1.6925687506, abs=4 * 1.28 / np.sqrt(2000))
    assert dummy.chance_mu_star == pytest.approx(1.6925687506 / np.sqrt(2), rel=0.05)
    assert dummy.mu_star == pytest.approx(dummy.chance_mu_star, rel=0.05)
    assert dummy.index.low <= 0 <= dummy.index.high
    assert rows["x1"].index.verdict == rows["x2"].index.verdict == "matters"


def test_morris_is_salibs_where_there_is_no_chance():
    groups = {"pair": [0, 1], "x3": [2], "dummy": [3]}
    blocks = trajectories(30, 4, groups)
    moved = moved_group(blocks, groups)
    y = g_function(blocks)[..., None].repeat(2, axis=2)
    rows = {row.parameter: row for row in morris(y, blocks, moved, list(groups))}
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4, "groups": ["pair", "pair", "x3", "dummy"]}
    other = salib_morris.analyze(problem, blocks.reshape(-1, 4), y[..., 0].ravel(), num_levels=4)
    for name, mu_star in zip(other["names"], other["mu_star"], strict=True):
        assert rows[name].mu_star == pytest.approx(mu_star)


def test_shapley_effects_without_chance():
    """Each share lies between S1 and ST (Owen 2014), they sum to one, and the dummy's is nought."""
    _, first, total = ishigami_answers()
    paths = shapley_paths(4000, 4)
    rows = {r.parameter: r for r in shapley(with_noise(ishigami(paths), 2.0, 2), paths, list(columns(4)))}
    answers = (first + total) / 2  # with one pair interacting, half of it each
    for name, answer in zip(("x1", "x2", "x3"), answers, strict=True):
        assert rows[name].low <= answer <= rows[name].high
    assert rows["dummy"].low <= 0 <= rows["dummy"].high
    assert sum(r.value for r in rows.values()) == pytest.approx(1)


def test_pawn_ranks_and_the_dummy_is_chance():
    points = sobol_points(256, 5)
    rows = {r.parameter: r for r in pawn(with_noise(g_function(points), SD, 2), points, list(columns(5)))}
    assert rows["x1"].verdict == "matters"
    assert rows["x1"].value > rows["x2"].value > rows["x4"].value
    assert rows["x4"].low <= 0 <= rows["x4"].high
    assert rows["dummy"].low < 0 < rows["dummy"].high


def test_the_emulator_finds_the_indices_from_few_runs():
    variance, first, total = g_answers(A[:3])
    groups = columns(4)
    points = sobol_points(160, 4)
    y = with_noise(g_function(points, A[:3]), np.sqrt(variance) / 2, 3)
    indices, emulator = emulated_indices(y, points, groups)
    assert emulator.q2 > 0.7
    assert np.std(emulator.loo_z) == pytest.approx(1, abs=0.3)
    for measure, answers in (("S1", first), ("ST", total)):
        rows = by_measure(indices, measure)
        for name, answer in zip(groups, answers, strict=False):
            assert rows[name].low - 0.03 <= answer <= rows[name].high + 0.03


def test_a_poor_emulator_is_refused():
    points = sobol_points(40, 3)
    rough = np.sin(60 * points).sum(axis=1)
    with pytest.raises(PoorEmulatorError, match="run more points than 40"):
        emulated_indices(with_noise(rough, 0.1, 2), points, columns(3, dummy=False))


@pytest.mark.parametrize(("high", "done"), [(0.0, True), (0.2, False)])
def test_where_nothing_has_an_effect_no_number_of_runs_is_worked_out(high, done):
    found = convergence(16, lambda n: [Index("a", "effect", 0.0, -high, high, 0.0)], widest=0.0)
    assert (found.has_converged, found.enough_blocks) == (done, 16 if done else 32)
