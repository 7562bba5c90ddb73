"""Wrong use of the command line, reported on one line like every other fault."""

from typing import Any

import typer

from odssim.errors import ScenarioError, Sentence
from odssim.language import marked

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What every such fault derives from, wherever the typer at hand keeps it."""
SAID = (
    marked("Option '{given}' requires an argument."), marked("Option '{given}' does not take a value."),
    marked("Got unexpected extra argument(s) ({given})"), marked("Input should be a valid integer"),
    marked("Input should be a valid number"), marked("Input should be greater than or equal to {given}"),
    marked("Input should be less than or equal to {given}"), marked("Missing command."),
)  # fmt: skip
"""What typer says, for the catalogue."""


def fault_of(error: Any) -> ScenarioError | None:
    """Return wrong use as a fault with the nearest option or command; None where help was printed for lack of words."""
    from odssim.scenario.faults import nearest

    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return None
    said = error.format_message()
    if said.startswith("No such option"):
        options = [name for one in error.ctx.command.params for name in one.opts if name.startswith("--")]
        name = error.option_name
        return ScenarioError("no such option", key=name, remedy=nearest(name, [*options, "--help"]))
    if said.startswith("No such command"):
        word = said.split("'")[1]
        return ScenarioError("no such command", key=word, remedy=nearest(word, list(error.ctx.command.commands)))
    param = getattr(error, "param", None)
    if param is None:
        return ScenarioError(_sentence(said))
    name = param.opts[0] if param.opts[0].startswith("-") else param.metavar or param.name.upper()
    if said.startswith("Missing"):
        return ScenarioError("is missing", key=name)
    return ScenarioError(_sentence(error.message.split(", unable")[0]), key=name)


def _sentence(said: str) -> Sentence:
    """Return what typer says as one of `SAID` with its value."""
    for template in SAID:
        before, value, after = template.partition("{given}")
        if value and said.startswith(before) and said.endswith(after):
            return Sentence(template, given=said[len(before) : len(said) - len(after)])
    return Sentence(said)
