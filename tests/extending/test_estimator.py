"""The recipe "Add an estimator" of docs/extending.md, done in a scratch copy: a plain ratio, its verdict a better one's."""

import pytest

pytest.importorskip("babel")

from extending.recipe import Recipe
from language.strings import stored, write

ROOM = "src/odssim/evaluation/estimators"
PO = "src/odssim/language/locale/sv/LC_MESSAGES/odssim.po"
FUNCTION = '''"""The plain ratio: after over before at the target."""

import numpy as np

from odssim.evaluation.estimators.estimates import LOG_RATIO, Estimates, from_se, safe_log
from odssim.evaluation.estimators.nb_did import poisson_did
from odssim.evaluation.estimators.panel import TREATED, Panel, Plan


def plain_ratio(panel: Panel, plan: Plan) -> Estimates:
    """Log of the target's after/before ratio; verdicts rest on the Poisson difference in differences."""
    before, after = panel.area_sums(TREATED)
    with np.errstate(divide="ignore"):
        se = np.sqrt(1 / before + 1 / after)
    decides = poisson_did(panel, plan)
    return from_se("plain_ratio", LOG_RATIO, safe_log(after) - safe_log(before), se, alpha=plan.alpha, decides=decides)
'''
ENTRY = """        Estimator("plain_ratio", "own", "Plain ratio", LOG_RATIO, plain_ratio, "nothing else changes", "a trend"),
"""
SIZE = """
import sys
from evaluation import sizes

sizes.TREATED_PLACES, sizes.CONTROL_PLACES = (3,), (10,)
sys.argv = "sizes --panels 20 --workers 1 --only plain_ratio --out sizes.csv".split()
sizes.main()
"""
CHECKS = (
    "tests/evaluation/test_estimators.py", "tests/language/test_language.py",
    "-k", "planned_name or plain_ratio or unused",
)  # fmt: skip


def follow(recipe: Recipe, step: int) -> None:
    """Do one step of the recipe."""
    if step == 1:
        recipe.write(1, f"{ROOM}/plain_ratio.py", FUNCTION)
    elif step == 2:
        imported = "from odssim.evaluation.estimators.ring import"
        brought = f"from odssim.evaluation.estimators.plain_ratio import plain_ratio\n{imported}"
        recipe.edit(2, f"{ROOM}/registry.py", (imported, brought), ("    )\n} | brought", f"{ENTRY}    )\n}} | brought"))
    elif step == 3:
        recipe.edit(3, "src/odssim/evaluation/design/keys.py", ('    "saturation", *', '    "saturation", "plain_ratio", *'))
    elif step == 4:
        assert recipe.run(4, "tests/language/update.py").endswith(".po:\nsv: Plain ratio\n")
        catalogue = stored(recipe.folder / PO)
        catalogue["Plain ratio"].string = "Enkel kvot"
        write(catalogue, recipe.folder / PO)
        assert recipe.run(4, "tests/language/update.py") == ""


def test_an_estimator_is_what_the_recipe_says(tmp_path):
    names = ("tests/language", "tests/evaluation", "tests/report", "tests/conftest.py", "scenarios", "pyproject.toml")
    recipe = Recipe("Add an estimator", tmp_path, "src/odssim", *names, name="plain_ratio")
    assert list(recipe.steps) == list(range(1, 7))
    follow(recipe, 1)
    follow(recipe, 2)
    told = recipe.make_test(5, *CHECKS)
    assert "FAILED tests/evaluation/test_estimators.py::test_every_planned_name" in told, told
    assert "FAILED tests/language/test_language.py::test_no_text_is_untranslated_and_none_unused[sv]" in told, told
    follow(recipe, 3)
    follow(recipe, 4)
    told = recipe.make_test(5, *CHECKS)
    assert "failed" not in told, told
    assert " passed" in told, told
    assert '`make sizes ARGS="--panels 500 --only plain_ratio --out sizes.csv"`' in recipe.steps[6]
    size = recipe.python("-c", SIZE)
    assert size.stdout.startswith("plain_ratio "), size
