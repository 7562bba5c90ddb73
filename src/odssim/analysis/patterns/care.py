"""V13: who stays in care for a year, and who of those met by outreach workers asks for it."""

from typing import Any

import numpy as np

from odssim.analysis.patterns.demand import DEPENDENT
from odssim.analysis.patterns.records import Value
from odssim.analysis.patterns.worlds import Trunk
from odssim.observe.result import RunResult
from odssim.world.codes import Log

Array = np.ndarray[Any, Any]
DAYS = 182
YEAR = 365


def outreach_arm(trunk: Trunk, days: int = DAYS) -> RunResult:
    """Return the world with outreach workers at the scenes on weekdays."""
    return trunk.branch(days, trunk.plan("joint_outreach", trunk.cells, days), events=True)


def care(trunk: Trunk, result: RunResult) -> dict[str, Value]:
    """V13: contacts with dependent users after which they ask for care in the same minute; stays of at least a year.

    The source's 227 were asked to accept detoxification, which a scene's other buyers would not be; the share
    of all contacts is told beside it. A stay is drawn at entry, so that its length is known at once; deaths in
    care (0.6 % a year) are left out.
    """
    assert result.events is not None
    events = result.events
    contacts, asked = (moments(events, code) for code in (Log.CONTACT, Log.ASKED))
    dependent = trunk.buyer_types(events[events[:, 1] == Log.CONTACT][:, 2]) == DEPENDENT
    accepts = np.isin(contacts, asked)
    stays = events[events[:, 1] == Log.CARE_ENTRY][:, 5]
    return {
        "V13 accept": (float(accepts[dependent].sum()), float(dependent.sum())),
        "note V13 of all contacts, share that asks": (float(accepts.sum()), float(len(contacts))),
        "V13 retention": (float((stays > YEAR).sum()), float(len(stays))),
    }


def moments(events: Array, code: int) -> Array:
    """Return (minute, who) of each line of a kind as one number."""
    rows = events[events[:, 1] == code]
    return np.asarray(rows[:, 0] << np.int64(40) | rows[:, 2] & np.int64((1 << 40) - 1))
