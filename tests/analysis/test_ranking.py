"""Ranking, cost and effect, acceptability and Pareto front against known answers and limits."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import t as student
from scipy.stats import ttest_rel

from odssim.analysis.decision import cost_effect
from odssim.analysis.decision.choose import decide
from odssim.analysis.decision.cost_effect import acceptability, frontier, increment, position_of, round_up
from odssim.analysis.decision.objective import Objective, parse_objective
from odssim.analysis.decision.ranking import BEST, NEAR_BEST, NOT_ENOUGH, WORLDS, Evidence, evidence_of, rank, rank_runs
from odssim.analysis.statistics.intervals import paired_difference
from odssim.analysis.statistics.pareto import beaten_by, pareto_front
from odssim.analysis.statistics.posterior import best_share, expected_loss, posterior_means
from odssim.errors import ScenarioError

K14 = np.repeat([[4.0, 1, 0], [-2, 3, 0], [6, 2, 0], [-5, -1, 0]], [4, 3, 1, 2], axis=0)
"""Net benefits of three actions in four states of chance .4, .3, .1, .2."""
RNG = np.random.default_rng(14)


def evidence(outcome, cost=None, **more):
    outcome = np.asarray(outcome, dtype=float)
    cost = np.zeros(outcome.shape) if cost is None else np.asarray(cost, dtype=float)
    names = tuple("ABCDEF"[: outcome.shape[1]])
    return Evidence(names, {"open_deals": outcome, "cost_sek": cost, **more})


def test_chance_of_being_best_and_expected_loss_of_k14():
    assert best_share(K14).tolist() == pytest.approx([0.5, 0.3, 0.2])
    loss = expected_loss(K14)
    assert loss.min() == pytest.approx(1.8)  # the expected value of perfect information
    assert (loss.max() - loss).tolist() == pytest.approx([0.6, 1.3, 0.0])


def test_ties_share_a_win():
    assert best_share(np.array([[1.0, 1.0, 0.0]])).tolist() == [0.5, 0.5, 0.0]


def test_acceptability_of_k14():
    n, rho = 400_000, 0.3
    z = np.random.default_rng(1).standard_normal((n, 2))
    effect = 30 + 12 * z[:, 0]
    cost = 900 + 250 * (rho * z[:, 0] + math.sqrt(1 - rho**2) * z[:, 1])
    nothing = np.zeros(n)
    curve = acceptability(np.column_stack([nothing, effect]), np.column_stack([nothing, cost]), [40.0, 10.0])
    # binomial error of 400,000 draws: 7e-4; five of them
    assert curve[0, 1] == pytest.approx(0.7383601016, abs=3.5e-3)
    sd = math.sqrt(100 * 144 + 250**2 - 2 * 10 * rho * 12 * 250)
    assert curve[1, 1] == pytest.approx(float(ndtr((300 - 900) / sd)), abs=3.5e-3)


def test_expected_loss_of_two_normal_actions_is_the_closed_form():
    draws = np.column_stack([np.zeros(400_000), np.random.default_rng(2).normal(1, 2, 400_000)])
    assert expected_loss(draws)[1] == pytest.approx(0.3955931148, abs=5e-3)


def test_draws_of_a_difference_are_the_paired_t():
    x = np.random.default_rng(3).normal([10, 8, 3], [3, 3, 1], size=(6, 3)) + RNG.normal(0, 20, size=(6, 1))
    draws = posterior_means(x, n_draws=100_000)
    gap = draws[:, 0] - draws[:, 1]
    change = paired_difference(x[:, 1], x[:, 0]).difference
    assert np.quantile(gap, [0.025, 0.975]) == pytest.approx([change.low, change.high], rel=0.03)
    p_one_sided = ttest_rel(x[:, 0], x[:, 1]).pvalue / 2
    assert (gap < 0).mean() == pytest.approx(p_one_sided, abs=5e-3)


def test_more_rows_than_a_chunk_are_all_used():
    x = np.random.default_rng(4).normal(size=(2500, 1))
    spread = posterior_means(x).std()
    assert spread == pytest.approx(x.std(ddof=1) / 50, rel=0.05)


def test_equal_mixes_share_the_first_place_and_nobody_is_called_best():
    same = RNG.normal(100, 5, size=(8, 1))
    ranking = rank(evidence(np.hstack([same, same])), Objective(), 0.0)
    assert [s.chance_best for s in ranking.standings] == [0.5, 0.5]
    assert (ranking.verdict, ranking.standings[0].best_in) == (NOT_ENOUGH, 4.0)


def test_common_random_numbers_does_not_hide_the_better_mix():
    luck = RNG.normal(0, 50, size=(10, 1))
    ranking = rank(evidence(100 + luck + [[0, -2, 3]] + RNG.normal(0, 0.5, size=(10, 3))), Objective())
    assert [s.mix for s in ranking.standings] == ["B", "A", "C"]
    assert ranking.verdict == BEST
    assert ranking.standings[0].best_in == 10
    assert ranking.standings[1].expected_loss == pytest.approx(2, abs=0.6)


def test_a_leader_that_may_lose_next_to_nothing_is_as_good_as_the_best():
    outcome = 100 + RNG.normal(0, 1, size=(12, 1)) + RNG.normal(0, 0.3, size=(12, 2))
    assert rank(evidence(outcome), Objective(), 0.0).verdict == NOT_ENOUGH
    assert rank(evidence(outcome), Objective(), 0.05).verdict == NEAR_BEST


def test_one_run_ranks_without_a_chance():
    ranking = rank(evidence([[10.0, 5.0]]), Objective())
    assert [s.mix for s in ranking.standings] == ["B", "A"]
    assert (ranking.standings[0].chance_best, ranking.verdict) == (None, NOT_ENOUGH)


def test_net_benefit_weighs_cost_and_care_is_wished_for():
    cost = [[0.0, 1000.0]] * 4
    outcome = [[10.0, 5.0 + 0.01 * k] for k in range(4)]
    first = [rank(evidence(outcome, cost), Objective("open_deals", w)).standings[0].mix for w in (100, 300)]
    assert first == ["A", "B"]
    care = Evidence(("A", "B"), {"in_care": np.array(outcome), "cost_sek": np.array(cost)})
    assert rank(care, Objective("in_care")).standings[0].mix == "A"


def test_coverage_of_the_chance_of_being_best_is_calibrated():
    rng, said, right = np.random.default_rng(7), [], []
    for _ in range(400):
        truth = rng.normal(0, 1, size=3)
        values = truth + rng.normal(0, 2, size=(6, 3))
        chance = best_share(posterior_means(values, n_draws=500))
        said.append(chance.max())
        right.append(np.argmax(truth) == np.argmax(chance))
    # a flat prior is a little too sure against truths that cluster; 400 trials: 4 standard errors are 0.1
    assert np.mean(right) == pytest.approx(np.mean(said), abs=0.1)


@pytest.mark.parametrize(
    ("effect", "cost", "position"),
    [
        (1, 1, cost_effect.DOES_MORE), (-1, -1, cost_effect.DOES_LESS), (1, -1, cost_effect.MORE_FOR_LESS),
        (1, 0, cost_effect.MORE_FOR_LESS), (0, -1, cost_effect.MORE_FOR_LESS), (-1, 1, cost_effect.LESS_FOR_MORE),
        (0, 1, cost_effect.LESS_FOR_MORE), (-1, 0, cost_effect.LESS_FOR_MORE), (0, 0, cost_effect.SAME),
        (None, 1, cost_effect.UNCLEAR_EFFECT), (1, None, cost_effect.UNCLEAR_COST),
    ],
)  # fmt: skip
def test_a_position_is_known_from_two_signs(effect, cost, position):
    assert position_of(effect, cost) == position


def test_no_ratio_where_it_would_mislead():
    noise = np.array([-1.0, 0.0, 1.0, 0.0])
    assert increment(10 + noise, 100 + noise).sek_per_unit == pytest.approx(10)
    assert increment(-10 + noise, -100 + noise).position == cost_effect.DOES_LESS
    for effect, cost in ((-10, 100), (10, -100), (0, 100), (10, 0)):
        assert increment(effect + noise, cost + noise).sek_per_unit is None
    assert increment([3.0], [4.0]).position == cost_effect.ONE_RUN


def test_the_interval_of_a_ratio_covers_it():
    rng, covered, trials = np.random.default_rng(8), 0, 2000
    for _ in range(trials):
        effect = rng.normal(10, 4, size=8)
        found = increment(effect, 100 + 5 * (effect - 10) + rng.normal(0, 10, size=8))
        covered += found.low is not None and found.low <= 10 <= found.high
    # nominal 0.95; conditional on being told it is no lower; 5 standard errors are 0.024
    assert covered / trials > 0.926


def test_frontier_names_who_is_dominated_and_by_whom():
    #        A: nothing  B: dear  C: good  D: poor and dear  E: between A and C but dearer per unit
    effect = [0.0, 20.0, 10.0, 5.0, 2.0]
    cost = [0.0, 500.0, 100.0, 300.0, 60.0]
    steps = frontier(effect, cost)
    assert [s.dominated_by for s in steps] == [(), (), (), (2,), (0, 2)]
    assert (steps[2].before, steps[2].sek_per_unit) == (0, 10.0)
    assert (steps[1].before, steps[1].sek_per_unit) == (2, 40.0)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 50)), min_size=1, max_size=7), st.floats(0, 100))
def test_the_best_buy_at_any_worth_is_on_the_frontier(points, worth):
    effect, cost = [float(e) for e, _ in points], [float(c) for _, c in points]
    net = [worth * e - c for e, c in zip(effect, cost, strict=True)]
    on_frontier = [net[s.mix] for s in frontier(effect, cost) if not s.dominated_by]
    assert max(on_frontier) == pytest.approx(max(net), abs=1e-6)
    prices = sorted((effect[s.mix], s.sek_per_unit) for s in frontier(effect, cost) if s.sek_per_unit is not None)
    assert [p for _, p in prices] == sorted(p for _, p in prices)


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=8))
def test_pareto_front_is_who_nobody_beats(rows):
    front, beaten = pareto_front(np.array(rows, dtype=float)), beaten_by(np.array(rows, dtype=float))
    for k, row in enumerate(rows):
        better = [j for j, o in enumerate(rows) if o != row and all(a <= b for a, b in zip(o, row, strict=True))]
        assert (front[k], list(beaten[k])) == (not better, better)


def test_round_up():
    assert [round_up(x) for x in (0, 1, 1.01, 2.1, 7, 430, 0.03)] == [1, 1, 2, 5, 10, 500, 0.05]


@pytest.mark.parametrize(
    ("text", "objective"),
    [("open_deals", Objective()), ("all_deals:250", Objective("all_deals", 250.0)), ("in_care:0", Objective("in_care", 0))],
)
def test_an_objective_is_read(text, objective):
    assert parse_objective(text) == objective


@pytest.mark.parametrize(
    ("text", "words"),
    [("opendeals", "did you mean 'open_deals'"), ("open_deals:x", "its worth in SEK"), ("open_deals:-1", "its worth"),
     ("open_deals:nan", "its worth"), (":3", "no such outcome")],
)  # fmt: skip
def test_a_wrong_objective_is_refused(text, words):
    with pytest.raises(ScenarioError, match=words) as caught:
        parse_objective(text)
    assert "\n" not in str(caught.value)


def runs(n_worlds=1, n_replicates=6):
    rng = np.random.default_rng(9)
    rows = []
    for world in range(n_worlds):
        for replicate in range(n_replicates):
            luck = rng.normal(0, 10)
            for k, mix in enumerate(("base", "patrol", "care")):
                deals = 100 + luck - 5 * k * (1 if world % 2 == 0 else -1) + rng.normal(0, 0.5)
                rows.append({"world": f"w{world}", "mix": mix, "replicate": replicate, "status": "done",
                             "open_deals": deals, "hidden_deals": 10.0, "cost_sek": 100.0 * k})  # fmt: skip
    return pd.DataFrame(rows)


def test_a_table_of_runs_is_ranked():
    ranking = rank_runs(runs().sample(frac=1, random_state=1), mixes=("base", "patrol", "care"))
    assert [s.mix for s in ranking.standings] == ["care", "patrol", "base"]
    assert (ranking.verdict, ranking.n, ranking.unit) == (BEST, 6, "paired runs")


def test_runs_that_failed_take_their_pair_with_them():
    table = runs()
    table.loc[table.index[4], "open_deals"] = math.nan
    ranking = rank_runs(table)
    assert (ranking.n, ranking.n_left_out) == (5, 1)


def test_several_worlds_are_the_rows_of_the_evidence():
    found = evidence_of(runs(n_worlds=4), Objective("all_deals"))
    assert (found.unit, found.n, found.mixes) == (WORLDS, 4, ("base", "patrol", "care"))
    ranking = rank(found, Objective("all_deals"))
    # worlds disagree on the order: more replicates would not settle it
    assert ranking.verdict == NOT_ENOUGH
    assert sorted(s.best_in for s in ranking.standings) == [0, 2, 2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop(columns="cost_sek"), "no column cost_sek"),
        (lambda t: t[t["mix"] != "care"], "no run of mix care"),
        (lambda t: t.assign(open_deals=math.nan), "no world and replicate"),
    ],
)
def test_a_table_that_cannot_be_ranked_says_why(change, words):
    with pytest.raises(ValueError, match=words):
        rank_runs(change(runs()), mixes=("base", "patrol", "care"))


def test_a_decision_as_json_has_the_curve_and_the_front():
    outcome = 100 + np.random.default_rng(10).normal(0, 1, size=(20, 3)) - [[0, 10, 30]]
    cost = np.tile([0.0, 1000.0, 9000.0], (20, 1))
    harm = np.tile([5.0, 5.0, 4.0], (20, 1))
    found = decide(evidence(outcome, cost, harm_cost_sek=harm), Objective("open_deals", 200.0)).record()
    assert found["ranking"][0]["mix"] == "B"
    chances = [row["chance"] for row in found["acceptability"]]
    assert chances[0]["A"] == 1.0
    assert chances[-1]["C"] > 0.99
    assert all(sum(row.values()) == pytest.approx(1) for row in chances)
    assert [row["on_front"] for row in found["pareto"]] == [True, True, True]
    assert [row["position"] for row in found["cost_effect"]] == [cost_effect.DOES_MORE] * 2
    assert found["cost_effect"][0]["sek_per_unit"] == pytest.approx(100, rel=0.1)


def test_student_t_at_the_edge_of_two_pairs():
    assert np.quantile(posterior_means([[1.0], [3.0]], n_draws=200_000), 0.9) == pytest.approx(
        2 + student.ppf(0.9, 1), rel=0.05
    )
    with pytest.raises(ValueError, match="one pair"):
        posterior_means([[1.0]])


def test_more_of_what_is_wished_for_is_no_burden():
    care = np.tile([400.0, 500.0], (5, 1)) + np.arange(10).reshape(5, 2) ** 0.5
    values = {"in_care": care, "cost_sek": np.zeros((5, 2))}
    found = decide(Evidence(("A", "B"), values), Objective("in_care"))
    assert found.front == (False, True)
    assert found.front_chance == (0.0, 1.0)
    assert found.record()["pareto"][0]["beaten_by"] == ["B"]
