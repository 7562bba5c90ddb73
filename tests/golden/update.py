"""Refresh the golden numbers: `python tests/golden/update.py`.

Refuses unless CHANGELOG.md has a new entry that begins with **Numbers change**, and refuses measures that
are constant, nought or not a number. Prints what changed, in standard deviations between seeds.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from golden.measure import (  # noqa: E402
    FILE,
    SEEDS,
    TEXTS,
    compare,
    differing,
    machine,
    measured,
    numbers_change,
    refusals,
    scenario,
    spread,
)

CHANGELOG = HERE.parents[1] / "CHANGELOG.md"


def fresh() -> dict[str, Any]:
    """Return the goldens of the code as it is; exit if a measure must not be kept."""
    goldens = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in TEXTS:
            runs = [measured(scenario(name, Path(folder)), seed) for seed in SEEDS]
            values = {key: [run[0][key] for run in runs] for key in runs[0][0]}
            faults = refusals(values)
            if faults:
                sys.exit(f"{name}: " + "; ".join(faults))
            measures = {key: {"value": series[0], "sd": spread(series)} for key, series in values.items()}
            goldens[name] = {"columns": runs[0][1], "measures": measures}
    return goldens


def allowed(old: dict[str, Any], goldens: dict[str, Any], entries: list[str]) -> bool:
    """Whether the goldens may replace the old ones: nothing changed, or the changelog has a new entry."""
    return not old or old["goldens"] == goldens or len(entries) > old["numbers_change_entries"]


def main() -> None:
    """Compare, ask the changelog, write."""
    old = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    goldens = fresh()
    entries = numbers_change(CHANGELOG.read_text(encoding="utf-8"))
    for name, golden in goldens.items():
        before = old.get("goldens", {}).get(name, {"measures": {}, "columns": {}})
        lines = compare(before["measures"], golden["measures"])
        other = differing(before["columns"], golden["columns"])
        print(f"{name}: columns that differ: {', '.join(other) or 'none'}", *lines, sep="\n  ")
    if not allowed(old, goldens, entries):
        sys.exit("CHANGELOG.md has no new entry that begins with **Numbers change**: say what changed and why")
    content = {"machine": machine(), "numbers_change_entries": len(entries), "goldens": goldens}
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"written {FILE.name}")


if __name__ == "__main__":
    main()
