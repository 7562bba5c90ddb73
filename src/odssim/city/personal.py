"""Refuse columns that look like Swedish personal identity numbers: this model needs no person's data.

A column is refused by its name, or where values are dates of birth with four digits whose last is the check
digit (Luhn): ``YYMMDD-NNNN`` with or without century and hyphen, coordination numbers (day + 60) too. The
message never repeats a value.
"""

import re
from collections.abc import Iterable

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
