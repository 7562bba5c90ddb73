"""What must hold of any state between two minutes."""

from __future__ import annotations

import numpy as np

from odssim.world import columns
from odssim.world.columns import NOBODY
from odssim.world.state import State

HERE = {
    "buyers": ("first_buyer", (columns.BuyerAct.WAITING, columns.BuyerAct.DWELLING)),
    "sellers": ("first_seller", (columns.SellerAct.VISIBLE, columns.SellerAct.HIDING, columns.SellerAct.PAUSED)),
}
UNIT_INTERVAL = {
    "buyers": ("avail", "risk", "contact_avail"),
    "sellers": ("risk",),
    "places": ("camera",),
    "importers": ("capacity",),
}
NOT_NEGATIVE = {
    "buyers": ("wallet", "carry_mg", "income", "wait", "price", "attempt", "basket_mg"),
    "sellers": ("stock", "price", "profit", "sold", "turned_away", "shift_income"),
    "places": ("nuisance", "attention", "camera_fear", "n_buyers", "n_police", "n_others", "n_visible"),
    "importers": ("stock",),
    "wholesalers": ("stock", "price"),
}


def members(st: State, table: str, first: str, place: int) -> list[int]:
    """Return the rows on the list of a place; a broken or endless list fails."""
    rows, row, before = [], int(st.places[first][place]), NOBODY
    agents = getattr(st, table)
    while row != NOBODY:
        assert agents["previous"][row] == before
        assert len(rows) <= len(agents)
        rows.append(row)
        row, before = int(agents["next"][row]), row
    return rows


def assert_everybody_is_in_one_place(st: State) -> None:
    """Assert that lists, acts and counters of places agree."""
    for table, (first, acts) in HERE.items():
        agents = getattr(st, table)
        here = np.flatnonzero(np.isin(agents["act"], acts))
        listed = [(p, row) for p in range(len(st.places)) for row in members(st, table, first, p)]
        assert sorted(listed) == sorted((int(agents["place"][row]), int(row)) for row in here)
    at = st.buyers[np.isin(st.buyers["act"], HERE["buyers"][1])]["place"]
    np.testing.assert_array_equal(st.places["n_buyers"], np.bincount(at, minlength=len(st.places)))
    at = st.sellers[st.sellers["act"] == columns.SellerAct.VISIBLE]["place"]
    np.testing.assert_array_equal(st.places["n_visible"], np.bincount(at, minlength=len(st.places)))
    on_site = st.visits[st.visits["state"] == columns.VisitState.ON_SITE]
    for police, name in ((True, "n_police"), (False, "n_others")):
        at = on_site["place"][(on_site["kind"] == 0) == police]
        np.testing.assert_array_equal(st.places[name], np.bincount(at, minlength=len(st.places)))


def assert_persons_are_whole(st: State) -> None:
    """Assert that a user-seller is one person, and that who is not free does nothing."""
    for s in np.flatnonzero(st.sellers["buyer"] != NOBODY):
        b = int(st.sellers["buyer"][s])
        assert st.buyers["seller"][b] == s or st.sellers["status"][s] == columns.Status.VACANT
    for b in np.flatnonzero(st.buyers["seller"] != NOBODY):
        assert st.sellers["buyer"][st.buyers["seller"][b]] == b
        assert st.buyers["act"][b] == columns.BuyerAct.IDLE
    assert (st.buyers["act"][st.buyers["status"] != columns.Status.FREE] == columns.BuyerAct.IDLE).all()
    assert (st.sellers["act"][st.sellers["status"] != columns.Status.FREE] == columns.SellerAct.OFF).all()
    for table in (st.buyers, st.sellers, st.units):
        assert len(np.unique(table["uid"])) == len(table)


def assert_numbers_are_in_range(st: State) -> None:
    """Assert that probabilities lie in [0, 1], that nothing is negative, and that nothing is not a number."""
    for table, names in UNIT_INTERVAL.items():
        for name in names:
            values = getattr(st, table)[name]
            assert ((values >= 0.0) & (values <= 1.0)).all(), (table, name)
    for table, names in NOT_NEGATIVE.items():
        for name in names:
            assert (getattr(st, table)[name] >= 0).all(), (table, name)
    for table in (st.buyers, st.sellers, st.places, st.wholesalers, st.importers):
        for name in table.dtype.names:
            assert np.isfinite(table[name]).all(), name
    known = np.sort(st.buyers["known"], axis=1)
    assert not ((known[:, 1:] == known[:, :-1]) & (known[:, 1:] >= 0)).any()
    assert (st.sellers["price"] >= 100).all()


def assert_no_event_is_lost(st: State) -> None:
    """Assert that every slot of the event pool is free or in the calendar, once."""
    heads = st.heads[st.heads >= 0]
    seen = np.zeros(len(st.events), dtype=int)
    for first in [*heads.tolist(), int(st.clock["free_event"][0])]:
        e = first
        while e >= 0:
            seen[e] += 1
            e = int(st.events["next"][e])
    assert (seen == 1).all()


def assert_sound(st: State) -> None:
    """Assert all of the above."""
    assert_everybody_is_in_one_place(st)
    assert_persons_are_whole(st)
    assert_numbers_are_in_range(st)
    assert_no_event_is_lost(st)
