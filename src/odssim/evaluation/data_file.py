"""Read real counts: a table with a row per place and period, checked row by row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from odssim.errors import ScenarioError
from odssim.evaluation.design import Design
from odssim.evaluation.panel import AREAS, TREATED, Panel, make_panel
from odssim.evaluation.registered import Comparison
from odssim.scenario.faults import as_written, nearest

NEEDED = ("place", "period", "count", "arm")
OPTIONAL = ("block", "distance_m", "dose", "x_m", "y_m", "indicator")
SEPARATORS = ",;\t"
WORDS = {"before": 0, "pre": 0, "washout": 1, "after": 2, "post": 2}
"""Periods that are words, in order of time."""
ARMS = AREAS


@dataclass(frozen=True)
class Row:
    """One row as read; `line` is its number in the file, the heading being 1."""

    line: int
    place: str
    period: str
    count: float
    arm: str
    rest: Mapping[str, str]


def read_panel(path: str, design: Design) -> Panel:
    """Return the panel of a file of real counts, laid out in time as the design says.

    Columns place, period, count, arm (treated, control, buffer, buffer_control, far); optional block, distance_m,
    dose, x_m, y_m. Comma, semicolon or tab; decimals with point or comma. Periods are put in order, see `in_order`.

    Raises
    ------
    ScenarioError
        On the first bad row, with its number.
    """
    rows = read_rows(path)
    timing = design.keys.data.timing
    periods = in_order(path, rows)
    places = list(dict.fromkeys(row.place for row in rows))
    cells = _cells(path, rows)
    counts = np.array([[_at(path, cells, place, period).count for period in periods] for place in places])
    first = [cells[place, periods[0]] for place in places]
    area = np.array([AREAS.index(row.arm) for row in first])
    if not (area == TREATED).any():
        raise ScenarioError("has no treated place", file=path, key="arm")
    fields: dict[str, Any] = {
        "washout": timing.washout, "places": tuple(places), "periods": tuple(periods),
        "periods_per_year": design.periods_per_year,
        "first_period": first_period(design),
    }  # fmt: skip
    have = rows[0].rest
    if "block" in have:
        names = sorted({row.rest["block"] for row in first})
        fields["block"] = np.array([names.index(row.rest["block"]) for row in first])
    if "distance_m" in have:
        fields["distance_m"] = np.array([_number(path, row, "distance_m") for row in first])
    if "x_m" in have and "y_m" in have:
        xy = np.array([[_number(path, row, axis) for axis in ("x_m", "y_m")] for row in first])
        between = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
        fields["between_m"] = between
        fields.setdefault("distance_m", np.where(area == TREATED, 0.0, between[:, area == TREATED].min(axis=1)))
    if "dose" in have:
        table = [[_number(path, cells[place, period], "dose") for period in periods] for place in places]
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
    """Return the periods in order of time: numbers, dates that begin with the year (2026-03), or before and after.

    Raises
    ------
    ScenarioError
        At the first row whose period is of none of these kinds, or of another than the first row's: an order by
        alphabet would be wrong without notice.
    """
    kind = next((k for k in (_as_number, _as_date, _as_word) if k(rows[0].period) is not None), None)
    order = {}
    for row in rows:
        place_in_time = None if kind is None else kind(row.period)
        if place_in_time is None:
            rule = "must be a number, a date that begins with the year (2026-03), or before and after, all of one kind"
            raise ScenarioError(rule, file=path, line=row.line, key="period", value=as_written(row.period))
        order[row.period] = place_in_time
    return sorted(order, key=lambda period: order[period])


def _as_number(text: str) -> Any:
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else None


def _as_date(text: str) -> Any:
    """Return the parts of 2026-03, 2026-03-02, 2026W05 or 2026Q1 as numbers, so that 2026-9 comes before 2026-10."""
    if not re.fullmatch(r"[0-9]{4}[-/ ]?[WwQqMm]?[0-9]{1,2}([-/][0-9]{1,2})?", text):
        return None
    return tuple(int(part) for part in re.findall(r"[0-9]+", text[:4] + "-" + text[4:]))


def _as_word(text: str) -> Any:
    return WORDS.get(text.casefold())


def read_rows(path: str) -> list[Row]:
    """Return the rows of a file, checked one by one.

    Raises
    ------
    ScenarioError
        On the first fault, with the number of its row.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ScenarioError(f"cannot be read ({error.strerror})", file=path) from None
    except UnicodeDecodeError:
        raise ScenarioError("is not a text file in UTF-8", file=path) from None
    heading = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=heading.count)
    lines = csv.reader(io.StringIO(text), delimiter=separator)
    columns = [name.strip().casefold() for name in next(lines, [])]
    _check_heading(path, columns)
    rows = [_row(path, lines.line_num, columns, cells) for cells in lines if any(cell.strip() for cell in cells)]
    if not rows:
        raise ScenarioError("has a heading but no rows", file=path)
    return rows


