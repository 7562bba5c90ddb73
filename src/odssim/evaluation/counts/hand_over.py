"""What an evaluator takes away: the plan to pre-register, the panel, scripts and a spreadsheet.

The scripts reproduce the estimates from panel.csv and panel.dta. The R script needs base R only: it writes out the
closed forms, so that a reader can check them by eye; where fixest is installed it fits the same model once more. The
Stata script uses what comes with Stata.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import odssim
from odssim.core.csv_json import write_spreadsheet_csv
from odssim.core.files import atomic_folder
from odssim.evaluation.counts.analyse import Result
from odssim.evaluation.counts.spreadsheet import write_spreadsheet
from odssim.evaluation.design.design_file import Design
from odssim.evaluation.design.registered_page import plan_html, plan_markdown
from odssim.evaluation.estimators.panel import AREAS, TREATED, Panel
from odssim.language import say
from odssim.language.templates import rendered

if TYPE_CHECKING:
    import pandas as pd


def panel_table(panel: Panel) -> pd.DataFrame:
    """Return a panel with one replicate as a table: a row per place and period, in the columns of a data file.

    `when` is before, washout or after; `treated_after` is 1 at treated places from the start on.
    """
    import pandas as pd

    places = panel.places or tuple(f"place {j + 1}" for j in range(panel.n_places))
    periods = panel.periods or tuple(str(t + 1) for t in range(panel.n_periods))
    rows = []
    for j, place in enumerate(places):
        for t, period in enumerate(periods):
            when = "before" if panel.before[t] else "after" if panel.after[t] else "washout"
            arm = int(panel.area[0, j])
            row = {
                "place": place, "period": period, "count": int(panel.counts[0, j, t]), "arm": AREAS[arm], "when": when,
                "treated_after": int(arm == TREATED and t >= panel.start), "dose": float(panel.dose[0, j, t]),
            }  # fmt: skip
            if panel.block.size:
                row["block"] = int(panel.block[j])
            rows.append(row)
    return pd.DataFrame(rows)


def write_plan(design: Design, folder: Path) -> None:
    """Write the analysis plan (Markdown, HTML), the design as resolved and the scripts, without any data."""
    with atomic_folder(folder) as work:
        _write_texts(design, work)
        write_spreadsheet(None, work / "formulas.xlsx", _dispersion(design))


def held(design: Design, result: Result) -> list[str]:
    """Return which design the counts were held against, on what they agree and what could not be compared, said."""
    texts = [say(
        "Held against design {design}, version {n}, hash {hash}: {agreed}", design=design.id,
        n=design.keys.design.version, hash=design.content_hash, agreed=", ".join(say(text) for text in result.checked),
    )]  # fmt: skip
    return texts + [say("Not compared: {what}", what=say(text)) for text in result.unchecked]


def write_hand_over(design: Design, panel: Panel, result: Result, folder: Path) -> None:
    """Write the plan, the panel (CSV of two flavours, Stata), scripts, the spreadsheet with live formulas, the result."""
    table = panel_table(panel)
    with atomic_folder(folder) as work:
        _write_texts(design, work, held(design, result))
        table.to_csv(work / "panel.csv", index=False, lineterminator="\n")
        write_spreadsheet_csv([table], work / "panel-semicolon.csv")
        # old enough for Stata 14 and later; texts as UTF-8
        table.to_stata(work / "panel.dta", write_index=False, version=118)
        write_spreadsheet(table, work / "formulas.xlsx", _dispersion(design))
        record = {**asdict(result), "odssim": odssim.__version__}
        (work / "estimates.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _dispersion(design: Design) -> float:
    return design.keys.answer.dispersion_known or 1.0


def _write_texts(design: Design, work: Path, found: Sequence[str] = ()) -> None:
    texts = {
        "plan.md": plan_markdown(design, found),
        "plan.html": plan_html(design, found),
        "estimate.R": r_script(design),
        "estimate.do": stata_script(design),
        "design.json": json.dumps({**design.stamp, **design.keys.model_dump(mode="json")}, indent=2) + "\n",
    }
    for name, text in texts.items():
        (work / name).write_text(text, encoding="utf-8")


def r_script(design: Design) -> str:
    """Return the R script of a design."""
    answer, drawn = design.keys.answer, design.keys.data.assignment
    return rendered(
        __package__, "estimate.R", stamp=_stamp(design), alpha=f"{answer.alpha:g}", mechanism=drawn.mechanism,
        seed=drawn.seed % 2**31, draws=answer.draws, dispersion=f"{answer.dispersion_known or 1:g}",
    )  # fmt: skip


def stata_script(design: Design) -> str:
    """Return the Stata script of a design."""
    alpha, dispersion = f"{design.keys.answer.alpha:g}", f"{design.keys.answer.dispersion_known or 1:g}"
    return rendered(__package__, "estimate.do", stamp=_stamp(design), alpha=alpha, dispersion=dispersion)


def _stamp(design: Design) -> str:
    return f"Design {design.id}, version {design.keys.design.version}, content hash {design.content_hash}"
