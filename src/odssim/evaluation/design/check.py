"""What is unwise about a design, in plain words: every pitfall that can be seen before any data are."""

from collections.abc import Callable
from dataclasses import dataclass

from odssim.errors import Sentence
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.design.pitfalls_answer import ANSWER_PITFALLS
from odssim.evaluation.design.pitfalls_data import DATA_PITFALLS
from odssim.evaluation.design.pitfalls_places import PLACE_PITFALLS

Pitfall = Callable[[Design], Sentence | None]
PITFALLS: tuple[Pitfall, ...] = (*PLACE_PITFALLS, *DATA_PITFALLS, *ANSWER_PITFALLS)


@dataclass(frozen=True)
class Warned:
    """One warning: the name of the pitfall and what to say of it."""

    pitfall: str
    text: Sentence


def check_design(design: Design) -> list[Warned]:
    """Return the warnings of a design, those on places first, then data, then answers."""
    found = [(pitfall.__name__, pitfall(design)) for pitfall in PITFALLS]
    return [Warned(name, text) for name, text in found if text is not None]
