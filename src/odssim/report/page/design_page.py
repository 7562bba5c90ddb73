"""The report on designs of evaluations: first page, seven steps, glossary, how it was made."""

from odssim.evaluation.design.cost import NO_PRICES
from odssim.language import say
from odssim.language.written import UNKNOWN, number, percent
from odssim.report.page.blocks import TEXTS, Report, Tile
from odssim.report.page.design_improve import design_improve
from odssim.report.page.design_plan import plan_sections
from odssim.report.page.design_results import command, design_delivery, design_follow_up, power_curve
from odssim.report.page.design_source import DesignFiles
from odssim.report.page.design_words import chance, design_title, estimator_name, indicator_name

ENOUGH_INDEX = 0.8
FEW_WORLDS = 200
"""Below this number of worlds the first page gives the error of the simulation."""


def make_design_report(found: DesignFiles) -> Report:
    """Return the report on one or several designs, in the language that is spoken."""
    one = found.first
    return Report(
        title=design_title(found, one), subtitle=_subtitle(found), kind=say("Report on the design of an evaluation"),
        warnings=(say("Modelled: tried on simulated cities"),), answer=_answer(found), tiles=_tiles(found),
        reservations=_reservations(found), cover=power_curve(found),
        sections=(*plan_sections(found), design_delivery(found), design_follow_up(found), design_improve(found)),
        glossary=tuple((say(term), say(meaning)) for term, meaning in TEXTS["glossary_of_design"].items()),
        made=_made(found),
    )  # fmt: skip


def _subtitle(found: DesignFiles) -> str:
    data, one = found.keys["data"], found.first
    return say(
        "{treated} places with the intervention, {control} without, {pre} + {post} periods ({period}); {n} simulated worlds",
        treated=data["places"]["treated"], control=data["places"]["control"], pre=data["timing"]["pre"],
        post=data["timing"]["post"], period=say(data["timing"]["period"]), n=one["n_worlds"],
    )  # fmt: skip


def _answer(found: DesignFiles) -> tuple[str, ...]:
    one, keys = found.first, found.keys
    h = one["headline"]
    said = [
        say(
            "If the intervention takes away {effect} of the open deals at its places, the chance that this evaluation shows"
            " it is {target} at the places and {city} for the city.",
            effect=percent(keys["market"]["effect"]), target=_shown(h["power_target"]), city=_shown(h["power_city"]),
        ),
        _mde(found),
        say(
            "Where nothing has an effect it claims a change in {size} of the cases; {alpha} is what the test promises.",
            size=_shown(h["size"]), alpha=percent(keys["answer"]["alpha"]),
        ),
        _displacement(found),
        say(
            "It counts {indicator}, analysed by: {estimator}. Its cost: {cost}.",
            indicator=indicator_name(one["indicator"]),
            estimator=estimator_name(one["estimator"]),
            cost=say("{sum} SEK", sum=number(one["cost_sek"])) if one["cost_sek"] else say(NO_PRICES),
        ),
    ]  # fmt: skip
    if found.search is not None:
        said.insert(0, _sufficient(found))
    return tuple(said)


def _shown(value: float | None) -> str:
    return chance(value)[1]


def _mde(found: DesignFiles) -> str:
    h = found.first["headline"]
    if h["mde_target"] is None:
        return say("No fall that was tried is found four times in five at the places.")
    city = (
        say("for the city: none that was tried")
        if h["mde_city"] is None
        else say("for the city {x}", x=percent(h["mde_city"]))
    )
    return say(
        "The smallest fall found four times in five: {x} at the places, {city}.", x=percent(h["mde_target"]), city=city
    )


def _displacement(found: DesignFiles) -> str:
    h = found.first["headline"]
    if h["dii_near"] is None:
        return say("Displacement was not tried.")
    sees = say("It could tell") if h["dii_near"] >= ENOUGH_INDEX else say("It could not tell")
    return say(
        "{sees} a real fall from deals that move into the surroundings (displacement index {near}, 50 % is blind); for"
        " deals that move to phone and delivery the index is {phone}.",
        sees=sees,
        near=_shown(h["dii_near"]),
        phone=_shown(h["dii_tactical"]),
    )


def _sufficient(found: DesignFiles) -> str:
    assert found.search is not None
    known = {"n": len(found.search["ranking"]), "power": percent(found.keys["answer"]["power"]),
             "design": design_title(found, found.first), "index": percent(ENOUGH_INDEX)}  # fmt: skip
    if found.search["plan"]["design"] is not None:
        return say(
            "Of {n} designs the cheapest that is enough (power {power}, displacement index {index}): {design}.", **known
        )
    return say("None of {n} designs is enough (power {power}, displacement index {index}); nearest: {design}.", **known)


def _tiles(found: DesignFiles) -> tuple[Tile, ...]:
    h = found.first["headline"]
    return (
        Tile(_shown(h["power_target"]), say("power at the places")),
        Tile(_shown(h["power_city"]), say("power for the city")),
        Tile(UNKNOWN if h["mde_target"] is None else percent(h["mde_target"]), say("smallest fall found"),
            say("at the places")),
        Tile(number(h["cost_sek"]), say("cost, SEK")),
    )  # fmt: skip


def _reservations(found: DesignFiles) -> tuple[str, ...]:
    one = found.first
    said = [
        say("All of it holds for the simulated cities that it was tried on; designs are judged against each other there.")
    ]
    if one["n_worlds"] < FEW_WORLDS and one["headline"]["half_width_95"]:
        points = round(100 * one["headline"]["half_width_95"])
        said.append(say("Tried on {n} worlds: powers are known to ±{points} points.", n=one["n_worlds"], points=points))
    said.append(say("Counts, their spread, the effect and the prices are assumptions until something has been measured."))
    if one["warnings"]:
        said.append(say("{n} warnings stand in step 7.", n=len(one["warnings"])))
    return tuple(said)


def _made(found: DesignFiles) -> tuple[tuple[str, str], ...]:
    one, world = found.first, found.keys["world"] or {}
    return (
        (say("Design"), f"{one['design']}, {say('version')} {one['version']} ({one['file'].rsplit('/', 1)[-1]})"),
        (say("Worlds"), f"{one['world']}: {one['n_worlds']} ({say(one['stopped'])})"),
        (say("Seed"), str(world.get("seed", 1))),
        (say("Command"), command(found)),
        (say("Content hash"), one["design_hash"]),
        (say("Versions"), ", ".join(f"{name} {version}" for name, version in one["versions"].items())),
    )
