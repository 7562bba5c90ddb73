"""What commands take: a scenario with the values from the command line, checked against its city."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from odssim.cli import completion
from odssim.language import checked_language, speak

if TYPE_CHECKING:
    from odssim.scenario import Scenario

ScenarioFile = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO", help="A scenario file (TOML), or a shipped one's name.", autocompletion=completion.scenarios
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Set one key, dotted for keys inside; repeatable.",
        autocompletion=completion.settings,
    ),
]
Seed = Annotated[int | None, typer.Option(help="Seed, in place of the scenario's.")]
Days = Annotated[int | None, typer.Option(help="Days to simulate, in place of the scenario's.")]


def _speak(given: str | None) -> str | None:
    """Say everything in the language given, from here on; without one the environment has chosen."""
    if given is not None:
        speak(checked_language(given))
    return given


Language = Annotated[
    str | None, typer.Option(
        metavar="en|sv", help="Language of what is printed; else ODSSIM_LANGUAGE, else English.", callback=_speak,
        is_eager=True,  # so that a fault in another option is reported in it
    ),
]  # fmt: skip
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; default: the cores at hand.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the numbers as JSON on standard output.")]


def read_scenario(file: str, sets: list[str] | None = None, seed: int | None = None, days: int | None = None) -> Scenario:
    """Return the scenario of a file with ``--set``, ``--seed`` and ``--days`` above it.

    Raises ScenarioError: if the file, a value or a place named in it is wrong; nothing has been simulated or written
    then.
    """
    from odssim.engine.build import PARAMETERS
    from odssim.interventions import CATALOGUE
    from odssim.scenario import load

    overrides = list(sets or [])
    if seed is not None:
        overrides.append(f"seed={seed}")
    if days is not None:
        overrides.append(f"days={days}")
    scenario = load(file, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=overrides)
    if scenario.known_activity or not isinstance(scenario.city, str) or any(spec.places for spec in scenario.interventions):
        from odssim.city.load import load_city
        from odssim.engine.known_activity import check_in_city

        check_in_city(scenario, load_city(scenario.city))
    return scenario
