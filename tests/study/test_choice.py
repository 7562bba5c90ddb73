"""A finished batch is ranked from its store, with the same numbers as its table of runs gives."""

import json
import sys
from functools import partial

import numpy as np
import pytest

from odssim.__main__ import main
from odssim.analysis.comparison.tables import Settings
from odssim.analysis.decision.objective import Objective
from odssim.analysis.decision.ranking import rank_runs
from odssim.studies.study import choice, load_study, run_study, runs_table
from odssim.studies.study.choice import choose
from odssim.studies.study.store import StoreError, open_store
from study.town import MIXES, SCENARIOS, WORLDS, Inline, write_study

TOWN, PATROL = (str(SCENARIOS / name) for name in ("teaching-town.toml", "fifteen-minute-town.toml"))


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A study of two mixes, three worlds and two replicates, and its store."""
    folder = tmp_path_factory.mktemp("choice")
    study = load_study(write_study(folder, MIXES + WORLDS.format(n=3)))
    run_study(study, folder / "s.sqlite", executor=Inline(), workers=1)
    return study, folder / "s.sqlite"


def test_the_ranking_is_that_of_the_table_of_runs(stored):
    study, store = stored
    goal = Objective("all_deals", worth_sek=250)
    found = choose(store, settings=Settings(goal))
    direct = rank_runs(runs_table(store, study), goal, ("baseline", "patrol"), 0.05)
    assert found.decision.ranking.standings == direct.standings
    assert (found.decision.mixes, found.decision.evidence.unit, found.decision.evidence.n) == (
        ("baseline", "patrol"),
        "worlds",
        3,
    )


def test_a_difference_is_paired_within_world_and_replicate(stored, monkeypatch):
    study, store = stored

    def runs(*asked):
        table = runs_table(*asked)
        luck = np.random.default_rng(1).normal(0, 20, len(table))
        return table.assign(guard_min=table["guard_min"] + luck)

    monkeypatch.setattr(choice, "runs_table", runs)
    wide = runs(store, study).set_index(["world", "replicate", "mix"])["guard_min"].unstack("mix")
    apart = (wide["patrol"] - wide["baseline"]).groupby(level="world").mean()
    (row,) = [row for row in choose(store).differences if row.outcome == "guard_min"]
    assert row.difference == pytest.approx(apart.mean())
    assert row.high - row.difference == pytest.approx(4.302652729911275 * apart.std(ddof=1) / np.sqrt(3))


def test_what_is_equal_in_all_worlds_is_no_proof_but_a_planned_cost_is_known(stored):
    _, store = stored
    rows = {row.outcome: row for row in choose(store).differences}
    assert {name: (rows[name].low, rows[name].verdict) for name in ("hidden_deals", "guard_min", "open_deals")} == {
        "hidden_deals": (None, "not enough runs to say"),  # one deal fewer in each of three worlds
        "guard_min": (rows["guard_min"].difference, "more"),  # planned
        "open_deals": (None, "the same in every run"),
    }
    assert rows["cost_sek"].verdict == "more"
    assert rows["cost_sek"].low == rows["cost_sek"].high == rows["cost_sek"].difference


def test_the_base_is_the_cheapest_unless_one_is_named(stored):
    _, store = stored
    assert choose(store).decision.mixes[0] == "baseline"
    turned = choose(store, mixes=("patrol", "baseline"))
    assert turned.decision.mixes[0] == "patrol"
    assert "costs least" in " ".join(choose(store).text())
    assert "costs least" not in " ".join(turned.text())


def test_a_run_that_is_missing_takes_its_pair_along(stored, tmp_path):
    _, store = stored
    copy = tmp_path / "copy.sqlite"
    with open_store(store) as db:
        db.execute("VACUUM INTO ?", (str(copy),))
    with open_store(copy) as db:
        (key,) = db.execute("SELECT key FROM jobs WHERE mix = 'patrol' AND world = 'w1' AND replicate = 2").fetchone()
        db.execute("DELETE FROM runs WHERE key = ?", (key,))
        db.execute("DELETE FROM seals WHERE name = ?", (key,))
    found = choose(copy)
    assert found.decision.evidence.n_left_out == 1
    assert "1 of 12 runs failed or are missing; their pairs are left out." in found.text()


def compare(monkeypatch, capsys, *args):
    monkeypatch.setattr(sys, "argv", ["odssim", "compare", *map(str, args)])
    code = 0
    try:
        main()
    except SystemExit as left:
        code = left.code or 0
    return code, capsys.readouterr()


def test_the_command_prints_and_writes_it(stored, tmp_path, monkeypatch, capsys):
    _, store = stored
    out = tmp_path / "out"
    code, printed = compare(monkeypatch, capsys, "--store", store, "--out", out, "--objective", "open_deals:300")
    assert code == 0
    assert "Ranking of 2 mixes by net benefit at 300 SEK per open deal averted; 3 worlds" in printed.out
    written = {path.name for path in out.glob("[!.]*")}
    assert written == {"choice.json", "differences.csv", "ranking.csv", "plane.png", "acceptability.png", "pareto.png"}
    assert json.loads((out / "choice.json").read_text())["n_done"] == 12


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--store", "{store}", "patroll"), "no such mix: 'patroll'; did you mean 'patrol'?"),
        (("--store", "{store}", "patrol"), "nothing to compare: only the mix 'patrol'; the study has 'baseline', 'patrol'"),
        (("--store", "{store}", "--study", "Twon"), "{store}: no study 'Twon' in this store; did you mean 'Town'?"),
        (("--store", "{store}", "--seeds", 3), "--seeds: is not used with --store, which has been run; leave it out"),
        (("--store", "{folder}/none"), "{folder}/none: no such store; odssim batch STUDY --store FILE makes one"),
        (("--store", PATROL), f"{PATROL}: is not a store of odssim (file is not a database)"),
        ((TOWN,), "compare: needs two scenario files or more; odssim compare BASE ALT..."),
        ((TOWN, PATROL, "--study", "Town"), "--study = 'Town': is used only with --store"),
    ],
)
def test_what_cannot_be_is_one_line(stored, monkeypatch, capsys, arguments, line):
    names = {"store": stored[1], "folder": stored[1].parent}
    filled = [str(word).format(**names) for word in arguments]
    code, printed = compare(monkeypatch, capsys, *filled)
    assert (code, printed.out, printed.err.count("\n")) == (2, "", 1)
    assert printed.err.startswith(line.format(**names))


def test_a_store_of_several_studies_asks_which(stored, tmp_path):
    store = tmp_path / "two.sqlite"
    for k in (1, 2):
        file = write_study(tmp_path, MIXES, replicates=1, name=f"{k}.toml")
        file.write_text(file.read_text().replace('name = "Town"', f'name = "Town {k}"'))
        run_study(load_study(file), store, executor=Inline(), workers=1)
    with pytest.raises(StoreError, match=r"holds 2 studies; add --study NAME, one of 'Town 1', 'Town 2'"):
        choose(store)
    assert choose(store, "Town 2").study == "Town 2"


def test_scenarios_compared_in_two_processes_give_the_same_bytes(tmp_path, monkeypatch, capsys):
    short = ("--days", 34, "--set", "burn_in_days=4", "--set", "population_multiplier=1", "--seeds", 3, "--json")
    run = partial(compare, monkeypatch, capsys, TOWN, PATROL, *short)
    assert run("--workers", 2)[1].out == run("--workers", 1)[1].out
