"""What stands as TOML in the package beside the module that owns it: texts, and declarations as its frozen dataclasses."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter


@cache
def package_toml(package: str, file: str) -> dict[str, Any]:
    """Return a TOML file of a package as it stands; not to be changed."""
    return tomllib.loads((files(package) / file).read_text(encoding="utf-8"))


def declared[T](package: str, file: str, table: str, kind: type[T]) -> tuple[T, ...]:
    """Return the entries of a table of a TOML file in a package, each checked against a dataclass.

    Raises
    ------
    ValidationError
        If an entry lacks a field, has one too many, or one of another type.
    """
    return TypeAdapter(tuple[kind, ...]).validate_python(package_toml(package, file)[table])  # type: ignore[valid-type]
