"""The folder list is the data flow: a module imports only from its own row or from rows above it."""

import ast
import subprocess
import sys
import tomllib

import networkx as nx
import pytest

from architecture.source import ROOT, imports, trees

ROWS = (
    "errors", "core", "language", "scenario", "city", "world", "population", "rules", "interventions", "observe", "engine",
    "analysis", "study", "evaluation", "report", "presets", "sensitivity", "calibration", "door", "app", "cli",
    "__main__",
)  # fmt: skip
"""From what knows nothing to what knows everything."""
HEAVY = ("numba", "mesa", "pandas", "matplotlib", "scipy", "pyarrow", "networkx", "SALib", "sklearn")


def row(module: str) -> int:
    """Return the row of "odssim.row.module" or of a path "row/module.py"."""
    parts = module.removeprefix("odssim.").removesuffix(".py").replace("/", ".").split(".")
    return ROWS.index(parts[0])


def modules() -> list[str]:
    return [path for path in trees() if path != "__init__.py"]


def test_every_module_has_a_row():
    top = {path.split("/")[0].removesuffix(".py") for path in modules()}
    assert top <= set(ROWS)
    assert len(modules()) > 80


@pytest.mark.parametrize("path", modules())
def test_imports_point_upwards(path):
    found = [name for name in imports(trees()[path]) if name.count(".") > 0 and name != "odssim.__version__"]
    below = [name for name in found if row(name) > row(path)]
    assert below == []


def test_no_module_imports_in_a_circle():
    graph = nx.DiGraph()
    files = {path.removesuffix(".py").replace("/", "."): path for path in modules()}
    for name, path in files.items():
        for target in imports(trees()[path]):
            inner = target.removeprefix("odssim.")
            if inner in files:
                graph.add_edge(name, inner)
    assert graph.number_of_edges() > 300
    assert list(nx.simple_cycles(graph)) == []


def test_help_imports_nothing_heavy():
    heavy = {*HEAVY, "hashlib", "tomllib", "tempfile", "importlib.metadata"}
    code = f"import sys, odssim.__main__; print({{*sys.modules}} & {heavy!r}, *sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.startswith("set()")
    ours = [name for name in out.stdout.split() if name.startswith("odssim.")]
    apart = {name.removeprefix("odssim.") for name in ours if not name.startswith(("odssim.cli", "odssim.language"))}
    light = {"core", "core.notes", "core.numerals", "core.reading"}
    assert apart == {"__main__", "errors"} | light


def test_only_declared_dependencies_are_imported():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(text for extra in extras for text in extra)]
    names = {text.split(">=")[0].split("[")[0].strip() for text in wanted}
    come_along = {"llvmlite", "pydantic_core", "sklearn", "markupsafe"}  # with numba, pydantic, jinja2; in scikit-learn
    used = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                used.add(str(node.module).split(".")[0])
    assert used - set(sys.stdlib_module_names) - names - come_along == {"odssim"}
