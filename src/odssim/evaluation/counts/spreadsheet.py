"""A spreadsheet with live formulas for WDD, RIRR and WDQ: change a count and see what becomes of them.

One definition with `two_by_two`: counts before are brought to the length of the after period (times k, their variance
times k squared), counts of controls to the number of places they stand for. The published WDD presumes equal lengths
and areas, and is this one where they are equal. Ratios of ratios (RIRR, WDQ) are the same at any lengths and numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from odssim.analysis.displacement.quotient import pop_measures
from odssim.analysis.displacement.rirr import rirr
from odssim.analysis.displacement.wdd import WddMeasures, wdd

if TYPE_CHECKING:
    import pandas as pd

ARMS = ("treated", "control", "buffer", "buffer_control")
Z = "1.959963984540054"
NO_ANSWER, NOT_READ = "no answer", "do not read: no detectable fall"
K = "$C$7/$B$7"
"""Length of the after period over that of the before period."""


def _change(row: int) -> str:
    return f"(C{row}-B{row}*{K})"


def _noise(row: int) -> str:
    return f"(C{row}+B{row}*({K})^2)"


def _answer(condition: str, formula: str) -> str:
    return f'=IF({condition},{formula},"{NO_ANSWER}")'


BOTH, LOCAL, RATIO = "D4*D5*D6>0", "D4>0", "MIN(B3:C4)>0"
CONTROLS, AROUND, ANY = "MIN(B4:C4)>0", "AND(MIN(B4:C4)>0,D5>0)", "AND(MIN(B4:C4)>0,B3+C3>0)"
# cells of the sheet `measures`: before in B, after in C, places in D, rows 3 to 6 in the order of ARMS; periods in row 7
FORMULAS = (
    ("WDD, target and buffer", _answer(BOTH, f"{_change(3)}-{_change(4)}*D3/D4+{_change(5)}-{_change(6)}*D5/D6")),
    ("  standard error", _answer(BOTH, f"SQRT(B8*({_noise(3)}+{_noise(4)}*(D3/D4)^2+{_noise(5)}+{_noise(6)}*(D5/D6)^2))")),
    ("  z", _answer(f"AND({BOTH},B11>0)", "B10/B11")),
    ("  95 % from", _answer(BOTH, f"B10-{Z}*B11")),
    ("  95 % to", _answer(BOTH, f"B10+{Z}*B11")),
    ("WDD, target only", _answer(LOCAL, f"{_change(3)}-{_change(4)}*D3/D4")),
    ("  standard error", _answer(LOCAL, f"SQRT(B8*({_noise(3)}+{_noise(4)}*(D3/D4)^2))")),
    ("RIRR, logarithm", _answer(RATIO, "LN((C3/B3)/(C4/B4))")),
    ("  standard error", _answer(RATIO, "SQRT(B8*(1/B3+1/C3+1/B4+1/C4))")),
    ("  ratio", _answer(RATIO, "EXP(B17)")),
    ("  95 % from", _answer(RATIO, f"EXP(B17-{Z}*B18)")),
    ("  95 % to", _answer(RATIO, f"EXP(B17+{Z}*B18)")),
    ("Success (negative: a fall)", _answer(CONTROLS, "C3/C4-B3/B4")),
    ("Buffer", _answer(AROUND, "C5/C4-B5/B4")),
    ("z of success (Poisson counts)", _answer(ANY, "(C3-B3*C4/B4)/SQRT(C3+(C4/B4)^2*B3+(B3/B4)^2*C4+(B3*C4/B4^2)^2*B4)")),
    ("WDQ", _answer("AND(D5>0,ISNUMBER(B24))", f'IF(B24<-{Z},B23/B22,"{NOT_READ}")')),
    ("Total net effect", _answer(AROUND, "(B3*C4/B4-C3)+(B5*C4/B4-C5)")),
)
FIRST_FORMULA = 10
"""Row of the first formula, from 1."""


class Counts(NamedTuple):
    """Events (before, after) and number of places of each of `ARMS`, and number of periods (before, after)."""

    sums: Mapping[str, tuple[float, float]]
    places: Mapping[str, int]
    periods: tuple[int, int] = (1, 1)


EXAMPLE = Counts(
    {"treated": (207, 110), "control": (308, 318), "buffer": (178, 157), "buffer_control": (150, 140)},
    dict.fromkeys(ARMS, 1),
)
"""Counts of Wheeler and Ratcliffe (2018), shown where there are no data yet."""


def write_spreadsheet(table: pd.DataFrame | None, path: Path, dispersion: float = 1.0) -> None:
    """Write the sheet `measures`, and `data` with the rows of a panel whose sums feed it (an example without).

    `table`: columns place, period, count, arm, when.
    `dispersion`: variance of a count over its mean, as the design has it; 1 is Poisson.
    """
    import xlsxwriter

    counts = EXAMPLE if table is None else counts_of(table)
    values = formula_values(counts, dispersion)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet("measures"), book.add_format({"bold": True})
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 3, 16)
        sheet.write(0, 0, "Counts; change them and the measures follow" if table is None else "Sums of sheet data")
        sheet.write_row(1, 0, ["", "before", "after", "places"], bold)
        if table is not None:
            _write_data(book.add_worksheet("data"), table, bold)
        for i, arm in enumerate(ARMS):
            sheet.write_row(i + 2, 0, [arm, *counts.sums[arm], counts.places[arm]])
            for k, when in enumerate(("before", "after")):
                if table is not None:
                    last = len(table) + 1
                    text = f'=SUMIFS(data!$C$2:$C${last},data!$D$2:$D${last},"{arm}",data!$E$2:$E${last},"{when}")'
                    sheet.write_formula(i + 2, k + 1, text, None, counts.sums[arm][k])
        sheet.write_row(6, 0, ["Number of periods", *counts.periods])
        sheet.write_row(7, 0, ["Variance of a count over its mean", dispersion])
        for row, ((label, formula), value) in enumerate(zip(FORMULAS, values, strict=True), start=FIRST_FORMULA - 1):
            sheet.write(row, 0, label)
            sheet.write_formula(row, 1, formula, None, value)


def formula_values(counts: Counts, dispersion: float = 1.0) -> list[Any]:
    """Return what the formulas should show, from the same measures in Python; "no answer" where undefined."""
    t, c, b = (counts.sums[arm] for arm in ARMS[:3])
    total, local = _wdd(counts, ARMS, dispersion), _wdd(counts, ARMS[:2], dispersion)
    ratio, pop = rirr(t, c, dispersion=dispersion), pop_measures(t, b, c)
    around: list[Any] = [None, None, None]
    if counts.places["buffer"]:
        wdq = None if pop.z_success is None else pop.wdq if pop.wdq_readable else NOT_READ
        around = [pop.buffer, wdq, pop.total_net_effect]
    cells = [
        *([None] * 5 if total is None else [total.total, total.se, total.z, total.low, total.high]),
        *([None] * 2 if local is None else [local.total, local.se]),
        *([None] * 5 if ratio is None else [ratio.log, ratio.se, ratio.ratio, ratio.low, ratio.high]),
        pop.success, around[0], pop.z_success, *around[1:],
    ]  # fmt: skip
    return [NO_ANSWER if value is None else value for value in cells]


def _wdd(counts: Counts, arms: tuple[str, ...], dispersion: float) -> WddMeasures | None:
    """Return the WDD of these arms, each area and its control; None where there are no places of one of them."""
    n = counts.places
    if not all(n[arm] for arm in arms[1:]):
        return None
    weights = [n[control] / max(n[area], 1) for area, control in zip(ARMS[::2], ARMS[1::2], strict=True)]
    before, after = counts.periods
    return wdd(
        *(counts.sums[arm] for arm in arms),
        area_weights=(1.0, weights[0], 1.0, weights[1] or 1.0),
        time_weights=(before / after, 1.0),
        dispersion=dispersion,
    )


def counts_of(table: pd.DataFrame) -> Counts:
    """Return the sums of a panel's table, its numbers of places by arm and of periods before and after."""
    times = [table[table["when"] == when] for when in ("before", "after")]
    sums = {arm: tuple(float(t.loc[t["arm"] == arm, "count"].sum()) for t in times) for arm in ARMS}
    places = {arm: int(table.loc[table["arm"] == arm, "place"].nunique()) for arm in ARMS}
    return Counts(sums, places, tuple(int(t["period"].nunique()) for t in times))  # type: ignore[arg-type]


def _write_data(sheet: Any, table: pd.DataFrame, bold: Any) -> None:
    columns = ["place", "period", "count", "arm", "when"]
    sheet.write_row(0, 0, columns, bold)
    for row, values in enumerate(table[columns].itertuples(index=False), start=1):
        sheet.write_row(row, 0, list(values))
