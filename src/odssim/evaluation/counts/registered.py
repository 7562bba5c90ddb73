"""Counts held against the registered design: every mismatch named, and what could not be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from odssim.core.package_data import package_toml
from odssim.core.types import Array
from odssim.errors import FaultList, ScenarioError
from odssim.evaluation.counts.periods import period_of
from odssim.evaluation.design.analysis_plan import mechanism_of, time_lottery_of
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.lottery.over_places import LARGEST_FIRST_STAGE, Saturation
from odssim.evaluation.lottery.over_time import Crossover, SteppedWedge
from odssim.language import marked
from odssim.scenario.faults import nearest

NAMES, PLACES, PERIODS, START = marked("names"), marked("numbers of places"), marked("periods"), marked("start")
BLOCKS, TURNS, INDICATOR = marked("blocks"), marked("turns"), marked("indicator")
NO_NAMES = marked("names (the design has no data.places.treated_names and control_names)")
NO_START = marked("start (the design has no data.timing.start)")
NO_DATES = marked("start (the periods of the file carry no dates)")
NO_INDICATOR = marked("indicator (the file has no column indicator)")
NO_SURROUNDINGS = marked("surroundings (the design counts around its places, the file does not)")
LOST = marked("declare it in [amended] of the design if it was lost")
DRAWN = ("treated", "control")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass
class Comparison:
    """Counts, all rows read and sound, beside the design that they are to be held against."""

    path: str
    design: Design
    first: Sequence[Any]
    """One row of each place, see `data_file.Row`."""
    periods: Mapping[str, int]
    """In order of time, each with the line of a row that has it."""
    dose: Array | None
    """Share of the plan in force, float64[J, T]; None if the file does not say."""
    faults: FaultList = field(default_factory=FaultList)
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    """What was compared and agrees, and what could not be compared; filled by `hold`."""

    def hold(self) -> Comparison:
        """Return the comparison made.

        Raises ScenarioError, FaultsError: with every mismatch.
        """
        for compare in (self._places, self._surroundings, self._periods, self._start, self._blocks, self._turns):
            compare()
        self._indicator()
        self.faults.refuse()
        return self

    def note(self, line: int | None, rule: str, key: str | None = None, value: Any = None, **values: Any) -> None:
        """Note that the counts are not those of the design, by a rule of `mismatches.toml`."""
        self.faults.append(mismatch(self.path, line, rule, key, value, **values))

    def _places(self) -> None:
        """Compare places by name and arm, or their number where the design has no names."""
        data, amended = self.design.keys.data, self.design.keys.amended
        names = {"treated": data.places.treated_names, "control": data.places.control_names}
        lost = {"treated": amended.lost_treated, "control": amended.lost_control}
        arms_are_drawn = data.assignment.mechanism == "saturation" or time_lottery_of(self.design) is not None
        arm_of = {name: arm for arm, listed in names.items() for name in listed or ()}
        here = {row.place for row in self.first}
        for row in self.first:
            if row.place in (*lost["treated"], *lost["control"]):
                self.note(row.line, "declared_lost", "place", row.place)
            elif arm_of.get(row.place, row.arm) != row.arm and not (arms_are_drawn and row.arm in DRAWN):
                self.note(row.line, "other_arm", "arm", row.arm, place=row.place, arm=arm_of[row.place])
            elif row.place not in arm_of and names.get(row.arm):
                near = nearest(row.place, [name for name in arm_of if name not in here])
                self.note(row.line, "unknown_place", "place", row.place, arm=row.arm, remedy=near)
        for name, arm in arm_of.items():
            if name not in here and name not in lost[arm]:
                self.note(None, "no_counts", arm=arm, name=name, remedy=LOST)
        groups = (DRAWN,) if arms_are_drawn else (("treated",), ("control",))
        for arms in groups:
            found = [row.place for row in self.first if row.arm in arms]
            expected = sum(getattr(data.places, arm) - len(lost[arm]) for arm in arms)
            if len(found) != expected and not all(names[arm] for arm in arms):
                listed = ", ".join(found[:8]) + (", ..." if len(found) > 8 else "")
                known = {"arms": " or ".join(arms), "listed": listed, "expected": expected}
                self.note(None, "number_of_places", n=len(found), **known, remedy=LOST)
        self.checked += [PLACES, *([NAMES] if arm_of else [])]
        self.unchecked += [] if arm_of else [NO_NAMES]

    def _surroundings(self) -> None:
        """Compare what is counted around places, and how near controls are."""
        places = self.design.keys.data.places
        near = [row for row in self.first if row.arm in ("buffer", "buffer_control")]
        if near and not places.buffer_m:
            self.note(near[0].line, "no_surroundings", "arm", near[0].arm)
        if places.buffer_m and not near:
            self.unchecked.append(NO_SURROUNDINGS)
        for row in self.first:
            metres = row.rest.get("distance_m")
            if row.arm == "control" and metres is not None and float(metres) < places.exclude_within_m:
                self.note(row.line, "control_near", "distance_m", metres, metres=places.exclude_within_m)

    def _periods(self) -> None:
        """Compare the number of periods, their length, and whether each follows the last."""
        timing, names, unit = self.design.keys.data.timing, list(self.periods), self.design.keys.data.timing.period
        if len(names) != self.design.n_periods:
            known: dict[str, Any] = {"pre": timing.pre, "washout": timing.washout, "post": timing.post}
            self.note(None, "number_of_periods", n=len(names), planned=self.design.n_periods, **known)
        found = period_of(names[0])
        if found is not None and found.kind not in ("number", "word", "day", unit):
            self.note(self.periods[names[0]], "other_unit", "period", names[0], kind=found.kind, unit=unit)
            return
        for last, name in pairwise(names):
            a, b = when(last, unit), when(name, unit)
            if a is not None and b is not None and abs(b - a - 1) > 1e-6 and (a, b) != (-1, 1):
                self.note(self.periods[name], "not_next", "period", name, unit=unit, last=last)
        self.checked.append(PERIODS)

    def _start(self) -> None:
        """Compare the first period from the start on with the registered date."""
        timing, names = self.design.keys.data.timing, list(self.periods)
        if timing.start is None or len(names) <= timing.pre:
            self.unchecked += [NO_START] if timing.start is None else []
            return
        first = names[timing.pre]
        start, found = when(timing.start.isoformat(), timing.period), period_of(first)
        here = when(first, timing.period)
        if start is None or here is None or found is None or found.kind in ("number", "word"):
            self.unchecked.append(NO_DATES)
            return
        if not -1e-6 < start - here < 1 - 1e-6:
            self.note(self.periods[first], "other_start", "period", first, start=timing.start, pre=timing.pre)
        self.checked.append(START)

    def _blocks(self) -> None:
        """Compare blocks, pairs or districts with those in which the design draws."""
        if self.design.keys.data.assignment.mechanism not in ("blocked", "paired", "saturation"):
            return
        if "block" not in self.first[0].rest:
            self.note(1, "no_blocks", "block")
            return
        n = Counter((str(row.rest["block"]), row.arm) for row in self.first)
        blocks = {name: (n[name, "treated"], n[name, "control"]) for name, arm in n if arm in DRAWN}
        lottery: Any = mechanism_of(self.design)
        if isinstance(lottery, Saturation) and len(lottery.shares) > LARGEST_FIRST_STAGE:
            return
        draws = [lottery.inner(o) for o in lottery.orders()] if isinstance(lottery, Saturation) else [lottery]
        shapes = [sorted((n, len(m) - n) for n, m in zip(d.n_treated, d.members(), strict=True)) for d in draws]
        amended = self.design.keys.amended
        if not (amended.lost_treated or amended.lost_control) and sorted(blocks.values()) not in shapes:
            found = ", ".join(f"{name} {t}+{c}" for name, (t, c) in sorted(blocks.items()))
            planned = ", ".join(f"{t}+{c}" for t, c in shapes[0])
            self.note(None, "other_blocks", "block", found=found, planned=planned)
        self.checked.append(BLOCKS)

    def _turns(self) -> None:
        """Compare which places are on in which periods with the design's lottery over time."""
        lottery, pre = time_lottery_of(self.design), self.design.keys.data.timing.pre
        if lottery is None:
            return
        if self.dose is None:
            self.note(1, "no_turns", "dose")
            return
        on = self.dose[[row.arm in DRAWN for row in self.first], pre:] > 0
        for name, n in zip(list(self.periods)[pre:], on.sum(axis=0), strict=True):
            if isinstance(lottery, Crossover) and n != lottery.n_on:
                self.note(self.periods[name], "number_on", "period", name, n=n, planned=lottery.n_on)
        starts = Counter(np.where(on.any(axis=1), on.argmax(axis=1), on.shape[1]).tolist())
        if isinstance(lottery, SteppedWedge) and starts != Counter(lottery.crossing):
            words = [", ".join(f"{n} after {t}" for t, n in sorted(c.items())) for c in (starts, Counter(lottery.crossing))]
            self.note(None, "other_turns", "dose", found=words[0], planned=words[1])
        self.checked.append(TURNS)

    def _indicator(self) -> None:
        """Compare what was counted, where the file says it."""
        planned = self.design.keys.data.indicators
        if "indicator" not in self.first[0].rest:
            self.unchecked.append(NO_INDICATOR)
            return
        for name, row in {row.rest["indicator"]: row for row in reversed(self.first)}.items():
            if name not in planned:
                self.note(row.line, "other_indicator", "indicator", name, words=", ".join(planned))
        self.checked.append(INDICATOR)


def mismatch(
    path: str, line: int | None, rule: str, key: str | None = None, value: Any = None, **values: Any
) -> ScenarioError:
    """Return what is wrong with counts, by a rule of `mismatches.toml`."""
    text = package_toml(__package__, "mismatches.toml")[rule]
    return ScenarioError(text, file=path, line=line, key=key, value=value, **values)


def when(name: str, unit: str) -> float | None:
    """Return where a period stands, in units of the design's periods or as numbered; None if that is not known."""
    found = period_of(name)
    if found is None or found.kind not in ("number", "day", unit):
        return None
    if found.kind in ("number", unit):
        return float(found.number)
    day = date.fromordinal(int(found.number))
    return (found.number - 1) / 7 if unit == "week" else float((day.year * 12 + day.month - 1) // MONTHS[unit])
