"""What a claim of the handbook is here: a declared test that may come out either way, and its verdict from intervals.

Supported, contradicted or undecided; and whether that hangs on what is assumed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from odssim.analysis.statistics.intervals import difference_estimate, paired_difference, ratio_estimate
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


SUPPORTED, CONTRADICTED, UNDECIDED = "supported", "contradicted", "undecided"
NOT_MODELLED = "not modelled"
ASSUMED = "assumed, not found"


@dataclass(frozen=True)
class Effect:
    """An effect in per cent with its 95 % interval over seeds, and what it says; None where unknown.

    `too_small`: the whole interval lies within the smallest effect of interest on either side of zero;
    if the claim is not decided, then not for want of seeds.
    """

    value: float | None
    low: float | None
    high: float | None
    verdict: str
    too_small: bool = False


def judge(test: Test, low: float | None, high: float | None) -> str:
    """Return what an interval says about the claim."""
    if low is None or high is None:
        return UNDECIDED
    null_value, least = test.null_value, test.smallest
    if test.direction == "0":
        if null_value - least < low and high < null_value + least:
            return SUPPORTED
        return CONTRADICTED if low > null_value + least or high < null_value - least else UNDECIDED
    if test.direction == "-":
        low, high, null_value = -high, -low, -null_value
    if low > null_value + least:
        return SUPPORTED
    return CONTRADICTED if high < null_value else UNDECIDED


def effect_of(test: Test, pairs: Sequence[tuple[float, float]]) -> Effect:
    """Return the effect over seeds from the pairs of `claims_measure.pair`."""
    first, other = [p[0] for p in pairs], [p[1] for p in pairs]
    if test.kind == "moved":
        gone = difference_estimate(other)
        if gone.low is None or gone.low <= 0:
            return Effect(None, None, None, UNDECIDED)
        share = ratio_estimate(first, other)
        return _effect(test, [None if v is None else 100.0 * v for v in (share.value, share.low, share.high)])
    found = paired_difference(first, other).percent
    return _effect(test, (found.value, found.low, found.high))


def _effect(test: Test, numbers: Sequence[float | None]) -> Effect:
    value, low, high = numbers
    near = (test.null_value - test.smallest, test.null_value + test.smallest)
    small = low is not None and high is not None and near[0] < low and high < near[1]
    return Effect(value, low, high, judge(test, low, high), small)


def together(verdicts: Sequence[str]) -> str:
    """Return a claim's verdict from its tests': all must support it, one is enough to contradict it."""
    if not verdicts:
        return NOT_MODELLED
    if CONTRADICTED in verdicts:
        return CONTRADICTED
    return SUPPORTED if all(v == SUPPORTED for v in verdicts) else UNDECIDED


def hangs_on(by_setting: Mapping[str, str]) -> bool:
    """Whether a verdict follows a lever: it is not the same with the lever off, as it is and high."""
    return len(set(by_setting.values())) > 1
