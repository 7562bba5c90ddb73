"""No answer is no verdict; averages under staggered starts and of a dose that follows crime are not claimed."""

import numpy as np
import pytest
from typer.testing import CliRunner

from evaluation.tried import scores, small
from odssim.cli.app import app
from odssim.evaluation.counts.analyse import analyse
from odssim.evaluation.estimators.around import surroundings_warnings
from odssim.evaluation.estimators.estimates import LOG_RATIO, Estimates
from odssim.evaluation.estimators.panel import BUFFER, BUFFER_CONTROL, Plan, make_panel
from odssim.evaluation.estimators.permutation import permutation
from odssim.evaluation.estimators.registry import ESTIMATORS, answer
from odssim.evaluation.estimators.withheld import BY_DOSE, DISPLACEMENT, NO_ANSWER, NO_EFFECT, follows_p, staggered, verdicts
from odssim.evaluation.lottery.over_places import complete
from odssim.evaluation.lottery.over_time import Crossover, steps
from odssim.evaluation.trial.characteristics import characteristics, verdict_matrix
from odssim.language import speaking

ARM = np.repeat([0, 1, BUFFER, BUFFER_CONTROL], 4)
PLAN = Plan(mechanism=complete(8, 4))


def counts(seed=2, places=16, periods=12, mean=20.0):
    return np.random.default_rng(seed).poisson(mean, (places, periods)).astype(float)


@pytest.mark.parametrize("name", sorted(set(ESTIMATORS) - {"wdd"}))
def test_where_all_counts_fall_to_nothing_none_says_no_effect_shown(name):
    y = counts()
    y[:, 6:] = 0
    assert answer(name, make_panel(y, ARM, start=6), PLAN).verdict[0] == NO_ANSWER
    y = counts()
    y[:4, 6:] = 0
    assert answer(name, make_panel(y, ARM, start=6), PLAN).verdict[0] != NO_EFFECT


def one(estimate, low, high, *, ok=True) -> Estimates:
    values = [np.array([v]) for v in (estimate, np.nan, low, high, np.nan)]
    return Estimates("x", LOG_RATIO, *values, np.array([ok]))


def test_a_whole_without_an_answer_is_not_one_that_holds_zero():
    falls, rises = one(-0.5, -0.8, -0.2), one(0.5, 0.2, 0.8)
    assert verdicts(falls, rises, one(0.0, -0.3, 0.3))[0] == DISPLACEMENT
    assert verdicts(falls, rises, one(np.nan, np.nan, np.nan, ok=False))[0] != DISPLACEMENT
    assert verdicts(one(-0.1, np.nan, np.nan))[0] == verdicts(one(-0.1, -1, 1, ok=False))[0] == NO_ANSWER


def test_a_lottery_that_can_reject_nothing_gives_no_answer():
    found = answer("permutation", make_panel(counts()[[0, 1, 4, 5]], [0, 0, 1, 1], start=6), Plan(mechanism=complete(4, 2)))
    assert found.target.p[0] >= 1 / 3 - 1e-9
    assert found.verdict[0] == NO_ANSWER


def test_no_answer_is_counted_in_trials_and_is_not_a_rejection(tmp_path):
    design = small(tmp_path, places="treated = 2, control = 2", answer='primary = "permutation"')
    c = scores(design, 1, "null", "pure reduction")
    for row in verdict_matrix(c, "recorded_offences", "permutation"):
        assert (row["no_answer"], row["no_effect_shown"]) == (1.0, 0.0)
    assert [(row["power_target"], row["failed"]) for row in characteristics(c)] == [(0.0, 1.0)] * 2


