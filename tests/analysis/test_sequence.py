"""Intervals that hold at every look: their coverage under continuous peeking, and the rule that stops."""

import math

import numpy as np
import pytest
from scipy.special import stdtrit
from scipy.stats import binom

from odssim.analysis.decision.precision import parse_precision, precision_rows, precision_text
from odssim.analysis.statistics.intervals import SIGN_TEST_RUNS, half_width, paired_difference
from odssim.analysis.statistics.sequence import EFFECT_VARIANCE, anytime_multiple
from odssim.errors import ScenarioError

N_PATHS, LONGEST = 4000, 200
FALSE_ALARM = 1e-6
"""Chance that a test below fails though the interval is right."""


def multiples(kind):
    n = np.arange(1, LONGEST + 1)
    if kind == "sequence":
        return np.array([anytime_multiple(int(k)) for k in n])
    return np.concatenate([[np.inf], stdtrit(n[1:] - 1, 0.975)])


def half_widths(values, multiple):
    """Return the means and half widths of each row of `values` after every look; inf where there is none."""
    n = np.arange(1, values.shape[1] + 1)
    averages = values.cumsum(axis=1) / n
    squares = np.maximum((values**2).cumsum(axis=1) - n * averages**2, 0)
    se = np.sqrt(squares / np.maximum(n - 1, 1) / n)
    known = np.isfinite(multiple)
    return averages, np.where(known, np.where(known, multiple, 0.0) * se, np.inf)


def ever_wrong(values, mean, multiple):
    """Return in how many rows of `values` the interval misses `mean` at any look."""
    averages, reach = half_widths(values, multiple)
    return int((np.abs(averages - mean) > reach).any(axis=1).sum())


def test_the_sequence_is_wrong_at_any_look_in_at_most_five_per_cent():
    values = np.random.default_rng(11).normal(3.0, 2.0, size=(N_PATHS, LONGEST))
    assert ever_wrong(values, 3.0, multiples("sequence")) <= binom.isf(FALSE_ALARM, N_PATHS, 0.05)


def test_the_fixed_interval_is_not_for_peeking():
    values = np.random.default_rng(12).normal(3.0, 2.0, size=(N_PATHS, LONGEST))
    assert ever_wrong(values, 3.0, multiples("t")) > 0.3 * N_PATHS


def test_skewed_differences_of_counts_keep_the_rate():
    rng = np.random.default_rng(13)
    # differences of overdispersed counts of mean 20 and 12, as between two worlds of a season
    values = rng.poisson(12 * rng.gamma(4, 1 / 4, size=(N_PATHS, LONGEST))) - rng.poisson(20, size=(N_PATHS, LONGEST))
    assert ever_wrong(values.astype(float), -8.0, multiples("sequence")) <= binom.isf(FALSE_ALARM, N_PATHS, 0.05)


def test_stopping_at_a_precision_does_not_spoil_the_interval():
    values = np.random.default_rng(14).normal(-5.0, 6.0, size=(N_PATHS, LONGEST))
    averages, reach = half_widths(values, multiples("sequence"))
    stop = np.where((reach < 2.5).any(axis=1), (reach < 2.5).argmax(axis=1), LONGEST - 1)
    assert 20 < np.median(stop) < LONGEST - 1
    rows = np.arange(N_PATHS)
    missed = int((np.abs(averages[rows, stop] + 5.0) > reach[rows, stop]).sum())
    assert missed <= binom.isf(FALSE_ALARM, N_PATHS, 0.05)


def test_the_multiple_is_where_the_likelihood_ratio_is_twenty():
    for n in (5, 9, 40, 1000):
        t2, g = anytime_multiple(n) ** 2, EFFECT_VARIANCE
        ratio = ((1 + t2 / (n - 1)) / (1 + t2 / ((n - 1) * (1 + n * g)))) ** (n / 2) / math.sqrt(1 + n * g)
        assert ratio == pytest.approx(20, rel=1e-9)


def test_the_price_of_peeking():
    assert [math.isinf(anytime_multiple(n)) for n in (1, 2, 4, 5)] == [True, True, True, False]
    assert anytime_multiple(50) == pytest.approx(3.32, abs=0.005)
    assert all(anytime_multiple(n) > stdtrit(n - 1, 0.975) for n in range(5, 300))
    assert anytime_multiple(50, 0.99) > anytime_multiple(50, 0.95)


