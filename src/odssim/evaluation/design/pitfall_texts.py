"""The sentences of `pitfalls.toml` with their values."""

from odssim.core.package_data import package_toml


def told(pitfall: str, **values: object) -> str:
    """Return what is said of a pitfall."""
    sentence: str = package_toml(__package__, "pitfalls.toml")[pitfall]
    return sentence.format(**values)
