"""Both languages are whole: nothing untranslated, nothing unused, no name lost; numbers as each writes them."""

from __future__ import annotations

import re
from datetime import date

import pytest

pytest.importorskip("babel")

from language.strings import LANGUAGES, TEMPLATE, extracted, keys, path_of, stored, untranslated
from odssim.errors import ScenarioError
from odssim.interventions import CATALOGUE
from odssim.language import checked_language, say, speaking, translator
from odssim.report import words
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


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (lambda: words.number(1234567), "1,2 miljoner"), (lambda: words.number(1.04e6), "1 miljon"),
        (lambda: words.number(12.34), "12,3"), (lambda: words.number(12345), "12 345"),
        (lambda: words.percent(0.0158), "1,6 %"), (lambda: words.percent(0.0001), "under 0,1 %"),
        (lambda: words.joined(["a", "b", "c"]), "a, b och c"),
        (lambda: words.counted(0, "{n} arrest", "{n} arrests"), "inga gripanden"),
        (lambda: words.counted(1, "{n} arrest", "{n} arrests"), "ett gripande"),
        (lambda: words.counted(3, "{n} arrest", "{n} arrests"), "tre gripanden"),
        (lambda: words.day_text(date(2018, 5, 7)), "7 maj 2018"),
        (lambda: words.signed(-2.5), "-2,5"), (lambda: words.signed(0.0), "±0"), (lambda: words.signed(3), "+3"),
    ],
)  # fmt: skip
def test_numbers_and_days_in_swedish(said, text):
    with speaking("sv"):
        assert plain(said()) == text
