"""Write a design file from a few answers; what was not asked stands there with its default."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from odssim.evaluation.design.keys import CHOSEN, MECHANISMS, PERIODS
from odssim.language.templates import rendered


@dataclass(frozen=True)
class Question:
    """One question: the key it answers, how it is put, what is taken if nothing is said, which answers are valid."""

    key: str
    text: str
    default: Any
    choices: tuple[str, ...] = ()


QUESTIONS = (
    Question("id", "What is the design called (letters, digits, _ and -)?", "my_design"),
    Question("scenario", "Scenario without the intervention (file; empty if the design is for real counts only)?", ""),
    Question("interventions", "Scenario with the intervention (file; empty if none)?", ""),
    Question("treated", "How many places get the intervention?", 12),
    Question("control", "How many control places?", 12),
    Question("chosen", "How did these places become candidates?", "by_lot", CHOSEN),
    Question("mechanism", "How are the treated ones drawn among them?", "complete", MECHANISMS),
    Question("buffer_m", "Buffer around each place, metres (0: none)?", 250.0),
    Question("exclude_within_m", "Controls nearer than this to a treated place are not used, metres?", 800.0),
    Question("period", "Length of a period?", "month", PERIODS),
    Question("pre", "Periods before the start?", 12),
    Question("post", "Periods after the start?", 12),
    Question("mean", "Events per place and period today?", 12.0),
    Question("smallest_effect", "Smallest fall of interest, as a share?", 0.15),
)
PRIMARY = {"crossover": "crossover", "stepped_wedge": "stepped_wedge", "saturation": "saturation", "hand_picked": "placebo"}
"""The primary estimator of lotteries of which the permutation test of places is not the analysis."""


def default_answers() -> dict[str, Any]:
    """Return the answers taken where nothing is said."""
    return {question.key: question.default for question in QUESTIONS}


def ask_all(ask: Callable[[Question, Any], Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers to all questions; what was `given` is not asked."""
    return {q.key: given[q.key] if given.get(q.key) is not None else ask(q, q.default) for q in QUESTIONS}


def design_text(answers: Mapping[str, Any]) -> str:
    """Return a design file (TOML) from the answers."""
    given = {**default_answers(), **answers}
    primary = PRIMARY.get(given["mechanism"], "permutation")
    return rendered(__package__, "new.toml", primary=primary, mechanisms=MECHANISMS, every_chosen=CHOSEN, **given)
