"""Where a command writes: refused before its work begins, held until it ends, and reported when it is replaced."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path

from odssim.cli.output import message
from odssim.core.reading import note_inputs, replaces
from odssim.errors import ScenarioError
from odssim.language import say

MOST_NAMES = 8
_until_the_end: ContextVar[ExitStack | None] = ContextVar("until_the_end", default=None)


@contextmanager
def one_command() -> Iterator[None]:
    """Let the folders that a command has claimed go when it ends."""
    note_inputs()
    with ExitStack() as stack:
        token = _until_the_end.set(stack)
        try:
            yield
        finally:
            _until_the_end.reset(token)


def claim_folder(folder: Path, key: str = "--out") -> None:
    """Refuse a results folder that may not be replaced, and hold it to the end of the command."""
    from odssim.core.files import check_folder

    stack = _until_the_end.get()
    if stack is None:  # a command called as a function
        check_folder(folder, key)
    else:
        stack.enter_context(_reported_claim(folder, key))


@contextmanager
def _reported_claim(folder: Path, key: str) -> Iterator[None]:
    from odssim.core.files import claimed

    with claimed(folder, key) as claim:
        replaces(claim.path)
        try:
            yield
        finally:
            if claim.gone:
                names = ", ".join((*claim.gone[:MOST_NAMES], *(["..."] if len(claim.gone) > MOST_NAMES else [])))
                message(say("went with the earlier results in {folder}: {names}", folder=folder, names=names))


def check_out_files(files: Iterable[Path], ending: str = "", key: str = "--out", *, force: bool = False) -> None:
    """Refuse output files that cannot be written, or are the user's own, before anything is read."""
    from odssim.core.files import check_files

    for file in files:
        if ending and file.suffix != ending:
            raise ScenarioError("must end with {ending}", key=key, value=str(file), ending=ending)
        check_files([file], key, force=force)
