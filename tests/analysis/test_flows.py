"""The ledger of needs: the known case K10, every fate by hand, accounting on random ledgers."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.worlds import need_rows
from odssim.analysis.comparison.contrast import SeedContrast
from odssim.analysis.comparison.ring_rows import measure_row
from odssim.analysis.displacement.flows import check_identities, count_flows
from odssim.analysis.displacement.ledger import FAR, NEAR, NOWHERE, TARGET, NeedPairs, pair_needs, within_days, zone_of
from odssim.errors import EngineError
from odssim.world.codes import FATES, Fate
from odssim.world.state import LEDGER

ZONES = {"A1": TARGET, "A2": TARGET, "B1": NEAR, "C1": FAR, "C2": FAR}
K10 = """
A1/eve/s1 > A1/eve/s1
A1/eve/s1 > B1/eve/s1
A1/day/s1 > none
A2/eve/s2 > C1/eve/s3
A2/day/s2 > A2/nig/s2
A1/eve/s1 > -/eve/s1
A2/eve/s2 > B1/eve/s2
B1/eve/s4 > B1/eve/s4
B1/eve/s4 > C2/eve/s5
C1/day/s3 > C1/day/s3
C1/day/s3 > A1/day/s1
A1/nig/s1 > none
none > C2/eve/s5
A2/eve/s2 > A1/eve/s1
"""
"""World 0 > world 1, one need a line: place/band/seller; place - is a hidden deal."""
PLACE_ZONES = np.array([TARGET, TARGET, NEAR, FAR], dtype=np.int8)


@dataclass(frozen=True)
class BandDeal:
    """A purchase of which only the time of day is known; `place` is empty for a hidden one."""

    place: str
    band: str
    seller: str
    product: str = ""


def pair_bands(base, other, zone):
    """Pair purchases known by band, need by need in order; None where there was none.

    Another band is another time. `zone` gives TARGET, NEAR or FAR for each place.
    """
    both = list(zip(base, other, strict=True))

    def fates(deals):
        return np.array([Fate.FAILED if d is None else Fate.OPEN if d.place else Fate.HIDDEN for d in deals])

    def zones(deals):
        return np.array([zone[d.place] if d is not None and d.place else NOWHERE for d in deals])

    def alike(field):
        same = [a is not None and b is not None and getattr(a, field) == getattr(b, field) for a, b in both]
        return np.array(same, dtype=bool)

    deal_in_both = np.array([a is not None and b is not None for a, b in both], dtype=bool)
    return NeedPairs(
        base=fates(base),
        other=fates(other),
        base_zone=zones(base),
        other_zone=zones(other),
        same_place=alike("place"),
        other_time=deal_in_both & ~alike("band"),
        other_product=deal_in_both & ~alike("product"),
        same_seller=alike("seller"),
    )


def parse(text):
    if text == "none":
        return None
    place, band, seller = text.split("/")
    return BandDeal("" if place == "-" else place, band, seller)


def k10_flows():
    lines = [line.split(" > ") for line in K10.split("\n") if line]
    base, other = zip(*lines, strict=True)
    return count_flows(pair_bands([parse(text) for text in base], [parse(text) for text in other], ZONES))


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("target_base", 9), ("target_other", 4), ("near_base", 2), ("near_other", 3), ("far_base", 2),
        ("far_other", 4), ("stayed", 2), ("near", 2), ("far", 1), ("temporal", 1), ("tactical", 1),
        ("prevented", 2), ("product", 0), ("inflow", 1), ("induced", 1), ("removed", 7), ("displaced", 5),
        ("crowded_out", 1), ("crowded_out_near", 1), ("prevented_outside", 0),
        ("open_overall_effect", -2), ("overall_effect", -1),
    ],
)  # fmt: skip
def test_counts_of_k10(name, count):
    assert getattr(k10_flows(), name) == count


@pytest.mark.parametrize(
    ("name", "share"), [("delta", 5 / 7), ("same_seller_share", 4 / 5), ("aggregate_near", 1 / 5), ("matched_share", 1.0)]
)
def test_shares_of_k10(name, share):
    flows = k10_flows()
    assert getattr(flows if name == "delta" else shares_of(flows), name) == pytest.approx(share, rel=1e-12)


def shares_of(flows):
    """Return the measures of a comparison of one seed with these flows."""
    return measure_row("K10", [SeedContrast(1, {}, {}, 1, None, None, flows, None)])


@pytest.mark.parametrize(("fate", "sevenths"), [("near", 2), ("far", 1), ("tactical", 1), ("temporal", 1), ("prevented", 2)])
def test_shares_of_what_k10_removes(fate, sevenths):
    flows = k10_flows()
    assert flows.share_of_removed(getattr(flows, fate)) == pytest.approx(sevenths / 7, rel=1e-12)


BEFORE = {"fate": "open", "place": 0, "seller": 7, "closed": 600, "substance": 0}


@pytest.mark.parametrize(
    ("after", "fate"),
    [
        ({}, "stayed"),
        ({"place": 1}, "stayed"),
        ({"place": 1, "seller": 9, "closed": 720}, "stayed"),
        ({"closed": 721}, "temporal"),
        ({"closed": 479}, "temporal"),
        ({"closed": 721, "substance": 1}, "temporal"),
        ({"substance": 1}, "product"),
        ({"place": 2}, "near"),
        ({"place": 2, "closed": 2000, "substance": 1}, "near"),
        ({"place": 3}, "far"),
        ({"fate": "hidden", "place": -1, "closed": 2000}, "tactical"),
        ({"fate": "failed", "place": -1, "seller": -1}, "prevented"),
        ({"fate": "forgone", "place": -1, "seller": -1}, "prevented"),
        ({"fate": "merged", "place": -1, "seller": -1}, "merged"),
        ({"fate": "unfinished", "place": -1, "seller": -1}, "censored"),
        ({"fate": "lost", "place": -1, "seller": -1}, "lost"),
        ({"fate": "own_stock", "place": -1, "seller": -1}, "own_stock"),
        ({"buyer": 99}, "absent"),
    ],
)
def test_every_fate_of_a_deal_at_a_target(after, fate):
    flows = count_flows(pair_needs(need_rows(BEFORE), need_rows({**BEFORE, **after}), PLACE_ZONES))
    names = ("stayed", "product", "temporal", "near", "far", "tactical", "prevented", "merged", "censored",
             "lost", "own_stock", "absent")  # fmt: skip
    assert {name: getattr(flows, name) for name in names} == {name: int(name == fate) for name in names}


def test_merged_counts_as_displaced_in_time_but_has_no_seller():
    merged = {**BEFORE, "fate": "merged", "place": -1, "seller": -1}
    flows = count_flows(pair_needs(need_rows(BEFORE), need_rows(merged), PLACE_ZONES))
    assert (flows.delta, flows.merged, shares_of(flows).same_seller_share) == (1.0, 1, None)


def test_needs_are_joined_by_buyer_day_and_number_not_by_row():
    one, two = {**BEFORE, "buyer": 1, "i": 1}, {**BEFORE, "buyer": 1, "i": 2, "place": 3}
    flows = count_flows(pair_needs(need_rows(one, two), need_rows(two, one), PLACE_ZONES))
    assert (flows.stayed, flows.removed, flows.crowded_out) == (1, 0, 0)


def test_crowding_out_of_the_buffer_is_told_from_that_elsewhere():
    zones = np.array([TARGET, NEAR, FAR, FAR], dtype=np.int8)
    base = [{**BEFORE, "buyer": k, "place": place} for k, place in enumerate((1, 2, 2))]
    other = [{**need, "place": place} for need, place in zip(base, (2, 3, 2), strict=True)]
    flows = count_flows(pair_needs(need_rows(*base), need_rows(*other), zones))
    assert (flows.crowded_out, flows.crowded_out_near) == (2, 1)


def test_large_uids_of_newcomers_are_told_apart():
    first, later = {**BEFORE, "buyer": 5}, {**BEFORE, "buyer": 5 + 3 * 2**32, "place": 3}
    flows = count_flows(pair_needs(need_rows(first, later), need_rows(first, later), PLACE_ZONES))
    assert (flows.matched, flows.target_base, flows.far_base) == (2, 1, 1)


@pytest.mark.parametrize("row", [{"buyer": 2**43}, {"day": 2**16}])
def test_what_does_not_fit_a_key_is_refused(row):
    with pytest.raises(EngineError, match="too large to be joined"):
        pair_needs(need_rows({**BEFORE, **row}), need_rows(BEFORE), PLACE_ZONES)


def test_a_need_that_stands_twice_is_refused():
    with pytest.raises(EngineError, match="holds a need twice"):
        pair_needs(need_rows(BEFORE, BEFORE), need_rows(BEFORE), PLACE_ZONES)


@pytest.mark.parametrize("field", ["target_base", "inflow", "induced"])
def test_counts_that_do_not_add_up_are_refused(field):
    flows = k10_flows()
    with pytest.raises(EngineError, match="does not add up"):
        check_identities(replace(flows, **{field: getattr(flows, field) + 1}))


NEED = st.fixed_dictionaries(
    {
        "fate": st.sampled_from(FATES),
        "place": st.integers(0, 3),
        "seller": st.integers(0, 3),
        "closed": st.integers(0, 1000),
        "substance": st.integers(0, 1),
    }
)
WORLD = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), NEED, max_size=40)


def ledger_of(world):
    rows = []
    for (buyer, day, i), need in world.items():
        where = {} if need["fate"] == "open" else {"place": -1}
        rows.append({**need, **where, "buyer": buyer, "day": day, "i": i})
    return need_rows(*rows)


@given(WORLD, WORLD)
def test_accounting_holds_on_any_two_ledgers(base, other):
    flows = count_flows(pair_needs(ledger_of(base), ledger_of(other), PLACE_ZONES))
    assert (flows.needs_base, flows.needs_other) == (len(base), len(other))
    assert flows.matched == len(base.keys() & other.keys())
    assert flows.target_base == sum(n["fate"] == "open" and n["place"] < 2 for n in base.values())
    assert flows.overall_effect == sum(n["fate"] in ("open", "hidden") for n in other.values()) - sum(
        n["fate"] in ("open", "hidden") for n in base.values()
    )


@given(WORLD)
def test_a_world_compared_with_itself_has_removed_nothing(world):
    ledger = ledger_of(world)
    flows = count_flows(pair_needs(ledger, ledger[::-1], PLACE_ZONES))
    assert (flows.removed, flows.inflow, flows.induced, flows.prevented_outside) == (0, 0, 0, 0)
    assert (flows.delta, flows.crowded_out) == (None, 0)


def test_empty_ledgers_have_no_shares():
    empty = np.zeros(0, dtype=LEDGER)
    flows = count_flows(pair_needs(empty, empty, PLACE_ZONES))
    shares = shares_of(flows)
    assert [flows.delta, *(getattr(shares, name) for name in ("matched_share", "aggregate_near", "same_seller_share"))] == [
        None
    ] * 4


def test_zones_by_distance_and_days_by_due_day():
    assert zone_of(np.array([0.0, 500.0, 500.1]), frozenset({0}), 500.0).tolist() == [TARGET, NEAR, FAR]
    days = [need_rows({**BEFORE, "day": d}) for d in (9, 10, 11, 12)]
    assert within_days(np.concatenate(days), 10, 12)["day"].tolist() == [10, 11]
