"""What a command hands over, declared, and the one function that writes it into a folder."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from odssim.core.csv_json import write_csv
from odssim.core.files import atomic_folder

Write = Callable[[Path], object]
Content = str | Sequence[Mapping[str, Any]] | Write
"""What a file holds: a text, the rows of a CSV table, or what writes itself to a path (a picture, an Arrow table)."""


@runtime_checkable
class Result(Protocol):
    """What a command hands over: worked out once when it is made, so that telling and writing it compute nothing."""

    def text(self) -> list[str]:
        """Return it in sentences, in the language that is spoken."""

    def record(self) -> dict[str, Any]:
        """Return all of it as one JSON document, its sentences in English."""

    def files(self) -> dict[str, Content]:
        """Return its record and tables by name of file; pictures are added by who knows how to draw."""


def write_result(result: Result, folder: Path, pictures: Mapping[str, Write] | None = None) -> None:
    """Write a result and its pictures into a folder, all or nothing; texts of its record are English, whoever asks.

    Raises OdssimError: if the folder holds anything that odssim did not write, or the disk refuses.
    """
    write_folder(folder, {**result.files(), **(pictures or {})})


def write_folder(folder: Path, files: Mapping[str, Content]) -> None:
    """Write files by name into a folder, all or nothing; errors as in `write_result`."""
    with atomic_folder(folder) as work:
        for name, content in files.items():
            if callable(content):
                content(work / name)
            elif isinstance(content, str):
                (work / name).write_text(content, encoding="utf-8")
            else:
                write_csv(work / name, content)
