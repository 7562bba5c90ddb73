"""The command `compare`: what it refuses, and what the sentences on a decision say."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from odssim.__main__ import main
from odssim.analysis.decision.choose import decide, short_names
from odssim.analysis.decision.decision_words import chance_text, decision_text
from odssim.analysis.decision.objective import Objective
from odssim.analysis.decision.ranking import WORLDS, Evidence
from odssim.language import speaking
from odssim.language.layout import folded, table
from report.make import plain

SCENARIOS = Path(__file__).parents[2] / "scenarios"
TOWN, PATROL = (str(SCENARIOS / name) for name in ("teaching-town.toml", "fifteen-minute-town.toml"))
RNG = np.random.default_rng(30)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--objective", "opendeals"], "--objective = 'opendeals': no such outcome; did you mean 'open_deals'?"),
        (["--objective", "open_deals:much"], "--objective = 'open_deals:much': must be an outcome"),
        (["--precision", "open_deals"], "--precision = 'open_deals': must be an outcome and a half width above 0"),
        (["--precision", "tipps:5%"], "--precision = 'tipps:5%': no such outcome; did you mean 'tips'?"),
        (
            ["--precision", "open_deals:5%", "--seeds", "5", "--max-seeds", "3"],
            "--max-seeds = 3: must be at least --seeds, 5",
        ),
    ],
)
def test_a_wrong_option_is_one_line_and_nothing_is_written(monkeypatch, capsys, tmp_path, arguments, line):
    out = tmp_path / "out"
    monkeypatch.setattr(sys, "argv", ["odssim", "compare", TOWN, PATROL, "--out", str(out), *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    printed = capsys.readouterr()
    assert (left.value.code, printed.out) == (2, "")
    assert printed.err.startswith(line)
    assert printed.err.count("\n") == 1
    assert not out.exists()


def decision(outcome, cost, names=("None", "Patrol", "Care"), unit="paired runs", smallest=0.05, **goal):
    outcome, cost = np.asarray(outcome, dtype=float), np.asarray(cost, dtype=float)
    n = len(outcome)
    costs = np.tile(cost, (n, 1)) if cost.ndim == 1 else cost
    found = Evidence(names[: outcome.shape[1]], {"open_deals": outcome, "cost_sek": costs}, unit)
    return decide(found, Objective(**goal), smallest)


def noisy(*means, n=8, sd=1.0):
    return np.array(means) + RNG.normal(0, sd, size=(n, len(means)))


def test_dominance_is_said_in_words():
    text = "\n".join(decision_text(decision(noisy(100, 80, 120), [500, 0, 900])))
    assert "Patrol, against the base: does more or the same for the same or less money: it dominates the base." in text
    assert "Care, against the base: does less or the same for the same or more money: the base dominates it." in text
    assert "By its means None is dominated: Patrol costs no more and does no less." in text
    assert "SEK (" not in text  # no ratio anywhere
    assert text.count("Pareto front over open deals and cost: Patrol; the others are worse") == 1


def test_less_for_less_is_a_saving_not_a_ratio_of_two_falls():
    text = "\n".join(decision_text(decision(noisy(100, 120), [5000, 1000])))
    assert "Patrol, against the base: costs less and does less: it saves 2" in text
    assert "for each open deal averted given up." in text
    assert "-" not in plain(text).split("it saves")[1].split("SEK")[0]


def test_an_unclear_effect_has_no_ratio_and_says_so():
    text = plain("\n".join(decision_text(decision(noisy(100, 99.9, sd=9), [0, 1000]))))
    assert "costs 1 000 SEK a day more, and not enough runs to say whether it does more or less: no ratio is given" in text


def test_worlds_that_disagree_need_knowledge_not_runs():
    outcome = [[100, 90], [100, 112], [100, 91], [100, 108]]
    text = "\n".join(decision_text(decision(outcome, [0, 0], unit=WORLDS, smallest=0.0)))
    assert "Not enough worlds or knowledge to say which mix is best" in text


def test_one_run_ranks_and_says_what_is_missing():
    text = decision_text(decision([[100, 90]], [0, 10]))
    assert "Not enough runs to say which mix is best." in text
    assert "Patrol, against the base: one run: no ratio is given." in text


def test_a_chance_is_never_nought_or_all():
    assert [plain(chance_text(p)) for p in (0, 0.004, 0.006, 0.5, 0.994, 1)] == [
        "under 1 %", "under 1 %", "1 %", "50 %", "99 %", "over 99 %"
    ]  # fmt: skip


def test_names_lose_the_place_that_they_share():
    assert short_names(["Town", "Patrol in the town", "Care in the town"]) == ["Town", "Patrol", "Care"]
    assert short_names(["Patrol in A", "Care in B"]) == ["Patrol in A", "Care in B"]
    assert short_names(["Patrol in A", "Patrol in A (2)"]) == ["Patrol in A", "Patrol in A (2)"]
    assert short_names(["P in A", "P in A", "Q in A"]) == ["P in A", "P in A", "Q in A"]


def test_a_table_cuts_its_first_column_and_nothing_else():
    lines = table(("name", "number", "words"), [("x" * 200, "1,000", "more"), ("y", "2", "fewer")])
    assert max(len(line) for line in lines) == 100
    assert lines[1].endswith("1,000  more")
    assert "…" in lines[1]
    assert folded(["a " * 80, "", "b"])[-2:] == ["", "b"]
    assert max(map(len, folded(["a " * 80]))) <= 100


def test_a_decision_is_told_in_swedish_with_swedish_numbers():
    with speaking("sv"):
        text = "\n".join(decision_text(decision(noisy(1000, 800, 1200), [500, 0, 900])))
    assert "Patrol, mot basen: gör mer eller lika mycket för lika mycket eller mindre pengar: den dominerar basen." in text
    assert "Rangordning av 3 mixar efter öppna affärer, lägst är bäst; 8 parade körningar" in text
    assert "1\u202f" in text
    assert not re.search(r"\b(best|against|the|costs|chance|deals)\b", text)
