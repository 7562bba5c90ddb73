"""Guided lessons: files of the package, each a world, a few steps with text and a question, in every language."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from odssim.app.plan import Plan, Strict
from odssim.language import LANGUAGES

LONGEST_MIN = 10
Chart = Literal["deals", "truth", "recorded", "hidden", "price", "sellers", "arrests", "fear", "cost"]


def _whole(words: dict[str, str]) -> dict[str, str]:
    if missing := [code for code in LANGUAGES if not words.get(code)]:
        raise ValueError(f"has no words in {', '.join(missing)}")
    return words


Text = Annotated[dict[str, str], AfterValidator(_whole)]
"""The same words in every language."""


class Question(Strict):
    """A question with its choices; `right` is the index of the right one, None where the class discusses."""

    ask: Text
    choices: Annotated[list[Text], Field(default_factory=list)]
    right: int | None = None
    answer: Text


class Step(Strict):
    """One step: words, what the page shows, and perhaps a question."""

    text: Text
    day: Annotated[int, Field(ge=0, le=365)] | None = None
    until_day: Annotated[int, Field(ge=0, le=365)] | None = None
    speed: Annotated[int, Field(ge=0)] = 2
    view: Literal["a", "both", "difference"] = "a"
    charts: Annotated[list[Chart], Field(default_factory=list)]
    plan: Plan | None = None
    place: int | None = None
    question: Question | None = None


class Lesson(Strict):
    """One lesson: its name, its length, its steps. `plan` is where it begins."""

    id: str
    order: int
    minutes: Annotated[int, Field(ge=1, le=LONGEST_MIN)]
    title: Text
    about: Text
    plan: Plan
    steps: Annotated[list[Step], Field(min_length=2)]


@cache
def lessons() -> list[dict[str, Any]]:
    """Return all lessons in their order, checked, as plain values."""
    texts = [entry.read_text(encoding="utf-8") for entry in (files("odssim.app") / "lessons").iterdir()
             if entry.name.endswith(".toml")]  # fmt: skip
    found = [Lesson.model_validate(tomllib.loads(text)) for text in texts]
    return [lesson.model_dump() for lesson in sorted(found, key=lambda lesson: lesson.order)]
