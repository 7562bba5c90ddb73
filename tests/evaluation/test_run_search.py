"""design run and design search: resume, looks, the race, the commands, what is refused."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from evaluation.tried import small, write_design
from odssim.cli.app import app
from odssim.errors import ScenarioError
from odssim.evaluation.design.cost import design_cost
from odssim.evaluation.design.design_file import load_design, with_worlds
from odssim.evaluation.design.registered_page import plan_markdown
from odssim.evaluation.trial import trials as run_module
from odssim.evaluation.trial.race import cheapest_sufficient, grid, racing
from odssim.evaluation.trial.trials import run_designs

SEARCH = """[decision]
budget_sek = 1100000
place_sek = 20000
place_period_sek = 1000
zone_place_period_sek = 500
[search]
places = [4, 12]
zones = [false, true]
half_width = 0.15
"""


def lines(result) -> str:
    return " ".join(result.stderr.split())


def test_a_run_goes_on_from_finished_batches(tmp_path, monkeypatch):
    design = small(tmp_path)
    first = run_designs([with_worlds(design, 50)], tmp_path, half_width=0.01)[0]
    done = []
    real = run_module._do_batch
    monkeypatch.setattr(run_module, "_do_batch", lambda task: done.append(task[2]) or real(task))
    again = run_designs([with_worlds(design, 100)], tmp_path, half_width=0.01)[0]
    assert done == [1]
    assert (first.n_worlds, again.n_worlds) == (50, 100)
    assert again.why_stopped == "all worlds are used"
    assert (again.columns["estimate"][: len(first.columns["estimate"])] == first.columns["estimate"]).all()


def test_as_many_worlds_are_tried_as_asked_for_whatever_a_batch_holds(tmp_path):
    design = small(tmp_path)
    few, more = (run_designs([with_worlds(design, n)], tmp_path, half_width=0.01)[0] for n in (7, 63))
    assert (few.n_worlds, more.n_worlds) == (7, 63)
    assert few.why_stopped == "all worlds are used"
    same = more.columns["world"] < 7
    assert (few.columns["estimate"] == more.columns["estimate"][same]).all()


def test_a_batch_that_was_damaged_or_is_anothers_is_done_again(tmp_path, monkeypatch):
    design = with_worlds(small(tmp_path), 100)
    whole = run_designs([design], tmp_path, half_width=0.01)[0]
    first, second = sorted(tmp_path.rglob("*.scores"))
    content, done, real = first.read_bytes(), [], run_module._do_batch
    monkeypatch.setattr(run_module, "_do_batch", lambda task: done.append(task[2]) or real(task))
    for damaged in (b"", content[:-1], content[:90] + bytes([content[90] ^ 1]) + content[91:], second.read_bytes()):
        first.write_bytes(damaged)
        again = run_designs([design], tmp_path, half_width=0.01)[0]
        assert done == [0]
        done.clear()
        assert all((again.columns[name] == whole.columns[name]).all() for name in ("world", "estimate", "condition"))
    assert first.read_bytes() == content


def test_two_workers_give_the_same_scores(tmp_path):
    design = with_worlds(small(tmp_path), 100)
    alone = run_designs([design], tmp_path / "a", workers=1, half_width=0.01)[0]
    shared = run_designs([design], tmp_path / "b", workers=2, half_width=0.01)[0]
    assert (alone.columns["overall"] == shared.columns["overall"]).all()
    files = sorted(path.name for path in (tmp_path / "b").rglob("*.scores"))
    assert files == ["00000.scores", "00001.scores"]


def test_another_effect_is_another_folder(tmp_path):
    (tmp_path / "x").mkdir()
    a, b = small(tmp_path), small(tmp_path / "x", market="effect = 0.2")
    run_designs([with_worlds(a, 50)], tmp_path / "out")
    run_designs([with_worlds(b, 50)], tmp_path / "out")
    assert len(list((tmp_path / "out" / "batches").iterdir())) == 2


def test_a_power_known_well_enough_stops_the_worlds(tmp_path):
    design = small(tmp_path, market="effect = 0.9\neffects = []", places="treated = 12, control = 12")
    found = run_designs([design], tmp_path, half_width=0.1)[0]
    assert found.n_worlds == 50
    assert found.why_stopped == "power is known to 0.1"
    assert found.looks["target"].low > 0.8


def test_grid_prices_designs_and_keeps_the_budget(tmp_path):
    found = grid(small(tmp_path, rest=SEARCH))
    assert (len(found.designs), found.n_too_dear) == (3, 1)
    costs = {design.id: design_cost(design) for design in found.designs}
    assert costs["small-4x12-12_recorded"] == 8 * 20000 + 8 * 24 * 1000
    assert costs["small-4x12-12z_recorded"] == 8 * 20000 + 8 * 24 * 1500
    assert len({design.content_hash for design in found.designs}) == 3
    with pytest.raises(ScenarioError, match="pays for no design: the cheapest design costs"):
        grid(small(tmp_path, rest=SEARCH), 1000.0)
    with pytest.raises(ScenarioError, match="varies nothing"):
        grid(small(tmp_path))


def test_a_design_leaves_only_when_beaten_by_one_that_costs_no_more(tmp_path):
    designs = grid(small(tmp_path, rest=SEARCH), 1e9).designs
    tried = run_designs([with_worlds(d, 150) for d in designs if "z" not in d.id], tmp_path, half_width=0.01)
    going = {one.design.id: one for one in tried}
    assert racing("power_target")(going) == set()  # the dear one is the better one
    dear = tried[1].design.keys.decision.model_copy(update={"place_sek": 0.0, "place_period_sek": 0.0})
    tried[1].design = replace(tried[1].design, keys=tried[1].design.keys.model_copy(update={"decision": dear}))
    assert racing("power_target")(going) == {tried[0].design.id}


def test_cheapest_sufficient_plan():
    rows = [
        {"design": "a", "power_city": 0.9, "dii_near": 0.9, "cost_sek": 5.0},
        {"design": "b", "power_city": 0.85, "dii_near": 0.9, "cost_sek": 3.0},
        {"design": "c", "power_city": 0.95, "dii_near": 0.5, "cost_sek": 1.0},
    ]
    assert cheapest_sufficient(rows, "power_city", 0.8)["design"] == "b"
    none = cheapest_sufficient(rows, "power_city", 0.99)
    assert (none["design"], none["nearest"]) == (None, "a")


def test_a_design_without_prices_says_so_and_few_draws_are_refused(tmp_path):
    file = write_design(tmp_path, rest="[search]\nplaces = [4, 6]\n")
    words = [str(file), "--worlds", "10", "--workers", "1", "--out", str(tmp_path / "out")]
    found = CliRunner().invoke(app, ["design", "search", *words, "--draws", "0"])
    assert found.exit_code == 0, found.output
    assert "no prices given" in found.stdout
    assert " 0 SEK" not in found.stdout
    assert json.loads((tmp_path / "out" / "search.json").read_text())["ranking"][0]["n_worlds"] == 10
    with pytest.raises(ScenarioError, match=r"--draws = 5: must be 0 or at least 20"):
        CliRunner().invoke(app, ["design", "search", *words, "--draws", "5"], catch_exceptions=False)
    plan = plan_markdown(load_design(file))
    assert "no prices given" in plan
    assert " 0 SEK" not in plan


def test_run_command(tmp_path):
    answer = 'primary = "permutation"\ndraws = 199'
    path = write_design(tmp_path, indicators='["recorded_offences", "user_survey"]', answer=answer)
    command = ["design", "run", str(path), "--worlds", "50", "--workers", "1", "--out", str(tmp_path / "out"), "--json"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.stderr
    (found,) = json.loads(done.stdout)
    assert found["n_worlds"] == 50
    written = json.loads((tmp_path / "out" / "small" / "result.json").read_text(encoding="utf-8"))
    assert written.pop("files").keys() >= {"result.json", "verdicts.csv"}
    assert written == found
    by_condition = {row["condition"]: row for row in found["verdicts"]}
    verdicts = ("net_reduction", "displacement", "unclear_where", "no_effect_shown", "rise", "no_answer")
    for row in by_condition.values():
        assert sum(row[name] for name in verdicts) == pytest.approx(1.0)
    types = {(row["type"], row["indicator"]): row["dii"] for row in found["identifiability"]}
    assert types["tactical", "recorded_offences"] == pytest.approx(0.5)
    assert types["tactical", "all together"] > 0.6
    assert types["near", "recorded_offences"] > 0.6
    assert found["design_hash"]
    assert [row["rank"] for row in found["indicators"]] == [1, 2]


def test_search_command(tmp_path):
    path = write_design(tmp_path, rest=SEARCH)
    command = ["design", "search", str(path), "--workers", "1", "--worlds", "150", "--draws", "200", "--json"]
    done = CliRunner().invoke(app, [*command, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert [row["rank"] for row in found["ranking"]] == [1, 2, 3]
    assert all(row["half_width_95"] <= 0.15 for row in found["ranking"])
    assert found["ranking"][0]["less_than_best"] is None
    assert any(row["on_front"] for row in found["ranking"])
    assert found["measure_first"][0]["unknown"] == "effect"
    assert (tmp_path / "out" / "search.json").is_file()


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ({"kind": "engine"}, "world.scenario: is missing: kind engine needs it"),
        ({"kind": "analytic"}, "market.levels: is missing: kind analytic needs it"),
        ({"market": "near = 0.8\nfar = 0.3"}, "market.near = 0.8: with far, tactical and temporal must be at most 1"),
        ({"kind": "marked"}, "did you mean 'market'?"),
        ({"market": "efect = 0.3"}, "did you mean 'effect'?"),
    ],
)
def test_wrong_worlds_are_refused_in_one_line(tmp_path, parts, wanted):
    path = write_design(tmp_path, parts.pop("kind", "market"), **parts)
    done = CliRunner().invoke(app, ["design", "run", str(path), "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, ScenarioError)
    assert wanted in str(done.exception)
    assert not (tmp_path / "out").exists()
