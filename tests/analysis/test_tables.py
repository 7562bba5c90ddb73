"""The noise floor is taken off, and shares are given only where something is left."""

from dataclasses import fields
from datetime import date

import numpy as np
import pytest

from analysis.worlds import need_rows
from odssim.analysis.comparison.contrast import SeedContrast, Window
from odssim.analysis.comparison.difference_rows import DifferenceRow, exceeds_noise, fate_rows
from odssim.analysis.comparison.displacement_words import checks, ledger, quotient, shifts, sources
from odssim.analysis.comparison.ring_rows import MeasureRow, measure_row
from odssim.analysis.comparison.source_rows import ShiftRow, SourceRow
from odssim.analysis.comparison.words import difference
from odssim.analysis.displacement.flows import count_flows
from odssim.analysis.displacement.ledger import pair_needs
from odssim.analysis.statistics.intervals import Estimate
from odssim.language.written import signed
from report.make import plain

ZONE = np.array([0, 1, 2], dtype=np.int8)
WINDOW = Window(date(2018, 1, 1), 0, 10)
KEPT, FAILED = {"fate": "open", "place": 0}, {"fate": "failed"}
NEARBY, FARAWAY, HIDDEN = {"fate": "open", "place": 1}, {"fate": "open", "place": 2}, {"fate": "hidden"}


def flows(*groups, n=100):
    """Return what became of `n` deals at the target: (number, fate) first, the rest kept."""
    fates = [fate for number, fate in groups for _ in range(number)]
    fates += [KEPT] * (n - len(fates))
    ledgers = [need_rows(*({"buyer": k, **fate} for k, fate in enumerate(world))) for world in ([KEPT] * n, fates)]
    return count_flows(pair_needs(*ledgers, ZONE))


def contrast(seed, treated, placebo, rings=None):
    base, other = rings or (None, None)
    return SeedContrast(seed, {}, {}, 1, base, other, treated, placebo)


def unknown(kind, **known):
    """A row of which nothing is known but this."""
    return kind(**dict.fromkeys(field.name for field in fields(kind)) | known)


def rows_of(*contrasts):
    return {row.fate: row for row in fate_rows("x", contrasts)}


def test_the_same_fate_under_placebo_is_taken_off():
    treated = flows((20, FAILED), (10, NEARBY), (6, HIDDEN), (4, FARAWAY))
    placebo = flows((5, FAILED), (2, NEARBY), (1, HIDDEN), (4, FARAWAY))
    rows = rows_of(*(contrast(seed, treated, placebo) for seed in range(6)))
    assert [getattr(rows["removed"], key) for key in ("per_100", "placebo_per_100", "net_per_100")] == pytest.approx(
        [40, 12, 28]
    )
    assert [rows[f].net_per_100 for f in ("prevented", "near", "tactical", "far")] == pytest.approx([15, 8, 5, 0])
    assert rows["near"].share_of_removed == pytest.approx(8 / 28)
    assert rows["displaced"].share_of_removed == pytest.approx(13 / 28)
    assert rows["removed"].share_of_removed is None


@pytest.mark.parametrize(("groups", "untouched"), [((), 2), (((1, NEARBY),), 0), (((1, FAILED),), 0)])
def test_seeds_that_the_placebo_did_not_touch_are_counted(groups, untouched):
    contrasts = [contrast(seed, flows((9, FAILED)), flows(*groups)) for seed in (1, 2)]
    assert measure_row("x", contrasts).placebo_untouched == untouched


def test_seeds_with_more_deals_weigh_more():
    small = contrast(1, flows((4, FAILED), n=10), flows(n=10))
    large = contrast(2, flows((10, FAILED), (10, NEARBY), n=100), flows(n=100))
    rows = rows_of(small, large)
    assert rows["removed"].per_100 == pytest.approx(100 * 24 / 110)


def test_as_much_removed_as_by_a_placebo_is_no_effect():
    noisy = flows((9, FAILED), (3, NEARBY))
    rows = rows_of(contrast(1, noisy, noisy), contrast(2, noisy, noisy))
    assert rows["near"].per_100 == 3
    assert rows["near"].share_of_removed is None


