"""Numbers and dates as readers see them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from odssim.language import names as words
from odssim.language import written
from report.make import plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.0042, "0.0042"), (0.126, "0.13"), (0.996, "1"), (1, "1"), (1.476, "1.48"),
        (9.99, "9.99"), (9.999, "10"), (23.58, "23.6"), (99.96, "100"), (830.4, "830"), (1180, "1 180"),
        (999_999, "999 999"), (1_234_567, "1.2 million"), (345_600_000, "346 million"), (-1180, "-1 180"),
        (-0.0, "0"),
    ],
)  # fmt: skip
def test_number(value: float, text: str) -> None:
    assert plain(written.number(value)) == text


def test_thousands_are_parted_by_a_thin_space() -> None:
    assert written.number(1180) == "1\u202f180"


@pytest.mark.parametrize(("value", "text"), [(1.04, "1"), (1697, "1 700"), (94, "94"), (187, "190")])
def test_rough(value: float, text: str) -> None:
    assert plain(written.rough(value)) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.0001, "under 0.1 %"), (0.0158, "1.6 %"), (0.153, "15 %"), (0.9999, "over 99 %"), (1, "100 %")],
)
def test_percent(share: float, text: str) -> None:
    assert plain(written.percent(share)) == text


@pytest.mark.parametrize(("share", "text"), [(0.124, "+12 %"), (-0.02, "-2 %"), (-0.001, "±0 %"), (12.0, "+1 200 %")])
def test_change(share: float, text: str) -> None:
    assert plain(written.change(share)) == text


@pytest.mark.parametrize(("n", "text"), [(0, "no sales"), (1, "one sale"), (9, "nine sales"), (13, "13 sales")])
def test_counted(n: int, text: str) -> None:
    assert written.counted(n, "{n} sale", "{n} sales") == text


@pytest.mark.parametrize(
    ("first", "n_days", "text"),
    [
        (date(2018, 1, 1), 365, "2018"),
        (date(2020, 1, 1), 366, "2020"),
        (date(2020, 1, 1), 365, "1 Jan to 30 Dec 2020"),
        (date(2018, 7, 1), 365, "1 Jul 2018 to 30 Jun 2019"),
        (date(2018, 4, 1), 1, "1 Apr 2018"),
    ],
)
def test_period(first: date, n_days: int, text: str) -> None:
    assert words.period([first + timedelta(days=i) for i in range(n_days)]) == text
