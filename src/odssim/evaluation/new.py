"""Write a design file from a few answers; what was not asked stands there with its default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from odssim.evaluation.schema import CHOSEN, MECHANISMS, PERIODS


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
PRIMARY = {
    "crossover": "crossover", "stepped_wedge": "stepped_wedge", "saturation": "saturation", "hand_picked": "placebo",
}  # fmt: skip
"""The primary estimator of lotteries of which the permutation test of places is not the analysis."""


def default_answers() -> dict[str, Any]:
    """Return the answers taken where nothing is said."""
    return {question.key: question.default for question in QUESTIONS}


def ask_all(ask: Callable[[Question, Any], Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers to all questions; what was `given` is not asked."""
    return {q.key: given[q.key] if given.get(q.key) is not None else ask(q, q.default) for q in QUESTIONS}


def design_text(answers: Mapping[str, Any]) -> str:
    """Return a design file (TOML) from the answers."""
    a = {**default_answers(), **answers}
    mechanism, n = a["mechanism"], min(a["treated"], a["control"]) or a["treated"]
    lot = [f'mechanism = "{mechanism}"   # {", ".join(MECHANISMS)}', "seed = 1"]
    if mechanism == "blocked":
        lot.append(f"blocks = {max(1, n // 2)}")
    if mechanism == "saturation":
        lot.append("saturations = [0.0, 0.333, 0.667]")
    primary = PRIMARY.get(mechanism, "permutation")
    secondary = '["wdd", "ring"]' if a["buffer_m"] else '["rirr"]'
    files = [f'{key} = "{a[key]}"' for key in ("scenario", "interventions") if a[key]]
    world = ["[world]", *files, "worlds = 20", "seed = 1", ""] if a["scenario"] else []
    near = ', "delta_near"' if a["buffer_m"] else ""
    buffer = f"[{a['buffer_m']:g}]" if a["buffer_m"] else "[]"
    lines = [
        "# A design of an evaluation. Check it:  odssim design check FILE", "",
        "[design]", f'id = "{a["id"]}"', "version = 1", "",
        *world,
        "[inquiry]", f'estimands = ["OE_open", "TE_target"{near}]', "",
        "[data]", 'indicators = ["recorded_offences", "tips"]', "dose = 1.0   # share of the plan that is delivered", "",
        "[data.places]", f"treated = {a['treated']}", f"control = {a['control']}",
        f'chosen = "{a["chosen"]}"   # {", ".join(CHOSEN)}', f"buffer_m = {buffer}",
        f"exclude_within_m = {a['exclude_within_m']:g}", "displacement_range_m = 500   # assumption", "",
        "[data.assignment]", *lot, "",
        "[data.timing]", f'period = "{a["period"]}"', f"pre = {a['pre']}", f"post = {a['post']}", "washout = 0", "",
        "[data.counts]   # assumptions until measured", f"mean = {a['mean']:g}", "dispersion = 0.3",
        "place_drift_sd = 0.25", "spread_of_places = 0.6", "detection_ratio = 1.0", "",
        "[answer]", f'primary = "{primary}"', f"secondary = {secondary}", "alpha = 0.05",
        f"smallest_effect = {a['smallest_effect']:g}", "power = 0.8", "",
        "[decision]   # prices are assumptions", 'actions = ["scale_up", "stop"]', "worth_sek_per_deal = 250", "places = 48",
        "years = 3",         "fixed_sek = 100000", "place_sek = 5000", "place_period_sek = 500", "budget_sek = 500000", "",
    ]  # fmt: skip
    return "\n".join(lines)
