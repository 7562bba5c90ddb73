"""V5 and V13: what buyers do when wholesale prices rise for good, by type of buyer; who asks for care and stays in it."""

import numpy as np

from odssim.core.types import Array
from odssim.engine.build import PARAMETERS
from odssim.observe.result import RunResult
from odssim.validation.patterns.findings import Value
from odssim.validation.patterns.trunk import Trunk
from odssim.world.codes import Fate, Log
from odssim.world.columns import SUBSTANCES

OCCASIONAL, DEPENDENT = 0, 2
"""Indices in `BUYER_TYPES`."""
RISE = 1.2
DAYS = 182
FROM_DAY = 91
"""After three to six months (V5)."""
YEAR = 365


def dearer_arm(trunk: Trunk, days: int = DAYS) -> RunResult:
    """Return the world in which every substance costs a fifth more upstream from `start_date` on."""
    now = {id_: v for p in PARAMETERS for id_, v in zip(p.ids, p.defaults, strict=True)} | dict(trunk.scenario.parameters)
    ids = [f"supply.wholesale_sek_g.{name}" for name in SUBSTANCES]
    return trunk.branch(days, sets=[(id_, RISE * now[id_]) for id_ in ids], ledger=True)


def bought(trunk: Trunk, result: RunResult, first: int, end: int) -> tuple[Array, Array]:
    """Return grams at usual prices and öre paid, per type of buyer, float64[3] each.

    `first`, `end`: days from `start_date`.
    """
    assert result.ledger is not None
    rows = result.ledger[np.isin(result.ledger["fate"], (Fate.OPEN, Fate.HIDDEN))]
    burn_in = trunk.scenario.burn_in_days
    rows = rows[(rows["day"] >= burn_in + first) & (rows["day"] < burn_in + end)]
    kind = trunk.buyer_types(rows["buyer"])
    rows, kind = rows[kind >= 0], kind[kind >= 0]
    usual = np.array([trunk.scenario.parameters[f"pricing.reference_sek_g.{name}"] for name in SUBSTANCES])
    worth = rows["mg"] / 1000 * usual[rows["substance"]]
    return np.bincount(kind, worth, 3), np.bincount(kind, rows["pay_ore"], 3)


def arc(before: float, after: float) -> float:
    """Return the arc change: the difference over the mean of both."""
    return (after - before) / ((after + before) / 2)


def elasticity(trunk: Trunk, base: RunResult, other: RunResult) -> dict[str, Value]:
    """V5: arc elasticity of the quantity bought, all channels, on the price paid.

    Buyers are of the type that they had at `start_date`; newcomers are left out.
    """
    end = len(other.days_kept)
    first = min(FROM_DAY, end // 2)
    worlds = [bought(trunk, r, first, end) for r in (base, other)]
    prices = [float(paid.sum() / worth.sum()) for worth, paid in worlds]
    rise = arc(*prices)

    def of(kinds: slice) -> float:
        return arc(*(float(worth[kinds].sum()) for worth, _ in worlds)) / rise

    return {
        "V5": of(slice(None)),
        "V5 types": of(slice(DEPENDENT, DEPENDENT + 1)) - of(slice(OCCASIONAL, OCCASIONAL + 1)),
        "note V5 price, ratio": (prices[1], prices[0]),
    }


def outreach_arm(trunk: Trunk, days: int = DAYS) -> RunResult:
    """Return the world with outreach workers at the scenes on weekdays."""
    return trunk.branch(days, trunk.plan("joint_outreach", trunk.cells, days), events=True)


def care(trunk: Trunk, result: RunResult) -> dict[str, Value]:
    """V13: contacts with dependent users after which they ask for care in the same minute; stays of at least a year.

    The source's 227 were asked to accept detoxification, which a scene's other buyers would not be; the share
    of all contacts is reported beside it. A stay is drawn at entry, so that its length is known at once; deaths in
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
