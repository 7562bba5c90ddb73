"""The recipe "Add a rule" of docs/extending.md, done in a scratch copy: graffiti, which begets nothing but itself."""

import pytest

from extending.recipe import Recipe

FILE = '''"""graffiti: walls are written on by night, where no lamp is lit.

Rule
    At midnight each place gets a new piece of graffiti by chance, less often where there is light.
Formula
    P(one more) = tag_share * (1 - lighting).
Reads
    to be written.
Writes
    to be written.
Draws
    graffiti.tag.
Sources
    The share is an assumption.
Limits
    Nobody minds.
"""

from odssim.core.compiled import entry
from odssim.core.declare import declared
from odssim.core.rng import uniform
from odssim.world.state import State

PARAMETERS = declared(__file__)
DRAWS = ("graffiti.tag",)


@entry
def midnight(st: State, d: int) -> None:
    """Let each place be written on, or not."""
    for p in range(len(st.places)):
        place = st.places[p]
        if uniform(st.keys[0].graffiti_tag, p, d) < st.par[0].graffiti_tag_share * (1.0 - place.lighting):
            place.graffiti += 1
'''
TABLE = """id,default,unit,low,high,status,source,meaning,by,lots
graffiti.tag_share,0.5,probability,0.0,1.0,assumption,no data,Chance of one more piece in a night without light.,,
"""
ODD = """### graffiti
Midnight, per place p: graffiti += 1 if `U(graffiti.tag; p, d) < graffiti.tag_share * (1 - lighting[p])`.

"""
TWIN = """

# ---- graffiti


def graffiti(model: TwinModel) -> None:
    for number, place in enumerate(model.places):
        share = model.par.graffiti_tag_share * (1 - place.lighting)
        place.graffiti += model.draws.u("graffiti.tag", number, model.day) < share
"""
TOGETHER = """
from odssim.rules import graffiti
from reference.compare import compare_columns
from reference.model import TwinModel, midnight
from reference.worlds import make_world

pieces = 0
for k in range(8):
    state, _ = make_world(k)
    twin = TwinModel(state)
    graffiti.midnight(state, 0)
    pieces += state.places["graffiti"].sum()
    midnight.graffiti(twin)
    assert compare_columns(state, twin) is None, k
print("the same" if pieces else "nothing done")
"""
MIDNIGHT = '    ("disorder", disorder.midnight),\n'
CHECKS = tuple(f"tests/architecture/test_{name}.py" for name in ("odd", "odd_table", "odd_nested"))
MISSED = {2: "graffiti.csv", 3: "graffiti", 4: "test_every_submodel_has", 5: "test_every_submodel_has", 6: "test_odd_table"}
"""What is told if a step is left out."""


def follow(recipe: Recipe, step: int) -> None:
    """Do one step of the recipe."""
    if step == 1:
        recipe.write(1, "src/odssim/rules/graffiti.py", FILE)
    elif step == 2:
        recipe.write(2, "src/odssim/rules/graffiti.csv", TABLE)
    elif step == 3:
        last = "places,fear,f8"
        recipe.edit(3, "src/odssim/world/columns.csv", (last, f"places,graffiti,i4,,pieces,on its walls,\n{last}"))
    elif step == 4:
        recipe.edit(4, "src/odssim/rules/__init__.py", ("    funding,\n", "    funding,\n    graffiti,\n"),
                    ("disorder, recording,", "disorder, graffiti, recording,"))  # fmt: skip
        recipe.edit(4, "src/odssim/engine/schedule.py", ("detection, disorder, need", "detection, disorder, graffiti, need"),
                    (MIDNIGHT, MIDNIGHT + MIDNIGHT.replace("disorder", "graffiti")))  # fmt: skip
    elif step == 5:
        recipe.edit(5, "ODD.md", ("### recording\n", f"{ODD}### recording\n"),
                    ("disorder, recording, detection", "disorder, graffiti, recording, detection"))  # fmt: skip
    elif step == 6:
        recipe.make_pages(6)
    else:
        midnight = (recipe.folder / "tests/reference/midnight.py").read_text(encoding="utf-8")
        (recipe.folder / "tests/reference/midnight.py").write_text(midnight + TWIN, encoding="utf-8")


@pytest.fixture
def recipe(tmp_path):
    names = (
        "src/odssim",
        "Makefile",
        "tests/architecture",
        "tests/reference",
        "docs",
        "ODD.md",
        "pyproject.toml",
        "README.md",
    )
    return Recipe("Add a rule", tmp_path, *names, name="graffiti")


def test_a_rule_is_what_the_recipe_says(recipe):
    assert list(recipe.steps) == list(range(1, 8))
    for step in recipe.steps:
        follow(recipe, step)
    told = recipe.make_test(7, *CHECKS, "tests/architecture/test_state.py", "-k", "not (state and (column or record))")
    assert " passed" in told, told
    assert "failed" not in told, told
    assert "\n    places.lighting.\n" in (recipe.folder / "src/odssim/rules/graffiti.py").read_text(encoding="utf-8")
    together = recipe.python("-c", TOGETHER)
    assert together.stdout == "the same\n", together.stderr


@pytest.mark.parametrize("missing", MISSED)
def test_a_step_that_is_left_out_is_told(recipe, missing):
    for step in (1, 2, 3, 4, 5):
        if step != missing:
            follow(recipe, step)
    told = recipe.python("-c", TOGETHER).stderr if missing == 3 else recipe.make_test(7, *CHECKS, "-x")
    assert MISSED[missing] in told, told
