"""A design's step 7: what is weak, what harm it could do, what it is worth, what comes next."""

from odssim.evaluation.result import CONDITIONAL
from odssim.language import marked, said_rule, say
from odssim.report.page.blocks import Block, Section, Table, declared_table
from odssim.report.page.common import money, share_cell
from odssim.report.page.design_source import DesignFiles, Row

LIMITS = (
    marked(
        "The cities are simulated: a design that fails here would fail there too, one that passes here may still fail."
    ),
    marked("Counts, spread, effect and prices are assumptions until something has been measured."),
    marked(
        "A power says nothing of one result: an effect that is shown by a weak design is often too large (type M)."
    ),
    marked("No effect shown is not the same as no effect."),
    marked("What moves to phone and delivery is not seen by counts at places."),
)
HARMS = (
    marked(
        "A false alarm buys an intervention that does nothing; an effect that is not shown takes away one that works. The"
        " chances of both stand in step 6."
    ),
    marked("Places that wait as controls go without; say for how long, and who decides to break off."),
    marked("More recording at a place makes its inhabitants suspects: count what is seen, not who."),
)


def design_improve(found: DesignFiles) -> Section:
    """Return the section."""
    blocks: list[Block] = [say("What could go wrong with this design:")]
    blocks += [f"• {said_rule(warning['text'])}" for warning in found.first["warnings"]] or [say("Nothing to warn of.")]
    blocks += [say("Harms to watch:"), *(f"• {say(text)}" for text in HARMS)]
    if found.search is not None and found.search["value"]:
        blocks += [_value(found.search["value"]), _unknowns(found.search["measure_first"])]
    blocks += [
        say("Honest limits:"),
        f"• {say(CONDITIONAL)}",
        *(f"• {say(limit)}" for limit in LIMITS),
        _next(found),
    ]
    lead = say(
        "An evaluation too can be improved before it is paid for. This step says what is weak, what is assumed and what"
        " comes next."
    )
    return Section(say("Analyse and improve"), lead, tuple(blocks))


def _value(rows: list[Row]) -> Table:
    data = [
        [row["design"], money(row["cost_sek"]), _known(row, "evsi_sek"), money(row["enbs_sek"])]
        for row in rows
    ]
    return declared_table("value", data)


def _known(row: Row, name: str) -> tuple[float | None, str]:
    """Return a worth; not known where it is within twice its error from the draws."""
    return money(row[name] if row[name] > 2 * row[f"{name}_mcse"] else None)


def _unknowns(rows: list[Row]) -> Table:
    data = [
        [say(row["unknown"].replace("_", " ")), _known(row, "evppi_sek"), share_cell(row["explains_effect"]),
         share_cell(row["explains_error"])]
        for row in rows if row["unknown"] != "dummy"
    ]  # fmt: skip
    return declared_table("unknowns", data)


def _next(found: DesignFiles) -> str:
    return say(
        "Next: change the design until you can live with the warnings that are left, write the plan to register (odssim"
        " design plan), count, and estimate as planned (odssim estimate)."
    )
