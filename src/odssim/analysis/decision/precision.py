"""When to stop running: a difference known to a stated precision, judged by intervals that allow peeking."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from odssim.analysis.decision.objective import event_of, is_planned, known_outcome, unit_of
from odssim.analysis.statistics.intervals import SIGN_TEST_RUNS, half_width, never_differs, paired_difference
from odssim.errors import ScenarioError
from odssim.language import say
from odssim.language.names import noun
from odssim.language.written import THIN_SPACE, number

FORM = "must be an outcome and a half width above 0, such as open_deals:5% (of the base) or open_deals:2 (a day)"


@dataclass(frozen=True)
class PrecisionRow:
    """How well the difference of one outcome between a mix and the base is known, beside what was asked for."""

    alternative: str
    outcome: str
    asked: float
    relative: bool
    """Half width of the interval that was asked for, as `Precision` has it."""
    reached: float | None
    """Half width that the runs have reached; None where they tell nothing."""
    met: bool
    n_seeds: int


@dataclass(frozen=True)
class Precision:
    """How well the difference of one outcome is to be known."""

    outcome: str
    half_width: float
    """Of the interval of the paired difference: a share of the base's mean if `relative`, else in the
    outcome's unit."""
    relative: bool

    @property
    def text(self) -> str:
        """The half width as a reader would write it."""
        return self.width(self.half_width)

    def width(self, half_width: float) -> str:
        """Return a half width as a reader would write it."""
        if self.relative:
            return f"{number(100 * half_width)}{THIN_SPACE}%"
        return f"{number(half_width)} {say(unit_of(self.outcome))}"

    @property
    def written(self) -> str:
        """As it is given to a command."""
        return f"{self.outcome}:{100 * self.half_width:.12g}%" if self.relative else f"{self.outcome}:{self.half_width!r}"

    def row(self, label: str, base: Sequence[float], other: Sequence[float], days: float) -> PrecisionRow:
        """Return the half width that pairs of runs of so many days have reached, beside what was asked for.

        Counted events have the least variance of `intervals`; where no run differs, that of one event in one run.
        What is neither counted nor planned is not known by a few runs that do not differ.
        """
        event, planned = event_of(self.outcome, days), is_planned(self.outcome)
        pairs = paired_difference(base, other, event=event, planned=planned, anytime=True)
        change, se = pairs.difference, pairs.difference.se
        if never_differs(change) and not planned:
            se = event / change.n if event else None if change.n < SIGN_TEST_RUNS else 0.0
        reached = None if se is None else half_width(se, change.n, anytime=True) if se else 0.0
        reached = None if reached is None or math.isinf(reached) else reached
        if self.relative and reached is not None:
            reached = reached / abs(pairs.base) if pairs.base else (0.0 if reached == 0 else None)
        met = reached is not None and reached <= self.half_width
        return PrecisionRow(label, self.outcome, self.half_width, self.relative, reached, met, change.n)


def parse_precision(text: str, key: str = "--precision") -> Precision:
    """Return the precision written as ``outcome:5%`` or ``outcome:2``.

    Raises ScenarioError: if the outcome is unknown or the half width is not a number above 0.
    """
    name, _, amount = text.partition(":")
    outcome = known_outcome(name.strip(), key, text)
    amount = amount.strip()
    try:
        width = float(amount.removesuffix("%"))
    except ValueError:
        width = math.nan
    if not (math.isfinite(width) and width > 0):
        raise ScenarioError(FORM, key=key, value=text)
    relative = amount.endswith("%")
    return Precision(outcome, width / 100 if relative else width, relative)


def precision_rows(
    wanted: Sequence[Precision], label: str, pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]], days: float
) -> list[PrecisionRow]:
    """Return one row per wanted precision for an alternative; `pairs` are (base, other) means over `days` per seed."""
    return [
        one.row(label, [base[one.outcome] for base, _ in pairs], [other[one.outcome] for _, other in pairs], days)
        for one in wanted
    ]


def precision_text(rows: Sequence[PrecisionRow], wanted: Sequence[Precision], n_seeds: int) -> list[str]:
    """Return a sentence on whether the runs sufficed, then one for each difference that is not known well enough."""
    if not rows:
        return []
    asked = {(one.outcome, one.half_width): one for one in wanted}
    short = [row for row in rows if not row.met]
    goals = say(" and ").join(
        say("{outcome} to within {width}", outcome=noun(one.outcome), width=one.text) for one in wanted
    )
    if not short:
        return [say("Stopped after {n} paired runs: the difference in {goals} is known, as asked.", n=n_seeds, goals=goals)]
    sentences = [say("Stopped at the {n} paired runs allowed; asked for was {goals}.", n=n_seeds, goals=goals)]
    for row in short:
        one = asked[row.outcome, row.asked]
        reached = say("not at all")
        if row.reached is not None:
            reached = say("to within {width} only", width=one.width(row.reached))
        sentences.append(say(
            "Not enough runs to say: the difference in {outcome} of {mix} is known {reached}.",
            outcome=noun(row.outcome), mix=say(row.alternative), reached=reached,
        ))  # fmt: skip
    return sentences
