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
TO_FILL_IN = {
    "label_en": '"NAME"',
    "label_sv": '"NAME"',
    "handbook": '"own: where the method is described"',
    "mechanism": '"""\\\nWho does what where, and what offenders, targets and guardians notice of it. No effect size: '
    'effects come from behaviour."""',
    "grade": '"assumption"               # several studies, few studies, cases, assumption',
    "evidence": '"What is known, by row of docs/facts.md or by publication; a guess says assumption."',
    "harms": '"Whom it may hurt, and how."',
    "not_modelled": '"What of it the model leaves out."',
}
"""What belongs in the keys that are the new method's own; the others are those of the entry it begins with."""
HINTS = {
    "expected": 'outcome = "-", "+" or "0": tested in scenarios, never an input',
    "visits": "who comes: police, volunteer, guard or outreach; refer, may_search, may_arrest, stay_until_done = true",
    "defaults": "of the options of all visits; src/odssim/interventions/visits.toml gives each with its range",
}


@app.callback()
def new() -> None:
    """Begin an extension: write what can be written of it."""


@app.command("intervention", short_help="Write the file of a new intervention.")
def intervention(
    entry_id: Annotated[str, typer.Argument(metavar="ID", help="Small letters, digits and _: noise_walks.")],
    like: Annotated[
        str, typer.Option(metavar="ENTRY", help="The entry of the catalogue whose lever and options it begins with.")
    ] = "guards_and_hosts",
    folder: Annotated[Path, typer.Option("--folder", help="Where to write ID.toml.")] = Path(),
) -> None:
    """Write ID.toml with every key that an entry of the catalogue has; docs/extending.md says where it goes."""
    from odssim.core.files import write_files
    from odssim.core.reading import read_text
    from odssim.errors import ScenarioError
    from odssim.interventions import CATALOGUE
    from odssim.interventions.catalogue import file_of, read_entry
    from odssim.scenario.faults import nearest

    if re.fullmatch(NEW_ID, entry_id) is None:
        raise ScenarioError("must be 3 to 32 small letters, digits and _", key="ID", value=entry_id)
    if entry_id in CATALOGUE:
        raise ScenarioError("is in the catalogue already", key="ID", value=entry_id)
    if like not in CATALOGUE:
        raise ScenarioError("is not in the catalogue", key="--like", value=like, remedy=nearest(like, CATALOGUE))
    file = folder / f"{entry_id}.toml"
    check_out_files([file], key="ID")
    text = _begun(read_text(file_of(like)), entry_id.replace("_", " ").capitalize())
    write_files({file: text.encode()}, key="ID", check=lambda name: read_entry(Path(name)))
    message(say("{file} written; docs/extending.md says where it goes", file=file))


def _begun(text: str, name: str) -> str:
    """Return the file of an entry with its own texts to be filled in: what the method is, does and is known to do."""
    text = re.sub(r"^(#.*\n)*(position = .*\n)?", "# NAME: one sentence on what is done.\n", text)
    said = r'("""(?:.|\n)*?"""|"[^"\n]*")[^\n]*'
    for key, wanted in TO_FILL_IN.items():
        found = re.search(rf"^{key} = {said}$", text, re.MULTILINE)
        text = text.replace(found[0], f"{key} = {wanted}", 1) if found else text
    for key, hint in HINTS.items():
        text = re.sub(rf"^({key} = .*)$", rf"# {hint}\n\1", text, flags=re.MULTILINE)
    return text.replace("NAME", name).rstrip() + "\n"
