"""Read real counts: a table with a row per place and period, checked row by row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from odssim.core.reading import nearest_word
from odssim.core.tables import Row as TableRow
from odssim.core.tables import read_table
from odssim.errors import FaultList, ScenarioError
from odssim.evaluation.counts.periods import Period, period_of
from odssim.evaluation.counts.registered import Comparison, mismatch
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.estimators.panel import AREAS, TREATED, Panel, make_panel
from odssim.language import marked
from odssim.scenario.faults import as_written

NEEDED = ("place", "period", "count", "arm")
OPTIONAL = ("block", "distance_m", "dose", "x_m", "y_m", "indicator")
TEXTS = ("block", "indicator")
ARMS = AREAS
WRITE_0 = marked("write 0 if none were counted")


@dataclass(frozen=True)
class Row:
    """One row as read; `line` is its number in the file, the heading being 1."""

    line: int
    place: str
    period: str
    count: float
    arm: str
    rest: Mapping[str, Any]


def read_panel(path: str, design: Design) -> Panel:
    """Return the panel of a file of real counts, laid out in time as the design says.

    Columns place, period, count, arm (treated, control, buffer, buffer_control, far); optional block, distance_m,
    dose, x_m, y_m. CSV or Excel, see `odssim.core.tables`. Periods are put in order, see `in_order`.

    Raises ScenarioError, FaultsError: with every bad row, with its number.
    """
    rows = read_rows(path)
    timing = design.keys.data.timing
    periods = in_order(path, rows)
    places = list(dict.fromkeys(row.place for row in rows))
    cells = _cells(path, rows, places, periods)
    counts = np.array([[cells[place, period].count for period in periods] for place in places])
    first = [cells[place, periods[0]] for place in places]
    area = np.array([AREAS.index(row.arm) for row in first])
    if not (area == TREATED).any():
        raise ScenarioError("has no treated place", file=path, key="arm")
    fields: dict[str, Any] = {
        "washout": timing.washout,
        "places": tuple(places),
        "periods": tuple(periods),
        "periods_per_year": design.periods_per_year,
        "first_period": first_period(design),
    }
    have = rows[0].rest
    if "block" in have:
        names = sorted({row.rest["block"] for row in first})
        fields["block"] = np.array([names.index(row.rest["block"]) for row in first])
    if "distance_m" in have:
        fields["distance_m"] = np.array([row.rest["distance_m"] for row in first])
    if "x_m" in have and "y_m" in have:
        xy = np.array([[row.rest[axis] for axis in ("x_m", "y_m")] for row in first])
        between = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
        fields["between_m"] = between
        fields.setdefault("distance_m", np.where(area == TREATED, 0.0, between[:, area == TREATED].min(axis=1)))
    if "dose" in have:
        table = [[cells[place, period].rest["dose"] for period in periods] for place in places]
        fields["dose"] = np.array(table)
    lines = {row.period: row.line for row in reversed(rows)}
    held = Comparison(path, design, first, {name: lines[name] for name in periods}, fields.get("dose")).hold()
    fields |= {"checked": tuple(held.checked), "unchecked": tuple(held.unchecked)}
    return make_panel(counts, area, start=timing.pre, **fields)


def first_period(design: Design) -> int:
    """Return the number of the design's first period within the year, 0 if its start is not known."""
    timing = design.keys.data.timing
    if timing.start is None:
        return 0
    year = design.periods_per_year
    at_start = (timing.start.timetuple().tm_yday - 1) / 365.0 * year
    if timing.period == "month":
        at_start = timing.start.month - 1
    return int(round(at_start - timing.pre) % year)


def in_order(path: str, rows: Sequence[Row]) -> list[str]:
    """Return the periods in order of time, each as the first row that has it writes it.

    Raises ScenarioError, FaultsError: where a period is of no kind that `period_of` knows, or of another kind than most
    are: an order by alphabet would be wrong without notice.
    """
    periods, faults = [period_of(row.period) for row in rows], FaultList()
    most_common = Counter(period.kind for period in periods if period).most_common(1)
    for row, period in zip(rows, periods, strict=True):
        if period is None or period.kind != most_common[0][0]:
            faults.append(mismatch(path, row.line, "no_period", "period", as_written(row.period)))
    faults.refuse()
    return sorted(dict.fromkeys(row.period for row in rows), key=lambda text: period_of(text) or Period("", 0))


def read_rows(path: str) -> list[Row]:
    """Return the rows of a file, every one checked.

    Raises ScenarioError, FaultsError: with every fault of the file, with the number of its row.
    """
    table, faults = read_table(path, NEEDED, OPTIONAL), FaultList()
    spelling: dict[Period | None, str] = {}
    rows = [faults.tried(_row, row, table.columns, spelling) for row in table.rows]
    faults.refuse()
    return rows


def _row(row: TableRow, columns: Sequence[str], spelling: dict[Period | None, str]) -> Row:
    """Return a checked row; a period has the spelling of the first row that has it."""
    for name in ("place", "period"):
        if not row.text(name):
            raise row.fail("is empty", name)
    arm, text = row.text("arm").casefold(), row.text("period")
    if arm not in ARMS:
        raise row.fail("must be one of {words}", "arm", nearest_word(arm, ARMS), words=", ".join(ARMS))
    period = period_of(text)
    spelt = text if period is None else spelling.setdefault(period, text)
    rest = {name: row.text(name) if name in TEXTS else row.number(name) for name in OPTIONAL if name in columns}
    return Row(row.line, row.text("place"), spelt, row.whole("count", 0), arm, rest)


def _cells(path: str, rows: Sequence[Row], places: Sequence[str], periods: Sequence[str]) -> dict[tuple[str, str], Row]:
    """Return the rows by place and period, one for each; a place has one arm, block and distance throughout."""
    cells: dict[tuple[str, str], Row] = {}
    first: dict[str, Row] = {}
    faults = FaultList()
    for row in rows:
        known = cells.setdefault((row.place, row.period), row)
        if known is not row:
            faults.append(mismatch(path, row.line, "twice", place=row.place, period=row.period, first=known.line))
        before = first.setdefault(row.place, row)
        for key, was, now in (
            ("arm", before.arm, row.arm),
            *((name, before.rest[name], row.rest[name]) for name in row.rest if name != "dose"),
        ):
            if was != now:
                known_as = {"place": row.place, "was": was, "first": before.line, "kept": key}
                faults.append(mismatch(path, row.line, "not_kept", key, as_written(now), **known_as))
    for place in places:
        for period in periods:
            if (place, period) not in cells:
                faults.append(mismatch(path, None, "no_row", place=place, period=period, remedy=WRITE_0))
    faults.refuse()
    return cells
