"""The catalogue: every intervention that a scenario may name, one TOML file each in `entries`, read once.

Another package brings one by a Python entry point of the group ``odssim.interventions``: the path of such a file, whose
name is the id (docs/extending.md). What the table `visits` of an entry says of those who come on a visit:

========================  ==========================================================================
kind                      police, volunteer, guard (hosts too) or outreach
refer                     true if they may bring people to care
may_search, may_arrest    true if they may search a person, may arrest
stay_until_done           true if a visit ends only when nothing has happened during its minutes
========================  ==========================================================================

A seller at the place has the stash found with the probability that the option `stash_find` gives, where an entry has it.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from odssim.core.brought import brought
from odssim.core.declare import Grade, Intervention, Lever, Option, OptionKind
from odssim.core.reading import read_toml, reading
from odssim.errors import OdssimError
from odssim.world.codes import PRICES

FOLDER = Path(__file__).parent
Kind = Literal["police", "volunteer", "guard", "outreach"]
"""Who comes on a visit."""
Right = Literal["refer", "may_search", "may_arrest", "stay_until_done"]
LAST = 1_000
"""Position of an entry that is not the handbook's."""

Table = dict[str, Any]


def read_entry(file: Path) -> Intervention:
    """Return the entry of a file; its name is the id.

    Raises OdssimError: if it is no entry, in one line that names the file.
    """
    return _entry(file, read_toml(file)[1])


def _entry(file: Path, table: Table) -> Intervention:
    """Return the entry of a file's table, which is taken apart."""
    with reading(file):
        table.pop("position", None)
        own = tuple(map(_option, table.pop("options", ())))
        expected = {name: sign for key, sign in table.pop("expected").items() for name in _outcomes(key)}
        if table["lever"] == "visits":
            defaults = table.pop("defaults")
            shared = ({**row, "default": defaults.get(row["id"], row["default"])} for row in _visit_options())
            own = (*map(_option, shared), *own)
            table["fixed"] = visit_settings(**table.pop("visits"))
        _check_word(table["lever"], Lever)
        _check_word(table["grade"], Grade)
        return Intervention(id=file.stem, options=own, expected=expected, **table)


def visit_settings(kind: str, **rights: bool) -> Mapping[str, Any]:
    """Return the fixed settings of the lever ``visits``: who comes, and 0 or 1 for each `Right`."""
    _check_word(kind, Kind)
    for name in rights:
        _check_word(name, Right)
    return {"kind": kind, **{name: int(rights.get(name, False)) for name in get_args(Right)}, "stash_search": 0.0}


def _outcomes(key: str) -> Iterable[str]:
    """Return the outcomes that a key of `expected` names: ``prices`` are those of all substances."""
    return PRICES if key == "prices" else (key,)


def _option(row: Table) -> Option:
    """Return an option; lists of a file become tuples."""
    _check_word(row["kind"], OptionKind)
    plain: Table = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Option(**plain)


def _check_word(word: str, words: Any) -> None:
    if word not in get_args(words):
        raise ValueError(f"{word!r} is none of {', '.join(get_args(words))}")


@cache
def _visit_options() -> list[Table]:
    """Return the options shared by every method that sends people to places."""
    options: list[Table] = read_toml(FOLDER / "visits.toml")[1]["options"]
    return options


def collect(entries: Iterable[Intervention]) -> Mapping[str, Intervention]:
    """Return the entries by id, in the order given.

    Raises OdssimError: two entries or two options of one entry share a name.
    """
    catalogue: dict[str, Intervention] = {}
    for entry in entries:
        option_ids = [option.id for option in entry.options]
        if entry.id in catalogue:
            raise OdssimError("two catalogue entries are called {id!r}", id=entry.id)
        if len(set(option_ids)) != len(option_ids):
            raise OdssimError("{id}: an option is declared twice in {option_ids}", id=entry.id, option_ids=option_ids)
        catalogue[entry.id] = entry
    return catalogue


def file_of(entry_id: str) -> Path:
    """Return the file of an entry of the catalogue."""
    return next(file for file in (*(FOLDER / "entries").glob("*.toml"), *BROUGHT) if file.stem == entry_id)


def _shipped() -> Iterator[Intervention]:
    """Yield the entries that come along, in the handbook's order."""
    tables = {file: read_toml(file)[1] for file in sorted((FOLDER / "entries").glob("*.toml"))}
    for file in sorted(tables, key=lambda file: int(tables[file].get("position", LAST))):
        yield _entry(file, tables[file])


BROUGHT = tuple(map(Path, brought("interventions").values()))
"""Files of other packages."""
CATALOGUE = collect((*_shipped(), *map(read_entry, BROUGHT)))
"""In the handbook's order, then what other packages bring."""
