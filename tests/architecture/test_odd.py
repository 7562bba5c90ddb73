"""ODD.md and the code name the same things: submodels, parameters, draws, events, the schedule."""

import re
from pathlib import Path

from architecture.source import ROOT
from odssim import rules
from odssim.engine.build import DRAWS, PARAMETERS
from odssim.engine.schedule import MIDNIGHT, MORNING
from odssim.interventions import costs
from odssim.observe import instruments
from odssim.world import codes

ODD = (ROOT / "ODD.md").read_text(encoding="utf-8")
IN_ENGINE = {"levers"}
"""Headings of what the engine does ahead of the rules."""
HELPERS = {"explore"}
"""Rule files without a heading of their own: shared by several submodels."""
ONLY_AT_START = ("population.", "search.station_weight", "search.footfall_power")
"""What only the making of the population reads; its formulas stand in `population/`."""
ONLY_IN_ACCOUNTS = {
    "patrol.cost_camera_sek_year", "patrol.cost_police_sek_h", "patrol.cost_volunteer_sek_h",
    "supply.cost_interception_sek", *(p.id for p in costs.PARAMETERS), *(p.id for p in instruments.PARAMETERS),
}  # fmt: skip
"""What only the accounts and the instruments read."""


def section(heading: str) -> str:
    """Return the text below a `## ` heading."""
    return ODD.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]


def named() -> set[str]:
    """Return every `rule.name` in the text before the table of parameters."""
    prefixes = {p.id.split(".")[0] for p in PARAMETERS}
    words = set(re.findall(r"\b([a-z]+\.[a-z][a-z_0-9]*)", ODD.split("\n## 9 Parameters")[0]))
    return {word for word in words if word.split(".")[0] in prefixes and not word.endswith(".py")}


def test_every_submodel_has_its_file_and_every_file_its_heading():
    headings = re.findall(r"^### (\w+)$", section("7 Submodels"), re.MULTILINE)
    files = {path.stem for path in Path(rules.__file__).parent.glob("[a-z]*.py")}
    assert set(headings) - IN_ENGINE == files - HELPERS
    order = [module.__name__.split(".")[-1] for module in rules.RULES]
    assert [h for h in headings if h not in IN_ENGINE] == [name for name in order if name not in HELPERS]


def test_every_name_in_the_text_exists():
    assert named() - {p.id for p in PARAMETERS} - set(DRAWS) == set()


def test_every_parameter_of_a_rule_is_in_the_text():
    missing = {p.id for p in PARAMETERS if not p.id.startswith(ONLY_AT_START)} - named()
    assert missing == ONLY_IN_ACCOUNTS


def test_every_draw_of_a_rule_is_in_the_text():
    assert {name for name in rules.DRAWS if name not in named()} == {"order"}
    assert "draw word `order`" in ODD


def test_the_table_of_events_is_that_of_the_code():
    rows = re.findall(r"^\| (\d) \| ([A-Z_0-9, ]+) \|$", section("3 Process"), re.MULTILINE)
    found = {}
    for phase, kinds in rows:
        for name, code in re.findall(r"([A-Z_]+) (\d+)", kinds):
            assert codes.Event[name] == int(code)
            found[int(code)] = int(phase)
    assert tuple(found[code] for code in sorted(found)) == tuple(kind.phase for kind in codes.Event)


def test_midnight_runs_in_the_order_of_the_text():
    line = re.search(r"in this order:\n([a-z, ]+)\.", section("3 Process"))
    order = line.group(1).split(", ")
    order.remove("recording")  # closes the day; the engine's caller does it
    assert order == [name for name, _ in (*MIDNIGHT, *MORNING)]
    assert all(rule.__module__ == f"odssim.rules.{name}" for name, rule in (*MIDNIGHT, *MORNING))


def test_every_line_of_the_log_is_described():
    log = ODD.split("*Log*", 1)[1]
    assert [name for name in codes.LOG if name not in log] == []