def _check_heading(path: str, columns: Sequence[str]) -> None:
    known = (*NEEDED, *OPTIONAL)
    for name in columns:
        if name not in known:
            raise ScenarioError("no such column", file=path, line=1, key=name or "(empty)", remedy=nearest(name, known))
        if list(columns).count(name) > 1:
            raise ScenarioError("stands twice in the heading", file=path, line=1, key=name)
    for name in NEEDED:
        if name not in columns:
            raise ScenarioError("column is missing", file=path, line=1, key=name)


def _row(path: str, line: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(columns):
        raise ScenarioError(f"has {len(cells)} cells, the heading {len(columns)}", file=path, line=line)
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    for name in ("place", "period"):
        if not values[name]:
            raise ScenarioError("is empty", file=path, line=line, key=name)
    arm = values["arm"].casefold()
    if arm not in ARMS:
        raise ScenarioError(
            f"must be one of {', '.join(ARMS)}", file=path, line=line, key="arm", value=as_written(values["arm"]),
            remedy=nearest(arm, ARMS),
        )  # fmt: skip
    row = Row(line, values["place"], values["period"], 0.0, arm, {n: values[n] for n in columns if n in OPTIONAL})
    count = _to_number(path, line, "count", values["count"])
    if count < 0 or count != round(count):
        raise ScenarioError(
            "must be a whole number of at least 0", file=path, line=line, key="count", value=as_written(values["count"])
        )
    return Row(row.line, row.place, row.period, count, row.arm, row.rest)


def _to_number(path: str, line: int, key: str, text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise ScenarioError("must be a number", file=path, line=line, key=key, value=as_written(text))
    return value


def _number(path: str, row: Row, key: str) -> float:
    return _to_number(path, row.line, key, row.rest[key])


def _cells(path: str, rows: Sequence[Row]) -> dict[tuple[str, str], Row]:
    """Return the rows by place and period; a place has one arm, block and distance throughout."""
    cells: dict[tuple[str, str], Row] = {}
    first: dict[str, Row] = {}
    for row in rows:
        known = cells.setdefault((row.place, row.period), row)
        if known is not row:
            rule = f"place {row.place} has period {row.period} twice, first in row {known.line}"
            raise ScenarioError(rule, file=path, line=row.line)
        before = first.setdefault(row.place, row)
        for key, was, now in (
            ("arm", before.arm, row.arm),
            *((name, before.rest[name], row.rest[name]) for name in row.rest if name != "dose"),
        ):
            if was != now:
                rule = f"place {row.place} has {was} in row {before.line}: a place keeps its {key}"
                raise ScenarioError(rule, file=path, line=row.line, key=key, value=as_written(now))
    return cells


def _at(path: str, cells: Mapping[tuple[str, str], Row], place: str, period: str) -> Row:
    if (place, period) not in cells:
        rule = f"place {place} has no row for period {period}"
        raise ScenarioError(rule, file=path, remedy="write 0 if none were counted")
    return cells[place, period]
