"""Parameters that are lists: by the documented id, as a whole or by component; a wrong key hints the right ones."""

import pytest

from odssim.engine.build import PARAMETERS
from odssim.errors import OdssimError
from odssim.interventions import CATALOGUE
from odssim.scenario import load

VECTORS = [parameter for parameter in PARAMETERS if parameter.by]
HEAD = 'name = "x"\ncity = "teaching-town"\nstart_date = 2018-01-01\ndays = 3\n'


def read(folder, text="", *overrides):
    file = folder / "own.toml"
    file.write_text(HEAD + text)
    return load(file, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=overrides).parameters


@pytest.mark.parametrize("parameter", VECTORS, ids=lambda parameter: parameter.id)
def test_every_documented_id_can_be_set_as_a_list(tmp_path, parameter):
    wanted = [parameter.low] * (len(parameter.by) - 1) + [parameter.high]
    written = ", ".join(map(repr, wanted))
    for found in (
        read(tmp_path, f'[parameters]\n"{parameter.id}" = [{written}]\n'),
        read(tmp_path, f"[parameters]\n{parameter.id} = [{written}]\n"),
        read(tmp_path, "", f"{parameter.id}=[{written}]"),
        read(tmp_path, "", f"parameters.{parameter.id}=[{written}]"),
    ):
        assert [found[key] for key in parameter.ids] == wanted


def test_what_is_written_last_counts(tmp_path):
    one, other = "need.rate_month=[1, 2, 3]", "need.rate_month.occasional=9"
    rates = ("occasional", "regular", "dependent")
    assert [read(tmp_path, "", one, other)[f"need.rate_month.{who}"] for who in rates] == [9, 2, 3]
    assert [read(tmp_path, "", other, one)[f"need.rate_month.{who}"] for who in rates] == [1, 2, 3]
    again = ("need.rate_month=[4, 5, 6]", other, one)
    assert [read(tmp_path, "", *again)[f"need.rate_month.{who}"] for who in rates] == [1, 2, 3]


def test_a_scalar_needs_no_prefix(tmp_path):
    assert read(tmp_path, "", "choice.loyalty=0.4")["choice.loyalty"] == 0.4


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("need.rate_month=1.5", "must be a list of 3 numbers, for occasional, regular, dependent; or set one of them:"
         " need.rate_month.occasional, ..."),
        ("need.rate_month=[1, 2]", "must be a list of 3 numbers"),
        ("need.rate_month.ocasional=1", "did you mean 'need.rate_month.occasional'"),
        ("choice.loyality=0.4", "did you mean 'choice.loyalty'"),
        ("chioce.loyalty=0.4", "did you mean 'choice.loyalty'"),
        ("choice.loyalty=[0.4]", "must be a number"),
    ],
)  # fmt: skip
def test_a_wrong_key_hints_the_right_ones(tmp_path, key, hint):
    with pytest.raises(OdssimError) as found:
        read(tmp_path, "", key)
    assert hint in str(found.value)
    assert "\n" not in str(found.value)
