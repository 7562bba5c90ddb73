"""The ledgers of two worlds of one seed, joined need by need.

A need is known by (buyer, day, number); when and by whom it is felt does not depend on what police do, so
the same need exists in both worlds. What became of it in each is the ledger.
"""

from dataclasses import dataclass

import numpy as np

from odssim.core.types import Array
from odssim.errors import EngineError
from odssim.world.codes import Fate

ABSENT = Fate.UNFINISHED + 1
"""Fate of a need that the other world has and this one has not."""
NOWHERE, TARGET, NEAR, FAR = -1, 0, 1, 2
"""Zones: no place (hidden or no deal), the places worked at, the buffer around them, all else."""
OTHER_TIME_MIN = 120
"""Deals of one need further apart than this are at another time, minutes."""
DAY_BITS = 20
"""Bits of a key for day * 16 + number of the need."""


@dataclass(frozen=True)
class NeedPairs:
    """The needs that at least one world has; every field is an array with one entry per need.

    `base` and `other` are fates (`world.codes.FATES`, or ABSENT), the zones are NOWHERE unless the deal
    was in the open; `same_place`, `other_time`, `other_product` and `same_seller` compare the two deals
    and mean something only where both worlds have one.
    """

    base: Array
    other: Array
    base_zone: Array
    other_zone: Array
    same_place: Array
    other_time: Array
    other_product: Array
    same_seller: Array


def need_keys(ledger: Array) -> Array:
    """Return one whole number per need, int64: buyer, day and number packed.

    Raises EngineError: if a value does not fit, or a need stands in the ledger twice.
    """
    number = ledger["day"].astype(np.int64) * 16 + ledger["i"]
    buyer = ledger["buyer"].astype(np.int64)
    if len(ledger) and (number.max() >= 1 << DAY_BITS or buyer.max() >= 1 << (63 - DAY_BITS)):
        raise EngineError("the ledger holds a day or a buyer too large to be joined")
    keys: Array = (buyer << DAY_BITS) + number
    return keys


def zone_of(distance_m: Array, targets: frozenset[int], buffer_m: float) -> Array:
    """Return each place's zone, int8[P]: TARGET, NEAR (at most `buffer_m` from a target) or FAR."""
    zone = np.where(distance_m <= buffer_m, NEAR, FAR).astype(np.int8)
    zone[sorted(targets)] = TARGET
    return zone


def within_days(ledger: Array, first_day: int, end_day: int) -> Array:
    """Return the rows of needs due from `first_day` (of the simulated time) until before `end_day`."""
    return ledger[(ledger["day"] >= first_day) & (ledger["day"] < end_day)]


def pair_needs(base: Array, other: Array, zone: Array) -> NeedPairs:
    """Join two ledgers (dtype `world.state.LEDGER`) need by need.

    `base`, `other`: the ledgers of the two worlds, already confined to the same days.
    `zone`: int8[P] as from `zone_of`.
    """
    base_keys, other_keys = need_keys(base), need_keys(other)
    keys = np.union1d(base_keys, other_keys)
    a, b = _rows_of(base, base_keys, keys), _rows_of(other, other_keys, keys)
    deal_a, deal_b = is_deal(a["fate"]), is_deal(b["fate"])
    both = deal_a & deal_b
    apart = np.abs(a["closed"].astype(np.int64) - b["closed"])
    return NeedPairs(
        base=a["fate"],
        other=b["fate"],
        base_zone=_zones(a, zone),
        other_zone=_zones(b, zone),
        same_place=both & (a["place"] == b["place"]),
        other_time=both & (apart > OTHER_TIME_MIN),
        other_product=both & (a["substance"] != b["substance"]),
        same_seller=both & (a["seller"] == b["seller"]),
    )


def _rows_of(ledger: Array, keys: Array, wanted: Array) -> Array:
    """Return the ledger's rows in the order of `wanted`; fate ABSENT where it has none."""
    order = np.argsort(keys, kind="stable")
    position = np.searchsorted(wanted, keys[order])
    if len(position) > 1 and (np.diff(position) == 0).any():
        raise EngineError("the ledger holds a need twice")
    rows: Array = np.zeros(len(wanted), dtype=ledger.dtype)
    rows["fate"], rows["place"], rows["seller"] = ABSENT, -1, -1
    rows[position] = ledger[order]
    return rows


def is_deal(fate: Array) -> Array:
    """Return where a fate is a purchase."""
    deal: Array = (fate == Fate.OPEN) | (fate == Fate.HIDDEN)
    return deal


def is_unmet(fate: Array) -> Array:
    """Return where a need ended without a purchase or a substitute for one."""
    unmet: Array = (fate == Fate.FAILED) | (fate == Fate.FORGONE)
    return unmet


def _zones(rows: Array, zone: Array) -> Array:
    is_open = (rows["fate"] == Fate.OPEN) & (rows["place"] >= 0)
    return np.where(is_open, zone[np.where(is_open, rows["place"], 0)], NOWHERE).astype(np.int8)
