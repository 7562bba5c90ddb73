"""``--help`` in the language of the environment: the texts of commands and options, said once they are known."""

from collections.abc import Iterator
from typing import Any

import typer

from odssim.language import LANGUAGES, language, say


def in_language(app: typer.Typer) -> Any:
    """Return the command line with its help in the language that is spoken."""
    command = typer.main.get_command(app)
    if language() != LANGUAGES[0]:
        for holder, name in help_texts(command):
            setattr(holder, name, say(getattr(holder, name)))
    return command


def help_texts(command: Any) -> Iterator[tuple[Any, str]]:
    """Yield every text of a command, its options and the commands below it, as (what holds it, attribute)."""
    for holder, names in ((command, ("help", "short_help")), *((one, ("help",)) for one in command.params)):
        for name in names:
            if getattr(holder, name, None):
                yield holder, name
    for below in getattr(command, "commands", {}).values():
        yield from help_texts(below)
