"""Read scenario files: TOML, chains of ``extends``, values from the command line, merged into one draft.

Merging: a child's key replaces its parent's. ``[parameters]`` are merged by id, ``[[interventions]]`` by
their id: the same id edits keys (``places`` as a whole), ``remove = true`` takes the intervention out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from odssim.core.reading import DEEPEST, existing, like, nearest_word, parse_toml, read_toml, with_point
from odssim.errors import ScenarioError, Sentence
from odssim.scenario.faults import as_written, fault, nearest
from odssim.scenario.locate import Origin, Path, key_lines, split_key
from odssim.scenario.shipped import like_shipped, located

COMMAND_LINE = "command line"
LONGEST_CHAIN = 20
"""Files that one file extends, one after the other."""
LENGTH_KEYS = ("end", "weeks", "days")
TABLES = ("parameters", "interventions", "city", "budget")
"""Keys of a scenario that hold further keys."""
SCALARS = (
    "name", "extends", "start_date", "days", "burn_in_days", "seed", "known_activity", "population_multiplier", "substances",
)  # fmt: skip
"""Keys of a scenario that hold none."""

Table = dict[str, Any]


@dataclass
class Draft:
    """A scenario as merged and not yet checked.

    `tree` is the TOML tree with ``parameters`` flat (id: value) and ``interventions`` by id; `origins`
    says where each path of it was written.
    """

    tree: Table = field(default_factory=dict)
    origins: dict[Path, Origin] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()

    def fault(self, path: Path, rule: str, remedy: str | None = None, **values: object) -> ScenarioError:
        """Return the error for the value at `path`."""
        return fault(self.origins, path, rule, value=self.value(path), remedy=remedy, **values)

    def value(self, path: Path) -> Any:
        """Return the value as written at `path`, None if there is none; indices of lists are passed over."""
        value: Any = self.tree
        for part in path:
            if isinstance(part, str):
                value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def has(self, path: Path) -> bool:
        """Tell whether a value was written at `path`."""
        return self.value(path) is not None

    def put(self, path: Path, value: object, origin: Origin) -> None:
        """Set the value at `path`; what was known below it is forgotten."""
        for known in [known for known in self.origins if known[: len(path)] == path]:
            del self.origins[known]
        self.origins[path] = origin
        table = self.tree
        for length, part in enumerate(path[:-1], start=1):
            entry = table.get(str(part))
            if not isinstance(entry, Mapping):
                self.origins[path[:length]] = origin
            table[str(part)] = dict(entry) if isinstance(entry, Mapping) else {}
            table = table[str(part)]
        table.pop(str(path[-1]), None)  # what was written last stands last
        table[str(path[-1])] = value


def read_chain(file: str, overrides: Iterable[str] = (), text: str | None = None) -> Draft:
    """Return the draft of a scenario file, its bases below it and ``key=value`` texts above it.

    With a `text`, that is read, and `file` is only what it is called; files that it names are seen from there.
    """
    draft = Draft()
    file = located(file) if text is None else file
    _read_onto(draft, file, (), text)
    draft.origins[()] = Origin(file, None)
    draft.overrides = tuple(overrides)
    for text in draft.overrides:
        _override(draft, text)
    return draft


def _read_onto(draft: Draft, file: str, chain: tuple[str, ...], given: str | None = None) -> None:
    text, tree = parse_file(file) if given is None else (given, parse_toml(given, file))
    lines = key_lines(text)
    base = tree.pop("extends", None)
    if base is not None:
        _read_base(draft, file, base, chain, Origin(file, lines.get(("extends",))))
    draft.files = (*draft.files, file)
    parameters = tree.pop("parameters", None)
    interventions = tree.pop("interventions", None)
    for key, value in tree.items():
        draft.put((key,), value, Origin(file, lines.get((key,))))
        _note_lines(draft, (key,), (key,), lines, file)
    if parameters is not None:
        _put_parameters(draft, parameters, lines, file)
    if interventions is not None:
        put_interventions(draft, interventions, lines, file)


def _read_base(draft: Draft, file: str, base: object, chain: tuple[str, ...], origin: Origin) -> None:
    def refuse(rule: str, remedy: str | None = None) -> ScenarioError:
        return fault({("extends",): origin}, ("extends",), rule, value=base, remedy=remedy)

    if not isinstance(base, str):
        raise refuse("must be the name of one scenario file, in quotes")
    folder = FilePath(file).parent
    path = existing(located(base, folder))
    if path is None:
        raise refuse("no such file, as seen from this one", like(folder / base, "*.toml") or like_shipped(base))
    resolved = [str(FilePath(entry).resolve()) for entry in (*chain, file)]
    if str(path.resolve()) in resolved:
        circle = [*(FilePath(entry).name for entry in (*chain, file)), path.name]
        raise refuse(Sentence("extends in a circle: {circle}", circle=" -> ".join(circle)))
    if len(chain) >= LONGEST_CHAIN:
        raise refuse(Sentence("extends more than {n} files", n=LONGEST_CHAIN))
    _read_onto(draft, str(path), (*chain, file))


def parse_file(file: str, least: str = "name, city, start_date and days") -> tuple[str, Table]:
    """Return text and tree of a TOML file; `least` are the keys that it cannot do without.

    Raises ScenarioError: if it cannot be read, is not TOML or is empty.
    """
    if existing(file) is None and (remedy := like(file, "*.toml") or like_shipped(file)):
        raise ScenarioError("no such file", file=file, remedy=remedy)
    text, tree = read_toml(file)
    if not tree:
        raise ScenarioError("is empty", file=file, remedy=Sentence("give at least {least}", least=least))
    return text, tree


def _note_lines(draft: Draft, at: Path, below: Path, lines: Mapping[Path, int], file: str) -> None:
    """Note the lines of all keys below the file's path `below` as those below the draft's path `at`."""
    for path, line in lines.items():
        if path[: len(below)] == below:
            draft.origins[(*at, *path[len(below) :])] = Origin(file, line)


def _put_parameters(draft: Draft, parameters: object, lines: Mapping[Path, int], file: str) -> None:
    if not isinstance(parameters, dict):
        origin = Origin(file, lines.get(("parameters",)))
        raise fault({("parameters",): origin}, ("parameters",), "must be a table", value=parameters)
    draft.tree.setdefault("parameters", {})
    for parts, value in _flat(parameters):
        line = lines.get(("parameters", *parts), lines.get(("parameters",)))
        draft.put(("parameters", ".".join(parts)), value, Origin(file, line))


def _flat(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, (*above, key))
        else:
            yield (*above, key), value


def put_interventions(
    draft: Draft, tables: object, lines: Mapping[Path, int], file: str, below: Path = ("interventions",)
) -> None:
    """Put tables of interventions onto a draft, by id; `below` is where they stand in their file.

    Raises ScenarioError: if they are no tables, lack an id, share one, or take out what is not there.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        origin = Origin(file, lines.get(below))
        raise fault({(): origin}, ("interventions",), "must be written as [[interventions]] tables")
    seen: set[str] = set()
    for index, table in enumerate(tables):
        header: Path = (*below, index)
        label = table.get("id")
        at: Path = ("interventions", label if isinstance(label, str) else f"#{index + 1}")
        here = {at: Origin(file, lines.get(header))}
        if not isinstance(label, str):
            rule = "is missing" if label is None else "must be text in quotes"
            raise fault(here, (*at, "id"), rule, value=label, remedy="every intervention needs a label, id")
        if label in seen:
            raise fault(here, (*at, "id"), "is used twice in this file", value=label)
        seen.add(label)
        if "remove" in table:
            _remove(draft, table, here, at)
        else:
            _edit_intervention(draft, label, table, here[at])
            _note_lines(draft, at, header, lines, file)


