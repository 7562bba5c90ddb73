"""Worlds from the engine: what two runs of one seed have in common, and what a pair of them counts."""

from pathlib import Path

import numpy as np
import pytest

from evaluation.tried import small
from odssim.errors import ScenarioError
from odssim.evaluation.design.design_file import load_design
from odssim.evaluation.trial.characteristics import select
from odssim.evaluation.trial.score import columns_of, setup_of
from odssim.evaluation.trial.score_engine import score_engine_batch
from odssim.evaluation.worlds.engine_pair import KEYS, READINGS, dispersion, fitted, pair_of
from odssim.evaluation.worlds.engine_worlds import run_twins
from odssim.evaluation.worlds.truth import truths

ROOT = Path(__file__).parents[2]


def town(folder, **parts):
    text = '[world]\nkind = "engine"'
    design = {
        "indicators": '["recorded_offences", "observed_deals"]',
        "places": "treated = 2, control = 2, buffer_m = [250]",
        "timing": "pre = 1, post = 2",
        "answer": 'primary = "poisson_did"',
    }
    path = small(folder, **design | parts).file
    scenarios = "\n".join(
        f'{key} = "{ROOT}/scenarios/{name}.toml"'
        for key, name in (("scenario", "teaching-town"), ("interventions", "fifteen-minute-town"))
    )
    written = Path(path).read_text(encoding="utf-8").replace('[world]\nkind = "market"', f"{text}\n{scenarios}")
    Path(path).write_text(written, encoding="utf-8")
    return load_design(path)


@pytest.fixture(scope="module")
def design(tmp_path_factory):
    return town(tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="module")
def twins(design):
    return run_twins(design, 0)


def test_both_worlds_are_one_until_the_start(design, twins):
    base, other = (result.open_deals_by_day for result in (twins.base, twins.other))
    start = len(twins.base.past) + 30
    np.testing.assert_array_equal(base[:start], other[:start])
    assert (base[start:] != other[start:]).any()
    assert len(twins.base.days_kept) == 90


def test_patrol_is_where_the_lot_put_it(twins):
    dosed = set(twins.listed[twins.assignment.by_place()[0].any(axis=1)].tolist())
    assert len(dosed) == 2
    assert twins.other.targets == dosed
    assert twins.base.targets == frozenset()


def test_every_open_deal_is_at_a_place_near_one_or_elsewhere(design, twins):
    pair = pair_of(design, twins, other=True)
    for deals, result in ((pair.base, twins.base), (pair.other, twins.other)):
        by_month = result.city_series["open_deals"].reshape(3, 30).sum(axis=1)
        np.testing.assert_allclose(deals.open()[0], by_month)
        np.testing.assert_allclose(deals.hidden[0], result.city_series["hidden_deals"].reshape(3, 30).sum(axis=1))
    recorded = sum(twins.other.city_series[f"recorded_{kind}"].sum() for kind in ("sale", "possession", "use"))
    assert 0 < pair.given["recorded_offences"][1, 0].sum() <= recorded


def test_the_null_is_the_base_beside_itself(design, twins):
    true = truths(pair_of(design, twins, other=False), np.array([False, True, True]))
    assert (true["TE_target"] == 0).all()
    assert (true["OE_all"] == 0).all()


def test_the_fall_at_the_targets_is_that_of_the_ledger(design, twins):
    """Needs of the last day may be met the day after, so ledger and counters differ by a few deals."""
    true = truths(pair_of(design, twins, other=True), np.array([False, True, True]))
    flows = twins.flows
    assert true["TE_target"][0] == pytest.approx(flows.target_other - flows.target_base, abs=0.02 * flows.target_base)
    assert true["TE_target"][0] < 0
    fates = ("near", "far", "tactical", "temporal", "prevented", "other")
    assert sum(true[f"delta_{fate}"][0] for fate in fates) == pytest.approx(1)


def test_scores_and_fit_of_a_world(design, monkeypatch, twins):
    monkeypatch.setattr("odssim.evaluation.worlds.engine_worlds.run_twins", lambda design, world: twins)
    c = columns_of(score_engine_batch(setup_of(design), 0))
    assert set(c["world"]) == {0}
    assert len(c["world"]) == 2 * 2 * READINGS
    recorded = select(c, condition="expected", indicator="recorded_offences")["estimate"]
    assert np.ptp(recorded) == 0.0  # registers are events of the world
    assert np.nanstd(select(c, condition="expected", indicator="observed_deals")["estimate"]) > 0
    rows = {row["key"]: row["value"] for row in fitted(c)}
    assert set(rows) == set(KEYS)
    assert rows["data.counts.detection_ratio"] > 1
    assert 0 < rows["market.effect"] < 1


def test_more_places_than_the_city_has_are_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"asks for 400 places; this city has \d+ with open deals"):
        run_twins(town(tmp_path, places="treated = 200, control = 200"), 0)


def test_dispersion_by_moments():
    rng = np.random.default_rng(8)
    mean = rng.gamma(3, 5, (400, 1))
    counts = rng.poisson(mean * rng.gamma(1 / 0.4, 0.4, (400, 24)))
    assert dispersion(counts) == pytest.approx(0.4, abs=0.05)
    assert dispersion(rng.poisson(np.repeat(mean, 24, axis=1))) == pytest.approx(0.0, abs=0.01)


def with_ensemble(design, tmp_path, name, kind="engine"):
    text = Path(design.file).read_text(encoding="utf-8").replace('kind = "engine"', f'kind = "{kind}"\nensemble = "{name}"')
    path = tmp_path / "ensemble.toml"
    path.write_text(text, encoding="utf-8")
    return load_design(path)


def test_worlds_take_the_members_of_an_ensemble_in_turn(design, tmp_path, monkeypatch):
    (tmp_path / "two.csv").write_text("id,choice.risk_sek\na,100\nb,300\n", encoding="utf-8")
    own = with_ensemble(design, tmp_path, "two.csv")
    assert own.content_hash != design.content_hash
    seen = []

    def stop(scenario, city):
        seen.append(scenario.parameters["choice.risk_sek"])
        raise InterruptedError

    monkeypatch.setattr("odssim.evaluation.worlds.engine_worlds.simulate_past", stop)
    for world in range(3):
        with pytest.raises(InterruptedError):
            run_twins(own, world)
    assert seen == [100, 300, 100]
    assert with_ensemble(design, tmp_path, "stockholm").ensemble.name == "stockholm.csv"
    with pytest.raises(ScenarioError, match="is used by kind engine only"):
        with_ensemble(design, tmp_path, "two.csv", kind="market")
