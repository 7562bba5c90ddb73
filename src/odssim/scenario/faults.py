"""Turn what is wrong with a scenario into one line: the value as written, the rule, the nearest valid key."""

import difflib
import json
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from pathlib import Path as FilePath
from typing import Any, Protocol

from odssim.core.reading import existing, like, with_point
from odssim.errors import ScenarioError, Sentence, spelt
from odssim.scenario.locate import Origin, Path, origin_of
from odssim.scenario.shipped import like_shipped, located

LONGEST_LIST, LONGEST_RULE = 8, 12
LONGEST_VALUE = 60
BARE_KEY = re.compile("[A-Za-z0-9_-]+")
ID_PATTERN = r"^[A-Za-z0-9_-]{1,32}$"
TIME_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"

RULES = {
    "extra_forbidden": "no such key",
    "missing": "is missing",
    "int_type": "must be a whole number, without quotes or unit",
    "float_type": "must be a number, without quotes or unit",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false, without quotes",
    "string_type": "must be text in quotes",
    "date_type": "must be a date such as 2018-04-01, without quotes",
    "list_type": "must be a list in [ ]",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "model_attributes_type": "must be a table",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "union_tag_not_found": "is missing",
    "union_tag_invalid": "no such intervention",
}
PATTERN_RULES = {
    ID_PATTERN: "must be 1 to 32 letters, digits, _ or -",
    TIME_PATTERN: 'must hold times of day written "HH:MM"',
}


class AsWritten(str):
    """A value in TOML's own spelling; its repr is itself, so that a message shows it as it stands."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the text without quotes of its own."""
        return str(self)


def as_written(value: object) -> AsWritten:
    """Return a value as TOML writes it, on one line, cut after `LONGEST_VALUE` characters."""
    return AsWritten(spelt(toml(value), LONGEST_VALUE))


def toml(value: object) -> str:
    """Return a value as TOML writes it; a NumPy number as Python's."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        entries = ", ".join(
            f"{key if BARE_KEY.fullmatch(key) else toml(key)} = {toml(entry)}" for key, entry in value.items()
        )
        return f"{{ {entries} }}" if entries else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(entry) for entry in value) + "]"
    if isinstance(value, float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=lambda number: number.item())


def close_match(word: object, words: Collection[str]) -> str | None:
    """Return ``"did you mean 'x'?"`` for the nearest of `words`, None if none is near."""
    folded = {entry.casefold(): entry for entry in words}
    close = difflib.get_close_matches(str(word).casefold(), list(folded), n=1)
    return Sentence("did you mean {word!r}?", word=folded[close[0]]) if close else None


def nearest(word: object, words: Collection[str]) -> str | None:
    """Return the nearest of `words` as `close_match` does, else all of them if they are few, else None."""
    few = Sentence("one of {words}", words=", ".join(words)) if 0 < len(words) <= LONGEST_LIST else None
    return close_match(word, words) or few


def fault(
    origins: Mapping[Path, Origin],
    path: Path,
    rule: str,
    /,
    *,
    value: object = None,
    remedy: str | None = None,
    **values: object,
) -> ScenarioError:
    """Return the error for the key at `path`, with its file and line; `value` None is not shown."""
    key_path = path
    while key_path and isinstance(key_path[-1], int):
        key_path = key_path[:-1]
    origin = origin_of(origins, key_path) or origins.get((), Origin("scenario", None))
    return ScenarioError(
        rule,
        file=origin.file,
        line=origin.line,
        key=".".join(str(part) for part in key_path),
        value=None if value is None else as_written(value),
        remedy=remedy or with_point(f"={value}"),
        **values,
    )


class Faulty(Protocol):
    """What knows where its keys were written: a draft."""

    def fault(self, path: Path, rule: str, remedy: str | None = None, **values: object) -> ScenarioError:
        """Return the error for the value at `path`."""


def named_file(draft: Faulty, path: Path, folder: FilePath, name: str) -> FilePath:
    """Return the file that a key of a draft names, as seen from a folder, or a shipped one.

    Its name has the Unicode form that it has on the disk.

    Raises ScenarioError: with the nearest name in its folder if there is no such file.
    """
    found = existing(located(name, folder))
    if found is None:
        remedy = like(folder / name, f"*{FilePath(name).suffix}") or like_shipped(name)
        raise draft.fault(path, "no such file, as seen from this one", remedy)
    return found


def rule_of(error: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the rule that one of pydantic's errors is about, and the words that would be valid."""
    kind, details = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", details["expected"])
        few = (
            ", ".join(words)
            if len(words) <= LONGEST_RULE
            else Sentence("the {n} words that odssim schema lists", n=len(words))
        )
        return Sentence("must be one of {words}", words=few), words
    if kind == "union_tag_invalid":
        return RULES[kind], re.findall(r"'([^']*)'", details["expected_tags"])
    if kind == "greater_than_equal":
        return Sentence("must be at least {least}", least=toml(details["ge"]).removesuffix(".0")), []
    if kind == "greater_than":
        return Sentence("must be above {least}", least=toml(details["gt"]).removesuffix(".0")), []
    if kind == "less_than_equal":
        return Sentence("must be at most {most}", most=toml(details["le"]).removesuffix(".0")), []
    if kind == "string_pattern_mismatch":
        return PATTERN_RULES[details["pattern"]], []
    if kind == "value_error":
        return str(details["error"]), []
    return RULES.get(kind, error["msg"]), []
