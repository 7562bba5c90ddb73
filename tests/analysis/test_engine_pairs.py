"""Common random numbers in the engine: what an intervention does not touch is the same, need by need."""

from dataclasses import replace

import pytest

from analysis.worlds import spec
from odssim.analysis.comparison.placebo import PLACEBO_OPTIONS
from odssim.analysis.comparison.run_pairs import compare
from odssim.analysis.displacement.rings import AREAS
from odssim.interventions import CATALOGUE
from odssim.rules import PARAMETERS
from odssim.scenario import load

HEAD = """\
name = "Town"
city = "teaching-town"
start_date = 2018-01-01
days = 6
burn_in_days = 4
"""


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    """The town with a patrol of dose 0 at every place of a kind, and with one of full dose."""
    folder = tmp_path_factory.mktemp("pairs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ODSSIM_CACHE", str(folder / "cache"))
        (folder / "town.toml").write_text(HEAD, encoding="utf-8")
        town = load(folder / "town.toml", parameters=PARAMETERS, catalogue=CATALOGUE)
        options = {option.id: option.default for option in CATALOGUE["fifteen_minute_patrol"].options}
        busy = {**options, **PLACEBO_OPTIONS, "visits_per_day": 24, "minutes": (12, 17), "hours": (8.0, 24.0)}
        patrol = replace(spec("patrol", 0, 6, ()), start=town.start_date, end=town.end_date, options=busy)
        patrol = replace(patrol, places=replace(spec("x", 0, 1, ("x",)).places, kind="every", names=()))
        alternatives = [
            replace(town, name="nothing", interventions=(replace(patrol, dose=0.0),)),
            replace(town, name="visits", interventions=(patrol,)),
        ]
        return compare(town, alternatives, seeds=1)


def test_an_intervention_of_no_dose_changes_nothing(comparison):
    rows = [row for row in comparison.tables.differences if row.alternative == "nothing"]
    assert len(rows) > 30
    assert {row.difference for row in rows} <= {0.0, None}


def test_an_intervention_of_no_dose_is_exactly_as_good(comparison):
    ranking = {one.mix: one for one in comparison.decision.ranking.standings}
    assert ranking["nothing"].worth == ranking["Town"].worth
    assert comparison.decision.ranking.verdict == "not enough runs to say"  # one run


def test_visits_everywhere_are_counted_at_the_targets(comparison):
    rows = {row.source: row for row in comparison.tables.sources if row.alternative == "visits"}
    (deals,) = [
        row
        for row in comparison.tables.differences
        if (row.alternative, row.outcome, row.where) == ("visits", "open_deals", "city")
    ]
    truth = rows["open_deals"]
    assert (truth.target_base, truth.target_other) == (pytest.approx(6 * deals.base), 6 * deals.other)
    assert all(getattr(truth, f"{area}_base") == 0 for area in AREAS[1:])
    assert (truth.wdd, truth.rirr) == (None, None)  # nowhere is left to be a control


def test_visits_everywhere_are_seen_and_followed(comparison):
    (visits,) = [
        row
        for row in comparison.tables.differences
        if (row.alternative, row.outcome, row.where) == ("visits", "visits", "city")
    ]
    assert visits.difference > 0
    flows = comparison.alternatives[1].contrasts[0].flows
    assert flows.needs_base > 500
    assert flows.matched / flows.needs_base > 0.99
    assert (flows.near_base, flows.far_base) == (0, 0)