def test_a_removal_whose_interval_reaches_zero_is_not_split():
    none, some = flows(), flows((4, FAILED))
    rows = rows_of(contrast(1, some, none), contrast(2, none, none), contrast(3, some, none))
    assert rows["removed"].net_per_100 == pytest.approx(8 / 3)
    assert rows["removed"].net_low < 0
    assert rows["prevented"].share_of_removed is None


@pytest.mark.parametrize(
    ("value", "low", "exceeds"),
    [(5.0, 0.1, True), (5.0, 0.0, False), (5.0, None, False), (0.0, None, False), (None, None, False)],
)
def test_noise_is_exceeded_only_with_the_whole_interval(value, low, exceeds):
    assert exceeds_noise(Estimate(2, value, None, low, None)) is exceeds


def test_no_deals_at_the_places_is_no_table():
    assert fate_rows("x", [contrast(1, flows(n=0), flows(n=0))]) == []
    row = measure_row("x", [contrast(1, flows(n=0), flows(n=0))])
    assert (row.matched_share, row.aggregate_near) == (None, None)
    assert ledger([], row, "P") == ["No open deals at the treated places in the base: nothing to follow."]


def rings(*values):
    return np.array(values, dtype=np.float64)


def test_a_control_that_changed_is_called_misleading():
    pairs = [(rings(300, 0, 0, 90, 500 + s), rings(150, 0, 0, 120, 600 + 2 * s)) for s in range(4)]
    contrasts = [contrast(s, flows((50, FAILED)), flows(), pair) for s, pair in enumerate(pairs)]
    row = measure_row("x", contrasts)
    assert row.control_verdict == "more"
    text = checks(row)
    assert "The rest of the city had more open deals than in the base: as a control it misleads." in text


def test_total_net_effect_is_per_run():
    pair = (rings(100, 80, 0, 0, 200), rings(60, 85, 0, 0, 180))
    row = measure_row("x", [contrast(s, flows(), flows(), pair) for s in range(3)])
    assert row.total_net_effect == pytest.approx(17)
    assert row.wdq == pytest.approx(-0.4333333333)
    assert measure_row("x", [contrast(1, flows(), flows(), pair)]).z_success == pytest.approx(-1.9933664826)


def test_a_quotient_of_runs_that_do_not_differ_is_not_read():
    pair = (rings(100, 80, 0, 0, 200), rings(30, 100, 0, 0, 200))
    row = measure_row("x", [contrast(s, flows(), flows(), pair) for s in range(3)])
    assert (row.wdq_readable, row.wdq_low, row.z_success) == (False, None, None)
    assert measure_row("x", [contrast(1, flows(), flows(), pair)]).wdq_readable


def test_few_matched_needs_are_confessed():
    kept = need_rows(*({"buyer": k, **KEPT} for k in range(10)))
    half = count_flows(pair_needs(kept, kept[:5], ZONE))
    row = measure_row("x", [contrast(1, half, half)])
    assert row.matched_share == 0.5
    text = checks(row)
    assert plain(text[-1]) == "Only 50 % of needs exist in both worlds: these shares only describe."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Fewer arrests of sellers in the whole city: -25 % (-30 to -20), 1 500 a day instead of 2 000."),
        ({"verdict": "more", "percent": 0.04, "percent_low": 0.02, "percent_high": 9.96},
         "More arrests of sellers in the whole city: ±0 % (±0 to +10), 1 500 a day instead of 2 000."),
        ({"of_interest": False}, "Fewer arrests of sellers in the whole city: -25 % (-30 to -20), 1 500 a day "
         "instead of 2 000: less than the 5 % that are of interest."),
        ({"outcome": "price_heroin_sek", "unit": "SEK/g", "where": "city"},
         "Lower median price of heroin (SEK/g) in the whole city: -25 % (-30 to -20), 1 500 instead of 2 000."),
        ({"percent": None, "where": "within 100 m", "outcome": "open_deals"},
         "Fewer open deals within 100 m of them: -500 (-600 to -400), 1 500 a day instead of 2 000."),
        ({"where": "100-250 m"},
         "Fewer arrests of sellers at 100-250 m: -25 % (-30 to -20), 1 500 a day instead of 2 000."),
    ],
)  # fmt: skip
def test_sentences(changes, sentence):
    row = {
        "outcome": "arrests", "where": "city", "unit": "arrests/day", "verdict": "fewer",
        "base": 2000.0, "other": 1500.0, "difference": -500.0, "low": -600.0, "high": -400.0,
        "percent": -25.0, "percent_low": -30.0, "percent_high": -20.0, "of_interest": True,
    }  # fmt: skip
    assert plain(difference(unknown(DifferenceRow, **row | changes), 0.05)) == sentence


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (None, None, "\u22120.4 (interval not known)"),
        (-1.0, -0.1, "\u22120.4 (\u22121 to \u22120.1): displacement nearby"),
        (-3.0, -1.1, "\u22120.4 (\u22123 to \u22121.1): more displaced nearby than removed"),
        (-1.0, 0.2, "\u22120.4 (\u22121 to 0.2): no clear displacement or diffusion nearby"),
        (0.1, 0.2, "\u22120.4 (0.1 to 0.2): diffusion of benefits nearby"),
    ],
)
def test_reading_of_the_quotient(low, high, words):
    assert quotient(unknown(MeasureRow, wdq=-0.4, wdq_low=low, wdq_high=high)) == words


