"""What the package says: every text in its code and templates, and every text that its declarations hold."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain
from pathlib import Path

import typer
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

import odssim
from odssim import language as spoken

PACKAGE = Path(odssim.__file__).parent
FOLDER = PACKAGE / "language/locale"
TEMPLATE = FOLDER / "odssim.pot"
LANGUAGES = spoken.LANGUAGES[1:]
"""Those that are translated to."""
KEYWORDS = {"say": (0,), "marked": (0,), "counting": (1, 2), "counted": (1, 2)}
"""Functions that say something, and which of their arguments are texts."""
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in place of the hour of writing, so that equal texts give equal bytes."""
DROPPED = ("POT-C", "PO-R", "Last-T", "Report", "Language-Team", "Generated")
"""Header lines that say nothing here."""


def declared() -> Iterator[tuple[str, str]]:
    """Yield (text, where) of what parameters, outcomes, indicators and the catalogue say to readers."""
    from odssim.analysis.comparison.averted_rows import UNITS
    from odssim.analysis.comparison.difference_rows import OTHER_PLACES
    from odssim.analysis.comparison.displacement_words import FATE_WORDS
    from odssim.analysis.displacement.rings import RINGS
    from odssim.analysis.statistics.intervals import NO_DATA, NO_DIFFERENCE, NOT_ENOUGH, ONE_RUN, SAME
    from odssim.city.own_places import MIRRORED, OWN_TYPES, SWAPPED
    from odssim.interventions import CATALOGUE
    from odssim.observe.indicators import INDICATORS
    from odssim.observe.instruments import PERIOD_OUTCOMES
    from odssim.observe.outcomes import OUTCOMES
    from odssim.scenario.records import PAYERS, PLACE_TYPES, SUBSTANCES

    for outcome in (*OUTCOMES.values(), *PERIOD_OUTCOMES.values()):
        yield outcome.meaning, f"outcome {outcome.id}"
        yield outcome.unit, "unit"
    for indicator in INDICATORS:
        yield indicator.label, f"indicator {indicator.id}"
        yield indicator.measure, f"indicator {indicator.id}"
        yield indicator.unit, "unit"
    for entry in CATALOGUE.values():
        yield entry.grade, "catalogue: what an effect is known from"
        yield entry.harms, f"catalogue {entry.id}: harms"
        yield entry.not_modelled, f"catalogue {entry.id}: not modelled"
    yield from ((outcome.noun, "outcome") for outcome in OUTCOMES.values() if outcome.noun)
    yield from ((fate, "fate") for fate in FATE_WORDS.values())
    yield from ((verdict, "verdict") for verdict in (NO_DIFFERENCE, NOT_ENOUGH, ONE_RUN, NO_DATA, SAME))
    yield from ((name, "unit bought") for name, _, _ in UNITS)
    yield OTHER_PLACES, "ring"
    yield from ((rule, "fault") for rule in (MIRRORED, SWAPPED))
    for names, what in ((SUBSTANCES, "substance"), (RINGS, "ring"), (PAYERS, "payer")):
        yield from ((name.replace("_", " "), what) for name in names)
    yield from ((name.replace("_", " "), "place type") for name in (*PLACE_TYPES, *OWN_TYPES))
    yield from declared_for_designs()
    yield from declared_for_claims()
    for key, texts in tomllib.loads((PACKAGE / "report" / "page" / "texts.toml").read_text(encoding="utf-8")).items():
        listed = texts if isinstance(texts, list) else [*texts.values(), *(texts if "glossary" in key else ())]
        yield from ((text, f"report: {key}") for text in listed)
    for key, one in tomllib.loads((PACKAGE / "report" / "page" / "tables.toml").read_text(encoding="utf-8")).items():
        yield one["title"], f"table {key}"
        texts = (column.get(name) for column in one["columns"] for name in ("label", "meaning"))
        yield from ((text, f"table {key}") for text in texts if text)


