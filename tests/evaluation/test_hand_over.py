"""Real counts in, planned estimates out; what is handed over says the same numbers."""

import csv
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student
from typer.testing import CliRunner

from evaluation.designs import GOOD, edited
from odssim.analysis.displacement.quotient import pop_measures
from odssim.cli.app import app
from odssim.errors import OdssimError, ScenarioError
from odssim.evaluation.counts.analyse import analyse
from odssim.evaluation.counts.data_file import Row, in_order, read_panel
from odssim.evaluation.counts.hand_over import panel_table, write_hand_over
from odssim.evaluation.counts.spreadsheet import (
    FIRST_FORMULA,
    FORMULAS,
    NO_ANSWER,
    counts_of,
    formula_values,
    write_spreadsheet,
)
from odssim.evaluation.design.design_file import load_design
from odssim.evaluation.estimators.estimates import warning
from odssim.evaluation.estimators.panel import Plan, make_panel
from odssim.evaluation.estimators.registry import answer

ARMS = {"treated": 0.6, "control": 1.0, "buffer": 1.2, "buffer_control": 1.0}
TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial-design.md"
ALL = [
    "poisson_did", "wdd", "rirr", "nb_did", "matched_control", "synthetic_control", "time_series", "ring", "bounds",
    "before_after",
]  # fmt: skip


