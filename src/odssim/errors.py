"""All errors that odssim raises on purpose.

Every message says what was given, which rule it breaks and how to mend it, on one line.
The command line turns any :class:`OdssimError` into exit code 2 without a traceback.
"""

from __future__ import annotations


class OdssimError(Exception):
    """Base of every error that is the user's to mend."""


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
        where = "" if file is None else f"{file}:{line}: " if line else f"{file}: "
        what = "" if key is None else f"{key} = {value!r}: " if value is not None else f"{key}: "
        super().__init__(f"{where}{what}{rule}{'; ' + remedy if remedy else ''}")
        self.rule, self.file, self.line, self.key = rule, file, line, key
        self.value, self.remedy = value, remedy


class CityError(ScenarioError):
    """A city's data file is missing, damaged or breaks a rule."""


class EngineError(OdssimError):
    """The engine met a state that it refuses to continue from (a full buffer, a broken invariant)."""
