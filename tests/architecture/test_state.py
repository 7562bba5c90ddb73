"""Every column is declared, told and written as the documents say: they are made from the code (`state_page.py`)."""

import numpy as np
import pytest

from architecture import state_page
from architecture.source import PACKAGE, RECORDS, TABLES, writers
from odssim.world import state
from odssim.world.columns import COLUMNS


def test_the_page_of_the_state_is_that_of_the_code():
    assert state_page.PAGE.read_text(encoding="utf-8") == state_page.page()


@pytest.mark.parametrize("path", state_page.RULES)
def test_a_rule_reads_and_writes_the_columns_that_its_docstring_names(path):
    text = (PACKAGE / path).read_text(encoding="utf-8")
    assert text == state_page.with_columns(path, text)


def test_every_column_has_a_meaning_a_unit_and_somebody_who_writes_it():
    assert [column for column in COLUMNS if not column.meaning] == []
    counted = ("number of", "place in the order", "number of the")
    assert [c for c in COLUMNS if not c.unit and not c.meaning.startswith(counted)] == []
    assert [name for name, modules in writers().items() if not modules] == []
    assert len({(column.table, column.name) for column in COLUMNS}) == len(COLUMNS)


def test_every_table_is_a_field_of_the_state_and_of_the_declared_storage():
    assert set(TABLES) == set(RECORDS.values()) <= set(state.State.FIELDS)
    for name, table in RECORDS.items():
        record = getattr(state, name, None) or getattr(state.columns, name)
        assert record.names == tuple(TABLES[table])
        assert record.isalignedstruct


def test_a_column_that_a_row_points_with_says_what_no_row_is():
    """A row of another table may be missing; where it never is, the declaration lists it here."""
    always = {
        "buyers.home", "buyers.routine", "sellers.wholesaler", "sellers.home", "visits.place", "visits.unit",
        "programmes.unit", "programmes.first_target", "wholesalers.importer", "districts.first", "district_places.place",
    }  # fmt: skip
    assert {f"{c.table}.{c.name}" for c in COLUMNS if c.unit.startswith("row of") and not c.special} == always


def test_what_is_looked_at_each_midnight_fits_one_cache_line():
    for table, last in (("BUYER", "until"), ("SELLER", "worked")):
        fields = np.dtype(getattr(state.columns, table)).fields
        assert fields is not None
        assert fields[last][1] < 64, "storage order matters for speed"
