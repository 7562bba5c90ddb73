"""The sentences of `pitfalls.toml` with their values."""

from collections.abc import Mapping
from typing import Any

from odssim.core.package_data import package_toml
from odssim.errors import Sentence


def sentence(pitfall: str, **values: object) -> Sentence:
    """Return what is said of a pitfall."""
    return Sentence(package_toml(__package__, "pitfalls.toml")[pitfall], **values)


def stored_sentence(warning: Mapping[str, Any]) -> Sentence:
    """Return what is said of a pitfall that stands in the results of a design; phrases among its values are said too."""
    values = {name: Sentence(value) if isinstance(value, str) else value for name, value in warning["values"].items()}
    return Sentence(warning["template"], **values)
