"""Every estimator against a library or a count of all possibilities."""

import itertools
import warnings

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import t

from evaluation.panels import draw, frame
from odssim.analysis.displacement.rirr import rirr as rirr_of
from odssim.analysis.displacement.wdd import wdd as wdd_of
from odssim.evaluation.estimators.arms import arm, jackknife_df, together
from odssim.evaluation.estimators.dose_over_time import clean_of_carry_over
from odssim.evaluation.estimators.exposure import DIRECT, NEAR, NONE, exposure_map, exposures, mean_outcome, variance_bound
from odssim.evaluation.estimators.panel import BUFFER, BUFFER_CONTROL, Plan, make_panel
from odssim.evaluation.estimators.poisson_panel import fit
from odssim.evaluation.estimators.registry import answer, estimate
from odssim.evaluation.estimators.ring import Rings
from odssim.evaluation.estimators.synthetic_control import weights
from odssim.evaluation.estimators.time_series import design_matrix, hac_lag
from odssim.evaluation.lottery.over_places import complete, paired

SMALL = {"rel": 1e-6, "abs": 1e-9}


def fepois(formula, data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyfixest

        options = {"fixef_tol": 1e-12, "iwls_tol": 1e-12, "ssc": pyfixest.ssc(k_adj=False)}
        return pyfixest.fepois(formula, data=data, vcov={"CRV1": "place"}, **options)


@pytest.mark.parametrize("seed", [1, 2])
def test_poisson_did_is_pyfixest(seed):
    panel = draw(seed)
    data = frame(panel).assign(x=lambda d: d.treated * d.after)
    oracle = fepois("y ~ x | place + period", data)
    assert estimate("poisson_did", panel).estimate[0] == pytest.approx(oracle.coef().iloc[0], **SMALL)


def jackknife(before, after):
    """Variance of an arm's log ratio by refitting the weighted regression at the solution without each place in turn."""
    n = len(before)
    y = np.concatenate([before, after])
    total, share = before + after, after.sum() / (before + after).sum()
    mean = np.concatenate([total * (1 - share), total * share])
    x = np.column_stack([np.tile(np.eye(n), (2, 1)), np.repeat([0, 1], n)])
    left_out = []
    for j in range(n):
        rows, columns = np.tile(np.arange(n) != j, 2), np.append(np.arange(n) != j, True)
        part = x[rows][:, columns]
        weighted = part.T * mean[rows]
        left_out.append(np.linalg.solve(weighted @ part, weighted @ ((y - mean) / mean)[rows])[-1])
    return (n - 1) / n * np.square(left_out).sum()


def quadratic_form_df(w):
    """Squared trace over trace of the square of the scores' covariance, places' log ratios varying alike."""
    make = (np.eye(len(w)) - np.outer(w, np.ones(len(w)))) * w
    c = make @ make.T / np.outer(1 - w, 1 - w)
    return np.trace(c) ** 2 / np.trace(c @ c)


def test_the_error_is_the_jackknife_within_arms_and_the_degrees_of_freedom_are_bell_and_mccaffreys():
    panel = draw(3)
    before, after = (s[0] for s in panel.sums())
    arms = [panel.area[0] == k for k in (0, 1)]
    variance = [jackknife(before[g], after[g]) for g in arms]
    found = estimate("poisson_did", panel)
    assert found.se[0] == pytest.approx(np.sqrt(sum(variance)), rel=1e-9)
    shares = [(before + after)[g] / (before + after)[g].sum() for g in arms]
    spread = np.array([(w**2).sum() for w in shares])
    df = spread.sum() ** 2 / (spread**2 / [quadratic_form_df(w) for w in shares]).sum()
    assert found.p[0] == pytest.approx(2 * t.sf(abs(found.estimate[0] / found.se[0]), df), rel=1e-9)
    assert found.high[0] - found.estimate[0] == pytest.approx(t.ppf(0.975, df) * found.se[0], rel=1e-9)


@pytest.mark.parametrize("n", [2, 3, 12])
def test_equal_places_have_one_degree_of_freedom_less_than_they_are(n):
    assert jackknife_df(np.full((1, n), 1 / n))[0] == pytest.approx(n - 1)
    few, many = (arm(np.full((1, k), 8.0), np.full((1, k), 5.0), np.ones((1, k), bool)) for k in (n, 500))
    assert together((1.0, few), (1.0, many))[1][0] < n + 0.3


@pytest.mark.parametrize("periods", [6, 14], ids=["more places than periods", "more periods than places"])
def test_the_panel_fit_with_two_doses_is_pyfixest(periods):
    rng = np.random.default_rng(periods)
    x = rng.random((1, 9, periods, 2)) * (np.arange(periods) > 2)[None, None, :, None]
    y = rng.poisson(np.exp(rng.normal(1.5, 0.5, (1, 9, 1)) - 0.5 * x[..., 0] + 0.2 * x[..., 1])).astype(float)
    panel = make_panel(y, [0] * 5 + [1] * 4, start=3)
    data = frame(panel).assign(a=x[0, ..., 0].ravel(), b=x[0, ..., 1].ravel())
    oracle = fepois("y ~ a + b | place + period", data)
    found = fit(y, x)
    assert found.converged.all()
    assert found.beta[0].tolist() == pytest.approx(oracle.coef().tolist(), **SMALL)
    assert np.sqrt(np.diagonal(found.covariance[0])).tolist() == pytest.approx(oracle.se().tolist(), **SMALL)


def test_replicates_fitted_together_are_as_fitted_alone():
    panel = draw(4, n=5)
    together = fit(panel.counts, panel.dose[..., None])
    alone = [fit(panel.counts[r : r + 1], panel.dose[r : r + 1, ..., None]).beta[0, 0] for r in range(5)]
    assert together.beta[:, 0].tolist() == pytest.approx(alone, rel=1e-9)
    # with one common start the general fit is the closed form
    assert together.beta[:, 0].tolist() == pytest.approx(estimate("poisson_did", panel).estimate.tolist(), rel=1e-8)


@pytest.mark.parametrize("name", ["dose_response", "stepped_wedge"])
def test_dose_and_wedge_are_pyfixest(name):
    """Estimate and usual clustered error; the error reported allows for few places."""
    rng = np.random.default_rng(8)
    crossing = np.array([4, 5, 6, 7, 8, 9, 10, 99, 99])
    dose = (np.arange(14) >= crossing[:, None]) * (rng.random((9, 1)) if name == "dose_response" else 1.0)
    panel = draw(8, dose=dose)
    oracle = fepois("y ~ dose | place + period", frame(panel))
    assert estimate(name, panel).estimate[0] == pytest.approx(oracle.coef().iloc[0], **SMALL)
    found = fit(panel.counts, panel.dose[..., None])
    assert np.sqrt(found.covariance[0, 0, 0]) == pytest.approx(oracle.se().iloc[0], **SMALL)


def test_with_one_common_start_a_place_has_the_leverage_of_its_share_of_its_arm():
    panel = draw(13)
    before, after = (s[0] for s in panel.sums())
    share, score, weight = (np.zeros(9) for _ in range(3))
    for k in (0, 1):
        own = panel.area[0] == k
        n, p = (before + after)[own], after[own].sum() / (before + after)[own].sum()
        share[own], weight[own] = n / n.sum(), n * p * (1 - p)
        score[own] = (after[own] - n * p) / weight[own].sum()
    arms = [weight[panel.area[0] == k].sum() for k in (0, 1)]
    information = share * np.where(panel.area[0] == 0, arms[1], arms[0]) / sum(arms)
    variance = ((score / (1 - share)) ** 2).sum() * (information * (1 - share)).sum()
    assert estimate("dose_response", panel).se[0] == pytest.approx(np.sqrt(variance), rel=2e-3)


def test_crossover_leaves_out_off_periods_within_the_washout():
    on = np.random.default_rng(2).random((9, 14)) < 0.4
    on[:, :2] = False
    panel = draw(9, pre=2, post=12, dose=on.astype(float), washout=2)
    clean = clean_of_carry_over(on, 2)
    data = frame(panel)[clean.ravel()]
    oracle = fepois("y ~ dose | place + period", data)
    assert estimate("crossover", panel).estimate[0] == pytest.approx(oracle.coef().iloc[0], **SMALL)
    used = np.asarray(clean)[None]
    usual = fit(panel.counts, panel.dose[..., None], used).covariance[0, 0, 0]
    assert np.sqrt(usual) == pytest.approx(oracle.se().iloc[0], rel=1e-5)


def test_clean_off_periods_by_hand():
    on = np.array([1, 0, 0, 0, 1, 0, 0], dtype=bool)
    assert clean_of_carry_over(on, 2).tolist() == [True, False, False, True, True, False, False]
    assert clean_of_carry_over(on, 0).all()


def test_negative_binomial_is_statsmodels():
    import statsmodels.api as sm

    panel = draw(5, treated=6, control=6, alpha=0.4)
    data = frame(panel)
    x = np.column_stack([np.ones(len(data)), data.treated, data.after, data.treated * data.after])
    oracle = sm.NegativeBinomial(data.y, x).fit(disp=0, method="newton", maxiter=500)
    found = estimate("nb_did", panel)
    assert found.estimate[0] == pytest.approx(oracle.params.iloc[3], rel=1e-6)
    assert found.se[0] == pytest.approx(oracle.bse.iloc[3], rel=1e-5)
    assert found.parts["nb2_alpha"][0] == pytest.approx(oracle.params.iloc[4], rel=1e-6)


def test_negative_binomial_dispersion_is_zero_where_counts_hardly_vary():
    counts = np.tile([[5, 5, 5, 5], [7, 7, 7, 7]], (2, 1))
    found = estimate("nb_did", make_panel(counts, [0, 0, 1, 1], start=2))
    assert found.parts["nb2_alpha"][0] == 0


def test_time_series_is_statsmodels():
    import statsmodels.api as sm

    panel = draw(6, pre=24, post=18, first_period=5)
    x, t = design_matrix(panel, 1)
    y = panel.counts[0, panel.area[0] == 0].sum(axis=0)[t]
    oracle = sm.GLM(y, x, family=sm.families.Poisson()).fit(
        cov_type="HAC", cov_kwds={"maxlags": hac_lag(len(t)), "use_correction": False}, tol=1e-13
    )
    contrast = np.zeros(x.shape[1])
    contrast[2], contrast[3] = 1, (18 - 1) / 2
    found = estimate("time_series", panel)
    assert found.estimate[0] == pytest.approx(contrast @ oracle.params, rel=1e-6)
    assert found.se[0] == pytest.approx(np.sqrt(contrast @ oracle.cov_params() @ contrast), rel=1e-6)


def test_sums_of_two_by_two_are_the_scalar_formulas():
    panel = draw(7, treated=4, control=4)
    (rb, ra), (cb, ca) = (tuple(float(c[0]) for c in panel.area_sums(area)) for area in (0, 1))
    weight = panel.time_ratio
    found, expected = estimate("wdd", panel), wdd_of((rb, ra), (cb, ca), time_weights=(1 / weight, 1.0))
    assert (found.estimate[0], found.se[0]) == pytest.approx((expected.total, expected.se))
    ratio = rirr_of((rb, ra), (cb, ca))
    found = estimate("rirr", panel)
    assert (found.estimate[0], found.se[0]) == pytest.approx((ratio.log, ratio.se))


def test_wdd_with_buffers_is_the_published_example():
    counts = np.array([[207, 110], [308, 318], [178, 157], [150, 140]])
    panel = make_panel(counts, [0, 1, BUFFER, BUFFER_CONTROL], start=1)
    found = answer("wdd", panel)
    assert (found.overall.estimate[0], found.overall.se[0]) == pytest.approx((-118, 39.5979797464))
    assert (found.target.estimate[0], found.target.se[0]) == pytest.approx((-107, 30.7083050656))
    assert (found.buffer.estimate[0], found.buffer.se[0]) == pytest.approx((-11, 25))
    assert found.overall.p[0] == pytest.approx(0.0028829543, rel=1e-6)


def test_rings_are_pyfixest():
    area = np.array([0] * 4 + [BUFFER] * 6 + [1] * 5)
    distance = np.array([0] * 4 + [50] * 3 + [200] * 3 + [5000] * 5)
    counts = draw(10, treated=4, control=11).counts
    panel = make_panel(counts, area, start=8, distance_m=distance)
    data = frame(panel)
    for name, inside in (("x0", area == 0), ("x1", distance == 50), ("x2", distance == 200)):
        data[name] = inside[data.place] * data.after
    oracle = fepois("y ~ x0 + x1 + x2 | place + period", data)
    found = Rings(panel, (100.0, 250.0))
    assert found.log[0].tolist() == pytest.approx(oracle.coef().tolist(), **SMALL)
    pair = make_panel(counts, np.where(area == 1, 1, np.where(distance == 50, 0, 5)), start=8)
    assert found.se[0, 1] == pytest.approx(estimate("poisson_did", pair).se[0], rel=1e-12)
    both = answer("ring", panel, Plan(ring_edges_m=(100.0, 250.0))).overall
    before, after = panel.sums()
    far = after[0, 10:].sum() / before[0, 10:].sum()
    assert both.estimate[0] == pytest.approx((after[0, :10] - before[0, :10] * far).sum())


def test_the_error_of_all_rings_together_is_that_of_the_delta_method():
    """Derivatives of the change in events by each group's logit of the share after, by differences."""
    area = np.array([0] * 4 + [BUFFER] * 4 + [1] * 4)
    panel = make_panel(draw(11, treated=4, control=8).counts, area, start=8)
    before, after = (s[0] for s in panel.sums())
    groups = [area == 0, area == BUFFER, area == 1]
    n = np.array([(before + after)[g].sum() for g in groups])
    logit = np.array([np.log(after[g].sum() / before[g].sum()) for g in groups])

    def events(x):
        p = 1 / (1 + np.exp(-x))
        return sum(n[k] * (p[k] - (1 - p[k]) * np.exp(x[2])) for k in (0, 1))

    slope = np.array([(events(logit + h) - events(logit - h)) / 2e-6 for h in 1e-6 * np.eye(3)])
    variance = []
    for g in groups:
        variance.append(jackknife(before[g], after[g]))
    parts = np.abs(slope) * np.sqrt(variance)  # target and ring may move together: their errors are added
    assert Rings(panel, ()).change([0, 1], 0.05).se[0] == pytest.approx(np.hypot(parts[0] + parts[1], parts[2]), rel=1e-6)


def test_synthetic_weights_are_those_of_a_general_solver():
    rng = np.random.default_rng(3)
    donors = rng.gamma(5, 3, (6, 15))
    target = 0.5 * donors[1] + 0.3 * donors[4] + 0.2 * donors[0] + rng.normal(0, 1.0, 15)
    (found,) = weights(target[None], donors[None])

    def loss(w):
        return ((target - w @ donors) ** 2).sum()

    oracle = minimize(
        loss, np.full(6, 1 / 6), bounds=[(0, 1)] * 6, constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP", options={"ftol": 1e-14, "maxiter": 500},
    )  # fmt: skip
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()
    assert loss(found) <= oracle.fun * (1 + 1e-9)
    assert found.tolist() == pytest.approx(oracle.x.tolist(), abs=1e-4)


@pytest.mark.parametrize(
    ("places", "drawn", "range_m", "outcomes"),
    [(6, 2, 300.0, [20.0] * 6), (5, 1, 1.0, [-20.0, 20, -20, 20, 0])],
    ids=["some together", "never two treated"],
)
def test_exposure_means_are_right_on_average_over_all_assignments(places, drawn, range_m, outcomes):
    """Horvitz-Thompson is unbiased and its variance estimate never too small on average: by listing the lottery."""
    rng = np.random.default_rng(4)
    xy = rng.random((places, 2)) * 1000
    between = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    lottery = complete(places, drawn)
    chances = exposure_map(lottery, between, range_m)
    outcome = rng.normal(0, 2, (3, places))  # each place under each exposure
    outcome[DIRECT] += outcomes
    table = lottery.every()
    met = exposures(table, between, range_m)
    seen = np.select([met == d for d in range(3)], [np.tile(outcome[d], (len(table), 1)) for d in range(3)])
    means = {d: mean_outcome(seen, met, chances, d) for d in (DIRECT, NEAR, NONE)}
    for d in (DIRECT, NEAR, NONE):
        possible = ~chances.never(d)
        if possible.any():
            assert means[d].mean() == pytest.approx(outcome[d][possible].mean(), rel=1e-9)
    true_variance = (means[DIRECT] - means[NONE]).var()
    assert variance_bound(seen, met, chances, DIRECT, NONE).mean() >= true_variance * (1 - 1e-9)


def test_exposure_chances_are_counted():
    between = np.array([[0.0, 100, 900], [100, 0, 900], [900, 900, 0]])
    chances = exposure_map(complete(3, 1), between, 500.0)
    assert chances.single.tolist() == pytest.approx(np.array([[1 / 3] * 3, [1 / 3, 1 / 3, 0], [1 / 3, 1 / 3, 2 / 3]]))
    assert chances.never(NEAR).tolist() == [False, False, True]


def test_permutation_p_is_a_count_of_all_assignments():
    panel = draw(12, treated=4, control=4)
    before, after = (s[0] for s in panel.sums())
    found = estimate("permutation", panel, Plan(mechanism=complete(8, 4)))

    def statistic(chosen):
        inside = np.isin(np.arange(8), chosen)
        return np.log(after[inside].sum() / before[inside].sum()) - np.log(after[~inside].sum() / before[~inside].sum())

    every = np.array([abs(statistic(c)) for c in itertools.combinations(range(8), 4)])
    assert found.p[0] == pytest.approx((every >= abs(statistic(range(4))) - 1e-9).mean())
    assert found.estimate[0] == pytest.approx(statistic(range(4)))


def test_an_assignment_without_a_statistic_counts_as_extreme():
    """Arms without events after the start: two of the six assignments have no ratio at all."""
    counts = np.array([[10, 0], [10, 1], [10, 0], [10, 30]])
    found = estimate("permutation", make_panel(counts, [0, 0, 1, 1], start=1), Plan(mechanism=complete(4, 2)))
    assert found.estimate[0] == pytest.approx(np.log(1 / 30))
    assert found.p[0] == 1.0


def test_the_variance_bound_holds_for_places_never_treated_together():
    """Pairs, no effect, opposite outcomes within a pair: the bound is then exact, 16 y^2 per pair."""
    lottery, y = paired(2), np.array([20.0, -20.0, 5.0, -5.0])
    between = 1000.0 * (1.0 - np.eye(4))
    chances = exposure_map(lottery, between, 1.0)
    met = exposures(lottery.every(), between, 1.0)
    seen = np.tile(y, (len(met), 1))
    difference = mean_outcome(seen, met, chances, DIRECT) - mean_outcome(seen, met, chances, NONE)
    assert difference.var() == pytest.approx(16 * (20**2 + 5**2) / 4**2)
    assert variance_bound(seen, met, chances, DIRECT, NONE).mean() == pytest.approx(difference.var())