def test_few_pairs_have_no_interval_that_allows_peeking():
    pairs = paired_difference([1.0, 2.0, 4.0], [2.0, 5.0, 5.0], anytime=True)
    assert (pairs.difference.low, pairs.verdict(0.5)) == (None, "not enough runs to say")
    same = paired_difference([1.0, 2.0], [1.0, 2.0], anytime=True)
    assert same.verdict() == "the same in every run"
    assert half_width(2.0, 50, anytime=True) == pytest.approx(2 * anytime_multiple(50))


@pytest.mark.parametrize(
    ("text", "width", "relative"),
    [("open_deals:5%", 0.05, True), ("all_deals: 2.5", 2.5, False), ("in_care:0.5 %", 0.005, True)],
)
def test_a_precision_is_read(text, width, relative):
    found = parse_precision(text)
    assert (found.half_width, found.relative) == (pytest.approx(width), relative)


@pytest.mark.parametrize("text", ["open_deals", "open_deals:", "open_deals:0", "open_deals:-5%", "open_deals:inf"])
def test_a_precision_without_a_width_is_refused(text):
    with pytest.raises(ScenarioError, match=r"half width above 0, such as open_deals:5%"):
        parse_precision(text)


def test_a_precision_of_an_unknown_outcome_is_refused():
    with pytest.raises(ScenarioError, match=r"--precision = 'open_dels:5%': no such outcome; did you mean 'open_deals'"):
        parse_precision("open_dels:5%")


def pairs_of(base, change):
    return [({"open_deals": b}, {"open_deals": b + c}) for b, c in zip(base, change, strict=True)]


def test_rows_say_what_was_reached():
    rng = np.random.default_rng(16)
    pairs = pairs_of(rng.normal(100, 20, size=40), rng.normal(-10, 2, size=40))
    wanted = [parse_precision("open_deals:5%"), parse_precision("open_deals:0.1")]
    rows = precision_rows(wanted, "Patrol", pairs, 30)
    assert [row.met for row in rows] == [True, False]
    assert rows[1].reached == pytest.approx(rows[0].reached * np.mean([b["open_deals"] for b, _ in pairs]))
    text = precision_text(rows, wanted, 40)
    assert text[0].startswith("Stopped at the 40 paired runs allowed; asked for was open deals to within 5\u202f% and")
    assert text[1].startswith("Not enough runs to say: the difference in open deals of Patrol is known to within 1.")
    assert precision_text(rows[:1], wanted[:1], 40) == [
        "Stopped after 40 paired runs: the difference in open deals to within 5\u202f% is known, as asked."
    ]


def test_a_share_of_nothing_is_never_reached():
    wanted = [parse_precision("open_deals:5%")]
    assert not precision_rows(wanted, "x", pairs_of([0.0] * 9, range(9)), 30)[0].met
    assert not precision_rows(wanted, "x", pairs_of([0.0] * 9, [0.0] * 9), 30)[0].met


@pytest.mark.parametrize("change", [0.0, -1 / 30])
def test_counts_that_happen_to_differ_alike_in_few_runs_are_not_precise(change):
    """Thirty days: an event more in one of three runs would change the mean by 1/90 a day."""

    def met(n, text):
        return precision_rows([parse_precision(text)], "x", pairs_of([5.0] * n, [change] * n), 30)[0].met

    assert not met(2, "open_deals:0.01")
    assert not met(3, "open_deals:0.01")
    assert not met(9, "open_deals:0.001")
    assert met(200, "open_deals:0.1")


def test_what_is_planned_is_precise_and_what_is_measured_is_not_for_never_differing_twice():
    def met(outcome, change, n=2):
        pairs = [({outcome: 5.0}, {outcome: 5.0 + change})] * n
        return precision_rows([parse_precision(f"{outcome}:0.01")], "x", pairs, 30)[0].met

    assert met("cost_sek", 90.0)
    assert met("guard_min", 90.0)
    assert not met("nuisance", 0.0)
    assert met("nuisance", 0.0, SIGN_TEST_RUNS)
    assert not met("nuisance", 1.0)
