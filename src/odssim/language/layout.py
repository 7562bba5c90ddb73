"""Tables of text that fit a terminal of a hundred columns."""

from collections.abc import Sequence
from textwrap import wrap

WIDTH = 100
GAP = "  "


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Return aligned lines: the first `left` columns and the last to the left, the others to the right.

    The first column is cut so that no line is longer than `WIDTH`.
    """
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    room = WIDTH - sum(widths[1:]) - len(GAP) * (len(head) - 1)
    widths[0] = max(8, min(widths[0], room))
    lines = []
    for row in cells:
        parts = [
            cut(cell, width).ljust(width) if k < left or k == len(head) - 1 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(GAP.join(parts).rstrip())
    return lines


def cut(text: str, width: int) -> str:
    """Return `text`, or its beginning with an ellipsis if it is longer than `width`."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def folded(lines: Sequence[str]) -> list[str]:
    """Return the lines with sentences folded at `WIDTH`; what fits, and empty lines, stay as they are."""
    return [part for line in lines for part in (wrap(line, WIDTH) if len(line) > WIDTH else [line])]
