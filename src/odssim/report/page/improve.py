"""Step 7, analyse and improve: harms to watch, what is assumed and what has a source, honest limits, what next."""

from collections import Counter
from typing import Any

from odssim.engine.build import PARAMETERS
from odssim.language import marked, say
from odssim.language.written import number
from odssim.report.page.blocks import TEXTS, Block, Section, Table, declared_table, table
from odssim.report.page.common import columns, entry_of, label_of
from odssim.report.page.source import Source

STATUS = {"sourced": marked("has a source"), "calibrated": marked("calibrated"), "assumption": marked("assumption")}


def improve(source: Source) -> Section:
    """Return the section."""
    used = list(dict.fromkeys(spec["type"] for _, spec in source.planned))
    blocks: list[Block] = []
    if used:
        blocks += [_harms(used), _not_modelled(used)]
    blocks += [_status_text(source), _status_table(source), *_changed(source), say("Honest limits:")]
    blocks += [f"• {say(limit)}" for limit in TEXTS["limits"]]
    blocks.append(_next(source))
    lead = say(
        "Measures can do harm too, and a model is as good as what it assumes. This step says what to watch, what is"
        " known and what is guessed, and what to do next."
    )
    return Section(say("Analyse and improve"), lead, tuple(blocks))


def _harms(used: list[str]) -> Table:
    rows = [[label_of(kind), say(entry_of(kind).harms)] for kind in used]
    return declared_table("harms", rows)


def _not_modelled(used: list[str]) -> Table:
    rows = [[label_of(kind), say(entry_of(kind).not_modelled)] for kind in used]
    return declared_table("not_modelled", rows)


def _status_text(source: Source) -> str:
    counts = Counter(p.status for p in PARAMETERS)
    return say(
        "Of the model's {n} parameters {sourced} have a source, {calibrated} are calibrated and {assumed} are"
        " assumptions; ODD.md gives each with its range, and odssim where WORD finds it.",
        n=len(PARAMETERS), sourced=counts["sourced"], calibrated=counts["calibrated"], assumed=counts["assumption"],
    )  # fmt: skip


def _status_table(source: Source) -> Table:
    rules = Counter((p.id.split(".")[0], str(p.status)) for p in PARAMETERS)
    heads = columns(
        ("rule", say("Rule"), say("First part of the parameters' ids."), ""),
        *((status, say(text).capitalize(), say("Number of parameters."), "") for status, text in STATUS.items()),
    )
    names = sorted({rule for rule, _ in rules})
    rows = [[name, *(rules[name, status] for status in STATUS)] for name in names]
    return table("status", say("What is assumed and what has a source, by rule"), heads, rows)


def _changed(source: Source) -> list[Table]:
    """Return the parameters that the scenarios set otherwise than the model's default."""
    known = {key: (p, d) for p in PARAMETERS for key, d in zip(p.ids, p.defaults, strict=True)}
    rows: list[list[Any]] = []
    for scenario in source.scenarios:
        for key, value in scenario["parameters"].items():
            if key in known and float(value) != float(known[key][1]):
                p, default = known[key]
                rows.append([scenario["name"], key, value, default, p.unit, say(STATUS[p.status])])
    return [declared_table("changed", rows)] if rows else []


def _next(source: Source) -> str:
    if source.run is not None:
        return say(
            "Next: compare the mix with its base over at least 20 seeds (odssim compare BASE ALT --seeds 20 --out FOLDER),"
            " then make this report of that folder."
        )
    if source.study is not None:
        return say(
            "Next: follow the mixes that are left need by need (odssim compare, 20 seeds), where deals went is counted"
            " there; odssim sensitivity tells which assumption the answer hangs on."
        )
    few = len(source.seeds)
    return say(
        "Next: these are {n} seeds; go on until the differences that matter are known (--precision open_deals:5%), vary"
        " the assumptions that the ranking may hang on, and follow up on the ground with the same indicators.",
        n=number(few),
    )
