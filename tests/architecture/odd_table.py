"""The table of parameters at the end of ODD.md: made from the declarations, checked by a test.

``make pages`` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

from odssim.core.declare import Parameter
from odssim.engine.build import PARAMETERS

ODD = Path(__file__).parents[2] / "ODD.md"
HEADING = "## 9 Parameters\n"


def row(p: Parameter) -> str:
    """Return the table row of one parameter."""
    default = ", ".join(f"{v:g}" for v in p.defaults)
    by = f" by {', '.join(p.by)}" if 0 < len(p.by) <= 4 else " by substance and weekday" if p.by else ""
    return f"| `{p.id}` | {default} | {p.unit} | {p.low:g}..{p.high:g} | {p.status} | {p.source} | {p.meaning}{by} |"


def table() -> str:
    """Return the heading and the table of every parameter."""
    lines = [
        HEADING,
        "Sources: A.., B.., C.., D.., F.. and rows are those of `docs/facts.md`.\n",
        "| id | default | unit | range | status | source | meaning |",
        "|---|---|---|---|---|---|---|",
        *(row(p) for p in sorted(PARAMETERS, key=lambda p: p.id)),
    ]
    return "\n".join(lines) + "\n"


def written() -> str:
    """Return ODD.md up to the table."""
    text = ODD.read_text(encoding="utf-8")
    return text.split(HEADING)[0].rstrip("\n") + "\n\n"


if __name__ == "__main__":
    ODD.write_text(written() + table(), encoding="utf-8")
