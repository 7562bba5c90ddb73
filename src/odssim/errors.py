"""All errors that odssim raises on purpose.

Every message says what was given, which rule it breaks and how to mend it, on one line.
The command line turns any :class:`OdssimError` into exit code 2 without a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

MOST_FAULTS = 20
"""Lines that one message has at most."""
LONGEST_VALUE, LONGEST_TEXT = 200, 1000
"""Letters of a value, and of a file's name or a rule, that a message shows at most."""
_LONG_WORD = re.compile(r"([^\s/]{200})[^\s/]{56,}")
"""A word longer than the name of a file may be: its end would push the rest of a rule out of sight."""


def spelt(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return a text on one line, signs that a terminal would obey spelt out, cut after `longest` letters."""
    text = _LONG_WORD.sub(r"\1...", text)
    cut = text if len(text) <= longest else f"{text[: longest - 3]}..."
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in cut)


class Sentence(str):
    """A sentence in English that keeps its template and values, so that it can be said in another language too.

    A value that is a sentence itself, or an error, is said in that language as well.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Sentence:
        """Return the sentence; without values `template` is it, braces and all, or is a sentence already."""
        if isinstance(template, Sentence):
            return template
        sentence = super().__new__(cls, template.format(**values) if values else template)
        sentence.template, sentence.values = template, values
        return sentence

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """Return how to make it again in another process."""
        return (self.template,), self.values

    def said(self, say: Callable[[str], str]) -> str:
        """Return it as a reader gets it; `say` translates a template."""
        template = say(self.template)
        values = {k: v.said(say) if isinstance(v, Sentence | OdssimError) else v for k, v in self.values.items()}
        return template.format(**values) if values else template


class OdssimError(Exception):
    """Base of every error that is the user's to mend; `file` and `line` are where it stands, if that is known.

    `rule`: the sentence, or its template: ``"{path}: no such store"``.
    `values`: what stands in the template.
    """

    file: str | None = None
    line: int | None = None

    def __init__(self, rule: str, /, **values: object) -> None:
        super().__init__(Sentence(rule, **values) if values else rule)

    @property
    def each(self) -> tuple[OdssimError, ...]:
        """The faults that this error reports, one for every line."""
        return (self,)

    def said(self, say: Callable[[str], str]) -> str:
        """Return the line as a reader gets it; `say` translates."""
        return spelt(say(self.args[0]))


class FaultList(list[OdssimError]):
    """Faults as they are found, so that all of a file are reported and not only the first."""

    def tried(self, read: Callable[..., Any], *given: Any) -> Any:
        """Return what `read` returns; where it finds faults, note them and return None."""
        try:
            return read(*given)
        except OdssimError as error:
            self.extend(error.each)
            return None

    def refuse(self) -> None:
        """Raise what has been noted, if anything has, in the order of files and lines."""
        if self:
            raise self.error()

    def error(self) -> OdssimError:
        """Return what has been noted as one error."""
        files = [fault.file for fault in self]
        in_order = sorted(self, key=lambda fault: (files.index(fault.file), fault.line or 0))
        return in_order[0] if len(in_order) == 1 else FaultsError(tuple(in_order))


class ScenarioError(OdssimError):
    """A scenario file, or a value given on the command line, breaks a rule.

    Parameters
    ----------
    rule
        What is allowed, in words: ``"must be at least 0"``.
    file, line, key, value
        Where the fault stands and what was given; leave out what is unknown.
    remedy
        What to do, usually the nearest valid key: ``"did you mean 'visits_per_day'?"``.
    values
        What stands in the rule, if it is a template: ``"must be at most {most}"``.
    """

    def __init__(
        self,
        rule: str,
        /,
        *,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
        value: object = None,
        remedy: str | None = None,
        **values: object,
    ) -> None:
        self.rule = Sentence(rule, **values) if values else rule
        self.file, self.line, self.key = file, line, key
        self.value, self.remedy = value, remedy
        super().__init__(self.said(str))

    def said(self, say: Callable[[str], str]) -> str:
        """Return the line, its rule and remedy said by `say`."""
        where = "" if self.file is None else f"{spelt(self.file)}:{self.line}: " if self.line else f"{spelt(self.file)}: "
        value = "" if self.value is None else f" = {spelt(repr(self.value), LONGEST_VALUE)}"
        what = "" if self.key is None else f"{spelt(self.key, LONGEST_VALUE)}{value}: "
        return where + what + spelt(say(self.rule) + (f"; {say(self.remedy)}" if self.remedy else ""))


class FaultsError(ScenarioError):
    """Several faults at once, on a line each, at most `MOST_FAULTS` lines."""

    def __init__(self, faults: tuple[OdssimError, ...]) -> None:
        self.faults, first = faults, faults[0]
        super().__init__(getattr(first, "rule", str(first)), file=first.file, line=first.line)

    def __reduce__(self) -> tuple[type[FaultsError], tuple[tuple[OdssimError, ...]]]:
        """Return how to make it again in another process."""
        return FaultsError, (self.faults,)

    @property
    def each(self) -> tuple[OdssimError, ...]:
        """The faults."""
        return self.faults

    def said(self, say: Callable[[str], str]) -> str:
        """Return the lines, each said by `say`; the last one counts those that are left out."""
        lines = list(dict.fromkeys(fault.said(say) for fault in self.faults))
        if len(lines) > MOST_FAULTS:
            rest = ScenarioError("and {n} more faults", n=len(lines) - MOST_FAULTS + 1)
            lines[MOST_FAULTS - 1 :] = [rest.said(say)]
        return "\n".join(lines)


class CityError(ScenarioError):
    """A city's data file is missing, damaged or breaks a rule."""


class EngineError(OdssimError):
    """The engine met a state that it refuses to continue from (a full buffer, a broken invariant)."""
