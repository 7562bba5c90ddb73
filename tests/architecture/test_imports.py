"""The folder list is the data flow: a module imports only from its own row or from rows above it."""

import ast
import subprocess
import sys
import tomllib
from collections import defaultdict

import networkx as nx
import pytest

from architecture.source import ROOT, imports, trees
from odssim.moved import MOVED

ROWS = (
    "moved", "errors", "core", "language", "scenario", "city", "world", "population", "rules", "interventions", "observe",
    "engine",
    "analysis.statistics", "analysis.decision", "analysis.displacement", "analysis.comparison", "drawing",
    "validation.patterns", "validation.claims", "validation.datasets", "validation.presets", "validation.page",
    "studies.study", "studies.sensitivity", "studies.calibration",
    "evaluation.lottery", "evaluation.estimators", "evaluation.design", "evaluation.worlds", "evaluation.trial",
    "evaluation.counts", "report.run", "report.page", "report.replay", "report.bundle", "door", "app", "cli", "__main__",
)  # fmt: skip
"""From what knows nothing to what knows everything."""
HEAVY = ("numba", "mesa", "pandas", "matplotlib", "scipy", "pyarrow", "networkx", "SALib", "sklearn")


def row(module: str) -> int:
    """Return the row of "odssim.storey.room.module" or of a path; the storey's own `__init__` is first."""
    name = module.removeprefix("odssim.").removesuffix(".py").replace("/", ".").removesuffix(".__init__") + "."
    return next(i for i, room in enumerate(ROWS) if name.startswith(f"{room}.") or f"{room}.".startswith(name))


def modules() -> list[str]:
    return [path for path in trees() if path != "__init__.py"]


def test_every_module_has_a_row():
    assert {row(path) for path in modules()} == set(range(len(ROWS)))


def test_in_one_storey_no_two_files_have_one_name():
    """A file's name says what it is; the command, `study`, and its plan file have one name because they are one thing."""
    found = defaultdict(list)
    for path in modules():
        storey, _, rest = path.partition("/")
        found[storey, rest.split("/")[-1]].append(path)
    assert [paths for (_, name), paths in found.items() if name != "__init__.py" and len(paths) > 1] == []


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
    light = {"core", "core.notes", "core.reading"}
    assert apart == {"__main__", "errors", "moved"} | light


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


@pytest.mark.parametrize(
    "line",
    [
        "from odssim.analysis.compare import compare", "from odssim.analysis.comparison import Settings",
        "from odssim.analysis.objective import Objective", "from odssim.analysis.quotient import pop_measures",
        "from odssim.analysis.ranking import rank_runs", "from odssim.analysis.wdd import wdd",
        "from odssim.engine.model import OpenDrugSceneModel", "from odssim.sensitivity.analyse import analyse",
        "from odssim.sensitivity.design import pick_freeze", "from odssim.sensitivity.sample import make_sample",
        "from odssim.sensitivity.sobol import sobol_indices", "from odssim.sensitivity.space import Factor, Space",
        "from odssim.study import load_study, run_study, runs_table", "from odssim.study.batch import warm_up",
        "from odssim.study.choice import choose", "import odssim.sensitivity.study; odssim.sensitivity.study.sensitivity",
    ],
)  # fmt: skip
def test_import_paths_of_older_documents_still_work(line):
    exec(line, {})
    assert {name.rpartition(".")[0] for name in MOVED} == {"odssim", "odssim.analysis", "odssim.sensitivity", "odssim.study"}
