"""Find a word in everything the model declares, and in the files that hold its rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SEARCHED_FOLDERS = ("rules", "interventions", "observe")
LONGEST_LINE = 90

Row = dict[str, object]


def find(word: str) -> list[Row]:
    """Return rows (kind, where, what) for `word`, declarations first, then lines of source."""
    folded = word.casefold()
    declared = [row for row in _declared() if folded in f"{row['where']} {row['what']}".casefold()]
    return [*declared, *_lines(folded)]


def _declared() -> Iterator[Row]:
    from odssim.engine.build import PARAMETERS
    from odssim.interventions import CATALOGUE
    from odssim.observe.instruments import PERIOD_OUTCOMES
    from odssim.observe.outcomes import OUTCOMES

    for parameter in PARAMETERS:
        value = f"{parameter.default} {parameter.unit}: {parameter.meaning} [{parameter.status}]"
        yield {"kind": "parameter", "where": parameter.id, "what": value}
    for outcome in (*OUTCOMES.values(), *PERIOD_OUTCOMES.values()):
        yield {"kind": "outcome", "where": outcome.id, "what": f"{outcome.unit}: {outcome.meaning}"}
    for entry in CATALOGUE.values():
        yield {"kind": "intervention", "where": entry.id, "what": f"{entry.label_en} / {entry.label_sv}"}
        for option in entry.options:
            yield {"kind": "option", "where": f"{entry.id}.{option.id}", "what": option.meaning}
    yield from _draws()


def _draws() -> Iterator[Row]:
    from odssim.observe.instruments import MODULES
    from odssim.rules import RULES

    for module in (*RULES, *MODULES):
        for name in getattr(module, "DRAWS", ()):
            yield {"kind": "draw", "where": name, "what": f"drawn in {module.__name__}"}


def _lines(folded: str) -> Iterator[Row]:
    package = _package()
    for folder in SEARCHED_FOLDERS:
        for file in sorted((package / folder).glob("*.py")):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
                if folded in line.casefold():
                    where = f"{file.relative_to(package.parent).as_posix()}:{number}"
                    yield {"kind": "line", "where": where, "what": line.strip()[:LONGEST_LINE]}


def _package() -> Path:
    return Path(__file__).parent.parent
