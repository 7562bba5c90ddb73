"""Comparisons of hand-made runs: the numbers, the words, what is written, what is refused."""

import inspect
import json
import math
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest
from pydantic import TypeAdapter

from analysis.worlds import DAYS, START, place_counts, run, scenario, spec
from odssim.analysis.comparison import contrast
from odssim.analysis.comparison import run_pairs as module
from odssim.analysis.comparison import tables as module_of_tables
from odssim.analysis.comparison.contrast import SeedContrast, Window, target_profile, window_of, worked_at
from odssim.analysis.comparison.placebo import placebo_scenario
from odssim.analysis.comparison.run_pairs import compare, distinct
from odssim.analysis.comparison.source_rows import recorded_away
from odssim.analysis.comparison.tables import Settings, Tables
from odssim.analysis.decision.precision import parse_precision
from odssim.analysis.displacement.seen import AreaCounts
from odssim.core.csv_json import json_text, jsonable
from odssim.core.result import write_result
from odssim.engine.comparable import MAY_DIFFER, first_difference
from odssim.errors import ScenarioError
from odssim.language.layout import folded
from odssim.scenario.records import Scenario
from report.make import plain

BASE = scenario("Base")
PATROL = scenario("Patrol", spec("patrol", 5, 10, ("Square",)))
BORDER = scenario("Border", spec("border", 0, 20, ()))
TEXT = """\
Patrol, against Base: 3 paired runs, 2018-01-06 to 2018-01-15 (10 days)
Net change: open deals at the treated places -70 % (-86 to -34); open deals at other places +17 % (+6.1 to \
+28); by phone and delivery +7.8 % (+2.9 to +13); purchases of all kinds -4.3 % (-6.9 to -1.7).
Followed need by need: of 100 open deals at the treated places 30 stayed as they were and 70 did not happen \
as before; 0 also after one extra visit at Station (the noise floor).

per 100 open deals there in the base  with the mix  noise floor  beyond it (95 % interval)
stayed as they were                             30          100  -70 (-100 to -27)
did not take place                            23.3            0  +23.3 (+8.99 to +37.7)
went to phone and delivery                    23.3            0  +23.3 (+8.99 to +37.7)
moved nearby (within 500 m)                   23.3            0  +23.3 (+8.99 to +37.7)

Displaced in all: 67 % (52 to 81) of what was removed.
That deals move need not undo the gain: fewer at each place, or out of sight, may be what is wanted.
Fewer open deals at the treated places: -70 % (-86 to -34), 3 a day instead of 10.
More open deals within 100 m of them: +117 % (+33 to +253), 4.33 a day instead of 2.
More open deals at other places: +17 % (+6.1 to +28), 16.3 a day instead of 14.
Fewer open deals in the whole city: -19 % (-29 to -8), 19.3 a day instead of 24.
More hidden deals in the whole city: +7.8 % (+2.9 to +13), 32.3 a day instead of 30.
Fewer purchases of all kinds in the whole city: -4.3 % (-6.9 to -1.7), 51.7 a day instead of 54.
Higher cost, all payers (SEK) in the whole city: +500 in every run, 500 a day instead of 0.
Exactly the same in both worlds: deals, 250-500 m; deals, rest of the city.
Pairing by seed: of open deals in the whole city, one pair tells as much as 1 unpaired run.

mean per day             base   mix  change (95 % interval)  pairing  verdict
deals, treated places      10     3      -70 % (-86 to -34)        1  fewer
deals, within 100 m         2  4.33    +117 % (+33 to +253)        1  more
deals, 250-500 m            3     3                    ±0 %           the same
deals, rest of the city     9     9                    ±0 %           the same
deals, other places        14  16.3     +17 % (+6.1 to +28)       10  more
open deals                 24  19.3       -19 % (-29 to -8)        1  fewer
hidden deals               30  32.3    +7.8 % (+2.9 to +13)        1  more
purchases of all kinds     54  51.7   -4.3 % (-6.9 to -1.7)        4  fewer

cost of the interventions, SEK a day  base  mix  difference (95 % interval)
police                                   0  500  +500 in every run
all payers                               0  500  +500 in every run

Same pair: 100 % of the displaced deals were made with the same seller.
Seeds in which the placebo's visit met nobody: 3.
Counts alone: displacement quotient -0.33 (interval not known).
Reach: open deals changed out to 100 m from the treated places.
Time of the week: moved at least 0 % of the deals left at the treated places, 0 h on average (after the \
placebo visit: 0 %, 0 h).
Method: 37 % of purchases in the open instead of 44 %.
Spread: nuisance that grows with the square of the deals at a place changed by -41 %, -9.7 % at an unchanged \
number of deals (power 1.5: -31 % and -4.7 %).

at treated places   base  mix   rate ratio (95 %)      WDD (SE)  displacement quotient
open deals (truth)   100   30   0.3 (0.18 to 0.5)  -46.7 (20.3)  -0.33 (not known)
recorded offences     10   15  1.5 (0.44 to 5.09)   +7.33 (7.3)  not to be read
Counts of one run of these days, as a city has one history; errors and intervals of rate ratio and WDD allow \
for months that differ more than by chance alone; WDD is against matched control places.
No displacement measure from these, which do not count by place: the survey asks residents within 500 m, who \
live at the targets and in the buffer at once, for a share; the price reports give one level for the city; \
the raters say yes or no to a place.
Recorded offences would show no clear change where there were fewer.

Extra cost: 107 SEK per open deal averted (66.4 to 278); 214 SEK per deal averted, open or hidden (133 to 556).

Ranking of 2 mixes by open deals, fewest is best; 3 paired runs, 2018-01-06 to 2018-01-15
mean per day  open deals  cost (SEK)  chance best  expected loss  best in
Patrol              19.3         500         99 %           0.05  3 of 3
Base                  24           0          1 %            4.7  0 of 3
Best is Patrol, with a chance of 99 % to be best (posterior t over the paired runs); choosing it loses 0.05 \
deals a day on average against the best.
Patrol, against the base: costs more and does more: 107 SEK (66.4 to 278) per open deal averted.
Best buy by SEK per open deal averted: Base up to about 110 (chance 99 % at 50); Patrol from about 110 on \
(chance 97 % at 300).
Pareto front over open deals, cost, displaced deals and harm: no mix is worse than another on every count."""


