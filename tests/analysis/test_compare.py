"""Comparisons of hand-made runs: the numbers, the words, what is written, what is refused."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from analysis.worlds import DAYS, START, run, scenario, spec
from odssim.analysis import compare as module
from odssim.analysis.compare import compare, distinct
from odssim.analysis.contrast import window_of, worked_at
from odssim.analysis.placebo import placebo_scenario
from odssim.errors import ScenarioError

BASE = scenario("Base")
PATROL = scenario("Patrol", spec("patrol", 5, 10, ("Square",)))
BORDER = scenario("Border", spec("border", 0, 20, ()))
TEXT = """\
Patrol, against Base: 3 paired runs, 2018-01-06 to 2018-01-15 (10 days)
Fewer open deals at the treated places: -70 % (-113 to -27), 3 a day instead of 10.
More open deals within 100 m of them: +117 % (+45 to +188), 4.33 a day instead of 2.
Fewer open deals in the whole city: -19 % (-31 to -7.5), 19.3 a day instead of 24.
More hidden deals in the whole city: +7.8 % (+3.0 to +13), 32.3 a day instead of 30.
Fewer purchases of all kinds in the whole city: -4.3 % (-7.0 to -1.7), 51.7 a day instead of 54.
Exactly the same in both worlds: open deals at 250-500 m, open deals in the rest of the city.
Followed need by need: of 100 open deals at the treated places 70 did not happen as before; 0 also after \
one extra visit at Station (the noise floor).
Removed beyond the noise floor, per 100: +70 (+27 to +113).
Deals there that the base has elsewhere or not at all, beyond the noise floor: 0.
Of these: 33 % (33 to 33) did not take place, 33 % (33 to 33) went to phone and delivery, \
33 % (33 to 33) moved nearby (within 500 m), 0 % (0 to 0) moved further away, \
0 % (0 to 0) took place at another time, 0 % (0 to 0) were of another drug, 0 % (0 to 0) ended otherwise.
Displaced in all: 67 % (67 to 67) of what was removed.
Seeds in which the placebo's visit met nobody: 3.
Counts alone: displacement quotient -0.33 (-0.70 to -0.10): displacement nearby."""


@pytest.fixture
def calls(monkeypatch):
    """Replace the engine by hand-made runs in which 6, 6 and 9 deals a day leave; list what was run."""
    made = []

    def run_pair(base, alternatives, seed, *, ledger=True):
        assert ledger
        made.append((seed, [one.name for one in alternatives]))
        return [run(one, seed, moved_per_day=9 if seed == 3 else 6) for one in (base, *alternatives)]

    monkeypatch.setattr(module, "run_pair", run_pair)
    return made


def row_of(comparison, outcome, where):
    (row,) = [r for r in comparison.rows() if (r["outcome"], r["where"]) == (outcome, where)]
    return row


def test_the_whole_report_in_words(calls):
    text = compare(BASE, [PATROL], seeds=3).text()
    assert [line for line in text if not line.startswith("Pairing")] == TEXT.split("\n")


def test_numbers_at_the_treated_place(calls):
    row = row_of(compare(BASE, [PATROL], seeds=3), "open_deals", "treated places")
    assert (row["base"], row["other"], row["difference"]) == (10.0, 3.0, -7.0)
    assert row["low"] == pytest.approx(-7 - 4.302652729696, rel=1e-9)
    assert row["percent_high"] == pytest.approx(-70 + 43.02652729696, rel=1e-9)
    assert (row["verdict"], row["unit"], row["n_seeds"]) == ("fewer", "deals/day", 3)
    assert (row["first_day"], row["last_day"]) == ("2018-01-06", "2018-01-15")


def test_pairing_is_worth_something_where_seeds_differ(calls):
    row = row_of(compare(BASE, [PATROL], seeds=3), "open_deals", "city")
    # base 23, 24, 25; other 19, 20, 19: variances 1 and 1/3; differences -4, -4, -6: variance 4/3
    assert row["variance_ratio"] == pytest.approx(1.0)


def test_only_days_of_the_intervention_count(calls):
    late = scenario("Late", spec("patrol", DAYS - 2, 10, ("Square",)))
    row = row_of(compare(BASE, [late], seeds=2), "open_deals", "treated places")
    assert (row["first_day"], row["last_day"], row["difference"]) == ("2018-01-19", "2018-01-20", -6.0)


def test_placebo_is_one_visit_at_the_busiest_place_far_from_every_target(calls):
    comparison = compare(BASE, [PATROL], seeds=2)
    assert comparison.placebo_place == "Station"
    assert calls == [(1, ["Patrol"]), (1, ["Base, placebo"]), (2, ["Patrol", "Base, placebo"])]
    visit = placebo_scenario(BASE, "Station", window_of(BASE, PATROL)).interventions[0]
    assert (visit.places.names, visit.start, visit.end) == (
        ("Station",), date(2018, 1, 6), date(2018, 1, 7),
    )  # fmt: skip
    assert visit.options["visits_per_day"] == 1
    assert visit.options["minutes"] == (240, 240)


def test_placebo_changes_hash_and_evades_a_taken_id():
    taken = scenario("Base", spec("placebo", 0, 5, ("Park",)))
    other = placebo_scenario(taken, "Station", window_of(taken, taken))
    assert [one.id for one in other.interventions] == ["placebo", "placebo_"]
    assert other.content_hash != taken.content_hash
    assert len(other.content_hash) == 32


def test_no_unrelated_place_means_no_placebo_and_nothing_net(calls):
    everywhere = scenario("All", spec("patrol", 5, 10, ("Square", "Station", "Park")))
    comparison = compare(BASE, [everywhere], seeds=2)
    assert comparison.placebo_place is None
    assert all(row["net_per_100"] is None for row in comparison.displacement_rows())
    assert "noise included" in "\n".join(comparison.text())


def test_without_places_there_is_no_ring_no_ledger_and_no_placebo(calls):
    comparison = compare(BASE, [BORDER], seeds=2)
    assert {row["where"] for row in comparison.rows()} == {"city"}
    assert comparison.displacement_rows() == []
    assert calls == [(1, ["Border"]), (2, ["Border"])]
    assert comparison.text()[-1] == "Works at no particular places: nothing to follow there."


def test_nothing_removed_is_not_split(calls):
    idle = scenario("Idle", spec("placebo", 5, 10, ("Square",)))
    comparison = compare(BASE, [idle], seeds=2)
    rows = {row["fate"]: row for row in comparison.displacement_rows()}
    assert (rows["removed"]["net_per_100"], rows["near"]["share_of_removed"]) == (0.0, None)
    assert "no displacement split" in "\n".join(comparison.text())
    assert "displacement quotient not read" in comparison.text()[-1]


def test_one_run_has_no_interval_and_says_so(calls):
    comparison = compare(BASE, [PATROL], seeds=1)
    row = row_of(comparison, "open_deals", "treated places")
    assert (row["difference"], row["low"], row["verdict"]) == (-6.0, None, "one run: no interval")
    text = comparison.text()
    assert text[0].endswith("one run, 2018-01-06 to 2018-01-15 (10 days)")
    assert text[1] == (
        "Open deals at the treated places: -60 %, 4 a day instead of 10 (one run: no interval)."
    )
    assert "Displaced in all: 67 % of what was removed." in text


def test_alternatives_keep_their_own_windows_and_rows(calls):
    comparison = compare(BASE, [PATROL, BORDER], seeds=2)
    assert [one.window.days for one in comparison.alternatives] == [10, 20]
    assert {row["alternative"] for row in comparison.displacement_rows()} == {"Patrol"}
    assert len(comparison.measure_rows()) == 2
    assert comparison.text().count("") == 1


def test_an_outcome_without_values_is_null_not_nan(calls):
    row = row_of(compare(BASE, [PATROL], seeds=2), "price_median_sek", "city")
    assert (row["base"], row["difference"], row["verdict"], row["unit"]) == (None, None, "no data", "SEK/g")


def test_workers_change_nothing(calls):
    with ThreadPoolExecutor(2) as pool:
        spread = compare(BASE, [PATROL], seeds=4, executor=pool)
    assert spread.record() == compare(BASE, [PATROL], seeds=4).record()


def test_progress_counts_seeds(calls):
    seen = []
    compare(BASE, [PATROL], seeds=3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_what_is_written(calls, tmp_path):
    comparison = compare(BASE, [PATROL], seeds=3)
    comparison.write(tmp_path / "out")
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "comparison.json", "differences.csv", "displacement.csv",
    ]  # fmt: skip
    record = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert record["differences"] == comparison.rows()
    assert (record["seeds"], record["placebo_place"]) == ([1, 2, 3], "Station")
    assert record["measures"][0]["wdq"] == pytest.approx(-1 / 3, rel=1e-9)
    lines = (tmp_path / "out" / "displacement.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("alternative,fate,per_100,placebo_per_100,net_per_100")
    assert len(lines) == 1 + len(comparison.displacement_rows())


def test_a_table_without_rows_is_an_empty_file(calls, tmp_path):
    compare(BASE, [BORDER], seeds=1).write(tmp_path / "out")
    assert (tmp_path / "out" / "displacement.csv").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [("city", "stockholm-city"), ("days", 21), ("burn_in_days", 6), ("start_date", date(2019, 1, 1))],
)
def test_other_needs_cannot_be_compared(calls, key, value):
    with pytest.raises(ScenarioError, match=f"{key} = .*must be as in the base"):
        compare(BASE, [replace(PATROL, **{key: value})], seeds=2)
    assert calls == []


def test_equal_names_are_told_apart():
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]


@pytest.mark.parametrize(
    ("base", "other", "days"),
    [
        (BASE, PATROL, (5, 15)),
        (PATROL, BASE, (5, 15)),
        (PATROL, PATROL, (0, DAYS)),
        (BASE, replace(PATROL, parameters={"choice.loyalty": 0.5}), (0, DAYS)),
        (
            PATROL,
            replace(PATROL, interventions=(*PATROL.interventions, spec("x", 12, 99, ("Park",)))),
            (12, DAYS),
        ),
    ],
)
def test_window_is_where_the_scenarios_differ(base, other, days):
    window = window_of(base, other)
    assert (window.start_date, window.first, window.end) == (START, *days)


@pytest.mark.parametrize(
    ("base", "other", "places"),
    [
        ((), ("Square",), {0}),
        (("Square",), ("Square", "Park"), {4}),
        (("Square",), ("Square",), {0}),
        (("Square", "Park"), ("Square",), {0, 4}),
        ((), (), set()),
    ],
)
def test_places_worked_at_are_those_the_alternative_adds(base, other, places):
    runs = [run(scenario("x", *([spec("p", 0, 5, names)] if names else [])), 1) for names in (base, other)]
    assert worked_at(*runs) == places
