"""Displacement as a counted fact: what became of every need in another world of the same seed."""

from dataclasses import dataclass

import numpy as np

from odssim.analysis.displacement.ledger import ABSENT, FAR, NEAR, TARGET, NeedPairs, is_deal, is_unmet
from odssim.core.types import Array
from odssim.errors import EngineError
from odssim.world import codes


@dataclass(frozen=True)
class LedgerFlows:
    """What became of the needs of one base world in another world. All fields are numbers of needs."""

    target_base: int
    target_other: int
    near_base: int
    near_other: int
    far_base: int
    far_other: int
    hidden_base: int
    hidden_other: int
    """Deals per zone and world."""
    prevented: int
    tactical: int
    near: int
    far: int
    temporal: int
    product: int
    stayed: int
    """Fates of the base world's open deals at the targets, by fixed priority in this order: no deal
    (failed or went without); hidden deal; open deal in the buffer; elsewhere; at a target more than
    120 minutes apart; of another substance; at a target as before."""
    merged: int
    censored: int
    lost: int
    own_stock: int
    absent: int
    """Further fates of those deals: not yet met when the next need fell due (counted as temporal
    displacement); open when the run ended; the buyer in custody, dead or gone; met from the stock of
    a buyer who sells; no such need in the other world. None of the last four is called prevented."""
    inflow: int
    """Open deals at the targets in the other world whose need was not met there in the base."""
    crowded_out: int
    crowded_out_near: int
    """Open base deals outside the targets that moved to another place outside; those of the buffer."""
    induced: int
    """Deals in the other world whose need ended without a deal in the base world."""
    prevented_outside: int
    ended_otherwise: int
    """Base deals not made at the targets whose need then had no deal; base deals anywhere (the targets too)
    whose need then was merged, censored, lost, met from own stock or absent."""
    same_seller: int
    """Of the displaced deals (tactical, near, far, temporal, product), those with the same seller."""
    needs_base: int
    needs_other: int
    matched: int
    """Needs in either ledger, and in both."""

    @property
    def removed(self) -> int:
        """Base deals at the targets that did not stay as they were."""
        return self.target_base - self.stayed

    @property
    def is_untouched(self) -> bool:
        """Whether no need had another fate or a deal at another place, as far as these counts tell."""
        ended = self.prevented_outside + self.ended_otherwise
        return self.removed + self.inflow + self.crowded_out + self.induced + ended == 0

    @property
    def displaced(self) -> int:
        """Removed deals that took place in another way, or were put off until the next need."""
        return self.tactical + self.near + self.far + self.temporal + self.merged + self.product

    def share_of_removed(self, number: int) -> float | None:
        """Return `number` / removed; None if nothing was removed."""
        return number / self.removed if self.removed else None

    @property
    def delta(self) -> float | None:
        """Displaced share of what was removed."""
        return self.share_of_removed(self.displaced)

    @property
    def open_overall_effect(self) -> int:
        """OE_open: open deals in the other world less those in the base, whole city."""
        base = self.target_base + self.near_base + self.far_base
        return self.target_other + self.near_other + self.far_other - base

    @property
    def overall_effect(self) -> int:
        """OE_all: all deals, hidden ones too."""
        return self.open_overall_effect + self.hidden_other - self.hidden_base


def count_flows(pairs: NeedPairs) -> LedgerFlows:
    """Classify every need and return the counts.

    Raises EngineError: if the counts do not add up: an accounting identity is broken.
    """
    deal0, deal1 = is_deal(pairs.base), is_deal(pairs.other)
    in_target = pairs.base_zone == TARGET
    outside0, outside1 = pairs.base_zone > TARGET, pairs.other_zone > TARGET
    none1 = is_unmet(pairs.other)
    moved = outside0 & outside1 & ~pairs.same_place
    fates, same_seller = _target_fates(pairs, in_target)
    flows = LedgerFlows(
        **_zone_counts(pairs),
        **fates,
        inflow=_count((pairs.other_zone == TARGET) & ~in_target),
        crowded_out=_count(moved),
        crowded_out_near=_count(moved & (pairs.base_zone == NEAR)),
        induced=_count(deal1 & ~deal0),
        prevented_outside=_count(deal0 & ~in_target & none1),
        ended_otherwise=_count(deal0 & ~deal1 & ~none1),
        same_seller=same_seller,
        needs_base=_count(pairs.base != ABSENT),
        needs_other=_count(pairs.other != ABSENT),
        matched=_count((pairs.base != ABSENT) & (pairs.other != ABSENT)),
    )
    check_identities(flows)
    return flows


def _target_fates(pairs: NeedPairs, in_target: Array) -> tuple[dict[str, int], int]:
    """Return the fates of the base's open deals at the targets, and the displaced with the same seller."""
    rest, same_seller = in_target.copy(), 0
    counts: dict[str, int] = {}
    tests = (
        ("prevented", is_unmet(pairs.other)),
        ("tactical", pairs.other == codes.Fate.HIDDEN),
        ("near", pairs.other_zone == NEAR),
        ("far", pairs.other_zone == FAR),
        ("merged", pairs.other == codes.Fate.MERGED),
        ("censored", pairs.other == codes.Fate.UNFINISHED),
        ("lost", pairs.other == codes.Fate.LOST),
        ("own_stock", pairs.other == codes.Fate.OWN_STOCK),
        ("absent", pairs.other == ABSENT),
        ("temporal", pairs.other_time),
        ("product", pairs.other_product),
        ("stayed", pairs.other_zone == TARGET),
    )
    for name, test in tests:
        mine = rest & test
        counts[name] = _count(mine)
        if name in ("tactical", "near", "far", "temporal", "product"):
            same_seller += _count(mine & pairs.same_seller)
        rest &= ~test
    return counts, same_seller


def _zone_counts(pairs: NeedPairs) -> dict[str, int]:
    counts = {}
    worlds = (("base", pairs.base, pairs.base_zone), ("other", pairs.other, pairs.other_zone))
    for world, fate, zone in worlds:
        for name, code in (("target", TARGET), ("near", NEAR), ("far", FAR)):
            counts[f"{name}_{world}"] = _count(zone == code)
        counts[f"hidden_{world}"] = _count(fate == codes.Fate.HIDDEN)
    return counts


def _count(mask: Array) -> int:
    return int(np.count_nonzero(mask))


def check_identities(flows: LedgerFlows) -> None:
    """Raise EngineError, naming the identity, if the flows do not explain the deals of both worlds."""
    f = flows
    ended = f.merged + f.censored + f.lost + f.own_stock + f.absent
    kept = f.stayed + f.product + f.temporal
    identities = (
        ("deals at the targets, base", f.target_base, kept + f.near + f.far + f.tactical + f.prevented + ended),
        ("deals at the targets, other", f.target_other, kept + f.inflow),
        ("all deals, other less base", f.overall_effect, f.induced - f.prevented - f.prevented_outside - f.ended_otherwise),
    )
    for name, counted, explained in identities:
        if counted != explained:
            rule = "the ledger does not add up: {name}: {counted} counted, {explained} explained"
            raise EngineError(rule, name=name, counted=counted, explained=explained)
