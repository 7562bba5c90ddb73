"""The command that runs a mechanism of the literature."""

import json
from pathlib import Path
from typing import Annotated

import typer

from odssim.cli.inputs import AsJson
from odssim.cli.output import message, print_json, print_rows, progress_bar
from odssim.cli.writing import claim_folder

Name = Annotated[str, typer.Argument(metavar="NAME", help="groff, torus or dose.")]
Seeds = Annotated[int | None, typer.Option(min=1, max=10_000, help="Seeds; default: the preset's own.")]
Out = Annotated[Path | None, typer.Option(help="Folder for preset.json and preset.png.")]


def preset(name: Name, seeds: Seeds = None, out: Out = None, as_json: AsJson = False) -> None:
    """Run a mechanism of the literature: groff, torus, or dose; prints its table and whether the known result holds."""
    from odssim.validation.presets.shelf import preset as preset_of

    chosen = preset_of(name)
    if out is not None:
        claim_folder(out)
    with progress_bar(name) as progress:
        table = chosen.run(seeds or chosen.seeds, progress)
    record = {
        "preset": name, "title": table.title, "expected": table.expected, "holds": table.holds, "source": table.source,
        "rows": list(table.rows),
    }  # fmt: skip
    if out is not None:
        from odssim.core.files import atomic_folder
        from odssim.drawing.charts import draw_line

        with atomic_folder(out) as work:
            (work / "preset.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
            picture, title = work / "preset.png", table.title
            draw_line(table.rows, picture, title=title, x=table.x, y=table.y, low=table.low, high=table.high)
        message(f"results in {out}")
    if as_json:
        print_json(record)
        return
    typer.echo(f"{table.title} ({table.source})")
    print_rows(table.rows, False)
    typer.echo(f"Known result: {table.expected}. Here: {'so it is' if table.holds else 'not so'}.")
