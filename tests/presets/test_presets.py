"""Known results of the literature, with a declared chance of a false alarm."""

import math

import pytest

from odssim.errors import ScenarioError
from odssim.validation.presets import groff, torus
from odssim.validation.presets.shelf import PRESETS, preset

FALSE_ALARM_Z = 5.0
"""Standard errors: a false alarm about once in a million."""


def test_a_preset_that_does_not_exist_is_named():
    assert list(PRESETS) == ["groff", "torus", "dose"]
    with pytest.raises(ScenarioError, match="one of groff, torus, dose"):
        preset("groffs")


def test_robbery_rises_with_time_away_from_home():
    few, many = (groff.robberies(share, seed=1, days=1) for share in (0.3, 0.7))
    assert many > few > 0
    assert (many - few) / math.sqrt(many + few) > FALSE_ALARM_Z, "Poisson counts"


def test_nobody_is_robbed_where_all_stay_at_home():
    assert groff.robberies(0.0, seed=1, days=1) == 0


def test_the_same_seed_gives_the_same_robberies():
    assert groff.robberies(0.5, seed=3, days=1) == groff.robberies(0.5, seed=3, days=1)


@pytest.mark.parametrize("n_police", [0, 40])
def test_victimisation_is_what_the_law_says(n_police):
    blocks = []
    model = torus.RoutineActivityWorld(n_police, rng=7)
    for _ in range(20):
        before = model.victimisations
        for _ in range(15):
            model.step()
        blocks.append((model.victimisations - before) / 15)
    mean = sum(blocks) / len(blocks)
    se = math.sqrt(sum((b - mean) ** 2 for b in blocks) / (len(blocks) - 1) / len(blocks))
    assert se < 0.12 * torus.expected(0), "the sample could see half of the effect of 40 police"
    assert abs(mean - torus.expected(n_police)) < FALSE_ALARM_Z * se


def test_police_at_every_cell_end_it():
    model = torus.RoutineActivityWorld(3000, rng=1)
    model.step()
    assert model.victimisations == 0