@pytest.fixture
def calls(monkeypatch):
    """Replace the engine by hand-made runs in which 6, 6 and 9 deals a day leave; list what was run."""
    made = []

    def run_pair(base, alternatives, seed, *, ledger=True):
        assert ledger
        made.append((seed, [one.name for one in alternatives]))
        return [run(one, seed, moved_per_day=9 if seed == 3 else 6) for one in (base, *alternatives)]

    monkeypatch.setattr(module, "run_pair", run_pair)
    monkeypatch.setattr(contrast, "place_counts", place_counts)
    monkeypatch.setattr(contrast, "indicator_counts", lambda result, end: np.arange(12.0) + len(result.targets))
    return made


def row_of(comparison, outcome, where):
    (row,) = [r for r in comparison.tables.differences if (r.outcome, r.where) == (outcome, where)]
    return row


def test_the_whole_report_in_words(calls):
    assert [plain(line) for line in compare(BASE, [PATROL], seeds=3).text()] == TEXT.split("\n")


def test_numbers_at_the_treated_place(calls):
    row = row_of(compare(BASE, [PATROL], seeds=3), "open_deals", "treated places")
    assert (row.base, row.other, row.difference) == (10.0, 3.0, -7.0)
    assert row.low == pytest.approx(-7 - 4.302652729696, rel=1e-9)
    # the reach over the geometric mean of 10 and 3, on the scale of the logarithm
    assert row.percent_high == pytest.approx(100 * (0.3 * math.exp(4.302652729696 / 30**0.5) - 1), rel=1e-9)
    assert -100 < row.percent_low < -70
    assert (row.verdict, row.unit, row.n_seeds) == ("fewer", "deals/day", 3)
    assert (row.first_day, row.last_day) == (date(2018, 1, 6), date(2018, 1, 15))


def test_pairing_is_worth_something_where_seeds_differ(calls):
    row = row_of(compare(BASE, [PATROL], seeds=3), "open_deals", "city")
    # base 23, 24, 25; other 19, 20, 19: variances 1 and 1/3; differences -4, -4, -6: variance 4/3
    assert row.variance_ratio == pytest.approx(1.0)


