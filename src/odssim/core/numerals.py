"""Numbers as people write them, either decimal mark, marks between thousands, what is ambiguous about them."""

import re
from collections.abc import Iterable, Mapping

_GAP = "[\\s'\u2019]"
"""Between thousands: any space, or an apostrophe."""


def _forms(decimal: str, thousands: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return a number without marks between thousands, and one with them."""
    end = f"(?:[{decimal}][0-9]+)?"
    plain = rf"[+-]?(?:[0-9]+[{decimal}]?[0-9]*|[{decimal}][0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?"
    return re.compile(plain), re.compile(rf"[+-]?[1-9][0-9]{{0,2}}(?:{thousands}[0-9]{{3}})+{end}")


_FORMS = {mark: [_forms(mark, between) for between in (other, _GAP)] for mark, other in ((".", ","), (",", "[.]"))}


def readings(text: str) -> dict[str, float]:
    """Return every number that a text may stand for, by the decimal mark with which it does; none if it is none.

    ``9.000`` may be 9 or 9000; ``1,234.5``, ``0.125``, ``1234.567`` and ``1 000`` each are one number.
    """
    text, found = text.replace("\u2212", "-"), {}
    for mark, forms in _FORMS.items():
        for plain, grouped in forms:
            if plain.fullmatch(text) or grouped.fullmatch(text):
                digits = re.sub(r"[^-+0-9eE" + mark + "]", "", text)
                found[mark] = float(digits.replace(mark, "."))
    return found


def decimal_mark(texts: Iterable[str]) -> str | None:
    """Return the decimal mark that the numbers of a column agree on, None where they do not tell."""
    marks: set[str] = set()
    for text in texts:
        found = readings(text)
        if len(set(found.values())) == 1 and len(found) == 1:
            marks |= found.keys()
    return marks.pop() if len(marks) == 1 else None


def within(found: Mapping[str, float], low: float, high: float, mark: str | None) -> set[float]:
    """Return the readings that lie within a range, by the column's decimal mark if it is known."""
    values = {value for key, value in found.items() if mark is None or key == mark}
    fitting = {value for value in values if low <= value <= high}
    return fitting or values
