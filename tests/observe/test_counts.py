"""Observers, cameras and price mapping: what they miss, and what they read on average."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from odssim.observe import instruments, observers, prices, registers
from odssim.observe.windows import Rows, Window, values_of
from odssim.world.codes import PLACE_TALLIES
from odssim.world.columns import SUBSTANCES
from statistical.stat import assert_mean, assert_variance

N = 40_000
WHO = np.arange(N)
PAR = values_of(instruments.PARAMETERS, {})


def test_an_observer_sees_a_binomial_share_of_the_deals_in_the_window():
    deals, chance = np.full(N, 320), np.full(N, 0.3)
    par = {**PAR, "observers_minutes": 60.0}
    first, second = observers.observed(deals, chance, 1, WHO, 5, par)
    p = 60 / 960 * 0.3
    for seen in (first, second):
        assert_mean(seen, 320 * p, detects=0.3)
        assert_variance(seen, 320 * p * (1 - p), detects=0.5)
    # two observers share the deals, not the luck of noticing: covariance = n w (1 - w) pi^2
    covariance = (first - first.mean()) * (second - second.mean())
    assert_mean(covariance, 320 / 16 * 15 / 16 * 0.3**2, detects=0.4)


def test_more_people_hide_more_deals():
    crowds = np.array([0.0, 50.0, 150.0])
    assert observers.notice_share(crowds, PAR) == pytest.approx([0.5, 0.25, 0.125])


def watched_town(view: float | None, days: int = 30) -> SimpleNamespace:
    """Return what a camera instrument needs of a run: 200 deals a day at each of many places, half watched."""
    record = SimpleNamespace()
    if view is not None:
        record.camera_place, record.camera = np.arange(N // 2), np.full(N // 2, view)
    return SimpleNamespace(
        city=SimpleNamespace(place_cell=np.arange(N)), past=[], days_kept=[record] * days, seed=1,
        open_deals_by_day=np.full((days, N), 20.0, dtype=np.float32),
        scenario=SimpleNamespace(start_date=date(2018, 1, 1)),
    )  # fmt: skip


def test_a_camera_counts_what_is_in_its_view():
    month = Window(30, 30, np.zeros((1, len(PLACE_TALLIES)), dtype=np.int64), np.zeros(1))
    rows = Rows()
    observers.camera_rows(watched_town(0.5), month, PAR, rows)
    assert set(rows.outcomes) == {"seen.camera_deals"}
    assert rows.places == list(range(N // 2))
    assert_mean(np.array(rows.values), 30 * 20 * 0.5 * 0.1, detects=0.5)
    none = Rows()
    observers.camera_rows(watched_town(None), month, PAR, none)
    assert none.places == []


def test_reports_are_round_and_their_median_is_near_the_price():
    par = {**PAR, "prices_reporters": float(N)}
    said = prices.reports(870.0, 1, 9, 2, par)
    assert set(np.mod(said, 50.0)) == {0.0}
    assert abs(np.median(said) - 870.0) <= 25.0
    fine = prices.reports(870.0, 1, 9, 2, {**par, "prices_step_sek": 1e-6})
    assert_mean(np.log(fine / 870.0), 0.0, detects=0.01)
    assert_variance(np.log(fine / 870.0), 0.1**2 + 0.15**2, detects=0.002)


def test_a_reporter_keeps_his_bias():
    par = {**PAR, "prices_reporters": float(N), "prices_step_sek": 1e-6}
    logs = [np.log(prices.reports(870.0, 1, wave, 2, par) / 870.0) for wave in (1, 2)]
    assert np.corrcoef(*logs)[0, 1] == pytest.approx(0.1**2 / (0.1**2 + 0.15**2), abs=0.03)


def town_with_prices(mapped: bool) -> SimpleNamespace:
    spec = SimpleNamespace(type="price_mapping", dose=1.0, start=date(2018, 2, 1), end=date(2018, 4, 15))
    record = SimpleNamespace(price_sek=np.array([100.0, 200.0, 900.0, np.nan]))
    return SimpleNamespace(
        days_kept=[record] * 200,
        seed=1,
        scenario=SimpleNamespace(start_date=date(2018, 1, 1), interventions=[spec] if mapped else []),
    )


def test_prices_are_asked_twice_a_year_and_monthly_while_somebody_pays_for_it():
    assert len(SUBSTANCES) == 4
    for mapped, days in ((False, {179}), (True, {59, 89, 179})):
        rows = Rows()
        prices.price_rows(town_with_prices(mapped), PAR, rows)
        assert set(rows.days) == days
        assert set(rows.outcomes) == {f"seen.price_{name}_sek" for name in SUBSTANCES[:3]}


def recorded_town(tally: str, count: int, months: int) -> tuple[SimpleNamespace, Window]:
    """Return a run of some months and its first month, with `count` of a tally at each of many places."""
    table = np.zeros((N, len(PLACE_TALLIES)), dtype=np.int64)
    table[:, PLACE_TALLIES.index(tally)] = count
    run = SimpleNamespace(days_kept=[None] * 30 * months, seed=1, scenario=SimpleNamespace(start_date=date(2018, 1, 1)))
    return run, Window(30, 30, table, np.zeros(N))


@pytest.mark.parametrize(("months", "share"), [(1, 0.8), (2, 0.96), (3, 0.992)])
def test_the_register_of_a_month_fills_up_later(months, share):
    rows = Rows()
    registers.register_rows(*recorded_town("recorded_sale", 50, months), PAR, rows)
    assert set(rows.outcomes) == {"seen.recorded_sale"}
    assert_mean(np.array(rows.values), 50 * share, detects=0.2)


def test_some_calls_are_written_down_twice():
    rows = Rows()
    registers.register_rows(*recorded_town("tips", 20, 1), PAR, rows)
    assert set(rows.outcomes) == {"seen.tips"}
    assert_mean(np.array(rows.values), 20 * 1.15, detects=0.1)
