"""The commands of ``odssim``, in the order in which ``--help`` lists them."""

import typer

from odssim.cli import (
    app_command,
    batch_command,
    calibrate_command,
    city_commands,
    claims_command,
    compare_command,
    demo_command,
    design_command,
    design_run_command,
    doctor_command,
    look,
    new_command,
    preset_command,
    report_command,
    scenes_command,
    sensitivity_command,
    simulate,
    validate_command,
)

app = typer.Typer(
    name="odssim",
    help="Open drug scenes in a city, and what a planned mix of interventions would change.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: importing rich would double the time it takes
)
app.command("run", short_help="Simulate one scenario.")(simulate.run)
app.command("compare", short_help="Compare scenarios, seed by seed.")(compare_command.compare)
app.add_typer(batch_command.app, name="batch", short_help="Run a study: worlds x mixes x replicates, resumable.")
app.command("sensitivity", short_help="Which uncertain parameters matter.")(sensitivity_command.sensitivity)
app.command("calibrate", short_help="Rule parameter values out; leave an ensemble.")(calibrate_command.calibrate)
app.command("validate", short_help="Compare the model with published patterns.")(validate_command.validate)
app.command("preset", short_help="Run a mechanism of the literature.")(preset_command.preset)
app.command("claims", short_help="Test the handbook's claims.")(claims_command.claims)
app.command("scenes", short_help="A run's scenes: ten indicators, and what stops deals there.")(scenes_command.scenes)
app.add_typer(design_command.design_app, name="design", help="Designs of evaluations: new, check, plan, run, search.")
design_command.design_app.command("run", short_help="Try designs on simulated cities.")(design_run_command.run)
design_command.design_app.command("search", short_help="Choose a design under a budget.")(design_run_command.search)
app.command("estimate", short_help="Run a design's analysis on real counts.")(design_command.estimate)
app.command("app", short_help="Serve the live page: a city that moves, lessons, methods placed while it runs.")(
    app_command.serve_app
)
app.command("demo", short_help="Show everything once, in about a minute.")(demo_command.demo)
app.command("doctor", short_help="Say what is missing on this machine and how to mend it.")(doctor_command.doctor)
app.command("report", short_help="Write a report on a run, a comparison, a study or designs.")(report_command.report)
app.command("replay", short_help="Replay a run in one HTML file.")(report_command.replay)
app.command("catalogue", short_help="List the interventions, or print one.")(look.catalogue)
app.command("schema", short_help="Print the JSON schema of a scenario or a study.")(look.schema)
app.command("where", short_help="Where something stands: a name, or a question in words.")(look.where)
app.command("parameters", short_help="List the parameters: value, range, unit, status, source.")(look.parameters)
app.command("outcomes", short_help="List the outcomes: unit, sum or mean, meaning.")(look.outcomes)
app.command("show", short_help="Check a scenario and print it.")(look.show)
app.add_typer(new_command.app, name="new", short_help="Begin an extension: a new intervention.")
app.command("bundle", short_help="Pack code, ODD and scenarios for an archive of models.")(report_command.bundle)

app.add_typer(city_commands.app, short_help="One's own city: a folder to begin with, a check, a map.")


def _print_version(wanted: bool) -> None:
    if wanted:
        from odssim import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def odssim(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and leave."
    ),
) -> None:
    """Open drug scenes in a city, and what a planned mix of interventions would change."""