def test_only_days_of_the_intervention_count(calls):
    late = scenario("Late", spec("patrol", DAYS - 2, 10, ("Square",)))
    row = row_of(compare(BASE, [late], seeds=2), "open_deals", "treated places")
    assert (row.first_day, row.last_day, row.difference) == (date(2018, 1, 19), date(2018, 1, 20), -6.0)


def test_placebo_is_one_visit_at_the_busiest_place_far_from_every_target(calls):
    comparison = compare(BASE, [PATROL], seeds=2)
    assert comparison.placebo_place == "Station"
    assert calls == [(1, ["Patrol"]), (1, ["Base, placebo"]), (2, ["Patrol", "Base, placebo"])]
    visit = placebo_scenario(BASE, "Station", window_of(BASE, PATROL)).interventions[0]
    assert (visit.places.names, visit.start, visit.end) == (("Station",), date(2018, 1, 6), date(2018, 1, 7))
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
    assert all(row.net_per_100 is None for row in comparison.tables.displacement)
    assert "noise included" in "\n".join(comparison.text())


def test_without_places_there_is_no_ring_no_ledger_and_no_placebo(calls):
    comparison = compare(BASE, [BORDER], seeds=2)
    assert {row.where for row in comparison.tables.differences} == {"city"}
    assert comparison.tables.displacement == ()
    assert calls == [(1, ["Border"]), (2, ["Border"])]
    assert "Works at no particular places: nothing to follow there." in comparison.text()
    assert "displaced" not in comparison.decision.criteria


def test_nothing_removed_is_not_split(calls):
    idle = scenario("Idle", spec("placebo", 5, 10, ("Square",)))
    comparison = compare(BASE, [idle], seeds=2)
    rows = {row.fate: row for row in comparison.tables.displacement}
    assert (rows["removed"].net_per_100, rows["near"].share_of_removed) == (0.0, None)
    assert "no displacement split" in "\n".join(comparison.text())
    assert "displacement quotient not read" in "\n".join(comparison.text())


def test_one_run_has_no_interval_and_says_so(calls):
    comparison = compare(BASE, [PATROL], seeds=1)
    row = row_of(comparison, "open_deals", "treated places")
    assert (row.difference, row.low, row.verdict) == (-6.0, None, "one run: no interval")
    text = comparison.text()
    assert text[0].endswith("one run, 2018-01-06 to 2018-01-15 (10 days)")
    assert plain(text[1]).startswith("Net change: open deals at the treated places -60 %; open deals at other places +15 %;")
    assert text[1].endswith("(one pair of runs: interval not known).")
    told = [plain(line) for line in text]
    assert "Open deals at the treated places: -60 %, 4 a day instead of 10 (one run: no interval)." in told
    assert "Displaced in all: 67 % (interval not known) of what was removed." in told


@pytest.mark.parametrize("seeds", [2, 7])
def test_the_same_difference_in_two_runs_is_no_proof(calls, monkeypatch, seeds):
    monkeypatch.setattr(
        module, "run_pair", lambda base, others, seed, **_: [run(one, seed, moved_per_day=6) for one in (base, *others)]
    )
    comparison = compare(BASE, [PATROL], seeds=seeds)
    row = row_of(comparison, "open_deals", "treated places")
    known = seeds >= 6  # 60 events fewer in each run: the sign test, and the law of counting
    assert (row.verdict, row.low is not None) == ("fewer" if known else "not enough runs to say", known)
    assert (comparison.decision.ranking.verdict, comparison.decision.acceptable) == ("not enough runs to say", None)
    cost = row_of(comparison, "cost_sek", "city")
    assert (cost.difference, cost.low, cost.high, cost.verdict) == (500, 500, 500, "more")


def test_alternatives_keep_their_own_windows_and_rows(calls):
    comparison = compare(BASE, [PATROL, BORDER], seeds=2)
    assert [one.window.days for one in comparison.alternatives] == [10, 20]
    assert {row.alternative for row in comparison.tables.displacement} == {"Patrol"}
    assert len(comparison.tables.measures) == 2
    assert sum(line.startswith(("Patrol, against Base: 2", "Border, against Base: 2")) for line in comparison.text()) == 2


