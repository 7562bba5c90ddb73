"""At the corners of the declared ranges drugs, money, needs and persons add up too, and no number turns round."""

import numpy as np
import pytest

from odssim.errors import ScenarioError
from properties.corners import assert_whole_numbers_have_room, run_and_check, run_corner
from properties.town import everything_on, fresh_run

DEAR = (
    "population_multiplier=4", "days=6", "burn_in_days=1",
    *(f"parameters.{name}={value}" for name, value in {
        "population.users_share": 0.08, "population.regular_share": 0.3, "population.basket_sigma": 1.0,
        "population.rate_sigma": 1.2, "population.income_slack": 5, "need.rate_month.regular": 75,
        "need.rate_month.dependent": 75, "purchase.wallet_cap_days": 400,
        **{f"pricing.reference_sek_g.{s}": 5000 for s in ("cannabis", "amphetamine", "cocaine", "heroin")},
        **{f"supply.basket_mg.{s}": 20000 for s in ("cannabis", "amphetamine", "cocaine", "heroin")},
    }.items()),
)  # fmt: skip
"""All that makes buyers rich at its highest."""


@pytest.mark.parametrize("number", range(10))
def test_conservation_at_random_corners(number, tmp_path):
    run_corner(number, tmp_path)


def test_the_richest_buyers_are_not_in_debt(tmp_path):
    st = run_and_check(everything_on(tmp_path, *DEAR), tmp_path)
    assert st.buyers["income"].max() > 2**31
    assert (st.buyers["wallet"] >= 0).all()


def test_a_number_near_the_end_of_its_storage_is_noticed(tmp_path):
    st = fresh_run(everything_on(tmp_path)).state
    assert_whole_numbers_have_room(st)
    st.buyers["basket_mg"][3] = 2**30
    with pytest.raises(AssertionError, match="basket_mg"):
        assert_whole_numbers_have_room(st)


def test_weights_by_which_nobody_could_be_drawn_are_refused(tmp_path):
    no_users = [f"parameters.population.substance_users.{s}=0" for s in ("cannabis", "amphetamine", "cocaine", "heroin")]
    with pytest.raises(ScenarioError, match="at least one of these weights must be above 0: cannabis, amphetamine"):
        everything_on(tmp_path, *no_users)
    with pytest.raises(ScenarioError, match="at least one of these weights must be above 0: user_seller, network"):
        everything_on(tmp_path, *(f"parameters.population.seller_kind.{k}=0" for k in ("user_seller", "network", "runner")))
    only = ['substances=["cannabis", "heroin"]', *no_users[0::3]]
    with pytest.raises(ScenarioError, match=r"substance_users\.cannabis = 0: .*above 0: cannabis, heroin$"):
        everything_on(tmp_path, *only)
    st = fresh_run(everything_on(tmp_path, *only[:2])).state
    assert np.unique(st.buyers["substance"]).tolist() == [0, 3]
