"""Parameters that are a short list of numbers: set by the documented id as a list, or one component by one."""

from collections.abc import Iterable
from typing import Any

from odssim.core.declare import Parameter
from odssim.errors import FaultList, Sentence
from odssim.scenario.document import Draft
from odssim.scenario.locate import origin_of


def expand_vectors(draft: Draft, parameters: Iterable[Parameter]) -> None:
    """Put the components of a list in the list's place; of what names one twice the last counts.

    Raises OdssimError: if a vector's value is no list with one entry for each of its components; with every fault.
    """
    given = draft.tree.get("parameters")
    vectors = {parameter.id: parameter for parameter in parameters if parameter.by}
    if not isinstance(given, dict) or not vectors.keys() & given.keys():
        return
    faults, expanded = FaultList(), dict[str, Any]()
    for key, value in given.items():
        vector = vectors.get(key)
        if vector is None:
            expanded[key] = value
        elif not isinstance(value, list) or len(value) != len(vector.by):
            rule = Sentence("must be a list of {n} numbers, for {words}", n=len(vector.by), words=", ".join(vector.by))
            faults.append(
                draft.fault(("parameters", key), rule, Sentence("or set one of them: {key}, ...", key=vector.ids[0]))
            )
        else:
            expanded |= zip(vector.ids, value, strict=True)
            origin = origin_of(draft.origins, ("parameters", key))
            draft.origins |= {("parameters", one): origin for one in vector.ids if origin is not None}
    faults.refuse()
    draft.tree["parameters"] = expanded
