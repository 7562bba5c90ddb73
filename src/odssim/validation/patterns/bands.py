"""The bands of all patterns. Sources are rows of docs/facts.md; a band is fixed before the model is looked at.

And what is said of each pattern: the mechanism that makes it, the protocol, what switches it off.
"""

from odssim.core.package_data import declared
from odssim.validation.patterns.findings import Page, Row

PER_100K = {"stockholm-city": (0.6, 1.7), "stockholm-county": (1.4, 3.0)}
"""Band of open drug scenes per 100,000 inhabitants, by city (C4; V2)."""
ANY_CITY = (0.6, 3.0)

ROWS = declared(__package__, "patterns.toml", "row", Row)
"""Every row with the band that holds in any city."""

KNOWN_SHORT = ("V6", "V9 displaced", "V9 diffused", "V10", "V11 violence")
"""Rows known to lie outside their bands; DECISIONS.md tells why (`odssim validate --gate` lets them pass)."""


def row_of(key: str, city: str) -> Row:
    """Return a row with its band in a city."""
    row = next(one for one in ROWS if one.key == key)
    if key != "V2 density":
        return row
    low, high = PER_100K.get(city, ANY_CITY)
    return Row(key, row.text, low, high, row.kind, row.source, 0.0)


def bands(city: str) -> list[tuple[str, str, float, float, str, str]]:
    """Return (key, text, low, high, kind, source) of every row that plain counts of one run give."""
    from odssim.validation.patterns.counts import COUNTED

    rows = [row_of(key, city) for key in COUNTED]
    return [(row.key, row.text, row.low, row.high, row.kind, row.source) for row in rows]


*PAGES, EXTRA = declared(__package__, "patterns.toml", "pattern", Page)
"""The thirteen patterns in order, and the identities of a market."""


def page_of(pattern: str) -> Page:
    """Return the page of a pattern's id."""
    return next(page for page in (*PAGES, EXTRA) if page.id == pattern)
