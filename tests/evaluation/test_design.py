"""Design files: what is refused, what is warned of, what enters the hash."""

import json

import pytest
from typer.testing import CliRunner

from evaluation.designs import GOOD, design, edited
from odssim.cli.app import app
from odssim.core.package_data import package_toml
from odssim.errors import FaultsError, ScenarioError
from odssim.evaluation.design.analysis_plan import mechanism_of, plan_of, smallest_p_of, time_lottery_of
from odssim.evaluation.design.check import PITFALLS, check_design
from odssim.evaluation.design.cost import design_cost
from odssim.evaluation.design.design_file import contradictions, load_design
from odssim.evaluation.design.keys import MECHANISMS
from odssim.evaluation.estimators.registry import ESTIMATORS

WRONG = [
    ({"data__places": "treeted = 3"}, "design.toml:9: data.places.treeted = 3: no such key; did you mean 'treated'?"),
    ({"answer": 'primry = "wdd"'}, "answer.primry = \"wdd\": no such key; did you mean 'primary'?"),
    ({"answer": 'primary = "permutations"'}, "did you mean 'permutation'?"),
    ({"answer": "alpha = 0.7"}, "answer.alpha = 0.7"),
    ({"data": 'dose = "half"'}, 'data.dose = "half": must be a number, without quotes or unit'),
    ({"data__places": "treated = 0"}, "data.places.treated = 0: must be at least 1"),
    ({"data__places": "buffer_m = [500, 250]"}, "must rise from one edge to the next"),
    ({"data__places": 'treated_names = ["a"]'}, "must name as many places as treated says, 60"),
    ({"data__places": "candidates = 100"}, "must be at least treated + control"),
    ({"data__assignment": 'mechanism = "blocked"'}, "data.assignment.blocks: is missing: mechanism blocked needs it"),
    ({"data__assignment": 'mechanism = "saturation"'}, "needs a share for each of at least two districts"),
    ({"data__places": "control = 50", "data__assignment": 'mechanism = "paired"'}, "needs as many controls as treated"),
    ({"data__timing": "washout = 24"}, "must be shorter than data.timing.post"),
    ({"world": 'scenario = "nowhere.toml"'}, "no such file, as seen from this one"),
]


@pytest.mark.parametrize(("tables", "message"), WRONG)
def test_what_is_wrong_is_told_in_one_line(tables, message, tmp_path):
    with pytest.raises(ScenarioError) as caught:
        design(tmp_path, **tables)
    text = str(caught.value)
    assert message in text
    assert text.startswith(str(tmp_path / "design.toml"))
    assert text.isprintable()


def test_all_contradictions_of_a_design_are_reported_at_once(tmp_path):
    lost = 'lost_control = ["nowhere"]'
    with pytest.raises(FaultsError) as caught:
        design(tmp_path, data__places='candidates = 100\ncontrol_names = ["a"]', data__timing="washout = 24", amended=lost)
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[1].split(" = ")[0] for line in lines] == [
        "data.places.candidates", "data.places.control_names", "data.timing.washout", "amended.why",
    ]  # fmt: skip


def test_every_contradiction_has_its_rule(tmp_path):
    assert list(contradictions(design(tmp_path).keys)) == list(
        package_toml("odssim.evaluation.design", "contradictions.toml")
    )


def test_an_empty_file_is_told_how_to_get_one(tmp_path):
    file = tmp_path / "empty.toml"
    file.write_text("", encoding="utf-8")
    with pytest.raises(ScenarioError, match="is empty; odssim design new writes one"):
        load_design(file)


def names(tmp_path, **tables):
    return {warned.pitfall for warned in check_design(design(tmp_path, **tables))}


def test_a_good_design_has_nothing_to_warn_of(tmp_path):
    assert names(tmp_path) == set()


