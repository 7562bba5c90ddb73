"""What commands print: tables or JSON on standard output, messages and progress on standard error."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from odssim.language import language, say
from odssim.language.written import DECIMAL_MARK, p_text

Progress = Callable[[int, int], None]
P_COLUMNS = ("p", "p_verdict")


def print_json(value: object) -> None:
    """Print one JSON document."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False, default=str)
    sys.stdout.write("\n")


def print_rows(rows: Sequence[Mapping[str, object]], as_json: bool) -> None:
    """Print rows of equal keys as a table, or as a JSON list."""
    if as_json:
        print_json(list(rows))
        return
    if not rows:
        message(say("nothing found"))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*rows[0], box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(_text(name, value) for name, value in row.items()))
    # a pipe has no width of its own: there, a line is as long as its row
    Console(width=None if sys.stdout.isatty() else 200, markup=False, highlight=False).print(table)


def _text(name: str, value: object) -> str:
    """Return a cell in the language of the reader; never a negative zero, p as it is written."""
    if not isinstance(value, float):
        return "" if value is None else str(value)
    return p_text(value) if name in P_COLUMNS else f"{value:z.6g}".replace(".", DECIMAL_MARK[language()])


def message(text: str) -> None:
    """Print one line on standard error."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """Yield a function (done, total) that moves a bar on standard error; silent where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
