"""All errors that odssim raises on purpose.

Every message says what was given, which rule it breaks and how to mend it, on one line.
The command line turns any :class:`OdssimError` into exit code 2 without a traceback.
"""

from __future__ import annotations

from collections.abc import Callable


class OdssimError(Exception):
    """Base of every error that is the user's to mend."""

    def told(self, say: Callable[[str], str]) -> str:
        """Return the line as a reader gets it; `say` translates."""
        return say(str(self))


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
    """

    def __init__(
        self,
        rule: str,
        *,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
        value: object = None,
        remedy: str | None = None,
    ) -> None:
        self.rule, self.file, self.line, self.key = rule, file, line, key
        self.value, self.remedy = value, remedy
        super().__init__(self.told(str))

    def told(self, say: Callable[[str], str]) -> str:
        """Return the line, its rule and remedy said by `say`."""
        where = "" if self.file is None else f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        what = "" if self.key is None else f"{self.key} = {self.value!r}: " if self.value is not None else f"{self.key}: "
        return f"{where}{what}{say(self.rule)}{'; ' + say(self.remedy) if self.remedy else ''}"


class CityError(ScenarioError):
    """A city's data file is missing, damaged or breaks a rule."""


class EngineError(OdssimError):
    """The engine met a state that it refuses to continue from (a full buffer, a broken invariant)."""
