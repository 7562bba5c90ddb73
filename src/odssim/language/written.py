"""How numbers, counts and lists are written, in the reader's language: the one formatter of all that is printed."""

import math
from collections.abc import Sequence

from odssim.language import counting, language, marked, say

THIN_SPACE = "\u202f"
"""Narrow no-break space: between thousands, and before a per cent sign."""
MINUS = "\u2212"
UNKNOWN = "-"
"""What stands in place of any number that is not known (None)."""
DECIMAL_MARK = {"en": ".", "sv": ","}
SMALL_NUMBERS = marked("no one two three four five six seven eight nine ten eleven twelve")
MILLION = 1e6


def grouped(value: float | None, decimals: int = 0) -> str:
    """Return a number with thin spaces between thousands and a true minus sign."""
    if value is None:
        return UNKNOWN
    text = f"{value:,.{decimals}f}".replace(",", THIN_SPACE).replace(".", DECIMAL_MARK[language()])
    is_negative_zero = text.startswith("-") and not any(digit in text for digit in "123456789")
    return text[1:] if is_negative_zero else text.replace("-", MINUS)


def number(value: float | None) -> str:
    """Return a number as one reads it: 12 345, 123, 12.3, 1.23, 0.83, 0.017; millions in words.

    Nothing but zero is shown as "0".
    """
    if value is None:
        return UNKNOWN
    size = abs(value)
    if size >= MILLION:
        millions = _trimmed(value / MILLION, 0 if size >= 100 * MILLION else 1)
        return counting(2 - (millions == "1"), "{n} million", "{n} million", n=millions)
    if size >= 99.95 or size == 0:
        return grouped(value)
    if size >= 9.995:
        return _trimmed(value, 1)
    return _trimmed(value, 2 if size >= 1 else 1 - math.floor(math.log10(size)))


def figures(value: float, n: int = 3) -> str:
    """Return a number with `n` figures, more where it has more digits before its mark: 12 345, 123, 12.3, 0.0123."""
    decimals = n - 1 - math.floor(math.log10(abs(value))) if value else 0
    return _trimmed(value, max(0, decimals))


def rough(value: float) -> str:
    """Return a number rounded to two figures, for "about one in ..."."""
    if value < 10:
        return number(round(value, 1))
    return number(round(value, 1 - math.floor(math.log10(value))))


def signed(value: float | None) -> str:
    """Return a number with its sign, or "±0"."""
    text = number(value)
    return f"±{text}" if text == "0" else text if text.startswith(MINUS) or value is None else f"+{text}"


def _trimmed(value: float, decimals: int) -> str:
    text, mark = grouped(value, decimals), DECIMAL_MARK[language()]
    return text.rstrip("0").rstrip(mark) if mark in text else text


def percent(share: float | None) -> str:
    """Return a share as whole per cent; below 10 % with one decimal, never a positive share as 0 %."""
    if share is None:
        return UNKNOWN
    value = 100 * share
    if 0 < value < 0.05:
        return say("under {share}", share=f"{grouped(0.1, 1)}{THIN_SPACE}%")
    if 99.5 <= value < 100:
        return say("over {share}", share=f"99{THIN_SPACE}%")
    return f"{_trimmed(value, 1 if abs(value) < 9.95 else 0)}{THIN_SPACE}%"


def change(share: float | None) -> str:
    """Return a relative change as signed whole per cent, or "±0 %"."""
    if share is None:
        return UNKNOWN
    value = round(100 * share)
    sign = "+" if value > 0 else "±" if value == 0 else ""
    return f"{sign}{grouped(value)}{THIN_SPACE}%"


def signed_percent(value: float | None) -> str:
    """Return a change in per cent with its sign: whole from 10 on, else with one decimal."""
    if value is None:
        return UNKNOWN
    return f"{signed(round(value, 1 if abs(value) < 9.95 else 0))}{THIN_SPACE}%"


def in_words(n: float) -> str:
    """Return a count: "no", "one" .. "twelve", then figures."""
    whole = round(n)
    names = say(SMALL_NUMBERS).split()
    return names[whole] if whole < len(names) else number(whole)


def counted(n: float, one: str, many: str) -> str:
    """Return `one` or `many` with ``{n}`` in words: "no arrests", "one arrest" or "12 345 arrests"."""
    return counting(n, one, many, n=in_words(n))


def p_text(p: float) -> str:
    """Return a p value as it is written: < 0.001, else three decimals."""
    return f"< {grouped(0.001, 3)}" if p < 0.001 else grouped(p, 3)


def capitalised(sentence: str) -> str:
    """Return the sentence with its first letter in upper case, the rest untouched."""
    return sentence[:1].upper() + sentence[1:]


def joined(parts: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(parts) == 1:
        return parts[0]
    return say("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])


def said_range(low: str, high: str) -> str:
    """Return "low to high"."""
    return say("{low} to {high}", low=low, high=high)
