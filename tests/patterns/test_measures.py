"""Each pattern's arithmetic on cases that can be worked out by hand."""

import math

import numpy as np
import pytest

from odssim.engine.build import PARAMETERS
from odssim.engine.levers import FIRST_PROGRAMME_UID
from odssim.observe.outcomes import OUTCOMES
from odssim.validation.patterns import bands, measure_counts
from odssim.validation.patterns.bands import KNOWN_SHORT, PAGES, ROWS, row_of
from odssim.validation.patterns.campaign import PATTERNS, WHERE
from odssim.validation.patterns.counts import COUNTED, concentration, top_share, yearly_price_change
from odssim.validation.patterns.demand import arc, moments
from odssim.validation.patterns.fifteen_minutes import AFTER_MIN, deal_minutes, hazard, programme_visits, quiet_rate
from odssim.validation.patterns.findings import Row
from odssim.validation.patterns.judge import MINUTES, combine, judge, verdict
from odssim.world.codes import Log

BAND = Row("V0", "a number", 1.0, 2.0, "emergent", "A1")


def test_every_pattern_has_a_page_rows_and_a_city():
    assert [page.id for page in PAGES] == [f"V{i}" for i in range(1, 14)]
    assert {row.pattern for row in ROWS} == set(PATTERNS) == {p for mine in WHERE.values() for p in mine}
    assert len({row.key for row in ROWS}) == len(ROWS)
    assert all(row.low < row.high for row in ROWS)
    assert set(KNOWN_SHORT) <= {row.key for row in ROWS}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_what_is_switched_off_exists_and_moves(page):
    default = {id_: value for p in PARAMETERS for id_, value in zip(p.ids, p.defaults, strict=True)}
    assert page.offs, "the ablation table has a row for each pattern"
    for off in page.offs:
        assert all(default[id_] != value for id_, value in off.sets), off.what


def test_the_bands_of_density_are_those_of_the_city():
    assert (row_of("V2 density", "stockholm-city").low, row_of("V2 density", "stockholm-county").high) == (0.6, 3.0)
    assert row_of("V2 density", "elsewhere").high == 3.0
    assert [row[0] for row in bands("stockholm-city")] == list(COUNTED)


def test_concentration_counts_the_fewest_places_that_hold_half():
    assert concentration(np.array([0, 50, 30, 20, 0])) == pytest.approx(1 / 3)
    assert concentration(np.array([10] * 10)) == pytest.approx(0.5)
    assert math.isnan(concentration(np.zeros(3)))


def test_top_share_and_yearly_change():
    assert top_share(np.array([80, 5, 5, 5, 5, 0])) == pytest.approx(0.8)
    prices = np.concatenate([np.full(30, 100.0), np.full(305, 105.0), np.full(30, 110.0)])
    assert yearly_price_change(prices) == pytest.approx(0.1 * 365 / 335)


def test_counts_give_the_identities():
    days = 73
    series = {name: np.zeros(days) for name in OUTCOMES}
    ones = {"open_deals": 10, "hidden_deals": 30, "turnover_sek": 3000, "seller_min": 600, "recorded_sale": 1,
            "recorded_possession": 4, "recorded_use": 5, "n_scenes": 2}  # fmt: skip
    series |= {name: np.full(days, float(value)) for name, value in ones.items()}
    series |= {f"price_{s}_sek": np.full(days, 100.0) for s in ("cannabis", "amphetamine", "cocaine", "heroin")}
    found = measure_counts(series, np.array([1.0, 1.0]), 231_000, 0.5)
    assert found["V12 sale"] == pytest.approx(0.1)
    assert found["V12 deals"] == pytest.approx(40)
    assert found["A45 purchases"] == pytest.approx(40 * 365 * 10 / 1e6)
    assert found["A45 open"] == pytest.approx(0.25)
    assert found["A45 pay"] == pytest.approx(3000 * 0.5 / 10)
    assert found["V2 density"] == pytest.approx(2 / 2.31)
    assert found["V4 size"] == 0


def test_arc_is_the_same_both_ways_and_hazard_grows_with_the_share():
    assert arc(100, 120) == pytest.approx(2 / 11)
    assert arc(120, 100) == pytest.approx(-arc(100, 120))
    assert hazard(0, 1000) < hazard(100, 1000) < hazard(1000, 1000) < math.inf
    assert hazard(150, 1000) / hazard(40, 1000) == pytest.approx(-math.log(0.85) / -math.log(0.96), rel=0.02)


def lines(*rows):
    return np.array(rows, dtype=np.int64)


def test_visits_of_programmes_are_told_from_ordinary_ones():
    ordered, ordinary = (FIRST_PROGRAMME_UID + 5) << 24, 17 << 24
    events = lines((130, Log.VISIT_END, ordered, 3, 9, 12), (200, Log.VISIT_END, ordinary, 3, 9, 6),
                   (118, Log.VISIT, ordered, 3, 9, 0))  # fmt: skip
    visits = programme_visits(events)
    assert (visits.place.tolist(), visits.arrived.tolist(), visits.length.tolist()) == ([3], [118], [12])


def test_quiet_minutes_leave_out_what_visits_touch():
    deals = deal_minutes(lines(*[(m, Log.DEAL_OPEN, 1, 0, 2, 3) for m in range(0, 1440, 10)]), 0, 0, 1440)
    assert deals.sum() == 144
    deals[60 : 70 + AFTER_MIN] = 0  # nothing is sold during a visit from 60 to 70 and for two hours after
    assert quiet_rate(deals, np.array([60]), np.array([70])) == pytest.approx([0.1, 0, 0] + [0.1] * 21, abs=0.002)


def test_who_asks_in_the_minute_of_the_contact_is_found():
    events = lines((5, 1, 77, 0, 0, 0), (6, 1, 77, 0, 0, 0), (6, 2, 77, 0, 0, 0), (6, 2, 78, 0, 0, 0))
    assert np.isin(moments(events, 1), moments(events, 2)).tolist() == [False, True]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1.2, 1.8, "inside"), (0.1, 0.9, "below"), (2.1, 3, "above"), (0.9, 1.5, "undecided"), (None, None, "undecided"),
     (0.5, 2.5, "undecided")],
)  # fmt: skip
def test_verdicts(low, high, expected):
    assert verdict(BAND, low, high) == expected


def test_three_kinds_of_value():
    assert combine([1.0, 2.0, 3.0])[0].value == pytest.approx(2.0)
    estimate, each = combine([(1.0, 10.0), (30.0, 100.0)])
    assert estimate.value == pytest.approx(31 / 110), "the ratio of sums, not the mean of ratios"
    assert each == pytest.approx((0.1, 0.3))
    cost, benefit = np.full(len(MINUTES), 10.0), np.zeros(len(MINUTES))
    benefit[4] = 1.0
    assert combine([(benefit, cost)] * 3)[0].low is None, "three equal seeds are no interval"
    peak, _ = combine([(benefit, cost)] * 6)
    assert (peak.value, peak.low, peak.high) == (MINUTES[4],) * 3


def test_an_interval_stays_within_what_a_share_can_be():
    share = Row("V0", "a share", 0.7, 1.0, "emergent", "A1", 0.0, 1.0)
    finding = judge(share, "town", [0.9, 1.0, 1.0])
    assert (finding.high, finding.verdict) == (1.0, "inside")
    assert judge(share, "town", [0.9]).verdict == "undecided"
