"""The command that says what is missing on this machine and how to mend it."""

import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import typer

from odssim.cli.inputs import AsJson
from odssim.cli.output import message, print_rows
from odssim.language.written import grouped

LIBRARIES = (
    "mesa", "networkx", "numpy", "numba", "scipy", "pandas", "pyarrow", "pydantic", "typer", "rich", "SALib", "sklearn",
    "threadpoolctl", "matplotlib", "jinja2", "xlsxwriter", "openpyxl",
)  # fmt: skip
"""What every installation has, by the name under which it is imported."""
EXTRAS = {
    "live": (("starlette", "uvicorn", "websockets"), "odssim app"),
    "geo": (("shapely", "pyproj"), "odssim city, own cities from map files"),
    "mesa-viz": (("solara",), "Mesa's own page, experiments/mesa_page.py"),
    "cluster": (("distributed",), "batches on a Dask cluster"),
    "browser": (("playwright",), "make browser"),
}
"""What each extra brings, and what needs it."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
LEAST_PYTHON = (3, 12)
LEAST_FREE_GB = 1.0
GB = 1e9


def doctor(as_json: AsJson = False) -> None:
    """Look at this machine: what odssim has, what is missing, and how to mend it.

    Exit code 1 if something is missing without which nothing runs.
    """
    rows = list(findings())
    print_rows(rows, as_json)
    broken = [row["what"] for row in rows if row["state"] == "broken"]
    if broken:
        message(f"mend first: {', '.join(str(name) for name in broken)}")
        raise typer.Exit(1)
    message("odssim can run; what is marked 'missing' is needed only for what stands beside it")


def finding(what: str, found: bool, detail: str, mend: str, *, needed: bool = False) -> dict[str, Any]:
    """Return one row: ok, missing (some command needs it) or broken (all do)."""
    state = "ok" if found else "broken" if needed else "missing"
    return {"what": what, "state": state, "detail": detail, "mend": "" if found else mend}


def findings() -> Iterator[dict[str, Any]]:
    """Yield what was found, what everything needs first."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield finding("Python", sys.version_info >= LEAST_PYTHON, version, "install Python 3.12 or newer", needed=True)
    yield _libraries()
    yield _engine()
    yield _cache()
    for extra, (modules, needs) in EXTRAS.items():
        missing = [name for name in modules if find_spec(name) is None]
        detail = f"without {', '.join(missing)}: no {needs}" if missing else needs
        yield finding(f"extra {extra}", not missing, detail, f"pip install 'odssim[{extra}]'")
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    yield finding("Chromium", browser is not None, browser or "for make browser only", "install the system's chromium")


def _libraries() -> dict[str, Any]:
    """Return whether all that every command may need is there."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    detail = f"without {', '.join(missing)}" if missing else f"all {len(LIBRARIES)}"
    return finding("libraries", not missing, detail, "pip install odssim", needed=True)


def _engine() -> dict[str, Any]:
    """Return whether the engine's libraries load, and whether it is compiled."""
    mend = "reinstall: pip install --force-reinstall odssim"
    try:
        from odssim.core.folders import compiled_folder

        folder = compiled_folder()
        import odssim.engine.run  # noqa: F401
    except ImportError as error:
        return finding("engine", False, str(error), mend, needed=True)
    compiled = folder is not None and any(folder.rglob("*.nbc"))
    return finding("engine", True, "compiled" if compiled else "will be compiled at the first run, about a minute", mend)


def _cache() -> dict[str, Any]:
    """Return whether compiled code and burn-ins can be kept."""
    from odssim.core.folders import cache_folder, why_not_kept

    folder, why = cache_folder(), why_not_kept()
    if folder is None or why is not None:
        return finding("cache", False, f"{folder or '~/.cache'}: {why}", "set ODSSIM_CACHE to a folder you may write to")
    free = shutil.disk_usage(folder).free / GB
    return finding("cache", free > LEAST_FREE_GB, f"{folder}, {grouped(free)} GB free", "free some space")
