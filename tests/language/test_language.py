"""Both languages are whole: nothing untranslated, nothing unused, no name lost; numbers as each writes them."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import re
import sys
from datetime import date
from itertools import chain
from types import SimpleNamespace

import pytest

pytest.importorskip("babel")

from language.strings import (
    LANGUAGES,
    PACKAGE,
    TEMPLATE,
    extracted,
    keys,
    path_of,
    rules_in_code,
    rules_of,
    says_something,
    stored,
    texts_of,
    untranslated,
)
from odssim.__main__ import main
from odssim.analysis.comparison.side_by_side import Comparison
from odssim.analysis.comparison.tables import Settings, Tables
from odssim.cli.city_commands import TEMPLATE as TEMPLATE_CITY
from odssim.errors import FaultsError, OdssimError, ScenarioError, Sentence
from odssim.interventions import CATALOGUE
from odssim.language import checked_language, say, speaking, translator, written
from odssim.language import names as words
from report.make import plain

NAMES = re.compile(r"\{(\w+)")


def test_the_texts_of_the_code_are_found():
    texts = keys(extracted())
    assert len(texts) > 350
    assert {"Open deals a day", "{n} sale", "commonly known", CATALOGUE["cameras"].harms} <= texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_untranslated_and_none_unused(language):
    catalogue = stored(path_of(language))
    assert keys(catalogue) == keys(extracted()), "run tests/language/update.py"
    assert untranslated(catalogue) == []


def test_the_template_is_of_this_code():
    assert keys(stored(TEMPLATE)) == keys(extracted()), "run tests/language/update.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_program_reads_is_what_was_translated(language):
    compiled = translator(language)
    for message in stored(path_of(language)):
        if isinstance(message.id, str) and message.id:
            assert compiled.gettext(message.id) == message.string, "run tests/language/update.py"
        elif message.id:
            assert tuple(compiled.ngettext(*message.id, n) for n in (1, 2)) == tuple(message.string)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_the_names_of_its_text(language):
    for message in stored(path_of(language)):
        if not message.id:
            continue
        if isinstance(message.id, str):
            assert set(NAMES.findall(message.string)) == set(NAMES.findall(message.id)), message.id
        else:
            known = set(NAMES.findall("".join(message.id)))
            assert all(set(NAMES.findall(string)) <= known for string in message.string), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_methods_have_a_name_and_own_cities_a_readme_in_every_language(language):
    assert [entry.id for entry in CATALOGUE.values() if language not in {"sv", *entry.labels}] == []
    assert (TEMPLATE_CITY / f"README.{language}.txt").is_file()


def test_english_is_what_stands_in_the_code():
    assert say("Open deals a day") == "Open deals a day"
    assert say("under {share}", share="1 %") == "under 1 %"


def test_swedish_uses_the_handbooks_words():
    with speaking("sv"):
        assert say("commonly known") == "allmänt känt"
        assert say("zone of tolerance") == "informell zon av tolerans"
    assert say("commonly known") == "commonly known"


def test_the_language_comes_from_the_option_then_the_environment_then_nothing(monkeypatch):
    monkeypatch.delenv("ODSSIM_LANGUAGE", raising=False)
    assert checked_language() == "en"
    monkeypatch.setenv("ODSSIM_LANGUAGE", "sv")
    assert checked_language() == "sv"
    assert checked_language("en") == "en"
    monkeypatch.setenv("ODSSIM_LANGUAGE", "da")
    with pytest.raises(ScenarioError, match=r"ODSSIM_LANGUAGE = 'da': must be one of en, sv"):
        checked_language()
    with pytest.raises(ScenarioError, match="--language = 'swe'"):
        checked_language("swe")


NO_FOLDER = Sentence("no such folder")


@pytest.mark.parametrize(
    ("rule", "english", "swedish"),
    [
        (NO_FOLDER, "no such folder", "ingen sådan mapp"),
        (
            Sentence("must lie between {low:g} and {high:g}", low=3.0, high=5.5),
            "must lie between 3 and 5.5",
            "ska ligga mellan 3 och 5.5",
        ),
        (
            Sentence("must be one of {words}", words="no such folder"),
            "must be one of no such folder",
            "ska vara en av no such folder",
        ),
        (Sentence("{name}: {text}", name="a {b}", text=NO_FOLDER), "a {b}: no such folder", "a {b}: ingen sådan mapp"),
        (Sentence("{x}: {y}", x=1, y=OdssimError("no such folder")), "1: no such folder", "1: ingen sådan mapp"),
        (Sentence("nobody has {translated} this"), "nobody has {translated} this", "nobody has {translated} this"),
        (Sentence(""), "", ""),
    ],
)
def test_a_sentence_is_said_with_its_values_where_they_stand(rule, english, swedish):
    again = pickle.loads(pickle.dumps(rule)) if "{x}" not in rule.template else rule
    assert rule == again == say(rule) == english
    assert json.loads(json.dumps(rule)) == copy.deepcopy(rule) == english
    with speaking("sv"):
        assert say(rule) == say(again) == swedish


def test_an_error_keeps_its_file_key_and_value_in_both_languages():
    fault = ScenarioError(
        "must be at most {most}", file="a.toml", line=3, key="dose", value=12, most="9",
        remedy=Sentence("one of {words}", words="a, b"),
    )  # fmt: skip
    again = pickle.loads(pickle.dumps(fault))
    for one in (fault, again, FaultsError((fault,))):
        with speaking("sv"):
            assert one.said(say) == "a.toml:3: dose = 12: ska vara högst 9; en av a, b"
        assert str(one) == one.said(say) == "a.toml:3: dose = 12: must be at most 9; one of a, b"


FINISHED = """
raise ScenarioError(f"must be {x}", key="a")
raise ScenarioError("must be {}".format(x), key="a")
raise draft.fault(("a",), "no such " + name, f"one of {names}")
rule = f"must be {x}" if x else "is missing"
Sentence("must be %s" % x)
"""


def test_every_rule_of_an_error_is_a_template_that_the_catalogue_knows():
    known = keys(stored(TEMPLATE))
    for file in sorted(PACKAGE.rglob("*.py")):
        assert finished_in(file.read_text(encoding="utf-8")) == [], file
        for rule in filter(says_something, chain.from_iterable(map(texts_of, rules_in_code(file)))):
            assert rule in known, file


def test_a_finished_sentence_is_found():
    assert finished_in(FINISHED) == [2, 3, 4, 4, 5, 6]


def finished_in(code):
    """Return the lines in which an error is handed a sentence that is put together already."""
    return sorted(
        part.lineno
        for rule in rules_of(ast.parse(code))
        for part in (rule, *(getattr(rule, name, None) for name in ("body", "orelse")))
        if isinstance(part, ast.JoinedStr | ast.BinOp) or getattr(getattr(part, "func", None), "attr", "") == "format"
    )


@pytest.mark.parametrize(
    ("arguments", "language"), [(["report", "nowhere", "--language", "sv"], "en"), (["report", "nowhere"], "sv")]
)
def test_faults_are_told_in_the_language_chosen(arguments, language, monkeypatch, capsys):
    monkeypatch.setenv("ODSSIM_LANGUAGE", language)
    monkeypatch.setattr(sys, "argv", ["odssim", *arguments])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err == "nowhere: ingen sådan mapp; ange en mapp som odssim har skrivit\n"
    assert say("commonly known") == "commonly known"


def test_help_is_in_the_language_of_the_environment(monkeypatch, capsys):
    told = {}
    for language in ("en", "sv"):
        monkeypatch.setenv("ODSSIM_LANGUAGE", language)
        monkeypatch.setattr(sys, "argv", ["odssim", "report", "--help"])
        with pytest.raises(SystemExit):
            main()
        told[language] = " ".join(capsys.readouterr().out.split())
    assert "Skriv en rapport i metodbokens sju steg" in told["sv"]
    assert "Write a report in the order" in told["en"]


def test_the_sentences_of_a_record_are_english_whoever_asks():
    base, nothing = (
        SimpleNamespace(name="a", content_hash="b"),
        Tables(differences=(), displacement=(), indicators=(), cost_per_unit=()),
    )
    comparison = Comparison(base, (), (), None, Settings(), nothing, None, {}, None, {})
    with speaking("sv"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Comparison, "text", lambda self: [say("commonly known")])
        patch.setattr(Comparison, "command", "odssim compare")
        patch.setattr("odssim.analysis.comparison.side_by_side.scenario_record", lambda one: {})
        assert comparison.record()["text"] == ["commonly known"]
        assert comparison.text() == ["allmänt känt"]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (lambda: written.number(1234567), "1,2 miljoner"), (lambda: written.number(1.04e6), "1 miljon"),
        (lambda: written.number(12.34), "12,3"), (lambda: written.number(12345), "12 345"),
        (lambda: written.percent(0.0158), "1,6 %"), (lambda: written.percent(0.0001), "under 0,1 %"),
        (lambda: written.joined(["a", "b", "c"]), "a, b och c"),
        (lambda: written.counted(0, "{n} arrest", "{n} arrests"), "inga gripanden"),
        (lambda: written.counted(1, "{n} arrest", "{n} arrests"), "ett gripande"),
        (lambda: written.counted(3, "{n} arrest", "{n} arrests"), "tre gripanden"),
        (lambda: words.day_text(date(2018, 5, 7)), "7 maj 2018"),
        (lambda: written.signed(-2.5), "-2,5"), (lambda: written.signed(0.0), "±0"), (lambda: written.signed(3), "+3"),
    ],
)  # fmt: skip
def test_numbers_and_days_in_swedish(said, text):
    with speaking("sv"):
        assert plain(said()) == text


NUMBER = re.compile(r"[,+z]*\.?\d*[fgeG%]$|,$|\.\d")
ELSEWHERE = {
    "analysis/comparison/ring_rows.py": "names of columns",
    "analysis/comparison/set_apart.py": "values of parameters, as they are written in a file",
    "analysis/comparison/source_rows.py": "names of columns",
    "analysis/decision/precision.py": "a word of the command line, to be typed again",
    "cli/output.py": "cells of tables, with the reader's decimal mark, for other programs too",
    "core/tables.py": "the reason of a fault, as of those of other packages",
    "evaluation/counts/hand_over.py": "numbers in scripts of R and Stata",
    "evaluation/worlds/conditions.py": "ids of conditions, in tables",
    "evaluation/estimators/permutation.py": "a value of a warning that a record holds",
    "evaluation/estimators/dose_over_time.py": "a value of a warning that a record holds",
    "evaluation/design/pitfalls_answer.py": "a value of a warning that a record holds",
    "evaluation/trial/trials.py": "why a design stopped, in tables",
    "evaluation/trial/worth.py": "a cell of a table",
    "studies/sensitivity/emulator.py": "rounds a number, shows none",
    "studies/sensitivity/of_study.py": "the name of an outcome, in tables",
    "studies/study/study.py": "ids of worlds",
    "validation/patterns/ablation.py": "values of parameters, as they are written in a file",
    "world/columns.py": "a page of the documents, English",
}
"""Where numbers are not written for a reader, and what they are there."""


def test_numbers_are_written_by_the_formatter():
    found = {
        str(file.relative_to(PACKAGE))
        for file in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FormattedValue) and formats_a_number(node)
    }
    assert found - set(ELSEWHERE) == set(), "use odssim.language.written"
    assert set(ELSEWHERE) - found == set(), "not needed any more"


def formats_a_number(node):
    """Whether a place of an f-string writes a number with decimals, groups or a per cent sign."""
    spec = "" if node.format_spec is None else ast.unparse(node.format_spec).strip("f'\"")
    return NUMBER.search(spec) is not None


@pytest.mark.parametrize(("code", "is_number"), [('f"{x:.2f}"', 1), ('f"{x:,}"', 1), ('f"{x:g}"', 1), ('f"{x:03d}"', 0)])
def test_a_number_written_elsewhere_is_found(code, is_number):
    assert formats_a_number(ast.parse(code, mode="eval").body.values[0]) == is_number


def test_figures_and_p_have_the_readers_decimal_mark():
    values = (0.0, 0.0123, 9.996, -1234.5, 0.5)
    assert [written.figures(v) for v in values] == ["0", "0.0123", "10", "\u22121\u202f234", "0.5"]
    with speaking("sv"):
        assert [written.figures(v, 2) for v in values] == ["0", "0,012", "10", "\u22121\u202f234", "0,5"]
        assert [written.p_text(p) for p in (0.0004, 0.0456)] == ["< 0,001", "0,046"]


def test_what_is_no_outcome_of_a_run_has_its_noun_too():
    assert words.noun("all_deals") == "purchases of all kinds"
    assert words.noun("open_deals") == "open deals"
