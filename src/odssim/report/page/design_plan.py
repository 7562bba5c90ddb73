"""A design's steps 1 to 4: what is counted where, what it costs, what may be true, what is planned."""

from typing import Any

from odssim.language import say
from odssim.language.written import joined, number, percent
from odssim.report.page.blocks import Block, Section, Table, declared_table
from odssim.report.page.design_source import DesignFiles, Row
from odssim.report.page.design_words import TYPES, chance, design_title, estimator_name, indicator_name

MOST_DESIGNS = 24


def plan_sections(found: DesignFiles) -> list[Section]:
    """Return the first four steps."""
    return [_mapping(found), _resources(found), _causes(found), _choice(found)]


def _mapping(found: DesignFiles) -> Section:
    data = found.keys["data"]
    places, timing, counts = data["places"], data["timing"], data["counts"]
    rows: list[list[Any]] = [
        [say("Places that get the intervention"), places["treated"], ""],
        [say("Control places"), places["control"], ""],
        [say("Surroundings counted around each place"), joined_m(places["buffer_m"]), ""],
        [say("Displacement is taken to reach"), f"{number(places['displacement_range_m'])} m", say("assumption")],
        [say("Periods before the start"), timing["pre"], say(timing["period"])],
        [say("Periods after the start"), timing["post"], say(timing["period"])],
        [say("Count per place and period before"), counts["mean"], say("assumption until counted")],
        [say("Dispersion of counts beyond chance (NB2)"), counts["dispersion"], say("assumption until counted")],
        [say("Lasting drift of a place, log scale"), counts["place_drift_sd"], say("assumption until counted")],
    ]
    blocks: list[Block] = [declared_table("data", rows)]
    if found.first["list_churn"]:
        blocks.append(_churn(found.first["list_churn"]))
    lead = say(
        "An evaluation counts what mapping has found. Until something has been counted, its level and its spread are"
        " assumptions, and so is all that follows from them."
    )
    return Section(say("Motivate change by mapping"), lead, tuple(blocks))


def joined_m(edges: list[float]) -> str:
    """Return "to 250 m" or "nothing"."""
    return say("to {m} m", m=joined([number(edge) for edge in edges])) if edges else say("nothing")


def _churn(rows: list[Row]) -> Table:
    data = [[row["raters"], row["kappa"], row["leave_list"]] for row in rows]
    return declared_table("list_churn", data)


def _resources(found: DesignFiles) -> Section:
    prices = found.keys["decision"]
    texts = {
        "fixed_sek": say("Fixed costs"), "place_sek": say("Per place"), "place_period_sek": say("Per place and period"),
        "zone_place_period_sek": say("Surroundings, per place and period"), "visit_sek": say("Per visit of an observer"),
        "action_sek_per_place_year": say("The intervention itself, per place and year"),
    }  # fmt: skip
    rows = [[text, prices[name]] for name, text in texts.items() if prices[name]]
    rows += [[indicator_name(name), sek] for name, sek in prices["indicator_sek"].items()]
    cost = found.first["cost_sek"]
    lead = say("The evaluation costs {sum} SEK.", sum=number(cost)) if cost else say("What it costs: no prices given.")
    if prices["budget_sek"]:
        lead += " " + say("The budget is {sum} SEK.", sum=number(prices["budget_sek"]))
    lead += " " + say(
        "What depends on its answer: {what}.", what=joined([say(a.replace("_", " ")) for a in prices["actions"]])
    )
    blocks = (declared_table("prices", rows),) if rows else ()
    return Section(say("Assess resources and conditions, involve actors"), lead, blocks)


def _causes(found: DesignFiles) -> Section:
    market = found.keys["market"]
    parts = [
        say("{share} {where}", share=percent(market[kind]), where=say(text)) for kind, text in TYPES.items() if market[kind]
    ]
    lead = say(
        "The intervention takes away one of the three conditions of a deal at the places where it works. The effect that"
        " is supposed: {effect} fewer open deals there.",
        effect=percent(market["effect"]),
    )
    if parts:
        lead += " " + say("Of what is removed is expected to move: {parts}.", parts=joined(parts))
    blocks = (
        say(
            "Both are assumptions. The design is therefore tried under other truths too: no effect, other effects, all of"
            " it displaced in each way, and what disturbs an evaluation (steps 5 and 6)."
        ),
    )
    return Section(say("Cause analysis and theoretical model for the direction of the work"), lead, blocks)


def _choice(found: DesignFiles) -> Section:
    keys = found.keys
    lead = say(
        "Counted: {indicators}. Assignment: {assignment}. Decided in advance: {primary} at {alpha},"
        " a fall of {smallest} is of interest.",
        indicators=joined([indicator_name(name) for name in keys["data"]["indicators"]]),
        assignment=say(keys["data"]["assignment"]["mechanism"].replace("_", " ")),
        primary=estimator_name(keys["answer"]["primary"]),
        alpha=percent(keys["answer"]["alpha"]),
        smallest=percent(keys["answer"]["smallest_effect"]),
    )
    blocks: list[Block] = [_ranked(found)] if len(found.results) > 1 else []
    blocks.append(_indicators(found.first["indicators"]))
    title = say("Choice of goals, interventions, methods and indicators for follow-up")
    return Section(title, lead, tuple(blocks))


def _ranked(found: DesignFiles) -> Table:
    rows = []
    for result in found.results[:MOST_DESIGNS]:
        h = result["headline"]
        powers = [chance(h[name], h.get(f"{name}_mcse")) for name in ("power_target", "power_city")]
        rows.append([
            design_title(found, result), h["cost_sek"] or None, *powers, chance(h["size"]), h["mde_target"],
            h["dii_near"], h["n_worlds"],
        ])  # fmt: skip
    return declared_table("designs", rows)


def _indicators(rows: list[Row]) -> Table:
    data = [
        [indicator_name(r["indicator"]), chance(r["power"], r.get("power_mcse")), chance(r["size"]), r["bias"],
         say(r["bias_sign"]), chance(r.get("wrong_way"))]
        for r in rows
    ]  # fmt: skip
    return declared_table("indicators_of_design", data, sheet="indicators")
