"""A spreadsheet with live formulas for WDD, RIRR and WDQ: change a count and see what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odssim.analysis.quotient import pop_measures
from odssim.analysis.rirr import rirr
from odssim.analysis.wdd import wdd

if TYPE_CHECKING:
    import pandas as pd

ARMS = ("treated", "control", "buffer", "buffer_control")
EXAMPLE = {"treated": (207, 110), "control": (308, 318), "buffer": (178, 157), "buffer_control": (150, 140)}
"""Counts of Wheeler and Ratcliffe (2018), shown where there are no data yet."""
Z = "1.959963984540054"
# cells of the sheet `measures`: before in B, after in C, rows 3 to 6 in the order of ARMS
FORMULAS = (
    ("WDD, target and buffer", "=(C3-B3)-(C4-B4)+(C5-B5)-(C6-B6)"),
    ("  standard error", "=SQRT(B8*(B3+C3+B4+C4+B5+C5+B6+C6))"),
    ("  z", "=B10/B11"),
    ("  95 % from", f"=B10-{Z}*B11"),
    ("  95 % to", f"=B10+{Z}*B11"),
    ("WDD, target only", "=(C3-B3)-(C4-B4)"),
    ("  standard error", "=SQRT(B8*(B3+C3+B4+C4))"),
    ("RIRR, logarithm", "=LN((C3/B3)/(C4/B4))"),
    ("  standard error", "=SQRT(B8*(1/B3+1/C3+1/B4+1/C4))"),
    ("  ratio", "=EXP(B17)"),
    ("  95 % from", f"=EXP(B17-{Z}*B18)"),
    ("  95 % to", f"=EXP(B17+{Z}*B18)"),
    ("Success (negative: a fall)", "=C3/C4-B3/B4"),
    ("Buffer", "=C5/C4-B5/B4"),
    ("z of success (Poisson counts)", "=(C3-B3*C4/B4)/SQRT(C3+(C4/B4)^2*B3+(B3/B4)^2*C4+(B3*C4/B4^2)^2*B4)"),
    ("WDQ", f'=IF(B24<-{Z},B23/B22,"do not read: no detectable fall")'),
    ("Total net effect", "=(B3*C4/B4-C3)+(B5*C4/B4-C5)"),
)
FIRST_FORMULA = 10
"""Row of the first formula, from 1."""


def write_spreadsheet(table: pd.DataFrame | None, path: Path) -> None:
    """Write the sheet `measures`, and `data` with the rows of a panel whose sums feed it (an example without).

    Parameters
    ----------
    table
        Columns place, period, count, arm, when.
    """
    import xlsxwriter

    sums: Mapping[str, tuple[float, float]] = EXAMPLE if table is None else _sums(table)
    values = formula_values(sums)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, bold = book.add_worksheet("measures"), book.add_format({"bold": True})
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 2, 16)
        sheet.write(0, 0, "Counts; change them and the measures follow" if table is None else "Sums of sheet data")
        sheet.write_row(1, 0, ["", "before", "after"], bold)
        if table is not None:
            _write_data(book.add_worksheet("data"), table, bold)
        for i, arm in enumerate(ARMS):
            sheet.write(i + 2, 0, arm)
            for k, when in enumerate(("before", "after")):
                if table is None:
                    sheet.write_number(i + 2, k + 1, sums[arm][k])
                else:
                    last = len(table) + 1
                    text = f'=SUMIFS(data!$C$2:$C${last},data!$D$2:$D${last},"{arm}",data!$E$2:$E${last},"{when}")'
                    sheet.write_formula(i + 2, k + 1, text, None, sums[arm][k])
        sheet.write(7, 0, "Variance of a count over its mean")
        sheet.write_number(7, 1, 1)
        for row, ((label, formula), value) in enumerate(zip(FORMULAS, values, strict=True), start=FIRST_FORMULA - 1):
            sheet.write(row, 0, label)
            sheet.write_formula(row, 1, formula, None, value)


def formula_values(sums: Mapping[str, tuple[float, float]]) -> list[Any]:
    """Return what the formulas should show, from the same measures in Python; "" where undefined."""
    t, c, b, bc = (sums[arm] for arm in ARMS)
    total, local = wdd(t, c, b, bc), wdd(t, c)
    ratio, pop = rirr(t, c), pop_measures(t, b, c)
    rirr_cells = [""] * 5 if ratio is None else [ratio.log, ratio.se, ratio.ratio, ratio.low, ratio.high]
    wdq = pop.wdq if pop.wdq_readable else "do not read: no detectable fall"
    cells = [
        total.total, total.se, total.z, total.low, total.high, local.total, local.se, *rirr_cells,
        pop.success, pop.buffer, pop.z_success, wdq, pop.total_net_effect,
    ]  # fmt: skip
    return ["" if value is None else value for value in cells]


def _sums(table: pd.DataFrame) -> dict[str, tuple[float, float]]:
    def total(arm: str, when: str) -> float:
        return float(table.loc[(table["arm"] == arm) & (table["when"] == when), "count"].sum())

    return {arm: (total(arm, "before"), total(arm, "after")) for arm in ARMS}


def _write_data(sheet: Any, table: pd.DataFrame, bold: Any) -> None:
    columns = ["place", "period", "count", "arm", "when"]
    sheet.write_row(0, 0, columns, bold)
    for row, values in enumerate(table[columns].itertuples(index=False), start=1):
        sheet.write_row(row, 0, list(values))
