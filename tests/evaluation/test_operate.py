"""The pass from world to score: what must not change does not, and what is known comes out."""

import numpy as np
import pytest

from evaluation.tried import scores, small
from odssim.evaluation.design.keys import INDICATORS
from odssim.evaluation.lottery.over_time import carry_over
from odssim.evaluation.trial.characteristics import select
from odssim.evaluation.trial.indicators import list_churn
from odssim.evaluation.trial.score import positions, setup_of
from odssim.evaluation.worlds.assignment import draw_assignment
from odssim.evaluation.worlds.instruments import INSTRUMENTS, Scene, recording_rate
from odssim.evaluation.worlds.observed import metres

ALL = "[" + ", ".join(f'"{name}"' for name in INDICATORS) + "]"


def test_every_indicator_of_the_schema_is_read():
    assert set(INSTRUMENTS) == set(INDICATORS)


def test_an_effect_of_nothing_changes_no_number(tmp_path):
    """Under the null with raised detection of 1 and no effect, all scores equal those of the null."""
    (tmp_path / "a").mkdir()
    null = scores(small(tmp_path, indicators=ALL), 1, "null")
    tiny = scores(small(tmp_path / "a", indicators=ALL, market="effect = 1e-300"), 1, "pure reduction")
    for name in ("estimate", "overall", "p", "verdict", "own_truth"):
        np.testing.assert_array_equal(null[name], tiny[name])
    assert np.isfinite(null["estimate"]).mean() > 0.9


def test_before_the_start_all_conditions_read_the_same(tmp_path):
    """before_after differs between conditions only by what comes after: with the null's after it would be equal."""
    design = small(tmp_path, answer='primary = "before_after"')
    c = scores(design, 1, "null", "all temporal")
    a, b = select(c, condition="null"), select(c, condition="all temporal")
    np.testing.assert_array_equal(a["estimate"], b["estimate"])


def test_ac1_gives_the_reference_operating_characteristics(tmp_path):
    """12+12 places: size 0.041, power 0.474, coverage 0.962 (40,000 replicates of the toy city: K17)."""
    design = small(tmp_path, "ac1", market="effect = 0.3\ndeals = 12", places="treated = 12, control = 12")
    c = scores(design, 30, "null", "pure reduction")
    null, pure = select(c, condition="null"), select(c, condition="pure reduction")
    n = len(null["estimate"])
    for found, reference in (
        ((null["falls"] | null["rises"]).mean(), 0.041),
        ((pure["falls"] | pure["rises"]).mean(), 0.474),
        (((pure["low"] <= np.log(0.7)) & (np.log(0.7) <= pure["high"])).mean(), 0.962),
    ):
        assert found == pytest.approx(reference, abs=4 * np.sqrt(reference * (1 - reference) / n))
    assert pure["estimate"].mean() == pytest.approx(-0.3567, abs=4 * pure["estimate"].std() / np.sqrt(n))


def test_displacement_into_controls_raises_power_and_halves_the_effect(tmp_path):
    design = small(
        tmp_path,
        "ac1",
        places="treated = 12, control = 12",
        market="effect = 0.3\ndeals = 12\nnear = 0\nfar = 0.5\ntactical = 0\ntemporal = 0\nlisted_share = 1",
    )
    c = scores(design, 20, "pure reduction", "expected")
    pure, half = select(c, condition="pure reduction"), select(c, condition="expected")
    assert half["falls"].mean() > pure["falls"].mean() + 0.15
    np.testing.assert_allclose(half["OE_open"] / half["treated_base"], -0.15)
    assert half["estimate"].mean() == pytest.approx(-0.5008, abs=4 * half["estimate"].std() / np.sqrt(1000))


@pytest.mark.parametrize(("e", "k"), [(0.3, 1.6), (0.2, 1.4)])
def test_recorded_offences_read_the_effect_times_the_detection(tmp_path, e, k):
    design = small(tmp_path, market=f"effect = {e}\ndetections = [{k}]")
    c = scores(design, 1, f"detection x{k:g}")
    np.testing.assert_allclose(c["own_truth"], np.log((1 - e) * k))


def test_only_registers_of_the_police_see_more_when_detection_rises(tmp_path):
    design = small(tmp_path, indicators=ALL, market="effect = 0.3\ndetections = [1.6]")
    c = scores(design, 1, "detection x1.6", "pure reduction")
    risen = {
        name
        for name in INDICATORS
        if not np.array_equal(
            select(c, condition="detection x1.6", indicator=name)["own_truth"],
            select(c, condition="pure reduction", indicator=name)["own_truth"],
        )
    }
    assert risen == {"recorded_offences", "seizures"}


