"""What a claim of the handbook is here: a declared test that may come out either way."""

from dataclasses import dataclass
from typing import Literal

from odssim.scenario.records import OptionValue

Options = tuple[tuple[str, OptionValue], ...]
Sets = tuple[tuple[str, float], ...]
SETTINGS = ("off", "default", "high")
"""The values that an assumed lever is given in turn."""


@dataclass(frozen=True)
class Method:
    """One catalogue entry at work from the first day of the interventions."""

    type: str
    options: Options = ()
    top: int = 0
    """It works at that many of the busiest places; 0 for entries without places."""
    until: float = 1.0
    """Share of the interventions' days after which it ends."""
    delivery: float = 1.0
    """Share of what is planned that is carried out."""


@dataclass(frozen=True)
class Test:
    """One contrast of two worlds of the same seeds."""

    what: str
    """What is compared, in words."""
    outcome: str
    direction: Literal["+", "-", "0"]
    """``+`` or ``-``: where the effect must lie to support the claim; ``0``: the claim is of no effect."""
    smallest: float
    """Smallest effect of interest, as the effect: per cent, or percentage points of a share."""
    methods: tuple[Method, ...]
    against: tuple[Method, ...] = ()
    """What both worlds are compared with, and what the other world has in its place."""
    per: str = ""
    where: Literal["city", "treated"] = "city"
    """An outcome's id (or one of `claims_measure.EXTRA`), another to divide it by ("" for none), and
    the whole city or the places worked at."""
    null_value: float = 0.0
    """The value at which the claim turns into its opposite; 0 for claims of any effect."""
    parameters: Sets = ()
    """Parameters of the other world alone."""
    window: tuple[float, float] = (0.0, 1.0)
    """Shares of the interventions' days between which is measured."""
    kind: Literal["change", "moved", "within"] = "change"
    """``change``: other world over the first, per cent; ``moved``: share of the open deals removed at
    the places worked at that turn up elsewhere or on the phone, per cent; ``within``: the share
    `outcome` over the share `per` in the other world alone, per cent."""


@dataclass(frozen=True)
class Lever:
    """Something assumed on which a claim may hang: a parameter, or an entry's option (``entry.option``).

    `off` is the value at which it does nothing, `high` the largest that is arguable; the default is
    wherever the parameter or the option is declared. Each is put into both worlds.
    """

    id: str
    off: float
    high: float


@dataclass(frozen=True)
class Claim:
    """A claim, how it is tested, and on what it may hang."""

    number: int
    english: str
    swedish: str
    """As in the list of the design; in both languages, shortened."""
    tests: tuple[Test, ...]
    """All must support the claim; one that contradicts it is enough."""
    levers: tuple[Lever, ...] = ()
    """Assumptions that are switched off and raised in turn."""
    limits: str = ""
    """What the tests leave out."""
    not_modelled: str = ""
    """Why the model cannot speak to the claim; such a claim has no tests."""
