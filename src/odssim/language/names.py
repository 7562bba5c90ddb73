"""Dates and names as they are shown to readers, in their language."""

from collections.abc import Sequence
from datetime import date, timedelta

from odssim.core.outcomes import NOUNS
from odssim.language import marked, say

CITY_TITLES = {
    "stockholm-city": marked("City of Stockholm"),
    "stockholm-county": marked("Stockholm county"),
    "teaching-town": marked("Teaching town"),
}
"""Shipped cities by name; a city of one's own is called what its owner calls it."""
CITY_IN_TEXT = {
    "stockholm-city": marked("the City of Stockholm"),
    "stockholm-county": marked("Stockholm county"),
    "teaching-town": marked("the teaching town"),
}
MONTHS = marked("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")


def city_title(name: str) -> str:
    """Return a city's name for titles."""
    return say(CITY_TITLES.get(name, name))


def city_in_text(name: str) -> str:
    """Return a city's name inside a sentence."""
    return say(CITY_IN_TEXT.get(name, name))


def day_text(day: date) -> str:
    """Return "1 Apr 2018", the same in every locale of the machine."""
    return f"{day.day} {say(MONTHS).split()[day.month - 1]} {day.year}"


def is_year(days: Sequence[date]) -> bool:
    """Tell whether the days are twelve whole months."""
    after = days[-1] + timedelta(days=1)
    return (after.month, after.day, after.year) == (days[0].month, days[0].day, days[0].year + 1)


def period(days: Sequence[date]) -> str:
    """Return the span of consecutive days: "2018", "1 Jan 2018" or "1 Jan to 30 Jun 2018"."""
    first, last = days[0], days[-1]
    if is_year(days) and first.month == first.day == 1:
        return str(first.year)
    if first == last:
        return day_text(first)
    start = day_text(first) if first.year != last.year else day_text(first).rsplit(" ", 1)[0]
    return say("{first} to {last}", first=start, last=day_text(last))


def noun(outcome: str) -> str:
    """Return what an outcome is called."""
    return say(NOUNS.get(outcome, outcome.replace("_", " ")))