def test_places_picked_because_hot_fall_by_themselves(tmp_path):
    design = small(tmp_path, answer='primary = "before_after"', places="treated = 6, control = 18")
    c = scores(design, 6, "null", "null, hot places")
    plain, hot = select(c, condition="null")["estimate"], select(c, condition="null, hot places")["estimate"]
    assert (hot - plain).mean() < -0.05
    np.testing.assert_array_equal(select(c, condition="null, hot places")["TE_target"], 0.0)


def test_crossover_reads_less_where_the_effect_lingers(tmp_path):
    """Days on by lot; without washout the contrast is on less off, and off is not free of the effect."""
    common = {"places": "treated = 20, control = 0", "indicators": '["latent_open_deals"]',
              "data": 'assignment = { mechanism = "crossover", on_share = 0.5 }\ncounts = { place_drift_sd = 0 }',
              "answer": 'primary = "crossover"\ndraws = 99'}  # fmt: skip
    timing = 'period = "day", pre = 20, post = 100, carry_over = 5'
    c = scores(small(tmp_path, timing=timing, market="effect = 0.3\ncity_sd = 0", **common), 1, "pure reduction")
    retention = 0.05 ** (1 / 5)
    levels = carry_over(0.3, retention, 0.5)
    assert np.mean(np.expm1(c["estimate"])) == pytest.approx((1 + levels["on"]) / (1 + levels["off"]) - 1, abs=0.006)
    np.testing.assert_allclose(c["TE_target"] / c["treated_base"], -0.3)


def test_a_wedge_is_read_without_bias(tmp_path):
    design = small(
        tmp_path, places="treated = 12, control = 0", timing="pre = 3, post = 12", indicators='["latent_open_deals"]',
        data='assignment = { mechanism = "stepped_wedge", steps = 6 }\ncounts = { place_drift_sd = 0 }',
        answer='primary = "stepped_wedge"\ndraws = 99', market="effect = 0.3\ncity_sd = 0.2",
    )  # fmt: skip
    c = scores(design, 1, "pure reduction")
    np.testing.assert_allclose(c["estimate"], np.log(0.7), atol=1e-6)


def test_the_first_estimate_of_a_blocked_lot_keeps_its_blocks(tmp_path):
    design = small(
        tmp_path,
        places="treated = 8, control = 8",
        data='assignment = { mechanism = "blocked", blocks = 4 }',
        answer='primary = "permutation"\ndraws = 199',
    )
    assert setup_of(design).plan.mechanism.n_assignments() == 6**4
    c = scores(design, 4, "null")
    assert (c["falls"] | c["rises"]).mean() < 0.12
    assert c["ok"].all()


def test_the_lot_decides_on_the_whole_too(tmp_path):
    """With 2+2 places no outcome can reach 5 %, around the places and in all as little as at them."""
    parts = {"answer": 'primary = "permutation"', "market": "effect = 0.9"}
    c = scores(small(tmp_path, places="treated = 2, control = 2, buffer_m = [250]", **parts), 2, "pure reduction")
    by_lot = select(c, estimator="permutation")
    assert not (by_lot["falls"] | by_lot["city_falls"] | by_lot["buffer_rises"]).any()
    c = scores(small(tmp_path, **parts), 2, "pure reduction")
    assert select(c, estimator="permutation")["city_falls"].mean() > 0.3


def test_places_leave_the_list_by_noise_as_the_law_says(tmp_path):
    rows = list_churn(small(tmp_path, places="treated = 12, control = 12"), 8)
    assert [row["raters"] for row in rows] == [1, 3, 5]
    for row in rows:
        assert row["leave_list"] == pytest.approx(row["leave_by_law"], abs=1e-12)
        assert 0.4 < row["qualifying_share"] < 0.9
    assert rows[0]["kappa"] < rows[1]["kappa"] < rows[2]["kappa"]


def test_records_per_deal_follow_the_design(tmp_path):
    design = small(tmp_path, data="counts = { mean = 6 }")
    ones = np.ones((1, 1, 1))
    assert recording_rate(Scene(ones, ones, ones, ones, 300.0, 30.0, design)) == pytest.approx(0.02)


def test_places_put_in_blocks_keep_their_distances(tmp_path):
    """Blocks go by the counts before the start, so a row is another place in every replicate."""
    lot = 'assignment = { mechanism = "blocked", blocks = 2 }'
    design = small(tmp_path, data=lot, answer='primary = "poisson_did"\nsecondary = ["exposure"]')
    rng, position = np.random.default_rng(2), positions(design)
    found = draw_assignment(design, rng.poisson(50.0, (3, 12)).astype(float), False, rng)
    between, _ = metres(position, found, design)
    assert between.shape == (3, 24, 24)
    for r, order in enumerate(found.order):
        assert between[r, 2, 7] == pytest.approx(np.hypot(*(position[order[2]] - position[order[7]])))
    assert not between[:, np.arange(24), np.arange(24)].any()
    c = select(scores(design, 1, "null"), estimator="exposure")
    assert np.isfinite(c["estimate"]).mean() > 0.5
