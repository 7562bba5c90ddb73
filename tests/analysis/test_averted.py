"""What an averted unit costs: extra cost over what was clearly averted."""

from types import SimpleNamespace

import pytest

from odssim.analysis.comparison.averted_rows import averted_rows, averted_text


def pair(cost, open_deals, other_open, *, in_care=0.0):
    base = {"cost_sek": 0.0, "open_deals": open_deals, "all_deals": open_deals, "consumed_g": 10.0, "in_care": 100.0}
    other = base | {"cost_sek": cost, "open_deals": other_open, "all_deals": other_open, "in_care": 100.0 + in_care}
    return SimpleNamespace(base=base, other=other)


def rows_of(contrasts):
    return averted_rows("Mix", contrasts, 365)


def row(rows, unit):
    return next(r for r in rows if r.unit == unit)


def test_sek_per_averted_deal_is_a_ratio_of_sums():
    rows = rows_of([pair(1000.0, 10.0, 0.5), pair(1000.0, 20.0, 9.5), pair(1000.0, 20.0, 10.0)])
    found = row(rows, "open deal averted")
    assert found.sek_per_unit == pytest.approx(3000 / 30)
    assert found.bought_per_day == pytest.approx(10.0)
    assert row(rows, "gram averted, open or hidden").sek_per_unit is None


def test_a_year_in_care_is_365_days_of_one_person():
    rows = rows_of([pair(800.0, 10.0, 10.0, in_care=3.65 + d) for d in (-0.1, 0.0, 0.1)])
    assert row(rows, "person-year in care").sek_per_unit == pytest.approx(80_000)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_same_in_all_runs_or_one_run_is_no_price(n):
    rows = rows_of([pair(1000.0, 10.0, 9.0)] * n)
    assert row(rows, "open deal averted").sek_per_unit is None


def test_no_number_over_a_difference_that_may_be_nought():
    rows = rows_of([pair(1000.0, 10.0, 5.0), pair(1000.0, 10.0, 14.0)])
    assert row(rows, "open deal averted").sek_per_unit is None
    assert averted_text(rows) == ["Extra cost per averted deal: not given, nothing was clearly averted."]


def test_nothing_spent_costs_nothing_to_tell():
    rows = rows_of([pair(0.0, 10.0, 5.0)] * 2)
    assert all(r.sek_per_unit is None for r in rows)
    assert averted_text(rows) == []