MONTHS = 'period = "month"\n'
ON_PURPOSE = [
    ("too_few_assignments", {"data__places": "treated = 2\ncontrol = 2"}),
    ("no_lottery", {"data__assignment": 'mechanism = "hand_picked"'}),
    ("few_clusters", {"data__places": "treated = 9\ncontrol = 9", "answer": 'primary = "poisson_did"'}),
    ("no_controls", {"data__places": "control = 0", "data__assignment": 'mechanism = "hand_picked"'}),
    ("few_donors", {"data__places": "treated = 1\ncontrol = 15", "answer": 'secondary = ["synthetic_control"]'}),
    ("buffer_overlaps_control", {"data__places": "buffer_m = [250, 900]"}),
    ("control_within_reach", {"data__places": "exclude_within_m = 300"}),
    ("hot_places", {"data__places": 'chosen = "hot"'}),
    ("displacement_unseen", {"data__places": "buffer_m = [250]", "data__counts": "mean = 0.2"}),
    ("no_buffer", {"inquiry": 'estimands = ["OE_open", "delta_near"]'}),
    ("saturation_without_zero", {"data__assignment": 'mechanism = "saturation"\nsaturations = [0.25, 0.75]'}),
    ("short_pre", {"data__timing": "pre = 6", "answer": 'secondary = ["time_series"]'}),
    ("short_pre", {"data__timing": "pre = 10", "answer": 'secondary = ["time_series"]'}),
    ("season", {"data__timing": "post = 9", "answer": 'secondary = ["before_after"]'}),
    ("dose_below_one", {"data": "dose = 0.7"}),
    ("recording_changes", {"data__timing": "start = 2026-03-01\nrecording_change = 2026-03-15"}),
    ("recording_changes", {"data__counts": "detection_ratio = 1.6"}),
    ("registers_only", {"data": 'indicators = ["recorded_offences"]'}),
    ("blind_to_method", {"data": 'indicators = ["tips"]', "inquiry": 'estimands = ["OE_all", "delta_tactical"]'}),
    ("list_churn", {"data": 'indicators = ["listed_places"]'}),
    ("list_churn", {"data": 'indicators = ["listed_places"]', "data__rating": "kappa = 0.46"}),
    ("short_washout", {"data__assignment": 'mechanism = "crossover"', "data__timing": "carry_over = 4"}),
    ("waiting_places", {"data__assignment": 'mechanism = "stepped_wedge"\nsteps = 4'}),
    ("waiting_places", {"answer": 'secondary = ["stepped_wedge"]'}),
    ("dose_not_drawn", {"answer": 'secondary = ["dose_response"]'}),
    ("amended", {"amended": 'lost_control = ["the square"]\nwhy = "built over"'}),
    ("survey_too_small", {"data__survey": "n_wave = 400"}),
    ("target_only", {"inquiry": 'estimands = ["TE_target"]'}),
    ("poisson_errors", {"data__counts": "dispersion = 0.3", "answer": 'secondary = ["wdd"]'}),
    ("pooled_negative_binomial", {"answer": 'secondary = ["nb_did"]'}),
    ("before_after_only", {"answer": 'primary = "before_after"'}),
    ("crossover_mismatch", {"answer": 'primary = "crossover"'}),
    ("crossover_mismatch", {"data__assignment": 'mechanism = "crossover"'}),
    ("bounds_wide", {"answer": 'secondary = ["bounds"]'}),
    ("too_little_power", {"answer": "smallest_effect = 0.02"}),
    ("budget_exceeded", {"decision": "budget_sek = 1000\nplace_sek = 100"}),
]


@pytest.mark.parametrize(("pitfall", "tables"), ON_PURPOSE)
def test_a_pitfall_tried_on_purpose_is_caught(pitfall, tables, tmp_path):
    assert pitfall in names(tmp_path, **tables)


def test_every_pitfall_is_tried():
    assert {pitfall.__name__ for pitfall in PITFALLS} == {name for name, _ in ON_PURPOSE}


def test_warnings_say_the_numbers(tmp_path):
    tables = {"data__places": "treated = 2\ncontrol = 2", "data": "dose = 0.7", "answer": 'secondary = ["wdd"]',
              "data__counts": "mean = 12\ndispersion = 0.3\ndetection_ratio = 1.6"}  # fmt: skip
    text = "\n".join(warned.text for warned in check_design(design(tmp_path, **tables)))
    assert "with 2+2 places no outcome can reach 5 %: the smallest p that the lottery allows is 0.333" in text
    assert "2.04 times the information" in text
    assert "rejects in 36 % of cases" in text
    assert "a true fall of 20 % reads as +28 % in recorded_offences; above 1.25 the sign is reversed" in text


def test_the_hash_is_of_what_decides(tmp_path):
    plain = design(tmp_path).content_hash
    assert design(tmp_path, design='title = "other"').content_hash == plain
    assert design(tmp_path, answer="alpha = 0.05").content_hash == plain
    assert design(tmp_path, answer="alpha = 0.01").content_hash != plain


def test_the_hash_holds_the_scenario_that_the_world_names(tmp_path):
    scenario = tmp_path / "town.toml"
    found = []
    for days in (10, 11):
        scenario.write_text(f'name = "x"\ncity = "teaching-town"\nstart_date = 2020-01-01\ndays = {days}\n')
        found.append(design(tmp_path, world='scenario = "town.toml"').content_hash)
    assert found[0] != found[1]


