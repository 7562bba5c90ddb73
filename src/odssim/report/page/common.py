"""What the steps share: how a picture was made, estimates as text, outcomes and methods by name."""

from collections.abc import Mapping
from typing import Any

from odssim.analysis.comparison.difference_rows import DifferenceRow
from odssim.analysis.comparison.words import change
from odssim.core.declare import Intervention
from odssim.interventions import CATALOGUE
from odssim.language import language, say
from odssim.language.names import noun
from odssim.language.written import UNKNOWN, capitalised, signed
from odssim.report.page.blocks import Column
from odssim.report.page.source import Source
from odssim.world.codes import PRICES

Row = Mapping[str, Any]
CHOSEN_OUTCOMES = (
    "open_deals", "hidden_deals", "all_deals", "n_scenes", "failed_needs", *PRICES, "sellers_active", "nuisance",
    "fear_share", "arrests", "recorded_sale", "overdoses", "violence", "funding_crimes", "first_users", "in_care",
)  # fmt: skip
"""Outcomes that a report tells of, in order."""


def seeds_text(source: Source) -> str:
    """Return "seed 1", "20 paired seeds, 1 to 20", or how many worlds a study has."""
    if source.study is not None and source.study.by_world:
        n, runs = source.study.n_worlds, source.study.n_replicates
        return say("{n} worlds (sets of assumptions) with {runs} seeds each", n=n, runs=runs)
    if source.study is not None:
        return say("{n} paired seeds", n=len(source.seeds))
    if len(source.seeds) == 1:
        return say("seed {seed}", seed=source.seeds[0])
    return say("{n} paired seeds, {first} to {last}", n=len(source.seeds), first=source.seeds[0], last=source.seeds[-1])


def how(source: Source) -> str:
    """Return how a picture was made: scenario, seed, command, version."""
    names = " / ".join(scenario["name"] for scenario in source.scenarios)
    names = names if source.study is None else source.study.name
    return say(
        "Modelled with odssim {version}: {names}; {seeds}; {command}",
        version=source.versions["odssim"], names=names, seeds=seeds_text(source), command=source.command,
    )  # fmt: skip


def outcome_name(outcome: str) -> str:
    """Return what an outcome is called."""
    return capitalised(noun(outcome))


def entry_of(kind: str) -> Intervention:
    """Return the catalogue's entry of a type."""
    return CATALOGUE[kind]


def label_of(kind: str) -> str:
    """Return what a method is called, in the handbook's words in Swedish."""
    return CATALOGUE[kind].label(language())


def payer_name(payer: str) -> str:
    """Return what a payer is called, with a capital."""
    return capitalised(say(payer.replace("_", " ")))


def signed_cells(*values: float | None) -> list[tuple[float | None, str]]:
    """Return differences with how they are shown."""
    return [(value, signed(value)) for value in values]


def interval_text(row: DifferenceRow | None) -> str:
    """Return a difference with its interval, if it is known: per cent of the base where there is one, else in its unit."""
    return UNKNOWN if row is None or row.difference is None else change(row)


def columns(*given: tuple[str, str, str, str]) -> tuple[Column, ...]:
    """Return columns from (id, label, meaning, unit)."""
    return tuple(Column(*one) for one in given)
