"""Whatever is in the file, the answer is a scenario or one line: mutated scenarios, random values."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odssim.errors import ScenarioError
from odssim.interventions import CATALOGUE
from odssim.scenario import Scenario, load
from scenario.declared import HEAD, PARAMETERS, PATROL

WHOLE = f"""{HEAD}seed = 3
[parameters]
"belief.halflife_days" = 21
{PATROL}start = 2018-02-01
weeks = 4
minutes = [12, 17]
[[interventions]]
id = "border"
type = "seizures_border"
"""
VALUES = (
    *("0", "-1", "1e400", "nan", "true", '""', '"x"', "[]", "[1]", "{}", "{ a = 1 }", "2018-02-30", "9" * 30),
    *("1979-05-27", "07:32:00", "9999-12-31", "[[]]", "'''\n'''", "{ every = 1 }", '"\\u0000\\n"'),
)
KEYS = st.sampled_from([line.split(" = ")[0] for line in WHOLE.splitlines() if " = " in line])
EVERYDAY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def outcome(path) -> Scenario | str:
    """Return the scenario, or the message of the only error that is allowed."""
    try:
        return load(path, parameters=PARAMETERS, catalogue=CATALOGUE)
    except ScenarioError as error:
        message = str(error)
    assert all(line.isprintable() for line in message.split("\n"))
    return message


@EVERYDAY
@given(position=st.integers(0, len(WHOLE)), length=st.integers(0, 12), text=st.text(max_size=6))
def test_a_mutated_file(tmp_path, position, length, text):
    path = tmp_path / "mutated.toml"
    mutated = WHOLE[:position] + text + WHOLE[position + length :]
    path.write_bytes(mutated.encode("utf-8", "surrogatepass"))
    assert outcome(path)


@EVERYDAY
@given(key=KEYS, value=st.sampled_from(VALUES))
def test_a_wrong_value_for_any_key(tmp_path, key, value):
    path = tmp_path / "wrong.toml"
    lines = [f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in WHOLE.splitlines()]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert outcome(path)


@given(st.binary(max_size=40))
@EVERYDAY
def test_bytes(tmp_path, content):
    path = tmp_path / "bytes.toml"
    path.write_bytes(content)
    assert isinstance(outcome(path), str)


@pytest.mark.parametrize("day", [date(1980, 1, 1), date(2099, 12, 31)])
def test_the_longest_run_at_the_ends_of_the_calendar(tmp_path, day):
    path = tmp_path / "long.toml"
    text = HEAD.replace("2018-01-01", f"{day}").replace("days = 100", "days = 3660").replace("= 30", "= 3650")
    path.write_text(text + PATROL + "days = 3660\n", encoding="utf-8")
    assert isinstance(outcome(path), Scenario)