def declared_for_designs() -> Iterator[tuple[str, str]]:
    """Yield what the report on a design says of its estimators, its lottery and how it stopped."""
    from odssim.evaluation.design.keys import MECHANISMS, PERIODS
    from odssim.evaluation.estimators.registry import ESTIMATORS
    from odssim.evaluation.trial.indicators import sign_of
    from odssim.evaluation.trial.results import CONDITIONAL

    yield from ((entry.label, "estimator") for entry in ESTIMATORS.values())
    yield from ((name.replace("_", " "), "lottery") for name in MECHANISMS)
    yield from ((name, "period") for name in PERIODS)
    yield from ((sign_of(bias, 0.1), "bias") for bias in (0.0, 1.0, -1.0))
    yield from ((name, "action of a design") for name in ("scale up", "stop"))
    yield from ((name, "why a design stopped") for name in ("all worlds are used", "beaten in the race"))
    yield from ((name, "unknown of a design") for name in ("effect", *TYPES_MOVED, "detection", "co trend"))
    yield CONDITIONAL, "design"


TYPES_MOVED = ("near", "far", "tactical", "temporal")


def declared_for_claims() -> Iterator[tuple[str, str]]:
    """Yield what the tests of the handbook's claims say, and why a displacement quotient is not read."""
    from odssim.analysis.decision import ranking
    from odssim.analysis.displacement.quotient import ALIKE, NO_FALL
    from odssim.analysis.displacement.seen import LABELS
    from odssim.core.outcomes import REPORTED
    from odssim.validation.claims import claim as claims_verdict
    from odssim.validation.claims.claim import SETTINGS
    from odssim.validation.claims.run_claims import CLAIMS

    for claim in CLAIMS:
        yield from ((test.what, f"claim {claim.number}") for test in claim.tests)
        yield from ((text, f"claim {claim.number}") for text in (claim.limits, claim.not_modelled) if text)
    for word in ("SUPPORTED", "CONTRADICTED", "UNDECIDED", "NOT_MODELLED", "ASSUMED"):
        yield getattr(claims_verdict, word), "verdict"
    yield from ((setting, "setting of a lever") for setting in SETTINGS)
    yield from ((word, "verdict on a pattern") for word in ("inside", "below", "above"))
    yield from ((text, "source") for text in LABELS.values())
    yield from ((f"{o.fall}|{o.rise}", "fall and rise") for o in REPORTED.values())
    yield from ((unit, "unit of evidence") for unit in (ranking.RUNS, ranking.WORLDS))
    whys = ("no events in the control area", "no change at the target relative to the control", "works at no places")
    yield from ((why, "displacement quotient") for why in (*whys, ALIKE))
    yield from ((f"{NO_FALL} {end}", "displacement quotient") for end in ("(z of success above -1.96)", "over the runs"))


def shipped_names() -> Iterator[tuple[str, str]]:
    """Yield what the shipped scenarios are called."""
    for file in sorted((PACKAGE.parents[1] / "scenarios").glob("*.toml")):
        yield tomllib.loads(file.read_text(encoding="utf-8"))["name"], "scenario"


def helped() -> Iterator[tuple[str, str]]:
    """Yield every text of ``--help``."""
    from odssim.cli.app import app
    from odssim.cli.spoken_help import help_texts

    yield from ((getattr(holder, name), "help") for holder, name in help_texts(typer.main.get_command(app)))


RULE_AT = {"fault": 2, "fail": 0, "refuse": 0, "Sentence": 0}
"""What makes a rule besides the errors' own classes, and which argument is the rule; a method `fault` has its path first."""
RULES = ("rule", "remedy")
"""Names of what is handed to an error."""


def error_classes() -> set[str]:
    """Return the names of all classes of errors that are the user's to mend."""
    bases: dict[str, set[str]] = {}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
    found = {"OdssimError"}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return found - {"FaultsError"}


ERRORS = error_classes()


def rules_in_code(file: Path) -> Iterator[ast.expr]:
    """Yield what is handed to a module's errors as rule or remedy."""
    return rules_of(ast.parse(file.read_text(encoding="utf-8")))


