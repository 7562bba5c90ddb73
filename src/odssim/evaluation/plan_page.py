"""The analysis plan as a page to pre-register, in Markdown and HTML: made from the design file alone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import odssim
from odssim.core.numerals import told_p
from odssim.evaluation.check import check_design
from odssim.evaluation.cost import design_cost, told_cost
from odssim.evaluation.design import Design
from odssim.evaluation.from_design import planned_test, smallest_p_of
from odssim.evaluation.power import minimum_detectable_effect
from odssim.evaluation.registry import ESTIMATORS

Section = tuple[str, list[str]]
VERDICT_RULE = (
    "net reduction: the target's interval lies below zero, and so does that of target and surroundings together",
    "displacement: the target's lies below zero, the overall one holds zero, the buffer's lies above zero",
    "unclear where: the target's lies below zero and neither of the above",
    "rise: the target's lies above zero",
    "no answer: there is no estimate, or no outcome could have passed the test",
    "no effect shown: otherwise; that is not the same as no effect",
)
STYLE = "body{font:16px/1.5 serif;max-width:46em;margin:2em auto;padding:0 1em}h2{margin-top:1.6em}"


def sections(design: Design, held: Sequence[str] = ()) -> list[Section]:
    """Return the headings and points of the plan; `held` says how counts compare with it, once there are some."""
    return [
        *([("Counts", list(held))] if held else []),
        ("Question", _question(design)),
        ("Places and lottery", _places(design)),
        ("Time and data", _data(design)),
        ("Analysis", _analysis(design)),
        ("Verdict, decided in advance", list(VERDICT_RULE)),
        ("Decision and cost", _decision(design)),
        ("What this design can and cannot tell", _limits(design)),
        ("Signed before any data after the start were seen", ["Name:", "Date:", "Registered at:"]),
    ]


def plan_markdown(design: Design, held: Sequence[str] = ()) -> str:
    """Return the plan as Markdown."""
    parts = [f"# Analysis plan: {_title(design)}", "", _stamp(design), ""]
    for heading, points in sections(design, held):
        parts += [f"## {heading}", "", *(f"- {point}" for point in points), ""]
    return "\n".join(parts)


def plan_html(design: Design, held: Sequence[str] = ()) -> str:
    """Return the plan as one HTML page without scripts."""
    blocks = "\n".join(
        f"<h2>{escape(heading)}</h2>\n<ul>\n" + "\n".join(f"<li>{escape(p)}</li>" for p in points) + "\n</ul>"
        for heading, points in sections(design, held)
    )
    title = escape(f"Analysis plan: {_title(design)}")
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n<style>{STYLE}</style>\n'
        f"<h1>{title}</h1>\n<p>{escape(_stamp(design))}</p>\n{blocks}\n</html>\n"
    )


def _title(design: Design) -> str:
    return design.keys.design.title or design.id


def _stamp(design: Design) -> str:
    return (
        f"Design {design.id}, version {design.keys.design.version}, content hash {design.content_hash}, "
        f"odssim {odssim.__version__}. The hash changes with anything that decides the evaluation."
    )


def _question(design: Design) -> list[str]:
    smallest = 100 * design.keys.answer.smallest_effect
    return [
        f"Estimands: {', '.join(design.keys.inquiry.estimands)}.",
        f"Smallest effect of interest: a fall by {smallest:.0f} %.",
    ]


def _places(design: Design) -> list[str]:
    places, lot = design.keys.data.places, design.keys.data.assignment
    rings = f"rings to {_list(places.buffer_m)} m" if places.buffer_m else "nothing"
    points = [
        f"{places.treated} treated and {places.control} control places, chosen {places.chosen.replace('_', ' ')}.",
        f"Assignment: {lot.mechanism}, seed {lot.seed}.",
        f"Counted around each place: {rings}. Controls nearer than {places.exclude_within_m:g} m are not used; "
        f"displacement is taken to reach {places.displacement_range_m:g} m (assumption).",
    ]
    for names, what in ((places.treated_names, "Treated"), (places.control_names, "Controls")):
        if names:
            points.append(f"{what}: {', '.join(names)}.")
    return points


def _data(design: Design) -> list[str]:
    data, timing = design.keys.data, design.keys.data.timing
    start = f", start {timing.start}" if timing.start else ""
    points = [
        f"{timing.pre} {timing.period}s before, {timing.washout} left out, {timing.post} after{start}.",
        f"Indicators: {', '.join(data.indicators)}. Share of the plan delivered: {100 * data.dose:.0f} %.",
    ]
    if data.survey:
        points.append(f"Survey: {data.survey.n_wave} asked in each of {data.survey.waves} waves.")
    if data.observers:
        double = 100 * data.observers.double_share
        points.append(f"Observers: {data.observers.visits:g} visits per place and period, {double:.0f} % by two at once.")
    return points


def _analysis(design: Design) -> list[str]:
    answer = design.keys.answer
    points = []
    for name in design.estimators:
        entry = ESTIMATORS[name]
        role = "Primary" if name == answer.primary else "Secondary"
        points.append(f"{role}: {entry.label} ({entry.code}, {name}). Needs: {entry.needs}. Fails when: {entry.fails_when}.")
    return [
        *points,
        f"Two-sided, alpha {answer.alpha:g}. Errors of places: jackknife over places within each arm (CR3), Student's t "
        "with the degrees of freedom of Bell and McCaffrey, so that few treated places are not lent the certainty of many "
        "controls. WDD, RIRR and the pooled negative binomial keep their published error; their verdict rests on the "
        "former, unless a dispersion is given.",
        f"Permutation: all assignments if they are at most 20,000, else {answer.draws} drawn ones; the statistic is the "
        "absolute log RIRR of summed counts.",
    ]


def _decision(design: Design) -> list[str]:
    decision = design.keys.decision
    return [
        f"Actions: {', '.join(decision.actions)}. Worth of one deal less: {decision.worth_sek_per_deal:g} SEK (assumption).",
        f"The decision covers {decision.places} places for {decision.years:g} years.",
        f"Cost of the evaluation: {told_cost(design_cost(design))}.",
    ]


def _limits(design: Design) -> list[str]:
    data, answer = design.keys.data, design.keys.answer
    points = []
    smallest = smallest_p_of(design)
    if smallest is not None:
        points.append(f"Smallest p that the lottery allows: {told_p(smallest)}.")
    if data.places.control and data.assignment.mechanism not in ("crossover", "stepped_wedge"):
        se, df = planned_test(design)
        found = minimum_detectable_effect(se, answer.power, answer.alpha, df)
        least = "none" if found is None else f"{-found.percent:.0f} %"
        points.append(
            f"Smallest fall at treated places found with power {answer.power:g}: {least} (by the planned test, on the "
            "counts supposed in the design). It says nothing of the city: what is displaced is not subtracted."
        )
    return points + [f"Warning: {warned.text}." for warned in check_design(design)]


def _list(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)
