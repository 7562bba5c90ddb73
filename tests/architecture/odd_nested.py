"""The nested ODD: one ODD of seven elements for every rule, made from its docstring, its declarations and the schedule.

``make pages`` writes docs/odd-rules.md anew; a test compares.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

from architecture.odd_table import row
from architecture.wrapped import wrapped
from odssim import rules
from odssim.engine import day
from odssim.engine.schedule import MIDNIGHT, MORNING
from odssim.world.codes import Event

PAGE = Path(__file__).parents[2] / "docs" / "odd-rules.md"
SUBMODELS = tuple(module for module in rules.RULES if not module.__name__.endswith(".explore"))
"""All rules but the helper that several of them share."""
HEAD = """# Nested ODD: the rules, one by one

Every rule is a small model. This page gives each the seven elements of the ODD protocol (Grimm et al. 2020).
It is made from the code: docstrings, declarations and the schedule (`make pages`; a test compares).
The exact formulas, with the order of candidates and the packing of draws, are in [`ODD.md`](../ODD.md), section 7.
The columns that a rule reads and writes are those that its own lines do; what it does by calling another rule
stands there. What each column means: [`state.md`](state.md).
"""


def section(module: ModuleType, name: str) -> str:
    """Return a section of a rule's docstring on one line."""
    found = re.search(rf"^{name}\n((?:    .*\n?|\n)+)", str(module.__doc__), re.MULTILINE)
    assert found, f"{module.__name__} has no section {name}"
    return " ".join(found.group(1).split())


def events(name: str) -> list[str]:
    """Return the kinds of events that a rule handles, in the order of their codes."""
    handlers = re.findall(rf"\b{name}\.on_([a-z_]+)\(", Path(day.__file__).read_text(encoding="utf-8"))
    names = {h.upper() if h.upper() in Event.__members__ else f"SELLER_{h.upper()}" for h in handlers}
    return sorted(names, key=lambda kind: Event[kind])


def schedule(name: str) -> str:
    """Return when a rule acts."""
    order = [rule for rule, _ in (*MIDNIGHT, *MORNING)]
    parts = [f"midnight, {order.index(name) + 1} of {len(order)}"] if name in order else []
    kinds = events(name)
    if kinds:
        parts.append("events " + ", ".join(f"{kind} (phase {Event[kind].phase})" for kind in kinds))
    return "; ".join(parts) or "called by other rules"


def elements(module: ModuleType) -> list[str]:
    """Return the seven elements of one rule."""
    name, n = module.__name__.split(".")[-1], len(getattr(module, "PARAMETERS", ()))
    return [
        f"1. **Purpose.** {section(module, 'Rule')}",
        f"2. **Entities, state variables.** Reads: {section(module, 'Reads')} Writes: {section(module, 'Writes')}",
        f"3. **Process, scheduling.** {schedule(name)}.",
        f"4. **Design concepts.** Stochasticity: {section(module, 'Draws')} Limits: {section(module, 'Limits')}",
        "5. **Initialisation.** " + (f"{n} parameters, below." if n else "No parameters of its own."),
        f"6. **Input data.** None at run time. Sources: {section(module, 'Sources')}",
        f"7. **Submodel.** {section(module, 'Formula')}",
    ]


def page_of(module: ModuleType) -> list[str]:
    """Return the lines of one rule."""
    lines = [f"\n## {module.__name__.split('.')[-1]}\n", *map(wrapped, elements(module))]
    if parameters := getattr(module, "PARAMETERS", ()):
        lines += ["", "| id | default | unit | range | status | source | meaning |", "|---|---|---|---|---|---|---|"]
        lines += [row(p) for p in sorted(parameters, key=lambda p: p.id)]
    return lines


def written() -> str:
    """Return the whole page."""
    lines = [line for module in SUBMODELS for line in page_of(module)]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
