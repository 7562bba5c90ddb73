"""What is said of each pattern: the mechanism that makes it, the protocol, and what switches the mechanism off."""

from odssim.core.package_data import declared
from odssim.validation.patterns.findings import Page

*PAGES, EXTRA = declared(__package__, "patterns.toml", "pattern", Page)
"""The thirteen patterns in order, and the identities of a market."""


def page_of(pattern: str) -> Page:
    """Return the page of a pattern's id."""
    return next(page for page in (*PAGES, EXTRA) if page.id == pattern)
