"""The handbook's claims: verdicts from made-up numbers, complete records, one claim run for real."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from odssim.__main__ import main
from odssim.engine.build import PARAMETERS
from odssim.interventions import CATALOGUE
from odssim.observe.outcomes import OUTCOMES
from odssim.validation.claims import run_claims as claims
from odssim.validation.claims.claim import (
    ASSUMED,
    CONTRADICTED,
    NOT_MODELLED,
    SUPPORTED,
    UNDECIDED,
    Claim,
    Effect,
    Lever,
    Method,
    Test,
    effect_of,
    hangs_on,
    judge,
    together,
)
from odssim.validation.claims.pair_of_worlds import AT_PLACES, EXTRA, World, pair
from odssim.validation.claims.run_claims import (
    CLAIMS,
    Finding,
    run_claims,
    scenario_of,
    setting_values,
    settings_of,
    worlds_of,
)

Test.__test__ = False  # not a test of pytest's
FALL = Test("deals", "open_deals", "-", 5.0, (Method("upkeep", top=1),))
RISE, NONE = replace(FALL, direction="+"), replace(FALL, direction="0")
END = replace(FALL, null_value=-80.0, smallest=0.0)
MOVED = replace(FALL, kind="moved", null_value=50.0, smallest=10.0)


@pytest.mark.parametrize(
    ("test", "low", "high", "verdict"),
    [
        (FALL, -20, -6, SUPPORTED), (FALL, -20, -5, UNDECIDED), (FALL, -20, -4, UNDECIDED), (FALL, -9, 1, UNDECIDED),
        (FALL, 0, 3, UNDECIDED), (FALL, 0.1, 3, CONTRADICTED), (FALL, -1, 1, UNDECIDED),
        (RISE, 6, 20, SUPPORTED), (RISE, 4, 20, UNDECIDED), (RISE, -3, -0.1, CONTRADICTED),
        (NONE, -4, 4, SUPPORTED), (NONE, -6, 4, UNDECIDED), (NONE, 6, 9, CONTRADICTED), (NONE, -9, -6, CONTRADICTED),
        (END, -99, -81, SUPPORTED), (END, -79, -60, CONTRADICTED), (END, -90, -70, UNDECIDED),
        (MOVED, 10, 39, SUPPORTED), (MOVED, 10, 45, UNDECIDED), (MOVED, 51, 90, CONTRADICTED),
        (FALL, None, None, UNDECIDED),
    ],
)  # fmt: skip
def test_verdict_of_an_interval(test, low, high, verdict):
    assert judge(test, low, high) == verdict


def test_effect_is_the_paired_difference_in_per_cent():
    effect = effect_of(FALL, [(10, 8), (10, 8.2), (10, 7.8)])
    assert effect.value == pytest.approx(-20)
    reach = 4.302652729696 * 0.2 / 3**0.5 / 80**0.5
    assert effect.high == pytest.approx(100 * (0.8 * np.exp(reach) - 1))
    assert (effect.verdict, effect.too_small) == (SUPPORTED, False)


def test_a_precise_nothing_is_undecided_and_too_small():
    effect = effect_of(FALL, [(10, 10), (10, 10.01), (10, 9.99)])
    assert (effect.verdict, effect.too_small) == (UNDECIDED, True)


@pytest.mark.parametrize("pairs", [[(10, 5)], [(0, 0), (0, 0)], [(float("nan"), 1)]])
def test_one_seed_or_nothing_to_compare_decides_nothing(pairs):
    assert effect_of(FALL, pairs).verdict == UNDECIDED


def test_moved_share_needs_something_removed():
    assert effect_of(MOVED, [(2, 10), (3, 11), (2.5, 10)]).verdict == SUPPORTED
    assert effect_of(MOVED, [(9, 10), (9.5, 11), (9, 10)]).verdict == CONTRADICTED
    assert effect_of(MOVED, [(9, 10), (9.5, 10), (9, 10)]).verdict == UNDECIDED, "equal in all runs is no proof"
    assert effect_of(MOVED, [(2, 1), (3, -1), (2.5, 0)]) == Effect(None, None, None, UNDECIDED)


def test_all_tests_must_support_and_one_contradicts():
    assert together([SUPPORTED, SUPPORTED]) == SUPPORTED
    assert together([SUPPORTED, UNDECIDED]) == UNDECIDED
    assert together([SUPPORTED, CONTRADICTED, UNDECIDED]) == CONTRADICTED
    assert together([]) == NOT_MODELLED


def test_a_verdict_that_follows_its_lever_is_assumed():
    follows = {"off": UNDECIDED, "default": SUPPORTED, "high": SUPPORTED}
    firm = dict.fromkeys(follows, SUPPORTED)
    assert (hangs_on(follows), hangs_on(firm)) == (True, False)
    claim = Claim(1, "a", "b", (FALL,), (Lever("upkeep.upkeep", 0.0, 1.0),))
    effects = (Effect(-9.0, -10.0, -8.0, SUPPORTED),)
    assert Finding(claim, SUPPORTED, effects, {"upkeep.upkeep": follows}).assumed == ASSUMED
    assert Finding(claim, SUPPORTED, effects, {"upkeep.upkeep": firm}).assumed == ""
    (row,) = Finding(claim, SUPPORTED, effects, {"upkeep.upkeep": follows}).record()["levers"]
    assert row == {"lever": "upkeep.upkeep", "flips": True, "verdicts": follows,
                   "values": {"off": 0.0, "default": 0.3, "high": 1.0}}  # fmt: skip


def test_claims_are_numbered_and_complete():
    assert [claim.number for claim in CLAIMS] == list(range(1, 18))
    for claim in CLAIMS:
        assert claim.english
        assert claim.swedish
        assert bool(claim.tests) != bool(claim.not_modelled)


def test_no_verdict_is_written_down():
    text = Path(claims.__file__).with_name("claims.toml").read_text(encoding="utf-8").lower()
    assert not any(word in text for word in (SUPPORTED, CONTRADICTED, UNDECIDED, ASSUMED))


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim.number))
def test_what_a_claim_names_exists(claim):
    for test in claim.tests:
        assert {test.outcome, test.per} <= {*OUTCOMES, *EXTRA, ""}
        assert test.where == "city" or test.outcome in AT_PLACES
        for methods in (test.methods, test.against):
            assert len({m.type for m in methods}) == len(methods)
            assert all(bool(m.top) == CATALOGUE[m.type].targets_places for m in methods)
    ranges = {i: (p.low, p.high) for p in PARAMETERS for i in p.ids}
    ranges |= {f"{e.id}.{o.id}": (o.low, o.high) for e in CATALOGUE.values() for o in e.options}
    for lever in claim.levers:
        low, high = ranges[lever.id]
        values = setting_values(lever)
        assert all(low <= value <= high for value in values.values())
        assert len(set(values.values())) == 3


def test_every_world_of_every_claim_is_a_valid_scenario():
    keys = {key for c in CLAIMS for s in settings_of(c) for t in c.tests for key in worlds_of(c, t, s)}
    methods = {m for _, mix in keys for m in mix}
    scenario, specs = scenario_of(methods, 28)
    assert (scenario.interventions, set(specs)) == ((), methods)
    assert all(spec.id == method.type for method, spec in specs.items())


def test_a_lever_moves_parameters_in_both_worlds_and_options_where_they_are():
    claim = CLAIMS[1]
    first, other = worlds_of(claim, claim.tests[0], ("place_focus.bonus", "off"))
    assert (first[0], other[0]) == ((), ())
    assert [m.options for m in other[1] if m.type == "place_focus"] == [(("bonus", 0.0),)]
    claim = CLAIMS[4]
    first, other = worlds_of(claim, claim.tests[0], ("supply.pass_through", "high"))
    assert first[0] == other[0] == (("supply.pass_through", 3.0),)


def world(treated, rest, phone, seen=0.0):
    days = len(treated)
    places = np.column_stack((treated, rest)).astype(float)
    series = {"open_deals": places.sum(axis=1), "hidden_deals": np.full(days, float(phone)), "met": np.full(days, 10.0),
              "women_seen": np.full(days, seen), "women_active": np.full(days, 30.0),
              "buyers_active": np.full(days, 100.0)}  # fmt: skip
    return World(series, {"open_deals": places, "crowd_min": places}, frozenset({0}))


def test_numbers_behind_the_tests():
    first, other = world([10, 10], [5, 5], 20), world([4, 2], [6, 8], 21, seen=2.0)
    assert pair(replace(FALL, where="treated"), first, other) == (10.0, 3.0)
    assert pair(replace(FALL, where="treated", window=(0.5, 1.0)), first, other) == (10.0, 2.0)
    assert pair(MOVED, first, other) == (3.0, 7.0)
    share = replace(FALL, outcome="women_met_share", per="women_active_share", kind="within")
    assert pair(share, first, other) == (0.3, 0.2)


def call(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["odssim", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_one_claim_from_end_to_end(monkeypatch, capsys):
    monkeypatch.setattr(claims, "WARM_DAYS", 6)
    assert call(monkeypatch, "claims", "--claim", "17", "--seeds", "2", "--days", "5", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    (claim,) = printed["claims"]
    assert (claim["claim"], len(claim["tests"]), len(claim["levers"])) == (17, 2, 2)
    assert claim["verdict"] in (SUPPORTED, CONTRADICTED, UNDECIDED)
    assert claim["levers"][0]["verdicts"]["off"] == UNDECIDED  # no letters, no difference
    done = []
    (again,) = run_claims([CLAIMS[16]], seeds=2, days=5, progress=lambda *step: done.append(step))
    assert again.record() == claim
    assert done == [(k, 6) for k in range(1, 7)]
    assert call(monkeypatch, "claims", "--claim", "17", "--seeds", "1", "--days", "2") == 0
    assert "17. Letters to buyers" in capsys.readouterr().out


@pytest.mark.parametrize("number", ["0", "18", "-3"])
def test_a_wrong_number_is_refused_in_one_line(monkeypatch, capsys, number):
    assert call(monkeypatch, "claims", "--claim", number) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "1 to 17" in said.err
