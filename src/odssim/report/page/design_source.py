"""Tried designs as the source of a report: the results of `odssim design run` or `odssim design search`, read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from odssim.core.marks import check_sealed
from odssim.core.reading import read_json

Row = Mapping[str, Any]
RESULT, SEARCH = "result.json", "search.json"
NEEDED = (
    "keys",
    "versions",
    "headline",
    "characteristics",
    "verdicts",
    "identifiability",
    "mde",
    "disturbances",
    "warnings",
)


@dataclass(frozen=True)
class DesignFiles:
    """Tried designs."""

    path: Path
    results: tuple[Row, ...]
    """One per design, the one to tell of first."""
    search: Row | None = None
    """What `odssim design search` concluded; None after `odssim design run`."""

    @property
    def first(self) -> Row:
        """The design that the report is about: of a search the one to choose, else the one with most power."""
        return self.results[0]

    @property
    def keys(self) -> Row:
        """The tables of its design file, defaults filled in."""
        keys: Row = self.first["keys"]
        return keys

    def of_first(self, table: str) -> list[Row]:
        """Return the rows of a table on its first indicator and primary estimator."""
        mine = self.first["indicator"], self.first["estimator"]
        return [row for row in self.first[table] if (row["indicator"], row["estimator"]) == mine]


def design_files(folder: Path) -> list[Path]:
    """Return the results of designs in a folder, or in the folders in it."""
    return [folder / RESULT] if (folder / RESULT).is_file() else sorted(folder.glob(f"*/{RESULT}"))


def read_designs(folder: Path) -> DesignFiles:
    """Return the tried designs of a folder.

    Raises OSError, ValueError, KeyError, TypeError: if a file is damaged or of another version.
    """
    results = [_whole(file) for file in design_files(folder)]
    for result in results:
        for key in NEEDED:
            result[key]
    search = None
    if (folder / SEARCH).is_file():
        search = _whole(folder / SEARCH)
        order = [row["design"] for row in search["ranking"]]
        chosen = search["plan"]["design"] or search["plan"]["nearest"]
        results = [result for result in results if result["design"] in order]
        results.sort(key=lambda result: (result["design"] != chosen, order.index(result["design"])))
    else:
        results.sort(key=_power)
    return DesignFiles(folder, tuple(results), search)


def _whole(file: Path) -> Row:
    content: Row = read_json(file)
    check_sealed(file)
    return content


def _power(result: Row) -> tuple[float, ...]:
    """Return what designs are ordered by: most power for the city, then at the places."""
    return tuple(-float(result["headline"][name] or 0.0) for name in ("power_city", "power_target"))
