"""Markdown with lines of at most 120 signs."""

import re
import textwrap

WIDTH = 120
MARKER = re.compile(r" (?=(?:[-+*>#|=]+|\d+[.)]) )")
"""A blank before what would begin a list, a heading or a table at the start of a line."""


def wrapped(item: str) -> str:
    """Return a paragraph or an item of a list, broken between words; what follows its first line is set in."""
    marker = re.match(r"(?:- |\d+\. )?", item)[0]
    rest = MARKER.sub("\0", item[len(marker) :])
    told = textwrap.fill(marker + rest, WIDTH, subsequent_indent=" " * len(marker), break_long_words=False,
                         break_on_hyphens=False)  # fmt: skip
    return told.replace("\0", " ")