def rules_of(code: ast.Module) -> Iterator[ast.expr]:
    """Yield what is handed to errors as rule or remedy."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ERRORS or name in RULE_AT:
                at = RULE_AT.get(name, 0) - (name == "fault" and isinstance(node.func, ast.Attribute))
                step = 2 if name == "fail" else 1  # between them stands the key
                yield from node.args[at : at + step + 1 : step]
                yield from (word.value for word in node.keywords if word.arg in RULES and name != "Sentence")
        if isinstance(node, ast.Assign):
            for target in node.targets:
                values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                yield from (value for name, value in zip(names, values, strict=False) if getattr(name, "id", "") in RULES)


def says_something(text: str) -> bool:
    """Whether a template has words of its own: what is all values is said by others."""
    return any(sign.isalpha() for sign in re.sub(r"\{[^}]*\}", "", text))


def texts_of(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from chain(texts_of(node.body), texts_of(node.orelse))
    elif isinstance(node, ast.BoolOp):
        yield from chain.from_iterable(texts_of(value) for value in node.values)


def rules_of_values() -> Iterator[str]:
    """Yield the rules that are looked up by the kind of fault, and what is wrong with a design."""
    from odssim.door.arguments import KINDS
    from odssim.engine.clockwork import FAULTS
    from odssim.scenario.faults import PATTERN_RULES, RULES

    yield from (*RULES.values(), *PATTERN_RULES.values(), *FAULTS.values(), *(rule for _, rule in KINDS.values()))
    yield "reproject to EPSG:4326"
    rules = tomllib.loads((PACKAGE / "evaluation" / "design" / "contradictions.toml").read_text(encoding="utf-8"))
    yield from (one[part] for one in rules.values() for part in ("rule", "remedy") if part in one)
    for file in ("counts/mismatches.toml", "design/pitfalls.toml", "estimators/warnings.toml"):
        yield from tomllib.loads((PACKAGE / "evaluation" / file).read_text(encoding="utf-8")).values()


def said_in_code(file: Path) -> Iterator[tuple[str, ...]]:
    """Yield the texts of each call in a module that says something, one or two of them."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            given = [node.args[k] for k in KEYWORDS[node.func.id] if k < len(node.args)]
            texts = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if texts and len(texts) == len(given):
                yield tuple(texts)


def said_in_templates(file: Path) -> Iterator[tuple[str, ...]]:
    """Yield the texts that a page's template says."""
    with file.open("rb") as page:
        for _, _, texts, _ in babel_extract(page, tuple(KEYWORDS), (), {"trimmed": "true"}):
            yield (texts,) if isinstance(texts, str) else tuple(text for text in texts if text)


def extracted() -> Catalog:
    """Return every text as a catalogue without translations."""
    catalogue = Catalog(project="odssim", domain="odssim", header_comment="# Texts of odssim.", fuzzy=False)
    found = [said_in_code(file) for file in sorted(PACKAGE.rglob("*.py"))]
    found += [said_in_templates(file) for file in sorted(PACKAGE.rglob("*.html"))]
    for texts in chain.from_iterable(found):
        if texts[0]:
            catalogue.add(texts if len(texts) > 1 else texts[0])
    for text, where in chain(declared(), shipped_names(), helped()):
        catalogue.add(text, auto_comments=[where])
    for file in sorted(PACKAGE.rglob("*.py")):
        for text in filter(says_something, chain.from_iterable(map(texts_of, rules_in_code(file)))):
            catalogue.add(text, auto_comments=["fault"])
    for text in rules_of_values():
        catalogue.add(text, auto_comments=["fault"])
    return catalogue


def path_of(language: str) -> Path:
    """Return the file of a language's translations."""
    return FOLDER / language / "LC_MESSAGES/odssim.po"


def stored(path: Path) -> Catalog:
    """Return a catalogue as it stands on disk."""
    with path.open("rb") as file:
        return read_po(file)


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue, the same bytes for the same texts."""
    text = BytesIO()
    write_po(text, catalogue, width=118, sort_output=True, no_location=True)
    lines = text.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if not line.removeprefix('"').startswith(DROPPED)]
    path.write_text("".join(kept), encoding="utf-8")


def compile_to(catalogue: Catalog, path: Path) -> None:
    """Write what the program reads."""
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    with path.open("wb") as file:
        write_mo(file, catalogue)


def keys(catalogue: Catalog) -> set[str]:
    """Return the English of each text."""
    return {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id}


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the texts without a translation."""
    said = [(m.id, [m.string] if isinstance(m.string, str) else m.string or [""]) for m in catalogue if m.id]
    return [key if isinstance(key, str) else key[0] for key, strings in said if not all(strings)]
