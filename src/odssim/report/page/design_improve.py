"""A design's step 7: what is weak, what harm it could do, what it is worth, what comes next."""

from odssim.evaluation.design.pitfall_texts import stored_sentence
from odssim.evaluation.trial.results import CONDITIONAL
from odssim.language import say
from odssim.report.page.blocks import TEXTS, Block, Section, Table, declared_table
from odssim.report.page.design_source import DesignFiles, Row


def design_improve(found: DesignFiles) -> Section:
    """Return the section."""
    blocks: list[Block] = [say("What could go wrong with this design:")]
    blocks += [f"• {say(stored_sentence(warning))}" for warning in found.first["warnings"]] or [say("Nothing to warn of.")]
    blocks += [say("Harms to watch:"), *(f"• {say(text)}" for text in TEXTS["harms_of_design"])]
    if found.search is not None and found.search["value"]:
        blocks += [_value(found.search["value"]), _unknowns(found.search["measure_first"])]
    blocks += [
        say("Honest limits:"),
        f"• {say(CONDITIONAL)}",
        *(f"• {say(limit)}" for limit in TEXTS["limits_of_design"]),
        _next(found),
    ]
    lead = say(
        "An evaluation too can be improved before it is paid for. This step says what is weak, what is assumed and what"
        " comes next."
    )
    return Section(say("Analyse and improve"), lead, tuple(blocks))


def _value(rows: list[Row]) -> Table:
    data = [[row["design"], row["cost_sek"], _known(row, "evsi_sek"), row["enbs_sek"]] for row in rows]
    return declared_table("value", data)


def _known(row: Row, name: str) -> float | None:
    """Return a worth; not known where it is within twice its error from the draws."""
    value: float = row[name]
    return value if value > 2 * row[f"{name}_mcse"] else None


def _unknowns(rows: list[Row]) -> Table:
    data = [
        [say(row["unknown"].replace("_", " ")), _known(row, "evppi_sek"), row["explains_effect"], row["explains_error"]]
        for row in rows
        if row["unknown"] != "dummy"
    ]
    return declared_table("unknowns", data)


def _next(found: DesignFiles) -> str:
    return say(
        "Next: change the design until you can live with the warnings that are left, write the plan to register (odssim"
        " design plan), count, and estimate as planned (odssim estimate)."
    )
