"""Periods of counts as people write them: numbers, years, quarters, months, weeks, dates, or before and after."""

import re
from datetime import date
from typing import NamedTuple

WORDS = {"before": 0, "pre": 0, "washout": 1, "after": 2, "post": 2}
"""Periods that are words, in order of time."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Four digits in this range are a year."""
_YEAR, _GAP, _TWO = "([0-9]{4})", "[-/. ]?", "([0-9]{2})"
FORMS = {
    "year": re.compile(_YEAR),
    "quarter": re.compile(f"{_YEAR}{_GAP}[QqKk]([1-4])"),
    "week": re.compile(f"{_YEAR}{_GAP}[WwVv]([0-9]{{1,2}})"),
    "month": re.compile(f"{_YEAR}(?:[-/ ]|{_GAP}[Mm])([0-9]{{1,2}})|{_YEAR}{_TWO}"),
    "day": re.compile(f"{_YEAR}[-/]([0-9]{{1,2}})[-/]([0-9]{{1,2}})|{_YEAR}{_TWO}{_TWO}"),
}
"""Kinds of periods that know their time; without a mark a month has two digits, so that 20251 is none."""
PER_YEAR = {"year": 1, "quarter": 4, "month": 12}


class Period(NamedTuple):
    """A period: its kind and its number in time; calendar periods that follow each other differ by one."""

    kind: str
    number: float


def period_of(text: str) -> Period | None:
    """Return the period that a text stands for, None if it is none or its place in time is in doubt."""
    if text.casefold() in WORDS:
        return Period("word", WORDS[text.casefold()])
    if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]+)?", text):
        return Period("number", float(text))
    for kind, form in FORMS.items():
        if found := form.fullmatch(text):
            year, part, day = (int(digits) for digits in (*filter(None, found.groups()), "1", "1")[:3])
            number = _number(kind, year, part, day)
            if number is not None:
                return Period(kind, number)
    return None


def _number(kind: str, year: int, part: int, day: int) -> float | None:
    """Return the number of a calendar period, None if the calendar has none such."""
    if not FIRST_YEAR <= year <= LAST_YEAR or part > (53 if kind == "week" else 12):
        return None
    try:
        if kind == "week":
            return (date.fromisocalendar(year, part, 1).toordinal() - 1) // 7
        if kind == "day":
            return date(year, part, day).toordinal()
    except ValueError:
        return None
    return None if part < 1 else year * PER_YEAR[kind] + part - 1
