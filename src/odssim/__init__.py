"""odssim: open drug scenes in a city, and what a planned mix of interventions would change.

    import odssim
    odssim.run("teaching-town", days=60, seed=1).plot()

The names below are the public door (docs/python.md); each is loaded when it is first used, so that
``import odssim`` loads nothing else. Behind it the folders are the flow of data, in the order of
tests/architecture/test_imports.py: a module imports only from those before it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from odssim import moved as moved

if TYPE_CHECKING:
    from odssim.door.evaluate import estimate, run_design
    from odssim.door.lists import catalogue, outcomes, parameters
    from odssim.door.many import run_calibration, run_sensitivity, run_study
    from odssim.door.simulate import compare, load_scenario, run
    from odssim.engine.model import OpenDrugSceneModel as Model
    from odssim.errors import OdssimError, ScenarioError
    from odssim.scenario.records import Scenario

__version__ = "0.1.0"
__all__ = [
    "Model", "OdssimError", "Scenario", "ScenarioError", "catalogue", "compare", "estimate", "load_scenario", "outcomes",
    "parameters", "run", "run_calibration", "run_design", "run_sensitivity", "run_study",
]  # fmt: skip

_WHERE = {
    "load_scenario": "door.simulate", "run": "door.simulate", "compare": "door.simulate", "run_study": "door.many",
    "run_sensitivity": "door.many", "run_calibration": "door.many", "run_design": "door.evaluate",
    "estimate": "door.evaluate", "catalogue": "door.lists", "outcomes": "door.lists", "parameters": "door.lists",
    "Scenario": "scenario.records", "OdssimError": "errors", "ScenarioError": "errors",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name == "Model":
        value = import_module("odssim.engine.model").OpenDrugSceneModel
    elif name in _WHERE:
        value = getattr(import_module(f"odssim.{_WHERE[name]}"), name)
    else:
        raise AttributeError(f"module 'odssim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
