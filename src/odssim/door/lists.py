"""What the model declares, as tables: parameters, outcomes, interventions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def parameters(word: str = "") -> pd.DataFrame:
    """Return every parameter whose id or meaning holds a word: id (index), value, low, high, unit, status, source."""
    from odssim.engine.build import PARAMETERS

    rows = [
        {"id": key, "value": value, "low": one.low, "high": one.high, "unit": one.unit, "status": one.status,
         "source": one.source, "meaning": one.meaning}
        for one in PARAMETERS for key, value in zip(one.ids, one.defaults, strict=True)
    ]  # fmt: skip
    return _listed(rows, word)


def outcomes(word: str = "") -> pd.DataFrame:
    """Return every outcome whose id or meaning holds a word: id (index), unit, over_days (sum or mean), meaning."""
    from odssim.observe.instruments import PERIOD_OUTCOMES
    from odssim.observe.outcomes import OUTCOMES

    known = {**OUTCOMES, **PERIOD_OUTCOMES}
    rows = [{"id": key, "unit": one.unit, "over_days": one.over_days, "meaning": one.meaning} for key, one in known.items()]
    return _listed(rows, word)


def catalogue(word: str = "") -> pd.DataFrame:
    """Return every intervention that holds a word: id (index), names, lever, payer, evidence, harms, handbook section."""
    from odssim.interventions import CATALOGUE

    names = ("label_en", "label_sv", "lever", "payer", "evidence", "harms", "not_modelled", "handbook")
    return _listed([{"id": key, **{name: getattr(one, name) for name in names}} for key, one in CATALOGUE.items()], word)


def _listed(rows: list[dict[str, object]], word: str) -> pd.DataFrame:
    import pandas as pd

    kept = [row for row in rows if word.casefold() in " ".join(map(str, row.values())).casefold()]
    return pd.DataFrame(kept, columns=list(rows[0])).set_index("id")
