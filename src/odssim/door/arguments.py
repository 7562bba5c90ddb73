"""The one check of what the door's functions are called with: names, kinds and ranges, before anything is run."""

import inspect
import re
from collections.abc import Callable, Mapping
from functools import wraps
from numbers import Integral, Real
from os import PathLike
from typing import Any, Literal, get_args, get_origin

from odssim.engine.keywords import as_arguments, labels_of
from odssim.errors import ScenarioError, Sentence
from odssim.scenario.faults import nearest
from odssim.scenario.records import Scenario

FILE = (str, PathLike)
KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "int": ((Integral,), "must be a whole number"),
    "float": ((Real,), "must be a number"),
    "bool": ((bool,), "must be True or False"),
    "str": ((str,), "must be a text"),
    "str | Path": (FILE, "must be the name of a file or folder"),
    "Source": ((*FILE, Scenario), "must be a scenario's file or name, or a Scenario"),
    "Source | Interventions": (
        (*FILE, Scenario, list, tuple), "must be a scenario's file or name, a Scenario, or a list of interventions"
    ),
    "Interventions": ((list, tuple), "must be a list of dictionaries, one for each intervention"),
    "Mapping[str, Any]": ((Mapping,), "must be a dictionary {name: value}"),
    "Mapping[str, str]": ((Mapping,), "must be a dictionary {name: value}"),
    "Sequence[str]": ((list, tuple), "must be a list of texts"),
}  # fmt: skip
"""By annotation: the kinds that are allowed, and the rule in words; what stands in none is not checked here."""
RANGES: dict[str, tuple[float, float]] = {
    "seeds": (1, 100_000), "workers": (1, 1024), "worlds": (1, 100_000), "replicates": (1, 1000),
    "n_blocks": (2, 100_000), "n_waves": (1, 10), "minutes": (0.1, 1e6), "smallest": (0, 1), "half_width": (0.001, 0.5),
}  # fmt: skip
"""By argument: least and most, as on the command line; a scenario checks its own."""


def door[**P, T](*inner: Callable[..., Any]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return what makes a function check its arguments first and name them in every fault.

    `inner`: the functions whose keywords its ``**how`` takes.
    """

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        own = inspect.signature(function)
        theirs = [one for each in inner for one in inspect.signature(each).parameters.values()]
        every = [*(one for one in theirs if one.kind is one.KEYWORD_ONLY), *own.parameters.values()]
        known = {one.name: one for one in every if one.kind is not one.VAR_KEYWORD and one.name != "self"}

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> T:
            call = f"{function.__name__}()"
            for name in kwargs:
                if name not in known:
                    remedy = nearest(name, list(known))
                    raise ScenarioError("{call} has no such argument", key=name, remedy=remedy, call=call)
            try:
                given = own.bind(*args, **kwargs).arguments
            except TypeError as error:
                raise ScenarioError("cannot be called like this: {reason}", key=call, reason=error) from None
            for name, value in {**given, **kwargs}.items():
                if name in known:
                    for part in value if known[name].kind is inspect.Parameter.VAR_POSITIONAL else [value]:
                        _check(name, known[name].annotation, part)
            with as_arguments(labels_of(given.get("interventions"))):
                return function(*args, **kwargs)

        return checked

    return wrap


def _check(name: str, annotation: Any, value: Any) -> None:
    """Refuse a value that is not of the kind that an argument is annotated with, or out of its range."""
    annotation = getattr(annotation, "__value__", annotation)  # of a type alias
    written = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    written = re.sub(r"\w+\.", "", written)
    if value is None and written.endswith(" | None"):
        return
    types, rule = KINDS.get(written.removesuffix(" | None"), ((), ""))
    is_kind = not types or (isinstance(value, types) and (bool in types or not isinstance(value, bool)))
    if get_origin(annotation) is Literal:
        words = get_args(annotation)
        is_kind, rule = value in words, Sentence("must be one of {words}", words=", ".join(words))
    elif list in types and isinstance(value, list | tuple):
        is_kind = all(isinstance(one, str if "str" in written else Mapping) for one in value)
    if not is_kind:
        raise ScenarioError(rule, key=name, value=value)
    if name in RANGES and not RANGES[name][0] <= value <= RANGES[name][1]:
        least, most = RANGES[name]
        raise ScenarioError("must be from {least} to {most}", key=name, value=value, least=least, most=most)