def test_an_outcome_without_values_is_null_not_nan(calls):
    row = row_of(compare(BASE, [PATROL], seeds=2), "price_heroin_sek", "city")
    assert (row.base, row.difference, row.verdict, row.unit) == (None, None, "no data", "SEK/g")


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
    write_result(comparison, tmp_path / "out")
    assert sorted(file.name for file in (tmp_path / "out").glob("[!.]*")) == [
        "comparison.json", "differences.csv", "displacement.csv", "indicators.csv", "places.parquet", "ranking.csv",
        "sources.csv",
    ]  # fmt: skip
    record = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert record["differences"] == jsonable(comparison.tables.differences)
    assert (record["seeds"], record["placebo_place"]) == ([1, 2, 3], "Station")
    assert record["measures"][0]["wdq"] == pytest.approx(-1 / 3, rel=1e-9)
    lines = (tmp_path / "out" / "displacement.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("alternative,fate,per_100,placebo_per_100,net_per_100")
    assert len(lines) == 1 + len(comparison.tables.displacement)


def test_the_tables_come_back_as_the_same_classes(calls):
    tables = compare(BASE, [PATROL, BORDER], seeds=3).tables
    assert all(getattr(tables, table.name) for table in fields(Tables) if table.name not in HERE_WITHOUT_ROWS)
    assert TypeAdapter(Tables).validate_python(json.loads(json_text(tables))) == tables


HERE_WITHOUT_ROWS = ("works_nowhere", "cut_by_budget", "precision")


def test_telling_and_writing_compute_nothing(calls, tmp_path, monkeypatch):
    """Every function of statistics, displacement and decision that works something out is gone once the result is made."""
    comparison = compare(BASE, [PATROL, BORDER], seeds=3)
    before = comparison.text()
    for name, part in list(sys.modules.items()):
        if name.startswith("odssim."):
            for key, value in list(vars(part).items()):
                if inspect.isfunction(value) and value.__module__.startswith(WORK_OUT) and key not in NAMES_ONLY:
                    monkeypatch.setattr(part, key, gone)
    with pytest.raises(AssertionError, match="worked out again"):
        module_of_tables.difference_rows("Patrol", (), None)
    assert comparison.text() == before
    write_result(comparison, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))["text"] == before


WORK_OUT = (
    "odssim.analysis.statistics", "odssim.analysis.displacement", "odssim.analysis.decision.ranking",
    "odssim.analysis.decision.cost_effect", "odssim.analysis.decision.choose", "odssim.analysis.comparison.contrast",
    "odssim.analysis.comparison.difference_rows", "odssim.analysis.comparison.source_rows",
    "odssim.analysis.comparison.ring_rows", "odssim.analysis.comparison.indicator_rows",
    "odssim.analysis.comparison.averted_rows", "odssim.analysis.comparison.idle_rows",
)  # fmt: skip
NAMES_ONLY = ("_increment_row", "with_short_names", "short_names", "averted_text", "shared_window")


def gone(*_, **__):
    raise AssertionError("worked out again")


def test_a_table_without_rows_is_an_empty_file(calls, tmp_path):
    write_result(compare(BASE, [BORDER], seeds=1), tmp_path / "out")
    assert (tmp_path / "out" / "displacement.csv").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [("city", "stockholm-city"), ("days", 21), ("burn_in_days", 6), ("start_date", date(2019, 1, 1)),
     ("population_multiplier", 2.0), ("substances", ("heroin",)), ("known_activity", "known.csv")],
)  # fmt: skip
def test_other_needs_cannot_be_compared(calls, key, value):
    with pytest.raises(ScenarioError, match=f"{key} = .*must be as in the base"):
        compare(BASE, [replace(PATROL, **{key: value})], seeds=2)
    assert calls == []


def test_every_field_of_a_scenario_is_held_against_the_base():
    """A new field is compared too: nothing has to be added to a list."""
    for field in fields(Scenario):
        changed = replace(BASE, **{field.name: "other"})
        expected = None if field.name in MAY_DIFFER else field.name
        assert first_difference(BASE, changed) == expected, field.name