def test_no_answer_is_said_in_swedish(tmp_path):
    small(tmp_path, places="treated = 2, control = 2", timing="pre = 3, post = 3", answer='primary = "permutation"')
    rows = [f"p{j},{t},{5 + j + t % 3},{'treated' if j < 2 else 'control'}" for j in range(4) for t in range(1, 7)]
    (tmp_path / "c.csv").write_text("\n".join(["place,period,count,arm", *rows]), encoding="utf-8")
    with speaking("sv"):
        done = CliRunner().invoke(app, ["estimate", str(tmp_path / "c.csv"), "--design", str(tmp_path / "design.toml")])
    assert done.exit_code == 0, done.output
    assert "inget svar" in done.stdout
    assert "no answer" not in done.stdout


def test_every_row_of_the_permutation_carries_the_lot(tmp_path):
    """Exact p by hand: 70 ways to draw four of eight places, each with its surroundings."""
    from itertools import combinations

    y = counts(7)
    y[:4, 6:] *= 0.6
    panel = make_panel(np.round(y), ARM, start=6)
    found = answer("permutation", panel, PLAN)
    before, after = (sums[0] for sums in panel.sums())
    for one_area, rows in ((found.target, [0]), (found.buffer, [1]), (found.overall, [0, 1])):
        b, a = (np.sum([v.reshape(2, 8)[r] for r in rows], axis=0) for v in (before, after))
        stat = [
            abs(np.log(a[s].sum() / b[s].sum() / ((a.sum() - a[s].sum()) / (b.sum() - b[s].sum()))))
            for s in map(list, combinations(range(8), 4))
        ]
        assert one_area.p[0] == pytest.approx(np.mean(np.array(stat) >= stat[0] - 1e-9))


def test_the_lot_says_nothing_of_surroundings_whose_controls_were_not_counted():
    panel = make_panel(counts(places=12), ARM[:12], start=6)
    found = answer("permutation", panel, PLAN)
    assert (found.buffer, found.overall) == (None, None)
    assert "of controls were not counted" in surroundings_warnings(panel)[0]
    assert "whose they are is not known" in surroundings_warnings(make_panel(counts()[:15], ARM[:15], start=6))[0]
    assert surroundings_warnings(make_panel(counts(), ARM, start=6)) == ()


@pytest.mark.parametrize("name", ["poisson_did", "nb_did", "rirr", "wdd", "permutation"])
@pytest.mark.parametrize("n_near", [4, 3])
def test_surroundings_are_compared_with_their_own_controls(name, n_near):
    """The controls' surroundings rise by half as those of treated places do; the controls themselves do not."""
    arm = np.repeat([0, 1, BUFFER, BUFFER_CONTROL], [4, 4, n_near, n_near])
    mean = np.where(np.arange(12) < 6, 20.0, np.where(arm >= BUFFER, 30.0, np.where(arm == 0, 10.0, 20.0))[:, None])
    found = answer(name, make_panel(mean, arm, start=6), PLAN)
    if name == "permutation" and n_near == 3:
        assert found.buffer is None  # whose surroundings a row is, is not known
        return
    assert found.buffer.estimate[0] == pytest.approx(0.0, abs=1e-9)
    assert found.overall.estimate[0] < -0.1


