"""Import paths that once stood in the documents: each still leads to the same names, wherever they are now."""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType

MOVED = {
    "odssim.analysis.compare": "odssim.analysis.comparison.run_pairs",
    "odssim.analysis.objective": "odssim.analysis.decision.objective",
    "odssim.analysis.quotient": "odssim.analysis.displacement.quotient",
    "odssim.analysis.ranking": "odssim.analysis.decision.ranking",
    "odssim.analysis.wdd": "odssim.analysis.displacement.wdd",
    "odssim.sensitivity": "odssim.studies.sensitivity",
    "odssim.sensitivity.analyse": "odssim.studies.sensitivity.analyse",
    "odssim.sensitivity.design": "odssim.studies.sensitivity.design",
    "odssim.sensitivity.sample": "odssim.studies.sensitivity.sample",
    "odssim.sensitivity.sobol": "odssim.studies.sensitivity.sobol",
    "odssim.sensitivity.space": "odssim.studies.sensitivity.space",
    "odssim.sensitivity.study": "odssim.studies.sensitivity.of_study",
    "odssim.study": "odssim.studies.study",
    "odssim.study.batch": "odssim.studies.study.batch",
    "odssim.study.choice": "odssim.studies.study.choice",
}
"""Old path and new path."""


class Forward:
    """Finds and loads the old paths; Python asks it last."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return how to load an old path; None for all other names."""
        return ModuleSpec(name, self, is_package=True) if name in MOVED else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        """Let Python make an empty module."""

    def exec_module(self, module: ModuleType) -> None:
        """Fill it with the names of the module that is meant."""
        meant = vars(import_module(MOVED[module.__name__]))
        vars(module).update({name: value for name, value in meant.items() if not name.startswith("__")})


sys.meta_path.append(Forward())
