"""No verdict on a true null more often than stated, and interval and p of every estimator say the same."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from evaluation.panels import draw
from evaluation.sizes import LAWS, cell, panels, plan_of
from odssim.evaluation.design.check import check_design
from odssim.evaluation.design.design_file import load_design
from odssim.evaluation.design.questions import design_text
from odssim.evaluation.estimators.panel import Plan, make_panel
from odssim.evaluation.estimators.registry import ESTIMATORS, estimate
from odssim.evaluation.estimators.synthetic_control import fit_groups, placebo_groups
from odssim.evaluation.lottery.over_places import complete
from odssim.evaluation.lottery.over_time import Crossover, steps

LIMIT, FALSE_ALARM = 0.07, 1e-6
N = 1000
"""With a size of 0.07 a check fails once in a million; one of 0.12 or more is found with a chance above 0.99."""
MOST = int(binom.ppf(1 - FALSE_ALARM, N, LIMIT))


def test_the_check_of_a_size_would_notice():
    assert binom.sf(MOST, N, 0.17) > 1 - 1e-6, "5 treated and 100 controls, errors clustered over all places"
    assert binom.sf(MOST, N, 0.13) > 0.9


@pytest.mark.parametrize(
    ("law", "treated", "control"),
    [("Poisson", 2, 10), ("negative binomial", 2, 100), ("negative binomial", 5, 100), ("negative binomial", 20, 30)],
)
def test_the_size_is_kept(law, treated, control):
    names = ("poisson_did", "wdd", "matched_control", "permutation", "ring", "before_after", "time_series")
    for row in cell(law, treated, control, N, names):
        assert row["size"] * N <= MOST, row


@pytest.mark.parametrize(("treated", "control"), [(2, 10), (3, 4), (20, 10)])
def test_placebo_groups_are_of_the_size_of_the_treated(treated, control):
    """Single donors against a mean of several places rejected in 0.26 to 0.46 of 400 panels."""
    n = 200
    panel = panels(np.random.default_rng(1), n, treated, control, near=0.0)
    found = estimate("synthetic_control", panel, Plan())
    assert found.rejected.sum() <= binom.ppf(1 - FALSE_ALARM, n, 0.05)


def in_other_rows(panel, order):
    """The panel with its places in another order."""
    rows = {"counts": panel.counts[:, order], "area": panel.area[:, order], "dose": panel.dose[:, order]}
    if panel.block.size:
        rows["block"] = panel.block[order]
    if panel.between_m.size:
        rows["between_m"] = panel.between_m[np.ix_(order, order)]
    return replace(panel, **rows)


@pytest.mark.parametrize("seed", range(3))
def test_no_answer_depends_on_which_places_stand_first(seed):
    """With 20 + 500 places the first donor was a treated place for placebo groups alone, and 0.07 of true nulls fell."""
    rng = np.random.default_rng(seed)
    for name, panel, plan in every_kind(seed):
        if plan.time_lottery is not None:  # too many to list: other rows are another draw
            continue
        found, other = (estimate(name, one, plan) for one in (panel, in_other_rows(panel, rng.permutation(panel.n_places))))
        for column in ("estimate", "se", "p", "low", "high"):
            assert getattr(other, column) == pytest.approx(getattr(found, column), 1e-9, 1e-9, nan_ok=True), (name, column)


@pytest.mark.parametrize(("periods", "mean"), [(3, 0.5), (6, 6.0)], ids=["many places alike", "many donors, few periods"])
def test_a_synthetic_control_is_the_same_to_the_last_bit_in_other_rows(periods, mean):
    rng = np.random.default_rng(periods)
    counts, order = rng.poisson(mean, (5, 60, 2 * periods)), rng.permutation(60)
    panel = make_panel(counts, np.where(np.arange(60) < 4, 0, 1), start=periods)
    found, other = (estimate("synthetic_control", one) for one in (panel, in_other_rows(panel, order)))
    assert len(set(found.p.tolist())) > 1
    for column in ("estimate", "p", "low", "high"):
        assert getattr(other, column).tolist() == getattr(found, column).tolist()


def test_donors_alike_before_the_start_share_a_weight():
    series = np.array([[2, 2, 2.0], [2, 2, 4], [2, 2, 6], [5, 9, 50]])
    (ratio,), (gap,) = fit_groups(series, np.array([[0, 1, 0, 0]]) > 0, np.arange(3) < 2, np.arange(3) == 2)
    assert (ratio, gap) == (pytest.approx(0.0), pytest.approx(0.0)), "the mean of 2 and 6 is 4"


def test_other_counts_are_other_placebo_groups():
    """With one draw for all counts the size was that of the draw: 0.025 to 0.067 with 3 + 10 places."""
    counts, own = np.random.default_rng(1).poisson(9.0, (2, 30, 6)) * 1.0, np.arange(30) < 4
    first, again, other = (placebo_groups(own, series, 1).tolist() for series in (counts[0], counts[0], counts[1]))
    assert first == again
    assert first != other


def test_twins_have_the_verdict_of_the_estimator_that_is_tried():
    panel, plan = panels(np.random.default_rng(2), 300, 4, 9, dispersion=0.1, mean=40.0), plan_of(4, 9)
    clustered = estimate("poisson_did", panel, plan).rejected.tolist()
    assert any(clustered)
    for name in ("nb_did", "rirr", "bounds", "ring"):
        assert estimate(name, panel, plan).rejected.tolist() == clustered
    assert estimate("placebo", panel).p.tolist() == estimate("permutation", panel, plan).p.tolist()


def every_kind(seed: int):
    """Panels on which each estimator can answer, effects from none to large."""
    rng = np.random.default_rng(seed)
    effect, treated, control = float(rng.choice([0.0, 0.3, 0.6])), int(rng.integers(2, 6)), int(rng.integers(2, 9))
    places = treated + control
    between = rng.uniform(300, 3000, (places, places))
    rest = {"between_m": between + between.T, "block": np.arange(places) % 4}
    panel = draw(seed, n=20, treated=treated, control=control, effect=effect, **rest)
    lotteries = {"crossover": Crossover(places, 6, max(1, places // 2)), "stepped_wedge": steps(places, 3, 6)}
    for name in ESTIMATORS:
        if name not in lotteries:
            yield name, panel, Plan(mechanism=complete(places, treated), n_draws=499)
            continue
        on = lotteries[name].table(1, rng)[0][0]
        dose = np.concatenate([np.zeros((places, panel.start)), on], axis=1)
        counts = rng.poisson(20 * (1 - effect * dose), (20, places, panel.n_periods))
        moved = make_panel(counts, [0] * places, start=panel.start, dose=dose)
        for lottery in (lotteries[name], None):
            yield name, moved, Plan(time_lottery=lottery, n_draws=499)


@pytest.mark.parametrize("seed", range(6))
def test_p_exceeds_alpha_if_and_only_if_the_interval_holds_no_effect(seed):
    for name, panel, plan in every_kind(seed):
        found = estimate(name, panel, plan)
        for one in {id(found): found, id(found.decisive): found.decisive}.values():
            told = one.ok & np.isfinite(one.p)
            holds = (one.low <= 0) & (one.high >= 0)
            assert ((one.p > one.alpha) == holds)[told].all(), name
            inside = (one.low <= one.estimate) & (one.estimate <= one.high)
            assert inside[told].all() or name in ("crossover", "stepped_wedge"), name


def test_a_lone_treated_place_gets_no_verdict_but_from_a_lottery():
    panel = draw(1, n=5, treated=1, control=30, effect=0.95)
    for name in ("poisson_did", "rirr", "wdd", "nb_did", "ring", "before_after", "time_series", "dose_response"):
        found = estimate(name, panel)
        assert not found.answered.any(), name
    assert estimate("placebo", panel).rejected.all()


def test_controls_do_not_lend_their_number_to_few_treated_places():
    errors = []
    for control in (10, 500):
        found = estimate("poisson_did", panels(np.random.default_rng(3), 200, 3, control, near=0.0))
        errors.append(np.median((found.high - found.estimate) / found.se))
    assert errors[1] > 3.5, "two degrees of freedom at most, whatever the other arm has"
    assert "negative binomial" in LAWS


@pytest.mark.parametrize(("mechanism", "primary"), [("hand_picked", "placebo"), ("complete", "permutation")])
def test_a_new_design_lets_a_lottery_or_a_placebo_decide(tmp_path, mechanism, primary):
    file = tmp_path / "new.toml"
    file.write_text(design_text({"mechanism": mechanism, "treated": 2, "control": 100}), encoding="utf-8")
    design = load_design(file)
    assert design.keys.answer.primary == primary
    assert "few_clusters" in {warned.pitfall for warned in check_design(design)}, "of the secondary estimators"
