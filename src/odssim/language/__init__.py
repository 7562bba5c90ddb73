"""The two languages of everything that is printed: English as written in the code, Swedish from a catalogue."""

from odssim.language.speech import (
    ENVIRONMENT,
    LANGUAGES,
    checked_language,
    counting,
    language,
    marked,
    say,
    speak,
    speaking,
    translator,
)

__all__ = [
    "ENVIRONMENT", "LANGUAGES", "checked_language", "counting", "language", "marked", "say",
    "speak", "speaking", "translator",
]  # fmt: skip
