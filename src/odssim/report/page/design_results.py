"""A design's steps 5 and 6: what disturbs it, and what it would tell."""

from odssim.drawing.as_data import as_svg
from odssim.drawing.charts import curve_figure, share_figure
from odssim.language import say
from odssim.language.written import UNKNOWN, number, percent, signed
from odssim.report.page.blocks import Block, Figure, Section, Table, declared_table, table
from odssim.report.page.common import columns
from odssim.report.page.design_source import DesignFiles, Row
from odssim.report.page.design_words import TYPES, VERDICTS, chance, condition_name, estimator_name, indicator_name


def how(found: DesignFiles) -> str:
    """Return how a picture was made: design, seed, command, version."""
    one, world = found.first, found.keys["world"] or {}
    return say(
        "Modelled with odssim {version}: design {design}, {n} worlds of kind {kind}, seed {seed}; {command}",
        version=one["versions"]["odssim"], design=one["design"], n=one["n_worlds"], kind=one["world"],
        seed=world.get("seed", 1), command=command(found),
    )  # fmt: skip


def command(found: DesignFiles) -> str:
    """Return the command that makes the numbers anew."""
    return str(found.first.get("command", UNKNOWN))


def power_curve(found: DesignFiles) -> Figure:
    """Return the picture of power by effect, at the places and for the city."""
    names = {"target": say("at the places"), "city": say("places and surroundings together")}
    curves = [row for row in found.of_first("mde") if row["about"] in names]
    lines = [(names[row["about"]], [(p["effect"], p["power"]) for p in row["curve"]]) for row in curves if row["curve"]]
    wanted = found.keys["answer"]["power"]
    finding = " ".join(_mde_text(row, names[row["about"]], wanted) for row in curves)
    rows = [[name, x, chance(y)] for name, points in lines for x, y in points]
    axes = say("true fall of open deals at the places"), say("chance to show it")
    image = as_svg(curve_figure(lines, wanted, axes))
    data = declared_table("power", rows)
    return Figure(
        finding or say("The worlds hold one effect: no curve."), image, say("Lines: power by effect."), how(found), data
    )


def _mde_text(row: Row, about: str, wanted: float) -> str:
    known = {"about": about, "wanted": percent(wanted)}
    if row["mde"] is not None:
        return say("Smallest fall shown with a chance of {wanted}, {about}: {mde}.", mde=percent(row["mde"]), **known)
    if row["beyond"] is not None:
        return say(
            "Not even a fall of {most} is shown with a chance of {wanted}, {about}.", most=percent(row["beyond"]), **known
        )
    return say("The smallest fall shown with a chance of {wanted}, {about}, is not known.", **known)


def design_delivery(found: DesignFiles) -> Section:
    """Return step 5."""
    rows = []
    for row in found.first["disturbances"]:
        points = [_points(row[key]) for key in ("change_power_target", "change_power_city", "change_rises")]
        names = [condition_name(row["condition"]), condition_name(row["against"])]
        rows.append([*names, *points, row["change_estimate"]])
    lead = say(
        "What is planned is not always done, and what is counted is not always what happens: half delivery, recording that"
        " follows the police, trends with other causes, places picked because they were hot."
    )
    blocks: tuple[Block, ...] = (say("The worlds of this design hold no disturbances."),)
    if rows:
        blocks = (declared_table("disturbances", rows),)
    return Section(say("Carrying out"), lead, blocks)


def _points(change: float | None) -> tuple[float | None, str]:
    """Return a change of a chance in points of per cent."""
    return change, UNKNOWN if change is None else signed(round(100 * change))


def design_follow_up(found: DesignFiles) -> Section:
    """Return step 6."""
    lead = say(
        "What an evaluator would conclude, by a rule decided in advance, in cities where the truth is known. Numbers in"
        " brackets are the error of the simulation (95 %), in points."
    )
    blocks: list[Block] = [power_curve(found), _verdicts(found), *_characteristics(found), _identifiable(found)]
    return Section(say("Follow up and evaluate results"), lead, tuple(blocks))


def _verdicts(found: DesignFiles) -> Figure:
    rows = found.first["verdicts"]
    shares = [(condition_name(row["condition"]), [float(row.get(name) or 0.0) for name in VERDICTS]) for row in rows]
    null = next((row for row in rows if row["condition"] == "null"), None)
    finding = say("How often each conclusion would be drawn, by what is true.")
    if null is not None:
        false = 1.0 - null["no_effect_shown"] - null.get("no_answer", 0.0)
        finding = say("Where nothing has an effect, a change is claimed in {share} of the worlds.", share=chance(false)[1])
    heads = columns(
        ("condition", say("What is true"), "", ""),
        *((name, say(text), say("Share of worlds."), "share") for name, text in VERDICTS.items()),
    )
    data = [
        [condition_name(row["condition"]), *(chance(row.get(name), row.get(f"{name}_mcse")) for name in VERDICTS)]
        for row in rows
    ]
    image = as_svg(share_figure(shares, [say(text) for text in VERDICTS.values()]))
    shown = table("verdicts", say("Verdicts by what is true"), heads, data)
    return Figure(finding, image, say("Bars: share of each verdict by what is true."), how(found), shown)


def _characteristics(found: DesignFiles) -> list[Table]:
    """Return how often each design is right, and how far its single results lead astray."""
    what = say(
        "{estimator} on {indicator}",
        estimator=estimator_name(found.first["estimator"]),
        indicator=indicator_name(found.first["indicator"]),
    )
    rows = found.of_first("characteristics")
    data = [
        [condition_name(r["condition"]), *(chance(r[n], r.get(f"{n}_mcse")) for n in ("power_target", "power_city")),
         chance(r["power_displacement"]), r["bias_te"], (r["bias_oe"], number(r["bias_oe"]))]
        for r in rows
    ]  # fmt: skip
    astray = [
        [condition_name(r["condition"]), *(chance(r[n]) for n in ("coverage_te", "coverage_oe", "type_s_te")),
         r["type_m_te"]]
        for r in rows
    ]  # fmt: skip
    return [declared_table("characteristics", data, what=what), declared_table("single_results", astray, what=what)]


def _identifiable(found: DesignFiles) -> Table:
    heads = columns(
        ("indicator", say("Indicator"), "", ""), ("estimator", say("Analysis"), "", ""),
        *((kind, say(text), say("Displacement index: 50 % is blind, 100 % certain, below 50 % misleads."), "share")
          for kind, text in TYPES.items()),
    )  # fmt: skip
    grid: dict[tuple[str, str], dict[str, float | None]] = {}
    for row in found.first["identifiability"]:
        grid.setdefault((row["indicator"], row["estimator"]), {})[row["type"]] = row["dii"]
    data = [[indicator_name(i), estimator_name(e), *(index.get(kind) for kind in TYPES)] for (i, e), index in grid.items()]
    return table("identifiability", say("Whether the design could see deals that move"), heads, data)
