"""The command that begins an extension: ``odssim new intervention ID`` writes the file that an intervention is."""

import re
from pathlib import Path
from typing import Annotated

import typer

from odssim.cli.output import message
from odssim.cli.writing import check_out_files
from odssim.language import say

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Begin an extension: write what can be written of it.")
NEW_ID = r"[a-z][a-z0-9_]{2,31}"


@app.callback()
def new() -> None:
    """Begin an extension: write what can be written of it."""


@app.command("intervention", short_help="Write the file of a new intervention.")
def intervention(
    entry_id: Annotated[str, typer.Argument(metavar="ID", help="Small letters, digits and _: noise_walks.")],
    lever: Annotated[str, typer.Option(metavar="visits|place", help="What it moves.")] = "visits",
    folder: Annotated[Path, typer.Option("--folder", help="Where to write ID.toml.")] = Path(),
) -> None:
    """Write ID.toml with every key that an entry of the catalogue has; docs/extending.md says where it goes."""
    from odssim.core.files import write_files
    from odssim.core.reading import read_text
    from odssim.errors import ScenarioError
    from odssim.interventions import CATALOGUE
    from odssim.interventions.catalogue import FOLDER, read_entry
    from odssim.scenario.faults import nearest

    templates = {file.stem: file for file in (FOLDER / "new").glob("*.toml")}
    if re.fullmatch(NEW_ID, entry_id) is None:
        raise ScenarioError("must be 3 to 32 small letters, digits and _", key="ID", value=entry_id)
    if entry_id in CATALOGUE:
        raise ScenarioError("is in the catalogue already", key="ID", value=entry_id)
    if lever not in templates:
        raise ScenarioError("has no template", key="--lever", value=lever, remedy=nearest(lever, sorted(templates)))
    file = folder / f"{entry_id}.toml"
    check_out_files([file], key="ID")
    text = read_text(templates[lever]).replace("NAME", entry_id.replace("_", " ").capitalize())
    write_files({file: text.encode()}, key="ID", check=lambda name: read_entry(Path(name)))
    message(say("{file} written; docs/extending.md says where it goes", file=file))
