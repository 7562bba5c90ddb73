from architecture import odd_nested, odd_table
from odssim.world.codes import Event

ELEMENTS = ("Purpose", "Entities, state variables", "Process, scheduling", "Design concepts", "Initialisation",
            "Input data", "Submodel")  # fmt: skip
CONCEPTS = ("Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing",
            "Interaction", "Stochasticity", "Collectives", "Observation")  # fmt: skip


def test_the_nested_odd_is_that_of_the_code():
    assert odd_nested.PAGE.read_text(encoding="utf-8") == odd_nested.written()


def test_every_rule_has_the_seven_elements():
    for module in odd_nested.SUBMODELS:
        text = "\n".join(odd_nested.page_of(module))
        assert [f"{i}. **{name}.**" in text for i, name in enumerate(ELEMENTS, 1)] == [True] * 7


def test_every_kind_of_event_is_handled_by_one_rule():
    kinds = [kind for module in odd_nested.SUBMODELS for kind in odd_nested.events(module.__name__.split(".")[-1])]
    assert len(kinds) == len(set(kinds)) == len(Event)


def test_the_odd_speaks_of_every_design_concept():
    text = odd_table.ODD.read_text(encoding="utf-8").split("## 4 Design concepts")[1].split("\n## ")[0]
    assert [name for name in CONCEPTS if f"*{name}*" not in text] == []