def test_own_files_count_by_what_they_hold(tmp_path):
    one, same, other = (tmp_path / f"{name}.csv" for name in "abc")
    for file, text in ((one, "place\nA\nB\n"), (same, "place\nB\nA\n"), (other, "place\nA\n")):
        file.write_text(text, encoding="utf-8")
    known = [replace(BASE, known_activity=str(file)) for file in (one, same, other)]
    assert first_difference(known[0], known[1]) is None
    assert first_difference(known[0], known[2]) == "known_activity"


def test_parameters_that_differ_are_said_in_every_table(calls, tmp_path):
    base = replace(BASE, parameters={"a.b": 0.5, "c.d": 1.0})
    sides = [replace(PATROL, parameters={"a.b": 0.25, "c.d": 1.0}), replace(BORDER, parameters=base.parameters)]
    comparison = compare(base, sides, seeds=3)
    write_result(comparison, tmp_path / "out")
    line = (
        "Parameters differ too, so no difference is that of the interventions alone: "
        "a.b 0.5 (Base), 0.25 (Patrol), 0.5 (Border)."
    )
    assert comparison.text().count(line) == 3  # each alternative, and the ranking
    record = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    tables = [record[name] for name in ("differences", "displacement", "measures", "sources", "shifts", "indicators")]
    tables += [record["decision"][name] for name in ("ranking", "cost_effect", "pareto")]
    own = {"Base": 0.5, "Patrol": 0.25, "Border": 0.5}
    for rows in tables:
        assert rows
        assert all(row["p.a.b"] == own[row.get("alternative") or row["mix"]] for row in rows)
        assert all(row["base.p.a.b"] == 0.5 for row in rows if "alternative" in row)
    for file in (tmp_path / "out").glob("*.csv"):
        assert ",p.a.b" in file.read_text(encoding="utf-8").splitlines()[0]
    told = json.loads(pq.read_schema(tmp_path / "out" / "places.parquet").metadata[b"parameters_apart"])
    assert told["Patrol"] == {"p.a.b": 0.25}
    assert "parameters_apart" not in str(compare(BASE, [PATROL], seeds=3).tables.differences)


def test_equal_names_are_told_apart():
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]