@pytest.mark.parametrize(
    ("number", "text"),
    [(9.94, "+9.94"), (9.996, "+10"), (-0.04, "\u22120.04"), (-0.0, "±0"), (-12345.6, "\u221212\u202f346"), (100.0, "+100")],
)
def test_signed_numbers(number, text):
    assert signed(number) == text


def test_the_reach_ends_at_the_first_ring_that_did_not_change():
    def pair(s):
        # targets fall; up to 100 m falls; 100-250 m unclear; 250-500 m falls; the rest stays
        return rings(100, 50 + s, 40, 60, 500), rings(60 + (s % 2), 30 + s, 40 + (-1) ** s, 20 + s / 9, 500)

    row = measure_row("x", [contrast(s, flows(), flows(), pair(s)) for s in range(6)])
    assert row.reach_m == 100.0
    assert row.wdq_to_100_m > 0
    still = [contrast(s, flows(), flows(), (pair(s)[0], pair(s)[0])) for s in range(6)]
    assert measure_row("x", still).reach_m == 0.0
    assert measure_row("x", still).wdq_to_100_m is None
    assert measure_row("x", [contrast(1, flows(), flows())]).reach_m is None


def test_an_instrument_that_contradicts_the_truth_is_named():
    def row(source, ratio, low, high):
        return unknown(
            SourceRow, source=source, rirr=ratio, rirr_low=low, rirr_high=high, target_base=10.0, target_other=5.0
        )

    rows = [row("open_deals", 0.5, 0.4, 0.6), row("recorded_offences", 1.5, 1.2, 2.0), row("tips", 0.5, 0.1, 2.0),
            row("recorded_sale", 0.5, 0.4, 0.6)]  # fmt: skip
    text = sources(rows)
    assert text[-2:] == [
        "Recorded offences would show more deals where there were fewer.",
        "Tips would show no clear change where there were fewer.",
    ]
    assert "not to be read" in text[1]


def test_shifts_are_told_beside_luck():
    row = {"hours_moved": 2.04, "hours_moved_placebo": 0.1, "moved_share": 0.2, "moved_share_placebo": 0.01,
           "open_share_base": 0.2, "open_share_other": 0.1, "recorded_away_base": 0.3,
           "recorded_away_other": 0.4}  # fmt: skip
    truth = {"h20_change": -0.5, "h20_benefit": 0.2, "h15_change": -0.4, "h15_benefit": 0.1}
    assert [plain(text) for text in shifts(unknown(ShiftRow, **row), unknown(SourceRow, **truth))] == [
        "Time of the week: moved at least 20 % of the deals left at the treated places, 2.04 h on average "
        "(after the placebo visit: 1 %, 0.1 h).",
        "Method: 10 % of purchases in the open instead of 20 %; of recorded offences, 40 % away from scenes instead of "
        "30 %.",
        "Spread: nuisance that grows with the square of the deals at a place changed by -50 %, -20 % at an unchanged "
        "number of deals (power 1.5: -40 % and -10 %).",
    ]
    assert shifts(unknown(ShiftRow), None) == []
