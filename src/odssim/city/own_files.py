"""The tables of one's own city, read with all their faults; columns that look like personal identity numbers are refused.

This model needs no person's data. A column is refused by its name, or where values are dates of birth with four digits
whose last is the check digit (Luhn): ``YYMMDD-NNNN`` with or without century and hyphen, coordination numbers
(day + 60) too. The message never repeats a value.
"""

import re
from collections.abc import Collection, Iterable
from os import PathLike

from odssim.core.reading import nearest_word
from odssim.core.tables import Table, read_table
from odssim.errors import CityError, FaultList, Sentence


def read_city_table(
    path: str | PathLike[str], columns: Collection[str], optional: Collection[str] = (), *, may_be_empty: bool = False
) -> Table:
    """Return the table of a file that has at least `columns`; others that are no mistyped `optional` one may be there.

    Raises ScenarioError, FaultsError: with every fault of header and rows, or where a column looks like personal
    identity numbers.
    """
    table = read_table(path, columns, may_be_empty=may_be_empty)
    missing = [name for name in optional if name not in table.columns]
    for column in (name for name in table.columns if name not in columns):
        if near := nearest_word(column.casefold(), missing):
            raise CityError("no such column", file=table.file, line=1, key=column, remedy=near)
    for column in table.columns:
        refuse_personal(table.file, 1, column, table.texts(column))
    return table


def refuse_personal(file: str, line: int | None, name: str, values: Iterable[str]) -> None:
    """Raise where a column looks like personal identity numbers; no value is repeated."""
    if personal_column(name, values):
        rule, remedy = (
            "column {name!r} looks like personal identity numbers",
            "delete the column: odssim needs no data on persons",
        )
        raise CityError(rule, file=file, line=line, remedy=remedy, name=name)


def check_unique(table: Table, key: str) -> None:
    """Raise where values of `key` are empty or stand in two rows.

    Raises ScenarioError, FaultsError: with every such row.
    """
    seen: dict[str, int] = {}
    faults = FaultList()
    for row in table.rows:
        value = row.text(key)
        if not value:
            faults.append(row.fail("must not be empty", key))
        elif value in seen:
            rule = Sentence("must be unique; it also stands in line {row}", row=seen[value])
            faults.append(row.fail(rule, key, "rename one of them"))
        seen.setdefault(value, row.line)
    faults.refuse()


NAMES = re.compile(r"person(al)?[ _-]*(nummer|number|nr|id)|samordningsn|^pnr$|^ssn$|birth|födelse", re.IGNORECASE)
NUMBER = re.compile(r"(?:19|20)?(\d{2})(0[1-9]|1[0-2])(\d{2})[-+ ]?(\d{4})")
DAYS = (range(1, 32), range(61, 92))


def is_personal_number(text: str) -> bool:
    """Tell whether a text is a Swedish personal identity or coordination number."""
    found = NUMBER.fullmatch(text.strip())
    if found is None or not any(int(found[3]) in days for days in DAYS):
        return False
    digits = [int(d) for d in "".join(found.groups())]
    doubled = [d * (2 - k % 2) for k, d in enumerate(digits)]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def personal_column(name: str, values: Iterable[str]) -> bool:
    """Tell whether a column, by its name or by any of its values, holds personal identity numbers."""
    return bool(NAMES.search(name)) or any(is_personal_number(value) for value in values)
