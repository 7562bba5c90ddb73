"""The recipe "Add an intervention" of docs/extending.md, done in a scratch copy: wardens who walk where it is loud."""

import pytest

pytest.importorskip("babel")

from extending.recipe import Recipe
from language.strings import stored, write

ENTRY = "noise_walks.toml"
ENTRIES = "src/odssim/interventions/entries"
COSTS = "src/odssim/interventions/costs.csv"
PO = "src/odssim/language/locale/sv/LC_MESSAGES/odssim.po"
COMMAND = ("new", "intervention", "noise_walks", "--like", "guards_and_hosts")
FILLED_IN = (
    ('label_sv = "Noise walks"', 'label_sv = "Bullervandringar"'),
    ("What is known, by row of docs/facts.md or by publication; a guess says assumption.", "An assumption."),
    ("Whom it may hurt, and how.", "Young people are sent on."),
    ("What of it the model leaves out.", "Quarrels about what is loud."),
    ("cost.guard_sek_h", "cost.noise_walk_sek_h"),
)
COST = "cost.noise_walk_sek_h,300.0,SEK/h,200,400,assumption,a warden's wage,Cost of a warden's hour.,hours\n"
CHECKS = (
    "tests/scenario/test_all_rows.py", "tests/scenario/test_catalogue.py", "tests/architecture/test_odd_table.py",
    "tests/language/test_language.py", "tests/app/test_words.py",
    "-k", "not shipped and (noise_walk or no_two or method or named_by or every_unit or untranslated or words)",
)  # fmt: skip
ROWS, WORDS = "tests/scenario/test_all_rows.py", "tests/language/test_language.py"
MISSED = {
    2: (ROWS, "test_the_swedish_name_is_not_the_english_one[noise_walks]"),
    3: (ROWS, "test_every_unit_cost_is_used"),
    4: (ROWS, "test_the_payer_and_the_unit_cost_exist[noise_walks]"),
    5: (WORDS, "test_no_text_is_untranslated"),
}
"""Who tells what if a step is left out."""


def follow(recipe: Recipe, step: int) -> None:
    """Do one step of the recipe."""
    if step == 1:
        assert f"`odssim {' '.join(COMMAND)}`" in recipe.steps[1]
        done = recipe.python("-m", "odssim", *COMMAND)
        assert done.returncode == 0, done.stderr
    elif step == 2:
        text = (recipe.folder / ENTRY).read_text(encoding="utf-8")
        for old, new in FILLED_IN:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (recipe.folder / ENTRY).write_text(text, encoding="utf-8")
    elif step == 3:
        assert f"`{ENTRIES}/`" in recipe.steps[3]
        (recipe.folder / ENTRY).rename(recipe.folder / ENTRIES / ENTRY)
    elif step == 4:
        rows = (recipe.folder / COSTS).read_text(encoding="utf-8")
        recipe.write(4, COSTS, rows + COST)
    elif step == 5:
        assert "2 texts without Swedish" in recipe.run(5, "tests/language/update.py")
        catalogue = stored(recipe.folder / PO)
        for message in catalogue:
            message.string = message.string or f"«{message.id}»"
        assert f"`{PO}`" in recipe.steps[5]
        write(catalogue, recipe.folder / PO)
        assert recipe.run(5, "tests/language/update.py") == ""


@pytest.fixture
def recipe(tmp_path):
    names = (
        "src/odssim", "Makefile", "tests/conftest.py", "tests/architecture", "tests/scenario", "tests/language", "tests/app",
        "tests/report", "docs", "ODD.md", "pyproject.toml", "README.md",
    )  # fmt: skip
    return Recipe("Add an intervention", tmp_path, *names)


def test_an_intervention_is_what_the_recipe_says(recipe):
    assert list(recipe.steps) == list(range(1, 7))
    for step in recipe.steps:
        follow(recipe, step)
    recipe.make_pages(4)
    told = recipe.make_test(6, *CHECKS)
    assert " passed" in told, told
    assert "failed" not in told, told
    assert "error" not in told, told


@pytest.mark.parametrize("missing", MISSED)
def test_a_step_that_is_left_out_is_told(recipe, missing):
    for step in {1, 2, 3, 4} - {missing}:
        follow(recipe, step)
    who, what = MISSED[missing]
    told = recipe.make_test(6, who, "-k", "noise_walk or every_unit or untranslated")
    assert what in told, told
