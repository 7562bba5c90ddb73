"""The command that serves the live page."""

from typing import Annotated

import typer

from odssim.cli.output import message


def serve_app(
    scenario: Annotated[
        str | None, typer.Argument(metavar="[SCENARIO]", help="A scenario file, or town, new-town, city; default: town.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 lets the system choose.")] = 8321,
    host: Annotated[str, typer.Option(help="Address to bind to; others reach only what you name here.")] = "127.0.0.1",
    in_class: Annotated[
        bool, typer.Option("--class", help="One town for all: the teacher's link steers, the class's link watches.")
    ] = False,
    origin: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="Address of the page behind a proxy, as https://example.org; repeatable."),
    ] = None,
    base_path: Annotated[str, typer.Option(metavar="PATH", help="Path of the page behind a proxy, as /odssim.")] = "",
) -> None:
    """Serve the live page: a city that moves, interventions placed while it runs, lessons."""
    from odssim.app.serve import check_extra, serve
    from odssim.app.sources import sources

    check_extra()
    worlds = sources(scenario)
    first = scenario or "town"
    if first in worlds:
        worlds = {first: worlds[first], **worlds}
    else:
        from odssim.cli.inputs import read_scenario

        read_scenario(first)  # faults are reported before anything is served
    serve(worlds, host=host, port=port, in_class=in_class, tell=message, origins=origin or (), base_path=base_path)
