"""What the model declares, as tables: parameters, outcomes, interventions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from odssim.door.arguments import door
from odssim.errors import ScenarioError
from odssim.scenario.faults import close_match

if TYPE_CHECKING:
    import pandas as pd


Row = dict[str, object]


@door()
def parameters(word: str = "") -> pd.DataFrame:
    """Return every parameter that holds a word: id (index), value, low, high, unit, status, source, meaning."""
    return _frame(parameter_rows(), word)


def parameter_rows(word: str = "") -> list[Row]:
    """Return `parameters` as rows."""
    from odssim.engine.build import PARAMETERS

    rows: list[Row] = [
        {"id": key, "value": value, "low": one.low, "high": one.high, "unit": one.unit, "status": one.status,
         "source": one.source, "meaning": one.meaning}
        for one in PARAMETERS for key, value in zip(one.ids, one.defaults, strict=True)
    ]  # fmt: skip
    return _with(word, rows)


@door()
def outcomes(word: str = "") -> pd.DataFrame:
    """Return every outcome that holds a word: id (index), unit, over_days (sum or mean), meaning."""
    return _frame(outcome_rows(), word)


def outcome_rows(word: str = "") -> list[Row]:
    """Return `outcomes` as rows."""
    from odssim.observe.instruments import PERIOD_OUTCOMES
    from odssim.observe.outcomes import OUTCOMES

    known = {**OUTCOMES, **PERIOD_OUTCOMES}
    return _with(word, [
        {"id": key, "unit": one.unit, "over_days": one.over_days, "meaning": one.meaning} for key, one in known.items()
    ])  # fmt: skip


@door()
def catalogue(word: str = "") -> pd.DataFrame:
    """Return every intervention that holds a word: id (index), names, lever, payer, evidence, harms, handbook."""
    from odssim.interventions import CATALOGUE

    names = ("label_en", "label_sv", "lever", "payer", "grade", "evidence", "harms", "not_modelled", "handbook")
    return _frame([{"id": key, **{name: getattr(one, name) for name in names}} for key, one in CATALOGUE.items()], word)


def _with(word: str, rows: list[Row]) -> list[Row]:
    return [row for row in rows if word.casefold() in " ".join(map(str, row.values())).casefold()]


def _frame(rows: list[Row], word: str) -> pd.DataFrame:
    import pandas as pd

    held = _with(word, rows)
    if not held:
        ids = [str(row["id"]) for row in rows]
        words = dict.fromkeys([*ids, *(part for one in ids for part in re.split(r"[._]", one))])
        raise ScenarioError(
            "nothing holds it", key="word", value=word, remedy=close_match(word, words) or "without a word all are listed"
        )
    return pd.DataFrame(held, columns=list(rows[0])).set_index("id")