def _remove(draft: Draft, table: Table, here: Mapping[Path, Origin], at: Path) -> None:
    known = draft.tree.get("interventions", {})
    if table["remove"] is not True or set(table) != {"id", "remove"}:
        rule = "must be true, and stand alone beside the id"
        raise fault(here, (*at, "remove"), rule, value=table["remove"])
    if table["id"] not in known:
        rule = "no such intervention in the files that this one extends"
        raise fault(here, (*at, "id"), rule, value=table["id"], remedy=nearest(table["id"], known))
    del known[table["id"]]


def _edit_intervention(draft: Draft, label: str, keys: Table, origin: Origin) -> None:
    """Set keys of an intervention; a new length (end, weeks or days) takes the place of the old one."""
    table = draft.tree.setdefault("interventions", {}).setdefault(label, {})
    if any(key in keys for key in LENGTH_KEYS):
        for key in LENGTH_KEYS:
            table.pop(key, None)
    draft.origins.setdefault(("interventions", label), origin)
    for key, value in keys.items():
        draft.put(("interventions", label, key), value, origin)


def _override(draft: Draft, text: str) -> None:
    key, sign, value_text = text.partition("=")
    path: Path = split_key(key.strip())
    if not sign or not path or path == ("extends",):
        rule = "must be written key=value"
        raise ScenarioError(rule, file=COMMAND_LINE, key="--set", value=as_written(text))
    if remedy := with_point(f"={value_text}"):
        raise ScenarioError("has a comma", file=COMMAND_LINE, key="--set", value=as_written(text), remedy=remedy)
    set_key(draft, path, value_of_text(value_text.strip()), Origin(COMMAND_LINE, None))


def set_key(draft: Draft, path: Path, value: object, origin: Origin) -> None:
    """Set one key above the files: a scenario key, a parameter, or a key of an intervention that exists.

    Raises ScenarioError: if the path is too deep, names no intervention of the draft, or no single key of one.
    """
    origins: dict[Path, Origin] = {(): origin}
    if len(path) > DEEPEST:
        raise fault(origins, path[:1], "has tables within tables too deep to be read")
    if len(path) > 1 and path[0] not in SCALARS and nearest_word(str(path[0]), TABLES) is None:
        path = ("parameters", *path)  # a parameter's id alone
    if path[0] == "parameters" and len(path) > 1:
        path = ("parameters", ".".join(str(part) for part in path[1:]))
    if path == ("interventions",) and isinstance(value, list):
        put_interventions(draft, value, {}, origin.file)
        return
    if path[0] == "interventions":
        known = draft.tree.get("interventions", {})
        if len(path) < 3:
            raise fault(origins, path, "is set by id and key", remedy="interventions.<id>.<key>=value")
        if path[1] not in known:
            raise fault(origins, path[:2], "no such intervention", remedy=nearest(path[1], known))
        if path[2] == "id":
            raise fault(origins, path, "is its label and cannot be set")
        if len(path) == 3:
            _edit_intervention(draft, str(path[1]), {str(path[2]): value}, origin)
            return
    draft.put(path, value, origin)


def value_of_text(text: str) -> object:
    """Return the text as a TOML value, or as plain text where it is none (``--set city=teaching-town``)."""
    try:
        tree = parse_toml(f"value = {text}", COMMAND_LINE)
    except ScenarioError as error:
        if not error.rule.startswith("is not valid TOML"):
            raise
        return text
    return tree["value"] if set(tree) == {"value"} else text
