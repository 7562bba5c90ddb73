"""Bases, edits, removals and values from the command line."""

from datetime import date

import pytest

from odssim.errors import ScenarioError
from scenario.declared import HEAD, PATROL

CHILD = 'extends = "base.toml"\n'
CAMERAS = '\n[[interventions]]\nid = "cameras"\ntype = "cameras"\nplaces = { every = true }\n'


@pytest.fixture
def base(read):
    return read(PATROL + "weeks = 4\n[parameters]\n'belief.halflife_days' = 30\n", file="base.toml")


def test_a_child_says_only_what_differs(read, base):
    child = read('name = "Child"\ndays = 50\n', head=CHILD)
    assert (child.name, child.days, child.city) == ("Child", 50, base.city)
    assert child.parameters == base.parameters
    assert child.interventions == base.interventions
    assert [file.rsplit("/", 1)[-1] for file in child.files] == ["base.toml", "scenario.toml"]


def test_the_same_id_edits_keys_and_keeps_the_others(read, base):
    (spec,) = read('[[interventions]]\nid = "patrol"\ndose = 0.5\nend = 2018-03-01\n', head=CHILD).interventions
    assert (spec.dose, spec.end) == (0.5, date(2018, 3, 1)), "end takes the place of the base's weeks"
    assert spec.places == base.interventions[0].places


def test_places_are_replaced_as_a_whole(read, base):
    (spec,) = read('[[interventions]]\nid = "patrol"\nplaces = { type = "metro" }\n', head=CHILD).interventions
    assert (spec.places.kind, spec.places.type) == ("type", "metro")


def test_remove_takes_one_out_and_a_new_id_adds_one(read, base):
    child = read('[[interventions]]\nid = "patrol"\nremove = true\n' + CAMERAS, head=CHILD)
    assert [spec.id for spec in child.interventions] == ["cameras"]


def test_three_generations(read, base):
    read("[parameters]\nneed.rate_month.regular = 6\n", head=CHILD, file="child.toml")
    grandchild = read("[parameters]\nneed.rate_month.regular = 7\n", head='extends = "child.toml"\n')
    assert grandchild.parameters["need.rate_month.regular"] == 7.0
    assert grandchild.parameters["belief.halflife_days"] == 30.0


@pytest.mark.parametrize(
    ("text", "read_back"),
    [
        ("days=7", lambda s: s.days == 7),
        ("city=stockholm-city", lambda s: s.city == "stockholm-city"),
        ('name="Two words"', lambda s: s.name == "Two words"),
        ("start_date=2017-12-01", lambda s: s.start_date == date(2017, 12, 1)),
        ('substances=["heroin"]', lambda s: s.substances == ("heroin",)),
        ("parameters.need.rate_month.occasional=1.5", lambda s: s.parameters["need.rate_month.occasional"] == 1.5),
        ("interventions.patrol.minutes=[5,6]", lambda s: s.interventions[0].options["minutes"] == (5, 6)),
        ("interventions.patrol.end=2018-03-02", lambda s: s.interventions[0].end == date(2018, 3, 2)),
        ('interventions.patrol.places={type="metro"}', lambda s: s.interventions[0].places.type == "metro"),
    ],
)
def test_set(read, text, read_back):
    assert read_back(read(PATROL + "weeks = 4\n", text))


def test_set_reaches_inside_places_and_the_last_one_wins(read):
    ranked = PATROL.replace("every = true", 'rank = "tips", top = 3')
    (spec,) = read(ranked, "interventions.patrol.places.top=5", "interventions.patrol.places.top=6").interventions
    assert (spec.places.rank, spec.places.top) == ("tips", 6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("days=0", "command line: days = 0: must be at least 1"),
        ("days.x=3", "command line: days = { x = 3 }: must be a whole number, without quotes or unit"),
        ("interventions.patrol.id=x", "command line: interventions.patrol.id: is its label and cannot be set"),
        (".".join("a" * 3000) + "=1", "command line: a: has tables within tables too deep to be read"),
        ("dais=3", "command line: dais = 3: no such key; did you mean 'days'?"),
        ("days", 'command line: --set = "days": must be written key=value'),
        ("=3", 'command line: --set = "=3": must be written key=value'),
        ("extends=other.toml", 'command line: --set = "extends=other.toml": must be written key=value'),
        ("interventions.patrll.dose=1", "command line: interventions.patrll: no such intervention; did you mean 'patrol'?"),
        (
            "interventions.patrol=1",
            "command line: interventions.patrol: is set by id and key; interventions.<id>.<key>=value",
        ),
    ],
)
def test_set_faults(read, text, message):
    with pytest.raises(ScenarioError) as caught:
        read(PATROL, text)
    assert str(caught.value) == message


def test_a_fault_in_a_base_names_the_base(read, tmp_path):
    (tmp_path / "base.toml").write_text(HEAD.replace("days = 100", "days = 0"), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read("", head=CHILD)
    assert str(caught.value) == f"{tmp_path / 'base.toml'}:4: days = 0: must be at least 1"
