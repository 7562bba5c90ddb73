"""The content hash: what decides a run changes it, what does not leaves it alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odssim.scenario.load import _content_hash
from scenario.declared import HEAD, PATROL

OTHER = PATROL.replace('"patrol"', '"another"')


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("seed = 1\n", "seed = 2\n"),
        ("", "# a comment\n\n"),
        ("", "population_multiplier = 8\n"),
        ("", "[parameters]\nbelief.halflife_days = 21\n"),
        ('[parameters]\n"belief.halflife_days" = 22\n', "[parameters.belief]\nhalflife_days = 22.0\n"),
        (PATROL, PATROL + "minutes = [12, 17]\nhours = [10.0, 24]\ndose = 1\nirregular = true\n"),
        (PATROL + "weeks = 2\n", PATROL + "end = 2018-01-15\n"),
        (PATROL + OTHER, OTHER + PATROL),
        ('substances = ["heroin", "cocaine"]\n', 'substances = ["cocaine", "heroin"]\n'),
    ],
)
def test_same(read, one, other):
    assert read(one).content_hash == read(other).content_hash


def test_the_name_is_only_a_name(read):
    assert read(head=HEAD.replace('"Test"', '"Other"')).content_hash == read().content_hash


@pytest.mark.parametrize(
    "text",
    ["population_multiplier = 1.5\n", 'substances = ["heroin"]\n', "[parameters]\nbelief.halflife_days = 21.5\n", PATROL],
)
def test_different(read, text):
    assert read(text).content_hash != read().content_hash


@pytest.mark.parametrize(
    "key", ["dose = 0.9", "ramp_days = 1", 'resources = "added"', "visits_per_day = 5", "minutes = [12, 18]"]
)
def test_each_key_of_an_intervention_counts(read, key):
    assert read(f"{PATROL}{key}\n").content_hash != read(PATROL).content_hash


@given(st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False, allow_infinity=False), max_size=6))
def test_the_order_of_parameters_never_matters(parameters):
    backwards = dict(reversed(parameters.items()))
    one, other = ({"city": "x", "interventions": (), "parameters": p} for p in (parameters, backwards))
    assert _content_hash(one) == _content_hash(other)
