"""A scenario and its alternative are one world until the first minute of the intervention, and with dose 0 for ever."""

import numpy as np
import pytest

from engine.town import BURN_IN, DAYS, START_DAY, files, intervention, rows_but_process, scenario
from odssim.engine.run import run_pair, run_scenario
from odssim.interventions import CATALOGUE

FIRST_MINUTE = 1440 * (BURN_IN + START_DAY)
LEVELS = ("price", "nuisance", "n_scenes")
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


@each_kind
def test_something_differs_afterwards(kind, base, folder):
    longer = ("days=40",) if kind == "seizures_border" else ()
    ours = run_scenario(scenario(folder, "", *longer)) if longer else base
    other = run_scenario(scenario(folder, intervention(kind), *longer))
    assert any(
        not np.array_equal(series, other.city_series[name], equal_nan=True)
        for name, series in ours.city_series.items() if name != "cost_sek"
    )  # fmt: skip
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


def test_levels_and_sums_of_the_summary(base):
    for name, row in base.summary.items():
        series = base.city_series[name]
        level = name.startswith(LEVELS)
        assert row["value"] == pytest.approx(np.nanmean(series) if level else np.nansum(series)), name
    assert len(base.days) == DAYS
