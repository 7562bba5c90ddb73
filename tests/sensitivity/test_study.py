"""Sensitivity of a study of the teaching town: designs that grow, paired effects, decisions, faults, the command."""

import csv
import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from SALib import ProblemSpec
from SALib.sample import morris as salib_morris

from odssim.cli.app import app
from odssim.errors import OdssimError
from odssim.studies.sensitivity.analyse import analyse
from odssim.studies.sensitivity.decisions import best_mixes, flips, mix_shares
from odssim.studies.sensitivity.of_study import prepare, sensitivity
from odssim.studies.sensitivity.runs import space_of_study, study_of
from odssim.studies.sensitivity.sample import make_sample
from odssim.studies.sensitivity.space import Factor, Space, space_of_problem
from odssim.studies.study.jobs import Plan
from odssim.studies.study.study import load_study
from sensitivity.functions import g_answers, g_function, with_noise
from study.town import Inline

SCENARIOS = Path(__file__).parents[2] / "scenarios"
STUDY = f"""
name = "Town"
scenario = "{(SCENARIOS / "teaching-town.toml").as_posix()}"
replicates = 2
set = {{ days = 6, burn_in_days = 4, population_multiplier = 0.5 }}
[worlds]
method = "sobol"
n = 4
[worlds.parameters]
"choice.explore_share" = {{ low = 0.01, high = 0.3 }}
"detection.investigate_open" = {{ low = 0.0001, high = 0.01, log = true }}
"need.rate_month.dependent" = {{ distribution = "triangular", low = 10, high = 60, mode = 25 }}
[[mixes]]
id = "nothing"
interventions = []
[[mixes]]
id = "patrol"
[[mixes.interventions]]
id = "patrol"
type = "fifteen_minute_patrol"
start = 2018-01-02
resources = "added"
places = {{ rank = "open_deals", top = 3, at = 2018-01-01 }}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("sensitivity")
    (made / "town.toml").write_text(STUDY, encoding="utf-8")
    return made


def asked(file, store, **given):
    """Ask in this process: starting others takes longer than these runs."""
    return sensitivity(file, store, workers=1, executor=Inline(), **given)


def n_runs(store):
    with sqlite3.connect(store) as db:
        return db.execute("SELECT COUNT(*) FROM runs WHERE status = 'done'").fetchone()[0]


def test_a_grown_design_uses_the_stored_runs_and_answers_as_if_run_at_once(folder):
    file, grown, whole = folder / "town.toml", folder / "grown.sqlite", folder / "whole.sqlite"
    asked(file, grown, n_blocks=2)
    before = n_runs(grown)
    report = asked(file, grown, n_blocks=4)
    assert n_runs(grown) == 2 * before == 4 * 5 * 2
    assert report.record() == asked(file, whole, n_blocks=4).record()
    other = asked(file, grown, n_blocks=4, outcome="hidden_deals")
    assert n_runs(grown) == 2 * before
    assert other.indices != report.indices
    assert [row["parameter"] for row in report.indices][-1] == "dummy"


def test_an_effect_is_paired_within_world_and_replicate(folder):
    file = folder / "town.toml"
    study, sample, names = prepare(file, method="morris", outcome="visits", effect_of="patrol", n_blocks=2)
    assert names == ["nothing", "patrol"]
    batch, labels = study_of(study, "x", sample.space, sample.values.reshape(-1, 4), sample.stream.ravel())
    jobs = Plan(batch).jobs
    seeds = {(job.world, job.replicate): job.seed for job in jobs if job.mix == "nothing"}
    assert all(seeds[job.world, job.replicate] == job.seed for job in jobs)
    assert len({seeds[key] for key in seeds}) == 2 * 2 * 2  # blocks x (with and without the dummy's luck) x replicates
    assert len(set(labels)) == 10
    report = asked(file, folder / "grown.sqlite", effect_of="patrol", outcome="visits", n_blocks=2)
    assert report.outcome == "visits, patrol less nothing"
    assert n_runs(folder / "grown.sqlite") == 4 * 5 * 2 + 2 * 5 * 2


def test_second_order_runs_the_points_that_are_missing(folder):
    file, store = folder / "town.toml", folder / "pairs.sqlite"
    asked(file, store, method="sobol", n_blocks=2)
    before = n_runs(store)
    report = asked(file, store, method="sobol", n_blocks=2, second_order=True)
    assert n_runs(store) == before + 2 * 4 * 2  # blocks x (three parameters and the dummy) x replicates
    assert [row["measure"] for row in report.indices] == ["ST"] * 4 + ["S1"] * 4 + ["S2"] * 3
    assert "together than each alone" in report.notes[-1]
    with pytest.raises(OdssimError, match="come from sobol, not from morris"):
        asked(file, store, second_order=True)


def test_what_a_deal_is_worth_decides_which_mix_is_best(folder):
    file, store = folder / "town.toml", folder / "worth.sqlite"
    shares = {}
    for worth in (0.0, 1e9):
        asking = {"outcome": "visits", "lower_is_better": False, "worth_sek": worth}
        report = asked(file, store, method="decisions", n_blocks=12, **asking)
        shares[worth] = {row["mix"]: row["share"] for row in report.shares}
        assert report.outcome == f"net benefit at {worth:g} SEK per unit of visits"
    assert shares[0.0] == {"nothing": 1.0, "patrol": 0.0}  # patrol costs
    assert shares[1e9]["patrol"] > 0.3  # and visits, wherever there are deals to rank places by
    with pytest.raises(OdssimError, match="goes with decisions, not with morris"):
        asked(file, store, worth_sek=1.0)


def test_one_at_a_time_starts_from_the_scenarios_own_values(folder):
    _, sample, _ = prepare(folder / "town.toml", method="oat", outcome="open_deals")
    base = sample.values[0, 0]
    assert base == pytest.approx([0.05, 0.0012, 25.0, 0.5], rel=2e-3)
    report = asked(folder / "town.toml", folder / "grown.sqlite", method="oat", n_blocks=1)
    assert len(report.levels) == 4 * 5
    assert {row["parameter"] for row in report.indices} == {*sample.space.ids}


def test_faults_are_told_before_anything_is_run(folder):
    file, store = folder / "town.toml", folder / "none.sqlite"
    for given, words in (
        ({"outcome": "open_deal"}, "did you mean 'open_deals'"), ({"effect_of": "patrl"}, "did you mean 'patrol'"),
        ({"method": "sobl"}, "did you mean 'sobol'"), ({"effect_of": "nothing"}, "itself"),
        ({"groups": {"choice.explore": "a"}}, "choice.explore_share"),
        ({"method": "shapley", "groups": {"choice.explore_share": "a", "need.rate_month.dependent": "a"}}, "one by one"),
    ):  # fmt: skip
        with pytest.raises(OdssimError, match=words):
            asked(file, store, **given)
    assert not store.exists()


def test_a_problem_goes_to_salib_and_back():
    space = Space((Factor("a", 1, 5), Factor("b", 0.1, 10, "pair", is_log=True), Factor("c", -1, 1, "pair")))
    problem = space.problem()
    assert isinstance(problem, ProblemSpec)
    assert space_of_problem(problem) == space
    unit = np.random.default_rng(1).random((50, 3))
    assert space.unit(space.values(unit)) == pytest.approx(unit, abs=1e-3)
    assert space.values(np.array([0.5, 0.5, 0.5])) == pytest.approx([3, 1, 0])
    with pytest.raises(OdssimError, match="unif or logunif"):
        space_of_problem({"names": ["a"], "bounds": [[0, 1]], "dists": ["norm"]})


def test_a_problem_file_goes_out_of_one_study_and_into_another(folder, tmp_path, monkeypatch, capsys):
    plain = STUDY.replace('distribution = "triangular", low = 10, high = 60, mode = 25', "low = 10, high = 60")
    (tmp_path / "plain.toml").write_text(plain, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    group = "demand=choice.explore_share,need.rate_month.dependent"
    app(["sensitivity", "plain.toml", "--dry-run", "--problem", "out/problem.json", "--group", group], standalone_mode=False)
    capsys.readouterr()
    problem = json.loads((tmp_path / "out" / "problem.json").read_text())
    assert problem["names"][-1] == "dummy"
    assert len(salib_morris.sample(problem, 2)) == 2 * (1 + 3)  # SALib takes it: two groups and the dummy
    head, rest = plain.split("[worlds.parameters]")
    text = head + 'problem = "out/problem.json"\n' + rest[rest.index("[[mixes]]") :]
    (tmp_path / "again.toml").write_text(text, encoding="utf-8")
    spaces = [space_of_study("plain.toml", {key: "demand" for key in group[7:].split(",")}), space_of_study("again.toml")]
    assert spaces[0].groups == spaces[1].groups
    unit = np.random.default_rng(2).random((20, 3))
    assert spaces[1].values(unit) == pytest.approx(spaces[0].values(unit))
    assert load_study("again.toml").worlds == load_study("plain.toml").worlds


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (None, '{study}:9: worlds.problem = "p.json": no such file, as seen from this one'),
        ("{", "{file}:1: is not valid JSON"),
        ("[1]", "{file}: is not a SALib problem: a JSON object with names and bounds"),
        ({"name": ["a"]}, "{file}: names: must be a list that is not empty; did you mean 'name'?"),
        ({"names": ["need.lose"], "bounds": []}, "{file}: bounds = []: must be a list that is not empty"),
        ({"names": ["a", "b"], "bounds": [[0, 1]]}, "{file}: bounds: has 1 entries for 2 names"),
        ({"names": ["a"], "bounds": [[0, "x"]]}, "{file}: bounds of a = [0, 'x']: must be two numbers"),
        ({"names": ["a"], "bounds": [[0, 1]], "dists": ["norm"]}, "{file}: dists of a = 'norm': must be unif or logunif"),
        ({"names": ["a"], "bounds": [[0, 1]], "dists": [["unif"]]}, "{file}: dists = ['unif']: must be a list of texts"),
        ({"names": [["a"]], "bounds": [[0, 1]]}, "{file}: names = ['a']: must be a list of texts"),
        ({"names": ["a", "a"], "bounds": [[0, 1], [0, 2]]}, "{file}: names = 'a': stands twice"),
        ({"names": ["choice.explore_shar"], "bounds": [[0, 1]]}, "did you mean 'choice.explore_share'?"),
        ({"names": ["choice.explore_share"], "bounds": [[0, 7]]}, "lies outside its range"),
    ],
)
def test_a_problem_file_that_is_none_is_one_line(tmp_path, problem, line):
    head, rest = STUDY.split("[worlds.parameters]")
    file, study = tmp_path / "p.json", tmp_path / "town.toml"
    study.write_text(head + 'problem = "p.json"\n' + rest[rest.index("[[mixes]]") :], encoding="utf-8")
    if problem is not None:
        file.write_text(problem if isinstance(problem, str) else json.dumps(problem), encoding="utf-8")
    with pytest.raises(OdssimError) as caught:
        load_study(study)
    assert line.format(study=study, file=file) in str(caught.value)
    assert str(caught.value).isprintable()


def test_ranges_are_those_of_the_study(folder):
    factors = {f.id: f for f in space_of_study(folder / "town.toml").factors}
    assert factors["need.rate_month.dependent"].values(np.array([0.0, 1.0])) == pytest.approx([10, 60])


def test_the_dummy_alone_has_another_stream_within_a_block():
    space = Space(tuple(Factor(f"x{i}", 0, 1) for i in range(3)))
    for method in ("morris", "sobol", "shapley"):
        sample = make_sample(method, space, 6)
        other = sample.unit[:, :, -1] != sample.unit[:, :1, -1]
        assert (sample.stream % 2 == other).all()
        assert (sample.stream // 2 == np.arange(6)[:, None]).all()
        bigger = make_sample(method, space, 12)
        assert np.array_equal(bigger.unit[:6], sample.unit)
        assert np.array_equal(bigger.stream[:6], sample.stream)


def test_too_few_runs_are_called_too_few_and_enough_enough():
    space = Space(tuple(Factor(f"x{i}", 0, 1) for i in range(2)))
    few, many = (make_sample("sobol", space, n) for n in (16, 4096))
    a = np.array([0.0, 3.0])
    little, much = (analyse(s, with_noise(g_function(s.unit, a), 0.3, 2)) for s in (few, many))
    assert not little.converged.has_converged
    assert "Not enough runs" in little.converged.sentence
    assert little.converged.enough_blocks > 100
    assert much.converged.has_converged
    assert much.chance.low < 0.09 / (0.09 + g_answers(a)[0]) < much.chance.high


def test_the_parameter_that_turns_the_choice_is_found():
    sample = make_sample("decisions", Space((Factor("turns", 0, 10), Factor("idle", 0, 1))), 128)
    unit = sample.unit[:, 0]
    rng = np.random.default_rng(1)
    means = np.stack([np.full(128, 5.0), 5 + 4 * (0.3 - unit[:, 0])], axis=1)
    y = means[:, :, None] + rng.normal(size=(128, 1, 4)) + 0.2 * rng.normal(size=(128, 2, 4))
    best, clear = best_mixes(y)
    shares = {row.mix: row for row in mix_shares(best, clear, ("a", "b"))}
    assert shares["b"].low < 0.7 < shares["b"].high
    assert shares["b"].clear_share < shares["b"].share
    rows = {row.parameter: row for row in flips(unit, sample.values[:, 0], best, ("a", "b"), sample.space.ids)}
    assert rows["turns"].verdict == "turns the choice"
    assert rows["turns"].threshold == pytest.approx(3, abs=0.8)
    assert (rows["turns"].below, rows["turns"].above) == ("a", "b")
    assert rows["idle"].verdict.startswith("does not")
    assert (best_mixes(y, lower_is_better=False)[0] != best).all()


def test_the_command_writes_tables_and_pictures(folder):
    command = [sys.executable, "-m", "odssim", "sensitivity", "town.toml", "--store", "grown.sqlite", "--n", "4"]
    done = subprocess.run([*command, "--json", "--out", "out"], cwd=folder, capture_output=True, text=True, check=True)
    record = json.loads(done.stdout)
    assert record["method"] == "morris"
    with (folder / "out" / "indices.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["parameter"] for row in rows] == [row["parameter"] for row in record["indices"]]
    assert float(rows[0]["value"]) == pytest.approx(record["indices"][0]["value"])
    assert (folder / "out" / "tornado.png").read_bytes()[:4] == b"\x89PNG"
    bad = subprocess.run([*command, "--outcome", "x"], cwd=folder, capture_output=True, text=True, check=False)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert len(bad.stderr.splitlines()) == 1


def test_more_replicates_keep_the_seeds_of_the_first(folder):
    study = load_study(folder / "town.toml")
    space = space_of_study(folder / "town.toml")
    values = space.values(np.full((2, 3), 0.5))
    few, more = (
        Plan(study_of(replace(study, n_replicates=n), "x", space, values, np.array([0, 7]))[0]).jobs for n in (2, 3)
    )
    assert {job.key for job in few} < {job.key for job in more}
