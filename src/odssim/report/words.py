"""Numbers, dates and names as they are shown to readers, in their language."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

from odssim.language import counting, language, marked, say

THIN_SPACE = "\u202f"
"""Narrow no-break space: between thousands, and before a per cent sign."""
MINUS = "\u2212"
DECIMAL_MARK = {"en": ".", "sv": ","}
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
SMALL_NUMBERS = marked("no one two three four five six seven eight nine ten eleven twelve")
MONTHS = marked("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
MILLION = 1e6


def grouped(value: float, decimals: int = 0) -> str:
    """Return a number with thin spaces between thousands and a true minus sign."""
    text = f"{value:,.{decimals}f}".replace(",", THIN_SPACE).replace(".", DECIMAL_MARK[language()])
    is_negative_zero = text.startswith("-") and not any(digit in text for digit in "123456789")
    return text[1:] if is_negative_zero else text.replace("-", MINUS)


def number(value: float) -> str:
    """Return a number as one reads it: 12 345, 123, 12.3, 1.23, 0.83, 0.017; millions in words.

    Nothing but zero is shown as "0".
    """
    size = abs(value)
    if size >= MILLION:
        millions = _trimmed(value / MILLION, 0 if size >= 100 * MILLION else 1)
        return counting(2 - (millions == "1"), "{n} million", "{n} million", n=millions)
    if size >= 99.95 or size == 0:
        return grouped(value)
    if size >= 9.995:
        return _trimmed(value, 1)
    return _trimmed(value, 2 if size >= 1 else 1 - math.floor(math.log10(size)))


def rough(value: float) -> str:
    """Return a number rounded to two figures, for "about one in ..."."""
    if value < 10:
        return number(round(value, 1))
    return number(round(value, 1 - math.floor(math.log10(value))))


def signed(value: float) -> str:
    """Return a number with its sign, or "±0"."""
    text = number(value)
    return f"±{text}" if text == "0" else text if text.startswith(MINUS) else f"+{text}"


def _trimmed(value: float, decimals: int) -> str:
    text, mark = grouped(value, decimals), DECIMAL_MARK[language()]
    return text.rstrip("0").rstrip(mark) if mark in text else text


def percent(share: float) -> str:
    """Return a share as whole per cent; below 10 % with one decimal, never a positive share as 0 %."""
    value = 100 * share
    if 0 < value < 0.05:
        return say("under {share}", share=f"{grouped(0.1, 1)}{THIN_SPACE}%")
    if 99.5 <= value < 100:
        return say("over {share}", share=f"99{THIN_SPACE}%")
    return f"{_trimmed(value, 1 if abs(value) < 9.95 else 0)}{THIN_SPACE}%"


def change(share: float) -> str:
    """Return a relative change as signed whole per cent, or "±0 %"."""
    value = round(100 * share)
    sign = "+" if value > 0 else "±" if value == 0 else ""
    return f"{sign}{grouped(value)}{THIN_SPACE}%"


def in_words(n: float) -> str:
    """Return a count: "no", "one" .. "twelve", then figures."""
    whole = round(n)
    names = say(SMALL_NUMBERS).split()
    return names[whole] if whole < len(names) else number(whole)


def counted(n: float, one: str, many: str) -> str:
    """Return `one` or `many` with ``{n}`` in words: "no arrests", "one arrest" or "12 345 arrests"."""
    return counting(n, one, many, n=in_words(n))


def capitalised(sentence: str) -> str:
    """Return the sentence with its first letter in upper case, the rest untouched."""
    return sentence[:1].upper() + sentence[1:]


def joined(parts: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(parts) == 1:
        return parts[0]
    return say("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])


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