@pytest.mark.parametrize(
    ("lot", "smallest"),
    [("", None), ('mechanism = "paired"', 2 / 2**5), ('mechanism = "blocked"\nblocks = 2', 1 / (10 * 10))],
)
def test_the_lottery_of_a_design(lot, smallest, tmp_path):
    made = design(tmp_path, data__places="treated = 5\ncontrol = 5", data__assignment=lot)
    expected = 2 / 252 if smallest is None else smallest
    assert smallest_p_of(made) == pytest.approx(expected)
    assert mechanism_of(made).draw(3, __import__("numpy").random.default_rng(1)).sum(axis=1).tolist() == [5, 5, 5]


def test_lotteries_over_time_of_a_design(tmp_path):
    made = design(tmp_path, data__assignment='mechanism = "crossover"\non_share = 0.4', data__timing="washout = 2")
    lottery = time_lottery_of(made)
    assert (lottery.n_places, lottery.n_periods, lottery.n_on) == (120, 24, 48)
    assert mechanism_of(made) is None
    wedge = time_lottery_of(design(tmp_path, data__assignment='mechanism = "stepped_wedge"\nsteps = 3'))
    assert set(wedge.crossing) == {0, 8, 16}


def test_the_plan_carries_the_answer(tmp_path):
    plan = plan_of(design(tmp_path, answer="alpha = 0.01\ns_max = 0.4\ndispersion_known = 2.5"))
    assert (plan.alpha, plan.s_max, plan.dispersion) == (0.01, 0.4, 2.5)


def test_cost_adds_up(tmp_path):
    prices = "fixed_sek = 10\nplace_sek = 2\nplace_period_sek = 0.5\nindicator_sek = { survey_problem = 7, price = 100 }"
    assert design_cost(design(tmp_path, decision=prices)) == pytest.approx(10 + 240 + 120 * 48 * 0.5 + 7)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_new_writes_a_design_that_can_be_read(mechanism, tmp_path):
    file = tmp_path / "new.toml"
    done = CliRunner().invoke(app, ["design", "new", str(file), "--yes", "--mechanism", mechanism])
    assert done.exit_code == 0, done.output
    made = load_design(file)
    assert made.keys.data.assignment.mechanism == mechanism
    assert made.id == "new"
    assert set(made.estimators) <= set(ESTIMATORS)
    assert "crossover_mismatch" not in {warned.pitfall for warned in check_design(made)}


def test_new_asks(tmp_path):
    file = tmp_path / "asked.toml"
    said = ["mine", "", "", "5", "6", "by_luck", "by_lot", "complete", "0", "500", "week", "20", "10", "3", "0.3"]
    done = CliRunner().invoke(app, ["design", "new", str(file)], input="\n".join(said) + "\n")
    assert done.exit_code == 0, done.output
    keys = load_design(file).keys
    assert (keys.design.id, keys.data.places.treated, keys.data.places.control) == ("mine", 5, 6)
    assert (keys.data.timing.period, keys.data.timing.pre, keys.data.places.buffer_m) == ("week", 20, [])


def test_new_does_not_write_over_a_file_nor_leave_a_wrong_one(tmp_path):
    file = tmp_path / "there.toml"
    file.write_text("x", encoding="utf-8")
    done = CliRunner().invoke(app, ["design", "new", str(file), "--yes"])
    assert (done.exit_code != 0, file.read_text()) == (True, "x")
    done = CliRunner().invoke(app, ["design", "new", str(tmp_path / "bad.toml"), "--yes", "--mechanism", "dice"])
    assert done.exit_code != 0
    assert [path.name for path in tmp_path.iterdir()] == ["there.toml"]


def test_the_schema_lists_every_table():
    record = json.loads(CliRunner().invoke(app, ["design", "schema"]).stdout)
    tables = {"design", "world", "market", "search", "inquiry", "data", "answer", "decision", "amended"}
    assert set(record["properties"]) == tables
    assert record["additionalProperties"] is False


def test_check_prints_json_alone(tmp_path):
    file = tmp_path / "good.toml"
    file.write_text(edited(GOOD, data="dose = 0.5"), encoding="utf-8")
    done = CliRunner().invoke(app, ["design", "check", str(file), "--json"])
    record = json.loads(done.stdout)
    assert [warned["pitfall"] for warned in record["warnings"]] == ["dose_below_one"]
    assert record["design_hash"] == load_design(file).content_hash