def wedge(effect, rng, n=60, places=12, periods=24, start=6):
    crossing = rng.permuted(np.tile(start + np.arange(places) * (periods - start) // places, (n, 1)), axis=1)
    dose = (np.arange(periods) >= crossing[:, :, None]).astype(float)
    since = np.cumsum(dose, axis=2)
    return make_panel(rng.poisson(20 * np.exp(effect * since / 8)), [0] * places, start=start, dose=dose)


def test_averages_under_staggered_starts_are_not_claimed():
    """The truth is a fall that grows from nothing to some 90 %; place and period effects read next to nothing of it."""
    panel = wedge(-0.8, np.random.default_rng(3))
    assert staggered(panel).all()
    assert answer("stepped_wedge", panel).target.estimate.mean() > -0.4
    for name in ("stepped_wedge", "dose_response", "before_after"):
        found = answer(name, panel, Plan(time_lottery=steps(12, 12, 18), n_draws=99))
        assert set(found.verdict) == {NO_ANSWER}
        assert any("start one after the other" in text for text in found.target.warnings)


def test_a_little_of_the_dose_before_hides_no_staggered_start():
    panel = wedge(-0.8, np.random.default_rng(3), n=2)
    little = make_panel(panel.counts, [0] * 12, start=6, dose=0.1 + 0.6 * panel.dose)
    assert staggered(little).all()


def test_one_common_start_and_turns_by_lot_are_not_staggered():
    rng = np.random.default_rng(1)
    common = np.zeros((9, 12))
    common[:5, 4:] = rng.random((5, 1)) + 0.1
    turns = np.concatenate([np.zeros((9, 4), dtype=bool), Crossover(9, 8, 4).table(1, rng)[0][0]], axis=1)
    for dose in (common, turns.astype(float)):
        assert not staggered(make_panel(counts(places=9), [0] * 9, start=4, dose=dose)).any()


def following(rng, strength, n=120, places=10, periods=24, start=4, effect=-0.3):
    """Counts of places that drift, and a dose by chance or by last period's count over the mean of those before."""
    level, drift = 12 * np.exp(rng.normal(0, 0.4, (n, places))), np.zeros((n, places))
    y, dose = np.zeros((n, places, periods)), np.zeros((n, places, periods))
    for t in range(periods):
        drift = 0.6 * drift + rng.normal(0, 0.35, drift.shape)
        if t >= start:
            news = np.log1p(y[:, :, t - 1]) - np.log1p(y[:, :, : t - 1]).mean(axis=2)
            dose[:, :, t] = np.clip(0.5 + strength * news + rng.normal(0, 0.3, drift.shape), 0, 1)
        y[:, :, t] = rng.poisson(level * np.exp(drift + effect * dose[:, :, t]))
    return make_panel(y, [0] * places, start=start, dose=dose)


def test_a_dose_that_follows_last_months_crime_is_not_read():
    """A true log ratio of -0.3 is read as a rise; the test sees the dependence, and leaves a dose by lot alone."""
    panel = following(np.random.default_rng(5), 1.0)
    found = answer("dose_response", panel)
    assert found.target.estimate.mean() > 0
    assert (found.verdict == NO_ANSWER).mean() > 0.97
    assert any("follows what was counted" in text for text in found.target.warnings)
    drawn = following(np.random.default_rng(6), 0.0, n=400)
    assert answer("dose_response", drawn).target.estimate.mean() == pytest.approx(-0.3, abs=0.03)
    assert (follows_p(drawn) <= 0.01).mean() < 0.01 + 4 * (0.01 / 400) ** 0.5


def test_a_withheld_estimate_is_not_printed(tmp_path):
    design = small(tmp_path, places="treated = 10", data='assignment = { mechanism = "hand_picked" }',
                   timing="pre = 4, post = 20", answer='primary = "dose_response"')  # fmt: skip
    (row,) = analyse(following(np.random.default_rng(5), 1.0, n=1), design).rows
    assert (row["estimate"], row["p"], row["percent"], row["verdict"]) == (None, None, None, NO_ANSWER)


def test_a_wedge_is_tried_without_a_verdict(tmp_path):
    design = small(tmp_path, places="treated = 6, control = 0", timing="pre = 3, post = 6",
                   data='assignment = { mechanism = "stepped_wedge", steps = 3 }',
                   answer='primary = "stepped_wedge"\ndraws = 99')  # fmt: skip
    for row in verdict_matrix(scores(design, 1, "null", "pure reduction"), "recorded_offences", "stepped_wedge"):
        assert row["no_answer"] == 1.0


def test_only_estimators_by_dose_ask_whether_it_follows():
    panel = following(np.random.default_rng(5), 1.0, n=2)
    for name in set(ESTIMATORS) - {"exposure"}:
        found = answer(name, panel)
        assert found.doubted.all() == (name in BY_DOSE)


def test_the_permutation_of_places_alone_is_as_before():
    panel = make_panel(counts(), ARM, start=6)
    assert answer("permutation", panel, PLAN).target.p[0] == permutation(panel, PLAN).p[0]
