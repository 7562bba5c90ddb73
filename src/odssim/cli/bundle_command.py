"""The command that packs the model for an archive such as CoMSES."""

from pathlib import Path
from typing import Annotated

import typer

from odssim.cli.output import message


def bundle(
    out: Annotated[Path, typer.Option(help="The archive to write, FILE.zip.")],
    root: Annotated[Path, typer.Option(help="The source checkout; default: the current folder.")] = Path(),
) -> None:
    """Pack code, ODD, documents, scenarios, licence, citation and codemeta.json; the same sources give the same bytes."""
    from odssim.report.bundle import write_bundle

    n = write_bundle(root, out)
    message(f"{n} files in {out}")
