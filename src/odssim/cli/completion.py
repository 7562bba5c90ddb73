"""What the shell offers for a word that is begun: names read from the tables, without importing the model."""

from collections.abc import Iterable


def scenarios(incomplete: str) -> list[str]:
    """Return the names of shipped scenarios, and the TOML files of the folder, that begin so."""
    from pathlib import Path

    from odssim.scenario.shipped import shipped_names

    folder = Path(incomplete if incomplete.endswith("/") else incomplete.rpartition("/")[0] or ".")
    files = (str(file) for file in folder.glob("*.toml"))
    return _begun(incomplete, [*shipped_names(), *files])


def methods(incomplete: str) -> list[str]:
    """Return the interventions that begin so, other packages' too."""
    from odssim.core.brought import points
    from odssim.core.folders import PACKAGE

    entries = (PACKAGE / "interventions" / "entries").glob("*.toml")
    return _begun(incomplete, [*(file.stem for file in entries), *points("interventions")])


def outcomes(incomplete: str) -> list[str]:
    """Return the outcomes that begin so."""
    from odssim.core.outcomes import OUTCOMES

    return _begun(incomplete, OUTCOMES)


def parameters(incomplete: str) -> list[str]:
    """Return the parameters that begin so."""
    from odssim.core.declare import declared
    from odssim.core.folders import PACKAGE

    tables = (file for file in PACKAGE.rglob("*.csv") if file.read_bytes().startswith(b"id,default,"))
    return _begun(incomplete, (name for file in tables for one in declared(str(file)) for name in one.ids))


def settings(incomplete: str) -> list[str]:
    """Return the parameters that begin so, as ``--set`` takes them."""
    return [f"{name}=" for name in parameters(incomplete)]


def _begun(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name.startswith(incomplete)})
