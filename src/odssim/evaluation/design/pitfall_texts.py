"""The sentences of `pitfalls.toml` with their values."""

from odssim.core.package_data import package_toml


def sentence(pitfall: str, **values: object) -> str:
    """Return what is said of a pitfall."""
    text: str = package_toml(__package__, "pitfalls.toml")[pitfall]
    return text.format(**values)