def counts(n: int = 4, periods: int = 12, seed: int = 1, separator: str = ",") -> str:
    """A data file: a row per place and period."""
    rng = np.random.default_rng(seed)
    lines = [separator.join(("place", "period", "count", "arm", "distance_m"))]
    for arm, change in ARMS.items():
        for j in range(n):
            mean = rng.gamma(4, 4)
            distance = {"treated": 0, "buffer": 100}.get(arm, 1500)
            for t in range(periods):
                count = rng.poisson(mean * (change if t >= periods // 2 else 1))
                lines.append(separator.join(map(str, (f"{arm} {j}", t + 1, count, arm, distance))))
    return "\n".join(lines) + "\n"


def plan_file(folder: Path, secondary=ALL, **tables: str) -> Path:
    file = folder / "design.toml"
    answer = f"secondary = {json.dumps(secondary)}"
    places = "treated = 4\ncontrol = 4\nbuffer_m = [250]"
    base = {"data__places": places, "data__timing": "pre = 6\npost = 6", "answer": answer}
    file.write_text(edited(GOOD, **{**base, **tables}), encoding="utf-8")
    return file


@pytest.fixture
def case(tmp_path):
    data = tmp_path / "counts.csv"
    data.write_text(counts(), encoding="utf-8")
    return data, plan_file(tmp_path)


def test_counts_are_read_as_written(case):
    data, plan = case
    panel = read_panel(str(data), load_design(plan))
    table = pd.read_csv(data)
    assert panel.counts.shape == (1, 16, 12)
    assert panel.counts.sum() == table["count"].sum()
    assert panel.periods == tuple(str(t) for t in range(1, 13)), "periods sort as numbers"
    treated = table[(table.arm == "treated") & (table.period <= 6)]["count"].sum()
    assert panel.area_sums(0)[0][0] == treated


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_a_byte_order_mark(separator, tmp_path):
    plain, other = tmp_path / "a.csv", tmp_path / "b.csv"
    plain.write_text(counts(), encoding="utf-8")
    other.write_text(counts(separator=separator), encoding="utf-8-sig")
    design = load_design(plan_file(tmp_path))
    assert (read_panel(str(plain), design).counts == read_panel(str(other), design).counts).all()


@pytest.mark.parametrize(
    ("names", "in_time"),
    [
        (["10", "9", "2"], ["2", "9", "10"]),
        (["2026-10", "2026-9", "2025-12"], ["2025-12", "2026-9", "2026-10"]),
        (["2026-03-02", "2026-02-28"], ["2026-02-28", "2026-03-02"]),
        (["2026Q2", "2025Q4"], ["2025Q4", "2026Q2"]),
        (["after", "before"], ["before", "after"]),
    ],
)
def test_periods_are_in_order_of_time(names, in_time):
    rows = [Row(i + 2, "a", name, 1.0, "treated", {}) for i, name in enumerate(names)]
    assert in_order("x.csv", rows) == in_time


@pytest.mark.parametrize("names", [["Jan", "Feb"], ["1", "Feb"], ["2026-03", "4"]])
def test_periods_without_an_order_are_refused(names):
    rows = [Row(i + 2, "a", name, 1.0, "treated", {}) for i, name in enumerate(names)]
    with pytest.raises(OdssimError, match=r"x\.csv:[23]: period = .*must be a number below 1000, a time that begins"):
        in_order("x.csv", rows)


BAD = [
    (4, "treated 0,3,-2,treated,0", "4: count = '-2': must be at least 0"),
    (4, "treated 0,3,2.5,treated,0", "4: count"),
    (4, "treated 0,3,many,treated,0", "4: count = 'many': must be a number"),
    (4, "treated 0,3,,treated,0", "4: count = '': must be a number"),
    (4, "treated 0,2,5,treated,0", "4: place treated 0 has period 2 twice, first in row 3"),
    (4, "treated 0,3,5,control,0", '4: arm = "control": place treated 0 has treated in row 2'),
    (4, "treated 0,3,5,treatd,0", "buffer_control, far, unused; did you mean 'treated'?"),
    (4, "treated 0,3,5,x,0", "4: arm = 'x': must be one of treated, control, buffer, buffer_control, far, unused"),
    (4, "treated 0,3,5,treated,9", "4: distance_m = 9.0: place treated 0 has 0.0 in row 2"),
    (4, "treated 0,3,5,treated", "4: the row has 4 cells, the header 5"),
    (4, ",3,5,treated,0", "4: place = '': is empty"),
    (1, "place,period,cuont,arm,distance_m", "1: cuont: no such column; did you mean 'count'?"),
    (1, "place,period,block,arm,distance_m", "1: column 'count' is missing"),
    (4, None, "place treated 0 has no row for period 3; write 0 if none were counted"),
]


@pytest.mark.parametrize(("line", "text", "message"), BAD)
def test_a_bad_row_is_named_by_its_number(line, text, message, tmp_path):
    lines = counts().splitlines()
    lines[line - 1 : line] = [] if text is None else [text]
    data = tmp_path / "bad.csv"
    data.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_panel(str(data), load_design(plan_file(tmp_path)))
    assert message in str(caught.value)
    assert all(line.isprintable() for line in str(caught.value).split("\n"))


def test_all_rows_that_do_not_fit_are_told(tmp_path):
    rows = counts().splitlines()
    del rows[12], rows[3]
    (tmp_path / "bad.csv").write_text("\n".join([*rows, rows[1], rows[2].replace(",treated", ",control")]), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_panel(str(tmp_path / "bad.csv"), load_design(plan_file(tmp_path)))
    lines = str(caught.value).split("\n")
    assert sum("has no row for period" in line for line in lines) == 2
    assert sum("twice, first in row" in line for line in lines) == 2
    assert sum("a place keeps its arm" in line for line in lines) == 1


def test_only_the_periods_of_another_kind_than_most_are_named():
    names = ["2024-02-30", "2026-03", "2026-04", "5", "2026-06"]
    rows = [Row(i + 2, "a", name, 1.0, "treated", {}) for i, name in enumerate(names)]
    with pytest.raises(ScenarioError) as caught:
        in_order("x.csv", rows)
    assert [fault.line for fault in caught.value.each] == [2, 5]


def test_periods_must_be_as_many_as_planned(case, tmp_path):
    with pytest.raises(ScenarioError, match=r"has 12 periods, the design 13 \(6 before, 1 left out, 6 after\)"):
        read_panel(str(case[0]), load_design(plan_file(tmp_path, data__timing="pre = 6\npost = 6\nwashout = 1")))


def test_a_bad_file_gives_exit_code_two_and_writes_nothing(case, tmp_path):
    data, plan = case
    data.write_text("place,period\n", encoding="utf-8")
    command = [sys.executable, "-m", "odssim", "estimate", str(data), "--design", str(plan), "--out", "o", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0].startswith(f"{data}:1: column 'count' is missing")
    assert not (tmp_path / "o").exists()


def test_estimates_of_real_counts_are_those_of_the_planned_estimators(case):
    data, plan = case
    design = load_design(plan)
    panel = read_panel(str(data), design)
    found = analyse(panel, design)
    rows = {(row["estimator"], row["area"]): row for row in found.rows}
    assert found.rows[0]["role"] == "primary"
    assert {name for name, _ in rows} == set(design.estimators)
    (rb, ra), (cb, ca) = ((b[0], a[0]) for b, a in (panel.area_sums(0), panel.area_sums(1)))
    log = np.log(ra / rb / (ca / cb))
    for name in ("permutation", "poisson_did", "rirr", "nb_did"):
        assert rows[name, "target"]["estimate"] == pytest.approx(log)
    assert rows["permutation", "target"]["p"] >= 2 / 70 - 1e-12
    buffer = tuple(float(sums[0]) for sums in panel.area_sums(2))
    assert found.measures["wdq"] == pytest.approx(pop_measures((rb, ra), buffer, (cb, ca)).wdq)
    assert any("the smaller arm has" in text for text in found.warnings), "the design's warnings"
    assert any(text.startswith("time_series: ") for text in found.warnings), "the estimators' warnings"


def test_counts_that_are_all_equal_give_no_answer_and_the_reason_and_no_negative_nought(case):
    data, plan = case
    head, *rows = counts().splitlines()
    data.write_text("\n".join([head, *(re.sub(r"^([^,]*,\d+),\d+", r"\1,6", row) for row in rows)]) + "\n", encoding="utf-8")
    design = load_design(plan)
    found = analyse(read_panel(str(data), design), design)
    verdicts = {row["estimator"]: row["verdict"] for row in found.rows if row["verdict"]}
    assert verdicts["wdd"] == verdicts["rirr"] == "no answer"
    for name in ("wdd", "rirr"):
        assert f"{name}: {warning('all_alike')}" in found.warnings
    numbers = [value for row in found.rows for value in row.values() if isinstance(value, float) and value == 0]
    assert numbers
    assert [value for value in numbers if str(value) != "0.0"] == []


def test_a_blocked_lottery_is_that_of_the_column_block(tmp_path):
    rows = list(csv.reader(io.StringIO(counts(3))))
    block = {"0": "north", "1": "north", "2": "south"}
    text = "\n".join(",".join([*row, "block" if i == 0 else block[row[0][-1]]]) for i, row in enumerate(rows))
    data = tmp_path / "blocks.csv"
    data.write_text(text, encoding="utf-8")
    lot, places = 'mechanism = "blocked"\nblock_sizes = [[2, 2], [1, 1]]', "treated = 3\ncontrol = 3\nbuffer_m = [250]"
    design = load_design(plan_file(tmp_path, ["rirr"], data__assignment=lot, data__places=places))
    found = analyse(read_panel(str(data), design), design)
    # north 2 of 4, south 1 of 2: twelve assignments
    assert found.rows[0]["p"] * 12 == pytest.approx(round(found.rows[0]["p"] * 12))


def test_districts_of_a_saturation_design_are_those_of_the_column_block(tmp_path):
    lines = ["place,period,count,arm,block"]
    change = {"treated": -4, "control": 2, "clean": 0}
    for district in range(4):
        for j in range(4):
            kind = "clean" if district > 1 else "treated" if j < 2 else "control"
            for t in range(1, 13):
                count = 20 + district + j + (change[kind] if t > 6 else 0)
                lines.append(f"{district}-{j},{t},{count},{'treated' if kind == 'treated' else 'control'},{district}")
    data = tmp_path / "districts.csv"
    data.write_text("\n".join(lines), encoding="utf-8")
    lot = 'mechanism = "saturation"\nsaturations = [0.0, 0.0, 0.5, 0.5]'
    places, answers = "treated = 4\ncontrol = 12", 'primary = "saturation"'
    design = load_design(plan_file(tmp_path, [], data__assignment=lot, data__places=places, answer=answers))
    found = analyse(read_panel(str(data), design), design)
    assert [(row["area"], row["estimate"]) for row in found.rows] == [("target", -96.0), ("buffer", 48.0), ("both", -48.0)]
    assert any("untreated places of districts" in text for text in found.warnings)


def test_the_wdq_is_not_read_without_a_fall(tmp_path):
    lines = [line for line in counts(seed=2).splitlines() if not line.startswith("treated")]
    lines += [f"treated {j},{t},10,treated,0" for j in range(4) for t in range(1, 13)]
    data = tmp_path / "flat.csv"
    data.write_text("\n".join(lines), encoding="utf-8")
    done = CliRunner().invoke(app, ["estimate", str(data), "--design", str(plan_file(tmp_path, ["rirr"]))])
    assert done.exit_code == 0, done.output
    assert "WDQ is not to be read: no detectable fall" in done.stdout


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hand-over")
    (folder / "counts.csv").write_text(counts(), encoding="utf-8")
    design = load_design(plan_file(folder))
    panel = read_panel(str(folder / "counts.csv"), design)
    result = analyse(panel, design)
    write_hand_over(design, panel, result, folder / "out")
    return folder / "out", design, panel, result


def test_the_panel_is_the_same_in_csv_and_stata(handed):
    folder, _, panel, _ = handed
    table, stata = pd.read_csv(folder / "panel.csv"), pd.read_stata(folder / "panel.dta")
    assert len(table) == panel.n_places * panel.n_periods
    assert table["count"].tolist() == stata["count"].tolist() == panel.counts[0].astype(int).ravel().tolist()
    assert table["arm"].tolist() == stata["arm"].tolist()
    assert table.loc[table.treated_after == 1, ["arm", "when"]].drop_duplicates().values.tolist() == [["treated", "after"]]


def live_cells(path):
    """Return the column of results of the sheet `measures`, evaluated by another program than wrote it."""
    import formulas

    cells = formulas.ExcelModel().loads(str(path)).finish().calculate()
    found = {key.split("!")[1]: cells[key].value[0, 0] for key in cells if "MEASURES'!B" in key.upper() and ":" not in key}
    return {name: value if isinstance(value, str) else float(value) for name, value in found.items()}


def odd_panel(case: int):
    """Return counts with arms and periods of unequal numbers and lengths; in some an arm or its counts are missing."""
    rng = np.random.default_rng(100 + case)
    sizes = rng.integers(1, 6, 4)
    sizes[3] *= case != 3
    sizes[2:] *= case != 4
    sizes[1] *= case != 6
    pre, washout, post = rng.integers(1, 9), rng.integers(0, 3), rng.integers(1, 9)
    counts = rng.poisson(rng.gamma(4, 3, (sizes.sum(), 1)), (sizes.sum(), pre + washout + post))
    if case == 5:
        counts[: sizes[0], pre:] = 0
    names = tuple(f"=1+1 {j}" for j in range(sizes.sum()))
    return make_panel(counts, np.repeat(range(4), sizes), start=int(pre), washout=int(washout), places=names)


@pytest.mark.parametrize("case", range(7))
def test_the_spreadsheet_gives_the_numbers_of_the_estimators(case, tmp_path):
    panel, path, phi = odd_panel(case), tmp_path / "x.xlsx", 1.0 + case / 4
    write_spreadsheet(panel_table(panel), path, phi)
    live = live_cells(path)
    wdd, rirr = (answer(name, panel, Plan(dispersion=phi)) for name in ("wdd", "rirr"))
    pairs = [(wdd.overall, "B10", "B11"), (wdd.target, "B15", "B16"), (rirr.target, "B17", "B18")]
    for found, estimate, se in pairs:
        expected = [NO_ANSWER] * 2 if found is None or not found.ok[0] else [found.estimate[0], found.se[0]]
        for cell, value in zip((estimate, se), expected, strict=True):
            assert live[cell] == (value if isinstance(value, str) else pytest.approx(value, rel=1e-9, abs=1e-9))
    assert (live["B10"] == NO_ANSWER) == (case in (3, 4, 6))
    assert (live["B17"] == NO_ANSWER) == (case in (5, 6))


def test_nothing_changes_in_the_spreadsheet_where_nothing_changed(tmp_path):
    """Twelve periods before and six after at the same level: no difference, whatever the numbers of places."""
    panel = make_panel(np.full((7, 18), 20.0), np.repeat([0, 1, 2, 3], [1, 3, 1, 2]), start=12)
    write_spreadsheet(panel_table(panel), tmp_path / "x.xlsx")
    live = live_cells(tmp_path / "x.xlsx")
    assert [live[f"B{row}"] for row in (10, 12, 15, 17, 22, 23, 26)] == [0.0] * 7


def test_the_formulas_of_the_spreadsheet_evaluate_to_the_measures(handed):
    """Evaluated by another program than wrote them, and equal to the values stored for viewers that do not."""
    import openpyxl

    folder, _, panel, _ = handed
    live = live_cells(folder / "formulas.xlsx")
    expected = formula_values(counts_of(panel_table(panel)))
    stored = openpyxl.load_workbook(folder / "formulas.xlsx", data_only=True)["measures"]
    for row, ((label, _), value) in enumerate(zip(FORMULAS, expected, strict=True), start=FIRST_FORMULA):
        shown = live[f"B{row}"]
        assert shown == (value if isinstance(value, str) else pytest.approx(value, rel=1e-9)), label
        assert stored.cell(row, 2).value == (value if isinstance(value, str) else pytest.approx(value))
    assert len(FORMULAS) == len(expected) == 17


def test_the_spreadsheet_gives_no_wdq_without_a_fall(tmp_path):
    counts = {"treated": (100, 100), "control": (100, 100), "buffer": (100, 90), "buffer_control": (100, 100)}
    rows = [("p", w, n[i], arm, w) for arm, n in counts.items() for i, w in enumerate(("before", "after"))]
    write_spreadsheet(pd.DataFrame(rows, columns=["place", "period", "count", "arm", "when"]), tmp_path / "x.xlsx")
    assert live_cells(tmp_path / "x.xlsx")["B25"] == "do not read: no detectable fall"


def test_the_plan_says_what_was_decided(handed):
    folder, design, _, _ = handed
    for name in ("plan.md", "plan.html"):
        text = (folder / name).read_text(encoding="utf-8")
        assert design.content_hash in text
        assert "4 treated and 4 control places" in text
        assert "Smallest p that the lottery allows: 0.029" in text
    assert "<script" not in (folder / "plan.html").read_text(encoding="utf-8")


def test_scripts_name_columns_that_the_panel_has(handed):
    folder, design, _, result = handed
    columns = set(pd.read_csv(folder / "panel.csv").columns)
    script = (folder / "estimate.R").read_text(encoding="utf-8")
    assert set(re.findall(r"\bd\$(\w+)", script)) <= columns
    assert design.content_hash in script
    stata = (folder / "estimate.do").read_text(encoding="utf-8")
    assert "xtpoisson count treated_after i.period_id, fe vce(robust)" in stata
    assert json.loads((folder / "estimates.json").read_text())["design"] == result.design


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_the_r_script_gives_the_estimates(handed):
    folder, _, _, result = handed
    done = subprocess.run(["Rscript", "estimate.R"], cwd=folder, capture_output=True, text=True, check=True)
    printed = {line.split()[0]: line.split() for line in done.stdout.splitlines() if line[:1].islower()}
    rows = {row["estimator"]: row for row in result.rows if row["area"] == "target"}
    estimate, se = (float(printed["poisson_did"][i]) for i in (1, 3))
    assert (estimate, se) == pytest.approx((rows["poisson_did"]["estimate"], rows["poisson_did"]["se"]), abs=1e-9)
    assert float(printed["rirr"][3]) == pytest.approx(rows["rirr"]["se"], abs=1e-9)
    # all 70 assignments here, some thousands drawn there
    assert float(printed["permutation"][3]) == pytest.approx(rows["permutation"]["p"], abs=0.03)


def test_the_formula_in_the_r_script_gives_the_estimate(handed):
    """The script's closed form, transcribed: no R is needed to see that it is the same."""
    folder, _, _, result = handed
    d = pd.read_csv(folder / "panel.csv")

    def one_arm(arm):
        sums = d[d.arm == arm].pivot_table(index="place", columns="when", values="count", aggfunc="sum")
        n, p = (sums.after + sums.before).to_numpy(), sums.after.sum() / (sums.after + sums.before).sum()
        w, k = n / n.sum(), len(n)
        influence = (sums.after - n * p) / (n.sum() * p * (1 - p) * (1 - w))
        scores = np.outer(w / (1 - w), w / (1 - w)) * (np.eye(k) - np.add.outer(w, w) + (w**2).sum())
        df = np.trace(scores) ** 2 / (scores**2).sum()
        return np.log(sums.after.sum() / sums.before.sum()), (k - 1) / k * (influence**2).sum(), (w**2).sum(), df

    (t, vt, st, dt), (c, vc, sc, dc) = one_arm("treated"), one_arm("control")
    row = next(r for r in result.rows if (r["estimator"], r["area"]) == ("poisson_did", "target"))
    assert (row["estimate"], row["se"]) == pytest.approx((t - c, np.sqrt(vt + vc)))
    df = (st + sc) ** 2 / (st**2 / dt + sc**2 / dc)
    assert row["p"] == pytest.approx(2 * student.sf(abs(row["estimate"] / row["se"]), df))


def test_the_tutorial_runs(tmp_path, monkeypatch):
    text = TUTORIAL.read_text(encoding="utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, re.S) for line in block.splitlines()]
    assert len(commands) == 7
    monkeypatch.chdir(tmp_path)
    (tmp_path / "counts.csv").write_text(counts(4, 24), encoding="utf-8")
    for command in commands:
        words = shlex.split(command)
        assert words[0] == "odssim"
        done = CliRunner().invoke(app, words[1:])
        assert done.exit_code == 0, done.output
        for quoted in re.findall(r"^> (.*)$", text, re.M) if "check two" in command else []:
            assert quoted in done.stdout
    assert {"plan.html", "estimate.R", "formulas.xlsx"} <= {path.name for path in (tmp_path / "register").iterdir()}
    assert {"panel.csv", "panel.dta", "estimates.json"} <= {path.name for path in (tmp_path / "handover").iterdir()}