@pytest.mark.parametrize(
    ("base", "other", "days"),
    [
        (BASE, PATROL, (5, 15)),
        (PATROL, BASE, (5, 15)),
        (PATROL, PATROL, (0, DAYS)),
        (BASE, replace(PATROL, parameters={"choice.loyalty": 0.5}), (0, DAYS)),
        (PATROL, replace(PATROL, interventions=(*PATROL.interventions, spec("x", 12, 99, ("Park",)))), (12, DAYS)),
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


def test_mixes_are_ranked_over_the_days_that_any_of_them_works(calls):
    comparison = compare(BASE, [PATROL, BORDER], seeds=3)
    assert (comparison.window.first, comparison.window.end) == (0, 20)
    ranking = {one.mix: one for one in comparison.decision.ranking.standings}
    # patrol takes 4, 4 and 6 deals a day off the whole city on 10 of the 20 days
    assert ranking["Base"].outcome - ranking["Patrol"].outcome == pytest.approx(14 / 3 / 2)
    assert ranking["Border"].outcome == ranking["Base"].outcome


def test_displaced_deals_are_those_beyond_the_placebo(calls):
    displaced = compare(BASE, [PATROL], seeds=3).decision.evidence.values["displaced"]
    # of 6, 6 and 9 deals a day that leave, two thirds are moved or hidden
    assert displaced.tolist() == [[0, 4], [0, 4], [0, 6]]


def test_what_police_record_is_set_beside_the_truth(calls):
    rows = {row.source: row for row in compare(BASE, [PATROL], seeds=3).tables.sources}
    truth, seen = rows["open_deals"], rows["recorded_offences"]
    assert [getattr(truth, f"{area}_{world}") for area in ("target", "buffer") for world in ("base", "other")] == [
        100, 30, 50, pytest.approx(220 / 3)
    ]  # fmt: skip
    # the control is the busiest of the places a kilometre away: the station, untouched
    assert (truth.control_base, truth.control_other) == (80, 80)
    assert truth.wdd == pytest.approx((30 - 100) + (220 / 3 - 50))
    assert truth.rirr == pytest.approx(0.3)
    assert seen.rirr == pytest.approx(1.5)  # a tenth of 100 before, half of 30 after
    assert not seen.wdq_readable
    assert seen.wdq is None


def test_costs_by_payer_are_printed(calls):
    text = compare(BASE, [PATROL], seeds=2).text()
    assert any(line.split()[:3] == ["police", "0", "500"] for line in text)


def test_no_printed_line_is_longer_than_a_hundred_columns(calls):
    long = replace(PATROL, name="A mix with a very long name indeed, of the sort that people write " * 2)
    lines = folded(compare(BASE, [PATROL, long, BORDER], seeds=3).text())
    assert max(len(line) for line in lines) <= 100


def test_runs_go_on_until_the_precision_is_reached(calls):
    rules = Settings(precision=(parse_precision("open_deals:6"),))
    comparison = compare(BASE, [PATROL], seeds=5, max_seeds=12, settings=rules)
    widths = [
        compare(BASE, [PATROL], seeds=n, max_seeds=n, settings=rules).tables.precision[0].reached for n in range(5, 13)
    ]
    first = next(n for n, width in enumerate(widths, start=5) if width <= 6)
    assert len(comparison.seeds) == first < 12
    assert any(line.startswith(f"Stopped after {first} paired runs") for line in comparison.text())
    assert comparison.record()["interval"] == "confidence sequence"
    with ThreadPoolExecutor(2) as pool:
        spread = compare(BASE, [PATROL], seeds=5, max_seeds=12, settings=rules, executor=pool)
    assert spread.record() == comparison.record()


def test_runs_end_at_the_limit_and_say_that_it_was_not_enough(calls):
    rules = Settings(precision=(parse_precision("open_deals:0.001%"),))
    comparison = compare(BASE, [PATROL], seeds=3, max_seeds=7, settings=rules)
    assert len(comparison.seeds) == 7
    assert not comparison.tables.precision[0].met
    text = "\n".join(comparison.text())
    assert "Stopped at the 7 paired runs allowed" in text
    assert "Not enough runs to say: the difference in open deals of Patrol is known to within" in text


def test_no_dose_is_exactly_no_difference(calls):
    idle = scenario("Idle", spec("placebo", 5, 10, ("Square",)))
    comparison = compare(BASE, [idle], seeds=4)
    rows = [row for row in comparison.tables.differences if row.difference is not None and "cost" not in row.outcome]
    assert {(row.difference, row.low, row.high, row.verdict) for row in rows} == {(0.0, None, None, "the same in every run")}
    assert [one.chance_best for one in comparison.decision.ranking.standings] == [0.5, 0.5]
    assert comparison.decision.ranking.verdict == "as good as the best"


def test_pictures_are_drawn_beside_the_tables(calls, tmp_path):
    found = compare(BASE, [PATROL], seeds=2)
    write_result(found, tmp_path / "out", {"plane.png": lambda path: path.write_bytes(b"x")})
    assert (tmp_path / "out" / "plane.png").exists()


def test_hours_of_the_week_are_those_of_the_calendar():
    base = run(BASE, 1)
    saturday = Window(START, 5, 6)
    profile = target_profile(base, frozenset({0}), saturday)
    assert {hour: n for hour, n in enumerate(profile) if n} == {5 * 24 + 10: 10.0}


def test_records_away_from_scenes_are_what_places_do_not_have():
    counts = AreaCounts(np.full((2, 5), 1.0), np.full((2, 5), 2.0), (1.0, 1.0), (1.0, 1.0))
    daily = {"recorded_sale": 1.0, "recorded_possession": 2.0, "recorded_use": 2.0}
    one = SeedContrast(1, daily, daily, 1, None, None, None, None, {"recorded_offences": counts})
    # 50 a run of ten days; 10 and 20 of them at scenes
    assert recorded_away([one, one], 10) == (pytest.approx(0.8), 0.6)
    none = SeedContrast(1, daily, daily, 1, None, None, None, None)
    assert recorded_away([none], 10) == (None, None)
