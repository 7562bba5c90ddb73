"""Verdicts from intervals: supported, contradicted, undecided; and whether they hang on what is assumed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from odssim.analysis.statistics.intervals import difference_estimate, paired_difference, ratio_estimate
from odssim.validation.claims.claim import Test

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
