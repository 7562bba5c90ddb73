"""Counts are held against the registered design, and analysed as the design was tried."""

import json
from dataclasses import fields

import numpy as np
import pytest
from typer.testing import CliRunner

from odssim.cli.app import app
from odssim.errors import FaultsError, OdssimError, ScenarioError
from odssim.evaluation.counts.analyse import analyse, data_plan
from odssim.evaluation.counts.data_file import read_panel
from odssim.evaluation.design.analysis_plan import mechanism_of
from odssim.evaluation.design.design_file import load_design
from odssim.evaluation.trial.score import setup_of

TREATED, CONTROL = ["kaj", "torg", "park"], ["gata", "port", "bro"]
DESIGN = """
[design]
id = "held"
[data]
indicators = ["recorded_offences"]
places = {{ {places} }}
timing = {{ {timing} }}
{data}
[answer]
{answer}
{rest}
"""
PARTS = {
    "places": f"treated = 3, control = 3, treated_names = {json.dumps(TREATED)}, control_names = {json.dumps(CONTROL)}",
    "timing": "pre = 4, post = 3, start = 2024-03-01", "data": "", "answer": 'primary = "permutation"', "rest": "",
}  # fmt: skip
MONTHS = ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04", "2024-05"]


def design_of(folder, **parts):
    path = folder / "held.toml"
    path.write_text(DESIGN.format(**PARTS | parts), encoding="utf-8")
    return load_design(path)


def table(arms, periods=MONTHS, **columns):
    """Return rows of a data file; further columns are a text per place, or per place and period."""
    rng = np.random.default_rng(5)
    lines = [",".join(["place", "period", "count", "arm", *columns])]
    for place, arm in arms.items():
        for t, period in enumerate(periods):
            more = [column[place][t] if isinstance(column[place], list) else column[place] for column in columns.values()]
            lines.append(",".join(map(str, [place, period, rng.poisson(14), arm, *more])))
    return "\n".join(lines) + "\n"


ARMS = dict.fromkeys(TREATED, "treated") | dict.fromkeys(CONTROL, "control")


def said(folder, text, design) -> list[str]:
    """Return the lines with which a file is refused, without its name; none if it is read."""
    file = folder / "counts.csv"
    file.write_text(text, encoding="utf-8")
    try:
        read_panel(str(file), design)
    except OdssimError as error:
        return str(error).replace(str(file), "").splitlines()
    return []


