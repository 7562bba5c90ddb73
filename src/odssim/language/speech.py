"""Saying a sentence in the language of the reader.

English stands in the code, as the catalogue's key; Swedish stands in ``locale/sv/LC_MESSAGES/odssim.po``, in the
words of the county's handbook where it has them. Numbers, identifiers and JSON are the same in both.
"""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from odssim.errors import ScenarioError, Sentence

LANGUAGES = ("en", "sv")
ENVIRONMENT = "ODSSIM_LANGUAGE"
"""The variable that chooses a language where ``--language`` does not."""
LOCALE = Path(__file__).parent / "locale"
DOMAIN = "odssim"
_spoken: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


def checked_language(given: str | None = None) -> str:
    """Return the language given, else the environment's, else English.

    Raises ScenarioError: if it is none of `LANGUAGES`.
    """
    key, value = "--language", given
    if given is None:
        key, value = ENVIRONMENT, os.environ.get(ENVIRONMENT) or LANGUAGES[0]
    if value not in LANGUAGES:
        raise ScenarioError("must be one of {words}", key=key, value=value, words=", ".join(LANGUAGES))
    return value


@cache
def translator(name: str) -> gettext.NullTranslations:
    """Return the translations of a language, `gettext` and `ngettext`; English translates to itself."""
    if name == LANGUAGES[0]:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE, languages=[name])


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Say everything in a language while the block runs."""
    token = _spoken.set(name)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(name: str) -> None:
    """Say everything in a language from here on, to the end of the command or context."""
    _spoken.set(name)


def language() -> str:
    """Return the language that is spoken now."""
    return _spoken.get()


def say(text: str, /, **values: object) -> str:
    """Return a text in the language of the reader, its ``{names}`` filled in; a `Sentence` has its values already."""
    if isinstance(text, Sentence):
        return text.said(say)
    said = translator(language()).gettext(text) if text else text
    return said.format(**values) if values else said


def counting(n: float, one: str, many: str, /, **values: object) -> str:
    """Return `one` or `many` in the language of the reader, as the count `n` asks, its ``{names}`` filled in."""
    return translator(language()).ngettext(one, many, round(n)).format(**values)


def marked(text: str) -> str:
    """Return the text as it is: it is only marked here, for the catalogue, and said later."""
    return text
