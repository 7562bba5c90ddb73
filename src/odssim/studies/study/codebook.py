"""What every column of an exported table means."""

from collections.abc import Sequence

from odssim.interventions.catalogue import CATALOGUE
from odssim.observe.outcomes import OUTCOMES
from odssim.studies.study.records import OPTION, PARAMETER
from odssim.studies.study.values import RANGES

LONGEST_NAME = 32
"""Stata's limit."""
PLAIN = {
    "key": ("", "Hash of all that decides the run: scenario, city, seed, model."),
    "study": ("", "Name of the study."),
    "world": ("", "World: which values the uncertain parameters have."),
    "mix": ("", "Mix: which interventions there are."),
    "replicate": ("", "Replicate; all worlds and mixes share its seed."),
    "seed": ("", "Seed of the run."),
    "status": ("", "done, failed with an error, or killed with its worker."),
    "error": ("", "What a run that failed died of."),
    "day": ("date", "Day."),
    "first_day": ("date", "First day of the period."),
    "n_days": ("days", "Length of the period."),
    "place": ("", "Place; every figure is modelled."),
}
Row = dict[str, str]


def codebook(table: str, columns: Sequence[str]) -> list[Row]:
    """Return one row per column: table, column, its name in Stata, unit, meaning."""
    short = stata_names(columns)
    rows = []
    for column in columns:
        unit, meaning = about(column, is_mean=table == "runs")
        rows.append({"table": table, "column": column, "stata": short[column], "unit": unit, "meaning": meaning})
    return rows


def about(column: str, *, is_mean: bool) -> tuple[str, str]:
    """Return unit and meaning of a column; an outcome of the table of runs is a mean over the window's days."""
    if column in PLAIN:
        return PLAIN[column]
    if column.startswith(PARAMETER):
        key = column.removeprefix(PARAMETER)
        declared = RANGES.get(key)
        return (declared.unit, declared.meaning) if declared else ("", f"{key} of the scenario.")
    if column.startswith(OPTION):
        key = column.removeprefix(OPTION)
        option = next((o for entry in CATALOGUE.values() for o in entry.options if o.id == key.rpartition(".")[2]), None)
        return (option.unit, f"{key}: {option.meaning}") if option else ("", f"{key} of the mix.")
    outcome = OUTCOMES[column]
    if not is_mean:
        return outcome.unit, outcome.meaning
    return outcome.unit_a_day, f"{outcome.meaning} Mean over the window."


def stata_names(columns: Sequence[str]) -> dict[str, str]:
    """Return a name of at most 32 letters, digits and underscores for every column, no two alike."""
    names: dict[str, str] = {}
    for column in columns:
        name = "".join(sign if sign.isalnum() and sign.isascii() else "_" for sign in column)
        if len(name) > LONGEST_NAME or name in names.values():
            end = f"_{len(names) + 1}"
            name = name[: LONGEST_NAME - len(end)] + end
        names[column] = name
    return names
