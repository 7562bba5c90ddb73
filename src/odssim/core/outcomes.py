"""Every outcome, declared once, in the table beside this file: unit, meaning, what counts it, how it is reported."""

from collections.abc import Mapping
from typing import Any

from odssim.core.declare import Outcome, rows_beside


def _outcome(row: dict[str, Any]) -> Outcome:
    more = {"counted": tuple(row["counted"].split()), "factor": float(row["factor"]), "reported": int(row["reported"] or 0)}
    return Outcome(**row | more)


_DECLARED = tuple(map(_outcome, rows_beside(__file__)))
OUTCOMES: Mapping[str, Outcome] = {outcome.id: outcome for outcome in _DECLARED if outcome.of != "both"}
"""What a run measures every day, by id."""
RANK_OUTCOMES = tuple(outcome.id for outcome in _DECLARED if outcome.of in ("place", "level"))
"""By which places may be ranked: all that places have."""
REPORTED: Mapping[str, Outcome] = {o.id: o for o in sorted(_DECLARED, key=lambda o: o.reported) if o.reported}
"""Reported in the sentences of a comparison, in this order."""
NOUNS: Mapping[str, str] = {outcome.id: outcome.noun for outcome in _DECLARED if outcome.noun}
"""What an outcome is called inside a sentence, where its id does not say it."""
MORE_IS_BETTER = frozenset(outcome.id for outcome in _DECLARED if outcome.better == "more")
"""Of which more is wished for; of all others less."""
