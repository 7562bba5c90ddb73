"""A scenario and its alternative are one world until the first minute of the intervention, and with dose 0 for ever."""

import numpy as np
import pytest

from engine.town import BURN_IN, DAYS, START_DAY, files, intervention, rows_but_process, scenario
from odssim.engine.run import run_pair, run_scenario
from odssim.interventions import CATALOGUE
from odssim.observe.outcomes import OUTCOMES
from odssim.world.columns import SUBSTANCES

FIRST_MINUTE = 1440 * (BURN_IN + START_DAY)
ALONE_INERT = [kind for kind, entry in CATALOGUE.items() if entry.lever in ("coordination", "measurement")]
each_kind = pytest.mark.parametrize("kind", CATALOGUE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("town")


@pytest.fixture(scope="module")
def base(folder):
    return run_scenario(scenario(folder), ledger=True, events=True)


@pytest.fixture(scope="module")
def base_files(base, folder):
    return files(base, folder / "base")


def test_the_catalogue_is_covered():
    assert len(CATALOGUE) >= 6


@each_kind
def test_nothing_differs_before_the_first_minute(kind, base, folder):
    other = run_scenario(scenario(folder, intervention(kind)), ledger=True, events=True)
    assert base.events[base.events[:, 0] < FIRST_MINUTE].shape[0] > 1000
    before = [run.events[run.events[:, 0] < FIRST_MINUTE].tolist() for run in (base, other)]
    assert before[0] == before[1]
    for name, series in base.city_series.items():
        np.testing.assert_array_equal(series[:START_DAY], other.city_series[name][:START_DAY], err_msg=name)
    closed = [run.ledger[run.ledger["closed"] < FIRST_MINUTE] for run in (base, other)]
    np.testing.assert_array_equal(*(np.sort(rows, order=["buyer", "day", "i"]) for rows in closed))


def market(run):
    """Return the day series of everything but money spent on interventions."""
    costs = {name for name in run.city_series if name.startswith("cost_")}
    return {name: series for name, series in run.city_series.items() if name not in costs}


@pytest.mark.parametrize("kind", ALONE_INERT)
def test_a_frame_or_a_measurement_moves_nothing_by_itself(kind, base, folder):
    other = run_scenario(scenario(folder, intervention(kind)))
    for name, series in market(base).items():
        np.testing.assert_array_equal(series, market(other)[name], err_msg=name)
    assert other.city_series["cost_sek"][START_DAY:].sum() > 0


@pytest.mark.parametrize("kind", ["agreement", "place_focus"])
def test_a_frame_raises_what_others_deliver(kind, folder):
    patrol = intervention("fifteen_minute_patrol").replace('"it"', '"patrol"') + "delivery = 0.4\n"
    frame = intervention(kind)
    alone, framed = (run_scenario(scenario(folder, text)) for text in (patrol, patrol + frame))
    minutes = [next(row for row in run.process if row["id"] == "patrol") for run in (alone, framed)]
    assert minutes[0]["planned_visits"] == minutes[1]["planned_visits"]
    assert minutes[0]["delivered_visits"] < minutes[1]["delivered_visits"]


LONGER = {
    "seizures_border": ("days=40",), "target_list": ("days=16",), "social_teams_youth": ("days=40",),
    "treatment_capacity": ("days=90",), "probation_policy": ("days=90",),
    "tip_line": ("days=40", "population_multiplier=8"), "smadit": ("days=40", "population_multiplier=8"),
}  # fmt: skip
"""What is felt late, or only in a larger town."""
NEEDS_COMPANY = {"reach_women"}
"""Does nothing unless outreach workers meet somebody."""


@pytest.mark.parametrize("kind", [kind for kind in CATALOGUE if kind not in (*ALONE_INERT, *NEEDS_COMPANY)])
def test_something_differs_afterwards(kind, base, folder):
    longer = LONGER.get(kind, ())
    ours = run_scenario(scenario(folder, "", *longer)) if longer else base
    other = run_scenario(scenario(folder, intervention(kind), *longer))
    assert any(not np.array_equal(series, market(other)[name], equal_nan=True) for name, series in market(ours).items())
    assert other.city_series["cost_sek"][START_DAY:].sum() > 0


@each_kind
def test_dose_nought_changes_no_byte_but_of_its_own_rows(kind, base_files, folder):
    text = intervention(kind, dose=0.0)
    nothing = files(run_scenario(scenario(folder, text), ledger=True, events=True), folder / kind)
    for name in ("places.parquet", "ledger.parquet", "events.parquet"):
        assert nothing[name] == base_files[name], name
    assert rows_but_process(folder / kind).equals(rows_but_process(folder / "base"))


def test_the_base_of_a_pair_is_the_run_by_itself(base_files, folder):
    alternatives = [scenario(folder, intervention(kind)) for kind in ("fifteen_minute_patrol", "cameras")]
    results = run_pair(scenario(folder), alternatives, seed=2)
    alone = [run_scenario(s, ledger=True) for s in alternatives]
    pair_base = files(results[0], folder / "pair")
    for name in ("outcomes.parquet", "places.parquet", "ledger.parquet"):
        assert pair_base[name] == base_files[name]
    for i, (paired, single) in enumerate(zip(results[1:], alone, strict=True)):
        assert files(paired, folder / f"paired{i}") == files(single, folder / f"single{i}")
        assert paired.process == single.process


def test_a_pair_with_another_seed_is_another_world(base, folder):
    (other,) = run_pair(scenario(folder), [], seed=5)
    assert other.seed == 5
    assert other.city_series["needs"].tolist() != base.city_series["needs"].tolist()


def test_the_order_of_interventions_in_the_file_does_not_matter(folder):
    two = [intervention(kind).replace('"it"', f'"{kind}"') for kind in ("hot_spot_patrol", "cameras")]
    runs = [run_scenario(scenario(folder, "".join(tables))) for tables in (two, two[::-1])]
    assert files(runs[0], folder / "ab") == files(runs[1], folder / "ba")


def test_a_summary_adds_up_flows_and_never_stocks(base):
    people = base.city.residents.sum() * base.scenario.population_multiplier * 0.1
    for name, row in base.summary.items():
        series = base.city_series[name]
        is_flow = OUTCOMES[name].over_days == "sum"
        assert row["value"] == pytest.approx(np.nansum(series) if is_flow else np.nanmean(series)), name
        assert row["over_days"] == OUTCOMES[name].over_days
    for stock in ("buyers_active", "sellers_active", "in_care", "care_waiting", "women_active"):
        assert base.summary[stock]["value"] <= people


def test_only_what_can_be_added_up_is(base):
    """A price, a share, an index, a coefficient or a number of scenes has no sum over days, nor have people."""
    for outcome in OUTCOMES.values():
        no_sum = outcome.unit in ("SEK/g", "share", "index", "1", "scenes") or "that day" in outcome.meaning
        assert not no_sum or outcome.over_days == "mean" or outcome.unit == "person-days", outcome.id
        assert outcome.unit_a_day == (f"{outcome.unit}/day" if outcome.over_days == "sum" else outcome.unit)


def test_every_price_names_its_substance(base):
    prices = [outcome.id for outcome in OUTCOMES.values() if "price" in outcome.id]
    assert len(prices) == 8
    for name in prices:
        assert any(substance in name and substance in OUTCOMES[name].meaning for substance in SUBSTANCES), name
    on_sale = {name for name in base.summary if "price" in name}
    assert on_sale == {name for name in prices if any(s in name for s in base.scenario.substances)}
    assert base.summary["price_heroin_sek"]["value"] != base.summary["price_cannabis_sek"]["value"]

    assert len(base.days) == DAYS
