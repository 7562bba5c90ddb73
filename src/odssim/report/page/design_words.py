"""What conditions, verdicts, indicators and estimators of a design are called."""

from odssim.evaluation.estimators.registry import ESTIMATORS
from odssim.language import say
from odssim.language.written import UNKNOWN, joined, percent
from odssim.report.page.blocks import TEXTS
from odssim.report.page.design_source import DesignFiles, Row

INDICATORS, VERDICTS, TYPES = (TEXTS[name] for name in ("indicators", "verdicts", "types"))
CONDITIONS, BEGINNINGS = TEXTS["conditions"], TEXTS["beginnings"]
"""What the name of a condition begins with, and how it is called."""


def condition_name(name: str) -> str:
    """Return what may be true, in words."""
    if name.startswith("null, "):
        return f"{say(CONDITIONS['null'])}, {condition_name(name.removeprefix('null, '))}"
    for start, text in BEGINNINGS.items():
        if name.startswith(start):
            x = name.removeprefix(start)
            return say(text, x=percent(float(x)) if start == "effect " else x.replace("%", " %"))
    return say(CONDITIONS.get(name, name))


def indicator_name(name: str) -> str:
    """Return what is counted, in words."""
    return say(INDICATORS.get(name, name))


def design_title(found: DesignFiles, result: Row) -> str:
    """Return what a design is called; one of a search by what it varies."""
    if found.search is None:
        return str(result["title"] or result["design"])
    data = result["keys"]["data"]
    zones = say("with surroundings") if data["places"]["buffer_m"] else say("without surroundings")
    return say(
        "{treated}+{control} places, {pre}+{post} periods, {zones}, {indicators}", treated=data["places"]["treated"],
        control=data["places"]["control"], pre=data["timing"]["pre"], post=data["timing"]["post"], zones=zones,
        indicators=joined([indicator_name(name) for name in data["indicators"]]),
    )  # fmt: skip


def estimator_name(name: str) -> str:
    """Return what an analysis is called."""
    return say(ESTIMATORS[name].label) if name in ESTIMATORS else name


def chance(value: float | None, mcse: float | None = None) -> tuple[float | None, str]:
    """Return a chance with its Monte Carlo error (two standard errors, in points)."""
    if value is None:
        return None, UNKNOWN
    text = "0 %" if value == 0 else percent(value)
    return value, text if not mcse else f"{text} (±{max(1, round(200 * mcse))})"
