"""Commands for one's own city: a folder to begin with, a check that tells every fault, a map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from odssim.cli.inputs import AsJson, Language
from odssim.cli.output import message, print_json
from odssim.language import said_rule, say

if TYPE_CHECKING:
    from odssim.city.city import City
    from odssim.errors import CityError

app = typer.Typer(name="city", no_args_is_help=True, rich_markup_mode=None, help="One's own city from files.")
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the city's files.")]


@app.command("new", short_help="Make a folder to begin with.")
def new(folder: Folder, language: Language = None) -> None:
    """Make a folder with small made-up files that work; replace them one by one by your own."""
    from odssim.city.own_template import FILES, README
    from odssim.core.files import atomic_folder
    from odssim.errors import CityError

    if folder.exists():
        raise CityError("exists already", key="FOLDER", value=str(folder), remedy="name a new folder")
    with atomic_folder(folder) as work:
        for name, text in FILES.items():
            (work / name).write_text(say(text) if text == README else text, encoding="utf-8")
    message(say("{folder} made; replace its files and run: odssim city check {folder}", folder=folder))


@app.command("check", short_help="Tell every fault, with file and line.")
def check(folder: Folder, language: Language = None, as_json: AsJson = False) -> None:
    """Check a city's files and tell every fault with file and line; exit code 2 if there is one."""
    _need_geo()
    from odssim.city.own_check import check_folder

    city, faults = check_folder(folder)
    if city is not None:
        faults += _known_faults(folder, city)
    if as_json:
        print_json([{"file": f.file, "line": f.line, "key": f.key, "rule": f.rule, "remedy": f.remedy} for f in faults])
    if faults or city is None:
        for fault in faults if not as_json else ():
            message(fault.told(said_rule))
        raise typer.Exit(2)
    if not as_json:
        typer.echo(say(
            "No faults: {name}, {people} inhabitants, {districts} districts, {places} street cells,"
            " {stations} stations.",
            name=city.name, people=int(city.residents.sum()), districts=len(city.districts), places=city.n_places,
            stations=len(city.stations),
        ))  # fmt: skip


@app.command("map", short_help="Draw the city as the model sees it.")
def draw(
    folder: Folder,
    out: Annotated[Path | None, typer.Option(help="The PNG file; default FOLDER/map.png.")] = None,
    language: Language = None,
) -> None:
    """Draw map.png: land, districts' inhabitants, stations and places as the model sees them."""
    _need_geo()
    from io import BytesIO

    from odssim.city.load import load_city
    from odssim.city.own_check import city_table
    from odssim.core.files import write_files
    from odssim.report.city_figure import city_figure
    from odssim.report.style import save

    city, file = load_city(city_table(folder)), out or folder / "map.png"
    picture = BytesIO()
    save(city_figure(city), picture)
    write_files({file: picture.getvalue()})
    message(say("map in {file}", file=file))


def _known_faults(folder: Path, city: City) -> list[CityError]:
    """Return what is wrong with the private file of known activity, if the scenario names one."""
    from odssim.city.own_check import known_activity_file
    from odssim.engine.known_activity import read_known
    from odssim.errors import CityError

    file = known_activity_file(folder)
    if file is None:
        return []
    if not file.is_file():
        return [CityError("file not found", file=str(file), key="known_activity")]
    try:
        read_known(str(file), city)
    except CityError as error:
        return [error]
    return []


def _need_geo() -> None:
    """Refuse where the extra that reads polygons is not installed."""
    from importlib.util import find_spec

    from odssim.errors import CityError

    if find_spec("shapely") is None or find_spec("pyproj") is None:
        raise CityError("own cities need shapely and pyproj", key="city", remedy="install odssim[geo]")
