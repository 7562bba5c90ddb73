"""`mesa.batch_run` with plain keyword parameters, and what may be given to the constructor."""

from __future__ import annotations

import warnings
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

from odssim.engine.build import PARAMETERS
from odssim.engine.keywords import OWN_SEED, resolve
from odssim.engine.model import FileScenario, OpenDrugSceneModel
from odssim.errors import ScenarioError
from odssim.interventions import CATALOGUE
from odssim.scenario import load
from odssim.scenario.records import BUILT_IN_CITIES

from .conftest import Town

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PATROL = str(SCENARIOS / "fifteen-minute-town.toml")


def test_networkx_is_there():
    """Mesa 3.5 does not import without it and does not ask for it."""
    assert __import__("networkx")


def test_batch_run_takes_plain_keywords(town: Town):
    rows = mesa.batch_run(
        OpenDrugSceneModel,
        {"scenario": "teaching-town", "burn_in_days": 0, "days": 2, "belief__learn": [0.1, 0.5]},
        rng=[3, 4], number_processes=1, data_collection_period=1, display_progress=False,
    )  # fmt: skip
    assert len(rows) == 2 * 2 * 2
    assert [row["Step"] for row in rows[:2]] == [1.0, 2.0]
    runs = Counter((row["rng"], row["belief__learn"]) for row in rows)
    assert runs == dict.fromkeys(product((3, 4), (0.1, 0.5)), 2)
    model = town(days=2, belief__learn=0.5)
    for _ in range(2):
        model.step()
    last = next(r for r in rows if (r["rng"], r["belief__learn"], r["Step"]) == (3, 0.5, 2.0))
    for name, values in model.datacollector.model_vars.items():
        assert last[name] == values[-1]
        assert type(last[name]) is (int if name == "seed" else float)


def batch(**how: Any) -> list[dict[str, Any]]:
    """Return one row per run of two days in the town."""
    keys = {"scenario": "teaching-town", "burn_in_days": 0, "days": 2, **how.pop("keys", {})}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # iterations, which many scripts still give
        return mesa.batch_run(OpenDrugSceneModel, keys, number_processes=1, display_progress=False, **how)


@pytest.mark.parametrize("how", [{"iterations": 3}, {"rng": [None] * 3}], ids=["iterations", "rng"])
def test_replicates_without_a_seed_differ_and_can_be_made_again(how):
    rows = batch(**how)
    assert len({row["seed"] for row in rows}) == 3
    assert len({row["hidden_deals"] for row in rows}) > 1
    (again,) = batch(rng=[rows[2]["seed"]])
    assert again["hidden_deals"] == rows[2]["hidden_deals"]


def test_a_seed_among_the_keys_is_kept():
    rows = batch(keys={"seed": [4, 5]})
    assert [row["seed"] for row in rows] == [4, 5]
    assert rows[0]["hidden_deals"] != rows[1]["hidden_deals"]
    assert rows[0]["hidden_deals"] == batch(rng=[4])[0]["hidden_deals"]


@pytest.mark.parametrize("name", BUILT_IN_CITIES)
def test_a_built_in_name_is_the_scenario_of_that_file(name: str):
    file = load(SCENARIOS / f"{name}.toml", parameters=PARAMETERS, catalogue=CATALOGUE)
    assert resolve(name, OWN_SEED, {}).content_hash == file.content_hash
    assert resolve(None, OWN_SEED, {}).city == "teaching-town"


def test_keys_reach_the_scenario():
    keys = {
        "days": 90, "dose": 0.25, "patrol__visits_per_day": 2, "interventions__patrol__ramp_days": 3,
        "need__rate_month__occasional": np.float64(1.25), "substances": ["heroin", "cocaine"],
    }  # fmt: skip
    scenario = resolve(PATROL, np.int64(9), keys)
    (patrol,) = scenario.interventions
    assert (scenario.days, scenario.seed, patrol.dose, patrol.ramp_days) == (90, 9, 0.25, 3)
    assert patrol.options["visits_per_day"] == 2
    assert scenario.parameters["need.rate_month.occasional"] == 1.25
    assert scenario.substances == ("cocaine", "heroin")


def test_seeds_of_every_kind():
    assert resolve(None, OWN_SEED, {}).seed == 1
    assert resolve(None, OWN_SEED, {"seed": 5}).seed == 5
    assert resolve(None, 0, {}).seed == 0
    others = (np.random.default_rng(1), np.random.SeedSequence(2), [3, 4])
    assert len({resolve(None, rng, {}).seed for rng in others}) == 3


@pytest.mark.parametrize(
    ("scenario", "keys", "words"),
    [
        (None, {"belief__halflife": 3}, "belief.halflife"),
        (None, {"day": 3}, "did you mean 'days'"),
        (None, {"dose": 0.5}, "no intervention"),
        (PATROL, {"dose": 1.5}, "dose"),
        (PATROL, {"patrol__visits": 1}, "visits_per_day"),
        ("no-such-town", {}, "no such file"),
        (resolve(None, OWN_SEED, {}), {"days": 3}, "days"),
    ],
)
def test_wrong_keys_are_refused_in_one_line(scenario, keys, words: str):
    with pytest.raises(ScenarioError, match=words) as caught:
        resolve(scenario, OWN_SEED, keys)
    assert "\n" not in str(caught.value)


def test_mesas_pages_may_reset_it_with_a_scenario_of_their_own(town: Town):
    """The page makes `type(model.scenario)(...)` from its own inputs and passes it beside the others."""
    first = OpenDrugSceneModel("teaching-town", burn_in_days=0, days=2, rng=5)
    assert (first.scenario.source, first.scenario.rng) == ("teaching-town", 5)
    again = OpenDrugSceneModel(scenario=FileScenario(source="teaching-town"), burn_in_days=0, days=2, rng=5)
    bare = OpenDrugSceneModel(scenario=mesa.experimental.scenarios.Scenario(rng=5), burn_in_days=0, days=2)
    for model in (first, again, bare):
        model.step()
    assert first.hidden_deals == again.hidden_deals == bare.hidden_deals > 0


def test_making_and_stepping_a_model_warns_of_nothing(town: Town):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = town()
        model.step()
        assert model.agents.to_list()
        assert model.grid.width