def test_counts_as_registered_are_read_and_it_is_told_what_was_compared(tmp_path):
    design = design_of(tmp_path)
    (tmp_path / "counts.csv").write_text(table(ARMS, indicator=dict.fromkeys(ARMS, "recorded_offences")), encoding="utf-8")
    found = analyse(read_panel(str(tmp_path / "counts.csv"), design), design)
    assert (found.checked, found.unchecked) == (["numbers of places", "names", "periods", "start", "indicator"], [])
    command = ["estimate", str(tmp_path / "counts.csv"), "--design", design.file, "--out", str(tmp_path / "o")]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    line = f"hash {design.content_hash}: numbers of places, names, periods, start, indicator"
    assert line in done.stdout
    assert line in (tmp_path / "o" / "plan.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "o" / "estimates.json").read_text())["checked"] == found.checked


def test_what_is_not_registered_is_said_not_to_have_been_compared(tmp_path):
    design = design_of(tmp_path, places="treated = 3, control = 3, buffer_m = [200]", timing="pre = 4, post = 3")
    (tmp_path / "c.csv").write_text(table(ARMS), encoding="utf-8")
    panel = read_panel(str(tmp_path / "c.csv"), design)
    assert [text.split(" (")[0] for text in panel.unchecked] == ["names", "surroundings", "start", "indicator"]
    numbered = read_panel(_written(tmp_path, table(ARMS, range(1, 8))), design_of(tmp_path))
    assert any("carry no dates" in text for text in numbered.unchecked)


def _written(folder, text) -> str:
    (folder / "d.csv").write_text(text, encoding="utf-8")
    return str(folder / "d.csv")


ONE = "places"
MISMATCHES = [
    ({"kaj": None}, {}, ["treated place kaj of the design has no counts; declare it in [amended]"]),
    ({"kaj": "control", "bro": "treated"}, {}, [
        ":2: arm = 'control': place kaj is treated in the design",
        ":37: arm = 'treated': place bro is control in the design",
    ]),
    ({"torg": None, "torget": "treated"}, {}, ["place = 'torget': is no treated place of the design; did you mean 'torg'?",
                                               "treated place torg of the design has no counts"]),
    ({"kaj": None, "hamn": "control"}, {ONE: "treated = 3, control = 3"}, [
        "has 2 treated places (torg, park), the design 3", "has 4 control places (gata, port, bro, hamn), the design 3",
    ]),
    ({"kaj, near": "buffer"}, {}, ["arm = 'buffer': data.places.buffer_m of the design has no surroundings"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "parts", "lines"), MISMATCHES)
def test_other_places_and_arms_are_named(change, parts, lines, tmp_path):
    arms = {k.replace(",", ""): v for k, v in (ARMS | change).items() if v is not None}
    found = said(tmp_path, table(arms), design_of(tmp_path, **parts))
    assert len(found) == len(lines)
    for line in lines:
        assert any(line in text for text in found), found


TIMES = [
    (["2023-12", *MONTHS[2:], "2024-06"], {}, [":6: period = '2024-04': the design starts on 2024-03-01: this"]),
    ([*MONTHS[:3], *MONTHS[4:], "2024-06"], {}, [":5: period = '2024-03': is not the month after 2024-01",
                                                "the design starts on 2024-03-01"]),
    (MONTHS[:-1], {}, ["has 6 periods, the design 7 (4 before, 0 left out, 3 after)"]),
    ([f"2024W{w:02}" for w in range(5, 12)], {}, [":2: period = '2024W05': is a week, the design counts by the month"]),
    ([1, 2, 3, 5, 6, 7, 8], {}, ["period = '5': is not the month after 3"]),
    ([f"2024W{w:02}" for w in range(5, 12)], {"timing": 'period = "week", pre = 4, post = 3, start = 2024-03-06'}, [
        ":6: period = '2024W09': the design starts on 2024-03-06: this is"]),
]  # fmt: skip


@pytest.mark.parametrize(("periods", "parts", "lines"), TIMES)
def test_other_periods_and_another_start_are_named(periods, parts, lines, tmp_path):
    found = said(tmp_path, table(ARMS, periods), design_of(tmp_path, **parts))
    assert len(found) == len(lines), found
    for line, text in zip(lines, found, strict=True):
        assert line in text


@pytest.mark.parametrize(
    "periods", [MONTHS, [f"{m}-01" for m in MONTHS], [-4, -3, -2, -1, 1, 2, 3], [m.replace("-", "M") for m in MONTHS]]
)
def test_periods_written_otherwise_agree(periods, tmp_path):
    assert said(tmp_path, table(ARMS, periods), design_of(tmp_path)) == []


def test_weeks_by_their_dates_agree(tmp_path):
    days = ["2024-02-05", "2024-02-12", "2024-02-19", "2024-02-26", "2024-03-04", "2024-03-11", "2024-03-18"]
    weekly = design_of(tmp_path, timing='period = "week", pre = 4, post = 3, start = 2024-03-06')
    assert said(tmp_path, table(ARMS, days), weekly) == []
    assert said(tmp_path, table(ARMS, [f"2024W{w:02}" for w in range(6, 13)]), weekly) == []


def test_all_mismatches_come_in_one_go(tmp_path):
    arms = {name: "control" if arm == "treated" else "treated" for name, arm in ARMS.items()}
    (tmp_path / "c.csv").write_text(table(arms, ["2023-12", *MONTHS[2:], "2024-06"]), encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        read_panel(str(tmp_path / "c.csv"), design_of(tmp_path))
    assert len(str(caught.value).splitlines()) == 7
    many = dict.fromkeys((f"p{j}" for j in range(40)), "treated")
    assert len(said(tmp_path, table(many), design_of(tmp_path))) == 20


PAIRS = {"data": 'assignment = { mechanism = "paired" }'}


def test_pairs_blocks_and_districts_are_compared(tmp_path):
    block = dict(zip(ARMS, "abcabc", strict=True))
    assert said(tmp_path, table(ARMS, block=block), design_of(tmp_path, **PAIRS)) == []
    (line,) = said(tmp_path, table(ARMS), design_of(tmp_path, **PAIRS))
    assert "block: is missing" in line


def test_pairs_of_other_sizes_are_refused(tmp_path):
    block = dict(zip(ARMS, "aabbcc", strict=True))
    (line,) = said(tmp_path, table(ARMS, block=block), design_of(tmp_path, **PAIRS))
    assert "has blocks of a 2+0, b 1+1, c 0+2 treated+control places, the design of 1+1, 1+1, 1+1" in line
    sized = 'assignment = { mechanism = "blocked", block_sizes = [[2, 1], [1, 2]] }'
    blocks = dict(zip(ARMS, "aababb", strict=True))
    assert said(tmp_path, table(ARMS, block=blocks), design_of(tmp_path, data=sized)) == []
    assert len(said(tmp_path, table(ARMS, block=blocks | {"kaj": "b"}), design_of(tmp_path, data=sized))) == 1


def test_turns_are_compared(tmp_path):
    lot, answer = 'assignment = { mechanism = "crossover" }', 'primary = "crossover"'
    design = design_of(tmp_path, data=lot, answer=answer, places="treated = 6", timing="pre = 4, post = 3")
    arms = dict.fromkeys(ARMS, "treated")
    (line,) = said(tmp_path, table(arms), design)
    assert "dose: is missing: the design lets places take turns" in line
    turns = [(1, 0, 1), (1, 1, 0), (1, 1, 1), *3 * [(0, 1, 1)]]
    on = {name: [0, 0, 0, 0, *turn] for name, turn in zip(arms, turns, strict=True)}
    found = said(tmp_path, table(arms, dose=on), design)
    assert [line.split("period = ")[1] for line in found] == [
        "'2024-04': has 5 places on, the design 3",
        "'2024-05': has 5 places on, the design 3",
    ]


def test_a_lost_place_is_declared_and_told(tmp_path):
    text = table({name: arm for name, arm in ARMS.items() if name != "bro"})
    plain = design_of(tmp_path)
    design = design_of(tmp_path, rest='[amended]\nlost_control = ["bro"]\nwhy = "closed for building work"')
    assert design.content_hash == plain.content_hash
    assert said(tmp_path, text, design) == []
    found = analyse(read_panel(str(tmp_path / "counts.csv"), design), design)
    assert found.design["amended"] == {"lost_control": ["bro"], "why": "closed for building work"}
    assert any("bro lost (closed for building work)" in text for text in found.warnings)
    assert found.rows[0]["p"] * 10 == pytest.approx(round(found.rows[0]["p"] * 10)), "3 of 5 were drawn"
    assert "is declared lost" in said(tmp_path, table(ARMS), design)[0]
    for rest, rule in (('lost_control = ["bro"]', "say why"), ('lost_control = ["ö"]\nwhy = "x"', "no place .*: ö")):
        with pytest.raises(ScenarioError, match=rule):
            design_of(tmp_path, rest=f"[amended]\n{rest}")


LOTS = [
    "", 'mechanism = "blocked", blocks = 2', 'mechanism = "paired"', 'mechanism = "hand_picked"',
    'mechanism = "saturation", saturations = [0.0, 0.5]',
]  # fmt: skip


@pytest.mark.parametrize("lot", LOTS)
def test_the_analysis_applied_is_the_one_tried(lot, tmp_path):
    """The plan of a trial and that of real counts, key by key; places stand in another order in the file."""
    answer = 'primary = "permutation"\nalpha = 0.1\ndispersion_known = 1.7\ns_max = 0.4\ndraws = 250'
    n = "treated = 2, control = 6" if "saturation" in lot else "treated = 4, control = 4"
    design = design_of(
        tmp_path, places=f"{n}, buffer_m = [150], exclude_within_m = 700, displacement_range_m = 900", answer=answer,
        timing="pre = 4, post = 2, washout = 1", data=f"assignment = {{ {lot} }}",
    )  # fmt: skip
    tried = setup_of(design).plan
    arm = "ttcccccc" if "saturation" in lot else "tctcctct"
    block = "aaaabbbb" if "saturation" in lot else "abba" * 2 if "blocked" in lot else "aabbccdd"
    names = {f"p{j}": {"t": "treated", "c": "control"}[arm[j]] for j in range(8)}
    file = _written(tmp_path, table(names, block=dict(zip(names, block, strict=True))))
    applied = data_plan(read_panel(file, design), design)
    for one in fields(tried):
        if one.name not in ("mechanism", "intervals"):
            assert getattr(applied, one.name) == getattr(tried, one.name), one.name
    assert type(applied.mechanism) is type(tried.mechanism)
    if tried.mechanism is not None:
        assert applied.mechanism.n_assignments() == tried.mechanism.n_assignments() == mechanism_of(design).n_assignments()
        here = np.bincount(applied.mechanism.block, minlength=8)
        assert sorted(here) == sorted(np.bincount(tried.mechanism.block, minlength=8))
