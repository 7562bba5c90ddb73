"""What stands as text or TOML in the package beside the module that owns it; declarations as its frozen dataclasses."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter


def package_text(package: str, file: str) -> str:
    """Return the text of a file of a package."""
    return (files(package) / file).read_text(encoding="utf-8")


@cache
def package_toml(package: str, file: str) -> dict[str, Any]:
    """Return a TOML file of a package as it stands; not to be changed."""
    return tomllib.loads(package_text(package, file))


def declared[T](package: str, file: str, table: str, kind: type[T]) -> tuple[T, ...]:
    """Return the entries of a table of a TOML file in a package, each checked against a dataclass.

    Raises ValidationError: if an entry lacks a field, has one too many, or one of another type.
    """
    return TypeAdapter(tuple[kind, ...]).validate_python(package_toml(package, file)[table])  # type: ignore[valid-type]
