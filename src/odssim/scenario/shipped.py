"""Scenarios and experiments that travel with the program, found by name from any folder."""

import difflib
from os import PathLike, fspath
from pathlib import Path

from odssim.core.brought import brought, points
from odssim.core.reading import existing, nearest_word
from odssim.errors import Sentence

PACKAGE = Path(__file__).parent.parent
ROOMS = ("scenarios", "experiments")


def shipped_folder() -> Path:
    """Return where `ROOMS` and ODD.md lie: in the installed package, or above it in a checkout."""
    inside = PACKAGE / "shipped"
    return inside if inside.is_dir() else PACKAGE.parents[1]


def shipped(name: str) -> Path | None:
    """Return the file of a bare name, ``.toml`` or not, shipped or another package's; None if there is none."""
    if Path(name).name != name:
        return None
    stem = name.removesuffix(".toml")
    files = [shipped_folder() / room / f"{stem}.toml" for room in ROOMS]
    others = [Path(brought("cities")[stem])] if stem in points("cities") else []
    return next((file for file in (*files, *others) if file.is_file()), None)


def located(name: str | PathLike[str], folder: Path | None = None) -> str:
    """Return the file that a name means: one in the folder (default the working folder) wins over a shipped one.

    ``.toml`` may be left out. What is nowhere comes back as given, for whoever reads it to say so.
    """
    text = fspath(name)
    given = text if folder is None else fspath(folder / text)
    for path in (given, f"{given}.toml"):
        if existing(path) is not None:
            return path
    return str(shipped(text) or given)


def short_name(file: Path) -> str | None:
    """Return the name by which a shipped file is found from the working folder; None if it is not, or another is."""
    is_found = shipped(file.stem) == file and located(file.stem) == str(file)
    return file.stem if is_found else None


def shipped_names() -> list[str]:
    """Return the names of what is shipped and of other packages' cities."""
    return [*(file.stem for room in ROOMS for file in (shipped_folder() / room).glob("*.toml")), *points("cities")]


def like_shipped(name: str) -> str | None:
    """Return a "did you mean" from the names of what is shipped; None if none is near."""
    return nearest_word(name.removesuffix(".toml"), shipped_names())


def nearest_shipped(name: str) -> str | None:
    """Return the three names of what is shipped that are nearest to a bare name; None if it is a path."""
    if Path(name).name != name or Path(name).suffix not in ("", ".toml"):
        return None
    near = difflib.get_close_matches(name.removesuffix(".toml"), shipped_names(), cutoff=0.0)
    return Sentence("of those that travel with odssim, the nearest are {words}", words=", ".join(near))
