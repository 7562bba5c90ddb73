"""Every table of a comparison: made once of the contrasts, and read back from ``comparison.json`` as the same classes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from odssim.analysis.comparison.averted_rows import AvertedRow, averted_rows
from odssim.analysis.comparison.contrast import SeedContrast, Window
from odssim.analysis.comparison.difference_rows import DifferenceRow, FateRow, difference_rows, fate_rows
from odssim.analysis.comparison.idle_rows import CutRow, IdleRow, cut_rows, idle_rows
from odssim.analysis.comparison.indicator_rows import IndicatorRow, indicator_rows
from odssim.analysis.comparison.ring_rows import MeasureRow, measure_row
from odssim.analysis.comparison.source_rows import ShiftRow, SourceRow, shift_row, source_rows
from odssim.analysis.decision.objective import Objective
from odssim.analysis.decision.precision import Precision, PrecisionRow, precision_rows
from odssim.scenario.records import Scenario


@dataclass(frozen=True)
class Settings:
    """What an evaluator decides beforehand."""

    objective: Objective = field(default_factory=Objective)
    smallest: float = 0.05
    """Smallest difference of interest, as a share of the base's mean; assumption."""
    precision: tuple[Precision, ...] = ()
    """How well differences are to be known; if any, all intervals of differences are those of a confidence
    sequence, because the number of runs then depends on what was seen."""

    @property
    def anytime(self) -> bool:
        """Whether intervals must hold at every look."""
        return bool(self.precision)


@dataclass(frozen=True)
class Alternative:
    """One scenario beside the base, with one contrast per seed."""

    label: str
    scenario: Scenario
    window: Window
    contrasts: tuple[SeedContrast, ...]


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Rows by table, alternative by alternative; each table has the name that it has in ``comparison.json``."""

    differences: tuple[DifferenceRow, ...]
    displacement: tuple[FateRow, ...]
    measures: tuple[MeasureRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    shifts: tuple[ShiftRow, ...] = ()
    indicators: tuple[IndicatorRow, ...]
    works_nowhere: tuple[IdleRow, ...] = ()
    cut_by_budget: tuple[CutRow, ...] = ()
    cost_per_unit: tuple[AvertedRow, ...]
    precision: tuple[PrecisionRow, ...] = ()

    def of(self, label: str) -> "Tables":
        """Return the rows about one alternative."""
        names = [table.name for table in fields(self)]
        return replace(self, **{name: tuple(r for r in getattr(self, name) if about(r) == label) for name in names})


def about(row: Any) -> str:
    """Return the alternative that a row is about."""
    label: str = row.mix if isinstance(row, IdleRow | CutRow) else row.alternative
    return label


def tables_of(alternatives: Sequence[Alternative], rules: Settings) -> Tables:
    """Return every table of some alternatives."""
    parts = [_tables(one, rules) for one in alternatives]
    names = [table.name for table in fields(Tables)]
    return Tables(**{name: tuple(row for part in parts for row in getattr(part, name)) for name in names})


def _tables(one: Alternative, rules: Settings) -> Tables:
    label, found, days = one.label, one.contrasts, one.window.days
    indicators = [c.base_indicators for c in found], [c.other_indicators for c in found]
    pairs = [(c.base, c.other) for c in found]
    return Tables(
        differences=tuple(difference_rows(label, found, one.window, rules.smallest, anytime=rules.anytime)),
        displacement=tuple(fate_rows(label, found)),
        measures=(measure_row(label, found),),
        sources=tuple(source_rows(label, found)),
        shifts=(shift_row(label, found, days),),
        indicators=tuple(indicator_rows(label, *indicators)),
        works_nowhere=tuple(idle_rows(label, found)),
        cut_by_budget=tuple(cut_rows(label, found)),
        cost_per_unit=tuple(averted_rows(label, found, days)),
        precision=tuple(precision_rows(rules.precision, label, pairs, days)),
    )
