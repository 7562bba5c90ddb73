"""Commands for one's own city: a folder to begin with, a check that tells every fault, a map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from odssim.cli.inputs import AsJson, Language, read_scenario
from odssim.cli.output import message, print_json
from odssim.language import language as language_now
from odssim.language import say

if TYPE_CHECKING:
    from odssim.city.city import City

app = typer.Typer(name="city", no_args_is_help=True, rich_markup_mode=None, help="One's own city from files.")
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the city's files.")]
TEMPLATE = Path(__file__).parents[1] / "city" / "data" / "template"
FILES = ("scenario.toml", "areas.geojson", "places.csv", "lines.csv", "water.geojson")
"""Small made-up files that work, to be replaced one by one; beside them a README in each language."""


@app.command("new", short_help="Make a folder to begin with.")
def new(folder: Folder, language: Language = None) -> None:
    """Make a folder with small made-up files that work; replace them one by one by your own."""
    from odssim.core.files import atomic_folder
    from odssim.errors import CityError

    if folder.exists():
        raise CityError("exists already", key="FOLDER", value=str(folder), remedy="name a new folder")
    with atomic_folder(folder) as work:
        for name in FILES:
            (work / name).write_bytes((TEMPLATE / name).read_bytes())
        (work / "README.txt").write_bytes((TEMPLATE / f"README.{language_now()}.txt").read_bytes())
    message(say("{folder} made; replace its files and run: odssim city check {folder}", folder=folder))


@app.command("check", short_help="Tell every fault, with file and line.")
def check(folder: Folder, language: Language = None, as_json: AsJson = False) -> None:
    """Check a city's files and tell every fault with file and line; exit code 2 if there is one."""
    from odssim.errors import OdssimError

    try:
        city = _own_city(folder)
    except OdssimError as error:
        if not as_json:
            raise
        parts = ("file", "line", "key", "rule", "remedy")
        print_json([{part: getattr(fault, part, None) for part in parts} for fault in error.each])
        raise typer.Exit(2) from None
    if as_json:
        print_json([])
    else:
        typer.echo(say(
            "No faults: {name}, {people} inhabitants, {districts} districts, {places} street cells,"
            " {stations} stations.",
            name=city.name, people=int(city.residents.sum()), districts=len(city.districts), places=city.n_places,
            stations=len(city.stations),
        ))  # fmt: skip
        for notice in city.notices[1:]:
            typer.echo(f"{notice.source}: {say(notice.text)}")


@app.command("map", short_help="Draw the city as the model sees it.")
def draw(
    folder: Folder,
    out: Annotated[Path | None, typer.Option(help="The PNG file; default FOLDER/map.png.")] = None,
    language: Language = None,
) -> None:
    """Draw map.png: land, districts' inhabitants, stations and places as the model sees them."""
    from io import BytesIO

    from odssim.core.files import write_files
    from odssim.drawing.style import save
    from odssim.report.run.city_figure import city_figure

    city, file = _own_city(folder), out or folder / "map.png"
    picture = BytesIO()
    save(city_figure(city), picture)
    write_files({file: picture.getvalue()})
    message(say("map in {file}", file=file))


def _own_city(folder: Path) -> City:
    """Return the city of a folder, checked as `odssim show` and `odssim run` check it."""
    _need_geo()
    from odssim.city.load import load_city
    from odssim.errors import CityError

    file = folder / "scenario.toml"
    scenario = read_scenario(str(file))
    if isinstance(scenario.city, str):
        remedy = "see `odssim city new`"
        raise CityError("must be a table of own files", file=str(file), key="city", remedy=remedy)
    return load_city(scenario.city)


def _need_geo() -> None:
    """Refuse where the extra that reads polygons is not installed."""
    from importlib.util import find_spec

    from odssim.errors import CityError

    if find_spec("shapely") is None or find_spec("pyproj") is None:
        raise CityError("own cities need shapely and pyproj", key="city", remedy="install odssim[geo]")
