"""Attributes of places and of the city that interventions move; each day they are set from nothing."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from odssim.scenario.records import InterventionSpec
from odssim.world.attributes import ATTRIBUTES
from odssim.world.columns import SUBSTANCES
from odssim.world.state import State


def clear(st: State) -> None:
    """Take away what interventions had set."""
    tables: dict[str, Any] = {"place": st.places, "substance": st.tables, "city": st.levers}
    for attribute in ATTRIBUTES:
        tables[attribute.of][attribute.id] = attribute.neutral


def add_interception(st: State, spec: InterventionSpec, _places: Any, strength: float, _days_on: int) -> None:
    """Let customs intercept a larger share of consignments."""
    options: Any = spec.options
    wanted = [options["substance"] in ("all", name) for name in SUBSTANCES]
    st.tables["extra_border"][0] += np.array(wanted) * options["extra_share"] * strength


def add_cameras(st: State, spec: InterventionSpec, places: Any, strength: float, _days_on: int) -> None:
    """Let cameras watch their places; `strength` scales the share of the place in view."""
    par, options = st.par[0], dict[str, Any](spec.options)
    view = options["coverage"] * options["uptime"] * strength
    watched = view if options["monitored"] else view * par["guardianship_camera_passive"]
    known = 1.0 if options["signs"] else par["guardianship_camera_unsigned"]
    st.places["camera"][places] = np.minimum(1.0, st.places["camera"][places] + watched)
    st.places["camera_fear"][places] += watched * known * par["guardianship_camera_fear_sek"]


def add_options(st: State, spec: InterventionSpec, places: Any, strength: float, days_on: int) -> None:
    """Add the options of an intervention to the attributes of the same names, of its places or of the city.

    A place closed on a share of days is closed on days spread evenly.
    """
    options: Mapping[str, Any] = spec.options
    for attribute in ATTRIBUTES:
        if attribute.combines == "own" or attribute.id not in options:
            continue
        column, rows = (st.places[attribute.id], places) if attribute.of == "place" else (st.levers[attribute.id], 0)
        share = options[attribute.id] * strength
        if attribute.combines == "sum":
            column[rows] = np.minimum(attribute.cap, column[rows] + share)
        elif math.floor((days_on + 1) * share) > math.floor(days_on * share):
            column[rows] = 1


SETTERS: Mapping[str, Callable[[State, InterventionSpec, Any, float, int], None]] = {
    "interception": add_interception, "cameras": add_cameras, "place": add_options, "person": add_options,
}  # fmt: skip
"""How each kind of lever that sets attributes does so: state, intervention, places, strength, days since its start."""
