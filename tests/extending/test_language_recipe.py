"""The recipe "Add a language" of docs/extending.md, done in a scratch copy: a "Danish" that is English in angle quotes."""

import json
import re

import pytest

pytest.importorskip("babel")

from extending.recipe import Recipe
from language.strings import stored, write

PO = "src/odssim/language/locale/da/LC_MESSAGES/odssim.po"
PAGE = "src/odssim/app/page"
SAID = """
from odssim.app.catalogue import catalogue
from odssim.app.lessons import lessons
from odssim.language import say, speaking
from odssim.language.written import number

with speaking("da"):
    print(say("Open deals a day"), number(0.5), lessons()[0]["title"]["da"], catalogue()[0]["label"]["da"])
"""
CHECKS = (
    "tests/language/test_language.py", "tests/app/test_words.py", "tests/app/test_lessons.py",
    "-k", "every or unused or short", "--continue-on-collection-errors",
)  # fmt: skip
MISSING = ("none_unused[da]", "da.json", "has no words in da", "a_name_and_own_cities_a_readme_in_every_language[da]")
"""What is told of a language that is a code and a decimal mark only."""


def follow(recipe: Recipe, step: int) -> None:
    """Do one step of the recipe."""
    if step == 1:
        recipe.edit(1, "src/odssim/language/speech.py", ('LANGUAGES = ("en", "sv")', 'LANGUAGES = ("en", "sv", "da")'))
        recipe.edit(1, "src/odssim/language/written.py", ('"sv": ","', '"sv": ",", "da": ","'))
    elif step == 2:
        assert "da: Open deals a day\n" in recipe.run(2, "tests/language/update.py")
        catalogue = stored(recipe.folder / PO)
        for message in filter(lambda message: message.id, catalogue):
            one = isinstance(message.id, str)
            message.string = f"«{message.id}»" if one else tuple(f"«{text}»" for text in message.id)
        write(catalogue, recipe.folder / PO)
        assert "da:" not in recipe.run(2, "tests/language/update.py")
    elif step == 3:
        english = json.loads((recipe.folder / PAGE / "words" / "en.json").read_text(encoding="utf-8"))
        recipe.write(3, f"{PAGE}/words/da.json", json.dumps({key: f"«{text}»" for key, text in english.items()}))
        recipe.edit(3, f"{PAGE}/words.js", ('sv: "sv-SE"', 'sv: "sv-SE", da: "da-DK"'))
        swedish = '<button data-language="sv" lang="sv">Svenska</button>'
        danish = swedish.replace('"sv"', '"da"').replace("Svenska", "Dansk")
        recipe.edit(3, f"{PAGE}/index.html", (swedish, f"{swedish}{danish}"))
    elif step == 4:
        each(recipe, 4, "src/odssim/app/lessons", r'\ben = ("(?:[^"\\]|\\.)*")', r"en = \1, da = \1")
    elif step == 5:
        each(recipe, 5, "src/odssim/interventions/entries", r"^label_sv = (.*)$", r"label_sv = \1\nlabels = { da = \1 }")
    elif step == 6:
        recipe.write(6, "src/odssim/city/data/template/README.da.txt", "En by til odssim\n")


def each(recipe: Recipe, step: int, folder: str, old: str, new: str) -> None:
    """Replace in every file of a folder that the step names."""
    assert f"`{folder}/*.toml`" in recipe.steps[step]
    for file in (recipe.folder / folder).glob("*.toml"):
        file.write_text(re.sub(old, new, file.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")


def test_a_language_is_what_the_recipe_says(tmp_path):
    names = (
        "src/odssim",
        "tests/language",
        "tests/app",
        "tests/report",
        "tests/scenario",
        "tests/conftest.py",
        "scenarios",
        "pyproject.toml",
    )
    recipe = Recipe("Add a language", tmp_path, *names, code="da")
    assert list(recipe.steps) == list(range(1, 8))
    follow(recipe, 1)
    told = recipe.make_test(7, *CHECKS)
    assert [words for words in MISSING if words not in told] == [], told
    for step in (2, 3, 4, 5, 6):
        follow(recipe, step)
    told = recipe.make_test(7, *CHECKS)
    assert not re.search("failed|error", told), told
    assert " passed" in told, told
    said = recipe.python("-c", SAID)
    assert said.stdout == "«Open deals a day» 0,5 A scene is born Trygghetsvandringar\n", said
